"""Rows of purchasing: orders to suppliers, their lines, and receipts against them."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id
from milkrun.purchasing.states import ORDER_STATES, RECEIPT_STATES


class PurchaseOrder(models.Model):
    """What we ordered from a supplier for a site; more may come than ordered up to `over_basis_points`."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=35)
    supplier = models.ForeignKey("partners.Partner", models.PROTECT)
    state = models.CharField(max_length=12, default="open")
    expected_on = models.DateField()
    over_basis_points = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "state", "expected_on", "id"], name="purchase_order_expected")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="purchase_order_number_once"),
            models.CheckConstraint(condition=Q(state__in=ORDER_STATES), name="purchase_order_state_known"),
            models.CheckConstraint(condition=Q(over_basis_points__lte=10_000), name="purchase_order_tolerance"),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """So much of a part, in its base unit; `received_qty` is the sum of the receipts that stand."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    qty = QuantityField()
    received_qty = QuantityField(default=0)
    expected_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["site", "part", "id"], name="purchase_line_part")]
        constraints = [
            models.UniqueConstraint(fields=["site", "order", "position"], name="purchase_line_position_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="purchase_line_positive"),
            models.CheckConstraint(condition=Q(received_qty__gte=0), name="purchase_line_received_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.order}/{self.position}"


class Receipt(models.Model):
    """Goods that came for a line: the posting, the supplier's delivery note, who took them in."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    line = models.ForeignKey(PurchaseOrderLine, models.PROTECT, related_name="receipts")
    state = models.CharField(max_length=12, default="posted")
    posting = models.OneToOneField("stock.Posting", models.PROTECT, null=True, related_name="+")
    qty = QuantityField()
    note_no = models.CharField(max_length=35, blank=True)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["site", "received_at"], name="receipt_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="receipt_positive"),
            models.CheckConstraint(condition=Q(state__in=RECEIPT_STATES), name="receipt_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.qty}"
