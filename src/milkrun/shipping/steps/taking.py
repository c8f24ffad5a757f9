"""Take goods for a task: hold what a pick touches, move the goods into their handling unit, bring the call along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup
from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.kernel.spoken import spoken
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.shipping.errors import PickedByOther, PickTaskEnded
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask, Wave
from milkrun.shipping.queries.picking import tasks_in_order
from milkrun.shipping.states import PICK_TASK_MOVES
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit

STOPPED = ("cancelled", "cancel_requested")


@dataclass(slots=True)
class Held:
    """A task with what its pick touches, all held: groups, and the load (goods) or the delivery with its units."""

    task: PickTask
    groups: list[ComponentGroup]
    rack: PackingGroup | None = None
    delivery: Delivery | None = None
    units: tuple[HandlingUnit, ...] = ()

    @property
    def left(self) -> int:
        """Return what the task still asks for, in micro-units."""
        return to_micro(self.task.qty) - to_micro(self.task.picked_qty)


def hold_task(task_id: int) -> Held:
    """Hold a task from the highest noun down: delivery, calls and groups, load, wave, task, units.

    Raises:
        NotFound: there is no such task.
        PickedByOther: it was picked before.
        PickTaskEnded: it was cancelled, or what it was for was.
        IllegalMove: it was found short before.
    """
    seen = PickTask.objects.filter(pk=task_id).values("wave_id", "delivery_id", "hu_id", "component__group_id").first()
    if seen is None:
        raise NotFound(_("This task does not exist."))
    delivery, rack, now, group_ids = None, None, None, {seen["component__group_id"]}
    if seen["delivery_id"]:
        # A delivery may have been parted since: the unit is picked for the one it stands on now.
        now = DeliveryLine.objects.filter(hu_id=seen["hu_id"], live=True).values_list("delivery_id", flat=True).first()
        delivery = lock_one(Delivery.objects.filter(pk=now or seen["delivery_id"]), noun="delivery")
        group_ids = set(DeliveryLine.objects.filter(delivery=delivery).values_list("component__group_id", flat=True))
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in=group_ids))
    if delivery is None:
        rack = lock_one(
            PackingGroup.objects.filter(slots__group_id=seen["component__group_id"]).select_related("hu"), noun="load"
        )
    lock_one(Wave.objects.filter(pk=seen["wave_id"]), noun="wave")
    task = lock_one(tasks_in_order(PickTask.objects.filter(pk=task_id)), noun="task")
    gone = [
        _("Call {group} is {state}.").format(group=group, state=spoken(group.state))
        for group in groups
        if group.state in STOPPED
    ]
    if delivery is not None:
        gone = (
            [] if now else [_("The unit is on no delivery any more; it was on {delivery}.").format(delivery=delivery)]
        )
    _refuse_ended(task, gone)
    check([task], PICK_TASK_MOVES, "pick", noun="Task")
    units = (
        lock(HandlingUnit.objects.filter(pk__in=DeliveryLine.objects.filter(delivery=delivery).values_list("hu_id")))
        if delivery
        else []
    )
    return Held(task, groups, rack, delivery, tuple(units))


def _refuse_ended(task: PickTask, gone: Sequence[str]) -> None:
    if task.state == "picked":
        raise PickedByOther(
            _("This was picked by {handled_by} at {handled_at} UTC.").format(
                handled_by=task.handled_by, handled_at=f"{task.handled_at:%H:%M}"
            ),
            by=task.handled_by,
            at=task.handled_at.isoformat() if task.handled_at else "",
        )
    if task.state != "cancelled" and not gone:
        return
    place = task.from_location.code
    why = task.reason if task.state == "cancelled" else gone[0]
    raise PickTaskEnded(
        _("This is not to be picked any more. {why} Bring the goods back to {place}.").format(why=why, place=place),
        task=task.public_id,
        wave=task.wave.number,
        why=why,
        by=task.handled_by,
        at=task.handled_at.isoformat() if task.handled_at else "",
        location=place,
    )


def take_goods(held: Held, micro: int, *, actor: Actor, at: datetime) -> bool:
    """Move so much of a task's goods into the load's handling unit; True when the call has all it needs.

    Raises:
        ShortStock: the goods are not reserved there any more.
        LotHeld: their lot was blocked meanwhile.
    """
    task, rack = held.task, held.rack
    assert rack is not None and rack.hu is not None and task.component is not None  # noqa: S101, PT018 - goods have a load
    kept = stock_steps.with_quantity(
        ("component", task.component_id or 0),
        from_micro(micro),
        site_id=task.site_id,
        at=at,
        balance_id=task.balance_id,
    )
    stock_steps.relocate(
        kept,
        to_location_id=rack.hu.location_id,
        to_hu_id=rack.hu.pk,
        site_id=task.site_id,
        kind="pick",
        document=("pick_task", task.pk),
        actor=actor,
        at=at,
    )
    task.picked_qty = from_micro(to_micro(task.picked_qty) + micro)
    PickTask.objects.filter(pk=task.pk).update(picked_qty=task.picked_qty)
    packed = from_micro(to_micro(task.component.packed_qty) + micro)
    Component.objects.filter(pk=task.component.pk).update(packed_qty=packed)
    journal.write(
        [
            journal.Entry(
                "pick_part",
                "group",
                task.component.group_id,
                site_id=task.site_id,
                facts={
                    "part": task.component.customer_part_no,
                    "qty": str(from_micro(micro)),
                    "from": task.from_location.code,
                    "sscc": rack.hu.sscc,
                    "wave": task.wave.number,
                },
            )
        ],
        actor=actor,
        at=at,
    )
    return pack_whole(held.groups, rack, {"wave": task.wave.number}, actor=actor, at=at)


def pack_whole(
    groups: Sequence[ComponentGroup], rack: PackingGroup, facts: dict[str, str], *, actor: Actor, at: datetime
) -> bool:
    """Bring groups of one load, held, to packed where nothing of them is missing any more; tell whether it is so."""
    if Component.objects.filter(group__in=groups).exclude(packed_qty=F("qty")).exists():
        return False
    demand_steps.advance(
        groups,
        "confirm_packing",
        action="confirm_packing",
        actor=actor,
        at=at,
        packing="packed",
        picking="picked",
        facts={"rack": str(rack), "sscc": rack.hu.sscc if rack.hu else "", **facts},
    )
    return True


def end_task(task: PickTask, how: str, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Move a task that is held to its end: "pick" or "run_short"."""
    move(
        [task],
        PICK_TASK_MOVES,
        how,
        noun="Task",
        handled_by=actor.name,
        handled_via=actor.via,
        handled_at=at,
        reason=reason[:400],
    )
