"""The translation desk: what state each text is in, batches, how good drafts were, and doubts about a text's language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_desk"
down_revision = "20261123_exchange"
branch_labels = None
depends_on = None

ME = "(SELECT banmao_organization())"
MINE = f"organization_id = {ME}"
OF_BATCH = f"EXISTS (SELECT FROM translation_batches b WHERE b.id = batch_id AND b.organization_id = {ME})"

MAKE = """
CREATE FUNCTION rendering_states_make(ids uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO rendering_states AS s (text_id, language, organization_id, purpose, state)
  SELECT r.text_id, r.language, t.organization_id, t.purpose,
    CASE
      WHEN bool_or(r.origin = 'REVIEWED' AND r.text_version = t.version) THEN
        CASE WHEN bool_or(r.origin = 'REVIEWED' AND r.wanted) THEN 'NEEDS_REVIEW' ELSE 'REVIEWED' END
      WHEN bool_or(r.origin = 'SUPPLIED' AND r.text_version = t.version) THEN
        CASE WHEN bool_or(r.origin = 'SUPPLIED' AND r.wanted) THEN 'NEEDS_REVIEW' ELSE 'SUPPLIED' END
      WHEN bool_or(r.origin = 'MACHINE' AND r.text_version = t.version AND r.problems = '[]') THEN
        CASE WHEN bool_or(r.origin = 'MACHINE' AND r.wanted) THEN 'NEEDS_REVIEW' ELSE 'MACHINE' END
      WHEN bool_or(r.origin <> 'MACHINE') THEN 'OUTDATED'
      WHEN bool_or(r.text_version = t.version) THEN 'CHECK_FAILED'
      ELSE 'NOT_TRANSLATED'
    END
  FROM renderings r JOIN texts t ON t.id = r.text_id
  WHERE r.text_id = ANY (ids)
  GROUP BY r.text_id, r.language, t.organization_id, t.purpose
  ON CONFLICT (text_id, language) DO UPDATE SET
    organization_id = excluded.organization_id,
    purpose = excluded.purpose,
    state = CASE WHEN excluded.state = 'NOT_TRANSLATED' AND s.suggested IS NOT NULL THEN 'SUGGESTED' ELSE excluded.state END
  WHERE (s.organization_id, s.purpose, s.state) IS DISTINCT FROM (excluded.organization_id, excluded.purpose, excluded.state)
$$
"""
AFTER_WRITE = """
CREATE FUNCTION renderings_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rendering_states_make(ARRAY(SELECT DISTINCT text_id FROM written));
  RETURN NULL;
END $$
"""
AFTER_DELETE = """
CREATE FUNCTION renderings_deleted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM rendering_states s USING written w WHERE s.text_id = w.text_id AND s.language = w.language
     AND NOT EXISTS (SELECT FROM renderings r WHERE r.text_id = s.text_id AND r.language = s.language);
  PERFORM rendering_states_make(ARRAY(SELECT DISTINCT text_id FROM written));
  RETURN NULL;
END $$
"""
AFTER_CHANGE = """
CREATE FUNCTION texts_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE rendering_states SET suggested = NULL, state = CASE WHEN state = 'SUGGESTED' THEN 'NOT_TRANSLATED' ELSE state END
   WHERE text_id = NEW.id AND suggested IS NOT NULL;
  PERFORM rendering_states_make(ARRAY[NEW.id]);
  RETURN NULL;
END $$
"""


def protect(table: str, policies: dict[str, str]) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for action, rule in policies.items():
        using = "" if action == "INSERT" else f" USING ({rule})"
        checked = "" if action in ("SELECT", "DELETE") else f" WITH CHECK ({rule})"
        op.execute(f"CREATE POLICY {table}_{action.lower()} ON {table} FOR {action}{using}{checked}")


def upgrade() -> None:
    op.add_column("texts", sa.Column("seems", sa.Text(), nullable=True))
    op.add_column("renderings", sa.Column("warnings", postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("renderings", sa.Column("wanted", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("texts_organization_id_id_idx", "texts", ["organization_id", "id"])
    op.create_table(
        "rendering_states",
        sa.Column("text_id", sa.UUID(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("suggested", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('NOT_TRANSLATED', 'SUGGESTED', 'MACHINE', 'NEEDS_REVIEW', 'SUPPLIED', 'REVIEWED', 'OUTDATED', 'CHECK_FAILED')",
            name=op.f("rendering_states_state_check"),
        ),
        sa.CheckConstraint("suggested BETWEEN 1 AND 100", name=op.f("rendering_states_suggested_check")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], ondelete="CASCADE", name="rendering_states_text_id_fkey"),
        sa.PrimaryKeyConstraint("text_id", "language", name="rendering_states_pkey"),
    )
    op.create_index(
        "rendering_states_desk",
        "rendering_states",
        ["organization_id", "language", "state", "purpose", "text_id"],
    )
    protect("rendering_states", {"SELECT": MINE, "INSERT": MINE, "UPDATE": MINE})
    op.create_table(
        "translation_batches",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("chosen", postgresql.JSONB(), nullable=False),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default="RUNNING", nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('RUNNING', 'PAUSED', 'CANCELLED', 'DONE')", name=op.f("translation_batches_status_check")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="translation_batches_organization_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="translation_batches_person_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="translation_batches_pkey"),
    )
    op.create_index("translation_batches_organization_id_id_idx", "translation_batches", ["organization_id", "id"])
    protect("translation_batches", {"ALL": MINE})
    op.create_table(
        "translation_batch_texts",
        sa.Column("batch_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["translation_batches.id"], ondelete="CASCADE", name="translation_batch_texts_batch_id_fkey"),
        sa.PrimaryKeyConstraint("batch_id", "position", name="translation_batch_texts_pkey"),
    )
    protect("translation_batch_texts", {"ALL": OF_BATCH})
    op.create_table(
        "translation_batch_parts",
        sa.Column("batch_id", sa.UUID(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
            for name in ("position", "had", "remembered", "drafted", "withheld", "suggested", "failures", "characters")
        ),
        sa.Column("seconds", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("unreached", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("engines", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("given_up", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["translation_batches.id"], ondelete="CASCADE", name="translation_batch_parts_batch_id_fkey"),
        sa.PrimaryKeyConstraint("batch_id", "language", name="translation_batch_parts_pkey"),
    )
    protect("translation_batch_parts", {"ALL": OF_BATCH})
    op.create_table(
        "draft_scores",
        sa.Column("text_id", sa.UUID(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("source_language", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("chrf", sa.Float(), nullable=False),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("chrf BETWEEN 0 AND 100", name=op.f("draft_scores_chrf_check")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], ondelete="CASCADE", name="draft_scores_text_id_fkey"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="draft_scores_organization_id_fkey"),
        sa.PrimaryKeyConstraint("text_id", "language", "text_version", name="draft_scores_pkey"),
    )
    op.create_index("draft_scores_organization_id_scored_at_idx", "draft_scores", ["organization_id", "scored_at"])
    protect(
        "draft_scores",
        {"SELECT": f"({MINE} OR (SELECT banmao_is_operator()))", "INSERT": MINE, "UPDATE": MINE},
    )
    for statement in (MAKE, AFTER_WRITE, AFTER_DELETE, AFTER_CHANGE):
        op.execute(statement)
    for action, table, function in (
        ("INSERT", "NEW", "written"),
        ("UPDATE", "NEW", "written"),
        ("DELETE", "OLD", "deleted"),
    ):
        op.execute(
            f"CREATE TRIGGER renderings_state_{action.lower()} AFTER {action} ON renderings"
            f" REFERENCING {table} TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION renderings_{function}()"
        )
    op.execute(
        "CREATE TRIGGER texts_state AFTER UPDATE ON texts FOR EACH ROW"
        " WHEN (OLD.version <> NEW.version OR OLD.purpose <> NEW.purpose OR OLD.organization_id <> NEW.organization_id)"
        " EXECUTE FUNCTION texts_changed()"
    )
    op.execute("SELECT rendering_states_make(ARRAY(SELECT id FROM texts))")


def downgrade() -> None:
    op.execute("DROP TRIGGER texts_state ON texts")
    for action in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER renderings_state_{action} ON renderings")
    for function in ("texts_changed()", "renderings_deleted()", "renderings_written()", "rendering_states_make(uuid[])"):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("draft_scores", "translation_batch_parts", "translation_batch_texts", "translation_batches", "rendering_states"):
        op.drop_table(table)
    op.drop_index("texts_organization_id_id_idx", table_name="texts")
    for column in ("wanted", "warnings"):
        op.drop_column("renderings", column)
    op.drop_column("texts", "seems")
