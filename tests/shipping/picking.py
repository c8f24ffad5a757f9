"""A small warehouse for tests of picking: bins, goods in them, calls that are picked by waves."""

from decimal import Decimal
from typing import Any

from milkrun.shipping.commands.confirm_pick import PickConfirmed, confirm_pick
from milkrun.shipping.commands.create_wave import WaveCreated, create_wave
from milkrun.shipping.commands.set_picking_rule import set_picking_rule
from milkrun.shipping.models import PickTask
from milkrun.shipping.queries.picking import ROUTE
from milkrun.stock.commands.create_locations import Place, create_locations
from tests.world import SEAT, World


def who(world: World) -> dict[str, Any]:
    """Say who acts and when."""
    return {"actor": world.actor, "at": world.later()}


def warehouse(world: World, mode: str = "warehouse", **stock: str) -> None:
    """Let summarised calls be picked by waves, and put seats into bins (`A1="5"` puts five into A1)."""
    set_picking_rule(site_id=world.site_id, mode=mode, **who(world))
    places = tuple(Place(code, "storage") for code in stock if code not in world.places)
    world.places |= create_locations(site_id=world.site_id, places=places, **who(world)).by_code
    for code, qty in stock.items():
        world.receive("SEAT-105A", qty, code)


def ready(world: World, number: str, qty: str) -> int:
    """Bring a call to where it can be put on a wave; returns its key."""
    call = world.call(world.summarized(number, qty=qty))
    world.finish([call])
    return call


def wave_of(world: World, *call_ids: int, deliveries: tuple[int, ...] = ()) -> WaveCreated:
    """Put calls and deliveries on a wave."""
    return create_wave(site_id=world.site_id, call_ids=call_ids, delivery_ids=deliveries, **who(world))


def walk(wave_id: int) -> list[PickTask]:
    """List the open tasks of a wave in the order of the walk."""
    rows = PickTask.objects.filter(wave_id=wave_id, state="open").order_by(*ROUTE)
    return list(rows.select_related("from_location", "hu", "balance__lot"))


def take(world: World, task: PickTask, qty: str | None = None, item: str = SEAT, sscc: str = "") -> PickConfirmed:
    """Pick at a task's own place."""
    return confirm_pick(
        task_id=task.pk,
        location=task.from_location.code,
        item=str(task.hu) if task.hu else item,
        qty=None if qty is None else Decimal(qty),
        sscc=sscc,
        **who(world),
    )
