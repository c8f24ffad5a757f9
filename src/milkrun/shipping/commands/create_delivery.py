"""Create one delivery from packed calls of one customer plant and dock; their racks are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup, PackingSlot
from milkrun.demand.states import GROUP_MOVES, PACKING_GROUP_MOVES
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import check, move
from milkrun.partners.models import Partner
from milkrun.shipping.errors import MixedDestinations, RackIncomplete
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import check_sequence
from milkrun.stock.models import HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_MOVES


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
        IllegalMove: a call is not packed.
        MixedDestinations: the calls go to different plants or docks.
        RackIncomplete: a rack is still being packed, or holds goods of another call.
        SequenceGap: earlier numbers would be left behind and the stream's rule blocks that.
    """
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(call_id__in=call_ids).exclude(state="cancelled"))
    if not groups or {group.call_id for group in groups} != set(call_ids):
        raise NotFound("A call you chose does not exist any more, or is cancelled.")
    check(groups, GROUP_MOVES, "put_on_delivery", noun="Call")
    racks = _lock_racks(groups)
    _refuse_mixed(groups)
    _refuse_incomplete(racks, groups)
    warnings = check_sequence({group.call_id: group.call for group in groups}.values())

    first = groups[0].call
    partner = Partner.objects.get(pk=first.partner_id)
    picking = any(g.call.kind == "summarized" for g in groups) or partner.picks_sequenced_calls
    _close(racks, actor, at)
    delivery = Delivery.objects.create(
        site_id=first.site_id,
        number=numbering.written("delivery", numbering.take("delivery")),
        partner=partner,
        ship_to_id=first.ship_to_id or 0,
        unloading_point=first.unloading_point,
        picking_needed=picking,
        due_at=min(group.call.required_at for group in groups),
        created_at=at,
    )
    lines = _lines(delivery, groups)
    # Goods picked by a wave stand at the dock already.
    there = [group for group in groups if group.picking == "picked"]
    rest = [group for group in groups if group.picking != "picked"]
    for members, word in ((there, "picked"), (rest, "open" if picking else "not_needed")):
        demand_steps.advance(
            members,
            "put_on_delivery",
            action="create_delivery",
            actor=actor,
            at=at,
            facts={"delivery": delivery.number},
            delivery="created",
            picking=word,
        )
    _note_picked(delivery, there, actor, at)
    if not picking or not rest:
        move([delivery], DELIVERY_MOVES, "finish_picking", noun="Delivery")

    units = tuple(rack.hu.sscc for rack in racks if rack.hu)
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


def _lock_racks(groups: Sequence[ComponentGroup]) -> list[PackingGroup]:
    keys = PackingSlot.objects.filter(group__in=groups).values_list("packing_group_id", flat=True)
    return lock(PackingGroup.objects.filter(pk__in=set(keys)).select_related("hu"))


def _refuse_mixed(groups: Sequence[ComponentGroup]) -> None:
    places = {(group.call.partner_id, group.call.ship_to_id, group.call.unloading_point) for group in groups}
    if len(places) > 1:
        raise MixedDestinations(
            "The chosen calls go to different plants or docks. Make one delivery for each.",
            docks=sorted({group.call.unloading_point for group in groups}),
        )


def _refuse_incomplete(racks: Sequence[PackingGroup], groups: Sequence[ComponentGroup]) -> None:
    chosen = {group.pk for group in groups}
    others = PackingSlot.objects.filter(packing_group__in=racks, group__state__in=["in_packing", "packed"]).exclude(
        group_id__in=chosen
    )
    stuck = [
        f"{slot.packing_group} slot {slot.position} holds {slot.group}, {slot.group.state.replace('_', ' ')}"
        for slot in others.select_related("packing_group", "group__call").order_by("packing_group_id", "position")
        if slot.group
    ]
    if stuck:
        raise RackIncomplete(
            f"{'; '.join(stuck[:5])}. Choose these calls too, or finish packing them first.", slots=stuck
        )


def _close(racks: Sequence[PackingGroup], actor: Actor, at: datetime) -> None:
    packing = [rack for rack in racks if rack.state == "packing"]
    units = lock(HandlingUnit.objects.filter(pk__in=[rack.hu_id for rack in packing]))
    move(packing, PACKING_GROUP_MOVES, "close", noun="Rack")
    move(units, HANDLING_UNIT_MOVES, "close", noun="Handling unit", handled_by=actor.name, handled_at=at)


def _note_picked(delivery: Delivery, groups: Sequence[ComponentGroup], actor: Actor, at: datetime) -> None:
    units = DeliveryLine.objects.filter(delivery=delivery, component__group__in=groups).values_list("hu_id", flat=True)
    held = lock(HandlingUnit.objects.filter(pk__in=set(units)))
    move(held, HANDLING_UNIT_MOVES, "pick", noun="Handling unit", handled_by=actor.name, handled_at=at)


def _lines(delivery: Delivery, groups: Sequence[ComponentGroup]) -> list[DeliveryLine]:
    units = dict(PackingSlot.objects.filter(group__in=groups).values_list("group_id", "packing_group__hu_id"))
    components = Component.objects.filter(group__in=groups).order_by(
        F("group__call__position").asc(nulls_last=True), "group__call__required_at", "group_id", "line_no"
    )
    return DeliveryLine.objects.bulk_create(
        [
            DeliveryLine(
                site_id=delivery.site_id,
                delivery=delivery,
                line_no=number,
                component=row,
                part_id=row.part_id or 0,
                hu_id=units[row.group_id] or 0,
                qty=row.qty,
            )
            for number, row in enumerate(components, 1)
        ]
    )
