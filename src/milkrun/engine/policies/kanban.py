"""The number of kanban cards between a place that uses and one that supplies."""

from milkrun.engine.policies.lots import up


def cards(demand: float, lead_time: float, container: float, safety: float = 0.0) -> int:
    """Return how many cards, or full containers, must circulate: ceil(D L (1 + a) / C).

    Args:
        demand: mean demand a day.
        lead_time: days from the card's release until the container is back, full.
        container: pieces a container holds, above 0.
        safety: allowance against swings as a share, 0.15 for 15 %.

    Raises:
        ValueError: the container holds nothing, or another argument is below 0.

    Source: Monden, Toyota Production System, 4th ed., chapter 22.

    Example:
        >>> cards(400, 0.5, 25, 0.15)
        10
        >>> cards(240, 2, 50, 0.10)
        11
    """
    if container <= 0 or min(demand, lead_time, safety) < 0:
        raise ValueError("A container holds more than nothing; demand, lead time and allowance are not below 0.")
    return up(demand * lead_time * (1 + safety) / container)
