"""Create one delivery from packed calls of one customer plant and dock; their racks are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.demand.states import GROUP_MOVES
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.machine import check, move
from milkrun.partners.models import Partner
from milkrun.shipping.models import Delivery
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import (
    add_lines,
    close_racks,
    lock_racks,
    put_on,
    refuse_incomplete,
    refuse_mixed,
    unit_codes,
)


@dataclass(frozen=True, slots=True)
class DeliveryCreated:
    """A delivery with the handling units that leave with it; `warnings` tell of gaps that are allowed."""

    delivery_id: int
    public_id: str
    number: str
    lines: int
    handling_units: tuple[str, ...]
    warnings: tuple[str, ...]


@command
def create_delivery(
    *, call_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> DeliveryCreated:
    """Put every group of these calls on a new delivery, all of them or none.

    Raises:
        NotFound: a call does not exist.
        CallHeld: a call is on hold.
        IllegalMove: a call is not packed.
        MixedDestinations: the calls go to different plants or docks.
        RackIncomplete: a rack is still being packed, or holds goods of another call.
        SequenceGap: earlier numbers would be left behind and the stream's rule blocks that.
    """
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(call_id__in=call_ids).exclude(state="cancelled"))
    if not groups or {group.call_id for group in groups} != set(call_ids):
        raise NotFound(_("A call you chose does not exist any more, or is cancelled."))
    groups = demand_steps.at_step(groups, "put_on_delivery")
    check(groups, GROUP_MOVES, "put_on_delivery", noun="Call")
    demand_steps.refuse_held(groups)
    racks = lock_racks(groups)
    refuse_mixed(groups)
    refuse_incomplete(racks, groups)
    warnings = demand_steps.check_sequence((group.call for group in groups), rule="gap_rule")

    first = groups[0].call
    partner = Partner.objects.get(pk=first.partner_id)
    picking = any(g.call.kind == "summarized" for g in groups) or partner.picks_sequenced_calls
    close_racks(racks, actor=actor, at=at)
    delivery = Delivery.objects.create(
        site_id=first.site_id,
        number=numbering.written("delivery", numbering.take("delivery")),
        partner=partner,
        ship_to_id=first.ship_to_id or 0,
        unloading_point=first.unloading_point,
        picking_needed=picking,
        due_at=min(group.call.required_at for group in groups),
        priority=max(group.call.priority for group in groups),
        created_at=at,
    )
    lines = add_lines(delivery, groups)
    to_pick = put_on(delivery, groups, action="create_delivery", actor=actor, at=at)
    if not to_pick:
        move([delivery], DELIVERY_MOVES, "finish_picking", noun="Delivery")

    units = unit_codes(lines)
    journal.write(
        [
            journal.Entry(
                "create_delivery",
                "delivery",
                delivery.pk,
                site_id=delivery.site_id,
                after=delivery.state,
                facts={"number": delivery.number, "calls": sorted(call_ids), "units": units, "warnings": warnings},
            )
        ],
        actor=actor,
        at=at,
    )
    return DeliveryCreated(delivery.pk, delivery.public_id, delivery.number, len(lines), units, tuple(warnings))
