"""Take handling units off a delivery that has not left; their calls are packed again and can go on another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from milkrun.demand import steps as demand_steps
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask
from milkrun.shipping.steps import drop_tasks, hold_changeable, part_of, settle_picking, units_of
from milkrun.stock.models import HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_MOVES


@dataclass(frozen=True, slots=True)
class RemovedFromDelivery:
    """What was taken off, and the calls that are packed again."""

    delivery_id: int
    handling_units: tuple[str, ...]
    call_ids: tuple[int, ...]


@command
def remove_from_delivery(
    *,
    delivery_id: int,
    handling_units: Sequence[str],
    reason: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> RemovedFromDelivery:
    """Take chosen handling units with all their groups off; to take all of them, cancel the delivery.

    Raises:
        IllegalMove: the goods have left, or the delivery is cancelled.
        AnnouncedBefore: its goods issue was taken back; the notices that were sent name its lines.
        WrongHandlingUnit: a unit is not on the delivery, or would be torn out of another one.
        Invalid: no reason is given, no unit is chosen, or all of them.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the handling units stay here."), "reason_missing")])
    delivery = hold_changeable(delivery_id)
    part = part_of(delivery, handling_units)

    DeliveryLine.objects.filter(pk__in=[line.pk for line in part.lines]).delete()
    going = units_of(unit.pk for unit in part.units).values("pk")
    picked = lock(HandlingUnit.objects.filter(pk__in=going, state="picked"))
    move(picked, HANDLING_UNIT_MOVES, "unpick", noun="Handling unit", handled_by=actor.name, handled_at=at)
    demand_steps.advance(
        part.groups,
        "take_off_delivery",
        action="remove_from_delivery",
        actor=actor,
        at=at,
        reason=reason,
        facts={"delivery": delivery.number},
        delivery="none",
        picking="none",
    )
    tasks = lock(PickTask.objects.filter(delivery=delivery, hu__in=part.units, state="open"))
    drop_tasks(
        tasks,
        reason=gettext_noop("The unit was taken off delivery {delivery}.").format(delivery=delivery),
        actor=actor,
        at=at,
    )
    left = DeliveryLine.objects.filter(delivery=delivery)
    due = left.aggregate(first=Min("component__group__call__required_at"))["first"]
    Delivery.objects.filter(pk=delivery.pk).update(due_at=due)
    settle_picking(delivery, part.staying)

    units = tuple(sorted(unit.sscc for unit in part.units))
    facts = {"units": units}
    entry = journal.Entry(
        "remove_from_delivery", "delivery", delivery.pk, site_id=delivery.site_id, after=delivery.state, reason=reason,
        facts=facts,
    )  # fmt: skip
    journal.write([entry], actor=actor, at=at)
    return RemovedFromDelivery(delivery.pk, units, tuple(sorted({group.call_id for group in part.groups})))
