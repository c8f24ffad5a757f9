"""Take groups off the line before their goods have left: jobs, goods, delivery and slot let go of them.

Used where a call is cancelled, where a component is reordered and where a call is changed under way.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.kernel.spoken import noun_name
from milkrun.production import steps as production_steps
from milkrun.production.models import Job
from milkrun.shipping.errors import AnnouncedBefore
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps.frames import hold_emptied, take_off_frames, units_of
from milkrun.shipping.steps.tasks import drop_tasks
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit, Reservation
from milkrun.stock.queries import first_place
from milkrun.stock.states import HANDLING_UNIT_MOVES
from milkrun.stock.steps import Line

# How often calls are held anew because something came to them meanwhile.
ATTEMPTS = 3


class Held:
    """Groups with everything above them that holds on to them, locked in the order everybody keeps."""

    def __init__(self, call_ids: Sequence[int]) -> None:
        """Hold the groups of calls; what came to them while somebody else held them is held as well.

        Raises:
            Conflict: others bring something new every time.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    self._hold(call_ids)
                return
            except Conflict:
                if attempt == ATTEMPTS:
                    raise

    def _hold(self, call_ids: Sequence[int]) -> None:
        groups = ComponentGroup.objects.filter(call_id__in=call_ids)
        keys = list(groups.values_list("pk", flat=True))
        self.deliveries: list[Delivery] = lock(_deliveries_of(keys))
        self.jobs: list[Job] = production_steps.hold_jobs(keys)
        self.groups = demand_steps.lock_groups(groups.filter(pk__in=keys))
        # Only now does nobody else add to these calls: what was added while we waited must be held before them.
        known = {*self.deliveries, *self.jobs, *self.groups}
        if not known.issuperset([*groups, *_deliveries_of(keys), *production_steps.live_jobs(keys)]):
            raise Conflict(
                _("{noun} {rows} was changed by somebody else a moment ago. Load it again and decide anew.").format(
                    noun=noun_name("Call"), rows=", ".join(sorted({str(group.call) for group in self.groups})[:5])
                )
            )


def _deliveries_of(group_ids: Sequence[int]) -> QuerySet[Delivery]:
    lines = DeliveryLine.objects.filter(component__group_id__in=group_ids, live=True)
    return Delivery.objects.filter(pk__in=lines.values("delivery_id"))


def retire(
    held: Held,
    groups: Sequence[ComponentGroup],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    lost: Collection[int] = (),
) -> None:
    """Close the jobs of groups, give their goods free, take them off their deliveries and out of their slots.

    Their state is moved by the caller. Packed goods go back to storage, where an equal later call finds them.

    Args:
        held: what was locked before.
        groups: some of its groups; none of them has left.
        reason: kept in every history that is written.
        lost: keys of components whose goods are damaged or missing: these go to scrap.
    """
    production_steps.let_go(held.jobs, groups, reason=reason, actor=actor, at=at)
    emptied = hold_emptied(groups)
    units = _leave_deliveries(held, groups, reason, actor, at)
    mine = Q(component__group__in=groups) | Q(delivery__in=held.deliveries, hu__in=units)
    tasks = lock(PickTask.objects.filter(mine, state="open"))
    drop_tasks(tasks, reason=reason or gettext_noop("The call is not wanted any more."), actor=actor, at=at)
    take_off_frames(emptied)
    _free_goods(groups, frozenset(lost), reason, actor, at)
    demand_steps.leave_slots(groups, reason=reason, actor=actor, at=at)
    Component.objects.filter(group__in=groups).update(packed_qty=Decimal(0))


