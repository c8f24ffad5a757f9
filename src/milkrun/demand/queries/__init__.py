"""Reads of demand: the call monitor, one call with its groups, racks with their slots."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingGroup, PackingSlot
from milkrun.demand.states import GROUP_ORDER, GROUP_STATES, INDICATORS
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.paging import Hit, Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity

# What the monitor's keys 1 to 8 choose, in the order of the path.
STAGES = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "issued", "completed")
# Calls whose goods have not left yet: what the monitor shows first.
OPEN_STATES = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "cancel_requested")


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What the monitor shows.

    Args:
        state: one state, or "" for every open call, or "all".
        kind: summarized, sequenced or "".
        customer: a partner's code or "".
        text: in the number, the VIN, the production number or the sequence number.
        unmatched: only calls with a component nobody could match.
    """

    state: str = ""
    kind: str = ""
    customer: str = ""
    text: str = ""
    unmatched: bool = False


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in the monitor; `due` is an ISO instant for the countdown."""

    id: int
    public_id: str
    number: str
    kind: str
    customer: str
    place: str
    sequence: str
    vehicle: str
    contents: tuple[str, ...]
    state: str
    step: int
    unmatched: bool
    failed: bool
    required: str
    due: str


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A component as called and as matched."""

    id: int
    line_no: int
    customer_part_no: str
    part_number: str
    part_public_id: str
    order_no: str
    called: str
    packed: str
    issued: str
    billed: str
    reason: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A component group with its indicators and its slot in a rack."""

    id: int
    code: str
    state: str
    indicators: tuple[tuple[str, str], ...]
    components: tuple[ComponentView, ...]
    rack: str
    rack_public_id: str
    slot: int | None


@dataclass(frozen=True, slots=True)
class CallView:
    """One call with everything a planner asks of it."""

    id: int
    public_id: str
    number: str
    transmission_no: str
    kind: str
    partner: str
    partner_name: str
    ship_to_code: str
    ship_to: str
    unloading_point: str
    line_feed: str
    vin: str
    production_no: str
    sequence: str
    required: str
    required_text: str
    due: str
    state: str
    step: int
    source: str
    received: str
    interchange_id: int | None
    unmatched: bool
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class SlotPart:
    """A part of a slot: what belongs in, our number, and what is still missing ("" once it is in)."""

    whole: str
    part_number: str
    left: str
    part_public_id: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot of a rack: what belongs into it and how far it is."""

    position: int
    number: str
    call_public_id: str
    vehicle: str
    state: str
    parts: tuple[SlotPart, ...]
    left: str
    done: bool


@dataclass(frozen=True, slots=True)
class RackView:
    """A packing group: a rack with slots, or the load of a summarised call."""

    id: int
    public_id: str
    title: str
    partner: str
    sequenced: bool
    state: str
    package_type: str
    load_no: int
    slots_total: int
    hu_id: int | None
    slots: tuple[SlotView, ...]
    expected: SlotView | None
    done: int
    open: int
    due: str
    required: str
    call_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CallRef:
    """Enough of a call to name it and link to it."""

    id: int
    public_id: str
    number: str
    state: str


def calls(site_id: int, wanted: CallFilter, zone: str, after: str = "", limit: int = 50) -> Page[CallRow]:
    """List calls by the time they are needed, the most urgent first.

    Each open state is read through its own index range and the ranges are merged, so that a plant with a million
    completed calls pays nothing for them. The number of statements does not depend on the number of rows.
    """
    keys = call_keys(site_id, wanted, after, limit)
    return page_of(_rows([key for _, key in keys], zone), limit, cursor(*keys[:limit][-1]) if keys else "")


def call_keys(site_id: int, wanted: CallFilter, after: str = "", limit: int = 50) -> list[tuple[datetime, int]]:
    """Read (required, key) of a page of calls and of the one after it, the most urgent first."""
    start = position(after, datetime, int)
    ranges = [_keys(site_id, state, wanted, start, limit) for state in _states(wanted.state)]
    return list(heapq.merge(*ranges))[: limit + 1]


