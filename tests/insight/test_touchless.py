"""The steps that are counted as touched or not are names that the journal really has."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import milkrun
from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.insight.queries.touchless import STEPS, touchless
from milkrun.kernel.identity import Actor
from milkrun.kernel.models import JournalEntry
from milkrun.production.commands.report_production import report_production
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.shipping.picking import ready, take, walk, warehouse, wave_of, who
from tests.world import World

# Told under a name of their own, whichever command does them.
ELSEWHERE = {
    "pick_part": "shipping/steps/taking.py",
    "release_call": "production/steps/releasing.py",
    "update_call": "demand/steps/record.py",
}


def test_every_step_is_a_command_or_is_written_where_it_is_said_to_be() -> None:
    root = Path(milkrun.__file__).parent
    commands = {path.stem for path in root.glob("*/commands/*.py")}
    names = {action for actions in STEPS.values() for action in actions}

    assert names - commands <= set(ELSEWHERE)
    for name, path in ELSEWHERE.items():
        assert f'"{name}"' in (root / path).read_text()


@pytest.mark.django_db
def test_the_story_leaves_an_entry_for_every_step_at_the_row_it_is_counted_at(world: World) -> None:
    (packed,) = world.packed(world.summarized("DON0", qty="1"))
    delivery = world.picked(packed)
    post_goods_issue(delivery_id=delivery, **who(world))
    issue_invoice(delivery_id=delivery, **who(world))
    warehouse(world, A1="5")
    take(world, walk(wave_of(world, ready(world, "DON1", "5")).wave_id)[0])
    report_production(
        site_id=world.site_id, part_id=world.parts["SEAT-105A"], good=Decimal(1), from_at=world.now,
        to_at=world.now + timedelta(hours=1), **(who(world) | {"at": world.now + timedelta(hours=2)}),
    )  # fmt: skip

    told = set(JournalEntry.objects.values_list("subject_kind", "action").distinct())
    wanted = {(noun, action) for noun, actions in STEPS.items() for action in actions}
    # A changed call is told only where a customer changed one.
    assert wanted - told == {("call", "update_call")}


@pytest.mark.django_db
def test_picks_of_a_machine_raise_the_share_and_those_of_a_person_lower_it(world: World) -> None:
    warehouse(world, A1="4")
    wave = wave_of(world, ready(world, "DON1", "4")).wave_id
    now = world.now + timedelta(hours=1)
    before = touchless(world.site_id, now)

    world.actor = Actor("token WMS", "api")
    take(world, walk(wave)[0], "1")
    world.actor = Actor("Anna", "web")
    take(world, walk(wave)[0], "1")

    after = touchless(world.site_id, now)
    assert (after.steps - before.steps, after.touchless - before.touchless) == (2, 1)
