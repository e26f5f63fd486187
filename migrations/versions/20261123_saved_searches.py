"""Searches that people keep: each person's own, in the organization that they act for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_saved_searches"
down_revision = "20261123_holdback_sources"
branch_labels = None
depends_on = None

MINE = (
    "organization_id = (SELECT banmao_organization())"
    " AND person_id::text = (SELECT current_setting('banmao.person', true))"
)


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=True),
        sa.Column("filter", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("saved_searches_name_check")),
        sa.CheckConstraint("territory ~ '^[A-Z]{2}$'", name=op.f("saved_searches_territory_check")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("saved_searches_organization_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("saved_searches_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_searches_pkey")),
        sa.UniqueConstraint("organization_id", "person_id", "name", name=op.f("saved_searches_organization_id_person_id_name_key")),
    )
    op.execute("ALTER TABLE saved_searches ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY saved_searches_own ON saved_searches USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    op.drop_table("saved_searches")
