"""What billing refuses, with codes."""

from milkrun.kernel.errors import Refused


class NoPrice(Refused):
    """A line has no agreed price on the day of its goods issue."""

    code = "no_price"


class MixedCurrencies(Refused):
    """The lines of a delivery are priced in different currencies."""

    code = "mixed_currencies"
