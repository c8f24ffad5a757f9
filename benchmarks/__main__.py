"""`python -m benchmarks [--quick] [--repeats N] [ROW ...]`: measure, print the table, keep the JSON.

Rows: calls edi labels engine intake post post500 hot list verify release issue growth, and `figures`, `wall`. Without
names all of them run. A private PostgreSQL that waits for the disk is started for the rows that need one; where its
programs are missing, they are skipped and said to be.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools"), str(ROOT)]

PURE = ("edi", "labels", "engine")
SERVER = ("calls", "intake", "post", "post500", "hot", "list", "verify", "release", "issue", "growth")
ROWS = (*PURE, *SERVER, "figures", "wall")
Figures = list[tuple[str, str, str]]


def main() -> int:
    """Run the chosen rows."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Milkrun beside raw limits and peers.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"{', '.join(ROWS)}; default all")
    parser.add_argument("--quick", action="store_true", help="small sizes and three repeats, to see that it runs")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    options = parser.parse_args()
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    chosen = [name for name in ROWS if not options.rows or name in options.rows]
    repeats = 3 if options.quick else options.repeats
    results, figures, where = _measure(chosen, repeats, options.quick)

    from benchmarks.report import document, table

    text = table(results, figures, where)
    options.out.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    (options.out / f"{name}.json").write_text(document(results, figures, where))
    (options.out / f"{name}.md").write_text(text + "\n")
    print(text)
    return 0


def _measure(chosen: list[str], repeats: int, quick: bool) -> tuple[list[Any], Figures, dict[str, Any]]:
    from benchmarks.measure import measure
    from benchmarks.report import surroundings

    where = surroundings()
    results = []
    if "edi" in chosen:
        from benchmarks.rows import edi

        results += [measure(row, repeats, None) for row in _said(edi.rows(quick))]
    if "labels" in chosen:
        from benchmarks.rows import labels

        results += [measure(row, repeats, None) for row in _said(labels.rows(quick))]
    if "engine" in chosen:
        from benchmarks.rows import engine

        results += [measure(row, repeats, None) for row in _said(engine.rows(quick))]
    wanted = [name for name in chosen if name in SERVER]
    if wanted:
        with ExitStack() as stack:
            from benchmarks.server import Server, start

            server: Server | None = start(stack)
            if server is None:
                where["skipped"] = wanted
                print(f"Skipped, because PostgreSQL's programs are missing: {', '.join(wanted)}", file=sys.stderr)
            else:
                where.update(server.facts)
                for name in wanted:
                    for row in _said(server.rows(name, quick)):
                        results.append(measure(row, repeats, server.pid))
    from benchmarks.rows.growth import slopes

    figures = slopes(results)
    if "figures" in chosen:
        from benchmarks.rows.figures import figures as take

        figures += take()
    if "wall" in chosen:
        from benchmarks.rows.wall import wall

        figures += wall(quick)
    return results, figures, where


def _said(rows: Any) -> Any:
    for row in rows:
        print(f"measuring {row.id} {row.title} ...", file=sys.stderr, flush=True)
        yield row


if __name__ == "__main__":
    os.environ.setdefault("MILKRUN_HOME", tempfile.mkdtemp(prefix="milkrun-benchmarks-"))
    raise SystemExit(main())
