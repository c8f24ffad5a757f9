"""Take back a receipt against an order: wrong part, wrong count, wrong line."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check, move
from milkrun.purchasing.models import PurchaseOrder, PurchaseOrderLine, Receipt
from milkrun.purchasing.states import ORDER_MOVES, RECEIPT_MOVES
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import Posting


@dataclass(frozen=True, slots=True)
class ReceiptReversed:
    """The goods are expected again."""

    receipt_id: int
    posting_id: int


@command
def reverse_receipt(
    *, receipt_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> ReceiptReversed:
    """Post a receipt's goods back to the supplier and expect them again.

    Raises:
        NotFound: there is no such receipt.
        Invalid: no reason is given.
        IllegalMove: it was taken back before.
        ShortStock: the goods have moved on.
    """
    found = Receipt.objects.filter(pk=receipt_id).values_list("line_id", "line__order_id").first()
    if found is None:
        raise NotFound(_("This receipt does not exist."))
    order = lock_one(PurchaseOrder.objects.filter(pk=found[1]), noun="order")
    line = lock_one(PurchaseOrderLine.objects.filter(pk=found[0]), noun="order line")
    receipt = lock_one(Receipt.objects.filter(pk=receipt_id), noun="receipt")
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the receipt is taken back."), "reason_missing")])
    check([receipt], RECEIPT_MOVES, "take_back", noun="Receipt")

    posting = Posting.objects.get(pk=receipt.posting_id or 0)
    posted = stock_steps.reverse(posting, actor=actor, at=at, reason=reason)
    move([receipt], RECEIPT_MOVES, "take_back", noun="Receipt")
    PurchaseOrderLine.objects.filter(pk=line.pk).update(received_qty=line.received_qty - receipt.qty)
    before = order.state
    if order.state == "received" and line.received_qty - receipt.qty < line.qty:
        move([order], ORDER_MOVES, "reopen", noun="Order")

    facts = {"line": line.position, "qty": str(receipt.qty), "posting": posted.posting_id}
    entry = journal.Entry(
        "reverse_receipt", "purchase_order", order.pk, site_id=order.site_id, before=before, after=order.state,
        reason=reason, facts=facts,
    )  # fmt: skip
    journal.write([entry], actor=actor, at=at)
    return ReceiptReversed(receipt.pk, posted.posting_id)
