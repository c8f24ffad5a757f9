"""Everything that was found, as plain values: what the report, the JSON and the terminal show, each in its own way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from milkrun.engine.analysis import receipts as buying
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.exclusion import RULES, Account
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.measures import Measure
from milkrun.engine.analysis.playbooks import PLAYBOOKS
from milkrun.engine.analysis.receipts import NOT_NAMED, Delivered, falls
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.window import Window
from milkrun.engine.tables.fields import FIELDS
from milkrun.engine.tables.intake import Table
from milkrun.engine.tables.kinds import KINDS

MOST_REFUSED = 1000
HISTOGRAM = 12


def plain(value: Any) -> Any:
    """Turn what was found into values of JSON: numbers of ten digits, no infinity, and null for what is not known."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, bool | str | int) or value is None:
        return value
    if isinstance(value, float):
        return float(f"{value:.10g}") + 0.0 if math.isfinite(value) else None
    return plain(value.item()) if hasattr(value, "item") else str(value)


def files(book: Book) -> list[dict[str, Any]]:
    """Say of every file how it was read, what each column is, and where its rows went."""
    return [_file(table, account) for table, account in zip(book.tables, book.accounts, strict=True)]


def _file(table: Table, account: Account) -> dict[str, Any]:
    refused = table.refused
    return {
        "name": table.name, "table": table.mapping.kind.name, "title": table.mapping.kind.title, "how": table.how,
        "columns": [
            {
                "header": guess.header, "field": guess.field or None, "confidence": guess.confidence,
                "said": guess.said, "otherwise": list(guess.otherwise), "date_order": table.orders.get(guess.header),
                "decimal": table.decimals.get(guess.header), "samples": list(table.contents[guess.header].samples),
            }
            for guess in table.mapping.guesses
        ],
        "rows": {
            "read": account.read, "used": account.used, "refused": account.refused,
            "excluded": [
                {"rule": rule, "rows": count, "because": RULES[rule]}
                for rule, count in sorted(account.excluded.items())
            ],
        },
        "refused": [asdict(one) for one in refused[:MOST_REFUSED]], "refused_more": max(0, len(refused) - MOST_REFUSED),
        "notes": [*table.notes, *account.notes],
    }  # fmt: skip


def missing(book: Book) -> list[dict[str, str]]:
    """List the columns that no file has, and what each of them would unlock."""
    there = book.fields
    rows: list[dict[str, str]] = []
    for kind in KINDS.values():
        for name in kind.fields:
            unlocks = FIELDS[name].unlocks
            if name not in there and unlocks and not any(row["field"] == name for row in rows):
                rows.append({"field": name, "table": kind.title, "unlocks": unlocks})
    return rows


def measure(one: Measure) -> dict[str, Any]:
    """Return a measure as plain values."""
    said = asdict(one)
    said["kind"] = "leading" if said.pop("leading") else "lagging"
    said["period"] = {"from": one.period[0], "to": one.period[1]} if one.period else None
    return said


def assumptions(book: Book, found: Figures, settings: Settings) -> list[dict[str, Any]]:
    """List the numbers that are not from the files, and whether they went into this report."""
    rows = [asdict(one) for one in settings.listed()]
    sources = {source: found.leads.source.count(source) for source in sorted(set(found.leads.source))}
    for row in rows:
        if row["name"] == "lead_time_days":
            row["used_for"] = f"{sources.get('assumed', 0)} of {len(book.items)} items"
    return rows


def suppliers(book: Book, settings: Settings) -> list[dict[str, Any]]:
    """Return the suppliers by spend, each with its share, its deliveries, its quality and its lead times."""
    lots = book.receipts
    if lots is None or "supplier" not in lots.columns:
        return []
    every = [one for one in buying.by(lots, "supplier") if one.name != NOT_NAMED]
    whole = sum(one.spend or 0 for one in every)
    rows, upto = [], 0.0
    for one in sorted(every, key=lambda one: (-(one.spend or 0), one.name)):
        upto += one.spend or 0
        rows.append(_supplier(one, whole, upto, settings))
    return rows


def _supplier(one: Delivered, whole: float, upto: float, settings: Settings) -> dict[str, Any]:
    seen, lead = one.on_time, one.lead
    goal = settings.on_time_target
    if seen is None or seen.rate is None:
        standing = "not computable: no promised date"
    elif seen.rate < goal:
        standing = "below target"
    else:
        ready = seen.proven is not None and seen.proven >= goal
        standing = "just-in-time ready" if ready else f"at target, not proven, n={seen.due}"
    return {
        "name": one.name, "order_lines": one.orders, "quantity": one.quantity, "spend": one.spend,
        "share": one.spend / whole if one.spend is not None and whole else None,
        "share_upto": upto / whole if whole and one.spend is not None else None,
        "due": seen.due if seen else None, "on_time": seen.rate if seen else None,
        "on_time_proven": seen.proven if seen else None, "standing": standing, "trend": one.trend,
        "talk": falls(one), "receipts": lead.count if lead else None, "lead_time_mean": lead.mean if lead else None,
        "lead_time_deviation": lead.deviation if lead else None,
        "lead_time_variation": lead.variation if lead else None,
        "lead_time_p50": lead.p50 if lead else None, "lead_time_p90": lead.p90 if lead else None,
        "lead_time_robust": lead.robust if lead else None, "lead_time_histogram": histogram(one.days),
        "received": one.received or None, "rejected": one.rejected, "reject_rate": one.reject_rate,
        "unknown_quality": one.unknown_quality,
    }  # fmt: skip


def histogram(days: tuple[float, ...]) -> list[list[float]]:
    """Count lead times in at most twelve steps of whole days: first day, last day, count.

    Example:
        >>> histogram((1.0, 2.0, 2.0, 5.0))
        [[1.0, 1.0, 1], [2.0, 2.0, 2], [3.0, 3.0, 0], [4.0, 4.0, 0], [5.0, 5.0, 1]]
    """
    if not days:
        return []
    first, last = math.floor(min(days)), math.floor(max(days))
    step = max(1, math.ceil((last - first + 1) / HISTOGRAM))
    counts = [0] * ((last - first) // step + 1)
    for day in days:
        counts[(math.floor(day) - first) // step] += 1
    return [[float(first + at * step), float(first + at * step + step - 1), count] for at, count in enumerate(counts)]


def playbooks() -> dict[str, Any]:
    """Return every playbook."""
    return {key: {"title": book.title, "steps": list(book.steps)} for key, book in PLAYBOOKS.items()}


def period(book: Book, window: Window) -> dict[str, Any]:
    """Return what time the report is about."""
    return {
        "from": window.ends[0], "to": window.ends[1], "days": window.days,
        "bucket": book.demand.periods.bucket if book.demand else None,
        "buckets": book.demand.periods.count if book.demand else None,
    }  # fmt: skip
