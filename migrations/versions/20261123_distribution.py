"""Distribution: codes, releases, channels, deliveries, sales, ledger, statements."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '20261123_distribution'
down_revision = '20261123_walls'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('channels',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('protocol', sa.Text(), nullable=False),
    sa.Column('party_id', sa.Text(), nullable=False),
    sa.Column('sender_party_id', sa.Text(), nullable=False),
    sa.Column('sender_name', sa.Text(), nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('deal_terms', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('minimum_cover', sa.Integer(), server_default=sa.text('1400'), nullable=False),
    sa.Column('avs_version', sa.Text(), nullable=False),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('secrets', sa.LargeBinary(), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("protocol IN ('sftp', 's3')", name=op.f('channels_protocol_check')),
    sa.CheckConstraint("territories <> '{}'", name=op.f('channels_territories_check')),
    sa.CheckConstraint('minimum_cover > 0', name=op.f('channels_minimum_cover_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('channels_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('channels_pkey')),
    sa.UniqueConstraint('slug', name=op.f('channels_slug_key'))
    )
    op.create_table('closed_periods',
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('closed_periods_organization_id_fkey')),
    sa.PrimaryKeyConstraint('organization_id', 'period', name=op.f('closed_periods_pkey'))
    )
    op.create_table('isrc_allocations',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('prefix', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('next', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    postgresql.ExcludeConstraint((sa.column('prefix'), '='), (sa.text('mod(year, 100)'), '='), (sa.text("int4range(first, last, '[]')"), '&&'), using='gist', name='isrc_allocations_once'),
    sa.CheckConstraint("prefix ~ '^[A-Z]{2}[A-Z0-9]{3}$' AND prefix !~ '^CN'", name=op.f('isrc_allocations_prefix_check')),
    sa.CheckConstraint('0 <= first AND first <= last AND last <= 99999', name=op.f('isrc_allocations_range_check')),
    sa.CheckConstraint('next BETWEEN first AND last + 1', name=op.f('isrc_allocations_next_check')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2199', name=op.f('isrc_allocations_year_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('isrc_allocations_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('isrc_allocations_pkey'))
    )
    op.create_table('isrcs',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('assigned', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("code ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'", name=op.f('isrcs_code_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('isrcs_organization_id_fkey')),
    sa.PrimaryKeyConstraint('code', name=op.f('isrcs_pkey'))
    )
    op.create_table('ledger_postings',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('ledger_postings_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('ledger_postings_pkey')),
    sa.UniqueConstraint('organization_id', 'key', name=op.f('ledger_postings_organization_id_key_key'))
    )
    op.create_table('payees',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('minimum_minor', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('payees_name_check')),
    sa.CheckConstraint('minimum_minor >= 0', name=op.f('payees_minimum_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('payees_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('payees_pkey')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('payees_organization_id_name_key'))
    )
    op.create_table('fetched_reports',
    sa.Column('channel_id', sa.UUID(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['channel_id'], ['channels.id'], name=op.f('fetched_reports_channel_id_fkey')),
    sa.PrimaryKeyConstraint('channel_id', 'file_name', name=op.f('fetched_reports_pkey'))
    )
    op.create_table('ledger_accounts',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('channel_id', sa.UUID(), nullable=True),
    sa.Column('payee_id', sa.UUID(), nullable=True),
    sa.CheckConstraint("(payee_id IS NOT NULL) = (kind IN ('PAYABLE', 'ADVANCE', 'DUE')) AND (channel_id IS NOT NULL) = (kind IN ('RECEIVABLE', 'HELD'))", name=op.f('ledger_accounts_owner_check')),
    sa.CheckConstraint("kind IN ('RECEIVABLE', 'PAYABLE', 'HELD', 'ADVANCE', 'DUE', 'CASH')", name=op.f('ledger_accounts_kind_check')),
    sa.ForeignKeyConstraint(['channel_id'], ['channels.id'], name=op.f('ledger_accounts_channel_id_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('ledger_accounts_organization_id_fkey')),
    sa.ForeignKeyConstraint(['payee_id'], ['payees.id'], name=op.f('ledger_accounts_payee_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('ledger_accounts_pkey'))
    )
    op.create_index('ledger_accounts_once', 'ledger_accounts', ['organization_id', 'kind', 'currency', 'channel_id', 'payee_id'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('recordings',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('isrc', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('display_artist', sa.Text(), nullable=False),
    sa.Column('duration_ms', sa.Integer(), nullable=False),
    sa.Column('explicit', sa.Boolean(), nullable=True),
    sa.Column('lyrics', sa.Text(), nullable=True),
    sa.Column('contributors', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('audio_sha256', sa.Text(), nullable=False),
    sa.Column('audio', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('audio_problems', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('duration_ms > 0', name=op.f('recordings_duration_check')),
    sa.ForeignKeyConstraint(['isrc'], ['isrcs.code'], name=op.f('recordings_isrc_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('recordings_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('recordings_pkey')),
    sa.UniqueConstraint('isrc', name=op.f('recordings_isrc_key'))
    )
    op.create_index(op.f('recordings_organization_id_idx'), 'recordings', ['organization_id'], unique=False)
    op.create_table('sales_reports',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('channel_id', sa.UUID(), nullable=False),
    sa.Column('status', sa.Text(), server_default='CHECKING', nullable=False),
    sa.Column('file_key', sa.Text(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=True),
    sa.Column('message_id', sa.Text(), nullable=True),
    sa.Column('period_start', sa.Date(), nullable=True),
    sa.Column('period_end', sa.Date(), nullable=True),
    sa.Column('currency', sa.Text(), nullable=True),
    sa.Column('lines', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('unmatched', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=True),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('lines_key', sa.Text(), nullable=True),
    sa.Column('split_key', sa.Text(), nullable=True),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('CHECKING', 'ACCEPTED', 'REJECTED', 'BOOKED')", name=op.f('sales_reports_status_check')),
    sa.CheckConstraint('lines >= 0 AND unmatched BETWEEN 0 AND lines', name=op.f('sales_reports_lines_check')),
    sa.ForeignKeyConstraint(['channel_id'], ['channels.id'], name=op.f('sales_reports_channel_id_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('sales_reports_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('sales_reports_pkey'))
    )
    op.create_index('sales_reports_once', 'sales_reports', ['organization_id', 'channel_id', 'message_id'], unique=True, postgresql_where=sa.text("status IN ('ACCEPTED', 'BOOKED')"))
    op.create_index(op.f('sales_reports_organization_id_id_idx'), 'sales_reports', ['organization_id', 'id'], unique=False)
    op.create_table('statements',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('payee_id', sa.UUID(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('opening', sa.BigInteger(), nullable=False),
    sa.Column('earned', sa.BigInteger(), nullable=False),
    sa.Column('recouped', sa.BigInteger(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('payable', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('opening + earned = recouped + held + payable', name=op.f('statements_adds_up_check')),
    sa.CheckConstraint('recouped >= 0 AND payable >= 0', name=op.f('statements_signs_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('statements_organization_id_fkey')),
    sa.ForeignKeyConstraint(['payee_id'], ['payees.id'], name=op.f('statements_payee_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('statements_pkey')),
    sa.UniqueConstraint('organization_id', 'period', 'payee_id', 'currency', name=op.f('statements_organization_id_period_payee_id_currency_key'))
    )
    op.create_index(op.f('statements_payee_id_idx'), 'statements', ['payee_id'], unique=False)
    op.create_table('earnings',
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('report_id', sa.UUID(), nullable=False),
    sa.Column('payee_id', sa.UUID(), nullable=False),
    sa.Column('minor', sa.BigInteger(), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.UUID(), nullable=True),
    sa.CheckConstraint('lines > 0', name=op.f('earnings_lines_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('earnings_organization_id_fkey')),
    sa.ForeignKeyConstraint(['payee_id'], ['payees.id'], name=op.f('earnings_payee_id_fkey')),
    sa.ForeignKeyConstraint(['report_id'], ['sales_reports.id'], name=op.f('earnings_report_id_fkey')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('earnings_statement_id_fkey')),
    sa.PrimaryKeyConstraint('report_id', 'payee_id', name=op.f('earnings_pkey'))
    )
    op.create_index(op.f('earnings_payee_id_idx'), 'earnings', ['payee_id'], unique=False)
    op.create_index(op.f('earnings_statement_id_idx'), 'earnings', ['statement_id'], unique=False)
    op.create_table('ledger_entries',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('posting_id', sa.UUID(), nullable=False),
    sa.Column('account_id', sa.UUID(), nullable=False),
    sa.Column('minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('minor <> 0', name=op.f('ledger_entries_minor_check')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_accounts.id'], name=op.f('ledger_entries_account_id_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('ledger_entries_organization_id_fkey')),
    sa.ForeignKeyConstraint(['posting_id'], ['ledger_postings.id'], name=op.f('ledger_entries_posting_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('ledger_entries_pkey'))
    )
    op.create_index(op.f('ledger_entries_account_id_idx'), 'ledger_entries', ['account_id'], unique=False)
    op.create_index(op.f('ledger_entries_posting_id_idx'), 'ledger_entries', ['posting_id'], unique=False)
    op.create_table('releases',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('work_id', sa.UUID(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('display_artist', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('release_date', sa.Date(), nullable=False),
    sa.Column('genre', sa.Text(), nullable=True),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=True),
    sa.Column('gtin', sa.Text(), nullable=True),
    sa.Column('cover', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("gtin ~ '^[0-9]{12,14}$'", name=op.f('releases_gtin_check')),
    sa.CheckConstraint("territories <> '{}'", name=op.f('releases_territories_check')),
    sa.CheckConstraint("title <> '' AND display_artist <> ''", name=op.f('releases_words_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('releases_organization_id_fkey')),
    sa.ForeignKeyConstraint(['work_id'], ['works.id'], name=op.f('releases_work_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('releases_pkey')),
    sa.UniqueConstraint('gtin', name=op.f('releases_gtin_key'))
    )
    op.create_index(op.f('releases_organization_id_id_idx'), 'releases', ['organization_id', 'id'], unique=False)
    op.create_index(op.f('releases_work_id_idx'), 'releases', ['work_id'], unique=False)
    op.create_table('splits',
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('recording_id', sa.UUID(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('payee_id', sa.UUID(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.CheckConstraint('share BETWEEN 0 AND 1000000', name=op.f('splits_share_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('splits_organization_id_fkey')),
    sa.ForeignKeyConstraint(['payee_id'], ['payees.id'], name=op.f('splits_payee_id_fkey')),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('splits_recording_id_fkey')),
    sa.PrimaryKeyConstraint('recording_id', 'position', name=op.f('splits_pkey'))
    )
    op.create_index(op.f('splits_payee_id_idx'), 'splits', ['payee_id'], unique=False)
    op.create_table('deliveries',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('release_id', sa.UUID(), nullable=False),
    sa.Column('channel_id', sa.UUID(), nullable=False),
    sa.Column('status', sa.Text(), server_default='QUEUED', nullable=False),
    sa.Column('territories', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('attempt_id', sa.UUID(), nullable=True),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('QUEUED', 'PREPARING', 'SENDING', 'SENT', 'ACKNOWLEDGED', 'LIVE', 'REJECTED', 'FAILED', 'TAKING_DOWN', 'TAKEN_DOWN')", name=op.f('deliveries_status_check')),
    sa.ForeignKeyConstraint(['channel_id'], ['channels.id'], name=op.f('deliveries_channel_id_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('deliveries_organization_id_fkey')),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('deliveries_release_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('deliveries_pkey')),
    sa.UniqueConstraint('release_id', 'channel_id', name=op.f('deliveries_release_id_channel_id_key'))
    )
    op.create_index(op.f('deliveries_organization_id_id_idx'), 'deliveries', ['organization_id', 'id'], unique=False)
    op.create_table('tracks',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('release_id', sa.UUID(), nullable=False),
    sa.Column('recording_id', sa.UUID(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('tracks_number_check')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('tracks_organization_id_fkey')),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('tracks_recording_id_fkey')),
    sa.ForeignKeyConstraint(['release_id'], ['releases.id'], name=op.f('tracks_release_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('tracks_pkey')),
    sa.UniqueConstraint('release_id', 'number', name=op.f('tracks_release_id_number_key')),
    sa.UniqueConstraint('release_id', 'recording_id', name=op.f('tracks_release_id_recording_id_key'))
    )
    op.create_index(op.f('tracks_recording_id_idx'), 'tracks', ['recording_id'], unique=False)
    op.create_table('delivery_attempts',
    sa.Column('id', sa.UUID(), server_default=sa.text('uuidv7()'), nullable=False),
    sa.Column('organization_id', sa.UUID(), nullable=False),
    sa.Column('delivery_id', sa.UUID(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('folder', sa.Text(), nullable=False),
    sa.Column('offers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('takedown', sa.Boolean(), nullable=False),
    sa.Column('before', sa.Text(), nullable=True),
    sa.Column('step', sa.Text(), server_default='QUEUED', nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('files_sent', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('message_key', sa.Text(), nullable=True),
    sa.Column('answer_key', sa.Text(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("before IN ('QUEUED', 'PREPARING', 'SENDING', 'SENT', 'ACKNOWLEDGED', 'LIVE', 'REJECTED', 'FAILED', 'TAKING_DOWN', 'TAKEN_DOWN')", name=op.f('delivery_attempts_before_check')),
    sa.CheckConstraint("step IN ('QUEUED', 'PREPARED', 'SENT', 'ANSWERED', 'FAILED')", name=op.f('delivery_attempts_step_check')),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('delivery_attempts_delivery_id_fkey')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('delivery_attempts_organization_id_fkey')),
    sa.PrimaryKeyConstraint('id', name=op.f('delivery_attempts_pkey')),
    sa.UniqueConstraint('message_id', name=op.f('delivery_attempts_message_id_key'))
    )
    op.create_index(op.f('delivery_attempts_delivery_id_id_idx'), 'delivery_attempts', ['delivery_id', 'id'], unique=False)
    op.create_foreign_key('deliveries_attempt_id_fkey', 'deliveries', 'delivery_attempts', ['attempt_id'], ['id'])


def downgrade() -> None:
    op.drop_constraint('deliveries_attempt_id_fkey', 'deliveries', type_='foreignkey')
    op.drop_index(op.f('delivery_attempts_delivery_id_id_idx'), table_name='delivery_attempts')
    op.drop_table('delivery_attempts')
    op.drop_index(op.f('tracks_recording_id_idx'), table_name='tracks')
    op.drop_table('tracks')
    op.drop_index(op.f('deliveries_organization_id_id_idx'), table_name='deliveries')
    op.drop_table('deliveries')
    op.drop_index(op.f('splits_payee_id_idx'), table_name='splits')
    op.drop_table('splits')
    op.drop_index(op.f('releases_work_id_idx'), table_name='releases')
    op.drop_index(op.f('releases_organization_id_id_idx'), table_name='releases')
    op.drop_table('releases')
    op.drop_index(op.f('ledger_entries_posting_id_idx'), table_name='ledger_entries')
    op.drop_index(op.f('ledger_entries_account_id_idx'), table_name='ledger_entries')
    op.drop_table('ledger_entries')
    op.drop_index(op.f('earnings_statement_id_idx'), table_name='earnings')
    op.drop_index(op.f('earnings_payee_id_idx'), table_name='earnings')
    op.drop_table('earnings')
    op.drop_index(op.f('statements_payee_id_idx'), table_name='statements')
    op.drop_table('statements')
    op.drop_index(op.f('sales_reports_organization_id_id_idx'), table_name='sales_reports')
    op.drop_index('sales_reports_once', table_name='sales_reports', postgresql_where=sa.text("status IN ('ACCEPTED', 'BOOKED')"))
    op.drop_table('sales_reports')
    op.drop_index(op.f('recordings_organization_id_idx'), table_name='recordings')
    op.drop_table('recordings')
    op.drop_index('ledger_accounts_once', table_name='ledger_accounts', postgresql_nulls_not_distinct=True)
    op.drop_table('ledger_accounts')
    op.drop_table('fetched_reports')
    op.drop_table('payees')
    op.drop_table('ledger_postings')
    op.drop_table('isrcs')
    op.drop_table('isrc_allocations')
    op.drop_table('closed_periods')
    op.drop_table('channels')
