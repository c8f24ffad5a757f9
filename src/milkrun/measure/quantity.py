"""Quantities as whole numbers of micro-units.

One base unit of a part is 1,000,000 micro-units. Stored values are plain integers, so a database sum is exact on
every backend; people and files see `Decimal`. The grammar for typed quantities is strict on purpose: Python's own
`Decimal` would also take "NaN", "1_000" and Arabic digits.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

MICRO = 1_000_000
# A million million base units: far below the 64-bit limit, so that sums of balances cannot overflow either.
LARGEST_MICRO = 10**12 * MICRO

_LITERAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,6})?", re.ASCII)
_EXACT = Context(prec=40)


class NotAQuantity(ValueError):
    """The text or number cannot be kept exactly as a quantity."""


def to_micro(value: Decimal | int | str) -> int:
    """Turn a quantity into micro-units without rounding.

    Args:
        value: base units, as a Decimal, an int or text such as "12.5" (point as decimal mark, at most 6 decimals).

    Returns:
        The quantity in micro-units.

    Raises:
        NotAQuantity: more than 6 decimals, too large, or no plain number.

    Example:
        >>> to_micro("0.3") - 3 * to_micro("0.1")
        0
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise NotAQuantity(f"{value!r} is not a quantity.")
    if isinstance(value, str):
        if not _LITERAL.fullmatch(value):
            raise NotAQuantity(f"{value!r} is not a plain number with at most 6 decimals.")
        value = Decimal(value)
    number = Decimal(value)
    if not number.is_finite():
        raise NotAQuantity(f"{value} is not a finite number.")
    micro = _EXACT.multiply(number, Decimal(MICRO))
    if micro != micro.to_integral_value():
        raise NotAQuantity(f"{value} has more than 6 decimals.")
    if abs(micro) > LARGEST_MICRO:
        raise NotAQuantity(f"{value} is too large.")
    return int(micro)


def trouble_with(value: Decimal, *, zero_allowed: bool = False) -> str:
    """Say in one sentence why a quantity that was entered cannot be taken; an empty text where it can.

    Example:
        >>> trouble_with(Decimal("0")), trouble_with(Decimal("0.0000001")), trouble_with(Decimal("12.5"))
        ('The quantity must be more than zero.', 'A quantity has at most 6 decimals and 12 digits before them.', '')
    """
    try:
        micro = to_micro(value)
    except NotAQuantity:
        return "A quantity has at most 6 decimals and 12 digits before them."
    if micro < 0 or (micro == 0 and not zero_allowed):
        return "The quantity must be zero or more." if zero_allowed else "The quantity must be more than zero."
    return ""


def from_micro(micro: int) -> Decimal:
    """Turn micro-units into base units, without trailing zeros ("12.5", "40", never "4E+1").

    Example:
        >>> str(from_micro(40_000_000)), str(from_micro(12_500_000))
        ('40', '12.5')
    """
    whole, rest = divmod(abs(micro), MICRO)
    text = str(whole) if rest == 0 else f"{whole}.{rest:06d}".rstrip("0")
    return Decimal(f"-{text}" if micro < 0 else text)


def round_half_even(value: Decimal, places: int = 0) -> Decimal:
    """Round by the one rule of the house, half to even.

    Example:
        >>> round_half_even(Decimal("2.5")), round_half_even(Decimal("0.125"), 2)
        (Decimal('2'), Decimal('0.12'))
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN, context=_EXACT)


def split_by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole into parts in proportion to weights so that the parts sum to the whole.

    Args:
        total: micro-units or minor units to split, not negative.
        weights: one non-negative weight a part, at least one positive.

    Returns:
        One share a part, in the same order; ties go to the earlier part.

    Raises:
        ValueError: no positive weight, or a negative figure.

    Source:
        Hamilton's method of apportionment.

    Example:
        >>> split_by_largest_remainder(100, [1, 1, 1])
        [34, 33, 33]
    """
    if total < 0 or any(w < 0 for w in weights) or not sum(weights):
        raise ValueError("Splitting needs a non-negative whole and at least one positive weight.")
    scale = sum(weights)
    shares = [total * w // scale for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % scale), i))
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares
