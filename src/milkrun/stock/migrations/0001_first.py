import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import milkrun.kernel.fields
import milkrun.kernel.identity
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0001_first'),
        ('parts', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sscc',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sscc', models.CharField(max_length=18, unique=True)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=24)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('kind', models.CharField(max_length=12)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='location_code_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('storage', 'line', 'packing', 'dock', 'production', 'supplier', 'customer', 'scrap', 'difference'))), name='location_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField()),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
            ],
            options={
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('part', 'number'), name='lot_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=24)),
                ('document_kind', models.CharField(blank=True, max_length=16)),
                ('document_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=120)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='stock.posting')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'document_kind', 'document_id'], name='posting_document')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reverses', models.F('id')), _negated=True), name='posting_not_its_own_contra')],
            },
        ),
        migrations.CreateModel(
            name='DaySummary',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=24)),
                ('qty', milkrun.kernel.fields.QuantityField(default=0)),
                ('movements', models.BigIntegerField(default=0)),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'day', 'kind', 'part'), name='day_summary_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='HandlingUnit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('sscc', models.CharField(max_length=18, unique=True)),
                ('kind', models.CharField(default='rack', max_length=12)),
                ('state', models.CharField(default='open', max_length=12)),
                ('handled_by', models.CharField(blank=True, max_length=120)),
                ('handled_at', models.DateTimeField(null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='stock.handlingunit')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='stock.location')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'state', 'id'], name='handling_unit_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('open', 'closed', 'picked', 'issued'))), name='handling_unit_state_known'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='handling_unit_not_in_itself')],
            },
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('on_hand', milkrun.kernel.fields.QuantityField(default=0)),
                ('reserved', milkrun.kernel.fields.QuantityField(default=0)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('hu', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contents', to='stock.handlingunit')),
                ('location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='stock.location')),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.lot')),
            ],
            options={
                'indexes': [],
                'constraints': [models.UniqueConstraint(models.F('site'), models.F('part'), models.F('location'), django.db.models.functions.comparison.Coalesce('lot', 0), django.db.models.functions.comparison.Coalesce('owner', 0), django.db.models.functions.comparison.Coalesce('hu', 0), name='balance_once'), models.CheckConstraint(condition=models.Q(('on_hand__lte', Decimal('1000000000000'))), name='balance_not_too_large'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='balance_not_negative'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='balance_reserved_not_negative'), models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='balance_reserved_within')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('state', models.CharField(default='open', max_length=8)),
                ('purpose_kind', models.CharField(max_length=16)),
                ('purpose_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField()),
                ('balance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='stock.balance')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'purpose_kind', 'purpose_id'], name='reservation_purpose')],
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='reservation_positive'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'posted', 'voided'))), name='reservation_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('entered_qty', milkrun.kernel.fields.QuantityField(null=True)),
                ('entered_unit', models.CharField(blank=True, max_length=3)),
                ('from_hu', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.handlingunit')),
                ('from_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('lot', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.lot')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('to_hu', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.handlingunit')),
                ('to_location', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.location')),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stock.posting')),
                ('reservation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='stock.reservation')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'part', 'id'], name='movement_part')],
                'constraints': [models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='movement_positive'), models.CheckConstraint(condition=models.Q(models.Q(('from_location', models.F('to_location')), _negated=True), models.Q(django.db.models.lookups.Exact(django.db.models.functions.comparison.Coalesce('from_hu', 0), django.db.models.functions.comparison.Coalesce('to_hu', 0)), _negated=True), _connector='OR'), name='movement_goes_somewhere')],
            },
        ),
    ]
