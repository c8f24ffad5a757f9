"""Bring packed handling units of a delivery to the dock: what picking a delivery and walking a wave both do."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.shipping.models import Delivery
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit, Reservation
from milkrun.stock.queries import first_place
from milkrun.stock.states import HANDLING_UNIT_MOVES


def carry(
    delivery: Delivery,
    chosen: Sequence[HandlingUnit],
    *,
    units: Iterable[HandlingUnit],
    groups: Sequence[ComponentGroup],
    actor: Actor,
    at: datetime,
) -> tuple[str, ...]:
    """Bring units to the dock; with the delivery's last one its picking is done.

    Args:
        delivery: held.
        chosen: closed units of it, held.
        units: all units of it, held.
        groups: all groups on it, held.
        actor: who carries.
        at: when.

    Returns:
        The codes still to pick.
    """
    move(chosen, HANDLING_UNIT_MOVES, "pick", noun="Handling unit", handled_by=actor.name, handled_at=at)
    _bring_to_dock(delivery, chosen, actor, at)
    left = tuple(sorted(row.sscc for row in units if row.state == "closed"))
    entries = []
    if not left:
        move([delivery], DELIVERY_MOVES, "finish_picking", noun="Delivery")
        ComponentGroup.objects.filter(pk__in=[group.pk for group in groups]).update(picking="picked")
        entries = [
            journal.Entry(
                "pick_delivery",
                "group",
                group.pk,
                site_id=delivery.site_id,
                before=group.state,
                after=group.state,
                facts={"delivery": delivery.number},
            )
            for group in groups
        ]

    entries.append(
        journal.Entry(
            "pick_delivery",
            "delivery",
            delivery.pk,
            site_id=delivery.site_id,
            after=delivery.state,
            facts={"units": tuple(row.sscc for row in chosen), "open": left},
        )
    )
    journal.write(entries, actor=actor, at=at)
    return left


def _bring_to_dock(delivery: Delivery, units: Sequence[HandlingUnit], actor: Actor, at: datetime) -> None:
    dock = first_place(delivery.site_id, "dock")
    elsewhere = [row.pk for row in units if row.location_id != dock.pk]
    kept = lock(
        Reservation.objects.filter(site_id=delivery.site_id, balance__hu__in=elsewhere, state="open").select_related(
            "balance"
        )
    )
    if kept:
        # One posting for all units: several would take their rows in an order of their own.
        stock_steps.relocate(
            kept,
            to_location_id=dock.pk,
            with_their_units=True,
            site_id=delivery.site_id,
            kind="pick",
            document=("delivery", delivery.pk),
            actor=actor,
            at=at,
        )
    HandlingUnit.objects.filter(pk__in=elsewhere).update(location=dock)
    _let_frames_follow(units, dock.pk, actor, at)


def _let_frames_follow(units: Sequence[HandlingUnit], dock_id: int, actor: Actor, at: datetime) -> None:
    """Bring a frame along with the last of its racks, where a wave carried them one by one."""
    frames = HandlingUnit.objects.filter(rackframe__isnull=False, state="closed", children__in=[u.pk for u in units])
    last = lock(HandlingUnit.objects.filter(pk__in=frames.exclude(children__state="closed").values("pk")))
    move(last, HANDLING_UNIT_MOVES, "pick", noun="Handling unit", handled_by=actor.name, handled_at=at)
    HandlingUnit.objects.filter(pk__in=[row.pk for row in last]).update(location_id=dock_id)
