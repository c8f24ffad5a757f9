"""Rows of parts: parts, units of their own, customers' numbers and bills of material."""

from django.db import models
from django.db.models import F, Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id


class Part(models.Model):
    """Something we make, buy or move; all its stock is kept in the base unit."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    number = models.CharField(max_length=40, unique=True)
    description = models.CharField(max_length=120, blank=True)
    base_unit = models.CharField(max_length=3, default="PCE")
    made_here = models.BooleanField(default=False)
    lot_tracked = models.BooleanField(default=False)
    supply_location = models.CharField(max_length=24, blank=True)

    def __str__(self) -> str:
        return self.number


class PartUnit(models.Model):
    """A unit of a part's own (a box of 12) as an exact ratio to the base unit."""

    id = models.BigAutoField(primary_key=True)
    part = models.ForeignKey(Part, models.PROTECT, related_name="units", db_index=False)
    code = models.CharField(max_length=3)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "code"], name="part_unit_once"),
            models.CheckConstraint(condition=Q(numerator__gt=0, denominator__gt=0), name="part_unit_ratio_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.code}"


class CustomerPart(models.Model):
    """A customer's number for a part of ours; `number_key` is what is compared (no blanks, upper case)."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    part = models.ForeignKey(Part, models.PROTECT, related_name="customer_numbers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "number_key"], name="customer_part_once")]

    def __str__(self) -> str:
        return f"{self.partner.code} {self.number}"


class BomLine(models.Model):
    """A component that goes into one base unit of a part."""

    id = models.BigAutoField(primary_key=True)
    part = models.ForeignKey(Part, models.PROTECT, related_name="bom", db_index=False)
    component = models.ForeignKey(Part, models.PROTECT, related_name="used_in")
    qty = QuantityField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "component"], name="bom_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="bom_qty_positive"),
            models.CheckConstraint(condition=~Q(part=F("component")), name="bom_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.part} <- {self.qty} {self.component}"
