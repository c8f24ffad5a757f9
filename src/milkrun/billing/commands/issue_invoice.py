"""Bill a delivery: price its lines, number the invoice, complete its calls, queue it for the customer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.billing.errors import NothingToBill
from milkrun.billing.steps import hold_unbilled, price, rule_of, write_invoice
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.money import from_minor
from milkrun.shipping.models import Delivery


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """An invoice, its amounts in the currency, and the calls it completed."""

    invoice_id: int
    public_id: str
    number: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    currency: str
    completed_call_ids: tuple[int, ...]


@command
def issue_invoice(*, delivery_id: int, actor: Actor, at: datetime, request: Request | None = None) -> InvoiceIssued:
    """Bill every line of an issued delivery that is not billed, at the price of its goods issue's day.

    The day is the one of the customer's calendar, in the time zone of its plant.

    Raises:
        NotFound: there is no such delivery.
        IllegalMove: the goods have not left, or the delivery is billed already.
        NothingToBill: every line stands on an invoice.
        NoPrice: lists the lines without a price.
        MixedCurrencies: the prices are not all in one currency.
        CannotBeWritten: the customer's format lacks something; the sentence names it.
    """
    if not Delivery.objects.filter(pk=delivery_id).exists():
        raise NotFound(_("This delivery does not exist."), noun="delivery")
    lines = hold_unbilled([delivery_id])
    if not lines:
        raise NothingToBill(_("Every line of this delivery stands on an invoice."))
    priced = price(lines)

    invoice, groups = write_invoice(priced, rule=rule_of(lines[0].delivery.partner), actor=actor, at=at)

    return InvoiceIssued(
        invoice.pk,
        invoice.public_id,
        invoice.number,
        from_minor(invoice.net_amount, invoice.currency),
        from_minor(invoice.tax_amount, invoice.currency),
        from_minor(invoice.gross_amount, invoice.currency),
        invoice.currency,
        tuple(sorted({group.call_id for group in groups})),
    )
