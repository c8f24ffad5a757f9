"""Stock, nesting and numbers under many hands."""

import random
import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from milkrun.kernel import numbering
from milkrun.kernel.identity import Request
from milkrun.shipping.commands.recall_goods import recall_goods
from milkrun.shipping.queries.suspect import Suspicion
from milkrun.stock import steps
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.nest_handling_unit import nest_handling_unit
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.stock.models import Balance, HandlingUnit, Movement, Posting
from tests.races.together import Answer, attempt, losers, race, together, until_somebody_waits, winners
from tests.world import World

pytestmark = pytest.mark.postgres_only


def move(world: World, qty: str, source: str = "LINE1", target: str = "FG", request: Request | None = None):
    return move_stock(
        site_id=world.site_id, part_id=world.parts["FOAM"], from_location_id=world.places[source],
        to_location_id=world.places[target], qty=Decimal(qty), actor=world.actor, at=world.now, request=request,
    )  # fmt: skip


def test_of_exactly_the_last_unit_one_of_many_takers_gets_it(plant: World) -> None:
    move(plant, "999")

    answers = race([partial(move, plant, "1") for _ in range(12)])

    assert (len(winners(answers)), losers(answers)) == (1, {"short_stock"})
    assert Balance.objects.get(part__number="FOAM", location__code="LINE1").on_hand == 0


def test_a_new_balance_row_is_made_once_by_many_first_receipts(plant: World) -> None:
    answers = race([partial(move, plant, "1", target="PACK") for _ in range(12)])

    assert losers(answers) == set()
    assert Balance.objects.get(part__number="FOAM", location__code="PACK").on_hand == 12


def test_goods_that_move_both_ways_at_once_are_all_still_there(plant: World) -> None:
    move(plant, "500")

    answers = race([partial(move, plant, "1.5", *way) for _ in range(8) for way in (("LINE1", "FG"), ("FG", "LINE1"))])

    assert losers(answers) == set()
    rows = Balance.objects.filter(part__number="FOAM").values_list("location__code", "on_hand")
    assert dict(rows) == {"LINE1": 500, "FG": 500}


def test_goods_that_are_moved_on_while_they_are_recalled_are_found_where_they_are(plant: World) -> None:
    who = {"actor": plant.actor, "at": plant.now}
    create_locations(site_id=plant.site_id, places=(Place("QUA", "quarantine"),), **who)
    plant.receive("SEAT-105A", "5", "FG")
    suspicion = Suspicion(part="SEAT-105A", received_from=plant.now.date(), received_until=plant.now.date())
    recall = partial(recall_goods, site_id=plant.site_id, suspicion=suspicion, reason="sharp edge", **who)
    answers: list[Answer] = []
    other = threading.Thread(target=lambda: answers.extend(race([recall])), daemon=True)
    on = steps.Line(plant.parts["SEAT-105A"], Decimal(5), plant.places["FG"], plant.places["DOCK1"])

    with transaction.atomic():
        steps.post([on], site_id=plant.site_id, kind="move", **who)
        other.start()
        until_somebody_waits()
    other.join(60)

    assert answers[0].result.set_apart == ("SEAT-105A 5 DOCK1",)


def test_a_posting_is_reversed_once_by_many_hands(plant: World) -> None:
    posting = plant.receive("FOAM", "5", "FG")

    answers = race(
        [partial(reverse_posting, posting_id=posting, reason="x", actor=plant.actor, at=plant.now) for _ in range(6)]
    )

    assert (len(winners(answers)), losers(answers)) == (1, {"already_reversed"})


def units(world: World, count: int) -> list[int]:
    with transaction.atomic():
        return [
            steps.create_handling_unit(
                site_id=world.site_id, location_id=world.places["PACK"], kind="box", at=world.now
            ).pk
            for _ in range(count)
        ]


def nest(world: World, unit: int, into: int):
    return nest_handling_unit(site_id=world.site_id, hu_id=unit, into_id=into, actor=world.actor, at=world.now)


@pytest.mark.parametrize("ring", [2, 3])
@pytest.mark.slow
def test_boxes_nested_into_each_other_at_once_stay_a_forest(plant: World, ring: int) -> None:
    for _ in range(15):
        keys = units(plant, ring)

        answers = race([partial(nest, plant, key, keys[(place + 1) % ring]) for place, key in enumerate(keys)])

        assert (len(winners(answers)), losers(answers)) == (ring - 1, {"nesting_ring"})
    parents = dict(HandlingUnit.objects.values_list("pk", "parent_id"))
    for unit in parents:
        above, steps_up = unit, 0
        while above is not None:
            above, steps_up = parents[above], steps_up + 1
            assert steps_up <= 5, "boxes stand in a ring"


@pytest.mark.slow
def test_numbers_have_no_gaps_whoever_is_rolled_back(plant: World) -> None:
    class Undone(Exception):
        """Rolls back."""

    def take(seed: int) -> list[int]:
        dice, taken = random.Random(seed), []
        for _ in range(25):
            try:
                with transaction.atomic():
                    number = numbering.take("race")
                    if dice.random() < 0.2:
                        raise Undone
                    taken.append(number)
            except Undone:
                continue
        return taken

    found = sorted(number for taken in together([partial(take, seed) for seed in range(16)]) for number in taken)

    assert found == list(range(1, len(found) + 1))
    assert len(found) > 200


@pytest.mark.slow
def test_every_acknowledged_request_has_exactly_one_effect_and_every_effect_a_request(plant: World) -> None:
    """A small history check: clients repeat their requests, some at once, and keep what they were told."""
    known = set(Posting.objects.values_list("pk", flat=True))

    def client(number: int) -> dict[str, set[int]]:
        dice, told = random.Random(number), {}
        for step in range(12):
            # Two clients share each key, and each asks up to three times, so that many repeats meet.
            key = f"{number // 2}-{step}"
            request = Request("history", key, "b")
            for _ in range(dice.randint(1, 3)):
                answer = attempt(
                    partial(
                        receive_stock, site_id=plant.site_id, part_id=plant.parts["FOAM"],
                        location_id=plant.places["FG"], qty=Decimal("0.1"), actor=plant.actor, at=plant.now,
                        request=request,
                    )
                    if step % 2
                    else partial(move, plant, "0.1", request=request)
                )  # fmt: skip
                if answer.refusal is None:
                    told.setdefault(key, set()).add(answer.result.posting_id)
                else:
                    assert answer.refusal.code == "request_in_flight"
        return told

    told: dict[str, set[int]] = {}
    for one in together([partial(client, number) for number in range(12)]):
        for key, postings in one.items():
            told.setdefault(key, set()).update(postings)

    assert all(len(postings) == 1 for postings in told.values())
    effects = set(Posting.objects.exclude(pk__in=known).values_list("pk", flat=True))
    assert effects == {posting for postings in told.values() for posting in postings}
    assert Movement.objects.filter(posting_id__in=effects).count() == len(effects) == 6 * 12
    assert sum(b.on_hand for b in Balance.objects.filter(part__number="FOAM")) == Decimal("1003.6")
