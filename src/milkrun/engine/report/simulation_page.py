"""A simulation as one page: curves of service against stock, the proof and its record, the staircase, the items."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from milkrun.engine.report.charts import BOTTOM, HEIGHT, INNER_H, INNER_W, LEFT, RIGHT, TOP, WIDTH, short
from milkrun.engine.report.figure_words import number, plural, share, text
from milkrun.engine.report.page import POLICY
from milkrun.engine.report.rows_of import table

MOST_ITEMS = 500
# Where the axis of service begins: at the lowest of these that lies below the curve.
FLOORS = (0.95, 0.9, 0.8, 0.5, 0.0)
MARKED = (0.0, 0.5, 1.0, 1.5)


def simulation_page(report: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> str:
    """Return the whole page as HTML."""
    style = files("milkrun.engine.report").joinpath("style.css").read_text(encoding="utf-8")
    sections = "".join(f"<section><h2>{title}</h2>{body}</section>" for title, body in _sections(report, items))
    left = report["left_out"]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Simulation {text(report['as_of'])}</title><style>{style}</style></head><body><main>"
        f"<header><h1>Simulation of stock and service</h1><p>{plural(report['items'], 'item', 'items')} replayed over "
        f"{plural(report['periods'], report['period'], report['period'] + 's')} until {text(report['as_of'])}.</p>"
        f"<p class='soft'>Left out: {left['no_demand']:,} without demand, {left['ended']:,} that seem to have ended, "
        f"{left['too_short']:,} with too little history. Present policy: levels for "
        f"{share(report['policy']['service_level'])} of cycles, sized anew at every review.</p></header>"
        f"{sections}</main></body></html>\n"
    )


def _sections(report: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    unit = "value" if report["value_basis"] else "base units"
    yield "Service against stock, all items", _curves(report["portfolio"], unit, report["period"])
    for segment in report["segments"]:
        note = (
            "" if segment["steps_claimed"]
            else "<p class='soft'>Demand of this kind does not repeat item by item: read the curve for the segment; no step "
            "is claimed for a single item.</p>"
        )  # fmt: skip
        title = f"{text(segment['kind']).capitalize()} demand, {plural(segment['items'], 'item', 'items')}"
        yield title, note + _curves(segment["curve"], unit, report["period"])
    yield "The proof of a step", _proof(report["proof"])
    if report["proof"]["stairs"]:
        yield "The staircase, as it would have gone", _stairs(report["proof"]["stairs"])
    largest = "".join(
        f"<div><h3>{text(one['item'])}</h3>{drawn([('', one['curve'])], 'base units')}</div>"
        for one in report["items_largest"][:6]
    )
    yield "Items with the most stock", f'<div class="two">{largest}</div>'
    yield "Items", _items(items)


def _curves(points: Sequence[Mapping[str, Any]], unit: str, period: str) -> str:
    cycles = sorted({point["cycle"] for point in points})
    curves = [
        (
            f"review every {period if cycle == 1 else plural(cycle, period, period + 's')}",
            [point for point in points if point["cycle"] == cycle],
        )
        for cycle in cycles
    ]
    columns = [("cycle", "Review every", "n"), ("share", "Safety stock", "share"), ("fill", "Fill rate", "share"),
               ("stock", f"Stock on average ({unit})", "n"), ("orders", "Orders a period", "n"),
               ("bullwhip", "Bullwhip", "n")]  # fmt: skip
    numbers = table(columns, points)
    return f"{drawn(curves, unit)}<details><summary>The numbers</summary>{numbers}</details>"


def drawn(curves: Sequence[tuple[str, Sequence[Mapping[str, Any]]]], unit: str) -> str:
    """Return curves with stock along and fill rate up; shares of the safety stock are marked on them."""
    every = [point for _, points in curves for point in points]
    most = max((point["stock"] for point in every), default=0) or 1
    lowest = min((point["fill"] for point in every), default=0)
    floor = next(one for one in FLOORS if lowest >= one or one == 0)
    parts = [_axes(most, floor, unit)]
    for place, (name, points) in enumerate(curves):
        spots = [_spot(point, most, floor) for point in points]
        line = " ".join(f"{along:.1f},{up:.1f}" for along, up in spots)
        parts.append(f'<polyline class="line line{place}" points="{line}"><title>{text(name)}</title></polyline>')
        for point, (along, up) in zip(points, spots, strict=True):
            if point["share"] in MARKED:
                said = f"{point['share']:.0%} of the safety stock: fill rate {share(point['fill'])}, stock {number(point['stock'])}"
                parts.append(f'<circle class="bar" cx="{along:.1f}" cy="{up:.1f}" r="4"><title>{said}</title></circle>')
        if name:
            parts.append(
                f'<text class="key line{place}" x="{WIDTH - RIGHT - 8}" y="{TOP + INNER_H - 12 - 18 * place}" '
                f'text-anchor="end">{text(name)}</text>'
            )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Fill rate against stock on average">'
        f"{''.join(parts)}</svg>"
    )


def _spot(point: Mapping[str, Any], most: float, floor: float) -> tuple[float, float]:
    return LEFT + INNER_W * point["stock"] / most, TOP + INNER_H * (1 - (point["fill"] - floor) / (1 - floor))


def _axes(most: float, floor: float, unit: str) -> str:
    parts = [f'<text class="tick" x="{LEFT}" y="{TOP - 4}">fill rate, against stock on average ({text(unit)})</text>']
    for step in (0.0, 0.5, 1.0):
        up, along = TOP + INNER_H * (1 - step), LEFT + INNER_W * step
        level = f"{floor + (1 - floor) * step:.3g}"
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up:.1f}" y2="{up:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 6}" y="{up + 4:.1f}" text-anchor="end">{float(level):.1%}</text>')
        parts.append(
            f'<text class="tick" x="{along:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{short(most * step)}</text>'
        )
    return "".join(parts)


def _proof(proof: Mapping[str, Any]) -> str:
    said = (
        f"<p>A step takes {share(proof['step'])} of the safety stock. {proof['eligible']:,} items qualify; it is proven for "
        f"{proof['proven']:,}, and declined for {share(proof['declined_share'])} of all. Proven means: replayed it keeps "
        f"{share(proof['target'])}, and so it does in nine of ten histories put together from the item's own.</p>"
    )
    record = proof["record"]
    if record is None:
        return (
            said + "<p>There is no record: earlier in this history such a step could have been claimed for no item.</p>"
        )
    return said + (
        f"<p><strong>The record of such claims.</strong> Made on the first {record['decided_on_periods']:,} "
        f"{proof['period']}s and judged on the {record['judged_on_periods']:,} after them: of {record['stepped']:,} stepped "
        f"items {record['held']:,} kept the target ({share(record['held_share'])}; without the step {record['uncut_held']:,}). "
        f"Stock of all items went down by {share(record['freed'])}, their fill rate from {share(record['fill'])} to "
        f"{share(record['fill_after'])}.</p>"
    )


def _stairs(stages: Sequence[Mapping[str, Any]]) -> str:
    columns = [("begin", "From", "n"), ("stepped", "Items stepped", "n"),
               ("stopped", "Back", "n"), ("share", "Kept", "share"),
               ("fill", "Fill rate", "share"), ("stock", "Stock", "n"), ("stock_uncut", "Without", "n")]  # fmt: skip
    note = "<p>One step a stage; the first stage in which an item misses the target takes it one step back, and it stays. Kept: share of the safety stock. Back: items that went a step back before.</p>"
    return note + table(columns, stages)


def _items(items: Sequence[Mapping[str, Any]]) -> str:
    order = sorted(
        items, key=lambda row: (row["step"] != "proven", -(row["freed_value"] or row["freed"] or 0), row["item"])
    )
    columns = [("item", "Item", ""), ("kind", "Demand", ""), ("fill", "Fill rate", "share"), ("stock", "Stock", "n"),
               ("stock_value", "Its value", "money"), ("step", "A step is", ""), ("probability", "Kept in scenarios", "share"),
               ("freed", "Frees", "n"), ("freed_value", "Frees in value", "money")]  # fmt: skip
    more = (
        f"<p class='soft'>The first {MOST_ITEMS:,}; all are in simulated_items.csv.</p>"
        if len(items) > MOST_ITEMS
        else ""
    )
    return more + table(columns, order[:MOST_ITEMS])
