"""Less safety stock, step by step: which items a step is proven for on the file's own demand, and what it frees.

An item gets a claim of its own only where demand is even; for all others the trade of a whole segment is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.accuracy import SEASONS, SEASONS_NEEDED, left
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.leads import ItemLeads, item_leads
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.policies.safety_stock import z_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# The last quarter of the history judges what the rest decided.
DECIDE = 0.75
FEWEST_PERIODS = 32
SMALL, LARGE = 0.10, 0.20
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
# Full marks and none for the three figures that a larger step needs: variation, proven on time, lead time in days.
STEADY, RELIABLE, NEAR = (0.15, 0.5), (0.95, 0.80), (5.0, 30.0)


@dataclass(frozen=True, slots=True)
class Steps:
    """What was proven.

    Args:
        eligible, proven: for each item.
        probability: share of replayed scenarios in which the target was kept.
        suggested: share of the safety stock that a first step should take; 0 for none.
        told: the whole as values of JSON.
    """

    eligible: NDArray[np.bool_]
    proven: NDArray[np.bool_]
    probability: Floats
    suggested: Floats
    told: dict[str, Any]


def suggested_step(variation: float | None, on_time: float | None, lead_time: float) -> float:
    """Return how large a step should be: 10 %, to 20 % for the steady, reliable and near; 0 where demand swings.

    Args:
        variation: coefficient of variation of demand by period; None where nothing is known.
        on_time: proven share of deliveries on time; None counts as unreliable.
        lead_time: days.

    Example:
        >>> suggested_step(0.1, 0.97, 3), suggested_step(0.4, None, 40), suggested_step(1.3, 0.99, 2)
        (0.2, 0.11, 0.0)
    """
    if variation is None or variation > 1.0:
        return 0.0
    marks = [
        _mark(variation, STEADY), _mark(0.0 if on_time is None else on_time, RELIABLE), _mark(lead_time, NEAR),
    ]  # fmt: skip
    return round(SMALL + (LARGE - SMALL) * sum(marks) / len(marks), 2)


def _mark(value: float, scale: tuple[float, float]) -> float:
    full, none = scale
    return min(1.0, max(0.0, (value - none) / (full - none)))


def steps(book: Book, found: Figures, settings: Settings) -> Steps | None:
    """Replay a step of 20 % on the demand of the files; None where the history is too short."""
    if book.demand is None or book.demand.periods.count < FEWEST_PERIODS:
        return None
    import numpy as np

    from milkrun.engine.simulate.proof import Terms, prove_step

    bucket, decide = book.demand.periods.mean_days, int(book.demand.periods.count * DECIDE)
    history = _history(book, item_leads(_until(book, decide), settings))
    season = SEASONS[book.demand.periods.bucket]
    seasons = (season,) if book.demand.periods.count >= SEASONS_NEEDED * season else ()
    review = max(1, round(settings.review_days / bucket))
    z = z_of(settings.service_level)
    terms = Terms(
        step=LARGE, z=z, target=settings.fulfilment_target, review=review, period_days=bucket, seasons=seasons
    )
    weights = _weights(book)
    proof = prove_step(history, terms, decide, weights)
    curves = _curves(book, found, history, proof.model, z, review, weights)
    suggested = _suggested(found)
    frees = np.maximum(proof.freed, 0.0) * weights * suggested / terms.step
    told = {
        "step": terms.step, "target": terms.target, "confidence": terms.confidence,
        "service_level": settings.service_level,
        "bucket": book.demand.periods.bucket, "decided_on": decide, "judged_on": book.demand.periods.count - decide,
        "eligible": int(proof.eligible.sum()), "proven": int(proof.proven.sum()), "declined_share": proof.declined,
        "judged": _judged(proof.judged), "curves": curves, "valued": bool(book.masters.basis),
        "conservative": int((suggested == 0).sum()),
        "suggested": [
            {"item": book.items[at], "step": float(suggested[at]), "proven": bool(proof.proven[at]),
             "probability": float(proof.probability[at]), **_reasons(found, at),
             "frees": float(frees[at])}
            for at in _best(frees, proof.proven)
        ],
    }  # fmt: skip
    return Steps(proof.eligible, proof.proven, proof.probability, suggested, told)


def _until(book: Book, decide: int) -> Book:
    """Leave out receipts of the part that judges: it must not have told the lead times."""
    import polars as pl

    lots = book.receipts
    assert book.demand is not None  # noqa: S101
    if lots is None or "received_at" not in lots.columns:
        return book
    return replace(book, receipts=lots.filter(pl.col("received_at") < book.demand.periods.starts[decide]))


def _history(book: Book, leads: ItemLeads) -> Any:
    """Lay the periods that count against the right edge: all items end today."""
    import numpy as np

    from milkrun.engine.simulate.from_book import lead_times
    from milkrun.engine.simulate.twin import History

    assert book.demand is not None  # noqa: S101
    demand, bucket = book.demand, book.demand.periods.mean_days
    moved, lengths = left(demand.demand, demand.counts)
    width = moved.shape[1]
    place = np.arange(width)[None, :] - (width - lengths)[:, None]
    shifted = np.where(place >= 0, np.take_along_axis(moved, np.maximum(place, 0), axis=1), 0.0)
    seen = tuple(lead_times(leads, place, bucket) for place in range(len(book.items)))
    numbers = book.masters.numbers
    least, multiple = np.nan_to_num(numbers["min_order"]), np.nan_to_num(numbers["multiple"])
    unknown = np.full(len(book.items), np.nan)
    return History(book.items, shifted, width - lengths, seen, least, multiple, unknown)


def _weights(book: Book) -> Floats:
    import numpy as np

    return np.nan_to_num(book.masters.value) if book.masters.basis else np.ones(len(book.items))


def _curves(
    book: Book, found: Figures, history: Any, model: Any, z: float, review: int, weights: Floats
) -> list[dict[str, Any]]:  # fmt: skip
    """Service against stock of each segment, as its own demand would have made it."""
    import numpy as np

    from milkrun.engine.simulate.curves import replay_shares
    from milkrun.engine.simulate.sizing import protection

    lead = protection(history, review).cover - review
    played = replay_shares(history, lead, model, z, cycles=(review,), shares=SHARES)
    kinds = np.array(found.pattern.kind)
    rows = [("all items", kinds != "none")]
    rows += [(kind, kinds == kind) for kind in ("smooth", "erratic", "intermittent", "lumpy")]
    return [
        {"segment": name, "items": int(inside.sum()), "points": [
            {"share": point.share, "fill": point.fill, "stock": point.stock, "bullwhip": point.bullwhip}
            for point in played.curve(inside, weights)
        ]}
        for name, inside in rows
        if inside.any()
    ]  # fmt: skip


def _judged(judged: Any) -> dict[str, Any] | None:
    if judged is None:
        return None
    return {
        "stepped": judged.stepped, "held": judged.held, "held_share": judged.held_share,
        "uncut_held": judged.uncut_held,
        "stock": judged.stock, "stock_after": judged.stock_after, "freed": judged.freed, "fill": judged.fill,
        "fill_after": judged.fill_after,
    }  # fmt: skip


def _reasons(found: Figures, at: int) -> dict[str, float | None]:
    """The three figures that the size of a step follows."""
    on_time = found.leads.on_time[at]
    return {
        "variation": float(found.pattern.variation[at]), "on_time_proven": on_time.proven if on_time else None,
        "lead_time": float(found.leads.mean[at]),
    }  # fmt: skip


def _suggested(found: Figures) -> Floats:
    import math

    import numpy as np

    proven = [one.proven if one else None for one in found.leads.on_time]
    return np.array([
        suggested_step(None if math.isnan(swing) else swing, on_time, lead)
        for swing, on_time, lead in zip(
            found.pattern.variation.tolist(), proven, found.leads.mean.tolist(), strict=True)
    ])  # fmt: skip


def _best(frees: Floats, proven: NDArray[np.bool_]) -> Sequence[int]:
    """Name the proven items that free most."""
    return sorted((int(at) for at in proven.nonzero()[0]), key=lambda at: (-frees[at], at))[:20]
