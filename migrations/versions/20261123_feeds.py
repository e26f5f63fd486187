"""Releases out of labels' own feeds: how the feed names them, and tracks whose audio has not come yet. The label's alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_feeds"
down_revision = "20261123_import_rows"
branch_labels = None
depends_on = None

MINE = "organization_id = (SELECT banmao_organization())"


def upgrade() -> None:
    op.add_column("releases", sa.Column("feed_reference", sa.Text(), nullable=True))
    op.add_column("releases", sa.Column("feed", postgresql.JSONB(), nullable=True))
    op.create_unique_constraint(
        op.f("releases_organization_id_feed_reference_key"), "releases", ["organization_id", "feed_reference"]
    )
    op.create_table(
        "awaited_tracks",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("isrc", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("display_artist", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("explicit", sa.Boolean(), nullable=True),
        sa.Column("contributors", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("file", postgresql.JSONB(), nullable=True),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'", name=op.f("awaited_tracks_isrc_check")),
        sa.CheckConstraint("number > 0", name=op.f("awaited_tracks_number_check")),
        sa.CheckConstraint("(entry IS NULL) OR (import_id IS NOT NULL)", name=op.f("awaited_tracks_entry_check")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("awaited_tracks_organization_id_fkey")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("awaited_tracks_release_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("awaited_tracks_pkey")),
        sa.UniqueConstraint("release_id", "isrc", name=op.f("awaited_tracks_release_id_isrc_key")),
    )
    op.execute("ALTER TABLE awaited_tracks ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY awaited_tracks_own ON awaited_tracks USING ({MINE}) WITH CHECK ({MINE})")
    op.execute(
        "CREATE POLICY awaited_tracks_operator ON awaited_tracks FOR SELECT USING ((SELECT banmao_is_operator()))"
    )


def downgrade() -> None:
    op.drop_table("awaited_tracks")
    op.drop_constraint(op.f("releases_organization_id_feed_reference_key"), "releases")
    op.drop_column("releases", "feed")
    op.drop_column("releases", "feed_reference")
