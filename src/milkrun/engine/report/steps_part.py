"""The staircase on the page: for which items a step is proven, what it frees, and what service costs each segment."""

from collections.abc import Mapping
from typing import Any

from milkrun.engine.report import charts
from milkrun.engine.report.figure_words import number, plural, share, text
from milkrun.engine.report.rows_of import table


def steps(report: Mapping[str, Any]) -> str:
    """Return what the replay of a step showed."""
    found = report["steps"]
    if not found:
        return ""
    columns = [("item", "Item", ""), ("step", "First step", "share"), ("variation", "Variation", "n"),
               ("on_time_proven", "On time, proven", "share"), ("lead_time", "Lead time, days", "n"), ("probability", "kept in", "share"),
               ("frees", "frees" if found["valued"] else "frees, pieces", "n")]  # fmt: skip
    listed = table(columns, found["suggested"], "Items to begin with") if found["suggested"] else ""
    return (
        f"<p>{_said(found)}</p>{_kept_out(found)}<div class='two'><div>{_curves(found)}</div><div>{listed}</div></div>"
    )


def _said(found: Mapping[str, Any]) -> str:
    return (
        f"A step of {share(found['step'])} of the safety stock (for {share(found['service_level'])} of cycles) was replayed on the "
        f"file's own demand, {text(found['bucket'])} by {text(found['bucket'])}, sized anew each time, in 200 scenarios, with the lead times "
        f"known before the part kept out, each rounded up to a whole {text(found['bucket'])}. It is claimed for "
        f"<strong>{plural(found['proven'], 'item', 'items')}</strong> of the {number(found['eligible'])} whose demand is even enough; "
        f"for {share(found['declined_share'])} of all items no step is claimed: there the curve of the segment counts. "
        f"{plural(found['conservative'], 'item swings', 'items swing')} too much for any step: conservative."
    )


def _kept_out(found: Mapping[str, Any]) -> str:
    judged = found["judged"]
    if not judged or not judged["stepped"]:
        return "<p class='soft small'>Without a proven item there is nothing to judge on the part kept out.</p>"
    return (
        f"<p>Judged on the last {found['judged_on']} periods, which nothing had seen: {judged['held']:,} of {judged['stepped']:,} "
        f"({share(judged['held_share'])}) kept {share(found['target'])} of demand served, without the step {judged['uncut_held']:,} did. "
        f"The stock of all items went down by <strong>{share(judged['freed'])}</strong>, demand served from {share(judged['fill'])} to "
        f"{share(judged['fill_after'])}. Take one step per lead time and review, at least four weeks, and go back at the first breach. "
        f"What a step frees is what it took from the mean stock in that replay, in proportion to its size.</p>"
    )


def _curves(found: Mapping[str, Any]) -> str:
    lines = [
        (f"{one['segment']} ({one['items']:,})", [(point["stock"], point["fill"]) for point in one["points"]])
        for one in found["curves"]
    ]
    drawn = charts.scatter(
        "Demand served against stock by segment", lines, "mean stock, each segment's largest = 100 %"
    )
    rows = [
        {"segment": one["segment"], "share": point["share"], "fill": point["fill"], "stock": point["stock"]}
        for one in found["curves"]
        for point in one["points"]
    ]
    columns = [
        ("segment", "Segment", ""),
        ("share", "Safety stock", "share"),
        ("fill", "Served", "share"),
        ("stock", "Mean stock", "n"),
    ]
    return f"{drawn}<details><summary>The numbers</summary>{table(columns, rows)}</details>"
