"""Works that are alike, and records that wait to be merged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "20261123_merging"
down_revision = "20261123_exports"
branch_labels = None
depends_on = None

ME = "organization_id = (SELECT banmao_organization())"


def upgrade() -> None:
    op.create_table(
        "work_keys",
        sa.Column("work_id", UUID(as_uuid=True), sa.ForeignKey("works.id", ondelete="CASCADE"), nullable=False),
        sa.Column("owner_id", UUID(as_uuid=True), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("work_id", "key", name=op.f("work_keys_pkey")),
    )
    op.create_index("work_keys_owner_id_key_idx", "work_keys", ["owner_id", "key"])
    op.create_table(
        "record_aliases",
        sa.Column("owner_id", UUID(as_uuid=True), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("work_id", UUID(as_uuid=True), sa.ForeignKey("works.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "reference", name=op.f("record_aliases_pkey")),
    )
    op.create_index("record_aliases_work_id_idx", "record_aliases", ["work_id"])
    op.create_table(
        "merge_proposals",
        sa.Column("id", UUID(as_uuid=True), server_default=sa.text("uuidv7()"), primary_key=True),
        sa.Column("organization_id", UUID(as_uuid=True), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("work_id", UUID(as_uuid=True), sa.ForeignKey("works.id", ondelete="CASCADE"), nullable=False),
        sa.Column("import_id", UUID(as_uuid=True), sa.ForeignKey("catalog_imports.id", ondelete="SET NULL")),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("record", JSONB, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, server_default="OPEN", nullable=False),
        sa.Column("listed_id", UUID(as_uuid=True), sa.ForeignKey("works.id", ondelete="SET NULL")),
        sa.Column("decided_by", UUID(as_uuid=True), sa.ForeignKey("people.id")),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("reason IN ('IDENTIFIER', 'ALIKE')", name=op.f("merge_proposals_reason_check")),
        sa.CheckConstraint(
            "status IN ('OPEN', 'MERGED', 'LISTED', 'LEFT_OUT')", name=op.f("merge_proposals_status_check")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("merge_proposals_score_check")),
        sa.CheckConstraint("(status = 'OPEN') = (decided_at IS NULL)", name=op.f("merge_proposals_decided_check")),
    )
    op.create_index(
        "merge_proposals_open_key",
        "merge_proposals",
        ["organization_id", "reference"],
        unique=True,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.add_column("catalog_imports", sa.Column("proposed", sa.Integer, server_default="0", nullable=False))
    op.create_index("merge_proposals_work_id_idx", "merge_proposals", ["work_id"])
    op.create_index("merge_proposals_import_id_idx", "merge_proposals", ["import_id"])
    op.execute("ALTER TABLE merge_proposals ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY merge_proposals_all ON merge_proposals FOR ALL USING ({ME}) WITH CHECK ({ME})")


def downgrade() -> None:
    op.drop_column("catalog_imports", "proposed")
    op.drop_table("merge_proposals")
    op.drop_table("record_aliases")
    op.drop_table("work_keys")
