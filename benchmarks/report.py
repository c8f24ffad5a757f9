"""The table for people and the JSON for machines."""

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, Result


def surroundings() -> dict[str, Any]:
    """What the figures depend on: machine, versions, and how busy it was."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": cpu[0].partition(":")[2].strip() if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: _version(name) for name in ("django", "psycopg", "pydifact", "gunicorn", "numpy", "numba")},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def table(results: Sequence[Result], figures: Sequence[tuple[str, str, str]], where: dict[str, Any]) -> str:
    """Write the Markdown table."""
    load = ", ".join(f"{value:.1f}" for value in where["load"])
    lines = [
        f"{where['processor']}, {where['cores']} cores, {where['system']}; load {load}; Python {where['python']}, "
        f"{where.get('postgresql', 'no PostgreSQL')}, SQLite {where['sqlite']}, "
        + ", ".join(f"{name} {value}" for name, value in where["packages"].items())
        + (f"; {where['fsync']:.0f} flushes to disk a second" if "fsync" in where else ""),
        "",
        "| row | contender | rate | p50 | p99 | CPU us a unit (server) | spread | Milkrun to it: clock, CPU | goal |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for one in result.measured:
            lines.append(_line(result, one))
    for result in results:
        lines += [f"- {result.row.id}: {remark}" for remark in result.row.remarks]
    if figures:
        lines += ["", "| figure | value | goal |", "|---|---|---|"]
        lines += [f"| {name} | {value} | {goal} |" for name, value, goal in figures]
    return "\n".join(lines)


def _line(result: Result, one: Measured) -> str:
    ratio = goal = ""
    if one is not result.milkrun:
        ratio = f"{result.ratio(one.name):.2f}, {result.cpu_ratio(one.name):.2f}"
    for wanted in result.row.goals:
        if wanted.against == one.name:
            reached = "reached" if result.ratio(one.name) >= wanted.at_least else "missed"
            goal = f">= {wanted.at_least:g} ({reached})"
    named = f"{one.name}{' (' + one.note + ')' if one.note else ''}"
    return (
        f"| {result.row.id} {result.row.title if one is result.measured[0] else ''} | {named} | "
        f"{_rate(one.rate, result.row.unit)} | {_ms(one.percentile(0.5))} | {_ms(one.percentile(0.99))} | "
        f"{_micro(one.cpu_us)} ({_micro(one.server_us)}) | {one.spread:.0%} | {ratio} | {goal} |"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _rate(value: float, unit: str) -> str:
    return f"{value / 1e6:.2f} MB/s" if unit == "B" else f"{_short(value)} {unit}/s"


def _micro(value: float) -> str:
    return f"{value:.1f}" if value >= 1 or value == 0 else f"{value:.3f}"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} ms"


def document(results: Sequence[Result], figures: Sequence[tuple[str, str, str]], where: dict[str, Any]) -> str:
    """Write the JSON document."""
    return json.dumps(
        {
            "surroundings": where,
            "rows": [
                {
                    "id": result.row.id,
                    "title": result.row.title,
                    "unit": result.row.unit,
                    "contenders": [
                        {
                            "name": one.name,
                            "role": one.role,
                            "note": one.note,
                            "rate": one.rate,
                            "spread": one.spread,
                            "cpu_us": one.cpu_us,
                            "server_cpu_us": one.server_us,
                            "p50_ms": one.percentile(0.5),
                            "p99_ms": one.percentile(0.99),
                            "runs": [[run.units, run.wall, run.client_cpu, run.server_cpu] for run in one.runs],
                        }
                        for one in result.measured
                    ],
                    "goals": [
                        {
                            "against": goal.against,
                            "at_least": goal.at_least,
                            "ratio": result.ratio(goal.against),
                            "cpu_ratio": result.cpu_ratio(goal.against),
                        }
                        for goal in result.row.goals
                    ],
                    "remarks": list(result.row.remarks),
                }
                for result in results
            ],
            "figures": [{"name": name, "value": value, "goal": goal} for name, value, goal in figures],
        },
        indent=2,
    )
