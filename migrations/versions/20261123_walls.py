"""Row-level security on confidences, and an audit log that only grows."""

from alembic import op

revision = "20261123_walls"
down_revision = "20261123_first"
branch_labels = None
depends_on = None

ORGANIZATION = """
CREATE FUNCTION banmao_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('banmao.organization', true), '')::uuid $$
"""
STUDIO_TERRITORIES = """
CREATE FUNCTION banmao_studio_territories() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce((SELECT territories FROM organizations WHERE id = banmao_organization() AND kind = 'STUDIO'), '{}') $$
"""
COPY_AUDIENCE = """
CREATE FUNCTION renderings_copy_audience() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN SELECT audience INTO NEW.audience FROM texts WHERE id = NEW.text_id; RETURN NEW; END $$
"""
REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

ME = "(SELECT banmao_organization())"
HERE = "(SELECT banmao_studio_territories())"
PARTY = f"{ME} IN (buyer_id, seller_id)"
OF_PARTY = f"EXISTS (SELECT FROM negotiations n WHERE n.id = negotiation_id AND {ME} IN (n.buyer_id, n.seller_id))"
OF_VISIBLE = "EXISTS (SELECT FROM negotiations n WHERE n.id = negotiation_id)"
SIGNED_BY = "EXISTS (SELECT FROM contracts c WHERE c.id = contract_id)"
READERS = f"(audience IS NULL OR {ME} = ANY (audience))"

POLICIES: dict[str, dict[str, str]] = {
    "texts": {"SELECT": READERS, "INSERT": f"organization_id = {ME}", "UPDATE": f"organization_id = {ME}"},
    "renderings": {"SELECT": READERS, "INSERT": READERS, "UPDATE": READERS},
    "memory_entries": {
        "SELECT": f"(organization_id IS NULL OR organization_id = {ME})",
        "INSERT": f"organization_id = {ME}",
        "UPDATE": f"organization_id = {ME}",
    },
    "catalog_imports": {"ALL": f"organization_id = {ME}"},
    "negotiations": {"SELECT": f"({PARTY} OR territories && {HERE})", "INSERT": f"buyer_id = {ME}", "UPDATE": PARTY},
    "offers": {"SELECT": OF_VISIBLE, "INSERT": f"(by_id = {ME} AND {OF_PARTY})"},
    "messages": {"SELECT": OF_PARTY, "INSERT": f"(by_id = {ME} AND {OF_PARTY})"},
    "contracts": {"SELECT": OF_VISIBLE, "INSERT": OF_PARTY, "UPDATE": OF_PARTY},
    "signatures": {"SELECT": SIGNED_BY, "INSERT": f"(organization_id = {ME} AND {SIGNED_BY})"},
    "licenses": {
        "SELECT": f"({ME} IN (licensor_id, licensee_id) OR territories && {HERE})",
        "INSERT": f"{ME} IN (licensor_id, licensee_id)",
        "UPDATE": f"{ME} IN (licensor_id, licensee_id)",
    },
    "deal_cards": {"ALL": f"studio_id = {ME}"},
    "audit_log": {"SELECT": f"organization_id = {ME}", "INSERT": f"(organization_id IS NULL OR organization_id = {ME})"},
}


def protect(table: str, policies: dict[str, str]) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for action, rule in policies.items():
        using = "" if action == "INSERT" else f" USING ({rule})"
        checked = "" if action == "SELECT" else f" WITH CHECK ({rule})"
        op.execute(f"CREATE POLICY {table}_{action.lower()} ON {table} FOR {action}{using}{checked}")


def upgrade() -> None:
    for statement in (ORGANIZATION, STUDIO_TERRITORIES, COPY_AUDIENCE, REFUSE):
        op.execute(statement)
    for table, policies in POLICIES.items():
        protect(table, policies)
    op.execute(
        "CREATE TRIGGER renderings_audience BEFORE INSERT OR UPDATE ON renderings"
        " FOR EACH ROW EXECUTE FUNCTION renderings_copy_audience()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_log_only_grows ON audit_log")
    op.execute("DROP TRIGGER renderings_audience ON renderings")
    for table, policies in POLICIES.items():
        for action in policies:
            op.execute(f"DROP POLICY {table}_{action.lower()} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for function in ("refuse_change", "renderings_copy_audience", "banmao_studio_territories", "banmao_organization"):
        op.execute(f"DROP FUNCTION {function}()")
