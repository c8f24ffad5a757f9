"""Reads of shipping: deliveries with their lines, handling units and shipping notices."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall
from milkrun.kernel.errors import NotFound
from milkrun.kernel.machine import open_moves
from milkrun.kernel.paging import Hit, Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.partners.models import Partner
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice, ShippingRule
from milkrun.shipping.queries.loads import frames_under
from milkrun.shipping.states import DELIVERY_MOVES


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery in a list."""

    id: int
    public_id: str
    number: str
    partner: str
    ship_to: str
    unloading_point: str
    state: str
    picking_needed: bool
    due: str
    required: str
    issued: str
    units: int
    lines: int
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveryLineView:
    """A component on a delivery."""

    line_no: int
    part_number: str
    part_public_id: str
    customer_part_no: str
    call_number: str
    call_public_id: str
    call_id: int
    sequence: str
    qty: str
    sscc: str


@dataclass(frozen=True, slots=True)
class UnitView:
    """A handling unit on a delivery."""

    sscc: str
    public_id: str
    state: str
    handled: str
    contents: tuple[str, ...]
    frame: str = ""
    frame_public_id: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A shipping notice as it was made."""

    number: str
    function: str
    version: int
    made: str
    sha256: str
    text: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery with all that leaves with it."""

    row: DeliveryRow
    partner_name: str
    ship_to_name: str
    created: str
    lines: tuple[DeliveryLineView, ...]
    units: tuple[UnitView, ...]
    notices: tuple[NoticeView, ...]


def deliveries(site_id: int, zone: str, state: str = "", after: str = "", limit: int = 50) -> Page[DeliveryRow]:
    """List deliveries, hurried ones first, then by the time they are due.

    Args:
        site_id: the site.
        zone: the time zone for instants.
        state: one state; "" for those that have not left.
        after: the cursor of the page before.
        limit: rows of a page.
    """
    rows = Delivery.objects.filter(site_id=site_id, state__in=(state,) if state else ("open", "picked"))
    start = position(after, int, datetime, int)
    if start:
        hurried, due, key = start
        rows = rows.filter(priority__lte=hurried).exclude(priority=hurried, due_at__lt=due)
        rows = rows.exclude(priority=hurried, due_at=due, id__lte=key)
    found = list(rows.select_related("partner", "ship_to").order_by("-priority", "due_at", "id")[: limit + 1])
    counted = _counts([row.id for row in found])
    end = found[:limit][-1] if found else None
    last = cursor(end.priority, end.due_at, end.id) if end else ""
    return page_of([_delivery(row, counted.get(row.id, (0, 0)), zone) for row in found], limit, last)


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    lines = DeliveryLine.objects.filter(delivery__in=ids).values_list("delivery_id").order_by()
    counted = lines.annotate(units=Count("hu", distinct=True), n=Count("id"))
    return {delivery: (units, n) for delivery, units, n in counted}


def _delivery(row: Delivery, counts: tuple[int, int], zone: str) -> DeliveryRow:
    there = row.ship_to.zone or zone
    return DeliveryRow(
        row.id, row.public_id, row.number, row.partner.code, row.ship_to.code, row.unloading_point, row.state,
        row.picking_needed, row.due_at.isoformat(), moment(row.due_at, there), moment(row.issued_at, zone), *counts,
        tuple(open_moves(DELIVERY_MOVES, row.state)),
    )  # fmt: skip


def delivery(site_id: int, public_id: str, zone: str) -> DeliveryView:
    """Read one delivery.

    Raises:
        NotFound: there is none at this site.
    """
    row = Delivery.objects.filter(site_id=site_id, public_id=public_id).select_related("partner", "ship_to").first()
    if row is None:
        raise NotFound(_("This delivery does not exist at this site. Search for its number."), public_id=public_id)
    lines = list(
        DeliveryLine.objects.filter(delivery=row).select_related("part", "component__group__call", "hu")
        .order_by("line_no")
    )  # fmt: skip
    notices = ShippingNotice.objects.filter(delivery=row).order_by("-version")
    units = _units(lines, zone)
    return DeliveryView(
        _delivery(row, (len(units), len(lines)), zone), row.partner.name, row.ship_to.name,
        moment(row.created_at, zone), tuple(_line(line) for line in lines), units,
        tuple(NoticeView(n.number, n.function, n.version, moment(n.made_at, zone), n.sha256, _text(n.snapshot),
                         n.snapshot)
              for n in notices),
    )  # fmt: skip


def _text(snapshot: Any) -> str:
    return json.dumps(snapshot, indent=2, ensure_ascii=False, sort_keys=True)


def _line(row: DeliveryLine) -> DeliveryLineView:
    call = row.component.group.call
    return DeliveryLineView(
        row.line_no, row.part.number, row.part.public_id, row.component.customer_part_no, call.external_no,
        call.public_id, call.id, call.sequence_text, quantity(row.qty, row.part.base_unit), row.hu.sscc,
    )  # fmt: skip


