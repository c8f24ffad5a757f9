"""Take goods in without an order: an opening balance, or what a supplier left at the gate."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.stock import steps
from milkrun.stock.queries.space import Exceeded, receiving_place
from milkrun.stock.steps import LotFacts

__all__ = ["LotFacts", "StockReceived", "receive_stock"]


@dataclass(frozen=True, slots=True)
class StockReceived:
    """Goods were taken in; `exceeded` names limits of the place that they exceed."""

    posting_id: int
    lot_id: int | None = None
    exceeded: tuple[Exceeded, ...] = ()


@command
def receive_stock(
    *,
    site_id: int,
    part_id: int,
    location_id: int | None = None,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    unit: str = "",
    lot_no: str = "",
    facts: LotFacts | None = None,
    reason: str = "",
    request: Request | None = None,
) -> StockReceived:
    """Post goods from the supplier to a place.

    Args:
        location_id: where they are put; without it where the part's storage rule says, or where goods are received.
        qty: in `unit`, or in the part's base unit where none is given.
        lot_no: batch to keep apart; made when it is new, the supplier's number where none is given.
        facts: what the supplier says of the batch.

    Raises:
        Invalid: the quantity is not positive, the unit does not fit, or the lot or its expiry is missing.
        UnknownPart, UnknownLocation: no such part or place.
        LotDiffers: the lot is known with other facts.
    """
    place_id = receiving_place(site_id, part_id).pk if location_id is None else location_id

    taken = steps.take_in(
        steps.Incoming(part_id, place_id, qty, unit, lot_no, facts or LotFacts()),
        site_id=site_id,
        kind="receipt",
        actor=actor,
        at=at,
        reason=reason,
    )

    steps.tell(taken, "receive_stock", site_id=site_id, actor=actor, at=at, reason=reason)
    return StockReceived(taken.posting_id, taken.lot_id, taken.exceeded)
