"""The verdict on an item: which way of supply fits, by which rule, and how far the evidence carries it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from milkrun.engine.readiness.book import Rulebook, rank, shipped
from milkrun.engine.readiness.factors import Factor, factors, score
from milkrun.engine.readiness.facts import ItemFacts

_FACTS = tuple(field.name for field in fields(ItemFacts))
# From so many periods of history on a verdict rests on enough: two years of months, half a year of weeks.
SOLID_HISTORY = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for one item.

    Args:
        code: mto, jit, kanban, ddmrp, hybrid, jic, run_down or insufficient.
        rule: number of the rule that decided.
        why: what that rule says.
        score: 0 to 100.
        factors: what the score is made of.
        binding: the factor that takes most from the score.
        assumed: factors for which nothing was known.
        evidence: periods of history.
        confidence: high, medium or low.
    """

    code: str
    rule: int
    why: str
    score: float
    factors: tuple[Factor, ...]
    binding: str
    assumed: tuple[str, ...]
    evidence: int
    confidence: str

    @property
    def rank(self) -> int | None:
        """0 for the most just-in-time verdict; None for one that stands apart."""
        return rank(self.code)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return asdict(self)


def judge(item: ItemFacts, book: Rulebook | None = None) -> Verdict:
    """Give the verdict on an item: the first rule that fits decides.

    Args:
        item: what is known of it.
        book: the rules; those that come with the product where none are given.

    Source: docs/methods/readiness.md, with the numbers of `rules.toml`.

    Example:
        >>> screw = ItemFacts(
        ...     104, 104, 1, 900, "smooth", "X", 1.0, error=0.15, receipts=120, on_time=0.99, on_time_proven=0.955,
        ...     lead_time=3, lead_time_variation=0.1, mean_demand=100, least=200, daily=True)
        >>> seen = judge(screw)
        >>> seen.code, seen.rule, seen.score, seen.binding, seen.assumed
        ('jit', 5, 95.0, 'value', ('value',))
    """
    rules = book or shipped()
    found = factors(item, rules)
    total = score(found)
    known = {name: getattr(item, name) for name in _FACTS}
    known["score"] = total
    rule = rules.first(known)
    worst = max(found, key=lambda factor: factor.lost)
    assumed = tuple(factor.name for factor in found if factor.assumed)
    sure = _confidence(item.history, assumed)
    return Verdict(rule.verdict, rule.number, rule.why, total, found, worst.name, assumed, item.history, sure)


def _confidence(history: int, assumed: tuple[str, ...]) -> str:
    heavy = {"demand", "supplier", "lead_time"} & set(assumed)
    if history >= SOLID_HISTORY and not heavy:
        return "high"
    return "medium" if history >= SOLID_HISTORY // 2 and len(heavy) < 2 else "low"


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """A category or a supplier as a whole: the verdict that holds most of its value, and how the value spreads."""

    code: str
    items: int
    score: float
    shares: tuple[tuple[str, float], ...]


def judge_group(verdicts: Iterable[tuple[Verdict, float]]) -> GroupVerdict | None:
    """Sum up a category: each item's verdict with the item's weight, such as its value of use a year.

    Returns:
        The verdict with the largest share of the weight (among equals the more just-in-time one), the mean score by
        weight, and the shares, largest first; None without items. Without any weight items count alike.
    """
    pairs = list(verdicts)
    if not pairs:
        return None
    weights = [max(0.0, weight) for _, weight in pairs]
    if not sum(weights):
        weights = [1.0] * len(pairs)
    whole = sum(weights)
    shares: dict[str, float] = {}
    for (verdict, _), weight in zip(pairs, weights, strict=True):
        shares[verdict.code] = shares.get(verdict.code, 0.0) + weight / whole
    ordered = sorted(shares.items(), key=lambda pair: (-pair[1], _place(pair[0]), pair[0]))
    mean = sum(verdict.score * weight for (verdict, _), weight in zip(pairs, weights, strict=True)) / whole
    return GroupVerdict(ordered[0][0], len(pairs), mean, tuple(ordered))


def _place(code: str) -> int:
    place = rank(code)
    return len(_FACTS) if place is None else place
