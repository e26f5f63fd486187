"""Memory that finds similar words and may be lent to all; glossaries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_words"
down_revision = "20261123_held_until"
branch_labels = None
depends_on = None

ME = "(SELECT banmao_organization())"
MINE = f"organization_id = {ME}"
WRITABLE = f"({MINE} OR organization_id IS NULL AND (SELECT banmao_is_operator()))"
OF_TERM = "EXISTS (SELECT FROM glossary_terms t WHERE t.id = term_id)"
OF_WRITABLE_TERM = (
    f"EXISTS (SELECT FROM glossary_terms t WHERE t.id = term_id AND (t.organization_id = {ME}"
    " OR t.organization_id IS NULL AND (SELECT banmao_is_operator())))"
)

CONFIDENTIAL = """
CREATE FUNCTION memory_entries_confidential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.text_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.text_id IS DISTINCT FROM OLD.text_id) THEN
    SELECT audience IS NOT NULL OR purpose IN ('message', 'note') INTO NEW.confidential FROM texts WHERE id = NEW.text_id;
    NEW.confidential := coalesce(NEW.confidential, true);
  END IF;
  RETURN NEW;
END $$
"""
USED = """
CREATE FUNCTION memory_used(entries uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE memory_entries SET uses = uses + 1, used_at = now()
   WHERE id IN (SELECT id FROM memory_entries WHERE id = ANY (entries)
                   AND (shared OR organization_id IS NULL OR organization_id = banmao_organization())
                 ORDER BY id FOR UPDATE)
$$
"""
TOUCH_TERM = """
CREATE FUNCTION glossary_words_touch_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE glossary_terms SET updated_at = clock_timestamp() WHERE id IN (OLD.term_id, NEW.term_id);
  RETURN NULL;
END $$
"""

COLUMNS = (
    sa.Column("text_id", sa.UUID(), nullable=True),
    sa.Column("level", sa.Text(), server_default="TEXT", nullable=False),
    sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("confidential", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("signature", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
    sa.Column("uses", sa.Integer(), server_default=sa.text("0"), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
)
CHECKS = {
    "level": "level IN ('TEXT', 'SEGMENT')",
    "never_shared": "NOT (shared AND confidential)",
    "shared_by": "NOT (shared AND organization_id IS NULL)",
}


def protect(table: str, policies: dict[str, str]) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for action, rule in policies.items():
        using = "" if action == "INSERT" else f" USING ({rule})"
        checked = "" if action in ("SELECT", "DELETE") else f" WITH CHECK ({rule})"
        op.execute(f"CREATE POLICY {table}_{action.lower()} ON {table} FOR {action}{using}{checked}")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("memory_entries", column)
    op.create_foreign_key(
        "memory_entries_text_id_fkey", "memory_entries", "texts", ["text_id"], ["id"], ondelete="SET NULL"
    )
    # What was kept before this cannot be told public from confidential: it stays with its organization.
    op.execute("UPDATE memory_entries SET confidential = true WHERE organization_id IS NOT NULL")
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"memory_entries_{name}_check"), "memory_entries", rule)
    op.create_index(
        "memory_entries_signature_idx",
        "memory_entries",
        ["signature"],
        postgresql_using="gin",
        postgresql_ops={"signature": "gin__int_ops"},
    )
    op.create_index("memory_entries_organization_id_id_idx", "memory_entries", ["organization_id", "id"])
    op.create_index("memory_entries_text_id_idx", "memory_entries", ["text_id"])
    sign()
    for statement in (CONFIDENTIAL, USED, TOUCH_TERM):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER memory_entries_confidential BEFORE INSERT OR UPDATE ON memory_entries"
        " FOR EACH ROW EXECUTE FUNCTION memory_entries_confidential()"
    )
    for action in ("select", "insert", "update"):
        op.execute(f"DROP POLICY memory_entries_{action} ON memory_entries")
    protect(
        "memory_entries",
        {
            "SELECT": f"({MINE} OR organization_id IS NULL OR shared)",
            "INSERT": WRITABLE,
            "UPDATE": WRITABLE,
            "DELETE": WRITABLE,
        },
    )
    op.create_table(
        "memory_sharing",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], ondelete="CASCADE", name="memory_sharing_organization_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="memory_sharing_person_id_fkey"),
        sa.PrimaryKeyConstraint("organization_id", name="memory_sharing_pkey"),
    )
    protect("memory_sharing", {"ALL": MINE})
    op.create_table(
        "glossary_terms",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="TERM", nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("part_of_speech", sa.Text(), nullable=True),
        sa.Column("definition", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("case_sensitive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("key <> ''", name="glossary_terms_key_check"),
        sa.CheckConstraint("kind IN ('TERM', 'DO_NOT_TRANSLATE')", name="glossary_terms_kind_check"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], ondelete="CASCADE", name="glossary_terms_organization_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="glossary_terms_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="glossary_terms_pkey"),
        sa.UniqueConstraint("organization_id", "key", name="glossary_terms_organization_id_key_key", postgresql_nulls_not_distinct=True),
    )
    protect(
        "glossary_terms",
        {
            "SELECT": f"({MINE} OR organization_id IS NULL)",
            "INSERT": WRITABLE,
            "UPDATE": WRITABLE,
            "DELETE": WRITABLE,
        },
    )
    op.create_table(
        "glossary_words",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("term_id", sa.UUID(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="PREFERRED", nullable=False),
        sa.CheckConstraint("status IN ('PREFERRED', 'ADMITTED', 'FORBIDDEN')", name="glossary_words_status_check"),
        sa.CheckConstraint("words <> ''", name="glossary_words_words_check"),
        sa.ForeignKeyConstraint(["term_id"], ["glossary_terms.id"], ondelete="CASCADE", name="glossary_words_term_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="glossary_words_pkey"),
        sa.UniqueConstraint("term_id", "language", "words", name="glossary_words_term_id_language_words_key"),
    )
    op.create_index(
        "glossary_words_one_preferred",
        "glossary_words",
        ["term_id", "language"],
        unique=True,
        postgresql_where=sa.text("status = 'PREFERRED'"),
    )
    protect(
        "glossary_words",
        {"SELECT": OF_TERM, "INSERT": OF_WRITABLE_TERM, "UPDATE": OF_WRITABLE_TERM, "DELETE": OF_WRITABLE_TERM},
    )
    op.execute(
        "CREATE TRIGGER glossary_words_touch_term AFTER INSERT OR UPDATE OR DELETE ON glossary_words"
        " FOR EACH ROW EXECUTE FUNCTION glossary_words_touch_term()"
    )


def sign() -> None:
    """Give the entries that are there the signatures under which similar words are found."""
    from translation.memory.fuzzy import signature

    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, source, source_language FROM memory_entries")).all()
    for entry_id, source, language in rows:
        connection.execute(
            sa.text("UPDATE memory_entries SET signature = :signature WHERE id = :id"),
            {"signature": signature(source, language), "id": entry_id},
        )


def downgrade() -> None:
    op.drop_table("glossary_words")
    op.drop_table("glossary_terms")
    op.drop_table("memory_sharing")
    for action in ("select", "insert", "update", "delete"):
        op.execute(f"DROP POLICY memory_entries_{action} ON memory_entries")
    protect(
        "memory_entries",
        {"SELECT": f"(organization_id IS NULL OR {MINE})", "INSERT": MINE, "UPDATE": MINE},
    )
    op.execute("DROP TRIGGER memory_entries_confidential ON memory_entries")
    for function in ("memory_entries_confidential()", "memory_used(uuid[])", "glossary_words_touch_term()"):
        op.execute(f"DROP FUNCTION {function}")
    for index in ("text_id", "organization_id_id", "signature"):
        op.drop_index(f"memory_entries_{index}_idx", table_name="memory_entries")
    for name in CHECKS:
        op.drop_constraint(op.f(f"memory_entries_{name}_check"), "memory_entries")
    op.drop_constraint("memory_entries_text_id_fkey", "memory_entries")
    for column in COLUMNS:
        op.drop_column("memory_entries", column.name)
