"""What becomes of each record of a file; all or nothing; files that hand problems back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_import_rows"
down_revision = "20261123_memory_similar"
branch_labels = None
depends_on = None

MINE = "organization_id = (SELECT banmao_organization())"
CHECKS = {
    "correction": "correction IN ('RUNNING', 'DONE', 'FAILED')",
    "corrected": "(correction = 'DONE') = (correction_key IS NOT NULL)",
    "whole": "NOT (whole AND dry_run)",
}


def upgrade() -> None:
    zero, no = sa.text("0"), sa.text("false")
    op.add_column("catalog_imports", sa.Column("unchanged", sa.Integer(), server_default=zero, nullable=False))
    op.add_column("catalog_imports", sa.Column("whole", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("catalog_imports", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("catalog_imports", sa.Column("preview_id", sa.UUID(), nullable=True))
    for name in ("correction", "correction_key", "correction_language"):
        op.add_column("catalog_imports", sa.Column(name, sa.Text(), nullable=True))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"catalog_imports_{name}_check"), "catalog_imports", rule)
    op.create_foreign_key(
        op.f("catalog_imports_preview_id_fkey"), "catalog_imports", "catalog_imports", ["preview_id"], ["id"]
    )
    op.create_index(op.f("catalog_imports_preview_id_idx"), "catalog_imports", ["preview_id"])
    op.create_table(
        "catalog_import_rows",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("work_id", sa.UUID(), nullable=True),
        sa.Column("changes", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("problems", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("catalog_import_rows_position_check")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalog_imports.id"], name=op.f("catalog_import_rows_import_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("catalog_import_rows_organization_id_fkey")
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("catalog_import_rows_pkey")),
    )
    op.create_index(
        op.f("catalog_import_rows_import_id_outcome_position_idx"),
        "catalog_import_rows",
        ["import_id", "outcome", "position"],
    )
    op.execute("ALTER TABLE catalog_import_rows ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY catalog_import_rows_all ON catalog_import_rows FOR ALL USING ({MINE}) WITH CHECK ({MINE})"
    )


def downgrade() -> None:
    op.drop_table("catalog_import_rows")
    op.drop_index(op.f("catalog_imports_preview_id_idx"), "catalog_imports")
    op.drop_constraint(op.f("catalog_imports_preview_id_fkey"), "catalog_imports", type_="foreignkey")
    for name in CHECKS:
        op.drop_constraint(op.f(f"catalog_imports_{name}_check"), "catalog_imports", type_="check")
    for name in ("correction_language", "correction_key", "correction", "preview_id", "checked_at", "whole", "unchanged"):
        op.drop_column("catalog_imports", name)
