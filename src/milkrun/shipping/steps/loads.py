"""Loads: the packing groups that calls outside a sequence get of their own, and the handling units goods go into.

A load is packed into one handling unit after the other; the packing group names the one that goods go into now. What
the others are is told by the goods themselves: they stay reserved for the load's components wherever they lie.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import ComponentGroup, PackingGroup, PackingSlot, RackFrame
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.kernel import numbering
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.shipping.errors import WrongHandlingUnit
from milkrun.shipping.queries.loads import units_of_loads
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import Balance, HandlingUnit


def seat_loose(groups: Sequence[ComponentGroup]) -> None:
    """Give groups without a place in a sequence a load of their own."""
    seated = set(PackingSlot.objects.filter(group__in=groups).values_list("group_id", flat=True))
    for group in groups:
        if group.pk not in seated:
            load = PackingGroup.objects.create(
                site_id=group.site_id,
                partner_id=group.call.partner_id,
                family="Load",
                rack_no=numbering.take(f"load:{group.site_id}"),
                slots_total=1,
                package_type="PALLET",
            )
            PackingSlot.objects.create(site_id=group.site_id, packing_group=load, position=1, group=group)


def open_racks(racks: Sequence[PackingGroup], *, location_id: int | None, at: datetime) -> None:
    """Start racks that are held; with a place, each one without a handling unit gets a new one there."""
    if location_id is not None:
        for rack in racks:
            give_unit(rack, location_id=location_id, at=at)
    move(racks, PACKING_GROUP_MOVES, "start", noun="Rack")


def give_unit(rack: PackingGroup, *, location_id: int, at: datetime) -> None:
    """Make a handling unit for a rack that has none."""
    if rack.hu is None:
        _fill(rack, _new_unit(rack, location_id, at))


def next_unit(rack: PackingGroup, *, location_id: int, at: datetime) -> None:
    """Make a further handling unit for a load that is held; goods go into it from now on."""
    _fill(rack, _new_unit(rack, location_id, at))


def switch_unit(rack: PackingGroup, code: str, *, location_id: int, wanted: str) -> None:
    """Let goods of a load that is held go into the scanned unit: an empty one, or one the load fills already.

    Args:
        rack: the load.
        code: the scanned SSCC.
        location_id: where the goods are brought; an empty unit is taken there.
        wanted: for whom the goods are, for the refusal.

    Raises:
        WrongHandlingUnit: the unit is not open here, is another load's, holds other goods or units, stands in another
            unit, or is a frame.
    """
    # Held before it is looked at: two loads may be shown the same empty unit at once.
    other = next(iter(lock(HandlingUnit.objects.filter(site_id=rack.site_id, sscc=code, state="open"))), None)
    mine = other is not None and other.pk in units_of_loads([rack.pk]).get(rack.pk, ())
    taken = other is None or PackingGroup.objects.filter(hu=other).exclude(pk=rack.pk).exists()
    if other is None or taken or not (mine or _free(other)):
        expected = rack.hu.sscc if rack.hu else _("an empty unit")
        raise WrongHandlingUnit(
            _("Stop: the goods for {call} go into {unit}, not into {scanned}.").format(
                call=wanted, unit=expected, scanned=code[:40]
            ),
            scanned=code,
            expected=expected,
        )
    if not mine:
        HandlingUnit.objects.filter(pk=other.pk).update(location_id=location_id)
        other.location_id = location_id
    _fill(rack, other)


def hold_units(racks: Iterable[PackingGroup]) -> list[HandlingUnit]:
    """Hold all units that these racks and loads fill; one that was opened and stayed empty is left aside.

    The rack names one that holds goods afterwards, so that whoever asks for its units finds the rack.
    """
    filled = units_of_loads([rack.pk for rack in racks])
    for rack in racks:
        units = filled.get(rack.pk, ())
        if units and rack.hu_id not in units:
            _fill(rack, HandlingUnit.objects.get(pk=units[-1]))
    keys = {key for units in filled.values() for key in units} | {rack.hu_id for rack in racks if rack.hu_id}
    return lock(HandlingUnit.objects.filter(pk__in=keys))


def holds_goods(unit: HandlingUnit) -> bool:
    """Tell whether something lies in a unit."""
    return Balance.objects.filter(hu=unit, on_hand__gt=0).exists()


def _free(unit: HandlingUnit) -> bool:
    """Tell whether a unit stands alone with nothing in it; a frame is no box even before its racks stand on it."""
    nested = unit.parent_id is not None or HandlingUnit.objects.filter(parent=unit).exists()
    return not nested and not RackFrame.objects.filter(hu=unit).exists() and not holds_goods(unit)


def _new_unit(rack: PackingGroup, location_id: int, at: datetime) -> HandlingUnit:
    return stock_steps.create_handling_unit(
        site_id=rack.site_id, location_id=location_id, kind=rack.package_type.lower()[:12], at=at
    )


def _fill(rack: PackingGroup, unit: HandlingUnit) -> None:
    rack.hu = unit
    PackingGroup.objects.filter(pk=rack.pk).update(hu=unit)
