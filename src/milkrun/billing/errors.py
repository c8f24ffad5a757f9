"""What billing refuses, with codes."""

from milkrun.kernel.errors import Refused


class NoPrice(Refused):
    """A line has no agreed price on the day of its goods issue."""

    code = "no_price"


class MixedCurrencies(Refused):
    """The lines of a delivery are priced in different currencies."""

    code = "mixed_currencies"


class NothingToBill(Refused):
    """Every line of the delivery stands on an invoice already."""

    code = "nothing_to_bill"


class AlreadyCredited(Refused):
    """A line was credited before, or the document is a credit note itself."""

    code = "already_credited"
