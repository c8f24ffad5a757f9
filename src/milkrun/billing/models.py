"""Rows of billing: invoices and their lines."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id


class Invoice(models.Model):
    """A bill for one delivery. Amounts are minor units of the currency; totals are sums of rounded lines."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20, unique=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    delivery = models.OneToOneField("shipping.Delivery", models.PROTECT)
    currency = models.CharField(max_length=3)
    tax_basis_points = models.PositiveIntegerField()
    net_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    gross_amount = models.BigIntegerField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "issued_at", "id"], name="invoice_issued")]
        constraints = [
            models.CheckConstraint(
                condition=Q(gross_amount=models.F("net_amount") + models.F("tax_amount")), name="invoice_adds_up"
            )
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """One delivery line, priced."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    delivery_line = models.OneToOneField("shipping.DeliveryLine", models.PROTECT)
    agreement = models.ForeignKey("demand.SupplyAgreement", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    qty = QuantityField()
    price_minor = models.BigIntegerField()
    price_basis = models.PositiveIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "invoice", "line_no"], name="invoice_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0, amount__gte=0), name="invoice_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} line {self.line_no}"
