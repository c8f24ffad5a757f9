"""A person of a customer at the portal, and a second customer whose every text says one word, for tests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import Error, models, transaction

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.exchange.commands.add_contact import add_contact
from milkrun.exchange.commands.agree_exchange import agree_exchange
from milkrun.kernel.identity import Actor
from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.commands.create_user import create_user
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.commands.create_part import create_part
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.stock.commands.receive_stock import receive_stock
from tests.web.door import PASSWORD, Door
from tests.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
BUYER = "buyer@oem.example"
CANARY = "QUAGGA"
# What keeps no words of a person, or is read by code: written over, nothing would run any more.
_NOT_WORDS = {"state", "kind", "password", "zone", "language", "realm", "public_id", "currency", "unit", "base_unit"}


def let_in(world: World, email: str = BUYER, customer: str = "OEM01") -> Door:
    """Let a person of a customer in and sign in as this person."""
    create_user(
        email=email, name="Berta Buyer", password=PASSWORD, roles=(), customer=customer, actor=world.actor,
        at=world.later(),
    )  # fmt: skip
    client = Door()
    client.force_login(get_user_model().objects.get(email=email), BACKEND)
    return client


def rival(world: World) -> World:
    """Make another customer of the same site with everything a customer has, from a part to a paid bill."""
    before = {model: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in _tables()}
    other = replace(world, actor=Actor(f"{CANARY} actor", "cli"), parts=dict(world.parts))
    who: dict[str, Any] = {"actor": other.actor, "at": world.later()}
    other.partner_id = create_partner(
        code=CANARY, name=f"{CANARY} Wagons", our_number=f"{CANARY}-77", tax_id=f"{CANARY}-TAX", tax_basis_points=1900,
        plants=(Plant("21", f"{CANARY} works", "Europe/Paris", (f"{CANARY} gate",)),), **who,
    ).partner_id  # fmt: skip
    part = create_part(number=f"{CANARY}-1", description=f"{CANARY} buffer", **who).part_id
    other.parts[CANARY] = part
    add_customer_part(partner_id=other.partner_id, number=f"{CANARY} 4711", part_id=part, **who)
    agree_supply(
        partner_id=other.partner_id, order_no=f"{CANARY}-ORDER", customer_part_no=f"{CANARY} 4711", price_minor=777_31,
        currency="EUR", valid_from=date(2026, 1, 1), **who,
    )  # fmt: skip
    agree_exchange(
        partner_id=other.partner_id, site_id=world.site_id, their_id=CANARY, their_qualifier="ZZ", our_id="SUPP02",
        our_qualifier="ZZ", **who,
    )  # fmt: skip
    add_contact(partner_id=other.partner_id, email=f"{CANARY.lower()}@wagons.example", **who)
    create_user(email=f"{CANARY.lower()}@oem.example", name=f"{CANARY} person", password=PASSWORD, roles=(),
                customer=CANARY, **who)  # fmt: skip
    stock = replace(world, parts=other.parts)
    receive_stock(site_id=world.site_id, part_id=part, location_id=stock.places["FG"], qty=90, **who)
    for number in ("ONE", "TWO"):
        done = _called(other, f"{CANARY}/{number}")
        if number == "ONE":
            other.finish([done])
            other.pack(done)
            delivery = other.picked(done)
            post_goods_issue(delivery_id=delivery, **who)
            issue_invoice(delivery_id=delivery, **who)
    world.now = other.now
    _overwrite(before)
    return other


def _called(other: World, number: str) -> int:
    line = ComponentInput(1, f"{CANARY} 4711", 8, "PCE", f"{CANARY}-ORDER")
    call = CallInput(
        external_no=number, kind="summarized", required_at=other.now.replace(year=2027), zone="Europe/Paris",
        ship_to_code="21", unloading_point=f"{CANARY} gate", line_feed=f"{CANARY} feed",
        groups=(GroupInput("", (line,)),),
    )  # fmt: skip
    done = receive_jit_call(
        call=call, site_id=other.site_id, partner_id=other.partner_id, source="api", actor=other.actor, at=other.later()
    )
    return done.call_id


def _tables() -> list[type[models.Model]]:
    shared = {"kernel", "configuration", "insight", "planning", "sessions", "axes", "auth", "contenttypes"}
    return [
        model for model in apps.get_models()
        if model._meta.app_label not in shared and isinstance(model._meta.pk, models.AutoField)
    ]  # fmt: skip


def _overwrite(before: dict[type[models.Model], int]) -> None:
    """Put the word into every text of every new row that the database lets be changed."""
    for model, last in before.items():
        for row in model.objects.filter(pk__gt=last):
            for name in _texts(model):
                if CANARY not in str(getattr(row, name)).upper():
                    _write(model, row.pk, name)


def _texts(model: type[models.Model]) -> Iterator[str]:
    for column in model._meta.concrete_fields:
        if isinstance(column, (models.CharField, models.TextField)) and column.name not in _NOT_WORDS:
            yield column.name


def _write(model: type[models.Model], key: int, name: str) -> None:
    longest = model._meta.get_field(name).max_length or 40
    try:
        with transaction.atomic():
            model.objects.filter(pk=key).update(**{name: f"{CANARY}{key}"[:longest]})
    except Error:
        # A state, a code of a table, or a row that is never changed: its words came by a command.
        return


def said(world: World) -> set[str]:
    """List the tables' text columns that say the word now."""
    found = set()
    for model in _tables():
        for name in _texts(model):
            if model.objects.filter(**{f"{name}__icontains": CANARY}).exists():
                found.add(f"{model._meta.label}.{name}")
    return found


def ids() -> Iterator[str]:
    """Give every random id of every row of the other customer, and what else names one."""
    for model in _tables():
        if any(column.name == "public_id" for column in model._meta.concrete_fields):
            yield from model.objects.values_list("public_id", flat=True)
