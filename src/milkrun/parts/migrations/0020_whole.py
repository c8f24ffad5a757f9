"""Everything that parts keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('description', models.CharField(blank=True, max_length=120)),
                ('base_unit', models.CharField(default='PCE', max_length=3)),
                ('made_here', models.BooleanField(default=False)),
                ('lot_tracked', models.BooleanField(default=False)),
                ('supply_location', models.CharField(blank=True, max_length=24)),
                ('make_to_order', models.BooleanField(default=False)),
                ('phantom', models.BooleanField(default=False)),
                ('cost_minor', models.BigIntegerField(blank=True, null=True)),
                ('cost_basis', models.PositiveIntegerField(default=1)),
                ('cost_currency', models.CharField(default='EUR', max_length=3)),
                ('stage', models.CharField(default='active', max_length=12)),
                ('obsolete_on', models.DateField(blank=True, null=True)),
                ('shelf_life_days', models.PositiveIntegerField(blank=True, null=True)),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='parts.part')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('cost_minor', None), models.Q(('cost_basis__gte', 1), ('cost_minor__gte', 0)), _connector='OR'), name='part_cost_possible'), models.CheckConstraint(condition=models.Q(('stage__in', ('coming', 'active', 'ending', 'obsolete'))), name='part_stage_known'), models.CheckConstraint(condition=models.Q(('successor', models.F('id')), _negated=True), name='part_not_its_own_successor')],
            },
        ),
        migrations.CreateModel(
            name='WorkCentre',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('code', models.CharField(max_length=24)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('day_minutes', models.JSONField(default=list)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='work_centre_code_once')],
            },
        ),
        migrations.CreateModel(
            name='CustomerPart',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40)),
                ('number_key', models.CharField(max_length=40)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='customer_numbers', to='parts.part')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'number_key'), name='customer_part_once')],
            },
        ),
        migrations.CreateModel(
            name='BomLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='used_in', to='parts.part')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bom', to='parts.part')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('part', 'component'), name='bom_line_once'), models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='bom_qty_positive'), models.CheckConstraint(condition=models.Q(('part', models.F('component')), _negated=True), name='bom_not_itself')],
            },
        ),
        migrations.CreateModel(
            name='PartUnit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=3)),
                ('numerator', models.BigIntegerField()),
                ('denominator', models.BigIntegerField(default=1)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='parts.part')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('part', 'code'), name='part_unit_once'), models.CheckConstraint(condition=models.Q(('denominator__gt', 0), ('numerator__gt', 0)), name='part_unit_ratio_positive')],
            },
        ),
        migrations.CreateModel(
            name='RoutingStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('step_no', models.PositiveIntegerField()),
                ('description', models.CharField(blank=True, max_length=80)),
                ('setup_minutes', milkrun.kernel.fields.QuantityField(default=0)),
                ('unit_minutes', milkrun.kernel.fields.QuantityField(default=0)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='routing', to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('work_centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='parts.workcentre')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'part', 'step_no'), name='routing_step_once'), models.CheckConstraint(condition=models.Q(('setup_minutes__gte', 0), ('step_no__gte', 1), ('unit_minutes__gte', 0)), name='routing_step_possible')],
            },
        ),
        migrations.CreateModel(
            name='WorkCentreDay',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('minutes', models.PositiveIntegerField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('work_centre', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='days', to='parts.workcentre')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'work_centre', 'day'), name='work_centre_day_once'), models.CheckConstraint(condition=models.Q(('minutes__lte', 1440)), name='work_centre_day_has_24_hours')],
            },
        ),
    ]
