"""Everything that stock keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import milkrun.kernel.fields
import milkrun.kernel.identity
from decimal import Decimal
from django.db import migrations, models

from milkrun.kernel.append_only import protect
from milkrun.kernel.horizon import mark_writers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
        ('parts', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sscc',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sscc', models.CharField(max_length=18, unique=True)),
                ('given_at', models.DateTimeField()),
                ('made_outside', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='CountList',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=24)),
                ('title', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(default='open', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='count_list_by_state')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='count_list_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'closed'))), name='count_list_state_known')],
            },
        ),
        migrations.CreateModel(
            name='DaySummary',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=24)),
                ('qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('movements', models.BigIntegerField(default=0)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'day', 'kind', 'part'), name='day_summary_once')],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('code', models.CharField(max_length=24)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('kind', models.CharField(max_length=12)),
                ('zone', models.CharField(blank=True, default='', max_length=24)),
                ('pick_sequence', models.PositiveIntegerField(default=0)),
                ('pallet_places', models.PositiveIntegerField(default=0)),
                ('area_m2', milkrun.kernel.fields.QuantityField(default=0)),
                ('cost_minor', models.BigIntegerField(default=0)),
                ('risk_limit_minor', models.BigIntegerField(default=0)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='location_code_once'), models.CheckConstraint(condition=models.Q(('area_m2__gte', 0), ('cost_minor__gte', 0), ('risk_limit_minor__gte', 0)), name='location_limits_not_negative'), models.CheckConstraint(condition=models.Q(('kind__in', ('storage', 'line', 'packing', 'dock', 'staging', 'quarantine', 'production', 'supplier', 'customer', 'scrap', 'difference'))), name='location_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField()),
                ('supplier_lot', models.CharField(blank=True, default='', max_length=40)),
                ('heat', models.CharField(blank=True, default='', max_length=40)),
                ('made_on', models.DateField(blank=True, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(default='free', max_length=12)),
                ('state_reason', models.CharField(blank=True, default='', max_length=400)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('supplier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('expires_on__isnull', False)), fields=['expires_on', 'id'], name='lot_by_expiry'), models.Index(condition=models.Q(('supplier_lot', ''), _negated=True), fields=['supplier_lot'], name='lot_by_supplier_lot'), models.Index(condition=models.Q(('heat', ''), _negated=True), fields=['heat'], name='lot_by_heat')],
                'constraints': [models.UniqueConstraint(fields=('part', 'number'), name='lot_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('free', 'blocked', 'quarantine'))), name='lot_state_known'), models.CheckConstraint(condition=models.Q(('made_on', None), ('expires_on', None), ('expires_on__gte', models.F('made_on')), _connector='OR'), name='lot_expires_after_it_was_made')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=24)),
                ('document_kind', models.CharField(blank=True, max_length=16)),
                ('document_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='stock.posting')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'document_kind', 'document_id'], name='posting_document')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reverses', models.F('id')), _negated=True), name='posting_not_its_own_contra')],
            },
        ),
        migrations.CreateModel(
            name='HandlingUnit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('sscc', models.CharField(max_length=18, unique=True)),
                ('kind', models.CharField(default='rack', max_length=12)),
                ('state', models.CharField(default='open', max_length=12)),
                ('handled_by', models.CharField(blank=True, max_length=120)),
                ('handled_at', models.DateTimeField(null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='stock.handlingunit')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='stock.location')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='handling_unit_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('open', 'closed', 'picked', 'issued', 'rejected', 'emptied'))), name='handling_unit_state_known'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='handling_unit_not_in_itself')],
            },
        ),
        migrations.CreateModel(
            name='CountLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(default='open', max_length=12)),
                ('round', models.PositiveIntegerField(default=1)),
                ('counted_qty', milkrun.kernel.fields.QuantityField(null=True)),
                ('book_qty', milkrun.kernel.fields.QuantityField(null=True)),
                ('counted_at', models.DateTimeField(null=True)),
                ('counted_by', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('count', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='stock.countlist')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='stock.location')),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.lot')),
                ('posting', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.posting')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('site'), models.F('count'), models.F('location'), models.F('part'), django.db.models.functions.comparison.Coalesce('lot', 0), name='count_line_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'agreed', 'differs', 'posted', 'taken_back'))), name='count_line_state_known'), models.CheckConstraint(condition=models.Q(('counted_qty', None), ('counted_qty__gte', 0), _connector='OR'), name='count_line_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='StorageRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('inspect', models.BooleanField(default=False)),
                ('per_place', milkrun.kernel.fields.QuantityField(null=True)),
                ('dwell_limit_days', models.PositiveIntegerField(null=True)),
                ('fixed_location', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'part'), name='storage_rule_once'), models.CheckConstraint(condition=models.Q(('per_place', None), ('per_place__gt', 0), _connector='OR'), name='storage_rule_fills')],
            },
        ),
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('cause', models.CharField(max_length=12)),
                ('value_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('at', models.DateTimeField()),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.lot')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('posting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='write_off', to='stock.posting')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'at', 'id'], name='write_off_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='write_off_positive'), models.CheckConstraint(condition=models.Q(('cause__in', ('damaged', 'obsolete', 'expired', 'unsold'))), name='write_off_cause_known')],
            },
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('on_hand', milkrun.kernel.fields.QuantityField(default=0)),
                ('reserved', milkrun.kernel.fields.QuantityField(default=0)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('hu', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contents', to='stock.handlingunit')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='stock.location')),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.lot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('site'), models.F('part'), models.F('location'), django.db.models.functions.comparison.Coalesce('lot', 0), django.db.models.functions.comparison.Coalesce('owner', 0), django.db.models.functions.comparison.Coalesce('hu', 0), name='balance_once'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='balance_not_negative'), models.CheckConstraint(condition=models.Q(('on_hand__lte', Decimal('1000000000000'))), name='balance_not_too_large'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='balance_reserved_not_negative'), models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='balance_reserved_within')],
            },
        ),
        migrations.CreateModel(
            name='CountEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('round', models.PositiveIntegerField()),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('book_qty', milkrun.kernel.fields.QuantityField()),
                ('counted_at', models.DateTimeField()),
                ('counted_by', models.CharField(max_length=120)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='stock.countline')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'line', 'round'), name='count_entry_once'), models.CheckConstraint(condition=models.Q(('qty__gte', 0)), name='count_entry_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('state', models.CharField(default='open', max_length=8)),
                ('purpose_kind', models.CharField(max_length=16)),
                ('purpose_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField()),
                ('balance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='stock.balance')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'purpose_kind', 'purpose_id'], name='reservation_purpose')],
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='reservation_positive'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'posted', 'voided'))), name='reservation_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('entered_qty', milkrun.kernel.fields.QuantityField(null=True)),
                ('entered_unit', models.CharField(blank=True, max_length=3)),
                ('from_hu', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.handlingunit')),
                ('from_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.lot')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('to_hu', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.handlingunit')),
                ('to_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stock.posting')),
                ('reservation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.reservation')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'part', 'id'], name='movement_part'), models.Index(condition=models.Q(('to_hu', None), _negated=True), fields=['site', 'to_hu', 'id'], name='movement_into_unit'), models.Index(condition=models.Q(('from_hu', None), _negated=True), fields=['site', 'from_hu', 'id'], name='movement_from_unit'), models.Index(condition=models.Q(('lot__isnull', False)), fields=['site', 'lot', 'id'], name='movement_lot')],
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='movement_positive'), models.CheckConstraint(condition=models.Q(models.Q(('from_location', models.F('to_location')), _negated=True), models.Q(django.db.models.lookups.Exact(django.db.models.functions.comparison.Coalesce('from_hu', 0), django.db.models.functions.comparison.Coalesce('to_hu', 0)), _negated=True), _connector='OR'), name='movement_goes_somewhere')],
            },
        ),
        protect("stock_posting", "stock_movement"),
        # 0x4D52: the class of the movement feed.
        mark_writers("stock_movement", 19794),
    ]
