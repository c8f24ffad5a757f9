"""A release reserves finished stock first and makes jobs for the rest."""

from decimal import Decimal

import pytest

from milkrun.demand.commands.configure_stream import StreamRules, configure_stream
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.kernel import journal
from milkrun.parts.models import Part
from milkrun.production.commands.release_calls import CallAnswer, release_calls
from milkrun.production.models import Job, JobLine
from milkrun.stock.models import Balance, Reservation
from tests.world import REST, SEAT, UNKNOWN, World

pytestmark = pytest.mark.django_db


def answers(world: World, *call_ids: int) -> tuple[CallAnswer, ...]:
    """Release calls; returns what became of each."""
    return release_calls(call_ids=call_ids, actor=world.actor, at=world.later()).answers


def test_sequenced_calls_of_one_rack_become_one_job_in_sequence(world: World) -> None:
    late, early = world.call(world.sequenced(472)), world.call(world.sequenced(471))

    done = world.release(late, early)

    lines = JobLine.objects.filter(job_id=done.jobs[0].job_id).order_by("position")
    assert len(done.jobs) == 1
    assert [line.component.group.call_id for line in lines] == [early, early, late, late]
    assert {g.state for g in ComponentGroup.objects.all()} == {"released"}
    assert {g.production for g in ComponentGroup.objects.all()} == {"planned"}


def test_calls_of_two_racks_become_two_jobs(world: World) -> None:
    calls = [world.call(world.sequenced(number)) for number in (480, 481)]

    assert len(world.release(*calls).jobs) == 2


def test_a_summarised_call_becomes_one_job_a_part(world: World) -> None:
    done = world.release(world.call(world.summarized("DON1", parts=(SEAT, REST))))

    titles = Job.objects.filter(pk__in=[job.job_id for job in done.jobs]).values_list("title", flat=True)
    assert sorted(titles) == ["REST-106B", "SEAT-105A"]


@pytest.mark.requirement("SAP-16")
def test_finished_stock_is_reserved_and_only_the_rest_is_made(world: World) -> None:
    world.receive("SEAT-105A", "30", "FG")
    call = world.call(world.summarized("DON1", qty="48"))

    done = world.release(call)

    assert (done.ready_calls, [line.qty for line in JobLine.objects.all()]) == ((), [Decimal(18)])
    assert Balance.objects.get(part__number="SEAT-105A", location__kind="storage").reserved == 30
    assert Reservation.objects.get().qty == 30


def test_a_call_that_stock_covers_is_ready_at_once_without_a_job(world: World) -> None:
    world.receive("SEAT-105A", "48", "FG")
    call = world.call(world.summarized("DON1", qty="48"))

    done = world.release(call)

    group = ComponentGroup.objects.get(call_id=call)
    assert (done.jobs, done.ready_calls) == ((), (call,))
    assert (group.state, group.production, JitCall.objects.get(pk=call).state) == ("ready", "not_needed", "ready")


def test_the_first_call_in_the_order_gets_the_stock(world: World) -> None:
    world.receive("SEAT-105A", "1", "FG")
    second, first = (world.call(world.sequenced(n, parts=(SEAT,))) for n in (472, 471))

    done = world.release(second, first)

    assert done.ready_calls == (first,)


def test_the_journal_tells_each_step_of_a_call_ready_from_stock(world: World) -> None:
    world.receive("SEAT-105A", "48", "FG")
    call = world.call(world.summarized("DON1", qty="48"))

    world.release(call)

    steps = [(line.action, line.before, line.after) for line in journal.history([("call", call)])]
    assert steps == [
        ("reserve_stock", "released", "ready"),
        ("release_call", "created", "released"),
        ("receive_jit_call", "", "created"),
    ]


