"""`milkrun restore FILE`: bring a copy back into an empty database, hold what would leave, and verify."""

import argparse
import getpass
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from milkrun.cli.ending import NO, ends_in_one_line
from milkrun.cli.loading import load, missing_migrations


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a copy that `milkrun backup` made")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Bring the copy back; exit 1 where an invariant does not hold afterwards."""
    load()
    from django.core.management import call_command

    from milkrun.cli import copies
    from milkrun.connections.commands.hold_everything import hold_everything
    from milkrun.insight.queries import verify
    from milkrun.kernel import journal
    from milkrun.kernel.identity import Actor

    copies.bring_back(args.file)
    if missing_migrations():
        call_command("migrate", verbosity=0, interactive=False)
    at, last = datetime.now(UTC), journal.latest_at()
    held = hold_everything(actor=Actor(getpass.getuser(), "cli"), at=at, reason=f"Copy {args.file.name} brought back")
    report = verify()
    said = {
        "last_entry_at": last.isoformat() if last else "", "restored_at": at.isoformat(), "held": asdict(held),
        "ok": report.ok, "violated": [found.id for found in report.invariants if found.violations],
    }  # fmt: skip
    print(json.dumps(said, indent=2) if args.json else _plain(said))
    return 0 if report.ok else NO


def _plain(said: dict[str, object]) -> str:
    held = said["held"]
    return "\n".join(
        [
            f"The copy ends at {said['last_entry_at'] or 'its beginning'}. What happened since then is not in it:",
            "ask partners for the files they sent after that, and compare the last numbers you gave out.",
            f"Held until somebody releases it: {held}.",
            "Every invariant holds." if said["ok"] else f"Violated: {said['violated']}. Run milkrun verify.",
        ]
    )
