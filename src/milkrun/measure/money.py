"""Money as whole minor units, prices with a basis.

A price is so many minor units for so many base units ("12.50 EUR per 100 pieces" is 1250 per 100); the amount of a
line is rounded once, half to even, and a document's total is the sum of its rounded lines.
"""

from decimal import Decimal
from fractions import Fraction

from milkrun.measure.quantity import MICRO, NotAQuantity

LARGEST_PRICE = 10**12
LARGEST_BASIS = 10**6
MINOR_DIGITS = {"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "PLN": 2, "CZK": 2, "JPY": 0, "CNY": 2, "MXN": 2}


def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has (2 where unknown)."""
    return MINOR_DIGITS.get(currency, 2)


def trouble_with_price(minor: int, basis: int, currency: str) -> str:
    """Say in one sentence why a price cannot be agreed; an empty text where it can.

    Example:
        >>> trouble_with_price(100, 1, "EUR"), trouble_with_price(100, 1, "EUROS")
        ('', 'EUROS is not a currency we know.')
    """
    if currency not in MINOR_DIGITS:
        return f"{currency} is not a currency we know."
    if not 0 <= minor <= LARGEST_PRICE or not 1 <= basis <= LARGEST_BASIS:
        return "A price is zero or more, below ten billion, for 1 to 1,000,000 units."
    return ""


def to_minor(amount: Decimal, currency: str) -> int:
    """Turn an amount into minor units without rounding.

    Raises:
        NotAQuantity: the amount has more decimals than the currency.
    """
    scaled = amount.scaleb(minor_digits(currency))
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise NotAQuantity(f"{amount} has more decimals than {currency} knows.")
    return int(scaled)


def from_minor(minor: int, currency: str) -> Decimal:
    """Turn minor units into an amount with the currency's decimals.

    Example:
        >>> from_minor(1250, "EUR")
        Decimal('12.50')
    """
    return Decimal(minor).scaleb(-minor_digits(currency))


def line_amount(quantity_micro: int, price_minor: int, price_basis: int) -> int:
    """Price a line: quantity times price, rounded once, half to even.

    Args:
        quantity_micro: quantity in micro-units of the part's base unit.
        price_minor: minor units of the currency for `price_basis` base units.
        price_basis: base units the price is for, at least 1.

    Returns:
        The amount in minor units.

    Example:
        >>> line_amount(48_000_000, 1250, 100)
        600
    """
    return round(Fraction(quantity_micro * price_minor, MICRO * price_basis))


def share_of(amount_minor: int, basis_points: int) -> int:
    """Take a share in basis points (1900 = 19 %), rounded half to even, as tax is.

    Example:
        >>> share_of(1005, 1900)
        191
    """
    return round(Fraction(amount_minor * basis_points, 10_000))
