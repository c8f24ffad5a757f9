"""Confirm by scan that a part went into its slot: right part, right slot, right sequence."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, MissingPart, PackingGroup, PackingSlot
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.parts.queries import number_key
from milkrun.shipping.errors import (
    NothingToPack,
    OutOfSequence,
    PickedInWarehouse,
    SlotTaken,
    TooMuchPacked,
    WrongPart,
)
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit


@dataclass(frozen=True, slots=True)
class PackingConfirmed:
    """A part is in its slot; `remaining` slots of the rack are still being packed."""

    slot: int
    part_number: str
    qty: Decimal
    group_packed: bool
    remaining: int


@command
def confirm_packing(
    *,
    packing_group_id: int,
    scan: str,
    actor: Actor,
    at: datetime,
    qty: Decimal | None = None,
    slot: int | None = None,
    request: Request | None = None,
) -> PackingConfirmed:
    """Move a scanned part from storage into the rack's handling unit.

    Args:
        scan: the part's number, the customer's or ours.
        qty: base units, all that is open of the part where none is given.
        slot: the slot it goes into; the next open one where none is given.

    Raises:
        NothingToPack: the rack has no open slot.
        WrongPart: the part is not called for in this rack.
        OutOfSequence: the part belongs into a later slot.
        TooMuchPacked: more than is open.
        ShortStock: the part was not posted to stock.
        PickedInWarehouse: the goods are being picked by a wave.
        SlotTaken: somebody else packed the given slot.
        HandlingUnitFrozen: the rack's handling unit was set apart.
    """
    held = _hold(packing_group_id)
    if slot is not None and slot not in {place for place, __ in held.open_parts}:
        _refuse_taken(held.rack, slot, held.open_parts)
    if not held.open_parts:
        raise NothingToPack(_("Nothing in {rack} waits for packing.").format(rack=held.rack), rack=str(held.rack))
    component, position = _find(held.open_parts, scan, slot, held.missing)
    take = _amount(component, qty)

    _put_in(held, component, take, actor=actor, at=at)
    packed = _close_slot(held, component.group_id, position, actor=actor, at=at)

    facts = {
        "part": component.customer_part_no, "qty": str(from_micro(take)), "slot": position, "sscc": held.unit.sscc,
    }  # fmt: skip
    entry = journal.Entry("pack_part", "group", component.group_id, site_id=held.rack.site_id, facts=facts)
    journal.write([entry], actor=actor, at=at)
    open_slots = {place for place, row in held.open_parts if row.packed_qty != row.qty}
    return PackingConfirmed(position, component.customer_part_no, from_micro(take), packed, len(open_slots))


@dataclass(frozen=True, slots=True)
class _Held:
    """A rack that is held with its unit, and what of it is still to pack: (slot, component), in their order."""

    rack: PackingGroup
    unit: HandlingUnit
    places: list[PackingSlot]
    open_parts: list[tuple[int, Component]]
    missing: set[int]


def _hold(packing_group_id: int) -> _Held:
    # Groups before their rack, as everybody does: two commands must not wait for each other in a ring.
    demand_steps.lock_groups(ComponentGroup.objects.filter(slot__packing_group_id=packing_group_id, state="in_packing"))
    rack = lock_one(PackingGroup.objects.filter(pk=packing_group_id).select_related("hu"), noun="rack")
    check([rack], PACKING_GROUP_MOVES, "close", noun="Rack")
    waiting = PackingSlot.objects.filter(packing_group=rack, group__state="in_packing")
    places = list(waiting.select_related("group__call").order_by("position"))
    _refuse_picked_in_warehouse(places)
    assert rack.hu_id is not None  # noqa: S101 - a rack that can be closed has its handling unit
    unit = lock_one(HandlingUnit.objects.filter(pk=rack.hu_id), noun="handling unit")
    stock_steps.refuse_frozen([unit])
    missing = set(MissingPart.objects.filter(slot__in=places).values_list("slot__position", flat=True))
    return _Held(rack, unit, places, _open_parts(places), missing)


def _amount(component: Component, qty: Decimal | None) -> int:
    """Return what is packed in micro-units: all that is open where no quantity is given."""
    left = to_micro(component.qty or 0) - to_micro(component.packed_qty)
    take = left if qty is None else 0 if trouble_with(qty) else to_micro(qty)
    if not 0 < take <= left:
        text = _("Pack between 0 and {left} of {customer_part_no}.").format(
            left=from_micro(left), customer_part_no=component.customer_part_no
        )
        raise TooMuchPacked([Problem("qty", text, "too_much")])
    return take


def _put_in(held: _Held, component: Component, take: int, *, actor: Actor, at: datetime) -> None:
    """Move the goods from where they are kept into the rack's unit."""
    site_id, purpose = held.rack.site_id, ("component", component.pk)
    kept = stock_steps.with_quantity(purpose, from_micro(take), site_id=site_id, at=at)
    stock_steps.relocate(
        kept, to_location_id=held.unit.location_id, to_hu_id=held.unit.pk, site_id=site_id, kind="pack",
        document=purpose, actor=actor, at=at,
    )  # fmt: skip
    component.packed_qty = from_micro(to_micro(component.packed_qty) + take)
    Component.objects.filter(pk=component.pk).update(packed_qty=component.packed_qty)


