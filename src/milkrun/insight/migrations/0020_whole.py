"""Everything that insight keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
        ('partners', '__first__'),
        ('parts', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('built_in', models.CharField(blank=True, max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('metric', models.CharField(max_length=40)),
                ('comparison', models.CharField(max_length=8)),
                ('threshold', milkrun.kernel.fields.QuantityField()),
                ('place', models.CharField(blank=True, max_length=24)),
                ('tone', models.CharField(default='act', max_length=8)),
                ('channel', models.CharField(default='in_app', max_length=8)),
                ('owner_role', models.CharField(blank=True, max_length=24)),
                ('repeat_minutes', models.PositiveIntegerField(default=0)),
                ('escalate_minutes', models.PositiveIntegerField(default=0)),
                ('escalate_role', models.CharField(blank=True, max_length=24)),
                ('active', models.BooleanField(default=True)),
                ('muted_until', models.DateTimeField(null=True)),
                ('muted_why', models.CharField(blank=True, max_length=200)),
                ('muted_by', models.CharField(blank=True, max_length=120)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('built_in', ''), _negated=True), fields=('built_in',), name='alert_rule_built_in_once'), models.CheckConstraint(condition=models.Q(('comparison__in', ('below', 'above'))), name='alert_rule_comparison_known'), models.CheckConstraint(condition=models.Q(('channel__in', ('in_app', 'notice'))), name='alert_rule_channel_known'), models.CheckConstraint(condition=models.Q(('tone__in', ('act', 'watch'))), name='alert_rule_tone_known'), models.CheckConstraint(condition=models.Q(models.Q(('owner_role', ''), _negated=True), ('owner__isnull', False), _connector='OR'), name='alert_rule_has_owner'), models.CheckConstraint(condition=models.Q(('escalate_minutes', 0), models.Q(('escalate_role', ''), _negated=True), _connector='OR'), name='alert_rule_escalates_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='CallHour',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('hour', models.DateTimeField()),
                ('arrivals', models.PositiveIntegerField(default=0)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'partner', 'hour'), name='call_hour_once'), models.CheckConstraint(condition=models.Q(('arrivals__gte', 1)), name='call_hour_heard_something')],
            },
        ),
        migrations.CreateModel(
            name='CallPulse',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('zone', models.CharField(max_length=40)),
                ('last_at', models.DateTimeField()),
                ('last_call_id', models.BigIntegerField()),
                ('rhythm', models.JSONField(default=list)),
                ('learnt_on', models.DateField(null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'partner'), name='call_pulse_once')],
            },
        ),
        migrations.CreateModel(
            name='Stockout',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('started_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('unmet_qty', milkrun.kernel.fields.QuantityField()),
                ('peak_qty', milkrun.kernel.fields.QuantityField()),
                ('demands', models.JSONField(default=dict)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'id'], name='stockout_by_site')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('site', 'part'), name='stockout_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('unmet_qty__gt', 0)), models.Q(('closed_at__isnull', False), ('unmet_qty', 0)), _connector='OR'), name='stockout_open_while_unmet'), models.CheckConstraint(condition=models.Q(('peak_qty__gt', 0)), name='stockout_missed_something')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('subject_kind', models.CharField(max_length=16)),
                ('subject_id', models.BigIntegerField()),
                ('subject_public_id', models.CharField(blank=True, max_length=16)),
                ('subject_label', models.CharField(max_length=80)),
                ('facts', models.JSONField(default=dict)),
                ('mark', models.CharField(blank=True, max_length=24)),
                ('tone', models.CharField(max_length=8)),
                ('since', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('owner_role', models.CharField(blank=True, max_length=24)),
                ('opened_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('times_told', models.PositiveIntegerField(default=1)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_why', models.CharField(blank=True, max_length=40)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('partner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='insight.alertrule')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['site', 'id'], name='alert_open'), models.Index(fields=['site', 'closed_at', 'id'], name='alert_closed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('site', 'rule', 'subject_kind', 'subject_id'), name='alert_one_open_for_a_cause'), models.CheckConstraint(condition=models.Q(('tone__in', ('act', 'watch'))), name='alert_tone_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_why', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='alert_closed_for_a_reason')],
            },
        ),
    ]
