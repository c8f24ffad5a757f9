"""`milkrun check --deploy`: settings that would lose data or open doors, one line each."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from milkrun.cli.ending import NO, ends_in_one_line
from milkrun.cli.loading import load_with_database

SHORTEST_KEY = 50
DEMO_PREFIX = "4012345"


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to change before others depend on this installation."""

    code: str
    sentence: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--deploy", action="store_true", help="judge the settings as those of a real installation")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """See that the settings can be read and the database is of this version; with --deploy, judge them."""
    load_with_database()
    concerns = list(_concerns()) if args.deploy else []
    if args.json:
        print(json.dumps({"ok": not concerns, "concerns": [asdict(concern) for concern in concerns]}, indent=2))
    else:
        for concern in concerns:
            print(f"{concern.code}: {concern.sentence}")
        if not concerns:
            print("Nothing to complain about.")
    return NO if concerns else 0


def _concerns() -> Iterator[Concern]:
    yield from _doors()
    yield from _names()
    yield from _durability()


def _doors() -> Iterator[Concern]:
    from django.conf import settings

    if settings.DEBUG:
        yield Concern("debug", "MILKRUN_DEBUG shows source code and settings on error pages. Switch it off.")
    if settings.MILKRUN_DEMO:
        yield Concern("demo_mode", "MILKRUN_DEMO shows users and a password on the sign-in page. Switch it off.")
    if "*" in settings.ALLOWED_HOSTS:
        yield Concern("any_host", "MILKRUN_ALLOWED_HOSTS has a *: anybody may give the site a name. List its names.")
    if not settings.ENVIRONMENT.milkrun_https:
        yield Concern("no_https", "MILKRUN_HTTPS is off: cookies would travel in the clear. Serve behind HTTPS.")
    if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 10:
        yield Concern("weak_key", f"MILKRUN_SECRET_KEY is short or plain. Use {SHORTEST_KEY} random characters.")
    kept = settings.MILKRUN_HOME / "secret_key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        yield Concern("open_key", f"{kept} can be read by others. Run: chmod 600 {kept}")


def _names() -> Iterator[Concern]:
    from django.conf import settings

    from milkrun.demo.story import DOMAIN
    from milkrun.partners.queries import demo_users

    if settings.MILKRUN_GS1_PREFIX == DEMO_PREFIX:
        yield Concern(
            "demo_prefix", "MILKRUN_GS1_PREFIX is the example's: your SSCCs would not be yours. Set your own."
        )
    known = [user.email for user in demo_users() if user.email.endswith(f"@{DOMAIN}")]
    if known:
        yield Concern("demo_users", f"{len(known)} demo users with a public password can sign in. Use a new database.")


def _durability() -> Iterator[Concern]:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        if settings.ENVIRONMENT.milkrun_sqlite_synchronous != "FULL":
            yield Concern(
                "not_synchronous", "A power cut may lose the last commits. Set MILKRUN_SQLITE_SYNCHRONOUS=FULL."
            )
        return
    with connection.cursor() as cursor:
        for name in ("synchronous_commit", "fsync", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if (found := cursor.fetchone()[0]) in ("off", "local"):
                yield Concern(
                    "not_synchronous", f"PostgreSQL has {name} = {found}: a crash may lose commits. Set it on."
                )
