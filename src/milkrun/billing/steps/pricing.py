"""Price what left: each delivery line at what was agreed for the customer's calendar day of its goods issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from milkrun.billing.errors import MixedCurrencies, NoPrice
from milkrun.billing.models import BillingRule, InvoiceLine
from milkrun.demand.models import SupplyAgreement
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import check
from milkrun.measure.money import line_amount
from milkrun.measure.quantity import to_micro
from milkrun.partners.models import Partner
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES


@dataclass(frozen=True, slots=True)
class Priced:
    """A delivery line with the agreement that prices it, its amount in minor units, and the day it left."""

    line: DeliveryLine
    agreement: SupplyAgreement
    amount: int
    on: date


def rule_of(partner: Partner) -> BillingRule:
    """Return how a customer is billed: its own rule, or an invoice for each delivery by EDI."""
    return BillingRule.objects.filter(partner=partner).first() or BillingRule(partner=partner)


def hold_unbilled(delivery_ids: Sequence[int]) -> list[DeliveryLine]:
    """Hold deliveries that left and return their lines that stand on no live invoice line.

    Raises:
        IllegalMove: a delivery has not left, or is billed already.
    """
    deliveries = lock(Delivery.objects.filter(pk__in=delivery_ids).select_related("partner", "ship_to"))
    check(deliveries, DELIVERY_MOVES, "bill", noun="Delivery")
    whole = {row.pk: row for row in deliveries}
    billed = InvoiceLine.objects.filter(delivery_line__delivery__in=deliveries, live=True).values("delivery_line_id")
    lines = DeliveryLine.objects.filter(delivery__in=deliveries).exclude(pk__in=billed)
    rows = list(
        lines.select_related("component__group__call", "component__agreement", "part").order_by(
            "delivery__issued_at", "delivery_id", "line_no"
        )
    )
    for row in rows:
        row.delivery = whole[row.delivery_id]
    return rows


def left_on(delivery: Delivery) -> date:
    """Return the customer's calendar day on which a delivery left: prices are agreed by it."""
    assert delivery.issued_at is not None  # noqa: S101 - only what left is priced
    return delivery.issued_at.astimezone(ZoneInfo(delivery.ship_to.zone)).date()


def price(lines: Sequence[DeliveryLine]) -> list[Priced]:
    """Price lines of one customer.

    A price agreed between the call and the goods issue counts; one agreed for a later day does not.

    Raises:
        NoPrice: lists the lines without a price.
        MixedCurrencies: the prices are not all in one currency.
    """
    keys = {line.component.agreement.customer_part_id for line in lines if line.component.agreement}
    agreed: dict[tuple[int, str], list[SupplyAgreement]] = {}
    for row in SupplyAgreement.objects.filter(customer_part_id__in=keys).order_by("valid_from"):
        agreed.setdefault((row.customer_part_id, row.order_no), []).append(row)
    priced, missing = [], []
    for line in lines:
        matched, on = line.component.agreement, left_on(line.delivery)
        valid = agreed.get((matched.customer_part_id, matched.order_no), []) if matched else []
        found = next((row for row in reversed(valid) if row.valid_from <= on), None)
        if found is None:
            missing.append((line, on))
        else:
            amount = line_amount(to_micro(line.qty), found.price_minor, found.price_basis)
            priced.append(Priced(line, found, amount, on))
    if missing:
        raise NoPrice(
            " ".join(
                _("Line {line_no}, {part}: no price was agreed for {on}.").format(
                    line_no=line.line_no, part=line.part, on=on
                )
                for line, on in missing
            )
            + " "
            + _("Add one to the supply agreement."),
            lines=[line.line_no for line, __ in missing],
        )
    if len({item.agreement.currency for item in priced}) > 1:
        raise MixedCurrencies(_("The lines of this delivery are priced in different currencies."))
    return priced
