"""A printer that refuses, hangs or breaks off: nothing is lost, nothing comes out twice unseen, others go on (F9)."""

import time
from datetime import timedelta

import pytest

from milkrun.gateway.printing import print_due
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor
from milkrun.printing.commands.claim_print_jobs import claim_print_jobs
from milkrun.printing.commands.print_label import LabelQueued
from milkrun.printing.commands.record_print_failure import PAUSES, record_print_failure
from milkrun.printing.commands.record_printed import record_printed
from milkrun.printing.commands.redirect_print_job import redirect_print_job
from milkrun.printing.errors import MayBePrinted, NewerLabel, PrintingNow, UnknownPrinter
from milkrun.printing.models import PrintJob
from tests.printing.plant import job, label, printer, unit, who
from tests.printing.stub import breaks_off_after, good, hangs, printer_that, refusing_port
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db
WORKER = Actor("worker", "worker")


def work(world: World) -> int:
    return print_due(actor=WORKER, at=world.later())


def redirect(world: World, made: LabelQueued, printer_id: int | None):
    return redirect_print_job(print_job_id=job(made).pk, printer_id=printer_id, **who(world))


def test_a_label_reaches_its_printer_whole_and_once(world: World) -> None:
    with printer_that(good) as zebra:
        made = label(world, unit(world, "3"), printer(world, zebra.port))

        counts = work(world), work(world)

    assert counts == (1, 0)
    assert (job(made).state, job(made).unsure) == ("sent", False)
    (zpl,) = zebra.got
    assert zpl.startswith(b"^XA^CI28")
    assert zpl.count(b"^XZ") == 1
    assert made.sscc.encode() in zpl


def test_a_printer_that_refuses_is_tried_again_with_the_same_copy_until_it_is_on(world: World) -> None:
    port = refusing_port()
    zebra_id = printer(world, port)
    made = label(world, unit(world), zebra_id)

    began = time.monotonic()
    work(world)
    after_one = job(made).state, job(made).error
    with printer_that(good) as zebra:
        printer(world, zebra.port)
        work(world)

    assert time.monotonic() - began < 6
    assert after_one == ("queued", "The printer does not answer: Connection refused.")
    assert (job(made).state, len(zebra.got)) == ("sent", 1)
    assert b"REPRINT" not in zebra.got[0]


def test_a_printer_that_stays_off_is_given_up_after_a_minute_and_another_takes_the_same_copy(world: World) -> None:
    made = label(world, unit(world), printer(world, refusing_port()))
    for _ in range(len(PAUSES) + 1):
        work(world)
    given_up = job(made)

    with printer_that(good) as other:
        redirect(world, made, printer(world, other.port, "ZEBRA2"))
        work(world)

    assert (given_up.state, given_up.unsure, given_up.attempts) == ("failed", False, len(PAUSES) + 1)
    assert sum(PAUSES, timedelta()) <= timedelta(seconds=60)
    assert (job(made).state, job(made).copy_no, len(other.got)) == ("sent", 1, 1)


def test_a_printer_that_hangs_is_known_of_within_three_seconds_and_never_printed_to_twice(world: World) -> None:
    with printer_that(hangs) as zebra:
        made = label(world, unit(world), printer(world, zebra.port))
        began = time.monotonic()

        work(world)
        took = time.monotonic() - began
        again = work(world)

    assert took < 3
    assert (job(made).state, job(made).unsure, again) == ("failed", True, 0)
    with refused(MayBePrinted):
        redirect(world, made, None)


@pytest.mark.parametrize("count", [1, 17, 900])
def test_after_a_line_that_broke_off_nothing_is_sent_again_unseen(world: World, count: int) -> None:
    pallet = unit(world)
    with printer_that(breaks_off_after(count)) as zebra:
        made = label(world, pallet, printer(world, zebra.port))
        work(world)
        work(world)

    assert (job(made).state, job(made).unsure, len(zebra.got)) == ("failed", True, 1)
    copy = label(world, pallet, reason="printer broke off")
    assert (copy.copy_no, job(copy).data["copy"]) == (2, "REPRINT 1")


def test_a_line_that_breaks_off_at_once_is_never_taken_for_printed(world: World) -> None:
    with printer_that(breaks_off_after(0)) as zebra:
        made = label(world, unit(world), printer(world, zebra.port))
        work(world)

    assert job(made).state in ("queued", "failed")
    assert job(made).error


def test_one_printer_s_trouble_is_not_another_s(world: World) -> None:
    with printer_that(hangs) as bad, printer_that(good) as zebra:
        stuck = label(world, unit(world), printer(world, bad.port, "BAD"))
        fine = [label(world, unit(world), printer(world, zebra.port, "GOOD")) for _ in range(3)]
        began = time.monotonic()

        work(world)

    assert time.monotonic() - began < 6
    assert [job(made).state for made in (stuck, *fine)] == ["failed", "sent", "sent", "sent"]
    assert [made.sscc.encode() in zpl for made, zpl in zip(fine, zebra.got, strict=True)] == [True] * 3


def test_a_printer_that_keeps_the_line_open_counts_when_it_has_the_bytes(world: World) -> None:
    with printer_that(hangs) as zebra:
        made = label(world, unit(world), printer(world, zebra.port, says_goodbye=False))

        work(world)

    assert job(made).state == "sent"


def test_a_worker_that_dies_while_sending_leaves_a_doubt_and_no_second_paper(world: World) -> None:
    made = label(world, unit(world), printer(world))
    (parcel,) = claim_print_jobs(at=world.later()).parcels

    with refused(PrintingNow):
        redirect_print_job(print_job_id=parcel.print_job_id, printer_id=None, actor=world.actor, at=world.now)
    later = claim_print_jobs(at=world.now + timedelta(minutes=1))

    assert (later.parcels, later.lost) == ((), 1)
    assert (job(made).state, job(made).unsure) == ("failed", True)
    with refused(Conflict):
        record_printed(print_job_id=parcel.print_job_id, lease=parcel.lease, **who(world))
    late = record_print_failure(
        print_job_id=parcel.print_job_id, lease=parcel.lease, error="x", unsure=False, **who(world)
    )
    assert late.state == "failed"


def test_the_browser_is_offered_where_no_printer_works_and_then_it_is_printed(world: World) -> None:
    made = label(world, unit(world), printer(world, refusing_port()))
    work(world)

    done = redirect(world, made, None)

    assert (done.state, done.printer, job(made).printer_id) == ("sent", "", None)
    with refused(MayBePrinted):
        redirect(world, made, None)


def test_an_old_failure_is_not_revived_beside_a_newer_label(world: World) -> None:
    pallet = unit(world)
    made = label(world, pallet, printer(world, refusing_port()))
    PrintJob.objects.filter(pk=job(made).pk).update(attempts=len(PAUSES))
    work(world)
    newer = label(world, pallet)

    assert newer.copy_no == 1
    with refused(NewerLabel):
        redirect(world, made, None)


def test_of_two_failures_of_one_number_only_one_is_sent_again(world: World) -> None:
    pallet, off = unit(world), printer(world, refusing_port())
    both = []
    for _ in range(2):
        both.append(label(world, pallet, off))
        PrintJob.objects.filter(pk=job(both[-1]).pk).update(attempts=len(PAUSES))
        work(world)

    redirect(world, both[0], None)

    assert [made.copy_no for made in both] == [1, 1]
    with refused(NewerLabel):
        redirect(world, both[1], None)


def test_a_label_is_not_sent_to_a_printer_nobody_knows(world: World) -> None:
    made = label(world, unit(world), printer(world))

    with refused(UnknownPrinter):
        redirect(world, made, 999_999)
