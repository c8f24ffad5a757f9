"""Close an order of which nothing more will come."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.purchasing.models import PurchaseOrder
from milkrun.purchasing.states import ORDER_MOVES


@dataclass(frozen=True, slots=True)
class OrderClosed:
    """Nothing more is expected; `short` names the positions of which less came than ordered."""

    order_id: int
    short: tuple[int, ...]


@command
def close_order(
    *, order_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> OrderClosed:
    """Stop expecting goods of an order.

    Raises:
        NotFound: there is no such order.
        Invalid: no reason is given.
        IllegalMove: all of it came, or it is closed already.
    """
    order = lock_one(PurchaseOrder.objects.filter(pk=order_id), noun="order")
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why nothing more will come."), "reason_missing")])

    before, after = move([order], ORDER_MOVES, "close", noun="Order")[order.pk]
    short = tuple(line.position for line in order.lines.order_by("position") if line.received_qty < line.qty)

    entry = journal.Entry(
        "close_order", "purchase_order", order.pk, site_id=order.site_id, before=before, after=after, reason=reason,
        facts={"short_lines": len(short)},
    )  # fmt: skip
    journal.write([entry], actor=actor, at=at)
    return OrderClosed(order.pk, short)
