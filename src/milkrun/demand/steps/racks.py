"""Give component groups of a sequence their place in a rack.

Rack and slot follow from the position in the stream alone: position 471 with ten slots stands in rack 48, slot 1. So a
gap keeps its slot free, and a late number finds it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from milkrun.demand.models import PackingGroup, PackingSlot, RackSpec
from milkrun.kernel import bulk
from milkrun.kernel.lock import hold

_SLOT = ("site_id", "packing_group_id", "position", "group_id")
RackKey = tuple[int, str, int]  # stream, family, rack number


@dataclass(frozen=True, slots=True)
class Seat:
    """A group that needs a slot: its stream, family and position in the stream."""

    group_id: int
    stream_id: int
    family: str
    position: int


def rack_and_slot(position: int, slots: int) -> tuple[int, int]:
    """Tell rack number and slot (both from 1) of a position in a stream.

    Example:
        >>> rack_and_slot(471, 10), rack_and_slot(480, 10)
        ((48, 1), (48, 10))
    """
    return (position - 1) // slots + 1, (position - 1) % slots + 1


def seat_groups(seats: Sequence[Seat], *, site_id: int, partner_id: int) -> None:
    """Put groups into slots of open racks, making racks and slots that do not exist yet."""
    if not seats:
        return
    for stream_id in sorted({seat.stream_id for seat in seats}):
        # Two people who seat late numbers at once must not both make the rack's next load.
        hold("seat", stream_id)
    specs = {row.family: row for row in RackSpec.objects.filter(partner_id=partner_id)}
    placed: list[tuple[Seat, RackKey, int]] = []
    for seat in seats:
        spec = specs.get(seat.family) or specs.get("")
        rack_no, slot = rack_and_slot(seat.position, spec.slots if spec else 1)
        placed.append((seat, (seat.stream_id, seat.family, rack_no), slot))
    racks = _open_racks({key for _, key, _ in placed}, specs, site_id, partner_id)
    _take_slots([(racks[key], slot, seat.group_id) for seat, key, slot in placed], site_id)


def _open_racks(
    keys: set[RackKey], specs: dict[str, RackSpec], site_id: int, partner_id: int
) -> dict[RackKey, PackingGroup]:
    latest: dict[RackKey, PackingGroup] = {}
    known = PackingGroup.objects.filter(
        site_id=site_id, stream_id__in={key[0] for key in keys}, rack_no__in={key[2] for key in keys}
    ).order_by("load_no")
    for row in known:
        latest[(row.stream_id or 0, row.family, row.rack_no)] = row
    made = []
    for key in sorted(keys):
        old = latest.get(key)
        if old is None or old.state in ("closed", "issued"):
            spec = specs.get(key[1]) or specs.get("")
            made.append(
                PackingGroup(
                    site_id=site_id,
                    partner_id=partner_id,
                    stream_id=key[0],
                    family=key[1],
                    rack_no=key[2],
                    load_no=old.load_no + 1 if old else 1,
                    slots_total=spec.slots if spec else 1,
                    package_type=spec.package_type if spec else "RACK",
                )
            )
    for new in PackingGroup.objects.bulk_create(made):
        latest[(new.stream_id or 0, new.family, new.rack_no)] = new
    return {key: latest[key] for key in keys}


def _take_slots(taken: Iterable[tuple[PackingGroup, int, int]], site_id: int) -> None:
    taken = list(taken)
    empty = {
        (row.packing_group_id, row.position): row
        for row in PackingSlot.objects.filter(packing_group_id__in={rack.pk for rack, _, _ in taken}, group=None)
    }
    again, made = [], []
    for rack, position, group_id in taken:
        slot = empty.get((rack.pk, position))
        if slot is not None:
            slot.group_id = group_id
            again.append(slot)
        else:
            made.append((site_id, rack.pk, position, group_id))
    if again:
        PackingSlot.objects.bulk_update(again, ["group"])
    bulk.insert("demand_packingslot", _SLOT, made)
