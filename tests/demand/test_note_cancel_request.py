"""A customer's wish that came too late stays visible on the call."""

import pytest

from milkrun.demand.commands.note_cancel_request import note_cancel_request
from milkrun.demand.models import JitCall
from milkrun.kernel.errors import NotFound
from milkrun.kernel.journal import history
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def test_the_wish_and_why_it_was_not_followed_stand_in_the_history(world: World) -> None:
    call_id = world.call(world.summarized("DON1"))

    note_cancel_request(call_id=call_id, reason="The call is packed.", actor=world.actor, at=world.later())

    line = history([("call", call_id)])[0]
    assert (line.action, line.reason) == ("refuse_cancel", "The call is packed.")
    assert JitCall.objects.get(pk=call_id).state == "created"


def test_an_unknown_call_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        note_cancel_request(call_id=0, reason="", actor=world.actor, at=world.later())
