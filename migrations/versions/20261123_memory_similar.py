"""Look-up of similar words by index.

Under row-level security PostgreSQL asks an index only with operators that cannot leak (`&&` of arrays is not among them), so a
query of the application's role would read the whole memory. The function reads for its owner, behind the same wall.
"""

from alembic import op

revision = "20261123_memory_similar"
down_revision = "20261123_saved_searches"
branch_labels = None
depends_on = None

SIMILAR = """
CREATE FUNCTION memory_similar(asking uuid, from_language text, to_language text, wanted int[], most int)
RETURNS TABLE (id uuid, source text, target text, own boolean, uses int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE
    'SELECT e.id, e.source, e.target, coalesce(e.organization_id = $5, false), e.uses FROM memory_entries e
      WHERE e.signature && $3 AND e.source_language = $1 AND e.target_language = $2
        AND (e.organization_id = $5 OR e.organization_id IS NULL OR e.shared)
      ORDER BY icount(e.signature & $3) DESC, coalesce(e.organization_id = $5, false) DESC, e.id LIMIT $4'
    USING from_language, to_language, wanted, most, CASE WHEN asking = banmao_organization() THEN asking END;
END $$
"""


def upgrade() -> None:
    op.execute(SIMILAR)


def downgrade() -> None:
    op.execute("DROP FUNCTION memory_similar(uuid, text, text, int[], int)")
