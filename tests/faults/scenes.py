"""A scene for every command: what must be there before it, and what it is asked.

A scene acts through commands in the plant of tests/world.py and returns the arguments; numbers grow with each scene,
so that all of them can be played in one database. Scenes of one area live in a `scenes_<area>.py` beside this file; all
of them are read with `every_scene`.
"""

import importlib
import itertools
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from milkrun.demand.commands.receive_jit_call import CallInput
from milkrun.demand.models import Component
from milkrun.edi import read
from milkrun.exchange.commands.claim_outbox import claim_outbox
from milkrun.exchange.commands.record_outcomes import Outcome
from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.commands.store_interchange import store_interchange
from milkrun.exchange.models import Agreement, OutboxMessage
from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.commands.create_token import create_token
from milkrun.parts.commands.create_part import Ingredient, OwnUnit, create_part
from milkrun.production.commands.confirm_job import JobReport
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.stock import steps as stock_steps
from milkrun.stock.commands.create_locations import Place
from tests.gateway.files import two_vehicles
from tests.world import ORDER, SEAT, UNKNOWN, World

Scene = Callable[[World], dict[str, Any]]
SCENES: dict[str, Scene] = {}
numbers = itertools.count(1)


def scene(function: Scene) -> Scene:
    """Register a scene under the name of its command."""
    SCENES[function.__name__.removesuffix("_scene")] = function
    return function


def every_scene() -> dict[str, Scene]:
    """Read the scenes of all areas."""
    for path in sorted(Path(__file__).parent.glob("scenes_*.py")):
        importlib.import_module(f"tests.faults.{path.stem}")
    return SCENES


def quantity(world: World, qty: str = "5") -> CallInput:
    """Describe a summarised call nobody has made yet."""
    return world.summarized(f"DON{next(numbers)}", qty=qty)


def who(world: World) -> dict[str, Any]:
    """Say who acts, for set-up commands."""
    return {"actor": world.actor, "at": world.later()}


@scene
def create_site(world: World) -> dict[str, Any]:
    return {"code": f"S{next(numbers)}", "name": "Plant", "zone": "UTC", "docks": ("D1",)}


@scene
def create_partner_scene(world: World) -> dict[str, Any]:
    return {"code": f"P{next(numbers)}", "name": "Motors", "plants": (Plant("1", "One", "UTC", ("N",)),)}


@scene
def add_unloading_point(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "ship_to_code": "21", "code": f"TOR {next(numbers) + 100}"}


@scene
def create_user(world: World) -> dict[str, Any]:
    return {
        "email": f"u{next(numbers)}@x.example",
        "name": "U",
        "password": "correct horse battery",
        "roles": ("admin",),
    }


@scene
def create_token_scene(world: World) -> dict[str, Any]:
    return {"name": "MES", "scopes": ("read",), "expires_at": world.now + timedelta(days=90)}


@scene
def revoke_token(world: World) -> dict[str, Any]:
    made = create_token(name="MES", scopes=("read",), expires_at=world.now + timedelta(days=90), **who(world))
    return {"prefix": made.token.partition(".")[0]}


@scene
def note_token_use(world: World) -> dict[str, Any]:
    from milkrun.partners.models import ApiToken

    create_token(name="MES", scopes=("read",), expires_at=world.now + timedelta(days=90), **who(world))
    return {"token_id": ApiToken.objects.latest("pk").pk}


@scene
def create_part_scene(world: World) -> dict[str, Any]:
    bom = (Ingredient("FOAM", Decimal(1)), Ingredient("FRAME", Decimal(2)))
    return {"number": f"PART{next(numbers)}", "made_here": True, "units": (OwnUnit("BX", 12),), "bom": bom}


@scene
def add_customer_part(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "number": f"X{next(numbers)}", "part_id": world.parts["FOAM"]}


@scene
def introduce_part(world: World) -> dict[str, Any]:
    number = next(numbers)
    return {
        "partner_id": world.partner_id, "customer_number": f"NEW {number}", "number": f"NEW-{number}",
        "order_no": ORDER, "price_minor": 100, "price_basis": 1, "currency": "EUR", "valid_from": date(2026, 1, 1),
    }  # fmt: skip


@scene
def create_locations(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "places": (Place(f"L{next(numbers)}", "storage"), Place("L0", "line"))}


@scene
def receive_stock(world: World) -> dict[str, Any]:
    part = create_part(number=f"LOT{next(numbers)}", lot_tracked=True, **who(world)).part_id
    return {
        "site_id": world.site_id, "part_id": part, "location_id": world.places["FG"], "qty": Decimal(5), "lot_no": "L1"
    }  # fmt: skip


@scene
def move_stock(world: World) -> dict[str, Any]:
    world.receive("FOAM", "5", "LINE1")
    return {
        "site_id": world.site_id, "part_id": world.parts["FOAM"], "from_location_id": world.places["LINE1"],
        "to_location_id": world.places["FG"], "qty": Decimal("1.5"),
    }  # fmt: skip


@scene
def reverse_posting(world: World) -> dict[str, Any]:
    return {"posting_id": world.receive("FRAME", "5", "FG"), "reason": "x"}


@scene
def nest_handling_unit(world: World) -> dict[str, Any]:
    inner, outer = (
        stock_steps.create_handling_unit(
            site_id=world.site_id, location_id=world.places["PACK"], kind="box", at=world.later()
        ).pk
        for _ in range(2)
    )
    return {"site_id": world.site_id, "hu_id": inner, "into_id": outer}


