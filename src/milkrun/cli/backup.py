"""`milkrun backup FILE`: a complete copy of the database, made while everything runs."""

import argparse
import json
from pathlib import Path

from milkrun.cli.ending import ends_in_one_line
from milkrun.cli.loading import load_with_database


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", metavar="FILE", type=Path, help="where the copy goes; it must not exist")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Write the copy and say how large it is."""
    load_with_database()
    from milkrun.cli import copies

    size = copies.make(args.file)
    print(json.dumps({"file": str(args.file), "bytes": size}) if args.json else f"{args.file}: {size:,} bytes")
    return 0
