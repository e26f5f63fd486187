"""Works are found by the texts that tell of them, each time a rendering changes."""

from alembic import op

revision = "20261123_works_by_text"
down_revision = "20261123_distribution_walls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("works_title_id_idx"), "works", ["title_id"])
    op.create_index(op.f("works_description_id_idx"), "works", ["description_id"])


def downgrade() -> None:
    op.drop_index(op.f("works_description_id_idx"), table_name="works")
    op.drop_index(op.f("works_title_id_idx"), table_name="works")
