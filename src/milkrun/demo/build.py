"""Build the demo data in an empty database, or find them there already.

The auditor is let in last: a database that knows all people of the demo is complete and left as it is; one with
anything else in it, a demo that was broken off too, is refused.
"""

import random
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from milkrun.demo.company import admit, demo_people, found_site, win_customers
from milkrun.demo.day import live_through
from milkrun.demo.goods import ORDERS, PRODUCTS, stock_up
from milkrun.demo.lines import run_lines, set_up_lines
from milkrun.demo.mail import post_and_receive
from milkrun.demo.samples import write_samples
from milkrun.demo.store import fill_store
from milkrun.demo.story import Story
from milkrun.gateway.folders import inbox_folder
from milkrun.partners.commands.create_token import create_token
from milkrun.partners.queries import customers, demo_users, sites


class DatabaseInUse(Exception):
    """There is something else in the database than demo data."""


@dataclass(frozen=True, slots=True)
class DemoMade:
    """What a person needs to know of the demo data; `made` is False where they were there already."""

    made: bool
    users: list[dict[str, Any]]
    tokens: list[dict[str, Any]]
    partners: list[dict[str, Any]]
    customers: list[str]
    parts: list[str]
    agreements: list[dict[str, Any]]
    samples: list[str]


def build(*, at: datetime, seed: int, home: Path, password: str) -> DemoMade:
    """Build the demo, or report what there is.

    Args:
        at: the end of the day that is told; everything is dated relative to it.
        seed: the same seed and instant make the same demo data, but for random ids.
        home: the data folder; sent files and the tour's samples are written there.
        password: of every demo user.

    Raises:
        DatabaseInUse: the database holds other data, or an unfinished demo.
    """
    made, tokens = not _finished(), []
    if made:
        story = Story(today=at, home=home, chance=random.Random(seed))  # noqa: S311 - not a secret
        *staff, buyer, auditor = demo_people(password)
        admit(story, staff)
        found_site(story)
        win_customers(story)
        admit(story, [buyer])
        stock_up(story)
        fill_store(story)
        set_up_lines(story)
        live_through(story)
        run_lines(story)
        post_and_receive(story)
        tokens = [_machine(story)]
        admit(story, [auditor])
    for partner in customers():
        inbox_folder(home, partner.code)
    return _told(made, password, tokens, write_samples(home, at))


def _finished() -> bool:
    here, expected = {user.email for user in demo_users()}, {user.email for user in demo_people("")}
    if not here and not sites():
        return False
    if expected <= here:
        return True
    raise DatabaseInUse(
        "The database is not empty. Demo data are only put into an empty one: choose another DATABASE_URL."
    )


def _machine(story: Story) -> dict[str, Any]:
    """Let a machine in that may look at everything and tell what the line has made; its secret is told only now."""
    scopes = ("read", "confirm_job", "start_job", "pause_job", "confirm_step", "report_production", "confirm_packing")
    expires_at = story.today + timedelta(days=90)
    made = create_token(name="Demo MES", scopes=scopes, expires_at=expires_at, **story.by("admin"))
    return {"name": made.name, "token": made.token, "scopes": scopes, "expires_at": expires_at.isoformat()}


def _told(made: bool, password: str, tokens: list[dict[str, Any]], samples: list[Path]) -> DemoMade:
    return DemoMade(
        made=made,
        users=[asdict(person) for person in demo_people(password)],
        tokens=tokens,
        partners=[{"code": partner.code, "name": partner.name} for partner in customers()],
        customers=[partner.code for partner in customers()],
        parts=[product.number for product in PRODUCTS],
        agreements=[
            {
                "customer": product.customer,
                "order": ORDERS[product.customer],
                "part": product.number,
                "customer_part": product.their_number,
                "price": f"{product.cents // 100}.{product.cents % 100:02d}",
                "currency": "EUR",
            }
            for product in PRODUCTS
        ],
        samples=[str(path) for path in samples],
    )
