"""Tables of supply: orders to suppliers, receipts against them."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from milkrun.gateway.tables.kinds import NEW, REFUSED, SAME, Kind, Outcome, Place, grouped, troubles
from milkrun.gateway.tables.values import Column, Row, Trouble
from milkrun.kernel.errors import Invalid, Refusal
from milkrun.kernel.identity import Request
from milkrun.partners.queries import partner_by_code
from milkrun.parts.queries.items import parts_by_number
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.purchasing.queries.records import OrderRecord, line_key, order_by_number
from milkrun.stock.queries import place as place_of


def refused(row: Row, refusal: Refusal) -> Outcome:
    """Turn a command's refusal into what is said of a row."""
    said = troubles(refusal.problems) if isinstance(refusal, Invalid) else ()
    return Outcome(row.line, REFUSED, said or (Trouble("", refusal.code, refusal.message),))


def take_orders(rows: Sequence[Row], place: Place) -> list[Outcome]:
    """Place orders; one that exists already with the same lines is left alone, another one of its number is refused."""
    parts = parts_by_number(row.values["part"] for row in rows)
    found: list[Outcome] = []
    for (number,), lines in grouped(rows, ["order"]).items():
        outcome, wrong = _order(number, lines, parts, place)
        found += [Outcome(row.line, outcome, wrong) for row in lines]
    return found


def _order(
    number: str, lines: Sequence[Row], parts: dict[str, tuple[int, str]], place: Place
) -> tuple[str, tuple[Trouble, ...]]:
    first = lines[0].values
    supplier = partner_by_code(first["supplier"])
    wrong = [
        Trouble(
            "part",
            "unknown_part",
            _("Part {values} is not known.").format(values=row.values["part"]),
            row.values["part"],
        )
        for row in lines
        if row.values["part"] not in parts
    ]
    if supplier is None or not supplier.is_supplier:
        wrong.append(
            Trouble("supplier", "unknown_supplier", _("There is no supplier {first}.").format(first=first["supplier"]))
        )
    wrong += [
        Trouble(
            "supplier",
            "differs",
            _("Line {line} names another supplier than line {lines_line}.").format(
                line=row.line, lines_line=lines[0].line
            ),
        )
        for row in lines[1:]
        if row.values["supplier"] != first["supplier"]
    ]
    if wrong or supplier is None:
        return REFUSED, tuple(wrong)
    known = order_by_number(place.site_id, number)
    if known is not None:
        return (SAME, ()) if _equal(known, supplier.code, lines) else (REFUSED, (_taken(number),))
    goods = [_goods(row.values, parts) for row in lines]
    try:
        place_order(
            site_id=place.site_id,
            supplier_id=supplier.id,
            goods=goods,
            expected_on=min(row.values["expected_on"] for row in lines),
            number=number,
            actor=place.actor,
            at=place.at,
        )
    except Refusal as refusal:
        return REFUSED, refused(lines[0], refusal).troubles
    return NEW, ()


def _taken(number: str) -> Trouble:
    said = _("Order {number} exists with other lines. Close it and order anew, or change it on its page.").format(
        number=number
    )
    return Trouble("order", "order_number_taken", said, number)


def _goods(values: dict[str, Any], parts: dict[str, tuple[int, str]]) -> OrderedGoods:
    return OrderedGoods(parts[values["part"]][0], values["qty"], values.get("unit", ""), values["expected_on"])


def _equal(known: OrderRecord, supplier: str, lines: Sequence[Row]) -> bool:
    """Tell whether an order is the one that stands in the table; a line in another unit counts as another one."""
    there = [(line.part, line.qty, line.expected_on) for line in known.lines]
    here = [(row.values["part"], row.values["qty"], row.values["expected_on"]) for row in lines]
    return known.supplier == supplier and there == here


ORDERS = Kind(
    "orders",
    (
        Column("order", required=True, longest=35),
        Column("supplier", required=True, longest=20),
        Column("part", required=True),
        Column("qty", "number", required=True),
        Column("unit", longest=3),
        Column("expected_on", "date", required=True),
        Column("ordered_at", "instant"),
    ),
    take_orders,
    together=("order",),
    event="ordered_at",
    sample=("PO-4711", "SUP01", "FOAM", "500", "PCE", "2026-12-01", "2026-11-22T06:00+01:00"),
)


def take_receipts(rows: Sequence[Row], place: Place) -> list[Outcome]:
    """Post receipts against orders, each by its delivery note and line once and for ever."""
    return [_receipt(row, place) for row in rows]


def _receipt(row: Row, place: Place) -> Outcome:
    values = row.values
    order = order_by_number(place.site_id, values["order"])
    line = next((one.position for one in order.lines if one.part == values["part"]), None) if order else None
    if "line" in values:
        line = int(values["line"]) if values["line"] == values["line"].to_integral_value() else None
    if order is None or line is None:
        said = (
            _("Order {values} is not known.").format(values=values["order"])
            if order is None
            else _("The order has no such line.")
        )
        return Outcome(row.line, REFUSED, (Trouble("order" if order is None else "part", "not_found", said),))
    repeated: list[bool] = []
    request = Request(
        f"drop:{place.site_code}:receipts",
        hashlib.sha256(f"{order.supplier}\n{values['note']}\n{values['note_line']}".encode()).hexdigest(),
        hashlib.sha256(repr(_said(values)).encode()).hexdigest(),
        repeated=lambda: repeated.append(True),
    )
    try:
        receive_order(
            line_id=line_key(place.site_id, order.id, line),
            qty=values["qty"],
            unit=values.get("unit", ""),
            location_id=place_of(place.site_id, values["location"]).pk if "location" in values else None,
            lot_no=values.get("lot", ""),
            note_no=values["note"],
            actor=place.actor,
            at=place.at,
            request=request,
        )
    except Refusal as refusal:
        return refused(row, refusal)
    return Outcome(row.line, SAME if repeated else NEW)


def _said(values: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(
        (name, f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)) for name, value in values.items()
    )


RECEIPTS = Kind(
    "receipts",
    (
        Column("order", required=True, longest=35),
        Column("part", required=True),
        Column("line", "number"),
        Column("note", required=True, longest=35),
        Column("note_line", required=True, longest=10),
        Column("qty", "number", required=True),
        Column("unit", longest=3),
        Column("location", longest=24),
        Column("lot"),
        Column("received_at", "instant"),
    ),
    take_receipts,
    event="received_at",
    sample=("PO-4711", "FOAM", "", "DN-0815", "1", "500", "PCE", "", "", "2026-11-22T06:00+01:00"),
)
