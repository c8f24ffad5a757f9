"""Calls on hold stand still until they are resumed; each of a selection has its own answer."""

import pytest

from milkrun.demand.commands.hold_calls import hold_calls
from milkrun.demand.commands.resume_calls import resume_calls
from milkrun.demand.models import JitCall
from milkrun.kernel import journal
from milkrun.production.commands.release_calls import release_calls
from tests.world import UNKNOWN, World

pytestmark = pytest.mark.django_db


def test_nothing_goes_on_with_a_held_call_until_it_is_resumed(world: World) -> None:
    call = world.call(world.summarized("DON1"))
    who = {"reason": "drawing changes", "actor": world.actor}
    hold_calls(call_ids=(call,), at=world.later(), **who)

    (answer,) = release_calls(call_ids=(call,), actor=world.actor, at=world.later()).answers
    assert answer.code == "call_held"

    resume_calls(call_ids=(call,), at=world.later(), **who)
    world.release(call)
    lines = journal.history([("call", call)])
    assert [line.action for line in lines if line.action in ("hold_call", "resume_call")] == [
        "resume_call", "hold_call"
    ]  # fmt: skip


def test_what_has_no_next_step_is_not_held_and_again_is_unchanged(world: World) -> None:
    call = world.call(world.summarized("DON1"))
    cancelled = world.call(world.summarized("DON2"))
    JitCall.objects.filter(pk=cancelled).update(state="completed")
    who = {"reason": "x", "actor": world.actor, "at": world.later()}
    hold_calls(call_ids=(call,), **who)

    answers = hold_calls(call_ids=(call, cancelled), **who).answers

    assert [(a.outcome, a.code) for a in answers] == [("unchanged", ""), ("refused", "illegal_move")]


def test_a_release_of_many_leaves_out_what_cannot_go_and_says_why(world: World) -> None:
    fine, held, unknown = (
        world.call(world.summarized("A")), world.call(world.summarized("B")),
        world.call(world.summarized("C", (UNKNOWN,))),
    )  # fmt: skip
    hold_calls(call_ids=(held,), reason="x", actor=world.actor, at=world.later())

    done = release_calls(call_ids=(unknown, fine, held), actor=world.actor, at=world.later())

    assert [(a.number, a.code) for a in done.answers] == [("C", "call_unmatched"), ("A", ""), ("B", "call_held")]
    assert len(done.jobs) == 1


def test_a_hundred_calls_cost_hardly_more_statements_than_one(world: World, django_assert_max_num_queries) -> None:
    calls = [world.call(world.summarized(f"DON{number}", qty="1")) for number in range(100)]

    with django_assert_max_num_queries(12):
        hold_calls(call_ids=calls, reason="x", actor=world.actor, at=world.later())
    with django_assert_max_num_queries(12):
        resume_calls(call_ids=calls, reason="x", actor=world.actor, at=world.later())
    with django_assert_max_num_queries(40):
        done = release_calls(call_ids=calls, actor=world.actor, at=world.later())

    assert {a.outcome for a in done.answers} == {"released"}
