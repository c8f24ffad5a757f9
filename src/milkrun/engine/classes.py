"""Classes of items: by value, by how even demand is, by how often it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance, stdev

A_SHARE, B_SHARE = 0.80, 0.95
X_MOST, Y_MOST = 0.5, 1.0
# Where intermittent begins, and where sizes count as uneven: Syntetos, Boylan, Croston, JORS 56 (2005).
ADI_FROM, CV2_FROM = 1.32, 0.49


def abc(values: Mapping[str, float]) -> dict[str, str]:
    """Class items by their share of the value before them, the most valuable first: below 80 % A, below 95 % B, else C.

    Equal values keep the order of their numbers, so the same items get the same classes in every run.

    Args:
        values: what each item is worth on the basis that is looked at: use a year, revenue or stock.

    Example:
        >>> worth = dict(zip("abcdefghij", [4200, 2600, 900, 700, 500, 400, 300, 200, 120, 80]))
        >>> "".join(abc(worth).values())
        'AAAABBBCCC'
    """
    whole = sum(value for value in values.values() if value > 0)
    classes: dict[str, str] = {}
    before = 0.0
    for item, value in sorted(values.items(), key=lambda pair: (-pair[1], pair[0])):
        share = before / whole if whole > 0 else 1.0
        classes[item] = "C" if value <= 0 else "A" if share < A_SHARE else "B" if share < B_SHARE else "C"
        before += max(value, 0.0)
    return classes


@dataclass(frozen=True, slots=True)
class Pattern:
    """How demand comes.

    Args:
        interval: periods over periods with demand (ADI).
        size_variation: squared variation of the sizes where there was demand (CV2), by the population's variance.
        variation: coefficient of variation of all periods; None without demand or with fewer than two periods.
        kind: smooth, erratic, intermittent, lumpy, or none without demand.
        xyz: X, Y or Z by `variation`; empty where it is None.
    """

    interval: float | None
    size_variation: float | None
    variation: float | None
    kind: str
    xyz: str


def pattern(demand: Sequence[float]) -> Pattern:
    """Describe the demand of one item by period.

    The figures depend on the period: compare only what was counted by the same one.

    Example:
        >>> seen = pattern([0, 0, 5, 0, 0, 3, 0, 0, 0, 8, 0, 4])
        >>> seen.interval, round(seen.size_variation, 2), round(seen.variation, 4), seen.kind, seen.xyz
        (3.0, 0.14, 1.6248, 'intermittent', 'Z')
    """
    sizes = [size for size in demand if size > 0]
    if not sizes:
        return Pattern(None, None, None, "none", "")
    interval = len(demand) / len(sizes)
    size_variation = pvariance(sizes) / fmean(sizes) ** 2
    variation = stdev(demand) / fmean(demand) if len(demand) > 1 else None
    rare, uneven = interval >= ADI_FROM, size_variation >= CV2_FROM
    kind = ("lumpy" if uneven else "intermittent") if rare else ("erratic" if uneven else "smooth")
    xyz = "" if variation is None else "X" if variation <= X_MOST else "Y" if variation <= Y_MOST else "Z"
    return Pattern(interval, size_variation, variation, kind, xyz)
