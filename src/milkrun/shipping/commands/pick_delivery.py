"""Pick the handling units of a delivery to the dock, by scan or all at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel.command import command
from milkrun.kernel.errors import IllegalMove
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import open_moves
from milkrun.kernel.spoken import spoken
from milkrun.shipping.errors import PickedByOther, WrongHandlingUnit
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import carry, settle_tasks, units_of
from milkrun.stock.models import HandlingUnit


@dataclass(frozen=True, slots=True)
class DeliveryPicked:
    """Handling units picked now, those still open, and the delivery's state."""

    picked: tuple[str, ...]
    open: tuple[str, ...]
    state: str


@command
def pick_delivery(
    *, delivery_id: int, actor: Actor, at: datetime, sscc: str | None = None, request: Request | None = None
) -> DeliveryPicked:
    """Bring one scanned handling unit (or all that are open) to the dock; with the last one, picking is done.

    Raises:
        IllegalMove: the delivery is not open for picking.
        WrongHandlingUnit: the scanned unit is not on this delivery.
        PickedByOther: it was picked before; facts say by whom and when.
    """
    delivery = lock_one(Delivery.objects.filter(pk=delivery_id), noun="delivery")
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(
            pk__in=DeliveryLine.objects.filter(delivery=delivery).values_list("component__group_id")
        )
    )
    tasks = lock(PickTask.objects.filter(hu__in=_units(delivery), state="open"))
    units = {row.sscc: row for row in lock(_units(delivery))}
    chosen = _choose(delivery, units, sscc)

    left = carry(delivery, chosen, units=units.values(), groups=groups, actor=actor, at=at)
    done = {row.pk for row in chosen}
    settle_tasks([task for task in tasks if task.hu_id in done], actor=actor, at=at)

    return DeliveryPicked(tuple(row.sscc for row in chosen), left, delivery.state)


def _units(delivery: Delivery) -> QuerySet[HandlingUnit]:
    lines = DeliveryLine.objects.filter(delivery=delivery).values_list("hu_id", flat=True)
    return HandlingUnit.objects.filter(pk__in=units_of(lines).values("pk"))


def _choose(delivery: Delivery, units: dict[str, HandlingUnit], sscc: str | None) -> list[HandlingUnit]:
    if sscc is not None and sscc not in units:
        raise WrongHandlingUnit(
            _("{sscc} is not on delivery {delivery}. Still to pick: {codes}.").format(
                sscc=sscc,
                delivery=delivery,
                codes=", ".join((code for code, row in sorted(units.items()) if row.state == "closed")) or _("nothing"),
            ),
            scanned=sscc,
        )
    chosen = _standing_together(units, sscc) if sscc else [row for row in units.values() if row.state == "closed"]
    for row in chosen:
        if row.state == "picked":
            raise PickedByOther(
                _("{sscc} was picked by {handled_by} at {handled_at} UTC.").format(
                    sscc=row.sscc, handled_by=row.handled_by, handled_at=f"{row.handled_at:%H:%M}"
                ),
                by=row.handled_by,
                at=row.handled_at.isoformat() if row.handled_at else "",
            )
    if delivery.state != "open":
        raise IllegalMove(
            _("Delivery {delivery} is {state}: nothing is left to pick.").format(
                delivery=delivery, state=spoken(delivery.state)
            ),
            state=delivery.state,
            open=open_moves(DELIVERY_MOVES, delivery.state),
        )
    return chosen


def _standing_together(units: dict[str, HandlingUnit], sscc: str) -> list[HandlingUnit]:
    """Return the scanned unit; of a frame with its racks all of them, whichever label was scanned."""
    outer = units[sscc].parent_id or units[sscc].pk
    together = [row for row in units.values() if outer in (row.pk, row.parent_id)]
    return together if len(together) > 1 else [units[sscc]]
