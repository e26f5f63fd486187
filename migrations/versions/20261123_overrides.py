"""Why a person approved words although a check warned about them; and what terms mean, in each language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_overrides"
down_revision = "20261123_fewer_checks"
branch_labels = None
depends_on = None

MINE = "organization_id = (SELECT banmao_organization())"


def upgrade() -> None:
    op.create_table(
        "check_overrides",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("text_id", sa.UUID(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("checks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("check_overrides_reason_check")),
        sa.CheckConstraint("cardinality(checks) > 0", name=op.f("check_overrides_checks_check")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("check_overrides_organization_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["texts.id"], name=op.f("check_overrides_text_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("check_overrides_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("check_overrides_pkey")),
    )
    op.create_index(
        op.f("check_overrides_text_id_language_id_idx"), "check_overrides", ["text_id", "language", "id"]
    )
    op.execute("ALTER TABLE check_overrides ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY check_overrides_select ON check_overrides FOR SELECT USING ({MINE})")
    op.execute(f"CREATE POLICY check_overrides_insert ON check_overrides FOR INSERT WITH CHECK ({MINE})")
    op.add_column(
        "glossary_terms", sa.Column("definitions", postgresql.JSONB(), server_default="{}", nullable=False)
    )
    op.create_check_constraint(
        op.f("glossary_terms_definitions_check"), "glossary_terms", "jsonb_typeof(definitions) = 'object'"
    )


def downgrade() -> None:
    op.drop_constraint("glossary_terms_definitions_check", "glossary_terms")
    op.drop_column("glossary_terms", "definitions")
    op.drop_table("check_overrides")
