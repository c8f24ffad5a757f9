"""Confirm by scan that a rack stands on its frame."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import PackingGroup
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check
from milkrun.measure.gs1 import read_sscc
from milkrun.shipping.errors import RackPlaced, WrongFrame
from milkrun.stock import steps as stock_steps


@dataclass(frozen=True, slots=True)
class RackOnFrame:
    """The rack's unit stands in the frame's unit; `left` racks of the frame do not stand on it yet."""

    rack: str
    frame: str
    sscc: str
    left: int


@command
def place_rack(
    *, packing_group_id: int, scan: str, actor: Actor, at: datetime, request: Request | None = None
) -> RackOnFrame:
    """Put a rack on the frame whose label was scanned.

    Raises:
        NotFound: there is no such rack.
        IllegalMove: the rack is not being packed.
        WrongFrame: it belongs on another frame, or on none.
        RackPlaced: it stands there already.
    """
    rack = lock_one(PackingGroup.objects.filter(pk=packing_group_id).select_related("hu", "frame__hu"), noun="rack")
    check([rack], PACKING_GROUP_MOVES, "close", noun="Rack")
    frame = rack.frame
    # Held once more for itself: what came with the rack was read before whoever held the rack had put it there.
    unit = next(
        (row for row in stock_steps.hold_trees([rack.hu_id or 0], site_id=rack.site_id) if row.pk == rack.hu_id), None
    )
    if frame is None or unit is None:
        raise WrongFrame(_("{rack} belongs on no frame.").format(rack=rack), scanned=scan, expected="")
    if unit.parent_id == frame.hu_id:
        raise RackPlaced(_("{rack} stands on {frame} already.").format(rack=rack, frame=frame), sscc=frame.hu.sscc)
    if read_sscc(scan) != frame.hu.sscc:
        raise WrongFrame(
            _("Stop: {rack} belongs on {frame}, {sscc}, not on {scanned}.").format(
                rack=rack, frame=frame, sscc=frame.hu.sscc, scanned=scan.strip()[:40]
            ),
            scanned=scan, expected=frame.hu.sscc,
        )  # fmt: skip

    stock_steps.nest(unit.pk, frame.hu_id, site_id=rack.site_id)

    left = frame.racks.exclude(hu__parent=frame.hu_id).count()
    facts = {"rack": str(rack), "frame": str(frame), "sscc": frame.hu.sscc}
    entries = [
        journal.Entry("place_rack", kind, key, site_id=rack.site_id, facts=facts)
        for kind, key in (("packing_group", rack.pk), ("hu", unit.pk))
    ]
    journal.write(entries, actor=actor, at=at)
    return RackOnFrame(str(rack), str(frame), frame.hu.sscc, left)
