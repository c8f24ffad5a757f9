"""The tree of a trace as rows to read, to print and to export: each thing under what it came by, once for each way."""

from collections.abc import Iterator
from decimal import Decimal

from milkrun.demand.models import Component
from milkrun.production.models import Confirmation
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.queries.following import (
    DEEPEST,
    Found,
    Start,
    Trace,
    TraceRow,
    amount,
    follow_backward,
    follow_forward,
    on_hand_of_lots,
    told,
)
from milkrun.stock.models import Lot

Key = tuple[str, int]


class Tree:
    """Turns what a trace found into rows; everything is loaded in a statement for each kind of thing."""

    def __init__(self, found: Found, zone: str) -> None:
        self.zone = zone
        self.found = found
        self.lots = Lot.objects.filter(pk__in=found.lots).select_related("part", "supplier").in_bulk()
        self.left = on_hand_of_lots(found.lots)
        made = Confirmation.objects.filter(pk__in=found.postings.values()).select_related("line__job", "line__part")
        self.made = {row.posting_id or 0: row for row in made}
        self.components = Component.objects.select_related("group__call").in_bulk(found.components)
        self.deliveries = Delivery.objects.select_related("partner", "ship_to").in_bulk(found.deliveries)
        self.units = self._units()
        self.under: dict[Key, dict[Key, tuple[Decimal, str]]] = {}
        for kind, key, next_kind, next_key, qty, unit in found.edges:
            below = self.under.setdefault((kind, key), {})
            before = below.get((next_kind, next_key), (Decimal(0), unit))[0]
            below[next_kind, next_key] = (before + qty, unit)

    def _units(self) -> dict[int, list[str]]:
        rows = DeliveryLine.objects.filter(delivery__in=self.found.deliveries, component__in=self.found.components)
        found: dict[int, list[str]] = {}
        for delivery, sscc in rows.order_by("hu__sscc").values_list("delivery_id", "hu__sscc").distinct():
            found.setdefault(delivery, []).append(sscc)
        return found

    def rows(self, root: str) -> Iterator[TraceRow]:
        """Give the rows in depth first order, from the things that nothing else of the trace leads to."""
        reached = {key for below in self.under.values() for key in below}
        starts: list[Key] = [("lot", key) for key, level in self.found.lots.items() if level == 0]
        if root != "lot":
            starts = [("delivery", key) for key in self.found.deliveries] + starts
        starts += [("posting", key) for key in self.found.postings]
        shown = [key for key in starts if key not in reached or (key[0] == "lot" and self.found.lots[key[1]] == 0)]
        told_of: set[Key] = set()
        for key in dict.fromkeys(shown):
            if key not in told_of:
                yield from self._walk(key, 0, Decimal(0), "", told_of)

    def _walk(self, key: Key, level: int, qty: Decimal, unit: str, told_of: set[Key]) -> Iterator[TraceRow]:
        again = key in told_of
        told_of.add(key)
        yield self._row(key, level, qty, unit)
        if again or level >= 2 * DEEPEST:
            return
        for below, (share, its_unit) in self.under.get(key, {}).items():
            yield from self._walk(below, level + 1, share, its_unit, told_of)

    def _row(self, key: Key, level: int, qty: Decimal, unit: str) -> TraceRow:
        kind, number = key
        if kind == "lot":
            return self._lot(self.lots[number], level, qty, unit)
        if kind == "posting":
            made = self.made.get(number)
            if made is None:
                return TraceRow(level, "job", str(number), "", amount(qty, unit), "", "")
            what = f"{made.line.part.number}, {made.actor}"
            return TraceRow(
                level, "job", made.line.job.number, what, amount(qty, unit), made.line.job.state,
                made.line.job.public_id,
            )  # fmt: skip
        if kind == "component":
            row = self.components[number]
            return TraceRow(
                level, "call", row.group.call.external_no, row.customer_part_no, amount(qty, unit), row.group.state,
                row.group.call.public_id,
            )  # fmt: skip
        delivery = self.deliveries[number]
        units = ", ".join(self.units.get(number, ()))
        where = told(delivery, self.zone) + (f"; {units}" if units else "")
        return TraceRow(
            level, "delivery", delivery.number, where, amount(qty, unit), delivery.state, delivery.public_id
        )  # fmt: skip

    def _lot(self, row: Lot, level: int, qty: Decimal, unit: str) -> TraceRow:
        said = [
            row.part.number,
            row.supplier.code if row.supplier else "",
            f"supplier's lot {row.supplier_lot}" if row.supplier_lot else "",
            f"heat {row.heat}" if row.heat else "",
            f"{amount(self.left[row.pk], row.part.base_unit)} in stock" if row.pk in self.left else "",
        ]
        detail = ", ".join(part for part in said if part)
        return TraceRow(level, "lot", row.number, detail, amount(qty, unit), row.state, row.part.public_id)


def forward(start: Start, zone: str) -> Trace:
    """Trace where lots (or what a job made) went."""
    return _trace(follow_forward(start), "lot", zone)


def backward(start: Start, zone: str) -> Trace:
    """Trace what lots, jobs, deliveries or handling units are made of."""
    return _trace(follow_backward(start), "", zone)


def _trace(found: Found, root: str, zone: str) -> Trace:
    tree = Tree(found, zone)
    return Trace(
        tuple(tree.rows(root)), tuple(sorted(found.lots)), tuple(sorted(found.deliveries)),
        tuple(sorted(found.components)), tuple(sorted({row.partner.code for row in tree.deliveries.values()})),
        found.cut,
    )  # fmt: skip
