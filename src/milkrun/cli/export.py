"""`milkrun export WHAT`: write out what was put in, row by row, as JSON lines or CSV.

Instants are UTC, quantities and amounts exact. In CSV a text that a spreadsheet would take for a formula gets an
apostrophe in front; a number stays a number.
"""

import argparse
import csv
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from milkrun.cli.ending import ends_in_one_line
from milkrun.cli.loading import load_with_database

Row = dict[str, object]
KINDS = ("ledger", "calls", "deliveries", "invoices", "items")
_DANGEROUS = "=+-@\t\r\n"


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("what", choices=KINDS, help="what to write out")
    parser.add_argument("--format", choices=["jsonl", "csv"], default="jsonl", help="default jsonl")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Write every row to stdout as it is read."""
    load_with_database()
    rows = _source(args.what)()
    # Nobody's console encoding decides what a file holds.
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    for line in _csv(rows) if args.format == "csv" else _jsonl(rows):
        sys.stdout.write(line)
    return 0


def _source(what: str) -> Callable[[], Iterator[Row]]:
    from milkrun.billing.queries import invoice_rows
    from milkrun.demand.queries import call_rows
    from milkrun.shipping.queries import delivery_rows
    from milkrun.stock.queries import item_rows, ledger_rows

    return {
        "ledger": ledger_rows,
        "calls": call_rows,
        "deliveries": delivery_rows,
        "invoices": invoice_rows,
        "items": item_rows,
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


def safe_cell(value: object) -> object:
    """Keep a text from being taken for a formula by a spreadsheet.

    Example:
        >>> safe_cell("=1+1"), safe_cell(" @SUM(A1)"), safe_cell(-5), safe_cell("-5.25"), safe_cell("5N0 881 105 A")
        ("'=1+1", "' @SUM(A1)", -5, '-5.25', '5N0 881 105 A')
    """
    if not isinstance(value, str) or _is_number(value):
        return value
    # Full-width forms become plain ones; marks and blanks in front do not hide what follows.
    start = unicodedata.normalize("NFKC", value).lstrip(" \u00a0\ufeff\u200b\u200e\u200f")
    return f"'{value}" if start[:1] and start[0] in _DANGEROUS else value


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
