"""Bill everything of a site that is due by its customers' rules: one invoice for each delivery, day, week or order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from milkrun.billing.steps import Priced, hold_unbilled, price, rule_of, write_invoice
from milkrun.kernel.command import command
from milkrun.kernel.errors import Refused
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import Partner
from milkrun.shipping.models import Delivery, DeliveryLine

MOST = 500


@dataclass(frozen=True, slots=True)
class NotBilled:
    """Deliveries that were left out, and why."""

    partner: str
    deliveries: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class InvoicesIssued:
    """The invoices' numbers, what could not be billed, and how many deliveries wait for their day or week to end."""

    numbers: tuple[str, ...]
    left_out: tuple[NotBilled, ...]
    not_due: int


@command
def issue_invoices(
    *, site_id: int, actor: Actor, at: datetime, partner_id: int | None = None, request: Request | None = None
) -> InvoicesIssued:
    """Bill what left, customer by customer, each by its rule; what has no price is left out and named.

    A day or week is one of the customer's calendar and is billed when it is over. At most 500 deliveries at a time.

    Args:
        site_id: the site.
        actor: who bills.
        at: when.
        partner_id: one customer only; None for all.
    """
    rows = Delivery.objects.filter(site_id=site_id, state="issued").select_related("partner", "ship_to")
    rows = rows.filter(partner_id=partner_id) if partner_id is not None else rows
    waiting: dict[int, list[Delivery]] = {}
    for row in rows.order_by("partner_id", "issued_at", "pk")[:MOST]:
        waiting.setdefault(row.partner_id, []).append(row)
    numbers: list[str] = []
    made: list[str] = []
    left_out: list[NotBilled] = []
    not_due = 0

    for partner in Partner.objects.filter(pk__in=waiting).order_by("pk"):
        rule = rule_of(partner)
        due = [row for row in waiting[partner.pk] if _over(row, rule.grouping, at)]
        not_due += len(waiting[partner.pk]) - len(due)
        lines = hold_unbilled([row.pk for row in due]) if due else []
        for bundle in _bundles(lines, rule.grouping):
            try:
                # A savepoint: what cannot be billed leaves nothing behind, not even a number, and the rest goes on.
                with transaction.atomic():
                    for same in _by_currency(price(bundle)):
                        made.append(write_invoice(same, rule=rule, actor=actor, at=at)[0].number)
            except Refused as refusal:
                named = tuple(sorted({line.delivery.number for line in bundle}))
                left_out.append(NotBilled(partner.code, named, refusal.message))
                made.clear()
            numbers += made
            made.clear()

    return InvoicesIssued(tuple(numbers), tuple(left_out), not_due)


def _over(row: Delivery, grouping: str, at: datetime) -> bool:
    """Tell whether the day or week in which a delivery left is over where the customer is."""
    if grouping not in ("day", "week"):
        return True
    today, left = _there(row, at), _left(row)
    if grouping == "day":
        return left < today
    return left < today - timedelta(days=today.weekday())


def _left(row: Delivery) -> date:
    assert row.issued_at is not None  # noqa: S101 - only what left is here
    return _there(row, row.issued_at)


def _there(row: Delivery, at: datetime) -> date:
    return at.astimezone(ZoneInfo(row.ship_to.zone)).date()


def _bundles(lines: Sequence[DeliveryLine], grouping: str) -> list[list[DeliveryLine]]:
    found: dict[object, list[DeliveryLine]] = {}
    for line in lines:
        left = _left(line.delivery)
        agreement = line.component.agreement
        key: object = {
            "delivery": line.delivery_id,
            "day": left,
            "week": left - timedelta(days=left.weekday()),
            "order": line.component.order_no or (agreement.order_no if agreement else ""),
        }[grouping]
        found.setdefault(key, []).append(line)
    return list(found.values())


def _by_currency(priced: Sequence[Priced]) -> list[list[Priced]]:
    found: dict[str, list[Priced]] = {}
    for item in priced:
        found.setdefault(item.agreement.currency, []).append(item)
    return list(found.values())
