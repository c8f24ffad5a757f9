"""A declined cancellation leads back to where the call stood."""

import pytest

from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.errors import NothingRequested
from milkrun.demand.models import CallRequest, JitCall
from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid
from milkrun.production.models import JobLine
from milkrun.shipping.commands.decline_cancel import decline_cancel
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.demand.test_request_cancel import brought_to
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def ask(world: World, call: int) -> None:
    request_cancel(call_ids=(call,), reason="x", source="edi", actor=world.actor, at=world.later())


def decline(world: World, call: int, reason: str = "It is painted already.") -> tuple[str, ...]:
    return decline_cancel(call_id=call, reason=reason, actor=world.actor, at=world.later()).states


@pytest.mark.parametrize("stage", ["released", "ready", "packed", "on_delivery"])
def test_the_call_stands_again_where_it_stood(world: World, stage: str) -> None:
    call = brought_to(world, stage)
    ask(world, call)

    states = decline(world, call)

    wish = CallRequest.objects.get()
    assert (states, JitCall.objects.get().state) == ((stage,), stage)
    assert (wish.state, wish.note) == ("declined", "It is painted already.")
    assert verify().ok


def test_what_was_made_meanwhile_counts(world: World) -> None:
    call = brought_to(world, "released")
    ask(world, call)
    for line in JobLine.objects.all():
        world.make(line.job_id, *["1"] * JobLine.objects.count())
        break

    decline(world, call)

    assert JitCall.objects.get().state == "ready"
    assert verify().ok


def test_the_delivery_leaves_after_all(world: World) -> None:
    (call,) = world.packed(world.summarized("DON1", qty="1"))
    delivery = world.picked(call)
    ask(world, call)
    decline(world, call)

    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    assert JitCall.objects.get().state == "issued"


def test_it_takes_a_reason_and_an_open_wish(world: World) -> None:
    call = brought_to(world, "released")
    with refused(NothingRequested):
        decline(world, call)
    ask(world, call)
    with refused(Invalid):
        decline(world, call, "  ")
