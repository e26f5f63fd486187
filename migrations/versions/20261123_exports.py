"""Lists on their way out, and the records that works came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_exports"
down_revision = "20261123_words"
branch_labels = None
depends_on = None

MINE = {
    "catalog_exports": "organization_id = (SELECT banmao_organization())",
    "kept_records": "owner_id = (SELECT banmao_organization())",
}


def upgrade() -> None:
    op.create_table(
        "catalog_exports",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="RUNNING", nullable=False),
        sa.Column("chosen", postgresql.JSONB(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('RUNNING', 'DONE', 'FAILED')", name=op.f("catalog_exports_status_check")
        ),
        sa.CheckConstraint(
            "format IN ('ONIX', 'XLSX', 'CSV', 'AVAILS', 'ERN')", name=op.f("catalog_exports_format_check")
        ),
        sa.CheckConstraint("(status = 'DONE') = (storage_key IS NOT NULL)", name=op.f("catalog_exports_stored_check")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("catalog_exports_organization_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("catalog_exports_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("catalog_exports_pkey")),
    )
    op.create_index(op.f("catalog_exports_organization_id_idx"), "catalog_exports", ["organization_id"])
    op.create_table(
        "kept_records",
        sa.Column("work_id", sa.UUID(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organizations.id"], name=op.f("kept_records_owner_id_fkey")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.id"], name=op.f("kept_records_work_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "format", name=op.f("kept_records_pkey")),
    )
    op.execute("ALTER TABLE kept_records ALTER COLUMN content SET STORAGE EXTERNAL")
    for table, mine in MINE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_all ON {table} FOR ALL USING ({mine}) WITH CHECK ({mine})")


def downgrade() -> None:
    for table in ("kept_records", "catalog_exports"):
        op.drop_table(table)
