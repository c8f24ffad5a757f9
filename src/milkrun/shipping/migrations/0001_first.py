import django.db.models.deletion
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('demand', '0001_first'),
        ('partners', '0001_first'),
        ('parts', '0001_first'),
        ('stock', '0001_first'),
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
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('site', 'delivery', 'line_no'), name='delivery_line_once'), models.UniqueConstraint(condition=models.Q(('live', True)), fields=('site', 'component'), name='component_delivered_once'), models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='delivery_line_positive')],
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
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('delivery', 'version'), name='notice_version_once'), models.UniqueConstraint(fields=('posting_id',), name='notice_posting_once'), models.CheckConstraint(condition=models.Q(('function__in', ['original', 'cancel'])), name='notice_function_known')],
            },
        ),
    ]
