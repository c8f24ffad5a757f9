"""`milkrun user create`: let a person in; the password is asked for, or read from stdin where that is no terminal."""

import argparse
import getpass
import sys
from datetime import UTC, datetime

from milkrun.cli.ending import Ended, ends_in_one_line
from milkrun.cli.loading import load_with_database


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the sub-verb."""
    verbs = parser.add_subparsers(dest="user_verb", metavar="WHAT", required=True)
    create = verbs.add_parser("create", help="let a person in")
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--name", required=True)
    kind = create.add_mutually_exclusive_group(required=True)
    kind.add_argument("--role", action="append", default=[], help="for example admin; may be repeated")
    kind.add_argument("--customer", default="", metavar="CODE", help="a person of this customer, for its portal only")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Make the user."""
    load_with_database()
    from milkrun.kernel.identity import Actor
    from milkrun.partners.commands.create_user import create_user

    made = create_user(
        email=args.email,
        name=args.name,
        password=_password(),
        roles=args.role,
        customer=args.customer,
        actor=Actor(getpass.getuser(), "cli"),
        at=datetime.now(UTC),
    )
    print(f"{made.email} can sign in.")
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (12 characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise Ended("passwords_differ", "The two passwords are not the same. Nothing was changed.")
    return first
