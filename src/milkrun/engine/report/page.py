"""The report as one page: it needs no network, no script and no file beside it."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from milkrun.engine.report import parts
from milkrun.engine.report.figure_words import plural, text
from milkrun.engine.report.measures_part import measures
from milkrun.engine.report.steps_part import steps
from milkrun.engine.report.tables_part import files_part
from milkrun.engine.report.worked_part import causes, worked

# No source but the page itself, and no script at all.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(report: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> str:
    """Return the whole page as HTML."""
    style = files("milkrun.engine.report").joinpath("style.css").read_text(encoding="utf-8")
    sections = [(name, title, body) for name, title, body in _sections(report, items) if body]
    menu = "".join(f'<a href="#{name}">{title}</a> ' for name, title, _ in sections)
    body = "".join(f'<section id="{name}"><h2>{title}</h2>{inner}</section>' for name, title, inner in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Inventory analysis {text(report['as_of'])}</title><style>{style}</style></head>"
        f"<body><main>{_header(report)}<nav>{menu}</nav>{body}</main></body></html>\n"
    )


def _header(report: Mapping[str, Any]) -> str:
    names = ", ".join(text(file["name"]) for file in report["files"])
    period = report["period"]
    unnamed = "no cost or price in the files" if report["items"] else "no file names items"
    basis = {"cost": "valued at cost", "price": "valued at sales price, for want of a cost"}
    return (
        f"<header><h1>Inventory analysis</h1><p>{names}</p><p class='soft'>{period['from']} to {period['to']}, "
        f"{plural(report['items'], 'item', 'items')}, {basis.get(report['value_basis'], unnamed)}. "
        "Money is in the currency of the files.</p></header>"
    )


def _sections(report: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    return [
        ("opportunities", "Where the money is", parts.opportunities(report)),
        ("measures", "Eight measures", measures(report)),
        ("readiness", "Which way of supply fits", parts.readiness(report)),
        ("causes", "Why stock turns as it does", causes(report)),
        ("classes", "Classes", parts.classes(report)),
        ("stock", "Age, dead stock and overstock", parts.stock(report)),
        ("suppliers", "Suppliers", parts.suppliers(report)),
        ("splits", "By category, supplier and month", parts.splits(report)),
        ("steps", "Less safety stock, step by step", steps(report)),
        ("worked", "Items worked out", worked(report)),
        ("items", "Items", parts.items(items)),
        ("files", "Files, columns and rows", files_part(report)),
        ("assumed", "What was assumed, and what is missing", parts.assumed(report)),
    ]
