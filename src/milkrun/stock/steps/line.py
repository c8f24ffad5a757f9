"""What a posting is made of."""

from dataclasses import dataclass
from decimal import Decimal

# Part, location, lot, owner, handling unit; 0 stands for "none", as in the unique index.
Key = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One movement to post: `qty` base units of a part from one place to another.

    A line with a reservation takes goods that were kept for it; its quantity must be the reservation's.
    """

    part_id: int
    qty: Decimal
    from_location_id: int
    to_location_id: int
    from_hu_id: int | None = None
    to_hu_id: int | None = None
    lot_id: int | None = None
    owner_id: int | None = None
    reservation_id: int | None = None
    entered_qty: Decimal | None = None
    entered_unit: str = ""

    def source(self) -> Key:
        """Name the balance the line takes from."""
        return (self.part_id, self.from_location_id, self.lot_id or 0, self.owner_id or 0, self.from_hu_id or 0)

    def target(self) -> Key:
        """Name the balance the line adds to."""
        return (self.part_id, self.to_location_id, self.lot_id or 0, self.owner_id or 0, self.to_hu_id or 0)