@scene
def agree_supply(world: World) -> dict[str, Any]:
    return {
        "partner_id": world.partner_id, "order_no": f"O{next(numbers)}", "customer_part_no": SEAT, "price_minor": 5,
        "currency": "EUR", "valid_from": date(2026, 1, 1),
    }  # fmt: skip


@scene
def specify_rack(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "slots": 4, "family": f"F{next(numbers)}"}


@scene
def agree_exchange(world: World) -> dict[str, Any]:
    code = f"P{next(numbers)}"
    partner = create_partner(code=code, name="Motors", **who(world)).partner_id
    return {"partner_id": partner, "site_id": world.site_id, "their_id": code, "our_id": "SUPP01"}


@scene
def receive_jit_call(world: World) -> dict[str, Any]:
    return {
        "call": world.sequenced(next(numbers)), "site_id": world.site_id, "partner_id": world.partner_id,
        "source": "api",
    }  # fmt: skip


@scene
def receive_jit_calls(world: World) -> dict[str, Any]:
    known = quantity(world)
    world.call(known)
    changed = world.summarized(known.external_no, qty="7")
    bad = world.summarized(f"DON{next(numbers)}", qty="0")
    calls = (world.sequenced(next(numbers)), changed, bad, quantity(world))
    return {"calls": calls, "site_id": world.site_id, "partner_id": world.partner_id, "source": "edi"}


@scene
def reprocess_call(world: World) -> dict[str, Any]:
    return {"call_id": world.call(world.sequenced(next(numbers), parts=(SEAT, UNKNOWN)))}


@scene
def confirm_job(world: World) -> dict[str, Any]:
    job = world.release(world.call(quantity(world, "20000"))).jobs[0].job_id
    return {"job_id": job, "reports": (JobReport(1, Decimal(4), Decimal(1), "torn"),)}


@scene
def release_for_packing_scene(world: World) -> dict[str, Any]:
    calls = [world.call(quantity(world)), world.call(world.sequenced(next(numbers), parts=(SEAT,)))]
    world.finish(calls)
    return {"call_ids": tuple(calls)}


@scene
def confirm_packing(world: World) -> dict[str, Any]:
    call = world.call(quantity(world))
    world.finish([call])
    (rack,) = release_for_packing(call_ids=(call,), **who(world)).packing_groups
    assert Component.objects.filter(group__slot__packing_group_id=rack.packing_group_id).count() == 1
    return {"packing_group_id": rack.packing_group_id, "scan": SEAT}


@scene
def create_delivery(world: World) -> dict[str, Any]:
    return {"call_ids": tuple(world.packed(quantity(world), quantity(world)))}


@scene
def cancel_delivery(world: World) -> dict[str, Any]:
    return {"delivery_id": world.picked(*world.packed(quantity(world))), "reason": "x"}


@scene
def pick_delivery(world: World) -> dict[str, Any]:
    return {"delivery_id": world.deliver(*world.packed(quantity(world))).delivery_id}


@scene
def post_goods_issue_scene(world: World) -> dict[str, Any]:
    return {"delivery_id": world.picked(*world.packed(quantity(world), quantity(world)))}


def issued(world: World) -> int:
    """Let a delivery leave."""
    delivery = world.picked(*world.packed(quantity(world)))
    post_goods_issue(delivery_id=delivery, **who(world))
    return delivery


@scene
def reverse_goods_issue(world: World) -> dict[str, Any]:
    return {"delivery_id": issued(world), "reason": "x"}


@scene
def issue_invoice(world: World) -> dict[str, Any]:
    return {"delivery_id": issued(world)}


def stored(world: World) -> dict[str, Any]:
    """Describe a file that comes for the first time."""
    data = two_vehicles(control=f"{next(numbers):014d}")
    return {
        "agreement_id": Agreement.objects.get(partner_id=world.partner_id).pk, "content": data,
        "found": read(data).interchanges[0], "findings": (), "refuse": None, "dialect": "edifact",
        "file_name": "f.edi", "source": "inbox",
    }  # fmt: skip


@scene
def store_interchange_scene(world: World) -> dict[str, Any]:
    return stored(world)


@scene
def record_outcomes(world: World) -> dict[str, Any]:
    kept = store_interchange(**stored(world), **who(world))
    return {
        "interchange_id": kept.interchange_id, "outcomes": tuple(Outcome(key, "taken", ()) for key, _ in kept.messages)
    }  # fmt: skip


def leased(world: World) -> dict[str, Any]:
    """Take the queue under a lease, with one file in it at least; returns the last one."""
    issued(world)
    world.later(2)
    return vars_of(claim_outbox(partner_id=world.partner_id, at=world.now).parcels[-1])


def vars_of(parcel: Any) -> dict[str, Any]:
    """Return what the commands about a leased file take."""
    return {"outbox_id": parcel.outbox_id, "lease": parcel.lease}


@scene
def claim_outbox_scene(world: World) -> dict[str, Any]:
    issued(world)
    world.later(2)
    return {"partner_id": world.partner_id}


@scene
def record_sent_scene(world: World) -> dict[str, Any]:
    return leased(world)


@scene
def record_failure(world: World) -> dict[str, Any]:
    return {**leased(world), "error": "disk full", "permanent": True}


def sent(world: World) -> OutboxMessage:
    """Send a file."""
    parcel = leased(world)
    record_sent(**parcel, **who(world))
    return OutboxMessage.objects.get(pk=parcel["outbox_id"])


@scene
def record_answer(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "control": sent(world).control, "accepted": True, "text": ""}


@scene
def send_again(world: World) -> dict[str, Any]:
    return {"outbox_id": sent(world).pk}
