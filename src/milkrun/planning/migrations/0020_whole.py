"""Everything that planning keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
        ('parts', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('why', models.CharField(max_length=120)),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('partner', None)), fields=('site', 'on'), name='closed_day_once_for_everybody'), models.UniqueConstraint(fields=('site', 'partner', 'on'), name='closed_day_once')],
            },
        ),
        migrations.CreateModel(
            name='ItemPolicy',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('method', models.CharField(default='none', max_length=16)),
                ('reorder_point', milkrun.kernel.fields.QuantityField(null=True)),
                ('target_qty', milkrun.kernel.fields.QuantityField(null=True)),
                ('set_at', models.DateTimeField()),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'part'), name='item_policy_once'), models.CheckConstraint(condition=models.Q(('method__in', ('none', 'mto', 'drop_ship', 'jit', 'kanban', 'ddmrp', 'reorder_point', 'vmi', 'crp', 'consignment', 'jic'))), name='item_policy_method_known'), models.CheckConstraint(condition=models.Q(('reorder_point', None), ('reorder_point__gte', 0), _connector='OR'), name='item_policy_reorder_not_negative'), models.CheckConstraint(condition=models.Q(('target_qty', None), ('reorder_point', None), ('target_qty__gte', models.F('reorder_point')), _connector='OR'), name='item_policy_target_above_reorder')],
            },
        ),
    ]
