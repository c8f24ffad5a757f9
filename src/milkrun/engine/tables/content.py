"""How much the values of a column look like what a field holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from milkrun.engine.tables import dates, numbers

if TYPE_CHECKING:
    import polars as pl

HEAD, TAIL, MIDDLE = 10_000, 10_000, 5_000
LONGEST_DATE = 40
FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Content:
    """What the values of a column are like: shares of its filled values.

    Args:
        filled: share of rows with a value.
        dates: share that are dates in some order.
        numbers: share that are numbers by some decimal sign.
        whole: share that are numbers without decimals.
        distinct: different values over values.
        samples: the first different values.
    """

    filled: float
    dates: float
    numbers: float
    whole: float
    distinct: float
    samples: tuple[str, ...]

    def fits(self, holds: str) -> float:
        """Return from 0 to 1 how well the column can hold this; an empty column might hold anything."""
        if not self.samples:
            return 0.5
        if holds == "date":
            return self.dates
        if holds in ("number", "count"):
            # 20240105 is a number too, but nobody's quantity.
            return self.numbers * (0.3 if self.dates > 0.95 and self.whole > 0.95 and _eight(self.samples) else 1)
        if holds == "key":
            return (
                0.2 if self.dates > 0.9 and not self.whole else 1.0 if self.whole > 0.9 or self.numbers < 0.9 else 0.3
            )
        return 0.4 if self.dates > 0.9 else 1.0


def _eight(samples: tuple[str, ...]) -> bool:
    return all(len(text) == 8 for text in samples)


def look(texts: pl.Series) -> Content:
    """Describe a column by its head, its tail and rows in between; which rows depends on the number of rows alone."""
    import polars as pl

    if texts.len() > HEAD + TAIL + MIDDLE:
        step = (texts.len() - HEAD - TAIL) // MIDDLE
        between = texts.slice(HEAD, texts.len() - HEAD - TAIL).gather_every(step)
        texts = pl.concat([texts.head(HEAD), between, texts.tail(TAIL)])
    filled = texts.drop_nulls()
    count = filled.len()
    samples = tuple(str(value) for value in filled.unique(maintain_order=True).head(5))
    if not count:
        return Content(0.0, 0.0, 0.0, 0.0, 0.0, ())
    typed = _by_type(texts, filled, samples)
    if typed:
        return typed
    different = filled.value_counts()
    values, times = different.to_series(0), different.to_series(1)
    telling = _telling(values, times)
    return Content(
        count / texts.len(), _dates(values, times) / telling, _numbers(values, times) / telling,
        int(times.filter(values.str.contains(r"^[-+(]?\d+[-)]?$")).sum()) / count, values.len() / count, samples,
    )  # fmt: skip


def _by_type(texts: pl.Series, filled: pl.Series, samples: tuple[str, ...]) -> Content | None:
    share, distinct = filled.len() / texts.len(), filled.n_unique() / filled.len()
    if texts.dtype.is_temporal():
        return Content(share, 1.0, 0.0, 0.0, distinct, samples)
    if texts.dtype.is_numeric():
        whole = float((filled.cast(float) % 1 == 0).mean() or 0.0)  # type: ignore[arg-type]
        return Content(share, 0.0, 1.0, whole, distinct, samples)
    return None


def _telling(values: pl.Series, times: pl.Series) -> int:
    """Count the values that tell what a column holds: a few words that come again and again only say "no value"."""
    wordy = ~values.str.contains(r"\d")
    whole = int(times.sum())
    with_digits = int(times.filter(~wordy).sum())
    return with_digits if with_digits and int(wordy.sum()) <= FEW_WORDS else whole


def _dates(values: pl.Series, times: pl.Series) -> int:
    # A date has a digit and is short; whatever else there is need not be tried letter by letter.
    likely = values.str.contains(r"\d") & (values.str.len_chars() < LONGEST_DATE)
    days, often = dates.day_part(values.filter(likely)), times.filter(likely)
    known = {text: _is_date(text) for text in days.unique()}
    return sum(count for text, count in zip(days, often, strict=True) if known[text])


def _is_date(text: str) -> bool:
    return any(dates.meaning(text, order) for order in dates.ORDERS)


def _numbers(values: pl.Series, times: pl.Series) -> int:
    point, comma = numbers.parse(values, "point"), numbers.parse(values, "comma")
    return int(times.filter(point.is_not_null() | comma.is_not_null()).sum())
