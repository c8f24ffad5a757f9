"""What would change a verdict: for each fact that can be worked on, the least improvement that moves the item up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from milkrun.engine.readiness.book import Rulebook, shipped
from milkrun.engine.readiness.facts import ItemFacts
from milkrun.engine.readiness.verdict import judge

# Halvings of the way to perfection: what is left is less than a ten-thousandth of it.
HALVINGS = 14


@dataclass(frozen=True, slots=True)
class Change:
    """An improvement of one fact and the verdict it leads to.

    Args:
        fact: error, on_time_proven, lead_time, lead_time_variation or least.
        now: its value.
        needed: the value from which on the verdict changes.
        verdict: the new verdict.
        effort: how much of the way from now to perfect it takes, between 0 and 1.
    """

    fact: str
    now: float
    needed: float
    verdict: str
    effort: float


def _on_time(item: ItemFacts, value: float) -> ItemFacts:
    """A better proven share means a better share, too, where one is known."""
    return replace(item, on_time_proven=value, on_time=None if item.on_time is None else max(value, item.on_time))


# What can be worked on, its perfect value, and how an item looks with another value of it.
IMPROVABLE: Mapping[str, tuple[float, Callable[[ItemFacts, float], ItemFacts]]] = {
    "error": (0.0, lambda item, value: replace(item, error=value)),
    "on_time_proven": (1.0, _on_time),
    "lead_time": (0.0, lambda item, value: replace(item, lead_time=value)),
    "lead_time_variation": (0.0, lambda item, value: replace(item, lead_time_variation=value)),
    "least": (0.0, lambda item, value: replace(item, least=value)),
}


def what_would_change(item: ItemFacts, book: Rulebook | None = None) -> tuple[Change, ...]:
    """List the single improvements that make an item more just-in-time, the smallest effort first.

    Rests on the rules never moving an item away from just-in-time when it gets better, so halving finds the first
    value at which the verdict changes.

    Example:
        >>> bolt = ItemFacts(
        ...     104, 104, 1, 900, "smooth", "X", 1.0, error=0.15, receipts=120, on_time=0.95, on_time_proven=0.91,
        ...     lead_time=3, lead_time_variation=0.1, mean_demand=100, least=200, daily=True)
        >>> judge(bolt).code, [(step.fact, round(step.needed, 3), step.verdict) for step in what_would_change(bolt)]
        ('kanban', [('on_time_proven', 0.95, 'jit')])
    """
    rules = book or shipped()
    found = judge(item, rules)
    if found.rank is None or found.rank == 0:
        return ()
    changes = [_change(item, fact, found.rank, rules) for fact in IMPROVABLE]
    return tuple(sorted((one for one in changes if one), key=lambda one: (one.effort, one.fact)))


def _change(item: ItemFacts, fact: str, before: int, rules: Rulebook) -> Change | None:
    now = getattr(item, fact)
    perfect, with_value = IMPROVABLE[fact]
    if now is None or now == perfect or not _moves(with_value(item, perfect), before, rules):
        return None
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _moves(with_value(item, now + middle * (perfect - now)), before, rules):
            high = middle
        else:
            low = middle
    needed = now + high * (perfect - now)
    return Change(fact, now, needed, judge(with_value(item, needed), rules).code, high)


def _moves(item: ItemFacts, before: int, rules: Rulebook) -> bool:
    after = judge(item, rules).rank
    return after is not None and after < before
