"""Telling somebody something, as a command's transaction would."""

from typing import Any

from milkrun.exchange.commands.add_contact import add_contact
from milkrun.exchange.models import Notification
from milkrun.exchange.steps import notify
from tests.world import World


def contact(world: World, email: str = "plan@oem.example", kind: str = "") -> int:
    """Give the customer an address; returns its key."""
    done = add_contact(partner_id=world.partner_id, email=email, kind=kind, actor=world.actor, at=world.later())
    return done.contact_id


def tell(world: World, **given: Any) -> Notification:
    """Tell the customer, or whom the arguments name."""
    given = {"partner_id": world.partner_id, **given} if not {"role", "user_id"} & set(given) else given
    return notify(
        **{
            "kind": "promise_moved",
            "subject": "Call DON1: promised time moved",
            "body": "Was 10:00, is 11:00. – Grüße",
            "at": world.later(),
            "actor": world.actor,
            **given,
        }
    )
