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
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=120)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=12)),
                ('packing_group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.packinggroup')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'due_at', 'id'], name='job_due')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='job_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'done', 'cancelled'))), name='job_state_known')],
            },
        ),
        migrations.CreateModel(
            name='JobLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('good_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('scrap_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='demand.component')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='production.job')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('site', 'job', 'position'), name='job_line_once'), models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='job_line_positive'), models.CheckConstraint(condition=models.Q(('good_qty__gte', 0), ('good_qty__lte', models.F('qty')), ('scrap_qty__gte', 0)), name='job_line_within')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('good_qty', milkrun.kernel.fields.QuantityField()),
                ('scrap_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('scrap_reason', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('state', models.CharField(default='pending', max_length=8)),
                ('posting_id', models.BigIntegerField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('failure_code', models.CharField(blank=True, max_length=40)),
                ('failure', models.CharField(blank=True, max_length=400)),
                ('failure_facts', models.JSONField(default=dict)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='production.jobline')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='confirmation_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('good_qty__gte', 0), ('scrap_qty__gte', 0), models.Q(('good_qty__gt', 0), ('scrap_qty__gt', 0), _connector='OR')), name='confirmation_reports_something'), models.CheckConstraint(condition=models.Q(('state__in', ('pending', 'posted', 'failed'))), name='confirmation_state_known')],
            },
        ),
    ]
