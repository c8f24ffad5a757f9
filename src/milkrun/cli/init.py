"""`milkrun init`: create or upgrade the database; with `--demo` fill an empty one with demo data."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from milkrun.cli.ending import Ended, ends_in_one_line
from milkrun.cli.loading import load, missing_migrations


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--demo", action="store_true", help="fill an empty database with demo data")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other, equally sound demo data")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Migrate, then make the folders and, if asked, the demo data."""
    load()
    from django.conf import settings

    home = Path(settings.MILKRUN_HOME)
    home.mkdir(parents=True, exist_ok=True)
    applied = _migrate()
    made = _demo(home, args.seed) if args.demo else None
    said = {"database": _database(), "migrations_applied": applied, **(made or {})}
    print(json.dumps(said, indent=2, ensure_ascii=False) if args.json else _plain(said))
    return 0


def _migrate() -> int:
    from django.core.management import call_command
    from django.db import connection

    # Where the folder of the embedded database is missing, SQLite would only say "unable to open".
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    missing = missing_migrations()
    if missing:
        print(f"Bringing the database up to date ({missing} steps) ...", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False)
    return missing


def _demo(home: Path, seed: int) -> dict[str, Any]:
    from django.conf import settings

    from milkrun.demo.build import DatabaseInUse, build

    try:
        made = build(at=datetime.now(UTC), seed=seed, home=home, password=settings.MILKRUN_DEMO_PASSWORD)
    except DatabaseInUse as problem:
        raise Ended("database_in_use", str(problem)) from None
    return asdict(made)


def _database() -> str:
    from django.db import connection

    facts = connection.settings_dict
    return str(facts["NAME"]) if connection.vendor == "sqlite" else f"postgresql {facts['HOST']}/{facts['NAME']}"


def _plain(said: dict[str, Any]) -> str:
    lines = [f"The database {said['database']} is up to date."]
    if "users" in said:
        lines.append("Demo data was made." if said["made"] else "The demo data is there already; nothing was changed.")
        lines += [f"  {user['email']:42} {user['password']:16} {_part(user)}" for user in said["users"]]
        lines += [f"  API token {token['name']}: {token['token']}" for token in said["tokens"]]
        lines += [f"  sample file: {sample}" for sample in said["samples"]]
    return "\n".join(lines)


def _part(user: dict[str, Any]) -> str:
    return f"portal of {user['customer']}" if user["customer"] else ", ".join(user["roles"])
