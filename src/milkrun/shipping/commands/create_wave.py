"""Make a wave: what several deliveries and calls need, as tasks for one walk; goods are allotted to it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup, PackingSlot
from milkrun.demand.states import GROUP_MOVES
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import check
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.shipping.errors import NothingToPick, PickedAtStation
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask, Wave
from milkrun.shipping.queries.picking import picking_modes
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import missing_balances, open_racks, seat_loose
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit, Reservation
from milkrun.stock.queries import first_place


@dataclass(frozen=True, slots=True)
class WaveCreated:
    """A wave with so many tasks; `short` names the calls that the stock does not cover."""

    wave_id: int
    public_id: str
    number: str
    tasks: int
    short: tuple[str, ...]


@command
def create_wave(
    *,
    site_id: int,
    actor: Actor,
    at: datetime,
    delivery_ids: Sequence[int] = (),
    call_ids: Sequence[int] = (),
    request: Request | None = None,
) -> WaveCreated:
    """Put deliveries and summarised calls on one walk, all of them or none.

    A delivery gives a task for each closed handling unit. A call gets a load with a handling unit at the dock and a
    task for each place its goods are allotted from: what expires first, then what came first, never what is held back.

    Raises:
        NotFound: a delivery or a call does not exist.
        IllegalMove: a delivery is not open, a call is not ready.
        PickedAtStation: a call's customer has its calls packed at a station.
        NothingToPick: everything stands on a wave already, or nothing is there to pick.
    """
    deliveries = lock(Delivery.objects.filter(site_id=site_id, pk__in=delivery_ids))
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(site_id=site_id, call_id__in=call_ids).exclude(state="cancelled")
    )
    if {row.pk for row in deliveries} != set(delivery_ids) or {group.call_id for group in groups} != set(call_ids):
        raise NotFound(_("A delivery or a call you chose does not exist any more, or is cancelled."))
    check(deliveries, DELIVERY_MOVES, "finish_picking", noun="Delivery")
    begun = [group for group in groups if group.state == "in_packing" and group.picking in ("none", "short")]
    fresh = [group for group in groups if group not in begun]
    check(fresh, GROUP_MOVES, "release_for_packing", noun="Call")
    # What a cross-dock or a short pick has begun is gone on with by a wave, whatever the rule says now.
    external = _refuse_station(site_id, fresh)

    dock = first_place(site_id, "dock").pk
    if fresh:
        _open_loads(fresh, dock, external, at)
    wanted = _allot(site_id, groups, at)
    wave = Wave(site_id=site_id, external=external, created_at=at, created_by=actor.name)
    tasks = [*_unit_tasks(wave, deliveries, dock), *_goods_tasks(wave, groups, dock)]
    if not tasks:
        raise NothingToPick(
            _("Nothing of this can be picked: it stands on a wave already, or nothing of it is in stock."),
            short=[str(group) for group in groups],
        )
    wave.number = numbering.written("wave", numbering.take(f"wave:{site_id}"))
    wave.save(force_insert=True)
    PickTask.objects.bulk_create(tasks)
    short = {row.group_id for row in wanted if wanted[row]}
    demand_steps.advance(
        fresh,
        "release_for_packing",
        action="create_wave",
        actor=actor,
        at=at,
        facts={"wave": wave.number},
        packing="released",
    )
    ComponentGroup.objects.filter(pk__in=[group.pk for group in groups]).update(picking="open")
    ComponentGroup.objects.filter(pk__in=short).update(picking="short")

    names = tuple(sorted({group.call.external_no for group in groups if group.pk in short}))
    facts = {"number": wave.number, "tasks": len(tasks), "short": names}
    journal.write(
        [
            journal.Entry("create_wave", "wave", wave.pk, site_id=site_id, after="open", facts=facts),
            *[
                journal.Entry("create_wave", "group", group.pk, site_id=site_id, facts={"wave": wave.number})
                for group in begun
            ],
            *[
                journal.Entry("create_wave", "delivery", row.pk, site_id=site_id, facts={"wave": wave.number})
                for row in deliveries
            ],
        ],
        actor=actor,
        at=at,
    )
    return WaveCreated(wave.pk, wave.public_id, wave.number, len(tasks), names)


def _refuse_station(site_id: int, groups: Sequence[ComponentGroup]) -> bool:
    modes = picking_modes(site_id, {group.call.partner_id for group in groups})
    calls = sorted(
        {g.call.external_no for g in groups if g.call.kind != "summarized" or modes[g.call.partner_id] == "station"}
    )
    if calls:
        raise PickedAtStation(
            _("{calls}: packed at a station, not picked by waves. Release them for packing.").format(
                calls=", ".join(calls[:5])
            ),
            calls=calls,
        )
    return "external" in modes.values()


def _open_loads(groups: Sequence[ComponentGroup], dock: int, external: bool, at: datetime) -> None:
    seat_loose(groups)
    keys = PackingSlot.objects.filter(group__in=groups).values_list("packing_group_id", flat=True)
    racks = lock(PackingGroup.objects.filter(pk__in=set(keys)).select_related("hu"))
    # Another system may pick into units of its own: ours is made when it turns out to be needed.
    open_racks(racks, location_id=None if external else dock, at=at)


def _allot(site_id: int, groups: Sequence[ComponentGroup], at: datetime) -> dict[Component, Decimal]:
    """Allot the goods anew, in the order of the stock as it is now; returns what is missing for each component."""
    rows = list(Component.objects.filter(group__in=groups).order_by("group__call__required_at", "group_id", "line_no"))
    parts = {row.part_id or 0 for row in rows}
    if not rows:
        return {}
    stock_steps.hold_parts(parts, site_id=site_id)
    stock_steps.void(_kept(site_id, [row.pk for row in rows]))
    wants = [
        stock_steps.Want(
            ("component", row.pk), row.part_id or 0, from_micro(to_micro(row.qty or 0) - to_micro(row.packed_qty))
        )
        for row in rows
    ]
    given = stock_steps.reserve(wants, site_id=site_id, at=at, leaving_out=missing_balances(site_id, parts))
    return {row: want.qty - given[want.purpose] for row, want in zip(rows, wants, strict=True)}


def _kept(site_id: int, component_ids: Sequence[int]) -> QuerySet[Reservation]:
    return Reservation.objects.filter(
        site_id=site_id, purpose_kind="component", purpose_id__in=component_ids, state="open", balance__hu=None
    )


def _unit_tasks(wave: Wave, deliveries: Sequence[Delivery], dock: int) -> list[PickTask]:
    units = (
        DeliveryLine.objects.filter(delivery__in=deliveries, hu__state="closed")
        .values_list("delivery_id", "hu_id", "hu__location_id")
        .distinct()
    )
    on_wave = set(PickTask.objects.filter(delivery__in=deliveries, state="open").values_list("hu_id", flat=True))
    lock(HandlingUnit.objects.filter(pk__in=[hu for __, hu, __ in units]))
    return [
        PickTask(
            site_id=wave.site_id,
            wave=wave,
            delivery_id=delivery,
            hu_id=hu,
            from_location_id=place,
            to_location_id=dock,
            qty=Decimal(1),
        )
        for delivery, hu, place in units
        if hu not in on_wave
    ]


def _goods_tasks(wave: Wave, groups: Sequence[ComponentGroup], dock: int) -> list[PickTask]:
    components = list(Component.objects.filter(group__in=groups).values_list("pk", flat=True))
    sums: dict[tuple[int, int, int], int] = {}
    for row in _kept(wave.site_id, components).select_related("balance"):
        key = row.purpose_id, row.balance_id, row.balance.location_id
        sums[key] = sums.get(key, 0) + to_micro(row.qty)
    return [
        PickTask(
            site_id=wave.site_id,
            wave=wave,
            component_id=component,
            balance_id=balance,
            from_location_id=place,
            to_location_id=dock,
            qty=from_micro(micro),
        )
        for (component, balance, place), micro in sums.items()
    ]
