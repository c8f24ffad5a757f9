"""Cancel a delivery before its goods issue; its calls are packed again and can go on another one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import drop_tasks, units_of
from milkrun.stock.models import HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_MOVES


@dataclass(frozen=True, slots=True)
class DeliveryCancelled:
    """The delivery is cancelled."""

    delivery_id: int


@command
def cancel_delivery(
    *, delivery_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> DeliveryCancelled:
    """Take all calls off a delivery.

    Raises:
        IllegalMove: the goods have left, or it is cancelled already.
    """
    delivery = lock_one(Delivery.objects.filter(pk=delivery_id), noun="delivery")
    check([delivery], DELIVERY_MOVES, "cancel", noun="Delivery")
    lines = DeliveryLine.objects.filter(delivery=delivery)
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in=lines.values_list("component__group_id")))
    tasks = lock(PickTask.objects.filter(hu__in=lines.values("hu_id"), state="open"))
    units = units_of(lines.values_list("hu_id", flat=True)).values("pk")
    picked = lock(HandlingUnit.objects.filter(pk__in=units, state="picked"))

    before = delivery.state
    move([delivery], DELIVERY_MOVES, "cancel", noun="Delivery")
    lines.update(live=False)
    demand_steps.advance(
        groups,
        "take_off_delivery",
        action="cancel_delivery",
        actor=actor,
        at=at,
        reason=reason,
        facts={"delivery": delivery.number},
        delivery="none",
        picking="none",
    )
    move(picked, HANDLING_UNIT_MOVES, "unpick", noun="Handling unit", handled_by=actor.name, handled_at=at)
    drop_tasks(
        tasks, reason=gettext_noop("Delivery {delivery} is cancelled.").format(delivery=delivery), actor=actor, at=at
    )

    journal.write(
        [
            journal.Entry(
                "cancel_delivery",
                "delivery",
                delivery.pk,
                site_id=delivery.site_id,
                before=before,
                after=delivery.state,
                reason=reason,
            )
        ],
        actor=actor,
        at=at,
    )
    return DeliveryCancelled(delivery.pk)
