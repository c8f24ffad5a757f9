"""Everything that billing keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import django.db.models.expressions
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('demand', '0020_whole'),
        ('partners', '0020_whole'),
        ('parts', '0020_whole'),
        ('shipping', '0020_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(default='invoice', max_length=12)),
                ('state', models.CharField(default='issued', max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('tax_basis_points', models.PositiveIntegerField()),
                ('net_amount', models.BigIntegerField()),
                ('tax_amount', models.BigIntegerField()),
                ('gross_amount', models.BigIntegerField()),
                ('issued_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('due_on', models.DateField(null=True)),
                ('channel', models.CharField(default='edi', max_length=12)),
                ('snapshot', models.JSONField(default=dict)),
                ('dispatched_at', models.DateTimeField(null=True)),
                ('credits', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='billing.invoice')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='shipping.delivery')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'issued_at', 'id'], name='invoice_issued'), models.Index(condition=models.Q(('dispatched_at', None)), fields=['site', 'id'], name='invoice_to_prepare')],
                'constraints': [models.CheckConstraint(condition=models.Q(('gross_amount', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('tax_amount')))), name='invoice_adds_up'), models.CheckConstraint(condition=models.Q(('state__in', ('issued', 'cancelled'))), name='invoice_state_known'), models.CheckConstraint(condition=models.Q(('channel__in', ('edi', 'ubl', 'email', 'self_billing'))), name='invoice_channel_known'), models.CheckConstraint(condition=models.Q(models.Q(('credits', None), ('kind', 'invoice')), models.Q(('credits__isnull', False), ('kind', 'credit_note')), _connector='OR'), name='invoice_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='BillingRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('grouping', models.CharField(default='delivery', max_length=12)),
                ('channel', models.CharField(default='edi', max_length=12)),
                ('terms_days', models.PositiveIntegerField(default=30)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('postal_code', models.CharField(blank=True, max_length=12)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='billing_rule', to='partners.partner')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('grouping__in', ('delivery', 'day', 'week', 'order'))), name='billing_rule_grouping'), models.CheckConstraint(condition=models.Q(('channel__in', ('edi', 'ubl', 'email', 'self_billing'))), name='billing_rule_channel'), models.CheckConstraint(condition=models.Q(('terms_days__lte', 365)), name='billing_rule_terms')],
            },
        ),
        migrations.CreateModel(
            name='InvoiceLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line_no', models.PositiveIntegerField()),
                ('qty', milkrun.kernel.fields.QuantityField()),
                ('price_minor', models.BigIntegerField()),
                ('price_basis', models.PositiveIntegerField()),
                ('amount', models.BigIntegerField()),
                ('live', models.BooleanField(default=True)),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='demand.supplyagreement')),
                ('credits', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credited_by', to='billing.invoiceline')),
                ('delivery_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='shipping.deliveryline')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.invoice')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'invoice', 'line_no'), name='invoice_line_once'), models.UniqueConstraint(condition=models.Q(('live', True)), fields=('site', 'delivery_line'), name='delivery_line_billed_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('qty__gt', 0)), name='invoice_line_positive'), models.CheckConstraint(condition=models.Q(('live', False), ('credits', None), _connector='OR'), name='credit_line_not_live')],
            },
        ),
    ]
