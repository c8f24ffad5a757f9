"""What must hold for documents: numbers without gaps, a journal entry for what happened."""

import re
from collections.abc import Iterator

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, sql

# series name, text that ends in the number; what stands before it is a company's own choice
NUMBERS = (
    "SELECT 'delivery', number FROM shipping_delivery",
    "SELECT 'wave:' || site_id, number FROM shipping_wave",
    "SELECT 'job:' || site_id, number FROM production_job",
    "SELECT 'run:' || site_id, number FROM production_productionrun",
    "SELECT 'load:' || site_id, CAST(rack_no AS TEXT) FROM demand_packinggroup WHERE stream_id IS NULL",
    "SELECT 'invoice', number FROM billing_invoice WHERE kind = 'invoice'",
    "SELECT 'credit_note', number FROM billing_invoice WHERE kind = 'credit_note'",
    "SELECT 'interchange:' || partner_id, control FROM exchange_outboxmessage WHERE channel = 'folder'",
)


TRAILING = re.compile(r"[0-9]+$")


def gaps_in_numbers(reader: Reader) -> Iterator[str]:
    """Compare the numbers in use with 1 to the counter's last, series by series."""
    last: dict[str, int] = dict(reader.rows("SELECT name, last FROM kernel_series"))
    used: dict[str, set[int]] = {}
    for statement in NUMBERS:
        for series, text in reader.rows(statement):
            digits = TRAILING.search(text)
            number = int(digits[0]) if digits else 0
            numbers = used.setdefault(series, set())
            if number in numbers or not 1 <= number <= last.get(series, 0):
                yield f"{series} {text}"
            numbers.add(number)
    known = tuple(statement.split("'")[1].rstrip(":") for statement in NUMBERS)
    for series, upto in last.items():
        numbers = used.get(series, set())
        if series.partition(":")[0] in known and len(numbers) < upto:
            yield f"{series} {next(n for n in range(1, upto + 1) if n not in numbers)} missing"
    registered = next(reader.rows("SELECT COUNT(*) FROM stock_sscc WHERE NOT made_outside"))[0]
    if registered != last.get("sscc", 0):
        yield f"sscc: {registered} of {last.get('sscc', 0)} are registered"


def _untold(kind: str, table: str) -> str:
    return (
        f"SELECT '{kind} ' || t.id FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM kernel_journalentry j "  # noqa: S608
        f"WHERE j.subject_kind = '{kind}' AND j.subject_id = t.id) ORDER BY t.id"
    )


TOLD = (
    ("call", "demand_jitcall"),
    ("job", "production_job"),
    ("run", "production_productionrun"),
    ("delivery", "shipping_delivery"),
    ("invoice", "billing_invoice"),
    ("interchange", "exchange_interchange"),
)
# The newest entry that names a state must name the one the row has.
LAST_WORD = """
    SELECT '{kind} ' || t.id FROM {table} t JOIN kernel_journalentry j ON j.id = (
        SELECT MAX(k.id) FROM kernel_journalentry k
        WHERE k.subject_kind = '{kind}' AND k.subject_id = t.id AND k.after <> ''
    ) WHERE j.after <> t.state ORDER BY t.id
"""
NOBODY = "SELECT 'journal ' || id FROM kernel_journalentry WHERE actor = '' OR via = '' OR action = '' ORDER BY id"
POSTED_BY_NOBODY = "SELECT 'posting ' || id FROM stock_posting WHERE actor = '' ORDER BY id"

DOCUMENT_INVARIANTS = (
    Invariant("I-10", "Document numbers run from one without a gap", (gaps_in_numbers,)),
    Invariant(
        "I-21",
        "The journal tells who did what to every document, up to the state it has",
        (
            *[sql(_untold(kind, table)) for kind, table in TOLD],
            *[
                sql(LAST_WORD.format(kind=kind, table=table))
                for kind, table in (
                    ("call", "demand_jitcall"),
                    ("job", "production_job"),
                    ("delivery", "shipping_delivery"),
                )
            ],
            sql(NOBODY),
            sql(POSTED_BY_NOBODY),
        ),
    ),
)