def _leave_deliveries(
    held: Held, groups: Sequence[ComponentGroup], reason: str, actor: Actor, at: datetime
) -> set[int]:
    """Take groups off their deliveries; returns the handling units that no delivery carries any more."""
    mine = DeliveryLine.objects.filter(component__group__in=groups, live=True)
    touched = set(mine.values_list("delivery_id", flat=True))
    units = set(mine.values_list("hu_id", flat=True))
    # Others of the same selection are no matter of these groups.
    _refuse_announced([row for row in held.deliveries if row.pk in touched], groups)
    # Where a withdrawn notice names the lines they stay, on a delivery that is cancelled with them.
    mine.filter(delivery__issues__gt=0).update(live=False)
    mine.filter(delivery__issues=0).delete()
    for delivery in [row for row in held.deliveries if row.pk in touched]:
        before = delivery.state
        left = DeliveryLine.objects.filter(delivery=delivery, live=True)
        still = set(left.values_list("hu_id", flat=True))
        if not still:
            move([delivery], DELIVERY_MOVES, "cancel", noun="Delivery")
        elif before == "open" and not HandlingUnit.objects.filter(pk__in=still, state="closed").exists():
            move([delivery], DELIVERY_MOVES, "finish_picking", noun="Delivery")
            ComponentGroup.objects.filter(components__in=left.values("component_id")).update(picking="picked")
        units -= still
        facts = {"calls": sorted({str(group.call) for group in groups})}
        entry = journal.Entry(
            "take_off_delivery", "delivery", delivery.pk, site_id=delivery.site_id, before=before,
            after=delivery.state, reason=reason, facts=facts,
        )  # fmt: skip
        journal.write([entry], actor=actor, at=at)
    # A frame stays at the dock as long as one of its racks goes on.
    gone = units_of(units).exclude(rackframe__isnull=False, children__deliveryline__live=True).values("pk")
    picked = lock(HandlingUnit.objects.filter(pk__in=gone, state="picked"))
    move(picked, HANDLING_UNIT_MOVES, "unpick", noun="Handling unit", handled_by=actor.name, handled_at=at)
    return units


def _refuse_announced(deliveries: Sequence[Delivery], groups: Sequence[ComponentGroup]) -> None:
    stuck = [
        row
        for row in deliveries
        if row.issues
        and DeliveryLine.objects.filter(delivery=row, live=True).exclude(component__group__in=groups).exists()
    ]
    if stuck:
        raise AnnouncedBefore(
            _(
                "Delivery {stuck} was announced and withdrawn, so its lines stay as they are. Let the "
                "call go on, cancel the delivery, then ask again."
            ).format(stuck=stuck[0]),
            delivery=stuck[0].number,
        )


def _free_goods(
    groups: Sequence[ComponentGroup], lost: frozenset[int], reason: str, actor: Actor, at: datetime
) -> None:
    components = {row.pk: row for row in Component.objects.filter(group__in=groups)}
    site_id = groups[0].site_id
    stock_steps.hold_parts({row.part_id for row in components.values() if row.part_id}, site_id=site_id)
    kept = lock(
        Reservation.objects.filter(
            site_id=site_id, purpose_kind="component", purpose_id__in=components, state="open"
        ).select_related("balance")
    )
    packed = [row for row in kept if row.balance.hu_id is not None and row.purpose_id not in lost]
    ruined = [row for row in kept if row.purpose_id in lost]
    stock_steps.void([row for row in kept if row not in packed])
    if packed:
        target = first_place(site_id, "storage").pk
        stock_steps.post(
            [_back(row, target) for row in packed],
            site_id=site_id,
            kind="unpack",
            document=("call", groups[0].call_id),
            actor=actor,
            at=at,
            reason=reason,
        )
    for row in ruined:
        line = replace(_back(row, row.balance.location_id), reservation_id=None)
        stock_steps.waste(line, "damaged", site_id=site_id, kind="scrap", actor=actor, at=at, reason=reason)


def _back(row: Reservation, target: int) -> Line:
    return Line(
        part_id=row.balance.part_id,
        qty=row.qty,
        from_location_id=row.balance.location_id,
        from_hu_id=row.balance.hu_id,
        to_location_id=target,
        lot_id=row.balance.lot_id,
        owner_id=row.balance.owner_id,
        reservation_id=row.pk,
    )
