"""Everything that kernel keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

from django.db import migrations, models

from milkrun.kernel.append_only import protect
from milkrun.kernel.horizon import mark_writers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='NumberFormat',
            fields=[
                ('kind', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('prefix', models.CharField(blank=True, max_length=6)),
                ('digits', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='TaskStatus',
            fields=[
                ('name', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=400)),
                ('result', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('user_id', models.BigIntegerField(null=True)),
                ('via', models.CharField(max_length=12)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('action', models.CharField(max_length=48)),
                ('subject_kind', models.CharField(max_length=32)),
                ('subject_id', models.BigIntegerField()),
                ('site_id', models.BigIntegerField(null=True)),
                ('before', models.CharField(blank=True, max_length=24)),
                ('after', models.CharField(blank=True, max_length=24)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'id'], name='journal_subject'), models.Index(fields=['at'], name='journal_at')],
            },
        ),
        migrations.CreateModel(
            name='RequestKey',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scope', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=120)),
                ('body_hash', models.CharField(max_length=64)),
                ('result', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='request_key_at')],
                'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='request_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64, unique=True)),
                ('last', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last__gte', 0)), name='series_counts_up')],
            },
        ),
        protect("kernel_journalentry"),
        # 0x4D53, one above the class of the movement feed.
        mark_writers("kernel_journalentry", 19795),
    ]
