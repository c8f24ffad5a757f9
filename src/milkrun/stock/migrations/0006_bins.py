"""Places know their zone, their order of picking, what they take and cost; parts how they are kept at a site."""

import django.db.models.deletion
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models
from typing import Any


def give_ids(apps: Any, schema_editor: Any) -> None:
    """Give each place a random id of its own."""
    places = apps.get_model("stock", "Location")
    for place in places.objects.iterator(chunk_size=2000):
        place.public_id = milkrun.kernel.identity.new_public_id()
        place.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_first"),
        ("parts", "0003_cost_and_life_cycle"),
        ("stock", "0005_handling_unit_states"),
    ]

    operations = [
        migrations.CreateModel(
            name="StorageRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("inspect", models.BooleanField(default=False)),
                ("per_place", milkrun.kernel.fields.QuantityField(null=True)),
                ("dwell_limit_days", models.PositiveIntegerField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="location",
            name="area_m2",
            field=milkrun.kernel.fields.QuantityField(default=0),
        ),
        migrations.AddField(
            model_name="location",
            name="cost_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="location",
            name="currency",
            field=models.CharField(default="EUR", max_length=3),
        ),
        migrations.AddField(
            model_name="location",
            name="pallet_places",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="location",
            name="pick_sequence",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="location",
            name="public_id",
            field=models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16),
        ),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="location",
            name="public_id",
            field=models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True),
        ),
        migrations.AddField(
            model_name="location",
            name="risk_limit_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="location",
            name="zone",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_m2__gte", 0), ("cost_minor__gte", 0), ("risk_limit_minor__gte", 0)),
                name="location_limits_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="storagerule",
            name="fixed_location",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stock.location",
            ),
        ),
        migrations.AddField(
            model_name="storagerule",
            name="part",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parts.part"),
        ),
        migrations.AddField(
            model_name="storagerule",
            name="site",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="partners.site"),
        ),
        migrations.AddConstraint(
            model_name="storagerule",
            constraint=models.UniqueConstraint(fields=("site", "part"), name="storage_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="storagerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_place", None), ("per_place__gt", 0), _connector="OR"),
                name="storage_rule_fills",
            ),
        ),
    ]
