"""Failed postings in bulk: one answer each, none twice, an owner, and reports of machines that we had to refuse."""

from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.models import ComponentGroup
from milkrun.insight.queries import verify
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.parts.commands.create_part import create_part
from milkrun.parts.models import BomLine
from milkrun.production.commands.assign_postings import assign_postings
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.keep_refused_report import keep_refused_report
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.commands.reverse_confirmation import reverse_confirmation
from milkrun.production.commands.settle_refused_report import settle_refused_report
from milkrun.production.models import Confirmation, Job, JobLine, RefusedReport
from milkrun.stock.models import Balance, Posting, Reservation
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db
PIECES = 50  # of one job


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def confirmed(world: World, qty: str = "10") -> tuple[int, Confirmation]:
    call = world.call(world.summarized("DON1", qty=qty))
    world.make(world.release(call).jobs[0].job_id, qty)
    return call, Confirmation.objects.get()


def stock() -> dict[str, Decimal]:
    rows = Balance.objects.values_list("part__number", "location__code", "on_hand", "reserved")
    return {f"{part} {place}": (there, kept) for part, place, there, kept in rows if there}


def report_mixed_pieces(world: World, number: str, seat: int, rest: int) -> None:
    """Report a job piece by piece; every tenth is of the part that needs what is not there."""
    call = world.call(world.summarized(number, qty=str(PIECES)))
    job = world.release(call).jobs[0].job_id
    JobLine.objects.filter(job_id=job).delete()
    component = ComponentGroup.objects.get(call_id=call).components.get()
    JobLine.objects.bulk_create(
        JobLine(
            site_id=world.site_id, job_id=job, position=n, qty=Decimal(1), part_id=seat if n % 10 else rest,
            component=component if n % 10 else None,
        )
        for n in range(1, PIECES + 1)
    )  # fmt: skip
    Job.objects.filter(pk=job).update(signal="stock", signal_text="mixed")
    for n in range(1, PIECES + 1):
        confirm_job(job_id=job, reports=(JobReport(n, Decimal(1)),), **by(world))


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.full)])
def test_of_many_confirmations_each_tenth_waits_and_is_posted_once_its_cause_is_gone(world: World, count: int) -> None:
    missing = create_part(number="CLIP", supply_location="LINE1", **by(world)).part_id
    seat, rest = world.parts["SEAT-105A"], world.parts["REST-106B"]
    BomLine.objects.create(part_id=rest, component_id=missing, qty=Decimal(1))
    world.receive("FRAME", "1000", "LINE1")
    for number in range(count // PIECES):
        report_mixed_pieces(world, f"DON{number}", seat, rest)
    waiting = list(Confirmation.objects.filter(state="failed").values_list("pk", flat=True))
    assert (len(waiting), Confirmation.objects.filter(state="posted").count()) == (count // 10, count - count // 10)

    early = reprocess_postings(confirmation_ids=waiting, **by(world))
    world.parts["CLIP"] = missing
    world.receive("CLIP", str(count), "LINE1")
    half = waiting[: len(waiting) // 2]
    first = reprocess_postings(confirmation_ids=half, **by(world))
    second = reprocess_postings(confirmation_ids=[*waiting, 0], **by(world))

    assert {answer.outcome for answer in early.answers} == {"failed"}
    assert "CLIP at LINE1" in early.answers[0].message
    assert [a.outcome for a in first.answers] == ["posted"] * len(half)
    assert [a.outcome for a in second.answers] == (
        ["refused"] * len(half) + ["posted"] * (len(waiting) - len(half)) + ["refused"]
    )
    assert not Confirmation.objects.exclude(state="posted").exists()
    assert Posting.objects.filter(kind="production").count() == count
    assert Balance.objects.get(part_id=rest, location__kind="storage").on_hand == count // 10


def test_retrying_none_is_refused(world: World) -> None:
    with refused(Invalid):
        reprocess_postings(confirmation_ids=(), **by(world))


def test_what_is_taken_back_leaves_exactly_what_was_there(world: World) -> None:
    call = world.call(world.summarized("DON1", qty="10"))
    job = world.release(call).jobs[0].job_id
    before = stock()
    confirm_job(job_id=job, reports=(JobReport(1, Decimal(10), Decimal(1)),), **by(world))

    done = reverse_confirmation(confirmation_id=Confirmation.objects.get().pk, reason="wrong job", **by(world))

    assert (stock(), done.job_state) == (before, "open")
    assert ComponentGroup.objects.get(call_id=call).state == "released"
    assert not Reservation.objects.filter(state="open").exists()
    with refused(IllegalMove):
        reverse_confirmation(confirmation_id=Confirmation.objects.get().pk, reason="again", **by(world))
    world.make(job, "10")
    assert ComponentGroup.objects.get(call_id=call).state == "ready"
    assert verify().ok


def test_taking_one_of_two_reports_back_keeps_the_other_for_the_call(world: World) -> None:
    call = world.call(world.summarized("DON1", qty="10"))
    job = world.release(call).jobs[0].job_id
    for qty in ("4", "6"):
        world.make(job, qty)

    reverse_confirmation(confirmation_id=Confirmation.objects.earliest("pk").pk, reason="x", **by(world))

    assert sum(row.qty for row in Reservation.objects.filter(state="open")) == 6
    assert verify().ok


def test_a_failed_confirmation_is_taken_back_without_a_posting(world: World) -> None:
    call, row = confirmed(world, "1200")
    assert row.state == "failed"

    reverse_confirmation(confirmation_id=row.pk, reason="never made", **by(world))

    group = ComponentGroup.objects.get(call_id=call)
    assert (group.state, group.stock_posting, Posting.objects.filter(kind="production").count()) == (
        "released", "posted", 0
    )  # fmt: skip
    assert verify().ok


def test_what_is_in_packing_is_not_taken_back(world: World) -> None:
    world.packed(world.sequenced(471, parts=(SEAT,)))

    with refused(IllegalMove):
        reverse_confirmation(confirmation_id=Confirmation.objects.get().pk, reason="x", **by(world))
    with refused(NotFound):
        reverse_confirmation(confirmation_id=0, reason="x", **by(world))


def test_a_posting_has_an_owner_who_works_here(world: World) -> None:
    from milkrun.partners.commands.create_user import create_user

    _, row = confirmed(world, "1200")
    user = create_user(
        email="sven@x.example", name="Sven", password="correct horse", roles=("supervisor",), **by(world)
    )

    done = assign_postings(confirmation_ids=(row.pk,), user_id=user.user_id, **by(world))

    assert (done.owner, Confirmation.objects.get().owner_id) == ("Sven", user.user_id)
    with refused(Invalid):
        assign_postings(confirmation_ids=(row.pk,), user_id=0, **by(world))
    assert assign_postings(confirmation_ids=(row.pk,), user_id=None, **by(world)).owner == ""


def test_a_refused_report_waits_until_somebody_says_what_was_done(world: World) -> None:
    _, row = confirmed(world)
    kept = keep_refused_report(
        job_id=row.line.job_id, what="confirm_job", content={"good": "5"}, code="illegal_move",
        message="Job is done.", source="MES line 4", **by(world),
    )  # fmt: skip

    with refused(Invalid):
        settle_refused_report(report_id=kept.report_id, note="", **by(world))
    settle_refused_report(report_id=kept.report_id, note="Pieces were scrapped.", **by(world))

    assert RefusedReport.objects.get().state == "settled"
    with refused(IllegalMove):
        settle_refused_report(report_id=kept.report_id, note="again", **by(world))
