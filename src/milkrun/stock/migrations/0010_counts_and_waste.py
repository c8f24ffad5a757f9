"""Count lists with what was counted and what the book said, and goods that were written off by cause."""

import django.db.models.deletion
import django.db.models.functions.comparison
import milkrun.kernel.fields
import milkrun.kernel.identity
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_token_sites_and_rate"),
        ("parts", "0003_cost_and_life_cycle"),
        ("stock", "0009_movements_by_lot"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountList",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True),
                ),
                ("number", models.CharField(max_length=24)),
                ("title", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(default="open", max_length=12)),
                ("created_at", models.DateTimeField()),
                (
                    "site",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="partners.site"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("state", models.CharField(default="open", max_length=12)),
                ("round", models.PositiveIntegerField(default=1)),
                ("counted_qty", milkrun.kernel.fields.QuantityField(null=True)),
                ("book_qty", milkrun.kernel.fields.QuantityField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("counted_by", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "location",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="stock.location"),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="stock.lot"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parts.part"),
                ),
                (
                    "posting",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stock.posting"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="partners.site"),
                ),
                (
                    "count",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="stock.countlist",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WriteOff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.CharField(default=milkrun.kernel.identity.new_public_id, max_length=16, unique=True),
                ),
                ("qty", milkrun.kernel.fields.QuantityField()),
                ("cause", models.CharField(max_length=12)),
                ("value_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="stock.lot"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parts.part"),
                ),
                (
                    "posting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="write_off", to="stock.posting"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="partners.site"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CountEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("round", models.PositiveIntegerField()),
                ("qty", milkrun.kernel.fields.QuantityField()),
                ("book_qty", milkrun.kernel.fields.QuantityField()),
                ("counted_at", models.DateTimeField()),
                ("counted_by", models.CharField(max_length=120)),
                (
                    "site",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="partners.site"),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="stock.countline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("site", "line", "round"), name="count_entry_once"),
                    models.CheckConstraint(condition=models.Q(("qty__gte", 0)), name="count_entry_not_negative"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="countlist",
            index=models.Index(fields=["site", "state", "id"], name="count_list_by_state"),
        ),
        migrations.AddConstraint(
            model_name="countlist",
            constraint=models.UniqueConstraint(fields=("site", "number"), name="count_list_number_once"),
        ),
        migrations.AddConstraint(
            model_name="countlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "closed"))), name="count_list_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                models.F("site"),
                models.F("count"),
                models.F("location"),
                models.F("part"),
                django.db.models.functions.comparison.Coalesce("lot", 0),
                name="count_line_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "agreed", "differs", "posted", "taken_back"))),
                name="count_line_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_qty", None), ("counted_qty__gte", 0), _connector="OR"),
                name="count_line_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="writeoff",
            index=models.Index(fields=["site", "at", "id"], name="write_off_by_time"),
        ),
        migrations.AddConstraint(
            model_name="writeoff",
            constraint=models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="write_off_positive"),
        ),
        migrations.AddConstraint(
            model_name="writeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ("damaged", "obsolete", "expired", "unsold"))),
                name="write_off_cause_known",
            ),
        ),
    ]
