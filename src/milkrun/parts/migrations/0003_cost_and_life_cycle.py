"""Parts get a standard cost, a stage of life with its end, a successor and a shelf life."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parts", "0002_making"),
    ]

    operations = [
        migrations.AddField(
            model_name="part",
            name="cost_basis",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="part",
            name="cost_currency",
            field=models.CharField(default="EUR", max_length=3),
        ),
        migrations.AddField(
            model_name="part",
            name="cost_minor",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="obsolete_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="shelf_life_days",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="stage",
            field=models.CharField(default="active", max_length=12),
        ),
        migrations.AddField(
            model_name="part",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="parts.part",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cost_minor", None), models.Q(("cost_basis__gte", 1), ("cost_minor__gte", 0)), _connector="OR"
                ),
                name="part_cost_possible",
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ("coming", "active", "ending", "obsolete"))), name="part_stage_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", models.F("id")), _negated=True), name="part_not_its_own_successor"
            ),
        ),
    ]
