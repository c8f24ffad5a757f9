import django.db.models.deletion
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0001_first'),
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
            ],
            options={
                'indexes': [],
                'constraints': [],
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
                'indexes': [],
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
                'indexes': [],
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
                'indexes': [],
            },
        ),
    ]
