"""What comes to a call while somebody waits for it is held and let go of like everything else of that call."""

import threading
from functools import partial

import pytest
from django.db import transaction

from milkrun.production.commands.release_calls import release_calls
from milkrun.production.models import Job
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.shipping.models import Delivery, DeliveryLine
from tests.races.together import Answer, race, until_somebody_waits
from tests.world import World

pytestmark = pytest.mark.postgres_only


def reordered_behind(plant: World, call: int, first: partial) -> Answer:
    """Order the parts of a call again while the first command has it; returns the answer to the second."""
    again = partial(
        reorder_component, call_id=call, group_code="", line_nos=[1], reason="scratched", lost=False,
        actor=plant.actor, at=plant.now,
    )  # fmt: skip
    answers: list[list[Answer]] = []
    other = threading.Thread(target=lambda: answers.append(race([again])), daemon=True)
    with transaction.atomic():
        first()
        other.start()
        until_somebody_waits()
    other.join(60)
    return answers[0][0]


def test_a_call_that_came_on_a_delivery_meanwhile_is_taken_off_it(plant: World) -> None:
    (call,) = plant.packed(plant.summarized("DON1", qty="1"))
    deliver = partial(create_delivery.__wrapped__, call_ids=[call], actor=plant.actor, at=plant.now)

    answer = reordered_behind(plant, call, deliver)

    assert answer.refusal is None
    assert Delivery.objects.get().state == "cancelled"
    assert not DeliveryLine.objects.filter(live=True).exists()


def test_a_job_that_was_made_meanwhile_for_a_call_ends_with_it(plant: World) -> None:
    call = plant.call(plant.summarized("DON1", qty="1"))
    release = partial(release_calls.__wrapped__, call_ids=[call], actor=plant.actor, at=plant.now)

    answer = reordered_behind(plant, call, release)

    assert answer.refusal is None
    assert [job.state for job in Job.objects.order_by("pk")] == ["cancelled"]
