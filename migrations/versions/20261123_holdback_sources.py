"""Where a holdback comes from: a person, or the format of the file that said it. A file takes back only what a file said."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_holdback_sources"
down_revision = "20261123_assets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("holdbacks", sa.Column("source", sa.Text(), server_default="entered", nullable=False))


def downgrade() -> None:
    op.drop_column("holdbacks", "source")
