"""Deliveries as other systems read them: plain values, public ids, nothing worded for people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice
from milkrun.shipping.states import DELIVERY_STATES


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery without its lines."""

    id: str
    number: str
    state: str
    partner: str
    ship_to: str
    unloading_point: str
    picking_needed: bool
    due_at: datetime
    created_at: datetime
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryLineRecord:
    """A component on a delivery, in base units of its part."""

    line_no: int
    part_id: str
    part: str
    unit: str
    customer_part_no: str
    call_id: str
    call_number: str
    sequence: str
    qty: Decimal
    sscc: str


@dataclass(frozen=True, slots=True)
class DeliveryUnitRecord:
    """A handling unit on a delivery and who had it last."""

    sscc: str
    kind: str
    state: str
    handled_by: str
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A shipping notice that was made, or its withdrawal."""

    number: str
    function: str
    version: int
    made_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """A delivery with all that leaves with it."""

    delivery: DeliveryRecord
    lines: tuple[DeliveryLineRecord, ...]
    handling_units: tuple[DeliveryUnitRecord, ...]
    notices: tuple[NoticeRecord, ...]


def delivery_records(site_id: int, state: str = "", after: str = "", limit: int = 50) -> Page[DeliveryRecord]:
    """List deliveries by the time they are due; without a state those that have not left.

    Raises:
        Invalid: there is no such state.
    """
    if state and state not in DELIVERY_STATES:
        raise Invalid(
            [
                Problem(
                    "state",
                    _("Known states are {delivery_states}.").format(delivery_states=", ".join(DELIVERY_STATES)),
                    "unknown_state",
                )
            ]
        )
    rows = Delivery.objects.filter(site_id=site_id, state__in=(state,) if state else ("open", "picked"))
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(due_at__gte=start[0]).exclude(due_at=start[0], id__lte=start[1])
    found = list(rows.select_related("partner", "ship_to").order_by("due_at", "id")[: limit + 1])
    last = cursor(found[:limit][-1].due_at, found[:limit][-1].id) if found else ""
    return page_of([_delivery(row) for row in found], limit, last)


def delivery_record(site_id: int, public_id: str) -> DeliveryDetail:
    """Read one delivery.

    Raises:
        NotFound: there is none at this site.
    """
    row = Delivery.objects.filter(site_id=site_id, public_id=public_id).select_related("partner", "ship_to").first()
    if row is None:
        raise NotFound(_("This delivery does not exist at this site."), delivery_id=public_id)
    lines = list(
        DeliveryLine.objects.filter(delivery=row).select_related("part", "component__group__call", "hu")
        .order_by("line_no")
    )  # fmt: skip
    units = {line.hu_id: line.hu for line in lines}
    notices = ShippingNotice.objects.filter(delivery=row).order_by("version")
    return DeliveryDetail(
        _delivery(row), tuple(_line(line) for line in lines),
        tuple(DeliveryUnitRecord(u.sscc, u.kind, u.state, u.handled_by, u.handled_at) for u in units.values()),
        tuple(NoticeRecord(n.number, n.function, n.version, n.made_at, n.sha256) for n in notices),
    )  # fmt: skip


def delivery_id(site_id: int, public_id: str) -> int:
    """Turn a delivery's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Delivery.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This delivery does not exist at this site."), delivery_id=public_id)
    return found


def _delivery(row: Delivery) -> DeliveryRecord:
    return DeliveryRecord(
        row.public_id, row.number, row.state, row.partner.code, row.ship_to.code, row.unloading_point,
        row.picking_needed, row.due_at, row.created_at, row.issued_at,
    )  # fmt: skip


def _line(row: DeliveryLine) -> DeliveryLineRecord:
    call = row.component.group.call
    return DeliveryLineRecord(
        row.line_no, row.part.public_id, row.part.number, row.part.base_unit, row.component.customer_part_no,
        call.public_id, call.external_no, call.sequence_text, row.qty, row.hu.sscc,
    )  # fmt: skip
