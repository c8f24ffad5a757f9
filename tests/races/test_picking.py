"""Many pickers, one box: nobody picks what another one has, and the loser is told who has it."""

import random
import statistics
from collections import Counter
from functools import partial

import pytest

from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
from milkrun.kernel.identity import Actor
from milkrun.kernel.models import JournalEntry
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.models import Delivery
from milkrun.stock.models import HandlingUnit
from tests.races.together import Answer, attempt, losers, race, together, winners
from tests.world import SEAT, World

pytestmark = [pytest.mark.postgres_only, pytest.mark.slow]
PICKERS, UNITS, ON_A_DELIVERY = 32, 200, 10


def despatch(world: World, count: int, on_a_delivery: int) -> list[tuple[int, str]]:
    """Pack so many boxes and put them on deliveries; returns (delivery, container code)."""
    who = {"actor": world.actor, "at": world.later()}
    world.receive("SEAT-105A", str(count), "FG")
    given = [world.summarized(f"DON{number}", qty="1") for number in range(count)]
    outcomes = receive_jit_calls(
        calls=given, site_id=world.site_id, partner_id=world.partner_id, source="edi", **who
    ).outcomes
    calls = [outcome.call_id for outcome in outcomes]
    world.release(*calls)
    for rack in release_for_packing(call_ids=tuple(calls), **who).packing_groups:
        confirm_packing(packing_group_id=rack.packing_group_id, scan=SEAT, **who)
    made = [
        create_delivery(call_ids=tuple(calls[start : start + on_a_delivery]), **who)
        for start in range(0, count, on_a_delivery)
    ]
    return [(delivery.delivery_id, code) for delivery in made for code in delivery.handling_units]


def pick(world: World, who: str, delivery: int, code: str) -> str:
    pick_delivery(delivery_id=delivery, sscc=code, actor=Actor(who, "web"), at=world.now)
    return who


def test_32_pickers_on_200_boxes_never_pick_one_twice(plant: World, full: bool, record_property) -> None:
    boxes = despatch(plant, UNITS, ON_A_DELIVERY)
    each = UNITS if full else 40

    def work(number: int) -> list[tuple[str, Answer]]:
        chosen = random.Random(number).sample(boxes, each)
        return [(code, attempt(partial(pick, plant, f"picker {number}", key, code))) for key, code in chosen]

    histories = together([partial(work, number) for number in range(PICKERS)])

    attempts = [pair for history in histories for pair in history]
    picked = Counter(code for code, answer in attempts if answer.refusal is None)
    refused = [(code, answer) for code, answer in attempts if answer.refusal is not None]
    by = {code: answer.result for code, answer in attempts if answer.refusal is None}
    assert [code for code, count in picked.items() if count > 1] == []
    assert {answer.refusal.code for _, answer in refused} == {"picked_by_other"}
    assert all(answer.refusal.facts["by"] == by[code] for code, answer in refused)
    # The database tells the same story as the pickers: one entry for each box, by the one who was told it is his.
    told = {unit.sscc: unit.handled_by for unit in HandlingUnit.objects.filter(state="picked")}
    logged = Counter(
        code
        for facts in JournalEntry.objects.filter(action="pick_delivery", subject_kind="delivery").values_list(
            "facts", flat=True
        )
        for code in facts["units"]
    )
    assert (told, logged) == (by, picked)
    times = sorted(answer.seconds for _, answer in refused)
    record_property("attempts to pick 200 boxes, none picked twice", len(attempts))
    assert statistics.median(times) < 1


def test_of_two_pickers_at_one_box_the_loser_hears_of_the_winner_within_a_second(plant: World) -> None:
    for delivery, code in despatch(plant, 10, 1):
        answers = race([partial(pick, plant, who, delivery, code) for who in ("Anna", "Ben")])

        (winner,) = winners(answers)
        (loser,) = (answer for answer in answers if answer.refusal)
        assert (loser.refusal.code, loser.refusal.facts.get("by")) == ("picked_by_other", winner.result)
        assert loser.seconds < 1


def test_all_boxes_of_a_delivery_at_once_are_picked_once_and_the_delivery_is_ready(plant: World) -> None:
    boxes = despatch(plant, 8, 8)

    answers = race([partial(pick, plant, f"picker {n}", key, code) for n, (key, code) in enumerate(boxes)])

    assert losers(answers) == set()
    assert Delivery.objects.get().state == "picked"
