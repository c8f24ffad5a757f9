"""Everything that connections keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import django.db.models.expressions
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedPosition',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ConnectionDay',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=60)),
                ('day', models.DateField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField(null=True)),
                ('last_failed_at', models.DateTimeField(null=True)),
                ('event_at', models.DateTimeField(null=True)),
                ('lag_seconds', models.BigIntegerField(null=True)),
                ('worst_lag_seconds', models.BigIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'day'), name='connection_day_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('edi', 'token', 'webhook', 'drop'))), name='connection_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='ConnectionFault',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('what', models.CharField(max_length=80)),
                ('code', models.CharField(max_length=48)),
                ('detail', models.CharField(max_length=400)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'key', 'id'], name='connection_fault_newest'), models.Index(fields=['at'], name='connection_fault_at')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('feed', models.CharField(max_length=40)),
                ('entry', models.BigIntegerField()),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('payload', models.BinaryField()),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('feed', 'entry', 'kind'), name='event_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=12)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('reading', models.JSONField(default=dict)),
                ('rows_read', models.PositiveIntegerField()),
                ('rows_new', models.PositiveIntegerField(default=0)),
                ('rows_changed', models.PositiveIntegerField(default=0)),
                ('rows_same', models.PositiveIntegerField(default=0)),
                ('rows_refused', models.PositiveIntegerField(default=0)),
                ('refusal', models.CharField(blank=True, max_length=400)),
                ('header', models.JSONField(default=list)),
                ('actor', models.CharField(max_length=120)),
                ('event_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'kind', 'sha256', 'id'], name='import_run_content'), models.Index(fields=['site', 'id'], name='import_run_site')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('items', 'bom', 'stock', 'calls', 'orders', 'receipts'))), name='import_kind_known'), models.CheckConstraint(condition=models.Q(('rows_read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('rows_new'), '+', models.F('rows_changed')), '+', models.F('rows_same')), '+', models.F('rows_refused')))), name='import_rows_accounted_for')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('url', models.CharField(max_length=400)),
                ('kinds', models.JSONField(default=list)),
                ('state', models.CharField(default='active', max_length=12)),
                ('secret_version', models.PositiveIntegerField(default=1)),
                ('former_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('failing_since', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('active', 'paused', 'disabled', 'removed'))), name='webhook_state_known')],
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line', models.PositiveIntegerField()),
                ('cells', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='connections.importrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'line'), name='set_aside_once')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(default='queued', max_length=12)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease', models.PositiveIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('last_status', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=400)),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='connections.event')),
                ('webhook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='connections.webhook')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['webhook', 'id'], name='note_queue'), models.Index(fields=['webhook', 'state', 'id'], name='note_state'), models.Index(fields=['event'], name='note_event')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'event'), name='note_once'), models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'sent', 'held'))), name='note_state_known')],
            },
        ),
    ]
