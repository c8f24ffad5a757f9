"""The floor reports; stock follows, or the confirmation stays with its cause."""

from decimal import Decimal

import pytest

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.errors import ReportNotUnderstood, TooMuchConfirmed
from milkrun.production.models import Confirmation, Job, JobLine
from milkrun.stock.models import Balance, Movement, Reservation
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def released(world: World, qty: str = "10") -> tuple[int, int]:
    call = world.call(world.summarized("DON1", qty=qty))
    return call, world.release(call).jobs[0].job_id


def confirm(world: World, job_id: int, *reports: JobReport):
    return confirm_job(job_id=job_id, reports=reports, actor=world.actor, at=world.later())


def balance(part: str, kind: str) -> Decimal:
    rows = Balance.objects.filter(part__number=part, location__kind=kind)
    return sum((row.on_hand for row in rows), Decimal(0))


def test_good_pieces_come_to_storage_reserved_and_components_are_used_up(world: World) -> None:
    call, job = released(world)

    done = confirm(world, job, JobReport(1, Decimal(10)))

    assert (done.state, [m.posted for m in done.confirmations]) == ("done", [True])
    assert (balance("SEAT-105A", "storage"), Reservation.objects.get().qty) == (10, 10)
    assert (balance("FOAM", "line"), balance("FRAME", "line")) == (Decimal("997"), Decimal("990"))
    group = ComponentGroup.objects.get(call_id=call)
    assert (group.state, group.production, group.stock_posting) == ("ready", "confirmed", "posted")
    assert JitCall.objects.get(pk=call).state == "ready"


def test_scrap_uses_components_too_and_leaves_the_line_open(world: World) -> None:
    call, job = released(world)

    done = confirm(world, job, JobReport(1, Decimal(4), Decimal(2), "torn seam"))

    line = JobLine.objects.get(job_id=job)
    scrapped = Movement.objects.get(to_location__kind="scrap")
    assert (done.state, line.good_qty, line.scrap_qty, scrapped.qty) == ("open", 4, 2, 2)
    assert balance("FRAME", "line") == 994
    assert ComponentGroup.objects.get(call_id=call).state == "released"


def test_short_components_do_not_stop_the_floor_the_confirmation_says_what_is_short(world: World) -> None:
    call, job = released(world, qty="2000")

    done = confirm(world, job, JobReport(1, Decimal(2000)))

    row = Confirmation.objects.get()
    assert (done.confirmations[0].posted, row.state, row.tries, row.failure_code) == (False, "failed", 1, "short_stock")
    assert row.failure_facts["shortages"] == [{"part": "FRAME", "location": "LINE1", "wanted": "2000", "free": "1000"}]
    assert "FRAME at LINE1: wanted 2000, free 1000" in row.failure
    assert (balance("SEAT-105A", "storage"), balance("FOAM", "line"), Reservation.objects.count()) == (0, 1000, 0)
    group = ComponentGroup.objects.get(call_id=call)
    assert (group.state, group.stock_posting) == ("ready", "failed")


def test_one_failing_line_leaves_the_other_posted(world: World) -> None:
    calls = [world.call(world.sequenced(n, parts=(SEAT,))) for n in (471, 472)]
    job = world.release(*calls).jobs[0].job_id
    JobLine.objects.filter(job_id=job, position=2).update(qty=Decimal(5000))

    done = confirm(world, job, JobReport(1, Decimal(1)), JobReport(2, Decimal(5000)))

    assert [m.posted for m in done.confirmations] == [True, False]
    words = dict(ComponentGroup.objects.values_list("call_id", "stock_posting"))
    assert words == {calls[0]: "posted", calls[1]: "failed"}


def test_the_journal_keeps_the_report(world: World) -> None:
    _, job = released(world)

    confirm(world, job, JobReport(1, Decimal(4), Decimal(1)))

    line = journal.history([("job", job)])[0]
    assert (line.action, line.facts) == ("confirm_job", {"lines": [[1, "4", "1"]], "failed": []})


def test_more_than_is_open_is_refused_with_both_figures(world: World) -> None:
    _, job = released(world)
    confirm(world, job, JobReport(1, Decimal(4)))

    with refused(TooMuchConfirmed) as caught:
        confirm(world, job, JobReport(1, Decimal("6.000001")))

    assert caught.value.message == "Line 1: 6.000001 reported, 6 open."


@pytest.mark.parametrize(
    ("reports", "codes"),
    [
        ((), ["empty"]),
        ((JobReport(7, Decimal(1)),), ["unknown_line"]),
        ((JobReport(1, Decimal(0)),), ["not_positive"]),
        ((JobReport(1, Decimal(-1)),), ["not_positive"]),
        ((JobReport(1, Decimal(1), Decimal(-1)),), ["not_positive"]),
        ((JobReport(1, Decimal("NaN")),), ["not_positive"]),
        ((JobReport(1, Decimal("0.0000001")),), ["not_positive"]),
        ((JobReport(1, Decimal(1)), JobReport(1, Decimal(1))), ["line_twice"]),
        ((JobReport(1, Decimal(0)), JobReport(7, Decimal(1))), ["not_positive", "unknown_line"]),
    ],
)
def test_an_impossible_report_is_refused_with_every_reason(world: World, reports: tuple, codes: list[str]) -> None:
    _, job = released(world)

    with refused(ReportNotUnderstood) as caught:
        confirm(world, job, *reports)

    assert [problem.code for problem in caught.value.problems] == codes


def test_a_done_job_is_not_confirmed_again(world: World) -> None:
    _, job = released(world)
    confirm(world, job, JobReport(1, Decimal(10)))

    with refused(IllegalMove):
        confirm(world, job, JobReport(1, Decimal(1)))


def test_an_unknown_job_is_not_found(world: World) -> None:
    with refused(NotFound):
        confirm(world, 0, JobReport(1, Decimal(1)))

    assert not Job.objects.exists()


def test_the_oldest_lot_is_used_first(world: World) -> None:
    from milkrun.parts.commands.create_part import Ingredient, create_part
    from milkrun.parts.models import BomLine, Part
    from milkrun.stock.commands.receive_stock import receive_stock

    who = {"actor": world.actor, "at": world.later()}
    glue = create_part(number="GLUE", lot_tracked=True, supply_location="LINE1", **who).part_id
    assert Ingredient("GLUE", Decimal(1)).number == "GLUE"
    BomLine.objects.create(part=Part.objects.get(number="SEAT-105A"), component_id=glue, qty=Decimal(1))
    for lot in ("L1", "L2"):
        receive_stock(
            site_id=world.site_id, part_id=glue, location_id=world.places["LINE1"], qty=Decimal(6), lot_no=lot, **who
        )
    _, job = released(world)

    confirm(world, job, JobReport(1, Decimal(10)))

    used = Movement.objects.filter(part_id=glue, to_location__kind="production").order_by("lot__number")
    assert list(used.values_list("lot__number", "qty")) == [("L1", Decimal(6)), ("L2", Decimal(4))]
