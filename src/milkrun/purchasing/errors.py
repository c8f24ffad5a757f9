"""What purchasing refuses, with codes."""

from milkrun.kernel.errors import NotFound, Refused


class UnknownSupplier(NotFound):
    """There is no such supplier."""

    code = "unknown_supplier"


class OrderNumberTaken(Refused):
    """Another order of the site has this number."""

    code = "order_number_taken"


class OverReceipt(Refused):
    """More came than the order and its tolerance allow."""

    code = "over_receipt"