def _units(lines: list[DeliveryLine], zone: str) -> tuple[UnitView, ...]:
    inside: dict[int, list[DeliveryLine]] = {}
    for line in lines:
        inside.setdefault(line.hu_id, []).append(line)
    frames = {row.pk: row for row in frames_under(inside)}
    on = {key: frames.get(group[0].hu.parent_id or 0) for key, group in inside.items()}
    return tuple(
        UnitView(
            group[0].hu.sscc, group[0].hu.public_id, group[0].hu.state,
            f"{group[0].hu.handled_by}, {moment(group[0].hu.handled_at, zone)}" if group[0].hu.handled_by else "",
            _contents(group), *((frame.sscc, frame.public_id) if (frame := on[key]) else ("", "")),
        )
        for key, group in inside.items()
    )  # fmt: skip


def _contents(lines: list[DeliveryLine]) -> tuple[str, ...]:
    sums: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        key = line.part.number, line.part.base_unit
        sums[key] = sums.get(key, Decimal(0)) + line.qty
    return tuple(f"{quantity(qty, unit)} {number}" for (number, unit), qty in sums.items())


def deliveries_of_calls(ids: Iterable[int], zone: str) -> list[DeliveryRow]:
    """List the deliveries that carry goods of these calls, newest first."""
    rows = Delivery.objects.filter(lines__component__group__call__in=list(ids)).distinct()
    found = list(rows.select_related("partner", "ship_to").order_by("-id")[:50])
    counted = _counts([row.id for row in found])
    return [_delivery(row, counted.get(row.id, (0, 0)), zone) for row in found]


def deliveries_by_id(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (number, public id) of deliveries by their key."""
    rows = Delivery.objects.filter(pk__in=list(ids)).values_list("id", "number", "public_id")
    return {key: (number, public_id) for key, number, public_id in rows}


def delivery_counts(site_id: int) -> dict[str, int]:
    """Count the deliveries of a site that need somebody, by state."""
    rows = Delivery.objects.filter(site_id=site_id, state__in=("open", "picked", "issued"))
    return dict(rows.values_list("state").annotate(n=Count("id")).order_by())


def find(site_id: int, text: str, limit: int = 8) -> list[Hit]:
    """Find deliveries by number; the exact one first."""
    text = text.strip()
    rows = Delivery.objects.filter(site_id=site_id, number__iendswith=text).order_by("-id")[:limit] if text else ()
    hits = [Hit("delivery", row.number, row.state, row.public_id, row.number.upper() == text.upper()) for row in rows]
    return sorted(hits, key=lambda hit: not hit.exact)


def delivery_id(site_id: int, public_id: str) -> int:
    """Turn a delivery's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Delivery.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This delivery does not exist at this site. Search for its number."), public_id=public_id)
    return found


DELIVERY_COLUMNS = (
    "delivery", "site", "customer", "ship_to", "unloading_point", "state", "due_at", "created_at", "issued_at",
    "line_no", "live", "call", "customer_part", "part", "qty", "unit", "sscc",
)  # fmt: skip


def delivery_rows() -> Iterator[dict[str, object]]:
    """Give every line of every delivery, oldest first, for an export; quantities in base units."""
    rows = DeliveryLine.objects.order_by("delivery_id", "line_no").values_list(
        "delivery__number", "site__code", "delivery__partner__code", "delivery__ship_to__code",
        "delivery__unloading_point", "delivery__state", "delivery__due_at", "delivery__created_at",
        "delivery__issued_at", "line_no", "live", "component__group__call__external_no",
        "component__customer_part_no", "part__number", "qty", "part__base_unit", "hu__sscc",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(DELIVERY_COLUMNS, row, strict=True))


@dataclass(frozen=True, slots=True)
class PackedCall:
    """A packed call that goes to the same place as a delivery."""

    public_id: str
    number: str
    sequence: str
    required: str


def packed_for(delivery_id: int, limit: int = 50) -> list[PackedCall]:
    """List packed calls for the plant and dock of a delivery, the first due first."""
    row = Delivery.objects.select_related("ship_to").get(pk=delivery_id)
    calls = JitCall.objects.filter(
        site_id=row.site_id, partner_id=row.partner_id, ship_to_id=row.ship_to_id,
        unloading_point=row.unloading_point, state="packed",
    ).order_by("required_at", "id")  # fmt: skip
    return [
        PackedCall(call.public_id, call.external_no, call.sequence_text, moment(call.required_at, row.ship_to.zone))
        for call in calls[:limit]
    ]


@dataclass(frozen=True, slots=True)
class RuleView:
    """How a customer's deliveries are announced, and how long a truck is on its way."""

    partner: str
    name: str
    asn_by_hand: bool
    transit_minutes: int


def shipping_rules() -> list[RuleView]:
    """List the rule of every customer; one without a rule of its own is told at once."""
    kept = {rule.partner_id: rule for rule in ShippingRule.objects.all()}
    plain = ShippingRule(asn_by_hand=False, transit_minutes=0)
    rows = Partner.objects.filter(is_customer=True).order_by("code")
    return [
        RuleView(row.code, row.name, rule.asn_by_hand, rule.transit_minutes)
        for row in rows
        for rule in [kept.get(row.pk, plain)]
    ]
