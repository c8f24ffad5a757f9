"""Everything that printing keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
        ('stock', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Printer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('code', models.CharField(max_length=20)),
                ('place', models.CharField(blank=True, max_length=80)),
                ('host', models.CharField(max_length=120)),
                ('port', models.PositiveIntegerField(default=9100)),
                ('active', models.BooleanField(default=True)),
                ('says_goodbye', models.BooleanField(default=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='printer_code_once'), models.CheckConstraint(condition=models.Q(('port__gte', 1), ('port__lte', 65535)), name='printer_port_possible')],
            },
        ),
        migrations.CreateModel(
            name='LabelTemplate',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=80)),
                ('layout', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.CharField(max_length=120)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('partner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('partner', None)), fields=('name', 'version'), name='company_template_version_once'), models.UniqueConstraint(fields=('name', 'partner', 'version'), name='customer_template_version_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='template_version_counts_from_one')],
            },
        ),
        migrations.CreateModel(
            name='PrintJob',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('template', models.CharField(max_length=40)),
                ('template_version', models.PositiveIntegerField(default=0)),
                ('layout', models.JSONField()),
                ('data', models.JSONField()),
                ('typed', models.JSONField(default=list)),
                ('copy_no', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('state', models.CharField(default='queued', max_length=8)),
                ('unsure', models.BooleanField(default=False)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=400)),
                ('lease', models.PositiveIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=120)),
                ('device', models.CharField(blank=True, max_length=120)),
                ('sent_at', models.DateTimeField(null=True)),
                ('hu', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='stock.handlingunit')),
                ('printer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='printing.printer')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'hu', 'id'], name='print_job_of_unit'), models.Index(fields=['site', '-id'], name='print_job_newest'), models.Index(condition=models.Q(('state', 'queued')), fields=['site', 'printer', 'id'], name='print_job_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'sent', 'failed'))), name='print_job_state_known'), models.CheckConstraint(condition=models.Q(('copy_no__gte', 1)), name='print_job_copy_counts_from_one'), models.UniqueConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), ('unsure', True), _connector='OR'), fields=('site', 'hu', 'template', 'copy_no'), name='print_job_copy_once'), models.CheckConstraint(condition=models.Q(('printer', None), ('state', 'queued'), _negated=True), name='print_job_waits_for_a_printer')],
            },
        ),
    ]