def _states(wanted: str) -> tuple[str | None, ...]:
    if wanted == "all":
        return (None,)
    if wanted and wanted not in GROUP_STATES:
        raise Invalid([Problem("state", f"{wanted!r} is not a state of a call. Known are {', '.join(GROUP_STATES)}.")])
    return (wanted,) if wanted else OPEN_STATES


def _keys(
    site_id: int, state: str | None, wanted: CallFilter, start: tuple[Any, ...] | None, limit: int
) -> list[tuple[datetime, int]]:
    rows = JitCall.objects.filter(site_id=site_id).order_by("required_at", "id")
    if state is not None:
        rows = rows.filter(state=state)
    if start:
        rows = rows.filter(required_at__gte=start[0]).exclude(required_at=start[0], id__lte=start[1])
    return list(_narrowed(rows, wanted).values_list("required_at", "id")[: limit + 1])


def _narrowed(rows: QuerySet[JitCall], wanted: CallFilter) -> QuerySet[JitCall]:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.customer:
        rows = rows.filter(partner__code=wanted.customer)
    if wanted.unmatched:
        rows = rows.filter(pk__in=ComponentGroup.objects.filter(matching="unmatched").values("call"))
    text = wanted.text.strip()
    if text:
        rows = rows.filter(
            Q(external_no__icontains=text) | Q(vin__icontains=text) | Q(production_no__icontains=text)
            | Q(sequence_text__iendswith=text)
        )  # fmt: skip
    return rows


def _rows(ids: list[int], zone: str) -> list[CallRow]:
    found = JitCall.objects.select_related("partner", "ship_to").in_bulk(ids)
    parts: dict[int, dict[str, Decimal]] = {}
    units: dict[tuple[int, str], str] = {}
    for call, number, qty, unit in (
        Component.objects.filter(group__call__in=ids)
        .exclude(group__state="cancelled")
        .values_list("group__call_id", "customer_part_no", "entered_qty", "entered_unit")
        .order_by("id")
    ):
        sums = parts.setdefault(call, {})
        sums[number] = sums.get(number, Decimal(0)) + qty
        units[call, number] = unit
    flags = _flags(ids)
    return [
        _row(found[key], _contents(parts.get(key, {}), units, key), flags.get(key, (False, False)), zone)
        for key in ids
        if key in found
    ]


def _contents(parts: dict[str, Decimal], units: dict[tuple[int, str], str], call: int) -> tuple[str, ...]:
    shown = [times(qty, units[call, number], number) for number, qty in list(parts.items())[:3]]
    return tuple(shown) + ((f"+ {len(parts) - 3}",) if len(parts) > 3 else ())


def times(qty: Decimal, unit: str, number: str) -> str:
    """Write so much of a part: 48 × 5N0 881 105 A, but 2.5 kg × 4711 where the unit is not pieces."""
    return f"{quantity(qty) if unit == 'PCE' else quantity(qty, unit)} × {number}"


def _flags(ids: list[int]) -> dict[int, tuple[bool, bool]]:
    flags: dict[int, tuple[bool, bool]] = {}
    rows = ComponentGroup.objects.filter(call__in=ids).exclude(state="cancelled")
    for call, matching, posting in rows.values_list("call_id", "matching", "stock_posting"):
        unmatched, failed = flags.get(call, (False, False))
        flags[call] = unmatched or matching == "unmatched", failed or posting == "failed"
    return flags


def _row(call: JitCall, contents: tuple[str, ...], flags: tuple[bool, bool], zone: str) -> CallRow:
    place = " ".join(filter(None, [call.ship_to.code if call.ship_to else call.ship_to_code, call.unloading_point]))
    return CallRow(
        call.id, call.public_id, call.external_no, call.kind, call.partner.code, place, call.sequence_text, call.vin,
        contents, call.state, step_of(call.state), flags[0], flags[1], moment(call.required_at, call.zone or zone),
        call.required_at.isoformat(),
    )  # fmt: skip