def _close_slot(held: _Held, group_id: int, position: int, *, actor: Actor, at: datetime) -> bool:
    """Bring a slot's group on where nothing of it is open any more; tell whether it is so."""
    if any(row.group_id == group_id and row.packed_qty != row.qty for __, row in held.open_parts):
        return False
    group = next(place.group for place in held.places if place.position == position)
    if group is not None:
        facts = {"rack": str(held.rack), "slot": position, "sscc": held.unit.sscc}
        demand_steps.advance(
            [group], "confirm_packing", action="confirm_packing", actor=actor, at=at, packing="packed", facts=facts
        )
        MissingPart.objects.filter(slot__group=group).delete()
    return True


def _refuse_picked_in_warehouse(places: list[PackingSlot]) -> None:
    calls = [str(place.group) for place in places if place.group and place.group.picking in ("open", "short")]
    if calls:
        raise PickedInWarehouse(
            _("{calls} is picked by a wave in the warehouse, not packed here.").format(calls=calls[0]), calls=calls
        )


def _refuse_taken(rack: PackingGroup, slot: int, open_parts: list[tuple[int, Component]]) -> None:
    """Tell the second of two people at a rack who was first, and what is next now."""
    place = PackingSlot.objects.filter(packing_group=rack, position=slot, group__isnull=False).first()
    if place is None or place.group_id is None:
        return
    lines = [line for line in journal.history([("group", place.group_id)], limit=20) if line.action == "pack_part"]
    by, when = (lines[0].actor, lines[0].at) if lines else ("", None)
    after = (
        " "
        + _("Slot {slot} is next and needs {customer_part_no}.").format(
            slot=open_parts[0][0], customer_part_no=open_parts[0][1].customer_part_no
        )
        if open_parts
        else ""
    )
    raise SlotTaken(
        _packed_by(slot, by, when) + after,
        slot=slot, by=by, at=when.isoformat() if when else "", next=open_parts[0][0] if open_parts else None,
    )  # fmt: skip


def _packed_by(slot: int, by: str, when: datetime | None) -> str:
    if when is None:
        return _("Slot {slot} was packed by {by}.").format(slot=slot, by=by or _("somebody else"))
    return _("Slot {slot} was packed by {by} at {at} UTC.").format(
        slot=slot, by=by or _("somebody else"), at=f"{when:%H:%M:%S}"
    )


def _open_parts(places: list[PackingSlot]) -> list[tuple[int, Component]]:
    position = {place.group_id: place.position for place in places}
    rows = Component.objects.filter(group_id__in=position).select_related("part").order_by("line_no")
    pairs = [(position[row.group_id], row) for row in rows if row.packed_qty != row.qty]
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].line_no))


def _find(
    open_parts: list[tuple[int, Component]], scan: str, slot: int | None, missing: set[int]
) -> tuple[Component, int]:
    """Choose the slot: the next one that is not reported missing, or a missing one whose part has turned up."""
    first = next((place for place, __ in open_parts if place not in missing), open_parts[0][0])
    wanted = slot if slot is not None else first
    fits = [(position, row) for position, row in open_parts if _is(row, scan)]
    match = next((row for position, row in fits if position == wanted), None)
    if match is not None and (wanted == first or wanted in missing):
        return match, wanted
    late = next(((row, position) for position, row in fits if position in missing), None)
    if late is not None and wanted == first:
        return late
    ahead = [row for position, row in open_parts if position == first]
    next_slot, next_part = first, ahead[0]
    facts = {
        "scanned": scan,
        "expected": [row.customer_part_no for row in ahead],
        "slot": next_slot,
    }
    if not fits:
        raise WrongPart(
            _("Stop: {scan} does not belong into this rack. Slot {next_slot} needs {customer_part_no}.").format(
                scan=scan, next_slot=next_slot, customer_part_no=next_part.customer_part_no
            ),
            **facts,
        )
    raise OutOfSequence(
        _("Stop: {scan} belongs into slot {fits}. Slot {next_slot} comes first and needs {customer_part_no}.").format(
            scan=scan, fits=fits[0][0], next_slot=next_slot, customer_part_no=next_part.customer_part_no
        ),
        **facts,
    )


def _is(component: Component, scan: str) -> bool:
    key = number_key(scan)
    return key == number_key(component.customer_part_no) or (
        component.part is not None and key == number_key(component.part.number)
    )
