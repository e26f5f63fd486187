"""Uploads in pieces; samples, whom they are shown to, marked copies, and a report of openings that only grows; covers in more sizes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_assets"
down_revision = "20261123_merging"
branch_labels = None
depends_on = None

ME = "(SELECT banmao_organization())"
PERSON = """
CREATE FUNCTION banmao_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('banmao.person', true), '')::uuid $$
"""
LIVING = "revoked_at IS NULL AND expires_at > now()"
MY_EMAIL = "(SELECT lower(p.email) FROM people p WHERE p.id = banmao_person())"
NAMES_ME = f"{ME} IS NOT NULL AND ((to_id IS NULL AND email IS NULL) OR to_id = {ME} OR email = {MY_EMAIL})"
SHOWN = "EXISTS (SELECT FROM sample_grants g WHERE g.sample_id = samples.id)"
VISIBLE = "EXISTS (SELECT FROM samples s WHERE s.id = sample_id)"
POLICIES = {
    "uploads": {"ALL": f"organization_id = {ME}"},
    "upload_parts": {"ALL": "EXISTS (SELECT FROM uploads u WHERE u.id = upload_id)"},
    "samples": {
        "SELECT": f"(organization_id = {ME} OR (removed_at IS NULL AND status = 'READY' AND {SHOWN}))",
        "INSERT": f"organization_id = {ME}",
        "UPDATE": f"organization_id = {ME}",
    },
    "sample_grants": {
        "SELECT": f"(organization_id = {ME} OR ({LIVING} AND {NAMES_ME}))",
        "INSERT": f"organization_id = {ME}",
        "UPDATE": f"organization_id = {ME}",
    },
    "sample_copies": {
        "SELECT": f"{ME} IN (organization_id, owner_id)",
        "INSERT": f"(organization_id = {ME} AND {VISIBLE})",
    },
    "sample_openings": {"SELECT": f"owner_id = {ME}", "INSERT": f"(organization_id = {ME} AND {VISIBLE})"},
}


def _id() -> sa.Column:
    return sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), primary_key=True)


def _when(name: str, nullable: bool = True, **options: object) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **options)


def _created() -> sa.Column:
    return _when("created_at", nullable=False, server_default=sa.text("now()"))


def upgrade() -> None:
    op.create_table(
        "uploads",
        _id(),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("media_type", sa.Text()),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parts", sa.Integer(), server_default="0", nullable=False),
        _when("expires_at", nullable=False),
        _when("taken_at"),
        _created(),
        sa.CheckConstraint("length > 0", name=op.f("uploads_length_check")),
        sa.CheckConstraint("received BETWEEN 0 AND length", name=op.f("uploads_received_check")),
        sa.CheckConstraint("parts <= 5000", name=op.f("uploads_parts_check")),
    )
    op.create_index("uploads_person_id_idx", "uploads", ["person_id"])
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.UUID(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("upload_parts_pkey")),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("upload_parts_upload_id_fkey"), ondelete="CASCADE"),
        sa.CheckConstraint("length > 0", name=op.f("upload_parts_length_check")),
    )
    op.create_table(
        "samples",
        _id(),
        sa.Column("organization_id", sa.UUID(), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("work_id", sa.UUID(), sa.ForeignKey("works.id"), nullable=False),
        sa.Column("person_id", sa.UUID(), sa.ForeignKey("people.id")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="CHECKING", nullable=False),
        sa.Column("format", sa.Text()),
        sa.Column("media_type", sa.Text()),
        sa.Column("storage_key", sa.Text()),
        sa.Column("sha256", sa.Text()),
        sa.Column("bytes", sa.BigInteger()),
        sa.Column("pages", sa.Integer()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("has_thumbnail", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("problem", postgresql.JSONB()),
        _when("removed_at"),
        _created(),
        sa.CheckConstraint("status IN ('CHECKING', 'READY', 'REFUSED')", name=op.f("samples_status_check")),
        sa.CheckConstraint(
            "format IS NULL OR format IN ('JPEG', 'PNG', 'WEBP', 'TIFF', 'AVIF', 'PDF', 'EPUB', 'CBZ', 'MP3', 'FLAC', 'WAV',"
            " 'OGG', 'M4A', 'MP4', 'WEBM')",
            name=op.f("samples_format_check"),
        ),
        sa.CheckConstraint(
            "status <> 'READY' OR num_nulls(format, media_type, storage_key, sha256, bytes) = 0",
            name=op.f("samples_ready_check"),
        ),
        sa.CheckConstraint("status <> 'REFUSED' OR problem IS NOT NULL", name=op.f("samples_refused_check")),
        sa.UniqueConstraint("id", "organization_id", name=op.f("samples_id_organization_id_key")),
    )
    op.create_index("samples_work_id_idx", "samples", ["work_id"])
    op.create_index("samples_organization_id_id_idx", "samples", ["organization_id", "id"])
    owned = (["samples.id", "samples.organization_id"],)
    op.create_table(
        "sample_grants",
        _id(),
        sa.Column("sample_id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("to_id", sa.UUID(), sa.ForeignKey("organizations.id")),
        sa.Column("email", sa.Text()),
        _when("expires_at", nullable=False),
        _when("revoked_at"),
        _created(),
        sa.ForeignKeyConstraint(["sample_id", "organization_id"], *owned, name=op.f("sample_grants_sample_id_organization_id_fkey")),
        sa.CheckConstraint("to_id IS NULL OR email IS NULL", name=op.f("sample_grants_audience_check")),
        sa.CheckConstraint("email = lower(email)", name=op.f("sample_grants_email_check")),
        sa.CheckConstraint("expires_at <= created_at + interval '367 days'", name=op.f("sample_grants_expiry_check")),
    )
    op.create_index(
        "sample_grants_one_living",
        "sample_grants",
        ["sample_id", "to_id", "email"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "sample_copies",
        _id(),
        sa.Column("sample_id", sa.UUID(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("organization_id", sa.UUID(), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("day", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        _created(),
        sa.ForeignKeyConstraint(["sample_id", "owner_id"], *owned, name=op.f("sample_copies_sample_id_owner_id_fkey")),
        sa.UniqueConstraint("sample_id", "person_id", "organization_id", "day", name=op.f("sample_copies_sample_id_person_id_organization_id_day_key")),
        sa.UniqueConstraint("code", name=op.f("sample_copies_code_key")),
    )
    op.create_table(
        "sample_openings",
        _id(),
        sa.Column("sample_id", sa.UUID(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("organization_id", sa.UUID(), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("grant_id", sa.UUID(), sa.ForeignKey("sample_grants.id"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), server_default=sa.text("(extract(epoch FROM now()) / 900)::integer"), nullable=False),
        _created(),
        sa.ForeignKeyConstraint(["sample_id", "owner_id"], *owned, name=op.f("sample_openings_sample_id_owner_id_fkey")),
        sa.CheckConstraint("how IN ('VIEW', 'DOWNLOAD')", name=op.f("sample_openings_how_check")),
    )
    once = ["sample_id", "person_id", "organization_id", "how", "slot"]
    op.create_index("sample_openings_once", "sample_openings", once, unique=True)
    op.create_index("sample_openings_owner_id_id_idx", "sample_openings", ["owner_id", "id"])
    op.execute(PERSON)
    for table, policies in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for action, rule in policies.items():
            using = "" if action == "INSERT" else f" USING ({rule})"
            checked = "" if action == "SELECT" else f" WITH CHECK ({rule})"
            op.execute(f"CREATE POLICY {table}_{action.lower()} ON {table} FOR {action}{using}{checked}")
    op.execute(
        "CREATE TRIGGER sample_openings_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON sample_openings"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.add_column("assets", sa.Column("widths", postgresql.ARRAY(sa.Integer())))
    op.execute("UPDATE assets SET widths = '{400,1200}'")
    op.alter_column("assets", "widths", nullable=False)
    op.drop_constraint(op.f("assets_kind_check"), "assets", type_="check")
    op.create_check_constraint(op.f("assets_kind_check"), "assets", "kind = 'COVER'")


def downgrade() -> None:
    op.drop_constraint(op.f("assets_kind_check"), "assets", type_="check")
    op.create_check_constraint(op.f("assets_kind_check"), "assets", "kind IN ('COVER', 'SAMPLE')")
    op.drop_column("assets", "widths")
    op.execute("DROP POLICY samples_select ON samples")
    for table in ("sample_openings", "sample_copies", "sample_grants", "samples", "upload_parts", "uploads"):
        op.drop_table(table)
    op.execute("DROP FUNCTION banmao_person()")
