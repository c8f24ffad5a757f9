"""What a person has answered about a file, on the command line, on a page or by a mapping kept from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that take the place of detection; None and missing entries leave it to the file.

    Args:
        date_order: dmy, mdy or ymd for dates of three numbers.
        decimal: comma or point.
        sheet: name of the sheet of a workbook.
        table: what the file holds: demand, stock, receipts or items.
        columns: header to field; an empty field leaves the column out.
        orders: header to date order, where columns differ.
        decimals: header to decimal sign, where columns differ.
    """

    date_order: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)

    def order_of(self, header: str) -> str | None:
        """Return the date order answered for a column."""
        return self.orders.get(header) or self.date_order

    def decimal_of(self, header: str) -> str | None:
        """Return the decimal sign answered for a column."""
        return self.decimals.get(header) or self.decimal
