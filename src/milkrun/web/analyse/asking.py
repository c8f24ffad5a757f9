"""What a person is asked about files, and what they answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milkrun.kernel.errors import Invalid, Problem
from milkrun.web.words import Word

KINDS: Mapping[str, Word] = {
    "demand": gettext_lazy("Sales or usage"),
    "stock": gettext_lazy("Stock"),
    "receipts": gettext_lazy("Purchase orders and receipts"),
    "items": gettext_lazy("Item master"),
}
FIELDS: Mapping[str, Word] = {
    "item": gettext_lazy("Item number"),
    "date": gettext_lazy("Date of the demand"),
    "quantity": gettext_lazy("Quantity sold or used"),
    "price": gettext_lazy("Sales price"),
    "unit_cost": gettext_lazy("Unit cost"),
    "on_hand": gettext_lazy("Stock on hand"),
    "location": gettext_lazy("Location"),
    "order": gettext_lazy("Order number"),
    "customer": gettext_lazy("Customer"),
    "description": gettext_lazy("Description"),
    "category": gettext_lazy("Category"),
    "supplier": gettext_lazy("Supplier"),
    "promised_at": gettext_lazy("Promised date"),
    "shipped_at": gettext_lazy("Shipping date"),
    "shipped_quantity": gettext_lazy("Quantity shipped"),
    "ordered_at": gettext_lazy("Order date"),
    "received_at": gettext_lazy("Date received"),
    "ordered_quantity": gettext_lazy("Quantity ordered"),
    "received_quantity": gettext_lazy("Quantity received"),
    "rejected_quantity": gettext_lazy("Quantity rejected"),
    "agreed_price": gettext_lazy("Agreed price"),
    "status": gettext_lazy("State of the order"),
    "snapshot_date": gettext_lazy("Day of the stock"),
    "stocked_at": gettext_lazy("In stock since"),
    "min_order": gettext_lazy("Minimum order"),
    "multiple": gettext_lazy("Order multiple"),
    "lead_time_days": gettext_lazy("Lead time in days"),
    "container": gettext_lazy("Quantity in a container"),
    "tolerated_wait_days": gettext_lazy("Days a customer waits"),
    "critical": gettext_lazy("Must never run out"),
    "forecast": gettext_lazy("Own forecast"),
}
ORDERS: Mapping[str, Word] = {
    "dmy": gettext_lazy("day, month, year"),
    "mdy": gettext_lazy("month, day, year"),
    "ymd": gettext_lazy("year, month, day"),
}
DECIMALS: Mapping[str, Word] = {"point": gettext_lazy("point: 1.5"), "comma": gettext_lazy("comma: 1,5")}


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that no file says: its name in the analysis, its words, unit, usual value, and what it may be."""

    name: str
    word: Word
    unit: Word
    usual: str
    least: float
    most: float
    # What is typed, divided by this, is the value of the analysis: people type percent.
    parts: float = 1.0


ASSUMPTIONS = (
    Assumption("lead_time_days", gettext_lazy("Lead time where files say none"), gettext_lazy("days"), "14", 0.5, 720),
    Assumption("service_level", gettext_lazy("Service level"), "%", "95", 50, 99.99, 100),
    Assumption("carrying_rate", gettext_lazy("Carrying cost"), gettext_lazy("% of value a year"), "25", 0, 100, 100),
    Assumption("order_cost", gettext_lazy("Cost of an order"), gettext_lazy("money"), "50", 0, 1_000_000),
)


def answers(typed: Mapping[str, str], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was chosen for each file and column, and the assumptions.

    Args:
        typed: the form.
        seen: what the page showed: only what was asked is read.

    Raises:
        Invalid: a column twice, a word that was not offered, or a number that is none.
    """
    problems: list[Problem] = []
    files: dict[str, Any] = {}
    for place, file in enumerate(seen.get("files", ())):
        files[file["name"]] = _of_file(typed, place, file, problems)
    settings = dict(_numbers(typed, problems))
    if problems:
        raise Invalid(problems)
    return {"files": files, "settings": settings}


def _of_file(typed: Mapping[str, str], place: int, file: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    known: dict[str, Any] = {"columns": {}, "orders": {}, "decimals": {}}
    if (table := typed.get(f"f{place}.table", "")) in KINDS:
        known["table"] = table
    if sheet := typed.get(f"f{place}.sheet", "").strip()[:120]:
        known["sheet"] = sheet
    taken: dict[str, str] = {}
    for column, header in enumerate(file["headers"]):
        field = typed.get(f"f{place}.c{column}")
        if field is None or (field and field not in FIELDS):
            continue
        if field and field in taken:
            problems.append(
                Problem(
                    f"f{place}.c{column}",
                    _("{file}: “{one}” and “{other}” are both said to be “{field}”. Choose one of them.").format(
                        file=file["name"], one=taken[field], other=header, field=FIELDS[field]
                    ),
                    "column_twice",
                )
            )
        taken[field] = header
        known["columns"][header] = field
        if (order := typed.get(f"f{place}.o{column}", "")) in ORDERS:
            known["orders"][header] = order
        if (sign := typed.get(f"f{place}.d{column}", "")) in DECIMALS:
            known["decimals"][header] = sign
    return known


def _numbers(typed: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, float]]:
    for one in ASSUMPTIONS:
        text = typed.get(one.name, "").strip().replace(",", ".")
        if not text:
            continue
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not one.least <= value <= one.most:
            problems.append(
                Problem(
                    one.name,
                    _("“{name}” is a number from {least} to {most}, not “{text}”.").format(
                        name=one.word, least=f"{one.least:g}", most=f"{one.most:g}", text=text[:20]
                    ),
                    "not_a_number",
                )
            )
        else:
            yield one.name, value / one.parts
