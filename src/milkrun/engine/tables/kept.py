"""A mapping kept as a file: what was found or said about each file, so that the next run asks and guesses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from milkrun.engine.tables.answers import Answers
from milkrun.engine.tables.faults import Unreadable

if TYPE_CHECKING:
    from milkrun.engine.tables.intake import Table

SHAPE = 1


def kept(tables: Sequence[Table]) -> dict[str, Any]:
    """Return the mapping of all files as values of JSON."""
    return {"milkrun_mapping": SHAPE, "files": {table.name: _one(table) for table in tables}}


def _one(table: Table) -> dict[str, Any]:
    return {
        "table": table.mapping.kind.name, "sheet": table.how.get("sheet"),
        "columns": {
            guess.header: {
                "field": guess.field or None, "date_order": table.orders.get(guess.header),
                "decimal": table.decimals.get(guess.header),
            }
            for guess in table.mapping.guesses
        },
    }  # fmt: skip


def answers_from(mapping: Any, said: Answers) -> dict[str, Answers]:
    """Return the answers of a kept mapping, by file name.

    Args:
        mapping: what `kept` gave.
        said: what was said in this run; it counts before what was kept.

    Raises:
        Unreadable: it is no such mapping.
    """
    if not isinstance(mapping, Mapping) or mapping.get("milkrun_mapping") != SHAPE:
        raise Unreadable("unreadable_mapping", f"This is no mapping of columns (milkrun_mapping is not {SHAPE}).")
    try:
        return {str(name): _answers(file, said) for name, file in mapping["files"].items()}
    except (KeyError, AttributeError, TypeError) as error:
        raise Unreadable("unreadable_mapping", f"The mapping of columns lacks {error}.") from error


def _answers(file: Mapping[str, Any], said: Answers) -> Answers:
    columns = {header: column["field"] or "" for header, column in file["columns"].items()}
    orders = {header: column["date_order"] for header, column in file["columns"].items() if column.get("date_order")}
    decimals = {header: column["decimal"] for header, column in file["columns"].items() if column.get("decimal")}
    return replace(
        said, table=said.table or file["table"], sheet=said.sheet or file.get("sheet"),
        columns={**columns, **said.columns}, orders={} if said.date_order else orders,
        decimals={} if said.decimal else decimals,
    )  # fmt: skip
