"""Rows of billing: customers' billing rules, invoices and credit notes with their lines."""

from django.db import models
from django.db.models import Q

from milkrun.billing.states import BILLING_CHANNELS, GROUPINGS, INVOICE_STATES
from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id


class BillingRule(models.Model):
    """How a customer is billed: what goes on one invoice, how it is sent, when it is due, and where it goes."""

    id = models.BigAutoField(primary_key=True)
    partner = models.OneToOneField("partners.Partner", models.PROTECT, related_name="billing_rule")
    grouping = models.CharField(max_length=12, default="delivery")
    channel = models.CharField(max_length=12, default="edi")
    terms_days = models.PositiveIntegerField(default=30)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grouping__in=GROUPINGS), name="billing_rule_grouping"),
            models.CheckConstraint(condition=Q(channel__in=BILLING_CHANNELS), name="billing_rule_channel"),
            models.CheckConstraint(condition=Q(terms_days__lte=365), name="billing_rule_terms"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.grouping}, {self.channel}"


class Invoice(models.Model):
    """A bill for what left, or a credit note that takes whole lines of one back.

    Amounts are minor units of the currency; totals are sums of rounded lines. `delivery` is named where it is the only
    one. The snapshot is what the document says, for ever; `dispatched_at` tells when it was handed to its way out.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, default="invoice")
    state = models.CharField(max_length=12, default="issued")
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    delivery = models.ForeignKey("shipping.Delivery", models.PROTECT, null=True)
    currency = models.CharField(max_length=3)
    tax_basis_points = models.PositiveIntegerField()
    net_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    gross_amount = models.BigIntegerField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    channel = models.CharField(max_length=12, default="edi")
    snapshot = models.JSONField(default=dict)
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "issued_at", "id"], name="invoice_issued"),
            models.Index(fields=["site", "id"], condition=Q(dispatched_at=None), name="invoice_to_prepare"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(gross_amount=models.F("net_amount") + models.F("tax_amount")), name="invoice_adds_up"
            ),
            models.CheckConstraint(condition=Q(state__in=INVOICE_STATES), name="invoice_state_known"),
            models.CheckConstraint(condition=Q(channel__in=BILLING_CHANNELS), name="invoice_channel_known"),
            models.CheckConstraint(
                condition=Q(kind="invoice", credits=None) | Q(kind="credit_note", credits__isnull=False),
                name="invoice_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """One delivery line, priced. A line is live until it is credited; a credit note's lines never are."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    delivery_line = models.ForeignKey("shipping.DeliveryLine", models.PROTECT)
    agreement = models.ForeignKey("demand.SupplyAgreement", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    qty = QuantityField()
    price_minor = models.BigIntegerField()
    price_basis = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    live = models.BooleanField(default=True)
    credits = models.OneToOneField("self", models.PROTECT, null=True, related_name="credited_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "invoice", "line_no"], name="invoice_line_once"),
            models.UniqueConstraint(
                fields=["site", "delivery_line"], condition=Q(live=True), name="delivery_line_billed_once"
            ),
            models.CheckConstraint(condition=Q(qty__gt=0, amount__gte=0), name="invoice_line_positive"),
            models.CheckConstraint(condition=Q(live=False) | Q(credits=None), name="credit_line_not_live"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} line {self.line_no}"
