"""Rows of shipping: deliveries with lines and notices; waves of picking with their tasks and issues."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id
from milkrun.shipping.states import DELIVERY_STATES, PICK_ISSUE_STATES, PICK_TASK_STATES, WAVE_STATES


class Delivery(models.Model):
    """Goods that leave together for one customer plant."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20)
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    ship_to = models.ForeignKey("partners.ShipTo", models.PROTECT)
    unloading_point = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=12, default="open")
    picking_needed = models.BooleanField(default=True)
    due_at = models.DateTimeField()
    priority = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    posting_id = models.BigIntegerField(null=True)
    issues = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "due_at", "id"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="delivery_number_once"),
            models.CheckConstraint(condition=Q(state__in=DELIVERY_STATES), name="delivery_state_known"),
        ]

    def __str__(self) -> str:
        return self.number


class ShippingRule(models.Model):
    """How a customer wants deliveries announced, and how long a truck is on its way there."""

    id = models.BigAutoField(primary_key=True)
    partner = models.OneToOneField("partners.Partner", models.PROTECT, related_name="shipping_rule")
    asn_by_hand = models.BooleanField(default=False)
    transit_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(transit_minutes__lte=43_200), name="shipping_rule_a_month_at_most")
        ]

    def __str__(self) -> str:
        return f"{self.partner}: ASN {'by hand' if self.asn_by_hand else 'at once'}"


class DeliveryLine(models.Model):
    """What of one component lies in one handling unit; a component stands on one live delivery at most."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    component = models.ForeignKey("demand.Component", models.PROTECT)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    hu = models.ForeignKey("stock.HandlingUnit", models.PROTECT)
    qty = QuantityField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "delivery", "line_no"], name="delivery_line_once"),
            models.UniqueConstraint(
                fields=["site", "component", "hu"], condition=Q(live=True), name="component_of_unit_delivered_once"
            ),
            models.CheckConstraint(condition=Q(qty__gt=0), name="delivery_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} line {self.line_no}"


class ShippingNotice(models.Model):
    """What a goods issue told the customer: an immutable snapshot with its hash; a reversal gets its own."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="notices", db_index=False)
    version = models.PositiveIntegerField()
    function = models.CharField(max_length=8)
    number = models.CharField(max_length=35, unique=True)
    posting_id = models.BigIntegerField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "version"], name="notice_version_once"),
            models.UniqueConstraint(fields=["posting_id"], name="notice_posting_once"),
            models.CheckConstraint(condition=Q(function__in=["original", "cancel"]), name="notice_function_known"),
        ]

    def __str__(self) -> str:
        return self.number


class PickingRule(models.Model):
    """Where summarised calls are picked, at a site or for one customer of it; without a rule at the packing station."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True)
    mode = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint("site", Coalesce("partner", 0), name="picking_rule_once"),
            models.CheckConstraint(
                condition=Q(mode__in=["station", "warehouse", "external"]), name="picking_rule_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.partner or 'all'}: {self.mode}"


class Wave(models.Model):
    """One walk through the warehouse for several deliveries or calls; an `external` one is another system's work."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="open")
    external = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="wave_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="wave_number_once"),
            models.CheckConstraint(condition=Q(state__in=WAVE_STATES), name="wave_state_known"),
        ]

    def __str__(self) -> str:
        return self.number


class PickTask(models.Model):
    """One thing to take from one place to the dock.

    Either goods for a component from one balance into a handling unit, or a packed handling unit of a delivery as it
    stands (its quantity is one).
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="tasks")
    component = models.ForeignKey("demand.Component", models.PROTECT, null=True)
    balance = models.ForeignKey("stock.Balance", models.PROTECT, null=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True)
    hu = models.ForeignKey("stock.HandlingUnit", models.PROTECT, null=True)
    from_location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", db_index=False)
    to_location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", db_index=False)
    qty = QuantityField()
    picked_qty = QuantityField(default=0)
    state = models.CharField(max_length=12, default="open")
    handled_by = models.CharField(max_length=120, blank=True)
    handled_via = models.CharField(max_length=12, blank=True)
    handled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="pick_task_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "component", "balance"],
                condition=Q(state="open", component__isnull=False),
                name="pick_task_of_goods_once",
            ),
            models.UniqueConstraint(
                fields=["site", "hu"], condition=Q(state="open", hu__isnull=False), name="pick_task_of_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(component__isnull=False, balance__isnull=False, delivery=None, hu=None)
                | Q(component=None, balance=None, delivery__isnull=False, hu__isnull=False),
                name="pick_task_is_goods_or_unit",
            ),
            models.CheckConstraint(
                condition=Q(qty__gt=0, picked_qty__gte=0, picked_qty__lte=F("qty")), name="pick_task_within"
            ),
            models.CheckConstraint(condition=Q(state__in=PICK_TASK_STATES), name="pick_task_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.wave} {self.component or self.hu} from {self.from_location}"


class PickIssue(models.Model):
    """What somebody has to look at: goods that were not where they should be, or a pick that nobody wanted any more."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8)
    task = models.ForeignKey(PickTask, models.PROTECT, related_name="issues")
    qty = QuantityField()
    source = models.CharField(max_length=120)
    text = models.CharField(max_length=400)
    state = models.CharField(max_length=8, default="open")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="pick_issue_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "task"], condition=Q(state="open"), name="pick_issue_once"),
            models.CheckConstraint(condition=Q(kind__in=["short", "late"]), name="pick_issue_kind_known"),
            models.CheckConstraint(condition=Q(state__in=PICK_ISSUE_STATES), name="pick_issue_state_known"),
        ]

    def __str__(self) -> str:
        return self.text
