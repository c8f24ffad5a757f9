"""Loads: the packing groups that calls outside a sequence get of their own, and the handling units goods go into."""

from collections.abc import Sequence
from datetime import datetime

from milkrun.demand.models import ComponentGroup, PackingGroup, PackingSlot
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.kernel import numbering
from milkrun.kernel.machine import move
from milkrun.stock import steps as stock_steps


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
        rack.hu = stock_steps.create_handling_unit(
            site_id=rack.site_id, location_id=location_id, kind=rack.package_type.lower()[:12], at=at
        )
        PackingGroup.objects.filter(pk=rack.pk).update(hu=rack.hu)
