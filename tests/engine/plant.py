"""A small plant as four files, made day by day so that everything in them is known: sales, stock, orders, items."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST = date(2024, 1, 1)
DAYS = 420
GROUPS = ("Bolts", "Boards", "Motors")
SUPPLIERS = {"Bolt Ltd": (4, 1, 0.02), "Chip AG": (12, 5, 0.01), "Drive SA": (21, 4, 0.06)}


@dataclass
class Item:
    """An item and how it behaves."""

    name: str
    group: str
    supplier: str
    cost: float
    rate: float
    often: float
    least: int
    stock: int
    dead: bool = False


@dataclass
class Plant:
    """What happened, as rows."""

    items: list[Item] = field(default_factory=list)
    sales: list[tuple[str, str, str, int, int, str, str]] = field(default_factory=list)
    stock: list[tuple[str, str, int]] = field(default_factory=list)
    orders: list[tuple[str, str, str, str, str, str, int, int, int]] = field(default_factory=list)

    def files(self) -> dict[str, str]:
        """Return the files as a company would have them: semicolons, decimal commas, days before months."""
        return {
            "sales.csv": _csv("Order;Date;Item;Qty;Shipped Qty;Promised Date;Shipped Date", self.sales),
            "stock.csv": _csv("Item;Date;On Hand", self.stock),
            "orders.csv": _csv(
                "PO;Item;Supplier;Order Date;Promised Date;Received Date;Qty Ordered;Qty Received;Rejected", self.orders
            ),
            "items.csv": _csv(
                "Item;Description;Category;Supplier;Unit Cost;Price;MOQ",
                [
                    (one.name, f"{one.group[:-1]} {one.name}", one.group, one.supplier, _comma(one.cost),
                     _comma(one.cost * 1.6), one.least)
                    for one in self.items
                ],
            ),
        }  # fmt: skip


def _csv(header: str, rows: list[tuple[object, ...]] | list[tuple[str, ...]]) -> str:  # type: ignore[type-arg]
    return "\r\n".join([header, *(";".join(str(cell) for cell in row) for row in rows)]) + "\r\n"


def _comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def plant(items: int = 30, days: int = DAYS, seed: int = 7) -> Plant:
    """Run the plant and write everything down."""
    dice = random.Random(seed)
    made = Plant()
    for number in range(items):
        supplier = sorted(SUPPLIERS)[number % 3]
        made.items.append(Item(
            f"I{number:03}", GROUPS[number % 3], supplier, round(dice.uniform(0.5, 90), 2), dice.choice([2, 5, 12, 40]),
            dice.choice([0.15, 0.6, 1.0]), dice.choice([10, 50, 400]), dice.randrange(50, 900), number % 10 == 9,
        ))  # fmt: skip
    for item in made.items:
        _live(made, item, dice, days)
    made.stock.sort(key=lambda row: (row[1][6:], row[1][3:5], row[1][:2], row[0]))
    return made


def _live(made: Plant, item: Item, dice: random.Random, days: int) -> None:
    on_hand, coming = item.stock, []
    lead, spread, bad = SUPPLIERS[item.supplier]
    for place in range(days):
        today = FIRST + timedelta(days=place)
        on_hand += sum(quantity for day, quantity in coming if day == today)
        coming = [one for one in coming if one[0] > today]
        if not item.dead and dice.random() < item.often:
            wanted = max(1, round(dice.expovariate(1 / item.rate)))
            served = min(on_hand, wanted)
            on_hand -= served
            late = 0 if served == wanted else dice.randrange(1, 6)
            made.sales.append((f"S{len(made.sales):06}", _day(today), item.name, wanted, served, _day(today),
                               _day(today + timedelta(days=late))))  # fmt: skip
        on_order = sum(quantity for _, quantity in coming)
        if not item.dead and on_hand + on_order <= item.rate * item.often * (lead + 5):
            takes = max(1, round(dice.gauss(lead, spread)))
            quantity, arrives = max(item.least, 20), today + timedelta(days=takes)
            coming.append((arrives, quantity))
            seen = arrives < FIRST + timedelta(days=days)
            rejected = sum(dice.random() < bad for _ in range(quantity)) if seen else 0
            made.orders.append((f"P{len(made.orders):05}", item.name, item.supplier, _day(today),
                                _day(today + timedelta(days=lead + 2)), _day(arrives) if seen else "",
                                quantity, quantity if seen else 0, rejected))  # fmt: skip
        made.stock.append((item.name, _day(today), on_hand))
