"""Everything that purchasing keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

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
            name='PurchaseOrder',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=35)),
                ('state', models.CharField(default='open', max_length=12)),
                ('expected_on', models.DateField()),
                ('over_basis_points', models.PositiveIntegerField(default=0)),
                ('placed_at', models.DateTimeField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'expected_on', 'id'], name='purchase_order_expected')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='purchase_order_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'received', 'closed'))), name='purchase_order_state_known'), models.CheckConstraint(condition=models.Q(('over_basis_points__lte', 10000)), name='purchase_order_tolerance')],
            },
        ),
        migrations.CreateModel(
            name='PurchaseOrderLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('position', models.PositiveIntegerField()),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('received_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('expected_on', models.DateField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='purchasing.purchaseorder')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'part', 'id'], name='purchase_line_part')],
                'constraints': [models.UniqueConstraint(fields=('site', 'order', 'position'), name='purchase_line_position_once'), models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='purchase_line_positive'), models.CheckConstraint(condition=models.Q(('received_qty__gte', 0)), name='purchase_line_received_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('state', models.CharField(default='posted', max_length=12)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('note_no', models.CharField(blank=True, max_length=35)),
                ('received_at', models.DateTimeField()),
                ('received_by', models.CharField(max_length=120)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='purchasing.purchaseorderline')),
                ('posting', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.posting')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'received_at'], name='receipt_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='receipt_positive'), models.CheckConstraint(condition=models.Q(('state__in', ('posted', 'taken_back'))), name='receipt_state_known')],
            },
        ),
    ]
