"""Jobs for any signal: who may ask, how they begin, rest, move and end, and what their calls miss then."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.models import ComponentGroup
from milkrun.exchange.models import Notification
from milkrun.insight.queries import verify
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, Invalid
from milkrun.parts.commands.set_making import set_making
from milkrun.production.commands.cancel_job import cancel_job
from milkrun.production.commands.close_job import close_job
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.create_job import create_job
from milkrun.production.commands.pause_job import pause_job
from milkrun.production.commands.reschedule_job import reschedule_job
from milkrun.production.commands.start_job import start_job
from milkrun.production.errors import (
    CannotBeMade,
    JobNotEmpty,
    JobWithoutSignal,
    NoDemand,
    NothingToMake,
    ReportNotUnderstood,
    ReworkOpen,
    TooMuchConfirmed,
)
from milkrun.production.models import Job, JobLine
from milkrun.stock.models import Balance, Reservation
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def ask(world: World, **given: Any) -> Job:
    part = world.parts[given.pop("part", "SEAT-105A")]
    usual = {"part_id": part, "qty": Decimal(5), "due_at": world.now + timedelta(days=1)} | given
    return Job.objects.get(pk=create_job(site_id=world.site_id, **usual, **by(world)).job_id)


def released(world: World, qty: str = "10", number: str = "DON1") -> tuple[int, int]:
    call = world.call(world.summarized(number, qty=qty))
    return call, world.release(call).jobs[0].job_id


def on_hand(part: str = "SEAT-105A") -> Decimal:
    return sum((b.on_hand for b in Balance.objects.filter(part__number=part, location__kind="storage")), Decimal(0))


def test_a_job_for_a_card_goes_to_free_stock(world: World) -> None:
    job = ask(world, signal="kanban", signal_text="KB-0042")

    world.make(job.pk, "5")

    assert (job.signal, job.signal_text, on_hand(), Reservation.objects.count()) == ("kanban", "KB-0042", 5, 0)
    assert verify().ok


def test_a_job_of_a_released_call_names_the_call_that_asks_for_it(world: World) -> None:
    _, job = released(world)

    assert Job.objects.values_list("signal", "signal_text").get(pk=job) == ("call", "DON1")


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"signal": "manual"}, ["reason_missing"]),
        ({"signal": "kanban"}, ["signal_missing"]),
        ({"signal": "buffer", "qty": Decimal(0)}, ["signal_missing", "not_positive"]),
        ({"signal": "call"}, ["signal_missing"]),
        ({"signal": "repetitive"}, ["unknown_signal"]),
    ],
)
def test_a_job_without_what_asks_for_it_is_refused(world: World, given: dict, codes: list[str]) -> None:
    with refused(JobWithoutSignal) as caught:
        ask(world, **given)

    assert [problem.code for problem in caught.value.problems] == codes


def test_a_part_made_to_order_needs_a_call(world: World) -> None:
    set_making(part_id=world.parts["SEAT-105A"], made_here=True, make_to_order=True, **by(world))

    with refused(NoDemand):
        ask(world, signal="stock", signal_text="target 40")
    _call, job = released(world)

    assert Job.objects.get(pk=job).signal_text == "DON1"


def test_a_part_that_is_not_made_here_has_no_job(world: World) -> None:
    with refused(CannotBeMade):
        ask(world, part="FOAM", signal="manual", reason="try")


def test_a_paused_job_is_not_confirmed_until_it_goes_on(world: World) -> None:
    _, job = released(world)
    start_job(job_id=job, **by(world))
    pause_job(job_id=job, reason="shift ends", **by(world))

    with refused(IllegalMove):
        world.make(job, "10")
    start_job(job_id=job, source="MES line 4", **by(world))
    world.make(job, "10")

    line = journal.history([("job", job)])[1]
    assert (line.action, line.before, line.after, line.facts) == (
        "start_job", "paused", "open", {"source": "MES line 4"}
    )  # fmt: skip
    assert verify().ok


def test_what_a_call_misses_after_its_job_was_closed_is_made_by_another_job(world: World) -> None:
    call, first = released(world)
    world.make(first, "4")

    ended = close_job(job_id=first, reason="the tool broke", **by(world))
    group = ComponentGroup.objects.get(call_id=call)
    assert (ended.state, ended.missing_calls, group.state, group.production) == (
        "closed",
        ("DON1",),
        "released",
        "none",
    )
    again = ask(world, signal="call", call_id=call, part_id=None, qty=None)
    world.make(again.pk, "6")

    assert JobLine.objects.get(job=again).qty == 6
    assert ComponentGroup.objects.get(call_id=call).state == "ready"
    assert sum(row.qty for row in Reservation.objects.filter(state="open")) == 10
    with refused(NothingToMake):
        ask(world, signal="call", call_id=call, part_id=None, qty=None)
    assert verify().ok


def test_a_call_is_not_ready_while_what_it_misses_has_no_job(world: World) -> None:
    from tests.world import REST, SEAT

    call = world.call(world.summarized("DON1", parts=(SEAT, REST), qty="3"))
    seat, rest = (job.job_id for job in world.release(call).jobs)
    cancel_job(job_id=seat, reason="no cover", **by(world))

    world.make(rest, "3")

    assert ComponentGroup.objects.get(call_id=call).state == "released"


def test_a_job_of_which_something_was_made_is_closed_not_cancelled(world: World) -> None:
    _, job = released(world)
    world.make(job, "1")

    with refused(JobNotEmpty):
        cancel_job(job_id=job, reason="x", **by(world))
    with refused(Invalid):
        close_job(job_id=job, reason=" ", **by(world))


def test_moving_a_job_past_what_the_customer_requires_tells_everybody(world: World) -> None:
    call, job = released(world)
    due = Job.objects.get(pk=job).due_at

    inside = reschedule_job(job_id=job, due_at=due - timedelta(hours=1), reason="earlier slot", **by(world))
    late = reschedule_job(job_id=job, due_at=due + timedelta(days=2), reason="frames are late", **by(world))

    assert (inside.late_calls, late.late_calls) == ((), ("DON1",))
    assert "OEM01" not in inside.told
    assert {"material_planner", "OEM01"} <= set(late.told)
    letter = Notification.objects.get(partner_id=world.partner_id, kind="promise_moved")
    assert (letter.kind, letter.subject) == ("promise_moved", "New date for call DON1")
    assert "frames" not in letter.body
    assert Notification.objects.filter(role="shipping", kind="job_moved").count() == 2
    line = journal.history([("call", call)])[0]
    assert (line.action, line.reason, line.facts["date"]) == (
        "promise_moved", "frames are late", (due + timedelta(days=2)).isoformat()
    )  # fmt: skip
    with refused(Invalid):
        reschedule_job(job_id=job, due_at=late.due_at, reason="again", **by(world))


def test_rework_uses_components_once_and_the_sum_of_what_was_reported_holds(world: World) -> None:
    _, job = released(world)

    def report(**qty: str) -> None:
        figures = {name: Decimal(value) for name, value in qty.items()}
        confirm_job(job_id=job, reports=(JobReport(1, **({"good": Decimal(0)} | figures)),), **by(world))

    report(good="4", rework="3")
    with refused(TooMuchConfirmed):
        report(good="4")
    with refused(ReportNotUnderstood):
        report(good="4", from_rework="4")
    with refused(ReworkOpen):
        close_job(job_id=job, reason="x", **by(world))
    report(good="2", scrap="1", from_rework="3")
    report(good="4")

    line = JobLine.objects.get(job_id=job)
    assert (line.good_qty, line.scrap_qty, line.rework_qty, Job.objects.get(pk=job).state) == (10, 1, 0, "done")
    assert Balance.objects.get(part__number="FRAME", location__kind="line").on_hand == 1000 - 11
    assert verify().ok
