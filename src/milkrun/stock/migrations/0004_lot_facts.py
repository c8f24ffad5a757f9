"""Lots know what the supplier says of them and whether they may be used; places for what waits are added."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import milkrun.kernel.identity


def give_ids(apps: Any, schema_editor: Any) -> None:
    """Give each lot a random id of its own."""
    lots = apps.get_model("stock", "Lot")
    for lot in lots.objects.iterator(chunk_size=2000):
        lot.public_id = milkrun.kernel.identity.new_public_id()
        lot.save(update_fields=["public_id"])


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0001_first'),
        ('parts', '0001_first'),
        ('stock', '0003_movement_feed'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='location',
            name='location_kind_known',
        ),
        migrations.AddField(
            model_name='lot',
            name='public_id',
            field=models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16),
        ),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='lot',
            name='public_id',
            field=models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True),
        ),
        migrations.AddField(
            model_name='lot',
            name='expires_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lot',
            name='heat',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='lot',
            name='made_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lot',
            name='state',
            field=models.CharField(default='free', max_length=12),
        ),
        migrations.AddField(
            model_name='lot',
            name='state_reason',
            field=models.CharField(blank=True, default='', max_length=400),
        ),
        migrations.AddField(
            model_name='lot',
            name='supplier',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='partners.partner'),
        ),
        migrations.AddField(
            model_name='lot',
            name='supplier_lot',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('expires_on__isnull', False)), fields=['expires_on', 'id'], name='lot_by_expiry'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('supplier_lot', ''), _negated=True), fields=['supplier_lot'], name='lot_by_supplier_lot'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('heat', ''), _negated=True), fields=['heat'], name='lot_by_heat'),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('storage', 'line', 'packing', 'dock', 'staging', 'quarantine', 'production', 'supplier', 'customer', 'scrap', 'difference'))), name='location_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('free', 'blocked', 'quarantine'))), name='lot_state_known'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('made_on', None), ('expires_on', None), ('expires_on__gte', models.F('made_on')), _connector='OR'), name='lot_expires_after_it_was_made'),
        ),
    ]
