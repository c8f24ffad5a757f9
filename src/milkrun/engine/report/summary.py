"""The summary for the terminal: a screenful, in plain text."""

from collections.abc import Iterator, Mapping
from typing import Any

from milkrun.engine.report.figure_words import amount, number, plural

LIGHTS = {"green": "[ok] ", "yellow": "[!]  ", "red": "[!!] ", "none": "     "}


def summary(report: Mapping[str, Any]) -> str:
    """Return what a person should know first."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    for file in report["files"]:
        yield from _file(file)
    period = report["period"]
    yield f"Looked at {period['from']} to {period['to']}, {plural(report['items'], 'item', 'items')}."
    yield ""
    for one in report["metrics"]:
        said = amount(one["value"], one["unit"]) if one["value"] is not None else one["needs"]
        yield f"{LIGHTS[one['light']]}{one['title']:<28} {said}"
    yield from _classes(report)
    yield from _opportunities(report)
    assumed = [row for row in report["assumptions"] if row["assumed"]]
    yield ""
    yield (
        f"{plural(len(assumed), 'number is', 'numbers are')} assumed, among them "
        + ", ".join(
            f"{row['name']} {row['value']:g}" for row in assumed if row["name"] in ("lead_time_days", "carrying_rate")
        )
        + "; change them with --assume NAME=VALUE."
    )


def _file(file: Mapping[str, Any]) -> Iterator[str]:
    rows = file["rows"]
    left = sum(rule["rows"] for rule in rows["excluded"])
    yield f"{file['name']}: {file['title']}; {rows['read']:,} rows read = {rows['used']:,} used + {left:,} left out + {rows['refused']:,} refused"
    columns = ", ".join(f"{column['header']} = {column['field']}" for column in file["columns"] if column["field"])
    yield f"  columns: {columns}"
    for rule in rows["excluded"]:
        yield f"  left out: {plural(rule['rows'], 'row', 'rows')} ({rule['rule']}): {rule['because']}"
    for one in file["refused"][:5]:
        yield f"  refused: line {one['line']}, {one['column']}: {one['value']!r} {one['reason']}"
    more = len(file["refused"]) + file["refused_more"] - 5
    if more > 0:
        yield f"  refused: {more:,} more, all in report.json"


def _classes(report: Mapping[str, Any]) -> Iterator[str]:
    classes, readiness = report["classes"], report["readiness"]
    if classes:
        yield ""
        for one in classes["abc"]:
            shares = ", ".join(
                f"{row['class']} {row['items']:,} items = {row['value_share']:.0%}" for row in one["rows"]
            )
            yield f"ABC by {one['title']}: {shares}"
    if classes and classes["kinds"]:
        yield (
            "Demand by "
            + classes["bucket"]
            + ": "
            + ", ".join(f"{count:,} {kind}" for kind, count in classes["kinds"].items())
        )
    if readiness:
        yield "Way of supply: " + ", ".join(f"{count:,} {code}" for code, count in readiness["counts"].items())


def _opportunities(report: Mapping[str, Any]) -> Iterator[str]:
    found = report["opportunities"]
    yield ""
    if not found:
        yield "No opportunity can be put in money: a cost or a price, and the stock, would tell."
        return
    yield "Biggest opportunities:"
    for place, one in enumerate(found, 1):
        yearly = " a year" if one["a_year"] else ""
        yield f"{place:>3}. {number(one['money']):>12}{yearly}  {one['kind']}: {one['subject']} {one['description']}".rstrip()
