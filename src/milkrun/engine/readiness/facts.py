"""What is known of an item when its way of supply is judged. None means that nothing is known, never zero."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The facts of one item.

    Args:
        history: periods of demand that were seen.
        nonzero: periods with demand among them.
        days_since_issue: days since the last issue; None where none was seen.
        on_hand: stock now, in base units.
        kind: smooth, erratic, intermittent, lumpy or none.
        xyz: X, Y, Z or empty.
        interval: mean periods between demands (ADI).
        error: WAPE of the forecast over lead time and review, as a share.
        receipts: receipts that were due.
        on_time: share of them on time.
        on_time_proven: lower 95 % bound of that share.
        lead_time: mean lead time in days.
        lead_time_variation: its coefficient of variation.
        mean_demand: mean demand a day.
        least: minimum order in base units.
        critical: none, medium or critical: what a stockout does.
        single_source: only one supplier can deliver.
        tolerated_wait: days a customer waits without harm; None where nothing was said.
        quoted_lead_time: whether the wait comes from quoted lead times, not from a guess.
        holding_saved: carrying cost saved a year by small orders.
        ordering_added: ordering cost added a year by them.
        container: pieces of a container; None where there is none.
        daily: consumption is booked daily.
        parents: products it goes into.
        dear: unit cost is high among the items.
        persistently_wrong: MAPE stood above 40 % in every window that was judged.
    """

    history: int
    nonzero: int
    days_since_issue: int | None
    on_hand: float
    kind: str
    xyz: str = ""
    interval: float | None = None
    error: float | None = None
    receipts: int = 0
    on_time: float | None = None
    on_time_proven: float | None = None
    lead_time: float | None = None
    lead_time_variation: float | None = None
    mean_demand: float | None = None
    least: float | None = None
    critical: str = "none"
    single_source: bool = False
    tolerated_wait: float | None = None
    quoted_lead_time: bool = False
    holding_saved: float | None = None
    ordering_added: float | None = None
    container: float | None = None
    daily: bool = False
    parents: int = 0
    dear: bool = False
    persistently_wrong: bool = False
