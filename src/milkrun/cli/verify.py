"""`milkrun verify`: recompute every invariant from the raw tables. Exit 1 when one does not hold."""

import argparse
import json
from dataclasses import asdict

from milkrun.cli.ending import NO, ends_in_one_line
from milkrun.cli.loading import load_with_database


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Print a line for each invariant: its id and "ok", or how many violations and the first rows."""
    load_with_database()
    from milkrun.insight.queries import verify

    report = verify()
    if args.json:
        print(json.dumps(asdict(report), indent=2, ensure_ascii=False))
    else:
        for result in report.invariants:
            found = f"violations {result.violations}  {'; '.join(result.first)}" if result.violations else "ok"
            print(f"{result.id} {found}")
    return 0 if report.ok else NO
