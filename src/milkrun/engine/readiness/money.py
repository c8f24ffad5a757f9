"""What stock a verdict needs, and the money it sets free. Units: base units, days, money in one currency."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from milkrun.engine.policies.ddmrp import BufferFacts, buffer
from milkrun.engine.policies.kanban import cards
from milkrun.engine.policies.safety_stock import DemandOverTime, safety_stock
from milkrun.engine.readiness.verdict import Verdict

SERVICE = 0.95
SERVICE_JUST_IN_CASE = 0.99
CARD_ALLOWANCE = 0.15
# Factors of a buffer's red zone by length of the lead time in days and by the variation of demand a day.
LEAD_TIME_FACTORS = ((5.0, 0.75), (15.0, 0.5), (float("inf"), 0.25))
VARIABILITY_FACTORS = ((0.5, 0.25), (1.0, 0.5), (float("inf"), 0.75))


@dataclass(frozen=True, slots=True)
class Sizing:
    """What sizes the stock of an item.

    Args:
        demand: mean and deviation of demand a day, lead time with its deviation, days between reviews.
        stock: stock on average now, or on hand where only that is known.
        unit_cost: what one base unit costs.
        lot: the quantity usually ordered at once; 0 where it is not known, then the least counts.
        least: the supplier's minimum order.
        container: pieces of a container; 0 where there is none.
        lead_time_p90: what nine of ten lead times stay within; None for the mean.
        day_p95: demand of a strong day, one of twenty is stronger; None for the mean.
    """

    demand: DemandOverTime
    stock: float
    unit_cost: float
    lot: float = 0.0
    least: float = 0.0
    container: float = 0.0
    lead_time_p90: float | None = None
    day_p95: float | None = None

    @property
    def usual_lot(self) -> float:
        """What comes at once: the lot, at least the least and the demand of a review."""
        return max(self.lot, self.least, self.demand.mean * max(1.0, self.demand.review))


def needed_stock(code: str, size: Sizing) -> float | None:
    """Return the stock an item has on average under a verdict; None where nothing can be said.

    mto and run_down: none. jit: a residual buffer, the larger of the supplier's least and a strong day. kanban: what
    the cards hold beyond the demand of the lead time, and half a container. ddmrp: red and half of green. hybrid:
    safety stock for 95 % and half a lot. jic: safety stock for 99 % over the lead time that nine of ten stay within,
    and half a lot.

    Example:
        >>> item = Sizing(DemandOverTime(100, 20, 9, 2), stock=2000, unit_cost=4, lot=500)
        >>> [round(needed_stock(code, item)) for code in ("mto", "jit", "hybrid", "jic")]
        [0, 100, 593, 736]
    """
    if code in ("mto", "run_down"):
        return 0.0
    if code == "insufficient":
        return None
    if code == "jit":
        return max(size.least, size.demand.mean if size.day_p95 is None else size.day_p95)
    if code == "kanban":
        return _on_cards(size)
    if code == "ddmrp":
        return _buffered(size)
    return _by_service(size, SERVICE_JUST_IN_CASE if code == "jic" else SERVICE, cautious=code == "jic")


def _on_cards(size: Sizing) -> float:
    container = size.container or size.usual_lot
    if container <= 0:
        return 0.0
    held = cards(size.demand.mean, size.demand.lead_time, container, CARD_ALLOWANCE) * container
    return max(held - size.demand.mean * size.demand.lead_time, 0.0) + container / 2


def _buffered(size: Sizing) -> float:
    variation = size.demand.deviation / size.demand.mean if size.demand.mean > 0 else 0.0
    long = next(factor for most, factor in LEAD_TIME_FACTORS if size.demand.lead_time <= most)
    varied = next(factor for most, factor in VARIABILITY_FACTORS if variation <= most)
    facts = BufferFacts(size.demand.mean, size.demand.lead_time, long, varied, size.least, size.demand.review)
    return buffer(facts).on_hand_target


def _by_service(size: Sizing, service: float, cautious: bool) -> float:
    demand = size.demand
    if cautious and size.lead_time_p90 is not None:
        demand = replace(demand, lead_time=max(demand.lead_time, size.lead_time_p90))
    return safety_stock(demand, service) + size.usual_lot / 2


@dataclass(frozen=True, slots=True)
class Released:
    """Stock now, stock under the verdict, and the value between them; below 0 stock has to be built up first."""

    now: float
    needed: float
    value: float


def released(code: str, size: Sizing) -> Released | None:
    """Return what a verdict sets free: (stock now - stock needed) x unit cost; None where nothing can be said."""
    needed = needed_stock(code, size)
    return None if needed is None else Released(size.stock, needed, (size.stock - needed) * size.unit_cost)


@dataclass(frozen=True, slots=True)
class Pilot:
    """An item to start with: the value it sets free, and that value times its readiness."""

    item: str
    value: float
    readiness: float
    worth: float
    popular: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Where to start, by evidence: the best items, and what popular and rare ones bring as groups."""

    pilots: tuple[Pilot, ...]
    popular_worth: float
    rare_worth: float

    @property
    def better(self) -> str:
        """`popular` or `rare`: the group whose money times readiness is larger; `neither` where nothing is."""
        if self.popular_worth == self.rare_worth:
            return "neither"
        return "popular" if self.popular_worth > self.rare_worth else "rare"


def start(items: Iterable[tuple[str, Verdict, float, bool]], most: int = 10) -> Start:
    """Rank items to start with by the money they set free times their readiness, not by how popular they are.

    One school starts with the popular items, another with the rare ones; which is right differs from company to
    company, and this sum decides it on the company's own figures.

    Args:
        items: number, verdict, value set free, and whether the item is popular (class A by use).
        most: how many to name.

    Example:
        >>> from milkrun.engine.readiness.facts import ItemFacts
        >>> from milkrun.engine.readiness.verdict import judge
        >>> fair = judge(ItemFacts(52, 52, 2, 80, "smooth", "X", lead_time=12, error=0.3))
        >>> found = start([("fast", fair, 900.0, True), ("slow", fair, 2100.0, False), ("none", fair, -50.0, True)])
        >>> [pilot.item for pilot in found.pilots], found.better
        (['slow', 'fast'], 'rare')
    """
    pilots = [
        Pilot(item, value, verdict.score / 100, value * verdict.score / 100, popular)
        for item, verdict, value, popular in items
        if value > 0 and verdict.code != "insufficient"
    ]
    pilots.sort(key=lambda pilot: (-pilot.worth, pilot.item))
    of = {kind: sum(pilot.worth for pilot in pilots if pilot.popular is kind) for kind in (True, False)}
    return Start(tuple(pilots[:most]), of[True], of[False])
