"""A bit of everything of the store: goods written off, counted, corrected and taken back."""

from decimal import Decimal

from milkrun.stock.commands.approve_count import approve_count
from milkrun.stock.commands.create_count import create_count
from milkrun.stock.commands.record_count import record_count
from milkrun.stock.commands.recount import recount
from milkrun.stock.commands.reverse_count import reverse_count
from milkrun.stock.commands.write_off import write_off
from tests.world import World


def store(world: World) -> None:
    """Play it on a plant with FOAM and FRAME at the line."""
    who = {"actor": world.actor, "at": world.later()}
    line, parts = world.places["LINE1"], [world.parts["FOAM"], world.parts["FRAME"]]
    write_off(site_id=world.site_id, part_id=parts[0], location_id=line, qty=Decimal("0.5"), cause="damaged", **who)
    made = create_count(site_id=world.site_id, location_ids=(line,), part_ids=parts, **who)
    world.later()
    found = [
        record_count(
            count_id=made.count_id, location_id=line, part_id=part, qty=Decimal(qty), actor=world.actor, at=world.now
        ).line_id
        for part, qty in zip(parts, ("990", "1001"), strict=True)
    ]
    approve_count(count_id=made.count_id, line_ids=found, reason="miscounted", actor=world.actor, at=world.later())
    for key in found:
        reverse_count(count_id=made.count_id, line_id=key, reason="found", actor=world.actor, at=world.later())
    again = create_count(site_id=world.site_id, location_ids=(line,), part_ids=parts, **who)
    key = record_count(
        count_id=again.count_id, location_id=line, part_id=parts[1], qty=Decimal(1002), actor=world.actor,
        at=world.later(),
    ).line_id  # fmt: skip
    approve_count(count_id=again.count_id, line_ids=[key], reason="found two", actor=world.actor, at=world.later())
    write_off(
        site_id=world.site_id, part_id=parts[1], location_id=line, qty=Decimal(2), cause="obsolete",
        actor=world.actor, at=world.later(),
    )  # fmt: skip
    open_one = create_count(site_id=world.site_id, location_ids=(line,), part_ids=parts, **who)
    key = record_count(
        count_id=open_one.count_id, location_id=line, part_id=parts[1], qty=Decimal(7), actor=world.actor,
        at=world.later(),
    ).line_id  # fmt: skip
    recount(count_id=open_one.count_id, line_ids=[key], actor=world.actor, at=world.later())
