"""Release produced calls for packing: slots are fixed, each rack gets its handling unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup, PackingGroup, PackingSlot
from milkrun.demand.states import GROUP_MOVES
from milkrun.demand.steps import Seat
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import check
from milkrun.shipping.errors import PickedInWarehouse
from milkrun.shipping.queries.picking import picking_modes
from milkrun.shipping.steps import give_frames, open_racks, seat_loose
from milkrun.stock.queries import first_place


@dataclass(frozen=True, slots=True)
class PackingOpened:
    """A packing group that can be packed now, with its handling unit."""

    packing_group_id: int
    public_id: str
    title: str
    sscc: str


@dataclass(frozen=True, slots=True)
class PackingReleased:
    """The packing groups of the released calls; `warnings` tell of gaps in a sequence that are allowed."""

    packing_groups: tuple[PackingOpened, ...]
    warnings: tuple[str, ...] = ()


@command
def release_for_packing(
    *, call_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> PackingReleased:
    """Release every group of these calls, all of them or none.

    Raises:
        NotFound: a call does not exist.
        CallHeld: a call is on hold.
        IllegalMove: a call is not ready.
        PickedInWarehouse: a call is picked by waves.
        SequenceGap: earlier numbers would be left behind and the stream's rule for packing blocks that.
    """
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(call_id__in=call_ids).exclude(state="cancelled"))
    if not groups or {group.call_id for group in groups} != set(call_ids):
        raise NotFound(_("A call you chose does not exist any more, or is cancelled."))
    groups = demand_steps.at_step(groups, "release_for_packing")
    check(groups, GROUP_MOVES, "release_for_packing", noun="Call")
    _refuse_picked_in_warehouse(groups)
    demand_steps.refuse_held(groups)
    warnings = demand_steps.check_sequence((group.call for group in groups), rule="packing_rule")

    _leave_closed_racks(groups)
    seat_loose(groups)
    slots = PackingSlot.objects.filter(group__in=groups)
    racks = lock(PackingGroup.objects.filter(pk__in=slots.values_list("packing_group_id")).select_related("hu"))
    station = first_place(racks[0].site_id, "packing").pk
    open_racks(racks, location_id=station, at=at)
    give_frames(racks, location_id=station, at=at)
    demand_steps.advance(
        groups, "release_for_packing", action="release_for_packing", actor=actor, at=at,
        facts={"warnings": warnings} if warnings else {}, packing="released",
    )  # fmt: skip

    opened = tuple(PackingOpened(r.pk, r.public_id, str(r), r.hu.sscc if r.hu else "") for r in racks)
    return PackingReleased(opened, tuple(warnings))


def _refuse_picked_in_warehouse(groups: Sequence[ComponentGroup]) -> None:
    modes = picking_modes(groups[0].site_id, {group.call.partner_id for group in groups})
    calls = sorted(
        {
            group.call.external_no
            for group in groups
            if group.call.kind == "summarized" and modes[group.call.partner_id] != "station"
        }
    )
    if calls:
        raise PickedInWarehouse(
            _("{calls}: picked in the warehouse, not packed at a station. Put them on a wave.").format(
                calls=", ".join(calls[:5])
            ),
            calls=calls,
        )


def _leave_closed_racks(groups: Sequence[ComponentGroup]) -> None:
    """Late numbers whose rack has left keep their slot in the rack's next load."""
    gone = list(
        PackingSlot.objects.filter(group__in=groups, packing_group__state__in=["closed", "issued"]).select_related(
            "group__call", "packing_group"
        )
    )
    PackingSlot.objects.filter(pk__in=[slot.pk for slot in gone]).update(group=None)
    by_partner: dict[int, list[Seat]] = {}
    for slot in gone:
        call = slot.group.call if slot.group else None
        if slot.group and call and call.stream_id and call.position:
            seat = Seat(slot.group.pk, call.stream_id, slot.group.code, call.position)
            by_partner.setdefault(call.partner_id, []).append(seat)
    for partner_id, seats in by_partner.items():
        demand_steps.seat_groups(seats, site_id=groups[0].site_id, partner_id=partner_id)
