"""The tables an analysis knows, and which columns each of them needs and may have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table: what it must have, what it may have, and of which at least one must be there."""

    name: str
    title: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    one_of: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All columns, those it needs first."""
        return (*self.needs, *self.may)


_ITEM = ("description", "category", "supplier", "min_order", "multiple", "lead_time_days", "container",
         "tolerated_wait_days", "critical")  # fmt: skip
KINDS = {
    kind.name: kind
    for kind in (
        Kind("demand", "sales or usage", ("item", "date", "quantity"), (
            "price", "unit_cost", "on_hand", "location", "order", "customer", "description", "category", "supplier",
            "promised_at", "shipped_at", "shipped_quantity", "status", "forecast", "lead_time_days",
        )),
        Kind("stock", "stock", ("item", "on_hand"), (
            "snapshot_date", "unit_cost", "price", "location", "stocked_at", *_ITEM,
        )),
        Kind("receipts", "purchase orders and receipts", (), (
            "ordered_at", "received_at", "item", "order", "supplier", "promised_at", "ordered_quantity",
            "received_quantity", "rejected_quantity", "unit_cost", "agreed_price", "category", "status", "description",
        ), ("ordered_at", "received_at")),
        Kind("items", "item master", ("item",), ("unit_cost", "price", *_ITEM)),
    )
}  # fmt: skip
