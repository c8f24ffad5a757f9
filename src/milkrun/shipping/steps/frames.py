"""Frames: racks of one family that stand on one carrier and leave together; their units stand in the frame's unit."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.models import ComponentGroup, PackingGroup, PackingSlot, RackFrame, RackSpec
from milkrun.demand.steps import rack_and_slot
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.machine import move
from milkrun.shipping.errors import RackIncomplete
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_MOVES


def give_frames(racks: Sequence[PackingGroup], *, location_id: int, at: datetime) -> None:
    """Give each rack whose specification knows frames the one it belongs on; a frame that has left comes again."""
    specs = {
        (row.partner_id, row.family): row for row in RackSpec.objects.filter(partner__in={r.partner_id for r in racks})
    }
    for rack in racks:
        spec = specs.get((rack.partner_id, rack.family)) or specs.get((rack.partner_id, ""))
        if rack.stream_id is not None and rack.frame_id is None and spec is not None and spec.racks > 1:
            rack.frame = _frame(rack, spec, location_id, at)
            PackingGroup.objects.filter(pk=rack.pk).update(frame=rack.frame)


def _frame(rack: PackingGroup, spec: RackSpec, location_id: int, at: datetime) -> RackFrame:
    # Racks of one frame are released by different people; both must find the same one.
    hold("frame", rack.stream_id or 0)
    frame_no, _place = rack_and_slot(rack.rack_no, spec.racks)
    same = RackFrame.objects.filter(
        site_id=rack.site_id, stream_id=rack.stream_id, family=rack.family, frame_no=frame_no
    )
    last = same.select_related("hu").order_by("-load_no").first()
    if last is not None and last.hu.state == "open":
        return last
    unit = stock_steps.create_handling_unit(
        site_id=rack.site_id, location_id=location_id, kind=spec.frame_type.lower()[:12], at=at
    )
    return RackFrame.objects.create(
        site_id=rack.site_id, stream_id=rack.stream_id or 0, family=rack.family, frame_no=frame_no,
        load_no=last.load_no + 1 if last else 1, racks_total=spec.racks, hu=unit,
    )  # fmt: skip


def with_siblings(racks: Sequence[PackingGroup]) -> list[PackingGroup]:
    """Return racks that are held with the others of their frames, held too."""
    frames = {rack.frame_id for rack in racks if rack.frame_id}
    held = {rack.pk for rack in racks}
    return [*racks, *lock(PackingGroup.objects.filter(frame__in=frames).exclude(pk__in=held).select_related("hu"))]


def refuse_off_frame(racks: Iterable[PackingGroup]) -> None:
    """Refuse racks that do not stand on their frame yet.

    Raises:
        RackIncomplete: names racks and frames.
    """
    keys = [rack.pk for rack in racks if rack.frame_id and rack.state == "packing"]
    rows = PackingGroup.objects.filter(pk__in=keys).select_related("hu", "frame__hu").order_by("pk")
    off = [row for row in rows if row.hu and row.frame and row.hu.parent_id != row.frame.hu_id]
    if off:
        stuck = [
            _("{rack} does not stand on its frame {unit}").format(rack=r, unit=r.frame and r.frame.hu) for r in off
        ]
        raise RackIncomplete(
            _("{stuck}. Scan the frame at the rack first.").format(stuck="; ".join(stuck[:5])), slots=stuck
        )


def close_frames(racks: Sequence[PackingGroup], *, actor: Actor, at: datetime) -> None:
    """Close the frames of racks that are closed; a rack without goods that stays behind is taken off its frame."""
    frames = {rack.frame_id for rack in racks if rack.frame_id}
    behind = PackingGroup.objects.filter(frame__in=frames, state__in=("planned", "packing")).select_related("hu")
    take_off_frames(list(behind.order_by("pk")))
    units = lock(HandlingUnit.objects.filter(rackframe__in=frames, state="open"))
    move(units, HANDLING_UNIT_MOVES, "close", noun="Handling unit", handled_by=actor.name, handled_at=at)


def hold_emptied(groups: Sequence[ComponentGroup]) -> list[PackingGroup]:
    """Hold closed racks in which nobody stands any more once these groups leave their slots, with their frames."""
    others = PackingSlot.objects.filter(group__isnull=False).exclude(group__in=groups).values("packing_group_id")
    mine = PackingSlot.objects.filter(group__in=groups).exclude(packing_group__in=others).values("packing_group_id")
    racks = lock(
        PackingGroup.objects.filter(pk__in=mine, state="closed", frame__isnull=False).select_related("hu", "frame")
    )
    if racks:
        # Nesting before units, as everybody who carries whole trees holds them.
        stock_steps.hold_trees({rack.frame.hu_id for rack in racks if rack.frame}, site_id=racks[0].site_id)
    return racks


def take_off_frames(racks: Sequence[PackingGroup]) -> None:
    """Take racks that do not leave with their frames off them."""
    for rack in racks:
        if rack.hu_id and rack.hu and rack.hu.parent_id:
            stock_steps.nest(rack.hu_id, None, site_id=rack.site_id)
    PackingGroup.objects.filter(pk__in=[rack.pk for rack in racks]).update(frame=None)


def units_of(hu_ids: Iterable[int]) -> QuerySet[HandlingUnit]:
    """Select units with the frames that they stand on."""
    keys = set(hu_ids)
    return HandlingUnit.objects.filter(Q(pk__in=keys) | Q(rackframe__isnull=False, children__in=keys)).distinct()
