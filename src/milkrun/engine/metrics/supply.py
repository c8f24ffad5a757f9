"""What suppliers did: on-time delivery with its lower bound, and how lead times spread. Units: days."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt
from statistics import NormalDist, fmean, median, stdev


@dataclass(frozen=True, slots=True)
class OnTime:
    """Receipts on time among those due, and the share that is proven at 95 %."""

    on_time: int
    due: int

    @property
    def rate(self) -> float | None:
        """The share on time."""
        return self.on_time / self.due if self.due else None

    @property
    def proven(self) -> float | None:
        """Lower end of the 95 % interval: 19 of 20 on time prove 76 %.

        Source: Wilson, Journal of the American Statistical Association 22 (1927).

        Example:
            >>> round(OnTime(19, 20).proven, 3)
            0.764
        """
        return lower_bound(self.on_time, self.due)


def lower_bound(hits: int, tries: int, confidence: float = 0.95) -> float | None:
    """Return the lower end of Wilson's two-sided interval for a share; None without a try."""
    if tries <= 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = hits / tries
    centre = share + z * z / (2 * tries)
    spread = z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    return max(0.0, (centre - spread) / (1 + z * z / tries))


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """How lead times spread; deviations are None where fewer than two were seen.

    Args:
        count: lead times used.
        mean: mean in days.
        deviation: sample standard deviation.
        p50: median.
        p90: nine of ten came within so many days: what buffers reckon with.
        robust: deviation by the median absolute deviation; one outlier does not move it.
        negative: lead times below zero, which are left out and said.
    """

    count: int
    mean: float
    deviation: float | None
    p50: float
    p90: float
    robust: float | None
    negative: int

    @property
    def variation(self) -> float | None:
        """Coefficient of variation."""
        return None if self.deviation is None or self.mean <= 0 else self.deviation / self.mean


def lead_times(days: Sequence[float]) -> LeadTimes | None:
    """Describe lead times; None where none is left.

    Example:
        >>> seen = lead_times([7, 9, 6, 12, 8, 7, 10, 21, 8, 7])
        >>> seen.mean, round(seen.deviation, 5), round(seen.variation, 4), seen.p50, round(seen.p90, 1), seen.robust
        (9.5, 4.40328, 0.4635, 8.0, 12.9, 1.4826)
    """
    used = sorted(day for day in days if day >= 0)
    if not used:
        return None
    middle = median(used)
    several = len(used) > 1
    return LeadTimes(
        len(used), fmean(used), stdev(used) if several else None, float(middle), quantile(used, 0.9),
        1.4826 * median(abs(day - middle) for day in used) if several else None, len(days) - len(used),
    )  # fmt: skip


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of ascending values, between neighbours by their distance (Hyndman and Fan's type 7)."""
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