def step_of(state: str) -> int:
    """Return how many of the path's steps a state has reached: 0 created to 8 completed; -1 off the path."""
    return GROUP_ORDER.index(state) if state in GROUP_ORDER else -1


def call_counts(site_id: int) -> dict[str, int]:
    """Count the calls of a site by state; finished ones are not counted, there are too many of them."""
    rows = JitCall.objects.filter(site_id=site_id, state__in=(*OPEN_STATES, "issued"))
    return dict(rows.values_list("state").annotate(n=Count("id")).order_by())


def unmatched_count(site_id: int) -> int:
    """Count the open calls with a component nobody could match."""
    groups = ComponentGroup.objects.filter(site_id=site_id, state="created", matching="unmatched")
    return groups.values("call").distinct().count()


def call(site_id: int, public_id: str, zone: str) -> CallView:
    """Read one call.

    Raises:
        NotFound: there is none at this site.
    """
    row = JitCall.objects.filter(site_id=site_id, public_id=public_id).select_related("partner", "ship_to").first()
    if row is None:
        raise NotFound("This call does not exist at this site. Search for its number.", public_id=public_id)
    groups = list(
        ComponentGroup.objects.filter(call=row).order_by("id").select_related("slot__packing_group")
        .prefetch_related("components__part")
    )  # fmt: skip
    at = row.zone or zone
    return CallView(
        row.id, row.public_id, row.external_no, row.transmission_no, row.kind, row.partner.code, row.partner.name,
        row.ship_to_code, f"{row.ship_to.code} {row.ship_to.name}".strip() if row.ship_to else row.ship_to_code,
        row.unloading_point,
        row.line_feed, row.vin, row.production_no, row.sequence_text, moment(row.required_at, at), row.required_text,
        row.required_at.isoformat(), row.state, step_of(row.state), row.source, moment(row.received_at, zone),
        row.interchange_id, any(g.matching == "unmatched" and g.state != "cancelled" for g in groups),
        tuple(_group(g) for g in groups),
    )  # fmt: skip


def _group(row: ComponentGroup) -> GroupView:
    slot: PackingSlot | None = getattr(row, "slot", None)
    rack = slot.packing_group if slot else None
    return GroupView(
        row.id, row.code, row.state, tuple((name, getattr(row, name)) for name in INDICATORS),
        tuple(_component(c) for c in sorted(row.components.all(), key=lambda c: c.line_no)),
        str(rack) if rack else "", rack.public_id if rack else "", slot.position if slot else None,
    )  # fmt: skip


def _component(row: Component) -> ComponentView:
    unit = row.part.base_unit if row.part else row.entered_unit
    return ComponentView(
        row.id, row.line_no, row.customer_part_no, row.part.number if row.part else "",
        row.part.public_id if row.part else "", row.order_no, quantity(row.entered_qty, row.entered_unit),
        quantity(row.packed_qty, unit), quantity(row.issued_qty, unit), quantity(row.billed_qty, unit),
        row.matching_reason, row.matching_code,
    )  # fmt: skip


def call_ids(site_id: int, public_ids: Iterable[str]) -> tuple[int, ...]:
    """Turn public ids into keys, in the given order.

    Raises:
        NotFound: one of them is not a call of this site.
    """
    wanted = list(dict.fromkeys(public_ids))
    known = dict(JitCall.objects.filter(site_id=site_id, public_id__in=wanted).values_list("public_id", "id"))
    missing = [public_id for public_id in wanted if public_id not in known]
    if missing:
        raise NotFound("A chosen call does not exist at this site. Load the list again.", missing=missing)
    return tuple(known[public_id] for public_id in wanted)


def calls_by_id(ids: Iterable[int]) -> dict[int, CallRef]:
    """Return short references of calls by their key."""
    rows = JitCall.objects.filter(pk__in=list(ids))
    return {row.id: CallRef(row.id, row.public_id, row.external_no, row.state) for row in rows}


