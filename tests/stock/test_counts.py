"""Counts: blind, by two people, with goods moving meanwhile, posted with a reason and taken back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.insight.queries import verify
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.kernel.identity import Actor
from milkrun.parts.commands.create_part import create_part
from milkrun.stock.commands.approve_count import approve_count
from milkrun.stock.commands.block_lot import block_lot
from milkrun.stock.commands.close_count import close_count
from milkrun.stock.commands.create_count import create_count
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.record_count import record_count
from milkrun.stock.commands.recount import recount
from milkrun.stock.commands.reverse_count import reverse_count
from milkrun.stock.errors import CountClosed, SameCounter, ShortStock
from milkrun.stock.models import Balance, CountEntry, CountLine, Movement
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def who(world: World, name: str = "Anna Test") -> dict:
    return {"actor": replace(world.actor, name=name), "at": world.later()}


def make(world: World, **given) -> int:
    given = {"location_ids": (world.places["LINE1"],), **given}
    return create_count(site_id=world.site_id, **given, **who(world)).count_id


def count(world: World, count_id: int, qty: str, number: str = "FOAM", place: str = "LINE1", **given):
    by = who(world, given.pop("by", "Anna Test"))
    return record_count(
        count_id=count_id, location_id=world.places[place], part_id=world.parts[number], qty=Decimal(qty),
        **{**by, **given},
    )  # fmt: skip


def approve(world: World, count_id: int, *lines: int, reason: str = "miscounted"):
    return approve_count(count_id=count_id, line_ids=lines, reason=reason, **who(world))


def on_hand(world: World, number: str, place: str = "LINE1") -> Decimal:
    return Balance.objects.get(part_id=world.parts[number], location_id=world.places[place], lot=None).on_hand


def test_what_agrees_needs_nobody_and_what_differs_is_posted_with_its_reason(world: World) -> None:
    made = make(world)
    same = count(world, made, "1000")
    less = count(world, made, "998.5", "FRAME")

    done = approve(world, made, less.line_id, reason="two scrapped, never reported")

    assert (same.agreed, same.left, less.agreed, less.left) == (True, 1, False, 0)
    assert on_hand(world, "FRAME") == Decimal("998.5")
    movement = Movement.objects.select_related("to_location", "posting").get(posting_id=done.posting_ids[0])
    assert (movement.qty, movement.to_location.kind, movement.posting.kind) == (Decimal("1.5"), "difference", "count")
    assert movement.posting.reason == "two scrapped, never reported"
    with refused(IllegalMove):
        approve(world, made, same.line_id)
    assert verify().ok


def test_goods_that_move_while_others_count_make_no_difference(world: World) -> None:
    made = make(world)
    counted_at = world.later()
    world.receive("FOAM", "50", "LINE1")

    late = count(world, made, "1000", counted_at=counted_at)
    fresh = count(world, make(world), "1050")

    assert late.agreed
    assert fresh.agreed


def test_the_difference_of_the_moment_is_posted_whatever_moved_since(world: World) -> None:
    made = make(world)
    less = count(world, made, "990")
    world.receive("FOAM", "50", "LINE1")

    approve(world, made, less.line_id)

    assert on_hand(world, "FOAM") == 1040


def test_what_differs_is_counted_again_by_somebody_else(world: World) -> None:
    made = make(world)
    first = count(world, made, "990")

    recount(count_id=made, line_ids=[first.line_id], **who(world))
    with refused(SameCounter):
        count(world, made, "1000")
    second = count(world, made, "1000", by="Bert")

    assert second.agreed
    entries = CountEntry.objects.filter(line_id=first.line_id).order_by("round")
    assert [(e.round, e.qty, e.counted_by) for e in entries] == [(1, 990, "Anna Test"), (2, 1000, "Bert")]
    with refused(IllegalMove):
        count(world, made, "1000", by="Carl")


def test_what_is_found_beside_the_list_is_added_to_it(world: World) -> None:
    made = make(world, part_ids=(world.parts["FOAM"],))

    found = count(world, made, "3", "SEAT-105A")
    approve(world, made, found.line_id)

    assert not found.agreed
    assert on_hand(world, "SEAT-105A") == 3


def test_a_correction_is_taken_back_by_a_contra_posting(world: World) -> None:
    made = make(world)
    line = count(world, made, "990").line_id
    approve(world, made, line)

    reverse_count(count_id=made, line_id=line, reason="pallet stood in the aisle", **who(world))

    assert on_hand(world, "FOAM") == 1000
    assert CountLine.objects.get(pk=line).state == "taken_back"
    with refused(IllegalMove):
        reverse_count(count_id=made, line_id=line, reason="x", **who(world))
    assert verify().ok


def test_goods_that_are_kept_for_somebody_cannot_be_counted_away(world: World) -> None:
    world.receive("SEAT-105A", "48", "FG")
    world.release(world.call(world.summarized("DON1")))
    made = make(world, location_ids=(world.places["FG"],))
    line = count(world, made, "0", "SEAT-105A", "FG").line_id

    with refused(ShortStock):
        approve(world, made, line)


def test_a_random_sample_is_the_same_for_the_same_seed(world: World) -> None:
    for index in range(12):
        part = create_part(number=f"P{index}", **who(world)).part_id
        receive_stock(site_id=world.site_id, part_id=part, location_id=world.places["FG"], qty=Decimal(1), **who(world))

    def drawn(seed: int) -> list:
        made = make(world, location_ids=(), sample=5, seed=seed)
        return list(CountLine.objects.filter(count_id=made).order_by("part_id").values_list("part_id", flat=True))

    assert drawn(7) == drawn(7)
    assert len(drawn(7)) == 5
    assert len({tuple(drawn(seed)) for seed in range(6)}) > 1


def test_a_blocked_lot_found_at_the_line_can_be_counted_in(world: World) -> None:
    part = create_part(number="GLUE", lot_tracked=True, **who(world)).part_id
    lot = receive_stock(
        site_id=world.site_id, part_id=part, location_id=world.places["LINE1"], qty=Decimal(5), lot_no="L1",
        **who(world),
    ).lot_id  # fmt: skip
    block_lot(lot_id=lot, reason="x", **who(world))
    world.parts["GLUE"] = part
    made = make(world)
    line = count(world, made, "6", "GLUE", lot_id=lot).line_id

    approve(world, made, line)

    assert Balance.objects.get(lot_id=lot).on_hand == 6


def test_a_closed_list_takes_no_counts(world: World) -> None:
    made = make(world)

    done = close_count(count_id=made, **who(world))

    assert done.left == 2
    with refused(CountClosed):
        count(world, made, "1000")
    with refused(CountClosed):
        recount(count_id=made, line_ids=[1], **who(world))
    with refused(IllegalMove):
        close_count(count_id=made, **who(world))


def test_impossible_counts_are_refused(world: World) -> None:
    made = make(world)

    with refused(Invalid) as caught:
        count(world, made, "-1", counted_at=world.now + timedelta(days=1))
    with refused(NotFound):
        count(world, made, "1", place="CUSTOMER")
    with refused(NotFound):
        count(world, 0, "1")
    with refused(NotFound):
        approve(world, made, 0)
    with refused(NotFound):
        recount(count_id=made, line_ids=[0], **who(world))
    with refused(Invalid):
        make(world, zone="nowhere")

    assert [problem.field for problem in caught.value.problems] == ["qty", "counted_at"]


def test_posting_and_taking_back_need_a_reason(world: World) -> None:
    made = make(world)
    line = count(world, made, "990").line_id

    with refused(Invalid):
        approve(world, made, line, reason=" ")
    approve(world, made, line)
    with refused(Invalid):
        reverse_count(count_id=made, line_id=line, reason="", **who(world))


def test_the_actor_is_who_counted(world: World) -> None:
    made = make(world)

    line = count(world, made, "1000", actor=Actor("Dora", "web")).line_id

    assert CountLine.objects.get(pk=line).counted_by == "Dora"
