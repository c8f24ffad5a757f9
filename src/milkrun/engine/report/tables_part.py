"""The files on the page: what each column was taken for, and where every row went."""

from collections.abc import Mapping
from typing import Any

from milkrun.engine.report.figure_words import plural, share, text
from milkrun.engine.report.rows_of import table

SHOWN = 100


def files_part(report: Mapping[str, Any]) -> str:
    """Return the mapping and the account of every file."""
    return "".join(_file(file) for file in report["files"])


def _file(file: Mapping[str, Any]) -> str:
    how = ", ".join(f"{key} {value}" for key, value in file["how"].items())
    columns = [
        {
            "header": column["header"], "field": column["field"] or "left out",
            "sure": "said" if column["said"] else share(column["confidence"]) if column["field"] else "",
            "format": " ".join(part for part in (column["date_order"], column["decimal"]) if part),
            "otherwise": ", ".join(column["otherwise"]), "samples": ", ".join(column["samples"][:3]),
        }
        for column in file["columns"]
    ]  # fmt: skip
    shown = [("header", "Column", ""), ("field", "taken for", ""), ("sure", "Confidence", ""), ("format", "Dates, decimals", ""),
             ("otherwise", "could be", ""), ("samples", "Values", "")]  # fmt: skip
    notes = "".join(f"<li>{text(note)}</li>" for note in file["notes"])
    return (
        f"<h3>{text(file['name'])}: {text(file['title'])}</h3><p class='soft small'>{text(how)}</p>{_account(file)}"
        f"{table(shown, columns)}<ul class='small'>{notes}</ul>{_refused(file)}"
    )


def _account(file: Mapping[str, Any]) -> str:
    rows = file["rows"]
    left = sum(rule["rows"] for rule in rows["excluded"])
    rules = "".join(
        f"<li>{plural(rule['rows'], 'row', 'rows')} <code>{text(rule['rule'])}</code>: {text(rule['because'])}</li>"
        for rule in rows["excluded"]
    )
    return (
        f"<p><strong>{rows['read']:,} rows read = {rows['used']:,} used + {left:,} left out + {rows['refused']:,} refused</strong></p>"
        f"<ul class='small'>{rules}</ul>"
    )


def _refused(file: Mapping[str, Any]) -> str:
    if not file["refused"]:
        return ""
    columns = [("line", "Line", ""), ("column", "Column", ""), ("value", "Value", ""), ("reason", "Reason", "")]
    more = len(file["refused"]) + file["refused_more"] - SHOWN
    note = f"<p class='small'>And {more:,} more; report.json has the first thousand.</p>" if more > 0 else ""
    return table(columns, file["refused"][:SHOWN], "Rows refused") + note
