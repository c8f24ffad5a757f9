"""Choose handling units of a delivery that has not left: what stands in them, and whether they can part from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.shipping.errors import AnnouncedBefore, WrongHandlingUnit
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.stock.models import HandlingUnit


@dataclass(frozen=True, slots=True)
class Part:
    """Handling units that part from a delivery, with their lines and groups, and the units that stay; all held."""

    delivery: Delivery
    units: list[HandlingUnit]
    staying: list[HandlingUnit]
    lines: list[DeliveryLine]
    groups: list[ComponentGroup]


def hold_changeable(delivery_id: int) -> Delivery:
    """Hold a delivery that can still be changed.

    Raises:
        NotFound: there is none.
        IllegalMove: the goods have left, or it is cancelled.
        AnnouncedBefore: a goods issue was taken back; the notices that were sent name its lines.
    """
    delivery = lock_one(Delivery.objects.filter(pk=delivery_id).select_related("partner", "ship_to"), noun="delivery")
    check([delivery], DELIVERY_MOVES, "change", noun="Delivery")
    if delivery.issues:
        raise AnnouncedBefore(
            _(
                "Delivery {delivery} was announced and withdrawn, so its lines stay as they are. Cancel "
                "it and make new deliveries."
            ).format(delivery=delivery),
            delivery=delivery.number,
        )
    return delivery


def part_of(delivery: Delivery, sscc: Sequence[str]) -> Part:
    """Hold the groups and units of a delivery and take the chosen units apart from the others.

    Raises:
        Invalid: no unit is chosen, or all of them.
        WrongHandlingUnit: a unit is not on the delivery, or stands in one (or holds one) that stays.
    """
    lines = list(DeliveryLine.objects.filter(delivery=delivery).select_related("component", "hu").order_by("line_no"))
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in={line.component.group_id for line in lines}))
    units = {row.sscc: row for row in lock(HandlingUnit.objects.filter(pk__in={line.hu_id for line in lines}))}
    chosen = set(sscc)
    unknown = sorted(chosen - set(units))
    if unknown:
        raise WrongHandlingUnit(
            _("{unknown} is not on delivery {delivery}.").format(unknown=unknown[0], delivery=delivery), scanned=unknown
        )
    if not chosen or chosen == set(units):
        raise Invalid(
            [Problem("handling_units", _("Choose some handling units, and leave some on the delivery."), "all_or_none")]
        )
    going = [row for code, row in units.items() if code in chosen]
    staying = [row for code, row in units.items() if code not in chosen]
    _refuse_torn(going, staying)
    keys = {row.pk for row in going}
    moving = [line for line in lines if line.hu_id in keys]
    with_them = {line.component.group_id for line in moving}
    _refuse_halved(lines, keys, with_them)
    return Part(delivery, going, staying, moving, [group for group in groups if group.pk in with_them])


def _refuse_halved(lines: Sequence[DeliveryLine], going: set[int], groups: set[int]) -> None:
    left = sorted({line.hu.sscc for line in lines if line.component.group_id in groups and line.hu_id not in going})
    if left:
        raise WrongHandlingUnit(
            _("{units} holds the rest of the same call. Choose all units of a call.").format(units=", ".join(left[:5])),
            scanned=left,
        )


def _refuse_torn(going: Sequence[HandlingUnit], staying: Sequence[HandlingUnit]) -> None:
    here = {row.pk: row for row in [*going, *staying]}
    moving = {row.pk for row in going}
    outer = {row.parent_id for row in going if row.parent_id} & {row.parent_id for row in staying}
    if outer:
        first = next(row for row in going if row.parent_id in outer)
        raise WrongHandlingUnit(
            _("{sscc} stands on one frame with others of this delivery. Choose all of them.").format(sscc=first.sscc),
            scanned=[first.sscc],
        )
    for row in here.values():
        parent = here.get(row.parent_id or 0)
        if parent is not None and (row.pk in moving) != (parent.pk in moving):
            raise WrongHandlingUnit(
                _("{sscc} stands in {parent_sscc}. Choose both, or take it out first.").format(
                    sscc=row.sscc, parent_sscc=parent.sscc
                ),
                scanned=[row.sscc],
            )


def settle_picking(delivery: Delivery, units: Sequence[HandlingUnit]) -> None:
    """Finish picking where every unit of a part is at the dock, or none has to be picked."""
    if delivery.state != "open" or (delivery.picking_needed and any(unit.state != "picked" for unit in units)):
        return
    move([delivery], DELIVERY_MOVES, "finish_picking", noun="Delivery")
    if delivery.picking_needed:
        lines = DeliveryLine.objects.filter(delivery=delivery)
        ComponentGroup.objects.filter(pk__in=lines.values("component__group_id")).update(picking="picked")
