"""Racks and loads with their slots: what is in, what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup, PackingGroup, PackingSlot, RackSpec, SlotHistory
from milkrun.demand.queries.monitor import step_of, times
from milkrun.demand.states import GROUP_ORDER
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit
from milkrun.measure.wording import moment
from milkrun.stock.models import Reservation

# Picked by a wave in the warehouse: nothing for the packing station.
WAVES = ("open", "short")


@dataclass(frozen=True, slots=True)
class SlotPart:
    """A part of a slot: what belongs in, our number, and what is still missing ("" once it is in)."""

    whole: str
    part_number: str
    left: str
    part_public_id: str
    line_no: int = 0
    called: str = ""


@dataclass(frozen=True, slots=True)
class SlotPast:
    """What stood in a slot before, until somebody took it out."""

    number: str
    call_public_id: str
    vehicle: str
    left: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot of a rack: what belongs into it and how far it is; `past` with the latest first."""

    position: int
    number: str
    call_public_id: str
    vehicle: str
    state: str
    parts: tuple[SlotPart, ...]
    left: str
    done: bool
    missing: str = ""
    group_id: int = 0
    group_code: str = ""
    call_id: int = 0
    stands_for: str = ""
    past: tuple[SlotPast, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameRack:
    """A rack of a frame: how far it is, and whether it stands there."""

    title: str
    public_id: str
    state: str
    done: int
    open: int
    placed: bool


@dataclass(frozen=True, slots=True)
class FrameView:
    """The frame a rack belongs on; `place` counts from 1, racks that are not released yet are not among `racks`."""

    title: str
    hu_id: int
    sscc: str
    hu_public_id: str
    place: int
    total: int
    placed: bool
    racks: tuple[FrameRack, ...]


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
    priority: int
    frame: FrameView | None = None


def racks(site_id: int, zone: str, limit: int = 100) -> list[RackView]:
    """List the packing groups that wait to be packed, hurried ones first, then the earliest needed."""
    waiting = PackingGroup.objects.filter(site_id=site_id, state__in=("planned", "packing"))
    open_ids = (
        waiting.filter(slots__group__state="in_packing")
        .exclude(slots__group__picking__in=WAVES)
        .values("id")
        .distinct()
    )
    found = [_rack(row, zone) for row in _with_slots(PackingGroup.objects.filter(pk__in=open_ids).order_by("id"))[:500]]
    return sorted(found, key=lambda rack: (-rack.priority, rack.due, rack.title))[:limit]


def racks_to_pack(site_id: int) -> int:
    """Count the packing groups that wait to be packed."""
    waiting = PackingSlot.objects.filter(site_id=site_id, group__state="in_packing").exclude(group__picking__in=WAVES)
    return waiting.values("packing_group").distinct().count()


def rack(site_id: int, public_id: str, zone: str) -> RackView:
    """Read one packing group with its slots.

    Raises:
        NotFound: there is none at this site.
    """
    rows = _with_slots(PackingGroup.objects.filter(site_id=site_id, public_id=public_id))
    row = rows.select_related("frame__hu").prefetch_related("history__group__call").first()
    if row is None:
        raise NotFound(
            _("This rack does not exist at this site. Choose it from the packing list."), public_id=public_id
        )
    found = _rack(row, zone)
    past: dict[int, list[SlotPast]] = {}
    for left in sorted(row.history.all(), key=lambda left: -left.pk):
        past.setdefault(left.position, []).append(_past(left, zone))
    slots = tuple(replace(slot, past=tuple(past.get(slot.position, ()))) for slot in found.slots)
    expected = next((slot for slot in slots if found.expected and slot.position == found.expected.position), None)
    return replace(found, slots=slots, expected=expected, frame=_frame(row))


def _frame(row: PackingGroup) -> FrameView | None:
    frame = row.frame
    if frame is None:
        return None
    ids = frame.racks.order_by("rack_no").values_list("pk", flat=True)
    racks = []
    for other in PackingGroup.objects.filter(pk__in=ids).select_related("hu").order_by("rack_no", "load_no"):
        states = PackingSlot.objects.filter(packing_group=other, group__isnull=False).values_list(
            "group__state", flat=True
        )
        done = sum(state in GROUP_ORDER and step_of(state) >= step_of("packed") for state in states)
        placed = other.hu is not None and other.hu.parent_id == frame.hu_id
        racks.append(
            FrameRack(str(other), other.public_id, other.state, done, sum(s == "in_packing" for s in states), placed)
        )
    return FrameView(
        str(frame), frame.hu_id, frame.hu.sscc, frame.hu.public_id, (row.rack_no - 1) % frame.racks_total + 1,
        frame.racks_total, next(rack.placed for rack in racks if rack.public_id == row.public_id), tuple(racks),
    )  # fmt: skip


def slot_of(rack: RackView, position: int) -> SlotView:
    """Return one slot of a rack.

    Raises:
        NotFound: the rack has no such slot.
    """
    found = next((slot for slot in rack.slots if slot.position == position), None)
    if found is None:
        raise NotFound(_("This rack has no such slot. Choose it on the rack."), slot=position)
    return found


def _past(row: SlotHistory, zone: str) -> SlotPast:
    call = row.group.call
    return SlotPast(
        call.external_no, call.public_id, call.sequence_text or call.vin, moment(row.left_at, zone), row.actor,
        row.reason,
    )  # fmt: skip


def _with_slots(rows: QuerySet[PackingGroup]) -> QuerySet[PackingGroup]:
    return rows.select_related("partner", "stream").prefetch_related(
        "slots__group__call", "slots__group__components__part", "slots__missing", "slots__group__predecessor__call"
    )


def _rack(row: PackingGroup, zone: str) -> RackView:
    filled = {slot.position: slot for slot in row.slots.all() if slot.group}
    slots = [_slot(n, filled.get(n)) for n in range(1, max([row.slots_total, *filled]) + 1)]
    groups = [slot.group for slot in filled.values() if slot.group]
    due = min((group.call.required_at for group in groups), default=None)
    waiting = [slot for slot in slots if slot.state == "in_packing"]
    # What was reported missing is passed over, until nothing else is left.
    expected = next((slot for slot in waiting if not slot.missing), waiting[0] if waiting else None)
    call_zone = groups[0].call.zone if groups else zone
    return RackView(
        row.id, row.public_id, str(row), row.partner.code, row.stream_id is not None, row.state, row.package_type,
        row.load_no, row.slots_total, row.hu_id, tuple(slots), expected, sum(slot.done for slot in slots),
        sum(slot.state == "in_packing" for slot in slots), due.isoformat() if due else "",
        moment(due, call_zone), tuple(dict.fromkeys(group.call_id for group in groups)),
        max((group.call.priority for group in groups if group.state == "in_packing"), default=0),
    )  # fmt: skip


def _slot(position: int, slot: PackingSlot | None) -> SlotView:
    if slot is None or slot.group is None:
        return SlotView(position, "", "", "", "empty", (), "", False)
    group = slot.group
    parts = tuple(_part_in_slot(row) for row in sorted(group.components.all(), key=lambda c: c.line_no))
    left = ", ".join(part.left for part in parts if part.left)
    done = group.state in GROUP_ORDER and step_of(group.state) >= step_of("packed")
    lost = getattr(slot, "missing", None)
    missing = f"{lost.reported_by}{': ' if lost.reason else ''}{lost.reason}" if lost is not None else ""
    return SlotView(
        position, group.call.external_no, group.call.public_id, group.call.sequence_text or group.call.vin, group.state,
        parts, left, done, missing, group.pk, group.code, group.call_id, _stands_for(group),
    )  # fmt: skip


def _stands_for(group: ComponentGroup) -> str:
    first = group.predecessor if group.predecessor_id else None
    return first.call.external_no if first is not None else ""


def _part_in_slot(row: Component) -> SlotPart:
    unit = row.part.base_unit if row.part else row.entered_unit
    missing = (row.qty or row.entered_qty) - row.packed_qty
    return SlotPart(
        times(row.qty or row.entered_qty, unit, row.customer_part_no), row.part.number if row.part else "",
        times(missing, unit, row.customer_part_no) if missing else "", row.part.public_id if row.part else "",
        row.line_no, row.customer_part_no,
    )  # fmt: skip


def racks_by_id(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (title, public id) of packing groups by their key."""
    return {row.id: (str(row), row.public_id) for row in PackingGroup.objects.filter(pk__in=list(ids))}


def find_racks(site_id: int, hu_ids: Iterable[int]) -> list[Hit]:
    """Find the packing groups whose handling units these are."""
    racks = set(racks_of_units(hu_ids).values())
    rows = PackingGroup.objects.filter(site_id=site_id, pk__in=racks).order_by("pk")
    return [Hit("rack", str(row), row.state, row.public_id, True) for row in rows]


def racks_of_units(hu_ids: Iterable[int]) -> dict[int, int]:
    """Tell which packing group each unit belongs to: that which fills it now, or for whose calls its goods are kept."""
    units = list(hu_ids)
    kept = Reservation.objects.filter(balance__hu__in=units, purpose_kind="component", state="open")
    component_of = {unit or 0: component for unit, component in kept.values_list("balance__hu_id", "purpose_id")}
    slots = Component.objects.filter(pk__in=component_of.values(), group__slot__isnull=False)
    rack_of = dict(slots.values_list("pk", "group__slot__packing_group_id"))
    found = {unit: rack_of[component] for unit, component in component_of.items() if component in rack_of}
    named = PackingGroup.objects.filter(hu__in=units).values_list("hu_id", "pk")
    return found | {unit or 0: rack for unit, rack in named}


def group_ids_of_rack(rack_id: int) -> list[int]:
    """List the keys of the component groups in a rack, by slot."""
    slots = PackingSlot.objects.filter(packing_group=rack_id, group__isnull=False).order_by("position")
    return [key for key in slots.values_list("group_id", flat=True) if key is not None]


@dataclass(frozen=True, slots=True)
class RackSpecView:
    """How a customer's racks of one family are built."""

    partner: str
    family: str
    slots: int
    package_type: str
    racks: int
    frame_type: str


def rack_specs() -> list[RackSpecView]:
    """List the rack specifications of all customers."""
    rows = RackSpec.objects.select_related("partner").order_by("partner__code", "family")
    return [
        RackSpecView(row.partner.code, row.family, row.slots, row.package_type, row.racks, row.frame_type)
        for row in rows
    ]
