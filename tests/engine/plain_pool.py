"""Each model of the pool for one item and one origin, in plain Python: the mean a period over the interval ahead."""

from collections.abc import Sequence

from milkrun.engine.intermittent import sba, tsb

PHI, GAMMA = 0.9, 0.2


def ses(seen: Sequence[float], alpha: float) -> float:
    level = seen[0]
    for value in seen[1:]:
        level = level + alpha * (value - level)
    return level


def mean_of(seen: Sequence[float], width: int) -> float:
    return sum(seen[-width:]) / min(width, len(seen))


def rare(seen: Sequence[float], alpha: float, kind: str) -> float:
    found = (sba if kind == "SBA" else tsb)(seen, alpha, alpha)
    return found.forecast if found else 0.0


def last_season(seen: Sequence[float], reach: int, season: int) -> float:
    longer = list(seen)
    for _ in range(reach):
        longer.append(longer[-season])
    return sum(longer[len(seen) :]) / reach


def line(seen: Sequence[float], reach: int) -> float:
    places = range(len(seen))
    middle, mean = sum(places) / len(seen), sum(seen) / len(seen)
    spread = sum((place - middle) ** 2 for place in places)
    rise = sum((place - middle) * (value - mean) for place, value in zip(places, seen, strict=True)) / spread
    ahead = [mean + rise * (len(seen) - 1 + step - middle) for step in range(1, reach + 1)]
    return max(sum(ahead) / reach, 0.0)


def damped(seen: Sequence[float], alpha: float, beta: float, reach: int) -> float:
    level, slope = seen[0], 0.0
    for value in seen[1:]:
        before = level
        level = (before + PHI * slope) + alpha * (value - before - PHI * slope)
        slope = PHI * slope + beta * (level - before - PHI * slope)
    ahead = [level + slope * sum(PHI**power for power in range(1, step + 1)) for step in range(1, reach + 1)]
    return max(sum(ahead) / reach, 0.0)


def seasoned(seen: Sequence[float], alpha: float, reach: int, season: int) -> float:
    level = sum(seen[:season]) / len(seen[:season])
    factors = [1.0] * season
    for period, value in enumerate(seen):
        place = period % season
        if period:
            level = level + alpha * (value / max(factors[place], 0.05) - level)
        factors[place] += GAMMA * ((value / level if level > 0 else 1.0) - factors[place])
        whole = sum(factors)
        if whole > 0:
            factors = [factor * season / whole for factor in factors]
    ahead = [level * factors[(len(seen) - 1 + step) % season] for step in range(1, reach + 1)]
    return sum(ahead) / reach
