"""Until when rights are held for a contract's signatures; an offer stands for a year at most."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_held_until"
down_revision = "20261123_gtin_prefixes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rights_claims", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE rights_claims SET held_until = contracts.sign_by FROM contracts"
        " WHERE contracts.id = contract_id AND license_id IS NULL"
    )
    op.create_check_constraint(
        op.f("rights_claims_held_check"), "rights_claims", "(license_id IS NULL) = (held_until IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("negotiations_expiry_check"), "negotiations", "expires_at <= created_at + interval '367 days'"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("negotiations_expiry_check"), "negotiations", type_="check")
    op.drop_constraint(op.f("rights_claims_held_check"), "rights_claims", type_="check")
    op.drop_column("rights_claims", "held_until")
