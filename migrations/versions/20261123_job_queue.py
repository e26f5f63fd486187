"""The job queue, and what the application's role may do with tables to come."""

from alembic import context, op
from procrastinate.schema import SchemaManager

revision = "20261123_queue"
down_revision = None
branch_labels = None
depends_on = None


def app_role() -> str:
    role = context.config.get_main_option("app_role") or "banmao_app"
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    for extension in ("btree_gist", "intarray"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    role = app_role()
    op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}")
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


def downgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE item record;
        BEGIN
          FOR item IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'procrastinate%' LOOP
            EXECUTE format('DROP TABLE %I CASCADE', item.name);
          END LOOP;
          FOR item IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate%' LOOP
            EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', item.name);
          END LOOP;
          FOR item IN SELECT typname AS name FROM pg_type WHERE typname LIKE 'procrastinate%' AND typtype IN ('e', 'c') LOOP
            EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', item.name);
          END LOOP;
        END $$
        """
    )
    role = app_role()
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {role}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {role}")
