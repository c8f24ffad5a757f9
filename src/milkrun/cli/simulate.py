"""`milkrun simulate`: the present policy replayed with less and more safety stock, without Django or a database.

Exit codes: 0 done; 1 rows were refused (the answer is given all the same); 2 a file cannot be read, can be read in more
than one way, or holds nothing to replay.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from milkrun.cli import reading
from milkrun.cli.ending import Ended, ends_in_one_line

if TYPE_CHECKING:
    from milkrun.engine.simulate.study import Study, Wanted


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    reading.configure_reading(parser)
    parser.add_argument("--out", metavar="FOLDER", help="where the page, simulation.json and simulated_items.csv go")
    parser.add_argument("--json", action="store_true", help="print the result as JSON instead of the summary")
    parser.add_argument("--step", type=float, default=0.2, help="share of the safety stock a step takes; default 0.2")
    parser.add_argument("--target", type=float, default=0.95, help="fill rate a stepped item must keep; default 0.95")
    parser.add_argument("--scenarios", type=int, default=200, help="resampled histories of the proof; default 200")
    parser.add_argument("--lost", action="store_true", help="unmet demand is lost; else it waits and is served first")
    parser.add_argument("--cash-at-risk", type=float, metavar="VALUE", help="most value the staircase may take away")
    parser.add_argument("--seed", type=int, default=0, help="of lead times and scenarios; default 0")
    parser.add_argument("--workers", type=int, default=1, help="processes; the answer does not depend on it")
    parser.add_argument("--dask", metavar="ADDRESS", help="scheduler of an existing Dask cluster, tcp://host:8786")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Read the files, replay, tell."""
    try:
        found, refused = _studied(args)
    except ModuleNotFoundError as missing:
        extra = "cluster" if missing.name == "distributed" else "analysis"
        raise Ended(
            "analysis_not_installed", f"{missing.name} is missing: pip install 'milkrun[{extra}]'."
        ) from missing
    if args.out:
        _write(Path(args.out), found)
    if args.json:
        print(json.dumps(found.report, ensure_ascii=False, indent=1))
    else:
        from milkrun.engine.simulate.told import told

        print(told(found.report), end="")
        if args.out:
            print(f"Written: {Path(args.out) / 'simulation.html'}, simulation.json, simulated_items.csv")
    if refused:
        print(f"milkrun: rows_refused: {refused:,} rows were refused; `milkrun analyze` lists them.", file=sys.stderr)
    return 1 if refused else 0


def _studied(args: argparse.Namespace) -> "tuple[Study, int]":
    from milkrun.engine.analysis.book import lay_out
    from milkrun.engine.analysis.figures import figures
    from milkrun.engine.executors import NoSuchCluster, workers
    from milkrun.engine.tables import Answers, Limits, Undecided, Unreadable
    from milkrun.engine.tables.intake import take_in

    wanted, settings, said = _wanted(args), reading.settings(args), reading.answers(args)
    try:
        tables = [
            take_in(source, said.get(source.name, said.get("", Answers())), Limits())
            for source in reading.sources(args)
        ]
        book = lay_out(tables, settings)
    except Unreadable as wrong:
        raise Ended(wrong.code, wrong.sentence) from wrong
    except Undecided as open_question:
        raise Ended(open_question.code, str(open_question)) from open_question
    from milkrun.engine.simulate.study import study

    if book.demand is None:
        raise Ended("nothing_to_replay", "There is no demand in the files: a table with date, item and quantity.")
    try:
        with workers(args.workers, args.dask) as executor:
            found = study(book, figures(book, settings), settings, wanted, executor)
    except NoSuchCluster as wrong:
        raise Ended("no_such_cluster", str(wrong)) from wrong
    return found, sum(account.refused for account in book.accounts)


def _wanted(args: argparse.Namespace) -> "Wanted":
    from milkrun.engine.simulate.study import Wanted

    for name, least, most in (("step", 0.01, 0.5), ("target", 0.5, 0.9999), ("scenarios", 1, 10_000)):
        if not least <= getattr(args, name) <= most:
            raise Ended("out_of_bounds", f"--{name} lies between {least:g} and {most:g}, not at {getattr(args, name)}.")
    if not 1 <= args.workers <= 256:
        raise Ended("out_of_bounds", f"--workers lies between 1 and 256, not at {args.workers}.")
    return Wanted(args.step, args.target, args.scenarios, args.lost, args.seed, args.cash_at_risk)


def _write(folder: Path, found: "Study") -> None:
    from milkrun.engine.report.simulation_page import simulation_page
    from milkrun.engine.simulate.told import items_csv

    written = {
        "simulation.html": simulation_page(found.report, found.items),
        "simulation.json": json.dumps({**found.report, "item_rows": found.items}, ensure_ascii=False, indent=1) + "\n",
        "simulated_items.csv": items_csv(found.items),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (folder / name).write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise Ended("cannot_write", f"{folder}: {error.strerror or error}") from error
