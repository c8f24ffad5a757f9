"""Scenes for the commands about other systems: webhooks, imports, the record of connections."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from milkrun.connections.commands.claim_events import Letter, claim_events
from milkrun.connections.commands.create_webhook import WebhookCreated, create_webhook
from milkrun.connections.commands.note_sync import note_sync as note_long_ago
from milkrun.connections.commands.record_event_sent import record_event_sent
from milkrun.connections.commands.record_events import EventInput, record_events
from milkrun.connections.commands.record_import import RefusedRow
from milkrun.connections.models import FeedPosition
from milkrun.connections.queries.kinds import EVERY_KIND
from milkrun.partners.commands.create_token import create_token
from milkrun.parts.commands.create_part import create_part
from milkrun.parts.commands.record_parts import PartInput
from milkrun.production.commands.record_boms import BomInput
from milkrun.stock.commands.set_stock_levels import LevelInput
from tests.faults.scenes import numbers, scene, who
from tests.world import World


def hook(world: World) -> WebhookCreated:
    """Make a webhook that wants everything."""
    return create_webhook(name="ERP", url="https://erp.example/hooks", kinds=[EVERY_KIND], **who(world))


def event(world: World) -> dict[str, Any]:
    """Describe what is kept of one entry of a feed of its own."""
    feed = f"feed {next(numbers)}"
    told = EventInput("call.received", 1, world.site_id, world.later(), b"{}")
    return {"feed": feed, "read_from": 0, "read_to": 1, "events": (told,)}


def letter(world: World) -> Letter:
    """Queue an event for a webhook and claim it."""
    made = hook(world)
    record_events(**event(world), at=world.later())
    return claim_events(webhook_id=made.webhook_id, at=world.later()).letters[0]


@scene
def create_webhook_scene(world: World) -> dict[str, Any]:
    FeedPosition.objects.filter(name="journal").delete()
    return {"name": "ERP", "url": "https://erp.example/hooks", "kinds": [EVERY_KIND]}


@scene
def change_webhook(world: World) -> dict[str, Any]:
    new = {"name": "New", "url": "https://new.example/", "kinds": ["call.received"]}
    return {"webhook_id": hook(world).webhook_id, **new}


@scene
def rotate_webhook_secret(world: World) -> dict[str, Any]:
    return {"webhook_id": hook(world).webhook_id}


@scene
def switch_webhook(world: World) -> dict[str, Any]:
    return {"webhook_id": hook(world).webhook_id, "switch": "pause"}


@scene
def send_test_event(world: World) -> dict[str, Any]:
    return {"webhook_id": hook(world).webhook_id}


@scene
def record_events_scene(world: World) -> dict[str, Any]:
    hook(world)
    return event(world)


@scene
def claim_events_scene(world: World) -> dict[str, Any]:
    made = hook(world)
    record_events(**event(world), at=world.later())
    return {"webhook_id": made.webhook_id}


@scene
def record_event_sent_scene(world: World) -> dict[str, Any]:
    found = letter(world)
    return {"note_id": found.note_id, "lease": found.lease, "status": 204}


@scene
def record_event_failure(world: World) -> dict[str, Any]:
    found = letter(world)
    return {
        "note_id": found.note_id, "lease": found.lease, "status": 422, "error": "The receiver answered 422.",
        "permanent": True,
    }  # fmt: skip


@scene
def replay_events(world: World) -> dict[str, Any]:
    made = hook(world)
    record_events(**event(world), at=world.later())
    found = claim_events(webhook_id=made.webhook_id, at=world.later()).letters[0]
    record_event_sent(note_id=found.note_id, lease=found.lease, status=204, at=world.later())
    return {"webhook_id": made.webhook_id, "event_ids": [found.event_id]}


@scene
def forget_old_events(world: World) -> dict[str, Any]:
    past = world.later() - timedelta(days=40)
    note_long_ago(kind="token", key="mr1", at=past, failed=1, what="POST", code="invalid", detail="No.")
    return {}


@scene
def note_sync(world: World) -> dict[str, Any]:
    wrong = {"what": "POST", "code": "invalid", "detail": "No."}
    return {"kind": "token", "key": f"mr{next(numbers)}", "failed": 1, "event_at": world.now, **wrong}


@scene
def record_import(world: World) -> dict[str, Any]:
    refused = RefusedRow(3, ("X", ""), ({"column": "unit", "code": "unknown_unit", "text": "No."},))
    return {
        "site_id": world.site_id, "site_code": "MAIN", "kind": "items", "source": "drop", "file_name": "items.csv",
        "sha256": f"{next(numbers):064d}", "size": 20, "reading": {"delimiter": ";"}, "rows_read": 3, "rows_new": 1,
        "rows_changed": 0, "rows_same": 1, "refused": (refused,), "header": ("part", "unit"), "event_at": world.now,
    }  # fmt: skip


@scene
def record_parts(world: World) -> dict[str, Any]:
    new = f"NEW{next(numbers)}"
    theirs = (("OEM01", f"X {next(numbers)}"),)
    known = PartInput("FOAM", description=f"Foam {next(numbers)}", units=(("BX", next(numbers), 1),))
    return {"parts": (PartInput(new, units=(("BX", 12, 1),), customer_numbers=theirs), known, PartInput(""))}


@scene
def record_boms(world: World) -> dict[str, Any]:
    made = create_part(number=f"MADE{next(numbers)}", **who(world)).number
    return {"boms": (BomInput(made, (("FOAM", Decimal(1)),)), BomInput("NOBODY", (("FOAM", Decimal(1)),)))}


@scene
def set_stock_levels(world: World) -> dict[str, Any]:
    here = LevelInput("FOAM", "FG", Decimal(next(numbers)))
    return {"site_id": world.site_id, "levels": (here, LevelInput("NOBODY", "FG", Decimal(1)))}


@scene
def hold_everything(world: World) -> dict[str, Any]:
    hook(world)
    create_token(name="MES", scopes=("read",), expires_at=world.now + timedelta(days=90), **who(world))
    return {"reason": "Copy brought back"}
