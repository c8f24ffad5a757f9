"""Entry point of the `milkrun` command.

Verbs are listed here as plain text and loaded only when asked for, so that `milkrun --help` stays
instant: it must never pay for Django or for a numeric library.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from milkrun import __version__

# verb -> (module with `configure(parser)` and `run(args) -> int`, one line of help)
VERBS: dict[str, tuple[str, str]] = {
    "init": ("milkrun.cli.init", "create or upgrade the database; --demo fills it"),
    "serve": ("milkrun.cli.serve", "web server and background worker"),
    "worker": ("milkrun.cli.worker", "the background worker alone"),
    "export": ("milkrun.cli.export", "write out what was put in: ledger, calls, deliveries, invoices, items"),
    "check": ("milkrun.cli.check", "settings that would lose data or open doors"),
    "token": ("milkrun.cli.token", "make, list and revoke keys to the API"),
    "user": ("milkrun.cli.user", "let a person in"),
    "ingest": ("milkrun.cli.ingest", "take one interchange of a partner in, as from the inbox"),
    "analyze": ("milkrun.cli.analyze", "files of sales, stock or purchases to figures and a report (no database)"),
    "edi": ("milkrun.cli.edi", "read, check, acknowledge or write an interchange (no database)"),
    "simulate": (
        "milkrun.cli.simulate",
        "replay demand with less and more safety stock; prove what can go (no database)",
    ),
    "label": ("milkrun.cli.label", "a tag, a logistics label, a rack label as ZPL, PDF or PNG (no database)"),
    "backup": ("milkrun.cli.backup", "write a complete copy of the database while everything runs"),
    "restore": ("milkrun.cli.restore", "bring a copy back into an empty database, hold the outbox, verify"),
    "verify": ("milkrun.cli.verify", "recompute every invariant from the raw tables"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code: 0 done, 1 the answer is no, 2 usage or unreadable input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="milkrun", description="Just-in-time inventory and supply.")
    parser.add_argument("--version", action="version", version=f"milkrun {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, (module_name, summary) in VERBS.items():
        sub = verbs.add_parser(verb, help=summary, description=summary)
        if arguments[:1] == [verb]:
            importlib.import_module(module_name).configure(sub)
    options = parser.parse_args(arguments)
    return int(importlib.import_module(VERBS[options.verb][0]).run(options))


if __name__ == "__main__":
    raise SystemExit(main())
