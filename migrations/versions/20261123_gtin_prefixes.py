"""Company prefixes of GS1, from which releases get their GTIN."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_gtin_prefixes"
down_revision = "20261123_works_by_text"
branch_labels = None
depends_on = None

MINE = "organization_id = (SELECT banmao_organization())"


def upgrade() -> None:
    op.create_table(
        "gtin_prefixes",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("next", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("prefix ~ '^[0-9]{6,10}$'", name=op.f("gtin_prefixes_prefix_check")),
        sa.CheckConstraint("next >= 0", name=op.f("gtin_prefixes_next_check")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("gtin_prefixes_organization_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("gtin_prefixes_pkey")),
        sa.UniqueConstraint("prefix", name=op.f("gtin_prefixes_prefix_key")),
    )
    op.execute("ALTER TABLE gtin_prefixes ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY gtin_prefixes_own ON gtin_prefixes USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    op.drop_table("gtin_prefixes")
