"""What a customer may see of its deliveries, for the portal: every read is of one customer, and of nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.shipping.models import Delivery, DeliveryLine


@dataclass(frozen=True, slots=True)
class OwnDelivery:
    """A delivery to a customer in a list; `left` is empty while it stands here."""

    public_id: str
    number: str
    state: str
    due: str
    left: str
    place: str
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnDeliveryLine:
    """What of a call lies in which handling unit."""

    number: str
    qty: str
    call: str
    call_public_id: str
    sscc: str


@dataclass(frozen=True, slots=True)
class OwnDeliveryView:
    """One delivery to a customer with its lines."""

    row: OwnDelivery
    lines: tuple[OwnDeliveryLine, ...]


def own_deliveries(partner_id: int, after: str = "", limit: int = 50) -> Page[OwnDelivery]:
    """List the deliveries to a customer, the newest first; those given up are left out."""
    rows = Delivery.objects.filter(partner=partner_id).exclude(state="cancelled").select_related("ship_to")
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(created_at__lte=start[0]).exclude(created_at=start[0], id__gte=start[1])
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    last = cursor(found[:limit][-1].created_at, found[:limit][-1].id) if found else ""
    return page_of(_rows(found), limit, last)


def own_deliveries_of_call(partner_id: int, call_id: int) -> list[OwnDelivery]:
    """List the deliveries to a customer that carry goods of a call."""
    rows = Delivery.objects.filter(partner=partner_id, lines__component__group__call=call_id, lines__live=True)
    return _rows(list(rows.exclude(state="cancelled").select_related("ship_to").distinct().order_by("-id")[:20]))


def own_delivery(partner_id: int, public_id: str) -> OwnDeliveryView:
    """Read one delivery to a customer.

    Raises:
        NotFound: it is none of the customer's.
    """
    rows = Delivery.objects.filter(partner=partner_id, public_id=public_id).exclude(state="cancelled")
    row = rows.select_related("ship_to").first()
    if row is None:
        raise NotFound(_("This delivery is none of yours."))
    lines = _lines([row]).order_by("line_no")
    return OwnDeliveryView(
        _rows([row])[0],
        tuple(
            OwnDeliveryLine(
                line.component.customer_part_no, quantity(line.qty, line.part.base_unit),
                line.component.group.call.external_no, line.component.group.call.public_id, line.hu.sscc,
            )
            for line in lines
        ),
    )  # fmt: skip


def _lines(rows: Iterable[Delivery]) -> QuerySet[DeliveryLine]:
    held = DeliveryLine.objects.filter(delivery__in=list(rows))
    return held.select_related("part", "hu", "component__group__call")


def _rows(rows: list[Delivery]) -> list[OwnDelivery]:
    sums: dict[int, dict[tuple[str, str], Decimal]] = {row.pk: {} for row in rows}
    for line in _lines(rows).order_by("delivery", "line_no"):
        held, key = sums[line.delivery_id], (line.component.customer_part_no, line.part.base_unit)
        held[key] = held.get(key, Decimal(0)) + line.qty
    return [
        OwnDelivery(
            row.public_id, row.number, row.state, moment(row.due_at, row.ship_to.zone),
            moment(row.issued_at, row.ship_to.zone), " ".join(filter(None, [row.ship_to.code, row.unloading_point])),
            tuple(f"{quantity(qty, unit)} {number}" for (number, unit), qty in sums[row.pk].items()),
        )
        for row in rows
    ]  # fmt: skip
