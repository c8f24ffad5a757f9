"""Units of measure with exact conversion.

A unit has a dimension and an exact ratio to that dimension's reference unit. Counted units (pieces, boxes) convert
exactly or are refused; weights and lengths are physical measurements and round half to even at the micro-unit.
Codes are those of UNECE Recommendation 20, with PCE (the EDIFACT habit for pieces) beside its C62.
"""

from dataclasses import dataclass
from fractions import Fraction

from milkrun.measure.quantity import LARGEST_MICRO, MICRO


class UnknownUnit(ValueError):
    """No unit has this code."""


class Inconvertible(ValueError):
    """The two units do not measure the same thing, or the result would not be exact."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its code, its dimension ("count", "mass", "length", "area", "volume"), reference units in one of it."""

    code: str
    name: str
    dimension: str
    ratio: Fraction

    @property
    def counted(self) -> bool:
        """Tell whether only whole, exact conversions make sense."""
        return self.dimension == "count"


_TABLE = (
    Unit("PCE", "piece", "count", Fraction(1)),
    Unit("PR", "pair", "count", Fraction(2)),
    Unit("DZN", "dozen", "count", Fraction(12)),
    Unit("MIL", "thousand", "count", Fraction(1000)),
    Unit("KGM", "kilogram", "mass", Fraction(1)),
    Unit("GRM", "gram", "mass", Fraction(1, 1000)),
    Unit("TNE", "tonne", "mass", Fraction(1000)),
    Unit("LBR", "pound", "mass", Fraction(45359237, 100000000)),
    Unit("MTR", "metre", "length", Fraction(1)),
    Unit("MMT", "millimetre", "length", Fraction(1, 1000)),
    Unit("CMT", "centimetre", "length", Fraction(1, 100)),
    Unit("FOT", "foot", "length", Fraction(3048, 10000)),
    Unit("INH", "inch", "length", Fraction(254, 10000)),
    Unit("MTK", "square metre", "area", Fraction(1)),
    Unit("LTR", "litre", "volume", Fraction(1)),
    Unit("MTQ", "cubic metre", "volume", Fraction(1000)),
)
UNITS = {unit.code: unit for unit in _TABLE}
# Codes that mean the same unit in files of partners.
ALIASES = {"C62": "PCE", "EA": "PCE", "PC": "PCE", "H87": "PCE", "ST": "PCE"}


def unit(code: str) -> Unit:
    """Find a unit by its code or a known alias.

    Raises:
        UnknownUnit: nobody knows the code.

    Example:
        >>> unit("C62").code
        'PCE'
    """
    key = code.strip().upper()
    try:
        return UNITS[ALIASES.get(key, key)]
    except KeyError:
        raise UnknownUnit(f"Unit {code!r} is not known; known are {', '.join(sorted(UNITS))}.") from None


def convert(micro: int, source: str, target: str, *, pack: Fraction | None = None) -> int:
    """Convert micro-units of one unit into micro-units of another.

    Args:
        micro: quantity in micro-units of `source`.
        source: code of the unit the quantity is in.
        target: code of the unit wanted.
        pack: units of `target` in one `source`, where a part defines its own (a box of 12); then codes need not match.

    Returns:
        The quantity in micro-units of `target`.

    Raises:
        UnknownUnit: a code nobody knows.
        Inconvertible: other dimension, a counted result that is not exact, or a result too large to keep.

    Example:
        >>> convert(2_000_000, "DZN", "PCE")
        24000000
        >>> convert(1_000_000, "LBR", "KGM")
        453592
    """
    ratio = pack
    counted = pack is not None or unit(source).counted
    if ratio is None:
        if unit(source).dimension != unit(target).dimension:
            raise Inconvertible(f"{source} cannot be converted to {target}: they measure different things.")
        ratio = unit(source).ratio / unit(target).ratio
    exact = micro * ratio
    if exact.denominator != 1 and counted:
        raise Inconvertible(f"{Fraction(micro, MICRO)} {source} is not an exact quantity in {target}.")
    result = round(exact)  # Fraction rounds half to even
    if abs(result) > LARGEST_MICRO:
        raise Inconvertible(f"The quantity in {target} is too large.")
    return result
