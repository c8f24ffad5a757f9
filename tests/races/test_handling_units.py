"""Handling units and their labels under many hands: nothing is lost, nothing is printed under one number twice."""

import threading
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from milkrun.demand.models import PackingGroup
from milkrun.insight.queries import verify
from milkrun.printing.models import PrintJob
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.start_load_unit import start_load_unit
from milkrun.shipping.steps import switch_unit
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.merge_handling_units import merge_handling_units
from milkrun.stock.commands.move_handling_unit import move_handling_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit
from milkrun.stock.commands.split_handling_unit import Share, split_handling_unit
from milkrun.stock.models import Balance
from tests.printing.plant import label, unit
from tests.races.together import Answer, losers, race, until_somebody_waits, winners
from tests.shipping.picking import ready
from tests.world import World

pytestmark = pytest.mark.postgres_only


def who(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "actor": world.actor, "at": world.now}


def foam() -> Decimal:
    return sum((row.on_hand for row in Balance.objects.filter(part__number="FOAM")), Decimal(0))


def test_two_units_emptied_into_each_other_at_once_lose_nothing(plant: World) -> None:
    first, second = unit(plant, "3"), unit(plant, "4")

    answers = race([
        partial(merge_handling_units, into_id=first, hu_ids=(second,), **who(plant)),
        partial(merge_handling_units, into_id=second, hu_ids=(first,), **who(plant)),
    ])  # fmt: skip

    assert (len(winners(answers)), losers(answers)) == (1, {"handling_unit_frozen"})
    assert foam() == 1000
    assert verify().ok


def test_a_unit_that_is_packed_split_and_carried_at_once_holds_what_the_ledger_says(plant: World) -> None:
    hu_id, part = unit(plant, "50"), plant.parts["FOAM"]
    packing = partial(
        pack_handling_unit, hu_id=hu_id, part_id=part, qty=Decimal(1), location_id=plant.places["LINE1"], **who(plant)
    )
    splitting = partial(split_handling_unit, hu_id=hu_id, shares=(Share(part, Decimal(2)),), **who(plant))
    carrying = [
        partial(move_handling_unit, hu_id=hu_id, to_location_id=plant.places[place], **who(plant))
        for place in ("FG", "DOCK1", "PACK")
    ]

    answers = race([packing, splitting, *carrying, packing, splitting])

    assert losers(answers) <= {"invalid"}
    assert foam() == 1000
    assert verify().ok


def test_an_empty_box_that_is_scanned_for_two_loads_at_once_goes_to_one_of_them(plant: World) -> None:
    plant.receive("SEAT-105A", "2", "FG")
    calls = [ready(plant, f"DON{number}", "1") for number in (1, 2)]
    me = {"actor": plant.actor, "at": plant.now}
    first, second = [row.packing_group_id for row in release_for_packing(call_ids=calls, **me).packing_groups]
    dock = plant.places["DOCK1"]
    box = create_handling_unit(location_id=dock, kind="box", **who(plant)).sscc
    scan = partial(start_load_unit, packing_group_id=second, sscc=box, **me)
    answers: list[list[Answer]] = []
    other = threading.Thread(target=lambda: answers.append(race([scan])), daemon=True)

    with transaction.atomic():
        switch_unit(PackingGroup.objects.get(pk=first), box, location_id=dock, wanted="DON1")
        other.start()
        until_somebody_waits()
    other.join(60)

    assert losers(answers[0]) == {"wrong_handling_unit"}


def test_many_who_print_one_label_at_once_get_a_number_each(plant: World) -> None:
    pallet = unit(plant, "1")

    answers = race([partial(label, plant, pallet, reason="again") for _ in range(6)])

    assert losers(answers) == set()
    assert sorted(PrintJob.objects.values_list("copy_no", flat=True)) == [1, 2, 3, 4, 5, 6]
