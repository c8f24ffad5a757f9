"""The arithmetic of an item, term by term: safety stock, reorder point, order quantity, and what service costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import YEAR, Figures
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.verdicts import sizing
from milkrun.engine.policies.kanban import cards
from milkrun.engine.policies.lots import LotCosts, economic_lot, order_cost_for
from milkrun.engine.policies.safety_stock import safety_stock, unit_loss, z_of
from milkrun.engine.readiness.book import Rulebook
from milkrun.engine.readiness.changes import Change, what_would_change
from milkrun.engine.readiness.facts import ItemFacts
from milkrun.engine.readiness.money import Sizing, released
from milkrun.engine.readiness.verdict import Verdict

SHOWN = 20
LEVELS = (0.80, 0.85, 0.90, 0.95, 0.975, 0.99, 0.995, 0.999)
A_YEAR = (4, 12, 26, 52, 104, 250)
CARD_ALLOWANCE = 0.15


def worked(
    book: Book, found: Figures, settings: Settings, verdicts: Sequence[Verdict], facts: Sequence[ItemFacts],
    rules: Rulebook | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Work out the items of most use, each with every term."""
    import numpy as np

    worth = np.nan_to_num(found.use_value if book.masters.basis else found.use)
    order = [int(at) for at in np.argsort(-worth, kind="stable")[:SHOWN] if worth[at] > 0]
    rows = []
    for at in order:
        could = what_would_change(facts[at], rules)
        rows.append(_one(book, found, settings, at, verdicts[at], could))
    return rows


def _one(
    book: Book, found: Figures, settings: Settings, at: int, verdict: Verdict, could: Sequence[Change]
) -> dict[str, Any]:  # fmt: skip
    size = sizing(book, found, settings, at)
    demand = size.demand
    worth = size.unit_cost
    return {
        "item": book.items[at], "description": book.masters.texts["description"][at], "verdict": verdict.code,
        "rule": verdict.rule, "why": verdict.why, "score": verdict.score, "confidence": verdict.confidence,
        "factors": [
            {"name": one.name, "value": one.value, "weight": one.weight, "raw": one.raw, "assumed": one.assumed}
            for one in verdict.factors
        ],
        "changes": _changes(book, size, verdict, could),
        "terms": {
            "mean_day": demand.mean, "deviation_day": demand.deviation, "lead_time": demand.lead_time,
            "lead_time_deviation": demand.lead_time_deviation, "review": demand.review,
            "lead_time_from": found.leads.source[at], "service_level": settings.service_level,
            "z": z_of(settings.service_level), "sigma": demand.sigma,
            "safety_stock": safety_stock(demand, settings.service_level),
            "reorder_point": demand.expected + safety_stock(demand, settings.service_level),
            "cards": cards(demand.mean, demand.lead_time, size.container, CARD_ALLOWANCE) if size.container else None,
        },
        "service_curve": _service(size.demand.sigma, size.usual_lot, demand.mean, worth, settings),
        "lots": _lots(demand.mean, worth, settings, float(found.lot[at])),
    }  # fmt: skip


def _service(sigma: float, lot: float, mean: float, worth: float, settings: Settings) -> list[dict[str, Any]]:
    """Carrying cost of the safety stock a year beside the expected shortage a year, by service level.

    Shortage of a cycle is sigma G(k) with the normal loss function G; a year has demand / lot cycles.
    Source: Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, 4th ed., 6.7.
    """
    cycles = mean * YEAR / lot if lot > 0 else 0.0
    levels = sorted({*LEVELS, settings.service_level})
    rows = []
    for level in levels:
        z = z_of(level)
        short = sigma * unit_loss(z) * cycles
        rows.append({
            "level": level, "safety_stock": z * sigma, "carrying": z * sigma * worth * settings.carrying_rate,
            "short": short, "shortage": short * worth, "chosen": level == settings.service_level,
        })  # fmt: skip
    return rows


def _lots(mean: float, worth: float, settings: Settings, allowed: float) -> dict[str, Any] | None:
    """Cost a year by deliveries a year, the best quantity, and what an order may cost for each frequency to be best."""
    holding = worth * settings.carrying_rate
    if mean <= 0 or holding <= 0:
        return None
    yearly = mean * YEAR
    costs = LotCosts(yearly, settings.order_cost, holding)
    best = economic_lot(costs)
    rows = [
        {"deliveries": times, "lot": yearly / times, "ordering": times * settings.order_cost,
         "holding": yearly / times / 2 * holding, "cost": costs.a_year(yearly / times),
         "best_at_order_cost": order_cost_for(yearly / times, yearly, holding)}
        for times in A_YEAR
    ]  # fmt: skip
    return {
        "best": best,
        "best_cost": costs.a_year(best),
        "best_deliveries": yearly / best,
        "allowed": allowed,
        "rows": rows,
    }


def _changes(book: Book, size: Sizing, verdict: Verdict, could: Sequence[Change]) -> list[dict[str, Any]]:
    """What would move the item towards just-in-time, and the money that would set free against the verdict of today."""
    now = released(verdict.code, size)
    rows = []
    for change in could:
        then = released(change.verdict, size)
        freed = then.value - now.value if then and now and book.masters.basis else None
        rows.append({"fact": change.fact, "now": change.now, "needed": change.needed, "verdict": change.verdict,
                     "releases": freed})  # fmt: skip
    return rows[:3]


def binding(verdicts: Sequence[Verdict]) -> list[tuple[str, int]]:
    """Count the factor that takes most from the score, the commonest first."""
    counts: dict[str, int] = {}
    for one in verdicts:
        counts[one.binding] = counts.get(one.binding, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
