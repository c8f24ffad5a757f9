"""Take goods in that were ordered."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import quantity
from milkrun.purchasing.errors import OverReceipt
from milkrun.purchasing.models import PurchaseOrder, PurchaseOrderLine, Receipt
from milkrun.purchasing.states import ORDER_MOVES
from milkrun.stock import steps as stock_steps
from milkrun.stock.queries.space import Exceeded, receiving_place
from milkrun.stock.steps import Incoming, LotFacts


@dataclass(frozen=True, slots=True)
class GoodsReceived:
    """Goods for a line of an order, in base units; `open_qty` is still to come.

    `exceeded` names limits of the place that the goods exceed: they are taken in all the same, and told.
    """

    receipt_id: int
    public_id: str
    posting_id: int
    lot_id: int | None
    qty: Decimal
    open_qty: Decimal
    order_complete: bool
    exceeded: tuple[Exceeded, ...]


@command
def receive_order(
    *,
    line_id: int,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    unit: str = "",
    location_id: int | None = None,
    lot_no: str = "",
    facts: LotFacts | None = None,
    note_no: str = "",
    accept_more: bool = False,
    request: Request | None = None,
) -> GoodsReceived:
    """Post goods against a line; less than ordered leaves the rest to come.

    Args:
        location_id: where they are put; without it quarantine or the receiving place, as the part's rule says.
        facts: what the supplier says of the batch; the order's supplier stands in where none is named.
        note_no: the supplier's delivery note.
        accept_more: take in more than the tolerance allows, knowingly.

    Raises:
        NotFound: there is no such line.
        IllegalMove: the order is closed.
        OverReceipt: more came than the tolerance allows.
        Invalid, UnknownLocation, LotDiffers: as for a receipt without an order.
    """
    found = PurchaseOrderLine.objects.filter(pk=line_id).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound(_("This line of an order does not exist."))
    order = lock_one(PurchaseOrder.objects.filter(pk=found), noun="order")
    line = lock_one(PurchaseOrderLine.objects.filter(pk=line_id).select_related("part"), noun="order line")
    if order.state != "received":
        check([order], ORDER_MOVES, "complete", noun="Order")

    place = location_id if location_id is not None else receiving_place(line.site_id, line.part_id).pk
    said = facts or LotFacts()
    said = said if said.supplier_id else LotFacts(
        order.supplier_id, said.supplier_lot, said.heat, said.made_on, said.expires_on
    )  # fmt: skip
    receipt = Receipt.objects.create(
        site_id=line.site_id, line=line, qty=1, note_no=note_no[:35], received_at=at, received_by=actor.name
    )
    taken = stock_steps.take_in(
        Incoming(line.part_id, place, qty, unit, lot_no, said), site_id=line.site_id, kind="order_receipt",
        document=("receipt", receipt.pk), actor=actor, at=at, reason=note_no,
    )  # fmt: skip
    _refuse_too_much(order, line, taken.qty, accept_more)

    Receipt.objects.filter(pk=receipt.pk).update(posting_id=taken.posting_id, qty=taken.qty)
    line.received_qty += taken.qty
    PurchaseOrderLine.objects.filter(pk=line.pk).update(received_qty=line.received_qty)
    before = order.state
    complete = all(row.received_qty >= row.qty for row in order.lines.all())
    if complete and order.state == "open":
        move([order], ORDER_MOVES, "complete", noun="Order")

    stock_steps.tell(taken, "receive_order", site_id=line.site_id, actor=actor, at=at, reason=note_no)
    told = {"line": line.position, "part": line.part.number, "qty": str(taken.qty), "posting": taken.posting_id}
    entry = journal.Entry(
        "receive_order", "purchase_order", order.pk, site_id=line.site_id, before=before, after=order.state,
        reason=note_no, facts=told,
    )  # fmt: skip
    journal.write([entry], actor=actor, at=at)
    left = max(line.qty - line.received_qty, Decimal(0))
    return GoodsReceived(
        receipt.pk, receipt.public_id, taken.posting_id, taken.lot_id, taken.qty, left, complete, taken.exceeded
    )


def _refuse_too_much(order: PurchaseOrder, line: PurchaseOrderLine, qty: Decimal, accept_more: bool) -> None:
    most = from_micro(to_micro(line.qty) * (10_000 + order.over_basis_points) // 10_000)
    if not accept_more and line.received_qty + qty > most:
        unit = line.part.base_unit
        raise OverReceipt(
            _(
                "{qty} of {part} are ordered and {received_qty} have come: {more} more are too many. "
                "Leave the rest with the driver, or accept it knowingly."
            ).format(
                qty=quantity(line.qty, unit),
                part=line.part,
                received_qty=quantity(line.received_qty, unit),
                more=quantity(qty, unit),
            ),
            ordered=str(line.qty), received=str(line.received_qty), coming=str(qty), most=str(most),
        )  # fmt: skip
