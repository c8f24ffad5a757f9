"""Everything that configuration keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AutomaticStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('partner_code', models.CharField(max_length=20)),
                ('step', models.CharField(max_length=24)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner_code', 'step'), name='automatic_step_once'), models.CheckConstraint(condition=models.Q(('step__in', ('release_call', 'release_for_packing'))), name='automatic_step_known')],
            },
        ),
        migrations.CreateModel(
            name='ExtraField',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('noun', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=24)),
                ('label', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=8)),
                ('choices', models.JSONField(default=list)),
                ('position', models.PositiveIntegerField(default=0)),
                ('retired', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('noun', 'key'), name='extra_field_once'), models.CheckConstraint(condition=models.Q(('noun__in', ('call', 'part', 'delivery', 'job', 'partner'))), name='extra_field_noun_known'), models.CheckConstraint(condition=models.Q(('kind__in', ('text', 'number', 'date', 'choice', 'yes_no'))), name='extra_field_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='StateWord',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('noun', models.CharField(max_length=24)),
                ('state', models.CharField(max_length=24)),
                ('language', models.CharField(max_length=8)),
                ('word', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('noun', 'state', 'language'), name='state_word_once')],
            },
        ),
        migrations.CreateModel(
            name='ExtraValue',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('row_id', models.BigIntegerField()),
                ('value', models.CharField(max_length=200)),
                ('field', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='values', to='configuration.extrafield')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('field', 'row_id'), name='extra_value_once')],
            },
        ),
    ]
