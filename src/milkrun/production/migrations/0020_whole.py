"""Everything that production keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import django.db.models.expressions
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('demand', '0020_whole'),
        ('partners', '0020_whole'),
        ('partners', '__first__'),
        ('parts', '0020_whole'),
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
                ('priority', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('state', models.CharField(default='open', max_length=12)),
                ('signal', models.CharField(default='call', max_length=12)),
                ('signal_text', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('started_at', models.DateTimeField(null=True)),
                ('packing_group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.packinggroup')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'due_at', 'id'], name='job_due')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='job_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'paused', 'done', 'closed', 'cancelled'))), name='job_state_known'), models.CheckConstraint(condition=models.Q(('signal__in', ('call', 'release', 'kanban', 'buffer', 'stock', 'repetitive', 'manual'))), name='job_signal_known'), models.CheckConstraint(condition=models.Q(('reason', ''), ('signal', 'manual'), _negated=True), name='job_by_hand_says_why')],
            },
        ),
        migrations.CreateModel(
            name='ProductionRun',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=20)),
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField()),
                ('good_qty', milkrun.kernel.fields.QuantityField()),
                ('scrap_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('work_centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='parts.workcentre')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'at', 'id'], name='run_at')],
                'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='run_number_once'), models.CheckConstraint(condition=models.Q(('good_qty__gte', 0), ('scrap_qty__gte', 0), models.Q(('good_qty__gt', 0), ('scrap_qty__gt', 0), _connector='OR')), name='run_made_something'), models.CheckConstraint(condition=models.Q(('to_at__gte', models.F('from_at'))), name='run_period_forward')],
            },
        ),
        migrations.CreateModel(
            name='ScrapReason',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=24)),
                ('name', models.CharField(max_length=80)),
                ('active', models.BooleanField(default=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='scrap_reason_once')],
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
                ('rework_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('dropped_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('component', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='demand.component')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='production.job')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'job', 'position'), name='job_line_once'), models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='job_line_positive'), models.CheckConstraint(condition=models.Q(('good_qty__gte', 0), ('good_qty__lte', models.F('qty')), ('scrap_qty__gte', 0)), name='job_line_within'), models.CheckConstraint(condition=models.Q(('dropped_qty__gte', 0), ('qty__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('good_qty'), '+', models.F('rework_qty')), '+', models.F('dropped_qty'))), ('rework_qty__gte', 0)), name='job_line_parts_within')],
            },
        ),
        migrations.CreateModel(
            name='RefusedReport',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('what', models.CharField(max_length=40)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('content', models.JSONField(default=dict)),
                ('code', models.CharField(max_length=40)),
                ('message', models.CharField(max_length=400)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('state', models.CharField(default='open', max_length=8)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=120)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refused_reports', to='production.job')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='refused_report_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('open', 'settled'))), name='refused_report_state_known'), models.CheckConstraint(condition=models.Q(('note', ''), ('state', 'settled'), _negated=True), name='refused_report_settled_with_note')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('good_qty', milkrun.kernel.fields.QuantityField()),
                ('scrap_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('rework_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('from_rework_qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('scrap_reason', models.CharField(blank=True, max_length=120)),
                ('lot_no', models.CharField(blank=True, max_length=40)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('state', models.CharField(default='pending', max_length=8)),
                ('posting_id', models.BigIntegerField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('failure_code', models.CharField(blank=True, max_length=40)),
                ('failure', models.CharField(blank=True, max_length=400)),
                ('failure_facts', models.JSONField(default=dict)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='production.jobline')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='production.productionrun')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='confirmation_state'), models.Index(fields=['site', 'at'], name='confirmation_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_rework_qty__gte', 0), ('good_qty__gte', 0), ('rework_qty__gte', 0), ('scrap_qty__gte', 0), models.Q(('good_qty__gt', 0), ('scrap_qty__gt', 0), ('rework_qty__gt', 0), _connector='OR'), ('from_rework_qty__lte', django.db.models.expressions.CombinedExpression(models.F('good_qty'), '+', models.F('scrap_qty')))), name='confirmation_reports_something'), models.CheckConstraint(condition=models.Q(('state__in', ('pending', 'posted', 'failed', 'reversed'))), name='confirmation_state_known')],
            },
        ),
        migrations.CreateModel(
            name='StepReport',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('step_no', models.PositiveIntegerField()),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('source', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='step_reports', to='production.jobline')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('work_centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='parts.workcentre')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='step_report_positive')],
            },
        ),
    ]