def calls_of_components(ids: Iterable[int]) -> dict[int, CallRef]:
    """Return the call that each component belongs to, by the component's key."""
    rows = Component.objects.filter(pk__in=list(ids)).select_related("group__call")
    return {
        row.id: CallRef(row.group.call_id, row.group.call.public_id, row.group.call.external_no, row.group.call.state)
        for row in rows
    }


def export(site_id: int, wanted: CallFilter, zone: str) -> Iterator[CallRow]:
    """Read every call that the filter keeps, page by page, so that memory stays flat."""
    after = ""
    while True:
        page = calls(site_id, wanted, zone, after, limit=500)
        yield from page.rows
        after = page.next_cursor
        if not after:
            return


def racks(site_id: int, zone: str, limit: int = 100) -> list[RackView]:
    """List the packing groups that wait to be packed, the earliest needed first."""
    waiting = PackingGroup.objects.filter(site_id=site_id, state__in=("planned", "packing"))
    open_ids = waiting.filter(slots__group__state="in_packing").values("id").distinct()
    found = [_rack(row, zone) for row in _with_slots(PackingGroup.objects.filter(pk__in=open_ids).order_by("id"))[:500]]
    return sorted(found, key=lambda rack: (rack.due, rack.title))[:limit]


def racks_to_pack(site_id: int) -> int:
    """Count the packing groups that wait to be packed."""
    waiting = PackingSlot.objects.filter(site_id=site_id, group__state="in_packing")
    return waiting.values("packing_group").distinct().count()


def rack(site_id: int, public_id: str, zone: str) -> RackView:
    """Read one packing group with its slots.

    Raises:
        NotFound: there is none at this site.
    """
    row = _with_slots(PackingGroup.objects.filter(site_id=site_id, public_id=public_id)).first()
    if row is None:
        raise NotFound("This rack does not exist at this site. Choose it from the packing list.", public_id=public_id)
    return _rack(row, zone)


def _with_slots(rows: QuerySet[PackingGroup]) -> QuerySet[PackingGroup]:
    return rows.select_related("partner", "stream").prefetch_related(
        "slots__group__call", "slots__group__components__part"
    )


def _rack(row: PackingGroup, zone: str) -> RackView:
    filled = {slot.position: slot for slot in row.slots.all() if slot.group}
    slots = [_slot(n, filled.get(n)) for n in range(1, max([row.slots_total, *filled]) + 1)]
    groups = [slot.group for slot in filled.values() if slot.group]
    due = min((group.call.required_at for group in groups), default=None)
    expected = next((slot for slot in slots if slot.state == "in_packing"), None)
    call_zone = groups[0].call.zone if groups else zone
    return RackView(
        row.id, row.public_id, str(row), row.partner.code, row.stream_id is not None, row.state, row.package_type,
        row.load_no, row.slots_total, row.hu_id, tuple(slots), expected, sum(slot.done for slot in slots),
        sum(slot.state == "in_packing" for slot in slots), due.isoformat() if due else "",
        moment(due, call_zone), tuple(dict.fromkeys(group.call_id for group in groups)),
    )  # fmt: skip


def _slot(position: int, slot: PackingSlot | None) -> SlotView:
    if slot is None or slot.group is None:
        return SlotView(position, "", "", "", "empty", (), "", False)
    group = slot.group
    parts = tuple(_part_in_slot(row) for row in sorted(group.components.all(), key=lambda c: c.line_no))
    left = ", ".join(part.left for part in parts if part.left)
    done = group.state in GROUP_ORDER and step_of(group.state) >= step_of("packed")
    return SlotView(
        position, group.call.external_no, group.call.public_id, group.call.sequence_text or group.call.vin, group.state,
        parts, left, done,
    )  # fmt: skip


def _part_in_slot(row: Component) -> SlotPart:
    unit = row.part.base_unit if row.part else row.entered_unit
    missing = (row.qty or row.entered_qty) - row.packed_qty
    return SlotPart(
        times(row.qty or row.entered_qty, unit, row.customer_part_no), row.part.number if row.part else "",
        times(missing, unit, row.customer_part_no) if missing else "", row.part.public_id if row.part else "",
    )  # fmt: skip


