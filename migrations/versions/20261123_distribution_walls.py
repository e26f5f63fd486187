"""Row-level security of distribution (the operator may read what it runs); codes and ledger that only grow; shares that add up; postings that balance."""

from alembic import op

revision = "20261123_distribution_walls"
down_revision = "20261123_distribution"
branch_labels = None
depends_on = None

OWNED = (
    "isrc_allocations",
    "releases",
    "recordings",
    "tracks",
    "payees",
    "splits",
    "deliveries",
    "delivery_attempts",
    "sales_reports",
    "ledger_accounts",
    "ledger_postings",
    "ledger_entries",
    "earnings",
    "closed_periods",
    "statements",
)
GROWING = ("isrcs", "ledger_postings", "ledger_entries")
MINE = "organization_id = (SELECT banmao_organization())"

OPERATED = (
    "releases",
    "recordings",
    "tracks",
    "payees",
    "deliveries",
    "delivery_attempts",
    "sales_reports",
    "earnings",
    "statements",
)
OPERATOR = """
CREATE FUNCTION banmao_is_operator() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT EXISTS (SELECT FROM organizations WHERE id = banmao_organization() AND kind = 'OPERATOR') $$
"""

SHARES_ADD_UP = """
CREATE FUNCTION splits_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE recording uuid;
BEGIN
  IF TG_TABLE_NAME = 'recordings' THEN recording := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN recording := OLD.recording_id;
  ELSE recording := NEW.recording_id;
  END IF;
  IF (SELECT coalesce(sum(share), 0) FROM splits WHERE recording_id = recording) <> 1000000 THEN
    RAISE EXCEPTION 'the shares of recording % are not one whole', recording
      USING ERRCODE = 'check_violation', CONSTRAINT = 'splits_add_up';
  END IF;
  RETURN NULL;
END $$
"""
POSTINGS_BALANCE = """
CREATE FUNCTION postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; currencies int;
BEGIN
  SELECT sum(entry.minor), count(DISTINCT account.currency) INTO total, currencies
    FROM ledger_entries entry JOIN ledger_accounts account ON account.id = entry.account_id
   WHERE entry.posting_id = NEW.posting_id;
  IF total <> 0 OR currencies <> 1 THEN
    RAISE EXCEPTION 'posting % does not balance', NEW.posting_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'postings_balance';
  END IF;
  RETURN NULL;
END $$
"""
KEEP_ISRC = """
CREATE FUNCTION recordings_keep_isrc() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.isrc <> OLD.isrc THEN
    RAISE EXCEPTION 'a recording keeps its ISRC for life' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""
STATED_ONCE = """
CREATE FUNCTION earnings_stated_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.statement_id IS NOT NULL OR (NEW.report_id, NEW.payee_id, NEW.minor, NEW.lines)
     IS DISTINCT FROM (OLD.report_id, OLD.payee_id, OLD.minor, OLD.lines) THEN
    RAISE EXCEPTION 'an earning is stated once and never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({MINE}) WITH CHECK ({MINE})")
    op.execute(OPERATOR)
    for table in OPERATED:
        op.execute(f"CREATE POLICY {table}_operator ON {table} FOR SELECT USING ((SELECT banmao_is_operator()))")
    for function in (SHARES_ADD_UP, POSTINGS_BALANCE, KEEP_ISRC, STATED_ONCE):
        op.execute(function)
    for table in ("splits", "recordings"):
        events = "INSERT OR UPDATE OR DELETE" if table == "splits" else "INSERT"
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_shares AFTER {events} ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION splits_add_up()"
        )
    op.execute(
        "CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION postings_balance()"
    )
    op.execute(
        "CREATE TRIGGER recordings_isrc BEFORE UPDATE ON recordings FOR EACH ROW EXECUTE FUNCTION recordings_keep_isrc()"
    )
    op.execute("CREATE TRIGGER earnings_once BEFORE UPDATE ON earnings FOR EACH ROW EXECUTE FUNCTION earnings_stated_once()")
    for table in GROWING:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in GROWING:
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
    op.execute("DROP TRIGGER earnings_once ON earnings")
    op.execute("DROP TRIGGER recordings_isrc ON recordings")
    op.execute("DROP TRIGGER ledger_entries_balance ON ledger_entries")
    for table in ("splits", "recordings"):
        op.execute(f"DROP TRIGGER {table}_shares ON {table}")
    for function in ("earnings_stated_once", "recordings_keep_isrc", "postings_balance", "splits_add_up"):
        op.execute(f"DROP FUNCTION {function}()")
    for table in OPERATED:
        op.execute(f"DROP POLICY {table}_operator ON {table}")
    op.execute("DROP FUNCTION banmao_is_operator()")
    for table in OWNED:
        op.execute(f"DROP POLICY {table}_own ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
