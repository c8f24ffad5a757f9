"""Rows of planning: how an item is kept at a site."""

from django.db import models
from django.db.models import F, Q

from milkrun.kernel.fields import QuantityField

# How an item is replenished; what each of them does comes with the methods themselves.
METHODS = (
    "none", "mto", "drop_ship", "jit", "kanban", "ddmrp", "reorder_point", "vmi", "crp", "consignment", "jic",
)  # fmt: skip


class ItemPolicy(models.Model):
    """How a part is kept at a site. Who set what, and why, stands in the journal."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT)
    method = models.CharField(max_length=16, default="none")
    reorder_point = QuantityField(null=True)
    target_qty = QuantityField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "part"], name="item_policy_once"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="item_policy_method_known"),
            models.CheckConstraint(
                condition=Q(reorder_point=None) | Q(reorder_point__gte=0), name="item_policy_reorder_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(target_qty=None) | Q(reorder_point=None) | Q(target_qty__gte=F("reorder_point")),
                name="item_policy_target_above_reorder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.part}: {self.method}"


class ClosedDay(models.Model):
    """A day on which nobody works: at a site of ours, or only for one customer there."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True)
    on = models.DateField()
    why = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "on"], condition=Q(partner=None), name="closed_day_once_for_everybody"
            ),
            models.UniqueConstraint(fields=["site", "partner", "on"], name="closed_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.why}"


class Shift(models.Model):
    """Working time of a site: on which weekdays it begins, from when to when by the site's clock, who is on duty."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    title = models.CharField(max_length=40)
    weekdays = models.CharField(max_length=7)
    starts = models.TimeField()
    ends = models.TimeField()
    role = models.CharField(max_length=24, blank=True)
    owner = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "title"], name="shift_title_once"),
            models.CheckConstraint(condition=~Q(weekdays=""), name="shift_has_days"),
            models.CheckConstraint(condition=~Q(starts=F("ends")), name="shift_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.title}"
