"""Put more packed calls on a delivery that has not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.demand.states import GROUP_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.machine import check, move
from milkrun.shipping.errors import MixedDestinations
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import (
    add_lines,
    close_racks,
    hold_changeable,
    lock_racks,
    put_on,
    refuse_incomplete,
    refuse_mixed,
    unit_codes,
)


@dataclass(frozen=True, slots=True)
class AddedToDelivery:
    """The handling units that leave with the delivery too; `warnings` tell of gaps that are allowed."""

    delivery_id: int
    handling_units: tuple[str, ...]
    lines: int
    warnings: tuple[str, ...]


@command
def add_to_delivery(
    *, delivery_id: int, call_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> AddedToDelivery:
    """Put every group of these calls on the delivery, all of them or none.

    Where units have to be picked, a delivery that was picked is open again until the new ones are at the dock.

    Raises:
        NotFound: the delivery or a call does not exist.
        IllegalMove: the goods have left, or a call is not packed.
        AnnouncedBefore: its goods issue was taken back; the notices that were sent name its lines.
        MixedDestinations: a call goes to another plant or dock than the delivery.
        RackIncomplete: a rack is still being packed, or holds goods of another call.
        SequenceGap: earlier numbers would be left behind and the stream's rule blocks that.
    """
    delivery = hold_changeable(delivery_id)
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(call_id__in=call_ids).exclude(state="cancelled"))
    if not groups or {group.call_id for group in groups} != set(call_ids):
        raise NotFound(_("A call you chose does not exist any more, or is cancelled."))
    check(groups, GROUP_MOVES, "put_on_delivery", noun="Call")
    racks = lock_racks(groups)
    refuse_mixed(groups)
    _refuse_elsewhere(delivery, groups)
    refuse_incomplete(racks, groups)
    warnings = demand_steps.check_sequence((group.call for group in groups), rule="gap_rule")

    close_racks(racks, actor=actor, at=at)
    last = DeliveryLine.objects.filter(delivery=delivery).aggregate(last=Max("line_no"))["last"] or 0
    lines = add_lines(delivery, groups, after=last)
    to_pick = put_on(delivery, groups, action="add_to_delivery", actor=actor, at=at)
    Delivery.objects.filter(pk=delivery.pk).update(
        due_at=min(delivery.due_at, *(group.call.required_at for group in groups))
    )
    if to_pick and delivery.state == "picked":
        move([delivery], DELIVERY_MOVES, "pick_more", noun="Delivery")

    units = unit_codes(lines)
    facts = {"calls": sorted(call_ids), "units": units, "warnings": warnings}
    entry = journal.Entry(
        "add_to_delivery", "delivery", delivery.pk, site_id=delivery.site_id, after=delivery.state, facts=facts
    )
    journal.write([entry], actor=actor, at=at)
    return AddedToDelivery(delivery.pk, units, len(lines), tuple(warnings))


def _refuse_elsewhere(delivery: Delivery, groups: Sequence[ComponentGroup]) -> None:
    call = groups[0].call
    here = (delivery.site_id, delivery.partner_id, delivery.ship_to_id, delivery.unloading_point)
    if (call.site_id, call.partner_id, call.ship_to_id, call.unloading_point) != here:
        raise MixedDestinations(
            _("Delivery {delivery} goes to {ship_to} {unloading_point}, the chosen calls do not.").format(
                delivery=delivery, ship_to=delivery.ship_to, unloading_point=delivery.unloading_point
            ),
            docks=sorted({delivery.unloading_point, call.unloading_point}),
        )
