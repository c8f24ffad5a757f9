"""A simulation in words for the terminal, and its items as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

COLUMNS = (
    "item", "kind", "xyz", "lead_time_days", "fill", "stock", "stock_value", "step", "probability", "freed",
    "freed_value",
)  # fmt: skip
SHOWN = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def told(report: Mapping[str, Any]) -> str:
    """Return what a person should know first."""
    return "\n".join(_lines(report)) + "\n"


def items_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the items as CSV with CRLF; a text that a spreadsheet would take for a formula is disarmed.

    Example:
        >>> items_csv([dict.fromkeys(COLUMNS, None) | {"item": "=1+1", "fill": 0.97}]).splitlines()[1]
        "'=1+1,,,,0.97,,,,,,"
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return written.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    left = report["left_out"]
    yield (
        f"Replayed {report['items']:,} items over {report['periods']:,} {report['period']}s. Left out: "
        f"{left['no_demand']:,} without demand, {left['ended']:,} that seem to have ended, "
        f"{left['too_short']:,} with too little history."
    )
    policy, unit = report["policy"], "value" if report["value_basis"] else "base units"
    reviews = policy["review_periods"]
    yield (
        f"Present policy: levels for {policy['service_level']:.1%} of cycles, reviewed every "
        f"{report['period'] + ' ' if reviews == 1 else f'{reviews} ' + report['period'] + 's '}"
        "with forecasts made anew at each review."
    )
    yield ""
    yield f"Service against stock, all items ({unit}):"
    yield from _curve(report["portfolio"], reviews)
    for segment in report["segments"]:
        note = "" if segment["steps_claimed"] else "; read it for the segment: no step is claimed for a single item"
        yield ""
        yield f"{segment['kind']} demand, {segment['items']:,} items{note}:"
        yield from _curve(segment["curve"], reviews)
    yield ""
    yield from _proof(report["proof"])


def _curve(curve: Sequence[Mapping[str, Any]], reviews: int) -> Iterator[str]:
    yield "  safety stock    fill rate    stock on average    orders a period"
    for point in curve:
        if point["cycle"] == reviews and point["share"] in SHOWN:
            yield (
                f"  {point['share']:>11.0%} {point['fill']:>12.1%} {point['stock']:>18,.0f} {point['orders']:>18,.1f}"
            )


def _proof(proof: Mapping[str, Any]) -> Iterator[str]:
    step = f"{proof['step']:.0%} of the safety stock"
    yield (
        f"Step down by {step}: {proof['eligible']:,} items qualify, proven for {proof['proven']:,}; "
        f"declined for {proof['declined_share']:.0%} of all."
    )
    record = proof["record"]
    if record is None:
        yield "  No record: in the history there was no item for which such a step could have been claimed earlier."
        return
    yield (
        f"  Record: claimed earlier for {record['stepped']:,} items, {record['held']:,} kept {proof['target']:.0%} "
        f"afterwards ({record['held_share']:.1%}; without the step {record['uncut_held']:,}), stock "
        f"{-record['freed']:+.1%}, fill rate of all {record['fill']:.2%} to {record['fill_after']:.2%}."
    )
    if proof["stairs"]:
        last = proof["stairs"][-1]
        yield (
            f"  Staircase walked over {len(proof['stairs'])} stages: {last['stepped']:,} items below their whole "
            f"safety stock, {last['stopped']:,} stepped back, "
            f"stock {last['stock'] / last['stock_uncut'] - 1:+.1%} at its end."
        )
