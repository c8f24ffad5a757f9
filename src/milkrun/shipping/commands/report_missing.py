"""Report that the part of a rack's slot is not there: packing goes on with the next slot, the planner is told."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, MissingPart, PackingGroup, PackingSlot
from milkrun.exchange.steps import notify
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.shipping.errors import NothingToPack


@dataclass(frozen=True, slots=True)
class MissingReported:
    """The slot stays free for its part, and these parts are waited for."""

    slot: int
    parts: tuple[str, ...]


@command
def report_missing(
    *,
    packing_group_id: int,
    slot: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    request: Request | None = None,
) -> MissingReported:
    """Mark a slot that cannot be packed now; its part may still be scanned whenever it turns up.

    Raises:
        NotFound: there is no such rack.
        NothingToPack: the slot does not wait for packing.
    """
    demand_steps.lock_groups(ComponentGroup.objects.filter(slot__packing_group_id=packing_group_id, state="in_packing"))
    rack = lock_one(PackingGroup.objects.filter(pk=packing_group_id), noun="rack")
    places = PackingSlot.objects.filter(packing_group=rack, position=slot, group__state="in_packing")
    place = places.select_related("group__call").first()
    if place is None or place.group is None:
        raise NothingToPack(
            _("Slot {slot} of {rack} does not wait for packing.").format(slot=slot, rack=rack),
            rack=str(rack),
            slot=slot,
        )
    open_rows = Component.objects.filter(group=place.group).order_by("line_no")
    parts = tuple(row.customer_part_no for row in open_rows if row.packed_qty != row.qty)

    MissingPart.objects.update_or_create(
        slot=place,
        defaults={"site_id": rack.site_id, "reason": reason[:400], "reported_at": at, "reported_by": actor.name},
    )
    call = place.group.call
    notify(
        kind="part_missing",
        subject=_("Missing at packing: {parts}").format(parts=", ".join(parts)),
        body=_("{rack}, slot {slot}, call {call}, required {required_at} UTC. {reason}").format(
            rack=rack, slot=slot, call=call.external_no, required_at=f"{call.required_at:%Y-%m-%d %H:%M}", reason=reason
        ),
        at=at,
        actor=actor,
        role="material_planner",
        site_id=rack.site_id,
        document_kind="call",
        document_id=call.pk,
    )

    facts = {"rack": str(rack), "slot": slot, "parts": ", ".join(parts)}
    entries = [
        journal.Entry("report_missing", kind, key, site_id=rack.site_id, reason=reason, facts=facts)
        for kind, key in (("group", place.group.pk), ("packing_group", rack.pk))
    ]
    journal.write(entries, actor=actor, at=at)
    return MissingReported(slot, parts)
