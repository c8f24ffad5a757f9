"""Everything that shipping keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import django.db.models.functions.comparison
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models

from milkrun.kernel.append_only import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('demand', '0020_whole'),
        ('partners', '0020_whole'),
        ('parts', '0020_whole'),
        ('stock', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=20)),
                ('unloading_point', models.CharField(blank=True, max_length=35)),
                ('state', models.CharField(default='open', max_length=12)),
                ('picking_needed', models.BooleanField(default=True)),
                ('due_at', models.DateTimeField()),
                ('priority', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('created_at', models.DateTimeField()),
                ('issued_at', models.DateTimeField(null=True)),
                ('posting_id', models.BigIntegerField(null=True)),
                ('issues', models.PositiveIntegerField(default=0)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('ship_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.shipto')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'due_at', 'id'], name='delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='delivery_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'picked', 'issued', 'billed', 'cancelled'))), name='delivery_state_known')],
            },
        ),
        migrations.CreateModel(
            name='PickingRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('mode', models.CharField(max_length=10)),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('site'), django.db.models.functions.comparison.Coalesce('partner', 0), name='picking_rule_once'), models.CheckConstraint(condition=models.Q(('mode__in', ['station', 'warehouse', 'external'])), name='picking_rule_mode_known')],
            },
        ),
        migrations.CreateModel(
            name='ShippingRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('asn_by_hand', models.BooleanField(default=False)),
                ('transit_minutes', models.PositiveIntegerField(default=0)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='shipping_rule', to='partners.partner')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('transit_minutes__lte', 43200)), name='shipping_rule_a_month_at_most')],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=20)),
                ('state', models.CharField(default='open', max_length=12)),
                ('external', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=120)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='wave_by_state')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='wave_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'done', 'cancelled'))), name='wave_state_known')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line_no', models.PositiveIntegerField()),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('live', models.BooleanField(default=True)),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='demand.component')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='shipping.delivery')),
                ('hu', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='stock.handlingunit')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'delivery', 'line_no'), name='delivery_line_once'), models.UniqueConstraint(condition=models.Q(('live', True)), fields=('site', 'component'), name='component_delivered_once'), models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='delivery_line_positive')],
            },
        ),
        migrations.CreateModel(
            name='PickTask',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('picked_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('state', models.CharField(default='open', max_length=12)),
                ('handled_by', models.CharField(blank=True, max_length=120)),
                ('handled_via', models.CharField(blank=True, max_length=12)),
                ('handled_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('balance', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.balance')),
                ('component', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.component')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='shipping.delivery')),
                ('from_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('hu', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.handlingunit')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('to_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='shipping.wave')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='pick_task_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('component__isnull', False), ('state', 'open')), fields=('site', 'component', 'balance'), name='pick_task_of_goods_once'), models.UniqueConstraint(condition=models.Q(('hu__isnull', False), ('state', 'open')), fields=('site', 'hu'), name='pick_task_of_unit_once'), models.CheckConstraint(condition=models.Q(models.Q(('balance__isnull', False), ('component__isnull', False), ('delivery', None), ('hu', None)), models.Q(('balance', None), ('component', None), ('delivery__isnull', False), ('hu__isnull', False)), _connector='OR'), name='pick_task_is_goods_or_unit'), models.CheckConstraint(condition=models.Q(('picked_qty__gte', 0), ('picked_qty__lte', models.F('qty')), ('qty__gt', 0)), name='pick_task_within'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'picked', 'short', 'cancelled'))), name='pick_task_state_known')],
            },
        ),
        migrations.CreateModel(
            name='ShippingNotice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('function', models.CharField(max_length=8)),
                ('number', models.CharField(max_length=35, unique=True)),
                ('posting_id', models.BigIntegerField()),
                ('snapshot', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('delivery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='shipping.delivery')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('delivery', 'version'), name='notice_version_once'), models.UniqueConstraint(fields=('posting_id',), name='notice_posting_once'), models.CheckConstraint(condition=models.Q(('function__in', ['original', 'cancel'])), name='notice_function_known')],
            },
        ),
        migrations.CreateModel(
            name='PickIssue',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=8)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('source', models.CharField(max_length=120)),
                ('text', models.CharField(max_length=400)),
                ('state', models.CharField(default='open', max_length=8)),
                ('created_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=120)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='shipping.picktask')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='pick_issue_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('site', 'kind', 'task'), name='pick_issue_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['short', 'late'])), name='pick_issue_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'settled'))), name='pick_issue_state_known')],
            },
        ),
        protect("shipping_shippingnotice"),
    ]
