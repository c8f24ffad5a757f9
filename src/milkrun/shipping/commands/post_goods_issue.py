"""Post the goods issue of a delivery: stock leaves, calls move on, the customer is told. One transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, PackingGroup
from milkrun.demand.states import PACKING_GROUP_MOVES
from milkrun.exchange.models import Agreement
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.shipping.errors import DeliveryHeld, PostingMissing
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.queries.costing import cost_of
from milkrun.shipping.states import DELIVERY_MOVES
from milkrun.shipping.steps import announce, tell_issued, units_of
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import HandlingUnit, Reservation
from milkrun.stock.queries import first_place
from milkrun.stock.states import HANDLING_UNIT_MOVES
from milkrun.stock.steps import Line


@dataclass(frozen=True, slots=True)
class GoodsIssued:
    """The goods have left; `notice_number` is empty where no trading agreement says how to tell the customer.

    `warnings` tell of gaps in a sequence that are allowed.
    """

    delivery_id: int
    number: str
    posting_id: int
    notice_number: str
    issued_at: datetime
    warnings: tuple[str, ...] = ()


@command
def post_goods_issue(*, delivery_id: int, actor: Actor, at: datetime, request: Request | None = None) -> GoodsIssued:
    """Post every line of a picked delivery to the customer.

    Raises:
        IllegalMove: the delivery is not picked, or issued already.
        DeliveryHeld: the cancelling of a call on it, or a change that waits for a planner, is not decided.
        CallHeld: a call on it is on hold.
        SequenceGap: earlier numbers of the sequence have not left and the stream's rule blocks that.
        PostingMissing: goods of a line are not reserved in full.
    """
    delivery = lock_one(Delivery.objects.filter(pk=delivery_id).select_related("partner", "ship_to"), noun="delivery")
    check([delivery], DELIVERY_MOVES, "issue", noun="Delivery")
    lines = list(
        DeliveryLine.objects.filter(delivery=delivery)
        .select_related("component__group__call__stream", "component__group__predecessor__call", "part", "hu")
        .order_by("line_no")
    )
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in={line.component.group_id for line in lines}))
    _refuse_held(delivery, groups)
    # Once more: an earlier delivery of the sequence may have been cancelled or not have left yet.
    warnings = demand_steps.check_sequence((group.call for group in groups), rule="issue_rule")
    racks = lock(PackingGroup.objects.filter(hu_id__in={line.hu_id for line in lines}))
    units = lock(HandlingUnit.objects.filter(pk__in=units_of(line.hu_id for line in lines).values("pk")))
    agreement = Agreement.objects.select_related("site").filter(partner=delivery.partner).first()

    posted = stock_steps.post(
        _movements(delivery, lines),
        site_id=delivery.site_id,
        kind="goods_issue",
        document=("delivery", delivery.pk),
        actor=actor,
        at=at,
    )
    move(
        [delivery],
        DELIVERY_MOVES,
        "issue",
        noun="Delivery",
        issued_at=at,
        posting_id=posted.posting_id,
        issues=delivery.issues + 1,
    )
    move(units, HANDLING_UNIT_MOVES, "issue", noun="Handling unit", handled_by=actor.name, handled_at=at)
    move(racks, PACKING_GROUP_MOVES, "issue", noun="Rack")
    Component.objects.filter(pk__in=[line.component_id for line in lines]).update(issued_qty=F("qty"))
    _raise_counts(delivery, lines, at)
    demand_steps.advance(
        groups,
        "issue",
        action="post_goods_issue",
        actor=actor,
        at=at,
        facts={"delivery": delivery.number},
        issue="issued",
        asn="announced" if agreement else "none",
    )
    notice = (
        announce(delivery, lines, agreement=agreement, posting_id=posted.posting_id, cancels=None, at=at)
        if agreement
        else None
    )

    number = notice.number if notice else ""
    tell_issued(delivery, lines, number, actor=actor, at=at)
    journal.write(
        [
            journal.Entry(
                "post_goods_issue",
                "delivery",
                delivery.pk,
                site_id=delivery.site_id,
                before="picked",
                after="issued",
                facts={"posting": posted.posting_id, "notice": number, "cost": cost_of(lines)}
                | ({"warnings": warnings} if warnings else {}),
            )
        ],
        actor=actor,
        at=at,
    )
    return GoodsIssued(delivery.pk, delivery.number, posted.posting_id, number, at, tuple(warnings))


def _refuse_held(delivery: Delivery, groups: Sequence[ComponentGroup]) -> None:
    undecided = sorted({str(group.call) for group in groups if group.state == "cancel_requested"})
    if undecided:
        raise DeliveryHeld(
            _(
                "Delivery {delivery} is held: the customer wants call {undecided} cancelled. Accept or "
                "decline that first."
            ).format(delivery=delivery, undecided=", ".join(undecided)),
            calls=undecided,
        )
    changing = demand_steps.waiting_changes({group.call_id for group in groups})
    if changing:
        said = _(
            "Delivery {delivery} is held: the customer wants call {changing} changed. Take it over or decline first."
        )
        raise DeliveryHeld(said.format(delivery=delivery, changing=", ".join(changing)), calls=changing)
    demand_steps.refuse_held(groups)


def _movements(delivery: Delivery, lines: Sequence[DeliveryLine]) -> list[Line]:
    customer = first_place(delivery.site_id, "customer")
    kept: dict[tuple[int, int], list[Reservation]] = {}
    rows = Reservation.objects.filter(
        site_id=delivery.site_id,
        purpose_kind="component",
        purpose_id__in=[line.component_id for line in lines],
        state="open",
    )
    for row in rows.select_related("balance").order_by("pk"):
        kept.setdefault((row.purpose_id, row.balance.hu_id or 0), []).append(row)
    missing = [
        (line, to_micro(line.qty) - sum(to_micro(row.qty) for row in kept.get((line.component_id, line.hu_id), ())))
        for line in lines
    ]
    short = [(line, micro) for line, micro in missing if micro]
    if short:
        raise PostingMissing(
            " ".join(
                _("Line {line_no}, {part}: {micro} are not in stock.").format(
                    line_no=line.line_no, part=line.part, micro=from_micro(micro)
                )
                for line, micro in short
            )
            + " "
            + _("Reprocess the failed postings first."),
            lines=[
                {"line": line.line_no, "part": line.part.number, "missing": str(from_micro(m))} for line, m in short
            ],
        )
    return [
        Line(
            part_id=row.balance.part_id,
            qty=row.qty,
            from_location_id=row.balance.location_id,
            from_hu_id=row.balance.hu_id,
            to_location_id=customer.pk,
            to_hu_id=row.balance.hu_id,
            lot_id=row.balance.lot_id,
            owner_id=row.balance.owner_id,
            reservation_id=row.pk,
        )
        for line in lines
        for row in kept[line.component_id, line.hu_id]
    ]


def _raise_counts(delivery: Delivery, lines: Sequence[DeliveryLine], at: datetime) -> None:
    shipped: dict[int, int] = {}
    for line in lines:
        shipped[line.part_id] = shipped.get(line.part_id, 0) + to_micro(line.qty)
    demand_steps.cumulate(shipped, site_id=delivery.site_id, ship_to_id=delivery.ship_to_id, at=at)
