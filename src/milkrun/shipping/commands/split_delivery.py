"""Split a delivery that has not left: chosen handling units go on a delivery of their own, their calls follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.shipping.models import Delivery, DeliveryLine, PickTask
from milkrun.shipping.steps import hold_changeable, part_of, settle_picking


@dataclass(frozen=True, slots=True)
class DeliverySplit:
    """The part that went on a delivery of its own; the lines of both parts are those of the original."""

    delivery_id: int
    public_id: str
    number: str
    handling_units: tuple[str, ...]
    lines: int
    lines_left: int


@command
def split_delivery(
    *,
    delivery_id: int,
    handling_units: Sequence[str],
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> DeliverySplit:
    """Put chosen handling units with all their lines on a new delivery to the same place.

    What was picked stays picked; each part is ready to leave as soon as its own units are at the dock.

    Args:
        delivery_id: the delivery to split.
        handling_units: SSCCs of the units that part from it.
        actor: who splits.
        at: when.

    Raises:
        IllegalMove: the goods have left, or the delivery is cancelled.
        AnnouncedBefore: its goods issue was taken back; the notices that were sent name its lines.
        WrongHandlingUnit: a unit is not on the delivery, or would be torn out of another one.
        Invalid: no unit is chosen, or all of them.
    """
    delivery = hold_changeable(delivery_id)
    part = part_of(delivery, handling_units)

    other = Delivery.objects.create(
        site_id=delivery.site_id,
        number=numbering.written("delivery", numbering.take("delivery")),
        partner=delivery.partner,
        ship_to=delivery.ship_to,
        unloading_point=delivery.unloading_point,
        picking_needed=delivery.picking_needed,
        due_at=min(group.call.required_at for group in part.groups),
        created_at=at,
    )
    for number, line in enumerate(part.lines, 1):
        line.delivery, line.line_no = other, number
    DeliveryLine.objects.bulk_update(part.lines, ["delivery", "line_no"])
    PickTask.objects.filter(delivery=delivery, hu__in=part.units).update(delivery=other)
    left = DeliveryLine.objects.filter(delivery=delivery)
    due = left.aggregate(first=Min("component__group__call__required_at"))["first"]
    Delivery.objects.filter(pk=delivery.pk).update(due_at=due)
    settle_picking(delivery, part.staying)
    settle_picking(other, part.units)

    facts = {"from": delivery.number, "to": other.number, "units": sorted(unit.sscc for unit in part.units)}
    journal.write(
        [
            journal.Entry("split_delivery", "delivery", row.pk, site_id=row.site_id, after=row.state, facts=facts)
            for row in (delivery, other)
        ]
        + [
            journal.Entry(
                "split_delivery",
                "group",
                group.pk,
                site_id=group.site_id,
                before=group.state,
                after=group.state,
                facts={"delivery": other.number},
            )
            for group in part.groups
        ],
        actor=actor,
        at=at,
    )
    return DeliverySplit(other.pk, other.public_id, other.number, tuple(facts["units"]), len(part.lines), left.count())
