"""Everything that partners keeps, made at once. The steps before the first release, 0001 to 0019, are in it."""

import django.db.models.deletion
import milkrun.kernel.identity
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('prefix', models.CharField(max_length=12, unique=True)),
                ('secret_hash', models.CharField(max_length=64)),
                ('scopes', models.JSONField(default=list)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(null=True)),
                ('requests_per_minute', models.PositiveIntegerField(default=600)),
            ],
        ),
        migrations.CreateModel(
            name='RoleRights',
            fields=[
                ('name', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('title', models.CharField(blank=True, max_length=40)),
                ('actions', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=12, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('zone', models.CharField(default='UTC', max_length=40)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('tax_id', models.CharField(blank=True, max_length=35)),
            ],
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('is_customer', models.BooleanField(default=True)),
                ('is_supplier', models.BooleanField(default=False)),
                ('our_number', models.CharField(blank=True, max_length=35)),
                ('tax_id', models.CharField(blank=True, max_length=35)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('tax_basis_points', models.PositiveIntegerField(default=0)),
                ('picks_sequenced_calls', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('tax_basis_points__lte', 10000)), name='partner_tax_share')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('realm', models.CharField(default='staff', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('realm__in', ['staff', 'customer', 'supplier'])), name='user_realm_known'), models.CheckConstraint(condition=models.Q(models.Q(('partner__isnull', True), ('realm', 'staff')), models.Q(models.Q(('realm', 'staff'), _negated=True), ('partner__isnull', False)), _connector='OR'), name='user_realm_has_partner')],
            },
        ),
        migrations.CreateModel(
            name='ShipTo',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=35)),
                ('name', models.CharField(max_length=80)),
                ('zone', models.CharField(default='UTC', max_length=40)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'code'), name='ship_to_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Dock',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=12)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'code'), name='dock_code_once')],
            },
        ),
        migrations.CreateModel(
            name='TokenSite',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
                ('token', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='partners.apitoken')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('token', 'site'), name='token_site_once')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=24)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('site', None)), fields=('user', 'role'), name='role_everywhere_once'), models.UniqueConstraint(fields=('user', 'role', 'site'), name='role_at_site_once')],
            },
        ),
        migrations.CreateModel(
            name='UnloadingPoint',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=35)),
                ('ship_to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='partners.shipto')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ship_to', 'code'), name='unloading_point_once')],
            },
        ),
    ]
