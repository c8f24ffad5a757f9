"""What a customer's calls need no hand for is done by the worker, as soon as it can be done."""

import pytest

from milkrun.configuration.commands.set_automatic_steps import set_automatic_steps
from milkrun.configuration.errors import UnknownStep
from milkrun.configuration.queries import automatic_steps
from milkrun.demand.models import JitCall
from milkrun.insight.queries.touchless import touchless
from milkrun.jobs.stepping import Stepping
from milkrun.kernel.identity import Actor
from milkrun.production.models import Job
from tests.refusals import refused
from tests.world import UNKNOWN, World


def automatic(world: World, *steps: str):
    return set_automatic_steps(partner_code="OEM01", steps=steps, actor=world.actor, at=world.later())


@pytest.mark.django_db
def test_the_last_choice_counts(world: World) -> None:
    automatic(world, "release_call", "release_for_packing")
    automatic(world, "release_for_packing")

    assert automatic_steps() == {"OEM01": {"release_for_packing"}}


@pytest.mark.django_db
def test_a_step_that_needs_a_person_cannot_be_automatic(world: World) -> None:
    with refused(UnknownStep):
        automatic(world, "confirm_packing")


def test_a_call_is_released_and_sent_to_packing_without_a_hand(committed_db: object) -> None:
    from tests.world import build_world

    world = build_world()
    automatic(world, "release_call", "release_for_packing")
    good, unmatched = world.call(world.sequenced(471)), world.call(world.sequenced(472, parts=(UNKNOWN,)))
    worker = Stepping()

    worker(world.later())
    world.make(Job.objects.get().pk, "1", "1")
    worker(world.later())
    worker(world.later())

    assert JitCall.objects.get(pk=good).state == "in_packing"
    assert JitCall.objects.get(pk=unmatched).state == "created"


def test_the_share_without_a_hand_counts_what_the_worker_did(committed_db: object) -> None:
    from tests.world import build_world

    world = build_world()
    world.actor = Actor("EDI OEM01", "edi")
    world.call(world.sequenced(471))
    world.actor = Actor("anna@plant.example", "web")
    world.release(world.call(world.sequenced(472)))
    automatic(world, "release_call")
    Stepping()(world.later())

    share = touchless(world.site_id, world.later())

    # Received by file, received by hand, released by hand, released by the worker.
    assert (share.steps, share.touchless, share.percent) == (4, 2, 50)
    assert touchless(world.site_id + 1, world.later()).percent is None
