"""`milkrun export WHAT`: write out what was put in, row by row, as JSON lines or CSV.

Instants are UTC, quantities and amounts exact. In CSV a text that a spreadsheet would take for a formula gets an
apostrophe in front; a number stays a number.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from milkrun.cli.ending import Ended, ends_in_one_line
from milkrun.cli.loading import load_with_database
from milkrun.gateway.tables.cells import safe_cell

Row = dict[str, object]
KINDS = (
    "ledger", "calls", "deliveries", "invoices", "items",
    "parts", "boms", "stock", "partners", "prices", "bins", "rack-specs", "streams",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("what", choices=KINDS, help="what to write out")
    parser.add_argument("--format", default="jsonl", help="jsonl (default), csv, or a format of a plug-in")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Write every row to stdout as it is read."""
    load_with_database()
    rows = _source(args.what)()
    # Nobody's console encoding decides what a file holds.
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    for line in _written(args.format)(rows):
        sys.stdout.write(line)
    return 0


def _written(name: str) -> Callable[[Iterable[Row]], Iterable[str]]:
    from milkrun.kernel.plugins import points

    known: dict[str, Callable[[Iterable[Row]], Iterable[str]]] = {
        "jsonl": _jsonl, "csv": _csv, **points().exports
    }  # fmt: skip
    if name not in known:
        raise Ended("unknown_format", f"There is no format {name}. There are {', '.join(known)}.")
    return known[name]


def _source(what: str) -> Callable[[], Iterator[Row]]:
    from milkrun.billing.queries import invoice_rows
    from milkrun.demand.queries import call_rows
    from milkrun.demand.queries.masters import price_rows, rack_rows, stream_rows
    from milkrun.partners.queries import partner_rows
    from milkrun.parts.queries.rows import bom_rows, part_rows
    from milkrun.shipping.queries import delivery_rows
    from milkrun.stock.queries import item_rows, ledger_rows
    from milkrun.stock.queries.masters import level_rows, place_rows

    return {
        "ledger": ledger_rows,
        "calls": call_rows,
        "deliveries": delivery_rows,
        "invoices": invoice_rows,
        "items": item_rows,
        "parts": part_rows,
        "boms": bom_rows,
        "stock": level_rows,
        "partners": partner_rows,
        "prices": price_rows,
        "bins": place_rows,
        "rack-specs": rack_rows,
        "streams": stream_rows,
    }[what]


def _jsonl(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Line())
    first = True
    for row in rows:
        if first:
            yield writer.writerow(row)
            first = False
        yield writer.writerow([safe_cell(_plain(value)) for value in row.values()])


class _Line:
    """Hands a written line back instead of keeping it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    # As text: JSON's numbers are binary fractions to most readers.
    return format(value, "f") if isinstance(value, Decimal) else value
