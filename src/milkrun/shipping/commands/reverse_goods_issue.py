"""Take a goods issue back by a contra posting: goods return to where they stood, the notice is withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.exchange.models import Agreement
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.quantity import to_micro
from milkrun.shipping.errors import BilledInPart
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import announce, tell_reversed, units_of
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit, Movement, Posting
from milkrun.stock.states import HANDLING_UNIT_MOVES


@dataclass(frozen=True, slots=True)
class GoodsIssueReversed:
    """The goods are back; `notice_number` withdraws the one that was sent."""

    delivery_id: int
    posting_id: int
    notice_number: str


@command
def reverse_goods_issue(
    *, delivery_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> GoodsIssueReversed:
    """Reverse the goods issue of a delivery that is not billed yet.

    Raises:
        Invalid: no reason is given.
        IllegalMove: the goods have not left, or the delivery is billed.
        BilledInPart: some lines stand on an invoice.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the goods issue is taken back."), "reason_missing")])
    delivery = lock_one(Delivery.objects.filter(pk=delivery_id).select_related("partner", "ship_to"), noun="delivery")
    check([delivery], DELIVERY_MOVES, "reverse_issue", noun="Delivery")
    lines = list(
        DeliveryLine.objects.filter(delivery=delivery)
        .select_related("component__group__call__stream", "component__group__predecessor__call", "part", "hu")
        .order_by("line_no")
    )
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in={line.component.group_id for line in lines}))
    billed = Component.objects.filter(pk__in=[line.component_id for line in lines], billed_qty__gt=0)
    if billed.exists():
        raise BilledInPart(
            _("Lines of delivery {delivery} are billed. Cancel or credit their invoice first.").format(
                delivery=delivery
            ),
            parts=sorted(billed.values_list("customer_part_no", flat=True)),
        )
    racks = lock(PackingGroup.objects.filter(hu_id__in={line.hu_id for line in lines}))
    units = lock(HandlingUnit.objects.filter(pk__in=units_of(line.hu_id for line in lines).values("pk")))
    agreement = Agreement.objects.select_related("site").filter(partner=delivery.partner).first()
    issued = lock_one(Posting.objects.filter(pk=delivery.posting_id or 0), noun="posting")

    posted = stock_steps.reverse(issued, actor=actor, at=at, reason=reason)
    _reserve_again(issued, at)
    Component.objects.filter(pk__in=[line.component_id for line in lines]).update(issued_qty=Decimal(0))
    taken_back: dict[int, int] = {}
    for line in lines:
        taken_back[line.part_id] = taken_back.get(line.part_id, 0) - to_micro(line.qty)
    demand_steps.cumulate(taken_back, site_id=delivery.site_id, ship_to_id=delivery.ship_to_id, at=at)
    move(
        units,
        HANDLING_UNIT_MOVES,
        "return_picked" if delivery.picking_needed else "return_closed",
        noun="Handling unit",
        handled_by=actor.name,
        handled_at=at,
    )
    move(racks, PACKING_GROUP_MOVES, "return", noun="Rack")
    demand_steps.advance(
        groups,
        "reverse_issue",
        action="reverse_goods_issue",
        actor=actor,
        at=at,
        reason=reason,
        facts={"delivery": delivery.number},
        issue="reversed",
        asn="withdrawn" if agreement else "none",
    )
    withdrawn = delivery.notices.filter(function="original").order_by("-version").first()
    notice = (
        announce(delivery, lines, agreement=agreement, posting_id=posted.posting_id, cancels=withdrawn, at=at)
        if agreement and withdrawn
        else None
    )
    move([delivery], DELIVERY_MOVES, "reverse_issue", noun="Delivery", issued_at=None, posting_id=None)

    number = notice.number if notice else ""
    tell_reversed(delivery, lines, reason, actor=actor, at=at)
    journal.write(
        [
            journal.Entry(
                "reverse_goods_issue",
                "delivery",
                delivery.pk,
                site_id=delivery.site_id,
                before="issued",
                after="picked",
                reason=reason,
                facts={"posting": posted.posting_id, "notice": number},
            )
        ],
        actor=actor,
        at=at,
    )
    return GoodsIssueReversed(delivery.pk, posted.posting_id, number)


def _reserve_again(issued: Posting, at: datetime) -> None:
    for row in Movement.objects.filter(posting=issued).select_related("reservation").order_by("pk"):
        if row.reservation is not None:
            stock_steps.reserve_at(
                (row.part_id, row.from_location_id, row.lot_id or 0, row.owner_id or 0, row.from_hu_id or 0),
                row.qty,
                (row.reservation.purpose_kind, row.reservation.purpose_id),
                site_id=row.site_id,
                at=at,
                as_before=True,
            )
