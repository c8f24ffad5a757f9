"""Say how many slots a customer's rack has."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.errors import RackInUse
from milkrun.demand.models import PackingGroup, RackFrame, RackSpec
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request


@dataclass(frozen=True, slots=True)
class RackSpecified:
    """A rack specification."""

    rack_spec_id: int


@command
def specify_rack(
    *,
    partner_id: int,
    slots: int,
    actor: Actor,
    at: datetime,
    family: str = "",
    package_type: str = "RACK",
    racks: int = 1,
    frame_type: str = "FRAME",
    request: Request | None = None,
) -> RackSpecified:
    """Set the rack of a module family ("" for all families without one); racks that exist keep their slots.

    Args:
        slots: places in one rack.
        racks: so many racks stand on one frame and leave with it; 1 where there are no frames.
        frame_type: what kind of package the frame is.

    Raises:
        Invalid: a rack has at least one slot.
        RackInUse: open racks have another number of slots, or open frames another number of racks.
    """
    if slots < 1:
        raise Invalid([Problem("slots", _("A rack has at least one slot."), "not_positive")])

    if racks < 1:
        raise Invalid([Problem("racks", _("A frame holds at least one rack."), "not_positive")])

    in_use = PackingGroup.objects.filter(partner_id=partner_id, state__in=["planned", "packing"]).exclude(
        slots_total=slots
    )
    if in_use.filter(stream__isnull=False, family=family).exists():
        raise RackInUse(_("Racks of this kind are being filled. Let them leave first, then change their slots."))

    if _open_frames(partner_id, family).exclude(racks_total=racks).exists():
        raise RackInUse(
            _("Frames of this kind are being filled. Let them leave first, then change how many racks they hold.")
        )

    row, __ = RackSpec.objects.update_or_create(
        partner_id=partner_id,
        family=family,
        defaults={"slots": slots, "package_type": package_type, "racks": racks, "frame_type": frame_type},
    )

    facts = {"family": family, "slots": slots, "racks": racks}
    journal.write([journal.Entry("specify_rack", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return RackSpecified(row.pk)


def _open_frames(partner_id: int, family: str) -> QuerySet[RackFrame]:
    """Select the frames being filled that a specification counts for; "" counts for families without their own."""
    rows = RackFrame.objects.filter(stream__ship_to__partner_id=partner_id, hu__state="open")
    if family:
        return rows.filter(family=family)
    own = RackSpec.objects.filter(partner_id=partner_id).exclude(family="")
    return rows.exclude(family__in=own.values("family"))
