"""`milkrun token`: make, list and revoke the keys by which machines use the API."""

import argparse
import getpass
import json
from datetime import UTC, datetime, timedelta

from milkrun.cli.ending import ends_in_one_line
from milkrun.cli.loading import load_with_database

Row = dict[str, str]
LISTING = {"list"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the three sub-verbs."""
    verbs = parser.add_subparsers(dest="token_verb", metavar="WHAT", required=True)
    create = verbs.add_parser("create", help="make a token; it is shown once")
    create.add_argument("name", metavar="NAME", help='what the history calls the machine, for example "MES line 2"')
    create.add_argument("--scope", action="append", required=True, help="an action, `read` or `*`; may be repeated")
    create.add_argument("--site", action="append", default=[], help="good for this site only; may be repeated")
    create.add_argument("--per-minute", type=int, default=600, help="requests a minute (default 600)")
    create.add_argument("--days", type=int, default=90, help="how long it is valid (default 90)")
    revoke = verbs.add_parser("revoke", help="end a token now")
    revoke.add_argument("prefix", metavar="PREFIX", help="the part before the point")
    for sub in (create, revoke, verbs.add_parser("list", help="list the tokens, without their secrets")):
        sub.add_argument("--json", action="store_true", help="print one JSON document")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Run one sub-verb."""
    load_with_database()
    rows = {"create": _create, "revoke": _revoke, "list": _list}[args.token_verb](args)
    if args.json:
        print(json.dumps(rows if args.token_verb in LISTING else rows[0], indent=2, ensure_ascii=False))
    else:
        for row in rows:
            print("  ".join(row.values()))
    return 0


def _create(args: argparse.Namespace) -> list[Row]:
    from milkrun.kernel.identity import Actor
    from milkrun.partners.commands.create_token import create_token

    at = datetime.now(UTC)
    # Beyond a century the calendar ends before the token does.
    expires_at = at + timedelta(days=max(min(args.days, 36_500), 0))
    made = create_token(
        name=args.name,
        scopes=args.scope,
        expires_at=expires_at,
        site_codes=args.site,
        requests_per_minute=args.per_minute,
        actor=Actor(getpass.getuser(), "cli"),
        at=at,
    )
    return [{"name": made.name, "token": made.token, "expires_at": expires_at.isoformat(timespec="seconds")}]


def _revoke(args: argparse.Namespace) -> list[Row]:
    from milkrun.kernel.identity import Actor
    from milkrun.partners.commands.revoke_token import revoke_token

    done = revoke_token(prefix=args.prefix, actor=Actor(getpass.getuser(), "cli"), at=datetime.now(UTC))
    return [{"revoked": done.prefix}]


def _list(args: argparse.Namespace) -> list[Row]:
    from milkrun.partners.queries import tokens

    return [
        {
            "prefix": token.prefix,
            "name": token.name,
            "scopes": ",".join(token.scopes),
            "sites": ",".join(token.sites) or "*",
            "per_minute": str(token.requests_per_minute),
            "expires_at": token.expires_at.isoformat(timespec="seconds"),
            "revoked_at": token.revoked_at.isoformat(timespec="seconds") if token.revoked_at else "",
            "last_used_at": token.last_used_at.isoformat(timespec="seconds") if token.last_used_at else "",
        }
        for token in tokens()
    ]
