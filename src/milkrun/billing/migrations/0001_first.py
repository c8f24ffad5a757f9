import django.db.models.deletion
import django.db.models.expressions
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('demand', '0001_first'),
        ('partners', '0001_first'),
        ('parts', '0001_first'),
        ('shipping', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('tax_basis_points', models.PositiveIntegerField()),
                ('net_amount', models.BigIntegerField()),
                ('tax_amount', models.BigIntegerField()),
                ('gross_amount', models.BigIntegerField()),
                ('issued_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='shipping.delivery')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'issued_at', 'id'], name='invoice_issued')],
                'constraints': [models.CheckConstraint(condition=models.Q(('gross_amount', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('tax_amount')))), name='invoice_adds_up')],
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
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='demand.supplyagreement')),
                ('delivery_line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='shipping.deliveryline')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.invoice')),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='parts.part')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('site', 'invoice', 'line_no'), name='invoice_line_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('qty__gt', 0)), name='invoice_line_positive')],
            },
        ),
    ]
