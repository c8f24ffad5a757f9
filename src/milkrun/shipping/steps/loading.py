"""Put packed groups on a delivery: racks whole and closed, one plant and dock, a line for each component."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup, PackingSlot
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.kernel.spoken import spoken
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.shipping.errors import MixedDestinations, RackIncomplete
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.queries.loads import packed_shares
from milkrun.shipping.steps.frames import close_frames, refuse_off_frame, with_siblings
from milkrun.shipping.steps.loads import hold_units
from milkrun.stock.models import HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_MOVES


def lock_racks(groups: Sequence[ComponentGroup]) -> list[PackingGroup]:
    """Hold the racks these groups are packed in."""
    keys = PackingSlot.objects.filter(group__in=groups).values_list("packing_group_id", flat=True)
    return lock(PackingGroup.objects.filter(pk__in=set(keys)).select_related("hu"))


def refuse_mixed(groups: Sequence[ComponentGroup]) -> None:
    """Refuse groups that do not go to one plant and dock.

    Raises:
        MixedDestinations: names the docks.
    """
    places = {(group.call.partner_id, group.call.ship_to_id, group.call.unloading_point) for group in groups}
    if len(places) > 1:
        raise MixedDestinations(
            _("The chosen calls go to different plants or docks. Make one delivery for each."),
            docks=sorted({group.call.unloading_point for group in groups}),
        )


def refuse_incomplete(racks: Sequence[PackingGroup], groups: Sequence[ComponentGroup]) -> None:
    """Refuse racks that are still being packed, or hold goods of a group left out; racks of one frame leave together.

    Raises:
        RackIncomplete: names the slots.
    """
    own, racks = racks, with_siblings(racks)
    chosen = {group.pk for group in groups}
    # Goods of a call whose cancelling is not decided may still stand in the rack.
    inside = Q(group__state__in=["in_packing", "packed"]) | Q(group__state="cancel_requested") & ~Q(
        group__packing="none"
    )
    refuse_off_frame(own)
    others = PackingSlot.objects.filter(inside, packing_group__in=racks).exclude(group_id__in=chosen)
    stuck = [
        _("{rack} slot {slot} holds {group}, {state}").format(
            rack=slot.packing_group, slot=slot.position, group=slot.group, state=spoken(slot.group.state)
        )
        for slot in others.select_related("packing_group", "group__call").order_by("packing_group_id", "position")
        if slot.group
    ]
    if stuck:
        raise RackIncomplete(
            _("{stuck}. Choose these calls too, or finish packing them first.").format(stuck="; ".join(stuck[:5])),
            slots=stuck,
        )


def close_racks(racks: Sequence[PackingGroup], *, actor: Actor, at: datetime) -> None:
    """Close racks and their handling units; those that are closed stay so."""
    packing = [rack for rack in racks if rack.state == "packing"]
    units = hold_units(packing)
    move(packing, PACKING_GROUP_MOVES, "close", noun="Rack")
    move(units, HANDLING_UNIT_MOVES, "close", noun="Handling unit", handled_by=actor.name, handled_at=at)
    close_frames(packing, actor=actor, at=at)


def add_lines(delivery: Delivery, groups: Sequence[ComponentGroup], *, after: int = 0) -> list[DeliveryLine]:
    """Write a line for each component of these groups and each unit its goods lie in, in the order of their sequence.

    Args:
        delivery: where they go.
        groups: what goes.
        after: the last line number in use.
    """
    units = dict(PackingSlot.objects.filter(group__in=groups).values_list("group_id", "packing_group__hu_id"))
    components = Component.objects.filter(group__in=groups).order_by(
        F("group__call__position").asc(nulls_last=True), "group__call__required_at", "group_id", "line_no"
    )
    shares: dict[int, list[tuple[int, int]]] = {}
    for (component, unit), micro in packed_shares(row.pk for row in components).items():
        shares.setdefault(component, []).append((unit, micro))
    places = [
        (row, unit, micro)
        for row in components
        for unit, micro in shares.get(row.pk) or [(units[row.group_id] or 0, to_micro(row.qty or 0))]
    ]
    return DeliveryLine.objects.bulk_create(
        [
            DeliveryLine(
                site_id=delivery.site_id,
                delivery=delivery,
                line_no=number,
                component=row,
                part_id=row.part_id or 0,
                hu_id=unit,
                qty=from_micro(micro),
            )
            for number, (row, unit, micro) in enumerate(places, after + 1)
        ]
    )


def unit_codes(lines: Sequence[DeliveryLine]) -> tuple[str, ...]:
    """Return the codes of the units that lines stand in, in the order the units were made."""
    units = HandlingUnit.objects.filter(pk__in={line.hu_id for line in lines}).order_by("pk")
    return tuple(units.values_list("sscc", flat=True))


def put_on(delivery: Delivery, groups: Sequence[ComponentGroup], *, action: str, actor: Actor, at: datetime) -> bool:
    """Move packed groups on to their delivery, whose lines are written; tells whether one of them has to be picked.

    Goods picked by a wave stand at the dock already.
    """
    there = [group for group in groups if group.picking == "picked"]
    rest = [group for group in groups if group.picking != "picked"]
    for members, word in ((there, "picked"), (rest, "open" if delivery.picking_needed else "not_needed")):
        demand_steps.advance(
            members,
            "put_on_delivery",
            action=action,
            actor=actor,
            at=at,
            facts={"delivery": delivery.number},
            delivery="created",
            picking=word,
        )
    units = DeliveryLine.objects.filter(delivery=delivery, component__group__in=there).values_list("hu_id", flat=True)
    held = lock(HandlingUnit.objects.filter(pk__in=set(units)))
    move(held, HANDLING_UNIT_MOVES, "pick", noun="Handling unit", handled_by=actor.name, handled_at=at)
    return delivery.picking_needed and bool(rest)
