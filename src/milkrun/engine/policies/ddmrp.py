"""A demand-driven buffer: zones, net flow and what to order. Units: pieces, days."""

from dataclasses import dataclass

from milkrun.engine.policies.lots import allowed_lot


@dataclass(frozen=True, slots=True)
class BufferFacts:
    """What sizes a buffer.

    Args:
        use: average daily use.
        lead_time: decoupled lead time in days.
        lead_time_factor: share of the lead time's use that the red base is; long lead times have small ones.
        variability_factor: share of the red base that is added for variability.
        least: the supplier's minimum order.
        cycle: days between two orders.
        adjustment: factor on the daily use for what is known to come, 1 where nothing is.
    """

    use: float
    lead_time: float
    lead_time_factor: float
    variability_factor: float
    least: float = 0.0
    cycle: float = 0.0
    adjustment: float = 1.0


@dataclass(frozen=True, slots=True)
class Buffer:
    """The zones of a buffer, and their tops."""

    red_base: float
    red_safety: float
    yellow: float
    green: float

    @property
    def red(self) -> float:
        """Top of red."""
        return self.red_base + self.red_safety

    @property
    def top_of_yellow(self) -> float:
        """Top of yellow: at or below it is ordered."""
        return self.red + self.yellow

    @property
    def top_of_green(self) -> float:
        """Top of green: up to here is ordered."""
        return self.top_of_yellow + self.green

    @property
    def on_hand_target(self) -> float:
        """What lies there on average: red and half of green."""
        return self.red + self.green / 2

    @property
    def spike(self) -> float:
        """What a day's demand must reach to count as a spike: half of red."""
        return self.red / 2


def buffer(facts: BufferFacts) -> Buffer:
    """Size the zones.

    Red base = use x lead time x lead time factor; red safety = red base x variability factor; yellow = use x lead
    time; green = the largest of red base, minimum order and use x order cycle.

    Source: Ptak and Smith, Demand Driven Material Requirements Planning, 3rd ed., chapter 8.

    Example:
        >>> zones = buffer(BufferFacts(10, 12, 0.5, 0.5, least=50, cycle=7))
        >>> zones.red, zones.yellow, zones.green, zones.top_of_green, zones.on_hand_target
        (90.0, 120.0, 70.0, 280.0, 125.0)
    """
    use = facts.use * facts.adjustment
    yellow = use * facts.lead_time
    base = yellow * facts.lead_time_factor
    green = max(base, facts.least, facts.cycle * use)
    return Buffer(base, base * facts.variability_factor, yellow, green)


def net_flow(on_hand: float, on_order: float, qualified_demand: float) -> float:
    """Return on hand plus on order minus qualified demand: what is past due, due today, and spikes on the horizon.

    Example:
        >>> net_flow(65, 60, 4 + 8 + 50)
        63
    """
    return on_hand + on_order - qualified_demand


def proposal(zones: Buffer, flow: float, least: float = 0.0, multiple: float = 0.0) -> float:
    """Return what to order: up to the top of green once the net flow is at or below the top of yellow, else nothing.

    Example:
        >>> proposal(buffer(BufferFacts(10, 12, 0.5, 0.5, least=50, cycle=7)), 63)
        217.0
    """
    if flow > zones.top_of_yellow:
        return 0.0
    return allowed_lot(zones.top_of_green - flow, least, multiple)
