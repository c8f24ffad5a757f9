"""Everything that demand keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
        ('parts', '0020_whole'),
        ('stock', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='RackSpec',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('family', models.CharField(blank=True, max_length=12)),
                ('slots', models.PositiveIntegerField()),
                ('package_type', models.CharField(default='RACK', max_length=17)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'family'), name='rack_spec_once'), models.CheckConstraint(condition=models.Q(('slots__gte', 1)), name='rack_spec_has_slots')],
            },
        ),
        migrations.CreateModel(
            name='SequenceStream',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, max_length=20)),
                ('largest', models.PositiveIntegerField(default=9999)),
                ('release_rule', models.CharField(db_default='none', default='none', max_length=5)),
                ('packing_rule', models.CharField(db_default='none', default='none', max_length=5)),
                ('gap_rule', models.CharField(default='block', max_length=5)),
                ('issue_rule', models.CharField(db_default='block', default='block', max_length=5)),
                ('blocking_since', models.DateTimeField(null=True)),
                ('takt_minutes', models.PositiveIntegerField(null=True)),
                ('last_seen', models.BigIntegerField(null=True)),
                ('ship_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.shipto')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'ship_to', 'code'), name='sequence_stream_once'), models.CheckConstraint(condition=models.Q(('release_rule__in', ('none', 'warn', 'block'))), name='sequence_release_rule'), models.CheckConstraint(condition=models.Q(('packing_rule__in', ('none', 'warn', 'block'))), name='sequence_packing_rule'), models.CheckConstraint(condition=models.Q(('gap_rule__in', ('none', 'warn', 'block'))), name='sequence_gap_rule'), models.CheckConstraint(condition=models.Q(('issue_rule__in', ('none', 'warn', 'block'))), name='sequence_issue_rule'), models.CheckConstraint(condition=models.Q(('largest__gte', 1)), name='sequence_largest_counts')],
            },
        ),
        migrations.CreateModel(
            name='SupplyAgreement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('order_no', models.CharField(max_length=35)),
                ('price_minor', models.BigIntegerField()),
                ('price_basis', models.PositiveIntegerField(default=1)),
                ('currency', models.CharField(max_length=3)),
                ('valid_from', models.DateField()),
                ('customer_part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='parts.customerpart')),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'order_no', 'customer_part', 'valid_from'), name='supply_agreement_once'), models.CheckConstraint(condition=models.Q(('price_basis__gte', 1), ('price_minor__gte', 0)), name='supply_price_possible')],
            },
        ),
        migrations.CreateModel(
            name='CallRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('change_after_release', models.CharField(default='refuse', max_length=6)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('change_after_release__in', ('allow', 'ask', 'refuse'))), name='call_rule_known')],
            },
        ),
        migrations.CreateModel(
            name='Cumulative',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('shipped_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('ship_to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.shipto')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('site', 'ship_to', 'part'), name='cumulative_one_open_era'), models.CheckConstraint(condition=models.Q(('shipped_qty__gte', 0)), name='cumulative_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='ExternalStatus',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('transmitted', models.CharField(max_length=35)),
                ('action', models.CharField(max_length=10)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'transmitted'), name='external_status_once'), models.CheckConstraint(condition=models.Q(('action__in', ('call', 'cancel', 'skip', 'hold', 'resume', 'reorder', 'ignore'))), name='external_status_action_known')],
            },
        ),
        migrations.CreateModel(
            name='JitCall',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('external_no', models.CharField(max_length=80)),
                ('transmission_no', models.CharField(blank=True, max_length=40)),
                ('ship_to_code', models.CharField(blank=True, max_length=35)),
                ('unloading_point', models.CharField(blank=True, max_length=35)),
                ('line_feed', models.CharField(blank=True, max_length=35)),
                ('vin', models.CharField(blank=True, max_length=40)),
                ('production_no', models.CharField(blank=True, max_length=40)),
                ('stream_code', models.CharField(blank=True, max_length=20)),
                ('sequence_text', models.CharField(blank=True, max_length=20)),
                ('position', models.BigIntegerField(null=True)),
                ('required_at', models.DateTimeField()),
                ('required_text', models.CharField(blank=True, max_length=40)),
                ('zone', models.CharField(default='UTC', max_length=40)),
                ('state', models.CharField(default='created', max_length=16)),
                ('held', models.BooleanField(db_default=False, default=False)),
                ('priority', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('content_hash', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=12)),
                ('interchange_id', models.BigIntegerField(null=True)),
                ('message_id', models.BigIntegerField(null=True)),
                ('received_at', models.DateTimeField()),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('ship_to', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.shipto')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('stream', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.sequencestream')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'required_at', 'id'], name='call_required'), models.Index(fields=['site', 'state', 'required_at', 'id'], name='call_state_required'), models.Index(condition=models.Q(('held', True)), fields=['site', 'state', 'required_at'], name='call_held'), models.Index(condition=models.Q(('priority__gt', 0)), fields=['site', 'state', 'required_at'], name='call_urgent')],
                'constraints': [models.UniqueConstraint(fields=('site', 'partner', 'external_no'), name='call_external_no_once'), models.UniqueConstraint(condition=models.Q(('stream__isnull', False), models.Q(('state', 'cancelled'), _negated=True)), fields=('site', 'stream', 'position'), name='call_sequence_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['summarized', 'sequenced'])), name='call_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ('created', 'released', 'ready', 'in_packing', 'packed', 'on_delivery', 'issued', 'billed', 'completed', 'cancel_requested', 'cancelled'))), name='call_state_known'), models.CheckConstraint(condition=models.Q(('priority__in', (0, 1, 2))), name='call_priority_known')],
            },
        ),
        migrations.CreateModel(
            name='PackingGroup',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('family', models.CharField(blank=True, max_length=12)),
                ('rack_no', models.BigIntegerField()),
                ('load_no', models.PositiveIntegerField(default=1)),
                ('slots_total', models.PositiveIntegerField()),
                ('package_type', models.CharField(max_length=17)),
                ('state', models.CharField(default='planned', max_length=12)),
                ('hu', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.handlingunit')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('stream', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.sequencestream')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('stream__isnull', False)), fields=('site', 'stream', 'family', 'rack_no', 'load_no'), name='rack_once'), models.CheckConstraint(condition=models.Q(('state__in', ('planned', 'packing', 'closed', 'issued'))), name='packing_group_state_known')],
            },
        ),
        migrations.CreateModel(
            name='SkippedNumber',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.BigIntegerField()),
                ('reason', models.CharField(max_length=400)),
                ('source', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('stream', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='skipped', to='demand.sequencestream')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'stream', 'position'), name='skipped_number_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='skipped_number_counts_from_one')],
            },
        ),
        migrations.CreateModel(
            name='ComponentGroup',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, max_length=12)),
                ('state', models.CharField(default='created', max_length=16)),
                ('matching', models.CharField(default='matched', max_length=12)),
                ('production', models.CharField(default='none', max_length=12)),
                ('stock_posting', models.CharField(default='none', max_length=12)),
                ('packing', models.CharField(default='none', max_length=12)),
                ('picking', models.CharField(default='none', max_length=12)),
                ('delivery', models.CharField(default='none', max_length=12)),
                ('issue', models.CharField(default='none', max_length=12)),
                ('asn', models.CharField(default='none', max_length=12)),
                ('billing', models.CharField(default='none', max_length=12)),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.componentgroup')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='demand.jitcall')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='group_state'), models.Index(condition=models.Q(('matching', 'unmatched'), ('state', 'created')), fields=['site', 'call'], name='unmatched')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('created', 'released', 'ready', 'in_packing', 'packed', 'on_delivery', 'issued', 'billed', 'completed', 'cancel_requested', 'cancelled'))), name='group_state_known'), models.CheckConstraint(condition=models.Q(('matching__in', ('matched', 'unmatched'))), name='group_matching_known'), models.CheckConstraint(condition=models.Q(('production__in', ('none', 'not_needed', 'planned', 'confirmed'))), name='group_production_known'), models.CheckConstraint(condition=models.Q(('stock_posting__in', ('none', 'posted', 'failed'))), name='group_stock_posting_known'), models.CheckConstraint(condition=models.Q(('packing__in', ('none', 'released', 'packed'))), name='group_packing_known'), models.CheckConstraint(condition=models.Q(('picking__in', ('none', 'not_needed', 'open', 'short', 'picked'))), name='group_picking_known'), models.CheckConstraint(condition=models.Q(('delivery__in', ('none', 'created'))), name='group_delivery_known'), models.CheckConstraint(condition=models.Q(('issue__in', ('none', 'issued', 'reversed'))), name='group_issue_known'), models.CheckConstraint(condition=models.Q(('asn__in', ('none', 'announced', 'withdrawn'))), name='group_asn_known'), models.CheckConstraint(condition=models.Q(('billing__in', ('none', 'billed'))), name='group_billing_known')],
            },
        ),
        migrations.CreateModel(
            name='CallRequest',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=8)),
                ('state', models.CharField(default='open', max_length=12)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('source', models.CharField(max_length=12)),
                ('was', models.JSONField(default=dict)),
                ('wanted', models.JSONField(default=dict)),
                ('changed', models.JSONField(default=dict)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('interchange_id', models.BigIntegerField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=120)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='demand.jitcall')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['site', 'id'], name='request_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('site', 'call', 'kind'), name='call_request_open_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('cancel', 'change'))), name='call_request_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'accepted', 'declined', 'superseded'))), name='call_request_state_known')],
            },
        ),
        migrations.CreateModel(
            name='PackingSlot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('group', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slot', to='demand.componentgroup')),
                ('packing_group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='demand.packinggroup')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'packing_group', 'position'), name='packing_slot_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='packing_slot_counts_from_one')],
            },
        ),
        migrations.CreateModel(
            name='SlotHistory',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('left_at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots_left', to='demand.componentgroup')),
                ('packing_group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='demand.packinggroup')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='slot_history_counts_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Component',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line_no', models.PositiveIntegerField()),
                ('customer_part_no', models.CharField(max_length=40)),
                ('order_no', models.CharField(blank=True, max_length=35)),
                ('entered_qty', milkrun.kernel.fields.QuantityField()),
                ('entered_unit', models.CharField(max_length=8)),
                ('qty', milkrun.kernel.fields.QuantityField(null=True)),
                ('matching_code', models.CharField(blank=True, max_length=24)),
                ('matching_reason', models.CharField(blank=True, max_length=200)),
                ('packed_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('issued_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('billed_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('part', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='components', to='demand.componentgroup')),
                ('agreement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.supplyagreement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'group', 'line_no'), name='component_line_once'), models.CheckConstraint(condition=models.Q(('entered_qty__gt', 0)), name='component_positive'), models.CheckConstraint(condition=models.Q(('qty', None), ('qty__gt', 0), _connector='OR'), name='component_qty_positive'), models.CheckConstraint(condition=models.Q(('packed_qty', 0), models.Q(('packed_qty__gte', 0), ('packed_qty__lte', models.F('qty'))), _connector='OR'), name='component_packed_within'), models.CheckConstraint(condition=models.Q(('issued_qty', 0), models.Q(('issued_qty__gte', 0), ('issued_qty__lte', models.F('qty'))), _connector='OR'), name='component_issued_within'), models.CheckConstraint(condition=models.Q(('billed_qty__gte', 0), ('billed_qty__lte', models.F('issued_qty'))), name='component_billed_within')],
            },
        ),
        migrations.CreateModel(
            name='MissingPart',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('reported_at', models.DateTimeField()),
                ('reported_by', models.CharField(max_length=120)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('slot', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='missing', to='demand.packingslot')),
            ],
        ),
    ]
