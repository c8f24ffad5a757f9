"""Rows of shipping: deliveries, their lines and the snapshot each shipping notice was made from."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id
from milkrun.shipping.states import DELIVERY_STATES


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


class DeliveryLine(models.Model):
    """One component on a delivery, in one handling unit; a component stands on one live delivery at most."""

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
                fields=["site", "component"], condition=Q(live=True), name="component_delivered_once"
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
