"""Tables of master data and stock: items, bills of material, stock levels."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from milkrun.gateway.tables.kinds import REFUSED, Kind, Outcome, Place, grouped, troubles
from milkrun.gateway.tables.values import Column, Row, Trouble
from milkrun.parts.commands.record_parts import PartInput, record_parts
from milkrun.production.commands.record_boms import BomInput, record_boms
from milkrun.stock.commands.set_stock_levels import LevelInput, set_stock_levels


def take_items(rows: Sequence[Row], place: Place) -> list[Outcome]:
    """Bring parts to what the rows say of them."""
    read = [(row, *_item(row.values)) for row in rows]
    good = [(row, part) for row, part, wrong in read if not wrong]
    done = record_parts(parts=[part for __, part in good], actor=place.actor, at=place.at)
    return [Outcome(row.line, REFUSED, tuple(wrong)) for row, __, wrong in read if wrong] + [
        Outcome(row.line, one.outcome, troubles(one.problems))
        for (row, __), one in zip(good, done.outcomes, strict=True)
    ]


def _item(values: dict[str, Any]) -> tuple[PartInput, list[Trouble]]:
    units, wrong = _units(values.get("units", ""))
    customer, theirs = values.get("customer", ""), values.get("customer_part", "")
    if bool(customer) != bool(theirs):
        said = _("A customer's number needs both columns, customer and customer_part.")
        wrong.append(Trouble("customer_part" if customer else "customer", "missing", said))
    return (
        PartInput(
            number=values["part"],
            description=values.get("description"),
            base_unit=values.get("base_unit"),
            made_here=values.get("made_here"),
            lot_tracked=values.get("lot_tracked"),
            supply_location=values.get("supply_location"),
            units=units or None,
            customer_numbers=((customer, theirs),) if customer and theirs else None,
        ),
        wrong,
    )


def _units(text: str) -> tuple[tuple[tuple[str, int, int], ...], list[Trouble]]:
    """Read units of a part's own: "BX=12 PAL=480" or, as a ratio, "ROL=1000/3"."""
    found, wrong = [], []
    for part in text.split():
        code, __, ratio = part.partition("=")
        top, __, bottom = ratio.partition("/")
        if all(number.isascii() and number.isdigit() and len(number) <= 12 for number in (top, bottom or "1")):
            found.append((code, int(top), int(bottom or "1")))
        else:
            wrong.append(
                Trouble(
                    "units",
                    "unit_impossible",
                    _("“{part}” is no unit. Write it like BX=12.").format(part=part[:40]),
                    part[:80],
                )
            )
    return tuple(found), wrong


ITEMS = Kind(
    "items",
    (
        Column("part", required=True),
        Column("description", longest=120),
        Column("base_unit", longest=3),
        Column("made_here", "yes_no"),
        Column("lot_tracked", "yes_no"),
        Column("supply_location", longest=24),
        Column("units", longest=120),
        Column("customer", longest=20),
        Column("customer_part"),
    ),
    take_items,
    sample=("SEAT-105A", "Seat, left", "PCE", "yes", "no", "", "BX=12", "OEM01", "5N0 881 105 A"),
)


def take_bom(rows: Sequence[Row], place: Place) -> list[Outcome]:
    """Bring bills of material to what the rows say; all rows of a part are its whole bill."""
    bills = grouped(rows, ["part"])
    done = record_boms(
        boms=[
            BomInput(part, tuple((row.values["component"], row.values["qty"]) for row in lines))
            for (part,), lines in bills.items()
        ],
        actor=place.actor,
        at=place.at,
    )
    return [
        Outcome(row.line, one.outcome, troubles(one.problems))
        for lines, one in zip(bills.values(), done.outcomes, strict=True)
        for row in lines
    ]


BOM = Kind(
    "bom",
    (Column("part", required=True), Column("component", required=True), Column("qty", "number", required=True)),
    take_bom,
    together=("part",),
    sample=("SEAT-105A", "FOAM", "0.3"),
)


def take_stock(rows: Sequence[Row], place: Place) -> list[Outcome]:
    """Bring stock to the levels that the rows say."""
    done = set_stock_levels(
        site_id=place.site_id,
        levels=[
            LevelInput(
                row.values["part"],
                row.values["location"],
                row.values.get("qty", Decimal(0)),
                row.values.get("unit", ""),
                row.values.get("lot", ""),
            )
            for row in rows
        ],
        reason="Table of another system",
        actor=place.actor,
        at=place.at,
    )
    return [
        Outcome(row.line, one.outcome, troubles(one.problems)) for row, one in zip(rows, done.outcomes, strict=True)
    ]


STOCK = Kind(
    "stock",
    (
        Column("part", required=True),
        Column("location", required=True, longest=24),
        Column("qty", "number", required=True),
        Column("unit", longest=3),
        Column("lot"),
        Column("counted_at", "instant"),
    ),
    take_stock,
    event="counted_at",
    sample=("FOAM", "LINE1", "1200", "PCE", "", "2026-11-22T06:00"),
)
