"""Everything that exchange keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.identity
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0020_whole'),
        ('partners', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Interchange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('sender', models.CharField(blank=True, max_length=40)),
                ('recipient', models.CharField(blank=True, max_length=40)),
                ('control', models.CharField(blank=True, max_length=35)),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('size', models.BigIntegerField()),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(max_length=12)),
                ('dialect', models.CharField(blank=True, max_length=12)),
                ('state', models.CharField(default='stored', max_length=12)),
                ('verdict', models.CharField(blank=True, max_length=24)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('findings', models.JSONField(default=list)),
                ('received_at', models.DateTimeField()),
                ('copies', models.PositiveIntegerField(default=1)),
                ('last_copy_at', models.DateTimeField(null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['received_at', 'id'], name='interchange_received')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['stored', 'processed'])), fields=('sender', 'recipient', 'control'), name='interchange_once'), models.UniqueConstraint(fields=('partner', 'sender', 'recipient', 'control', 'sha256'), name='interchange_content_once'), models.CheckConstraint(condition=models.Q(('state__in', ('stored', 'processed', 'rejected', 'quarantined'))), name='interchange_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=32)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('role', models.CharField(blank=True, max_length=24)),
                ('document_kind', models.CharField(blank=True, max_length=24)),
                ('document_id', models.BigIntegerField(null=True)),
                ('actor', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('partner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('partner__isnull', False)), fields=['partner', 'id'], name='notification_partner'), models.Index(condition=models.Q(('role', ''), _negated=True), fields=['role', 'at'], name='notification_role'), models.Index(condition=models.Q(('user__isnull', False)), fields=['user', 'at'], name='notification_user'), models.Index(fields=['document_kind', 'document_id'], name='notification_document')],
                'constraints': [models.CheckConstraint(condition=models.Q(('partner__isnull', False), models.Q(('role', ''), _negated=True), ('user__isnull', False), _connector='OR'), name='notification_has_reader')],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('channel', models.CharField(default='folder', max_length=12)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('document_type', models.CharField(max_length=12)),
                ('document_kind', models.CharField(max_length=16)),
                ('document_id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('document_number', models.CharField(blank=True, max_length=40)),
                ('control', models.CharField(max_length=35)),
                ('file_name', models.CharField(max_length=120)),
                ('payload', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(default='queued', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('lease', models.PositiveIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=400)),
                ('sent_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=400)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['due_at', 'id'], name='outbox_due'), models.Index(fields=['partner', 'state', 'id'], name='outbox_partner'), models.Index(fields=['document_kind', 'document_id'], name='outbox_document')],
                'constraints': [models.UniqueConstraint(fields=('document_type', 'document_kind', 'document_id', 'version'), name='outbox_document_once'), models.UniqueConstraint(fields=('partner', 'control'), name='outbox_control_once'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), _negated=True), models.Q(('address', ''), _negated=True), _connector='OR'), name='outbox_email_address'), models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'sent', 'acknowledged', 'rejected', 'held'))), name='outbox_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('their_id', models.CharField(max_length=35)),
                ('their_qualifier', models.CharField(blank=True, max_length=4)),
                ('our_id', models.CharField(max_length=35)),
                ('our_qualifier', models.CharField(blank=True, max_length=4)),
                ('dialect', models.CharField(default='edifact', max_length=10)),
                ('count_errors', models.CharField(default='reject', max_length=8)),
                ('acknowledges', models.BooleanField(default=True)),
                ('despatch_advice_version', models.CharField(default='D07A', max_length=6)),
                ('invoice_version', models.CharField(default='D07A', max_length=6)),
                ('accepts_test', models.BooleanField(default=False)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('their_id', 'their_qualifier', 'our_id', 'our_qualifier'), name='agreement_parties_once'), models.CheckConstraint(condition=models.Q(('count_errors__in', ['reject', 'accept'])), name='agreement_count_errors')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('email', models.CharField(max_length=254)),
                ('kind', models.CharField(blank=True, max_length=32)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'email', 'kind'), name='contact_once'), models.CheckConstraint(condition=models.Q(('email', ''), _negated=True), name='contact_has_address')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('reference', models.CharField(blank=True, max_length=35)),
                ('type', models.CharField(max_length=12)),
                ('state', models.CharField(default='waiting', max_length=12)),
                ('verdict', models.CharField(max_length=24)),
                ('findings', models.JSONField(default=list)),
                ('outcome', models.JSONField(default=list)),
                ('interchange', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='exchange.interchange')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('interchange', 'position'), name='message_position_once'), models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'taken', 'failed', 'ignored'))), name='message_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('address', models.CharField(max_length=254)),
                ('token', models.CharField(max_length=32, unique=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('notification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='exchange.notification')),
                ('outbox', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mail', to='exchange.outboxmessage')),
            ],
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('notification', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='exchange.notification')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notification', 'user'), name='reading_once')],
            },
        ),
    ]