def racks_by_id(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (title, public id) of packing groups by their key."""
    return {row.id: (str(row), row.public_id) for row in PackingGroup.objects.filter(pk__in=list(ids))}


def find(site_id: int, text: str, limit: int = 8) -> list[Hit]:
    """Find calls by number, transmission, VIN, production number or sequence number; exact ones first."""
    text = text.strip()
    if not text:
        return []
    rows = JitCall.objects.filter(site_id=site_id)
    alike = {text, text.upper()}
    same = rows.filter(Q(external_no__in=alike) | Q(vin__in=alike) | Q(production_no__in=alike)).order_by("-id")[:limit]
    exact = [_hit(row, True) for row in same]
    if exact:
        return exact
    near = rows.filter(
        Q(external_no__icontains=text) | Q(vin__icontains=text) | Q(production_no__icontains=text)
        | Q(sequence_text=text)
    )  # fmt: skip
    return [_hit(row, False) for row in near.order_by("-id")[:limit]]


def _hit(row: JitCall, exact: bool) -> Hit:
    return Hit("call", row.external_no, " ".join(filter(None, [row.vin, row.sequence_text])), row.public_id, exact)


def find_racks(site_id: int, hu_ids: Iterable[int]) -> list[Hit]:
    """Find the packing groups whose handling units these are."""
    rows = PackingGroup.objects.filter(site_id=site_id, hu__in=list(hu_ids))
    return [Hit("rack", str(row), row.state, row.public_id, True) for row in rows]


def calls_by_number(site_id: int, partner_id: int, numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Find calls of a customer at a site by the customer's numbers: key and state by number."""
    rows = JitCall.objects.filter(site_id=site_id, partner_id=partner_id, external_no__in=list(numbers))
    return {number: (key, state) for number, key, state in rows.values_list("external_no", "pk", "state")}


def pressure(site_id: int, at: datetime) -> dict[str, int]:
    """Count the open calls that are late, and those needed within four hours."""
    rows = JitCall.objects.filter(site_id=site_id, state__in=OPEN_STATES)
    return {
        "late": rows.filter(required_at__lt=at).count(),
        "soon": rows.filter(required_at__gte=at, required_at__lt=at + timedelta(hours=4)).count(),
    }


def group_ids_of_rack(rack_id: int) -> list[int]:
    """List the keys of the component groups in a rack, by slot."""
    slots = PackingSlot.objects.filter(packing_group=rack_id, group__isnull=False).order_by("position")
    return [key for key in slots.values_list("group_id", flat=True) if key is not None]


CALL_COLUMNS = (
    "call", "site", "customer", "kind", "transmission", "state", "required_at", "received_at", "source", "ship_to",
    "unloading_point", "line_feed", "vin", "production_no", "stream", "sequence", "group", "group_state", "line_no",
    "customer_part", "part", "order", "entered_qty", "entered_unit", "qty", "matching_reason", "packed_qty",
    "issued_qty", "billed_qty",
)  # fmt: skip


def call_rows() -> Iterator[dict[str, object]]:
    """Give every component of every call, in the order the calls came, for an export; quantities in base units."""
    rows = Component.objects.order_by("group__call_id", "group_id", "line_no").values_list(
        "group__call__external_no", "site__code", "group__call__partner__code", "group__call__kind",
        "group__call__transmission_no", "group__call__state", "group__call__required_at", "group__call__received_at",
        "group__call__source", "group__call__ship_to_code", "group__call__unloading_point", "group__call__line_feed",
        "group__call__vin", "group__call__production_no", "group__call__stream__code", "group__call__sequence_text",
        "group__code", "group__state", "line_no", "customer_part_no", "part__number", "order_no", "entered_qty",
        "entered_unit", "qty", "matching_reason", "packed_qty", "issued_qty", "billed_qty",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(CALL_COLUMNS, row, strict=True))