def test_an_unmatched_call_is_refused_with_what_it_lacks_and_the_others_go_on(world: World) -> None:
    good, bad = world.call(world.sequenced(471)), world.call(world.sequenced(472, parts=(SEAT, UNKNOWN)))

    done = answers(world, bad, good)

    assert [(a.number, a.outcome, a.code) for a in done] == [
        ("CALL/472", "refused", "call_unmatched"),
        ("CALL/471", "released", ""),
    ]
    assert f"Part {UNKNOWN} is not known for this customer." in done[0].message


def test_a_bought_part_that_is_short_is_refused_with_the_quantity(world: World) -> None:
    Part.objects.filter(number="SEAT-105A").update(made_here=False)
    world.receive("SEAT-105A", "40", "FG")

    call = world.call(world.summarized("DON1", qty="48"))

    (answer,) = answers(world, call)

    assert (answer.outcome, answer.code) == ("refused", "cannot_be_made")
    assert "8 of SEAT-105A are short" in answer.message
    assert not Reservation.objects.exists()


def test_a_call_is_released_once(world: World) -> None:
    call = world.call(world.sequenced(471))
    world.release(call)

    (again,) = answers(world, call)

    assert (again.outcome, again.code) == ("refused", "illegal_move")
    assert "is released" in again.message


def test_a_cancelled_or_unknown_call_is_not_released(world: World) -> None:
    call = world.call(world.sequenced(471))
    request_cancel(call_ids=(call,), reason="x", source="manual", actor=world.actor, at=world.later())

    assert [a.code for a in answers(world, call, 0)] == ["illegal_move", "not_found"]
    assert answers(world) == ()


def gap_rule_at_release(world: World, rule: str) -> None:
    """Set what a gap does when calls are released."""
    configure_stream(
        site_id=world.site_id, partner_id=world.partner_id, ship_to_code="21", code="03",
        rules=StreamRules(release_rule=rule), actor=world.actor, at=world.later(),
    )  # fmt: skip


@pytest.mark.parametrize(("rule", "word"), [("none", "released"), ("warn", "released"), ("block", "refused")])
def test_a_gap_holds_what_stands_behind_it_as_the_stream_says(world: World, rule: str, word: str) -> None:
    first, behind = (world.call(world.sequenced(number)) for number in (471, 473))
    gap_rule_at_release(world, rule)

    done = answers(world, behind, first)

    assert [a.outcome for a in done] == [word, "released"]
    assert ("472 would be left behind" in done[0].message) == (rule != "none")
    assert done[0].code == ("sequence_gap" if rule == "block" else "")
    warned = [line.reason for line in journal.history([("call", behind)]) if line.action == "warn_of_gap"]
    assert len(warned) == (rule == "warn")
    late = world.call(world.sequenced(472))
    assert {a.outcome for a in answers(world, late, behind)} <= {"released", "refused"}
    assert ComponentGroup.objects.filter(state="released").count() == 3


@pytest.mark.parametrize(("rule", "word"), [("warn", "released"), ("block", "refused")])
def test_what_stands_behind_a_call_whose_bought_part_is_short_is_held_as_the_stream_says(
    world: World, rule: str, word: str
) -> None:
    Part.objects.filter(number="REST-106B").update(made_here=False)
    ahead = world.call(world.sequenced(470, parts=(SEAT,)))
    short = world.call(world.sequenced(471, parts=(REST,)))
    behind = [world.call(world.sequenced(472, parts=(SEAT,))), world.call(world.sequenced(473, parts=(REST,)))]
    gap_rule_at_release(world, rule)

    done = answers(world, *reversed(behind), short, ahead)

    assert [(a.number, a.outcome, a.code) for a in done[2:]] == [
        ("CALL/471", "refused", "cannot_be_made"), ("CALL/470", "released", ""),
    ]  # fmt: skip
    made = done[1]
    assert (made.outcome, "471 would be left behind" in made.message) == (word, True)
    assert done[0].code == ("sequence_gap" if rule == "block" else "cannot_be_made")
    assert JitCall.objects.get(pk=behind[0]).state == ("created" if rule == "block" else "released")
