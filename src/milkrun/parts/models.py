"""Rows of parts: parts, their own units, customers' numbers, bills of material, work centres and routing steps."""

from django.db import models
from django.db.models import F, Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id

# A part comes up, is in use, runs out in favour of another one, and is no longer wanted.
STAGES = ("coming", "active", "ending", "obsolete")


class Part(models.Model):
    """Something we make, buy or move; all its stock is kept in the base unit.

    The standard cost is so many minor units for `cost_basis` base units; None where nobody set one.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    number = models.CharField(max_length=40, unique=True)
    description = models.CharField(max_length=120, blank=True)
    base_unit = models.CharField(max_length=3, default="PCE")
    made_here = models.BooleanField(default=False)
    lot_tracked = models.BooleanField(default=False)
    supply_location = models.CharField(max_length=24, blank=True)
    # Made only where somebody asks for it: a job for it needs a call.
    make_to_order = models.BooleanField(default=False)
    # Never kept in stock: what it is made of is used up in its place. Fixed for life: past use is checked by it.
    phantom = models.BooleanField(default=False)
    cost_minor = models.BigIntegerField(null=True, blank=True)
    cost_basis = models.PositiveIntegerField(default=1)
    cost_currency = models.CharField(max_length=3, default="EUR")
    stage = models.CharField(max_length=12, default="active")
    obsolete_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_minor=None) | Q(cost_minor__gte=0, cost_basis__gte=1), name="part_cost_possible"
            ),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="part_stage_known"),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="part_not_its_own_successor"),
        ]

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


class WorkCentre(models.Model):
    """A line, machine or bench with its working time; `day_minutes` are those of Monday to Sunday."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=80, blank=True)
    day_minutes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="work_centre_code_once")]

    def __str__(self) -> str:
        return self.code


class WorkCentreDay(models.Model):
    """A day on which a work centre works longer, shorter or not at all."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    work_centre = models.ForeignKey(WorkCentre, models.PROTECT, related_name="days", db_index=False)
    day = models.DateField()
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "work_centre", "day"], name="work_centre_day_once"),
            models.CheckConstraint(condition=Q(minutes__lte=1440), name="work_centre_day_has_24_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.work_centre} {self.day}"


class RoutingStep(models.Model):
    """A step in making a part at a site: where, how long to set up, how many minutes for one base unit."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    part = models.ForeignKey(Part, models.PROTECT, related_name="routing")
    step_no = models.PositiveIntegerField()
    work_centre = models.ForeignKey(WorkCentre, models.PROTECT, related_name="steps")
    description = models.CharField(max_length=80, blank=True)
    setup_minutes = QuantityField(default=0)
    unit_minutes = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "part", "step_no"], name="routing_step_once"),
            models.CheckConstraint(
                condition=Q(step_no__gte=1, setup_minutes__gte=0, unit_minutes__gte=0), name="routing_step_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.step_no} {self.work_centre}"
