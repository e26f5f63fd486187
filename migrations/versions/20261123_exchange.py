"""Files of texts and memory on their way out and in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_exchange"
down_revision = "20261123_feeds"
branch_labels = None
depends_on = None

MINE = "organization_id = (SELECT banmao_organization())"


def upgrade() -> None:
    op.create_table(
        "translation_exchanges",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="RUNNING", nullable=False),
        sa.Column("chosen", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("shown", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("problem", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("direction IN ('OUT', 'IN')", name="translation_exchanges_direction_check"),
        sa.CheckConstraint("format IN ('TMX', 'XLIFF')", name="translation_exchanges_format_check"),
        sa.CheckConstraint(
            "status IN ('RUNNING', 'PREVIEW', 'APPLYING', 'DONE', 'FAILED')", name="translation_exchanges_status_check"
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="translation_exchanges_organization_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="translation_exchanges_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="translation_exchanges_pkey"),
    )
    op.create_index("translation_exchanges_organization_id_id_idx", "translation_exchanges", ["organization_id", "id"])
    op.execute("ALTER TABLE translation_exchanges ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY translation_exchanges_all ON translation_exchanges FOR ALL USING ({MINE}) WITH CHECK ({MINE})"
    )


def downgrade() -> None:
    op.drop_table("translation_exchanges")
