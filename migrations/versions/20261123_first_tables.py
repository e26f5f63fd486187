"""Accounts, texts, the catalogue and the marketplace."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.types import UserDefinedType
from sqlalchemy.dialects import postgresql

revision = '20261123_first'
down_revision = '20261123_queue'
branch_labels = None
depends_on = None


class Xid8(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_kw):
        return "xid8"


def upgrade() -> None:
    op.create_table('audit_log',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=True),
    sa.Column('person_id', sa.UUID(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.UUID(), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('audit_log_pkey'))
    )
    op.create_index(op.f('audit_log_organization_id_id_idx'), 'audit_log', ['organization_id', 'id'], unique=False)
    op.create_index(op.f('audit_log_subject_id_id_idx'), 'audit_log', ['subject_id', 'id'], unique=False)
    op.create_table('idempotency_keys',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('request', sa.LargeBinary(), nullable=False),
    sa.Column('answer', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'key', name=op.f('idempotency_keys_pkey'))
    )
    op.create_table('organizations',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f('organizations_country_check')),
    sa.CheckConstraint("kind = 'STUDIO' OR territories = '{}'", name=op.f('organizations_studio_territories_check')),
    sa.CheckConstraint("kind IN ('PUBLISHER', 'AGENCY', 'LABEL', 'STUDIO', 'PLATFORM', 'OPERATOR')", name=op.f('organizations_kind_check')),
    sa.PrimaryKeyConstraint('id', name=op.f('organizations_pkey')),
    sa.UniqueConstraint('slug', name=op.f('organizations_slug_key'))
    )
    op.create_table('people',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('theme', sa.Text(), server_default='system', nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("email LIKE '%%_@_%%'", name=op.f('people_email_check')),
    sa.PrimaryKeyConstraint('id', name=op.f('people_pkey'))
    )
    op.create_index('people_email_key', 'people', [sa.literal_column('lower(email)')], unique=True)
    op.create_table('search_feed',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('xid', Xid8(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('search_feed_pkey'))
    )
    op.create_index(op.f('search_feed_xid_seq_idx'), 'search_feed', ['xid', 'seq'], unique=False)
    op.create_table('sign_in_attempts',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('client', postgresql.INET(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('sign_in_attempts_pkey'))
    )
    op.create_index(op.f('sign_in_attempts_client_created_at_idx'), 'sign_in_attempts', ['client', 'created_at'], unique=False)
    op.create_index(op.f('sign_in_attempts_email_created_at_idx'), 'sign_in_attempts', ['email', 'created_at'], unique=False)
    op.create_table('catalog_imports',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('dry_run', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Text(), server_default='RUNNING', nullable=False),
    sa.Column('file_name', sa.Text(), nullable=True),
    sa.Column('storage_key', sa.Text(), nullable=False),
    sa.Column('total', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('done', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('created', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('updated', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('skipped', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("format IN ('ONIX', 'XLSX', 'CSV', 'AVAILS', 'ERN')", name=op.f('catalog_imports_format_check')),
    sa.CheckConstraint("status IN ('RUNNING', 'PREVIEW', 'DONE', 'FAILED')", name=op.f('catalog_imports_status_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('catalog_imports_organization_id_fkey')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('catalog_imports_person_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('catalog_imports_pkey'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('roles', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('invited_by', sa.UUID(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['invited_by'], ['people.id'], name=op.f('invitations_invited_by_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('invitations_organization_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('invitations_pkey')),
    sa.UniqueConstraint('hash', name=op.f('invitations_hash_key'))
    )
    op.create_index('invitations_one_open', 'invitations', ['organization_id', sa.literal_column('lower(email)')], unique=True, postgresql_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'))
    op.create_table('memberships',
    sa.Column('person_id', sa.UUID(), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('roles', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("roles <@ ARRAY['ADMIN', 'CATALOG', 'RIGHTS', 'SIGNATORY', 'DISTRIBUTION', 'FINANCE', 'VIEWER']::text[] AND roles <> '{}'", name=op.f('memberships_roles_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('memberships_organization_id_fkey'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('memberships_person_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'organization_id', name=op.f('memberships_pkey'))
    )
    op.create_index(op.f('memberships_organization_id_idx'), 'memberships', ['organization_id'], unique=False)
    op.create_table('memory_entries',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=True),
    sa.Column('source_language', sa.Text(), nullable=False),
    sa.Column('target_language', sa.Text(), nullable=False),
    sa.Column('source_hash', sa.LargeBinary(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('memory_entries_organization_id_fkey'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('memory_entries_person_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('memory_entries_pkey')),
    sa.UniqueConstraint('organization_id', 'source_language', 'target_language', 'source_hash', name=op.f('memory_entries_organization_id_source_language_target_language_source_hash_key'), postgresql_nulls_not_distinct=True)
    )
    op.create_index(op.f('memory_entries_source_hash_idx'), 'memory_entries', ['source_hash'], unique=False)
    op.create_table('organization_names',
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('original', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('organization_names_name_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('organization_names_organization_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'language', name=op.f('organization_names_pkey'))
    )
    op.create_index('organization_names_one_original', 'organization_names', ['organization_id'], unique=True, postgresql_where=sa.text('original'))
    op.create_table('texts',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('audience', postgresql.ARRAY(sa.UUID()), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("purpose IN ('title', 'description', 'message', 'note', 'clause')", name=op.f('texts_purpose_check')),
    sa.CheckConstraint("words <> ''", name=op.f('texts_words_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('texts_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('texts_pkey'))
    )
    op.create_table('tokens',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind IN ('SESSION', 'API')", name=op.f('tokens_kind_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('tokens_organization_id_fkey'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('tokens_person_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('tokens_pkey')),
    sa.UniqueConstraint('hash', name=op.f('tokens_hash_key'))
    )
    op.create_index(op.f('tokens_person_id_idx'), 'tokens', ['person_id'], unique=False)
    op.create_table('renderings',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('text_id', sa.UUID(), nullable=False),
    sa.Column('audience', postgresql.ARRAY(sa.UUID()), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('text_version', sa.Integer(), nullable=False),
    sa.Column('engine', sa.Text(), nullable=True),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("origin <> 'MACHINE' OR engine IS NOT NULL", name=op.f('renderings_engine_check')),
    sa.CheckConstraint("origin IN ('SUPPLIED', 'REVIEWED', 'MACHINE')", name=op.f('renderings_origin_check')),
    sa.CheckConstraint("words <> ''", name=op.f('renderings_words_check')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('renderings_person_id_fkey')),
    sa.ForeignKeyConstraint(['text_id'], ['texts.id'], name=op.f('renderings_text_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('renderings_pkey')),
    sa.UniqueConstraint('text_id', 'language', 'origin', name=op.f('renderings_text_id_language_origin_key'))
    )
    op.create_table('works',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='DRAFT', nullable=False),
    sa.Column('owner_id', sa.UUID(), nullable=False),
    sa.Column('original_language', sa.Text(), nullable=False),
    sa.Column('title_id', sa.UUID(), nullable=False),
    sa.Column('description_id', sa.UUID(), nullable=True),
    sa.Column('publication_year', sa.Integer(), nullable=True),
    sa.Column('country_of_origin', sa.Text(), nullable=True),
    sa.Column('subjects', postgresql.ARRAY(sa.TEXT()), server_default='{}', nullable=False),
    sa.Column('record_reference', sa.Text(), nullable=True),
    sa.Column('cover_id', sa.UUID(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("country_of_origin ~ '^[A-Z]{2}$'", name=op.f('works_country_check')),
    sa.CheckConstraint("kind IN ('BOOK', 'COMIC', 'MUSIC', 'ANIMATION')", name=op.f('works_kind_check')),
    sa.CheckConstraint("status IN ('DRAFT', 'PUBLISHED', 'WITHDRAWN')", name=op.f('works_status_check')),
    sa.CheckConstraint('publication_year BETWEEN -3000 AND 2200', name=op.f('works_year_check')),
    sa.ForeignKeyConstraint(['description_id'], ['texts.id'], name=op.f('works_description_id_fkey')),
    sa.ForeignKeyConstraint(['owner_id'], ['organizations.id'], name=op.f('works_owner_id_fkey')),
    sa.ForeignKeyConstraint(['title_id'], ['texts.id'], name=op.f('works_title_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('works_pkey')),
    sa.UniqueConstraint('owner_id', 'record_reference', name=op.f('works_owner_id_record_reference_key'))
    )
    op.create_index(op.f('works_owner_id_status_idx'), 'works', ['owner_id', 'status'], unique=False)
    op.create_table('assets',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('storage_key', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind IN ('COVER', 'SAMPLE')", name=op.f('assets_kind_check')),
    sa.CheckConstraint('bytes > 0', name=op.f('assets_bytes_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('assets_organization_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('assets_work_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('assets_pkey'))
    )
    op.create_index(op.f('assets_work_id_idx'), 'assets', ['work_id'], unique=False)
    op.create_table('contributors',
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_original', sa.Text(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('contributors_name_check')),
    sa.CheckConstraint("role ~ '^[a-z]{3}$'", name=op.f('contributors_role_check')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('contributors_work_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('work_id', 'position', name=op.f('contributors_pkey'))
    )
    op.create_table('holdbacks',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('note_id', sa.UUID(), nullable=True),
    sa.Column('rights', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.TEXT()), nullable=True),
    sa.Column('period', postgresql.DATERANGE(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("rights <> '{}' AND territories <> '{}' AND languages IS DISTINCT FROM '{}' AND NOT isempty(period)", name=op.f('holdbacks_scope_check')),
    sa.ForeignKeyConstraint(['note_id'], ['texts.id'], name=op.f('holdbacks_note_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('holdbacks_work_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('holdbacks_pkey'))
    )
    op.create_index(op.f('holdbacks_work_id_idx'), 'holdbacks', ['work_id'], unique=False)
    op.create_table('identifiers',
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('owner_id', sa.UUID(), nullable=False),
    sa.Column('scheme', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['organizations.id'], name=op.f('identifiers_owner_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('identifiers_work_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('work_id', 'scheme', 'value', name=op.f('identifiers_pkey')),
    sa.UniqueConstraint('owner_id', 'scheme', 'value', name=op.f('identifiers_owner_id_scheme_value_key'))
    )
    op.create_index(op.f('identifiers_value_idx'), 'identifiers', ['value'], unique=False)
    op.create_table('mandates',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('source', sa.Text(), server_default='entered', nullable=False),
    sa.Column('rights', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.TEXT()), nullable=True),
    sa.Column('period', postgresql.DATERANGE(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("rights <> '{}' AND territories <> '{}' AND languages IS DISTINCT FROM '{}' AND NOT isempty(period)", name=op.f('mandates_scope_check')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('mandates_work_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('mandates_pkey'))
    )
    op.create_index(op.f('mandates_work_id_idx'), 'mandates', ['work_id'], unique=False)
    op.create_table('negotiations',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('buyer_id', sa.UUID(), nullable=False),
    sa.Column('seller_id', sa.UUID(), nullable=False),
    sa.Column('status', sa.Text(), server_default='OPEN', nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
    sa.Column('agreed_offer_id', sa.UUID(), nullable=True),
    sa.Column('decline_reason_id', sa.UUID(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('OPEN', 'AGREED', 'SIGNED', 'DECLINED', 'WITHDRAWN', 'EXPIRED')", name=op.f('negotiations_status_check')),
    sa.CheckConstraint('buyer_id <> seller_id', name=op.f('negotiations_two_parties_check')),
    sa.ForeignKeyConstraint(['buyer_id'], ['organizations.id'], name=op.f('negotiations_buyer_id_fkey')),
    sa.ForeignKeyConstraint(['decline_reason_id'], ['texts.id'], name=op.f('negotiations_decline_reason_id_fkey')),
    sa.ForeignKeyConstraint(['seller_id'], ['organizations.id'], name=op.f('negotiations_seller_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('negotiations_work_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('negotiations_pkey'))
    )
    op.create_index(op.f('negotiations_buyer_id_updated_at_idx'), 'negotiations', ['buyer_id', 'updated_at'], unique=False)
    op.create_index(op.f('negotiations_seller_id_updated_at_idx'), 'negotiations', ['seller_id', 'updated_at'], unique=False)
    op.create_index('negotiations_territories_idx', 'negotiations', ['territories'], unique=False, postgresql_using='gin')
    op.create_index(op.f('negotiations_work_id_idx'), 'negotiations', ['work_id'], unique=False)
    op.create_table('deal_cards',
    sa.Column('studio_id', sa.UUID(), nullable=False),
    sa.Column('negotiation_id', sa.UUID(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.UUID(), nullable=True),
    sa.Column('next_action', sa.Text(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("stage IN ('EXPLORING', 'OFFERED', 'NEGOTIATING', 'SIGNING', 'WON', 'LOST')", name=op.f('deal_cards_stage_check')),
    sa.ForeignKeyConstraint(['negotiation_id'], ['negotiations.id'], name=op.f('deal_cards_negotiation_id_fkey')),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('deal_cards_owner_id_fkey')),
    sa.ForeignKeyConstraint(['studio_id'], ['organizations.id'], name=op.f('deal_cards_studio_id_fkey')),
    sa.PrimaryKeyConstraint('studio_id', 'negotiation_id', name=op.f('deal_cards_pkey'))
    )
    op.create_table('messages',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('negotiation_id', sa.UUID(), nullable=False),
    sa.Column('by_id', sa.UUID(), nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=False),
    sa.Column('text_id', sa.UUID(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['organizations.id'], name=op.f('messages_by_id_fkey')),
    sa.ForeignKeyConstraint(['negotiation_id'], ['negotiations.id'], name=op.f('messages_negotiation_id_fkey')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('messages_person_id_fkey')),
    sa.ForeignKeyConstraint(['text_id'], ['texts.id'], name=op.f('messages_text_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('messages_pkey'))
    )
    op.create_index(op.f('messages_negotiation_id_id_idx'), 'messages', ['negotiation_id', 'id'], unique=False)
    op.create_table('offers',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('negotiation_id', sa.UUID(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.UUID(), nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=False),
    sa.Column('advance_minor', sa.BigInteger(), nullable=True),
    sa.Column('advance_currency', sa.Text(), nullable=True),
    sa.Column('guarantee_minor', sa.BigInteger(), nullable=True),
    sa.Column('guarantee_currency', sa.Text(), nullable=True),
    sa.Column('royalty_percent', sa.Numeric(precision=7, scale=4), nullable=True),
    sa.Column('note_id', sa.UUID(), nullable=True),
    sa.Column('rights', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.TEXT()), nullable=True),
    sa.Column('period', postgresql.DATERANGE(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("rights <> '{}' AND territories <> '{}' AND languages IS DISTINCT FROM '{}' AND NOT isempty(period)", name=op.f('offers_scope_check')),
    sa.CheckConstraint('advance_minor >= 0 AND (advance_minor IS NULL) = (advance_currency IS NULL)', name=op.f('offers_advance_check')),
    sa.CheckConstraint('guarantee_minor >= 0 AND (guarantee_minor IS NULL) = (guarantee_currency IS NULL)', name=op.f('offers_guarantee_check')),
    sa.CheckConstraint('royalty_percent BETWEEN 0 AND 100', name=op.f('offers_royalty_check')),
    sa.ForeignKeyConstraint(['by_id'], ['organizations.id'], name=op.f('offers_by_id_fkey')),
    sa.ForeignKeyConstraint(['negotiation_id'], ['negotiations.id'], name=op.f('offers_negotiation_id_fkey')),
    sa.ForeignKeyConstraint(['note_id'], ['texts.id'], name=op.f('offers_note_id_fkey')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('offers_person_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('offers_pkey')),
    sa.UniqueConstraint('negotiation_id', 'version', name=op.f('offers_negotiation_id_version_key'))
    )
    op.create_table('contracts',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('negotiation_id', sa.UUID(), nullable=False),
    sa.Column('offer_id', sa.UUID(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('terms', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('document_key', sa.Text(), nullable=True),
    sa.Column('document_sha256', sa.Text(), nullable=True),
    sa.Column('sign_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('DRAFT', 'AWAITING_SIGNATURES', 'IN_FORCE', 'ENDED', 'TERMINATED')", name=op.f('contracts_status_check')),
    sa.ForeignKeyConstraint(['negotiation_id'], ['negotiations.id'], name=op.f('contracts_negotiation_id_fkey')),
    sa.ForeignKeyConstraint(['offer_id'], ['offers.id'], name=op.f('contracts_offer_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('contracts_pkey')),
    sa.UniqueConstraint('negotiation_id', name=op.f('contracts_negotiation_id_key')),
    sa.UniqueConstraint('number', name=op.f('contracts_number_key'))
    )
    op.create_table('licenses',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('licensor_id', sa.UUID(), nullable=False),
    sa.Column('licensee_id', sa.UUID(), nullable=True),
    sa.Column('licensee', sa.Text(), nullable=False),
    sa.Column('contract_id', sa.UUID(), nullable=True),
    sa.Column('status', sa.Text(), server_default='ACTIVE', nullable=False),
    sa.Column('rights', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.TEXT()), nullable=True),
    sa.Column('period', postgresql.DATERANGE(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("rights <> '{}' AND territories <> '{}' AND languages IS DISTINCT FROM '{}' AND NOT isempty(period)", name=op.f('licenses_scope_check')),
    sa.CheckConstraint("status IN ('ACTIVE', 'ENDED', 'TERMINATED')", name=op.f('licenses_status_check')),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('licenses_contract_id_fkey')),
    sa.ForeignKeyConstraint(['licensee_id'], ['organizations.id'], name=op.f('licenses_licensee_id_fkey')),
    sa.ForeignKeyConstraint(['licensor_id'], ['organizations.id'], name=op.f('licenses_licensor_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('licenses_work_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('licenses_pkey')),
    sa.UniqueConstraint('contract_id', name=op.f('licenses_contract_id_key'))
    )
    op.create_index(op.f('licenses_licensee_id_idx'), 'licenses', ['licensee_id'], unique=False)
    op.create_index(op.f('licenses_work_id_idx'), 'licenses', ['work_id'], unique=False)
    op.create_table('signatures',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('contract_id', sa.UUID(), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('person_id', sa.UUID(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('document_sha256', sa.Text(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('signatures_contract_id_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('signatures_organization_id_fkey')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('signatures_person_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('signatures_pkey')),
    sa.UniqueConstraint('contract_id', 'organization_id', name=op.f('signatures_contract_id_organization_id_key'))
    )
    op.create_table('rights_claims',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=False),
    sa.Column('right_type', sa.Text(), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.Integer()), nullable=False),
    sa.Column('languages', postgresql.ARRAY(sa.Integer()), nullable=False),
    sa.Column('period', postgresql.DATERANGE(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('claim', postgresql.INT8RANGE(), nullable=False),
    sa.Column('contract_id', sa.UUID(), nullable=True),
    sa.Column('license_id', sa.UUID(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    postgresql.ExcludeConstraint((sa.column('work_id'), '='), (sa.column('right_type'), '='), (sa.column('territories'), '&&'), (sa.column('languages'), '&&'), (sa.column('period'), '&&'), (sa.column('claim'), '&&'), using='gist', name='rights_claims_sold_once', ops={'territories': 'gist__intbig_ops', 'languages': 'gist__intbig_ops'}),
    sa.CheckConstraint("exclusive = (claim = '(,)'::int8range)", name=op.f('rights_claims_claim_check')),
    sa.CheckConstraint("territories <> '{}' AND languages <> '{}' AND NOT isempty(period)", name=op.f('rights_claims_scope_check')),
    sa.CheckConstraint('num_nonnulls(contract_id, license_id) >= 1', name=op.f('rights_claims_cause_check')),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('rights_claims_contract_id_fkey')),
    sa.ForeignKeyConstraint(['license_id'], ['licenses.id'], name=op.f('rights_claims_license_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('rights_claims_work_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('rights_claims_pkey'))
    )
    op.create_index(op.f('rights_claims_contract_id_idx'), 'rights_claims', ['contract_id'], unique=False)
    op.create_index(op.f('rights_claims_license_id_idx'), 'rights_claims', ['license_id'], unique=False)
    op.create_foreign_key('works_cover_id_fkey', 'works', 'assets', ['cover_id'], ['id'])
    op.create_foreign_key('negotiations_agreed_offer_id_fkey', 'negotiations', 'offers', ['agreed_offer_id'], ['id'])


def downgrade() -> None:
    op.drop_constraint('works_cover_id_fkey', 'works', type_='foreignkey')
    op.drop_constraint('negotiations_agreed_offer_id_fkey', 'negotiations', type_='foreignkey')
    op.drop_index(op.f('rights_claims_license_id_idx'), table_name='rights_claims')
    op.drop_index(op.f('rights_claims_contract_id_idx'), table_name='rights_claims')
    op.drop_table('rights_claims')
    op.drop_table('signatures')
    op.drop_index(op.f('licenses_work_id_idx'), table_name='licenses')
    op.drop_index(op.f('licenses_licensee_id_idx'), table_name='licenses')
    op.drop_table('licenses')
    op.drop_table('contracts')
    op.drop_table('offers')
    op.drop_index(op.f('messages_negotiation_id_id_idx'), table_name='messages')
    op.drop_table('messages')
    op.drop_table('deal_cards')
    op.drop_index(op.f('negotiations_work_id_idx'), table_name='negotiations')
    op.drop_index('negotiations_territories_idx', table_name='negotiations', postgresql_using='gin')
    op.drop_index(op.f('negotiations_seller_id_updated_at_idx'), table_name='negotiations')
    op.drop_index(op.f('negotiations_buyer_id_updated_at_idx'), table_name='negotiations')
    op.drop_table('negotiations')
    op.drop_index(op.f('mandates_work_id_idx'), table_name='mandates')
    op.drop_table('mandates')
    op.drop_index(op.f('identifiers_value_idx'), table_name='identifiers')
    op.drop_table('identifiers')
    op.drop_index(op.f('holdbacks_work_id_idx'), table_name='holdbacks')
    op.drop_table('holdbacks')
    op.drop_table('contributors')
    op.drop_index(op.f('assets_work_id_idx'), table_name='assets')
    op.drop_table('assets')
    op.drop_index(op.f('works_owner_id_status_idx'), table_name='works')
    op.drop_table('works')
    op.drop_table('renderings')
    op.drop_index(op.f('tokens_person_id_idx'), table_name='tokens')
    op.drop_table('tokens')
    op.drop_table('texts')
    op.drop_index('organization_names_one_original', table_name='organization_names', postgresql_where=sa.text('original'))
    op.drop_table('organization_names')
    op.drop_index(op.f('memory_entries_source_hash_idx'), table_name='memory_entries')
    op.drop_table('memory_entries')
    op.drop_index(op.f('memberships_organization_id_idx'), table_name='memberships')
    op.drop_table('memberships')
    op.drop_index('invitations_one_open', table_name='invitations', postgresql_where=sa.text('accepted_at IS NULL AND withdrawn_at IS NULL'))
    op.drop_table('invitations')
    op.drop_table('catalog_imports')
    op.drop_index(op.f('sign_in_attempts_email_created_at_idx'), table_name='sign_in_attempts')
    op.drop_index(op.f('sign_in_attempts_client_created_at_idx'), table_name='sign_in_attempts')
    op.drop_table('sign_in_attempts')
    op.drop_index(op.f('search_feed_xid_seq_idx'), table_name='search_feed')
    op.drop_table('search_feed')
    op.drop_index('people_email_key', table_name='people')
    op.drop_table('people')
    op.drop_table('organizations')
    op.drop_table('idempotency_keys')
    op.drop_index(op.f('audit_log_subject_id_id_idx'), table_name='audit_log')
    op.drop_index(op.f('audit_log_organization_id_id_idx'), table_name='audit_log')
    op.drop_table('audit_log')
