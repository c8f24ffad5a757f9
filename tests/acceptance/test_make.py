"""Production, door to door: what a planner, an operator, a supervisor and a machine see and do."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.models import JitCall
from milkrun.exchange.models import Notification
from milkrun.insight.queries import verify
from milkrun.parts.commands.create_part import Ingredient, create_part
from milkrun.parts.commands.create_work_centre import create_work_centre
from milkrun.parts.commands.set_making import set_making
from milkrun.parts.commands.set_routing import StepInput, set_routing
from milkrun.production.commands.create_job import create_job
from milkrun.production.models import Confirmation, Job, ProductionRun, RefusedReport
from milkrun.stock.models import Balance, Posting
from tests.api.machine import machine
from tests.web.conftest import door as door_fixture
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db
door = door_fixture
SITE = "/sites/MAIN"


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def waiting(world: World, number: str = "DON1", qty: str = "10") -> int:
    return world.call(world.summarized(number, qty=qty))


def stock_of(part: str = "SEAT-105A") -> Decimal:
    rows = Balance.objects.filter(part__number=part, location__kind="storage")
    return sum((row.on_hand for row in rows), Decimal(0))


@pytest.mark.requirement("SAP-05")
def test_a_planner_releases_a_summarised_part_and_a_rack_and_sees_jobs_with_quantity_and_due_time(
    world: World, door: Callable[[str], Door]
) -> None:
    planner = door("production_planner")
    summarised, *rack = (waiting(world, qty="48"), *[world.call(world.sequenced(n)) for n in (471, 472)])

    planner.send("/calls/release", call=[public_id_of_call(key) for key in (summarised, *rack)])

    text = text_of(planner.get("/jobs"))
    jobs = {job.title: job for job in Job.objects.all()}
    assert set(jobs) == {"SEAT-105A", "Rack SV 48"}
    for job in jobs.values():
        assert job.number in text
    assert "2026-11-22 10:50 CET" in text
    assert "48 pcs good" in text_of(planner.get(f"/jobs/{jobs['SEAT-105A'].public_id}"))
    assert "0 pcs of 1 pcs good" in text_of(planner.get(f"/jobs/{jobs['Rack SV 48'].public_id}"))


@pytest.mark.requirement("SAP-07")
def test_an_operator_scans_a_job_on_the_tablet_and_stock_and_call_follow_at_once(
    world: World, door: Callable[[str], Door]
) -> None:
    call = waiting(world)
    job = Job.objects.get(pk=world.release(call).jobs[0].job_id)
    tablet = door("operator")

    wrong = tablet.get("/jobs/card", {"scan": "J999999"})
    card = tablet.get("/jobs/card", {"scan": job.number}, follow=True)
    first = tablet.send(f"/jobs/card/{job.public_id}/confirm", good_1="4", scrap_1="1", scrap_reason="torn", line="1")
    state, there = JitCall.objects.get(pk=call).state, stock_of()
    last = tablet.send(f"/jobs/card/{job.public_id}/confirm", scan=SEAT)

    assert "J999999 is no job" in text_of(wrong)
    assert "10 pcs of 10 pcs to make" in text_of(card)
    assert "6 pcs of 10 pcs to make" in text_of(first)
    assert (state, there) == ("released", 4)
    assert "Everything is made" in text_of(last)
    assert (JitCall.objects.get(pk=call).state, stock_of()) == ("ready", 10)
    assert Balance.objects.get(part__number="FRAME", location__kind="line").on_hand == 1000 - 11


@pytest.mark.requirement("SAP-17")
def test_production_is_confirmed_by_a_user_or_a_machine_and_the_call_stands_at_produced(
    world: World, door: Callable[[str], Door]
) -> None:
    by_hand, by_machine = waiting(world, "HAND"), waiting(world, "MES")
    for call in (by_hand, by_machine):
        world.release(call)
    jobs = {job.signal_text: job.public_id for job in Job.objects.all()}

    door("operator").send(f"/jobs/{jobs['HAND']}/confirm", good_1="10")
    machine("confirm_job").do(f"{SITE}/jobs/{jobs['MES']}/confirm", {"reports": [{"position": 1, "good": "10"}]})

    for call in (by_hand, by_machine):
        page = text_of(door("production_planner").get(f"/calls/{public_id_of_call(call)}"))
        assert "Ready to pack" in page
        assert "Production Confirmed" in page


@pytest.mark.requirement("WMS-03")
def test_every_job_shows_its_signal_one_by_hand_its_reason_and_a_strict_item_needs_demand(
    world: World, door: Callable[[str], Door]
) -> None:
    planner = door("production_planner")
    form = {"part": "SEAT-105A", "qty": "5", "due_at": "2026-12-01T06:00"}
    world.release(waiting(world, "DON77"))

    without = planner.send("/jobs/new", signal="manual", **form)
    for signal, text in (("kanban", "KB-0042"), ("release", "R-7"), ("buffer", "SEAT buffer"), ("stock", "Target 40")):
        planner.send("/jobs/new", signal=signal, signal_text=text, **form)
    planner.send("/jobs/new", signal="manual", reason="Trade fair", **form)
    set_making(part_id=world.parts["SEAT-105A"], made_here=True, make_to_order=True, **by(world))
    strict = planner.send("/jobs/new", signal="stock", signal_text="Target 40", **form)
    world.release(waiting(world, "DON78"))

    listed = text_of(planner.get("/jobs"))
    assert (without.status_code, "says why" in text_of(without)) == (422, True)
    assert (strict.status_code, "made to order" in text_of(strict)) == (409, True)
    for shown in ("Kanban card KB-0042", "Customer release R-7", "Buffer SEAT buffer", "Stock target Target 40",
                  "By hand Trade fair", "Call DON77", "Call DON78"):  # fmt: skip
        assert shown in listed
    assert Job.objects.count() == 7


@pytest.mark.requirement("WMS-04")
def test_a_job_leads_to_the_customer_it_serves_and_a_call_back_to_all_that_was_made(
    world: World, door: Callable[[str], Door]
) -> None:
    glue = create_part(number="GLUE", lot_tracked=True, supply_location="LINE1", **by(world)).part_id
    part = create_part(
        number="TRIM", made_here=True, lot_tracked=True, bom=(Ingredient("GLUE", Decimal(1)),), **by(world)
    ).part_id
    _sell(world, part)
    _glue(world, glue)
    call = world.call(world.summarized("DON5", parts=("5N0 881 900 T",), qty="3"))
    job = Job.objects.get(pk=world.release(call).jobs[0].job_id)
    mes = machine("*")
    report = {"position": 1, "good": "3", "lot_no": "T-2611"}
    mes.do(f"{SITE}/jobs/{job.public_id}/confirm", {"source": "MES line 4", "reports": [report]})
    world.pack(call)
    delivery = world.deliver(call)

    planner = door("supervisor")
    forth = text_of(planner.get(f"/jobs/{job.public_id}"))
    back = text_of(planner.get(f"/calls/{public_id_of_call(call)}"))
    machine_back = mes.read(f"{SITE}/calls/{public_id_of_call(call)}/pegging")
    machine_forth = mes.read(f"{SITE}/jobs/{job.public_id}/pegging")

    for shown in ("DON5", "OEM01 Example Motors", delivery.number):
        assert shown in forth
    for shown in (job.number, "MES line 4", "T-2611", "GLUE G-1"):
        assert shown in back
    posting = Posting.objects.get(document_kind="confirmation").public_id
    assert [(m["posting"], m["used_lots"]) for m in machine_back["made"]] == [(posting, ["GLUE G-1"])]
    assert [(s["call"], s["customer"], s["deliveries"][0]["number"]) for s in machine_forth["lines"]] == [
        ("DON5", "OEM01", delivery.number)
    ]


def _sell(world: World, part_id: int) -> None:
    from datetime import date

    from milkrun.demand.commands.agree_supply import agree_supply
    from milkrun.parts.commands.add_customer_part import add_customer_part
    from tests.world import ORDER

    their = "5N0 881 900 T"
    add_customer_part(partner_id=world.partner_id, number=their, part_id=part_id, **by(world))
    agree_supply(
        partner_id=world.partner_id, order_no=ORDER, customer_part_no=their, price_minor=100, currency="EUR",
        valid_from=date(2026, 1, 1), **by(world),
    )  # fmt: skip


def _glue(world: World, part_id: int) -> None:
    from milkrun.stock.commands.receive_stock import receive_stock

    receive_stock(
        site_id=world.site_id, part_id=part_id, location_id=world.places["LINE1"], qty=Decimal(9), lot_no="G-1",
        **by(world),
    )  # fmt: skip


@pytest.mark.requirement("SAP-34")
def test_a_supervisor_reports_a_line_by_period_and_sees_components_used_up(
    world: World, door: Callable[[str], Door]
) -> None:
    supervisor = door("supervisor")
    create_work_centre(site_id=world.site_id, code="LINE", **by(world))
    call = waiting(world, "DON9", qty="6")
    world.release(call)
    when = {"from_at": "2026-11-21T06:00", "to_at": "2026-11-21T14:00"}

    page = supervisor.send("/jobs/lines/report", part="SEAT-105A", good="200", scrap="4", scrap_reason="torn",
                           work_centre="LINE", **when)  # fmt: skip

    text = text_of(page)
    # One job for the call, one for everything that nobody asked for; not one for each piece.
    assert (ProductionRun.objects.count(), Job.objects.count(), JitCall.objects.get(pk=call).state) == (1, 2, "ready")
    for shown in ("Call DON9 6 pcs 4 pcs", "nobody: to stock 194 pcs", "FOAM 61.2 pcs LINE1", "FRAME 204 pcs LINE1"):
        assert shown in text
    assert "R000001" in text_of(supervisor.get("/jobs/lines"))
    assert verify().ok


@pytest.mark.requirement("WMS-32")
def test_load_against_capacity_names_who_is_at_risk_and_feeds_promise_dates(
    world: World, door: Callable[[str], Door]
) -> None:
    from django.utils import timezone

    create_work_centre(site_id=world.site_id, code="SEW", day_minutes=(100,) * 7, **by(world))
    seat = world.parts["SEAT-105A"]
    set_routing(
        site_id=world.site_id, part_id=seat, steps=(StepInput(10, "SEW", Decimal(20), Decimal(2)),), **by(world)
    )
    now = timezone.now()
    fits, late = waiting(world, "FITS", qty="40"), waiting(world, "LATE", qty="600")
    JitCall.objects.filter(pk=fits).update(required_at=now + timedelta(days=14))
    JitCall.objects.filter(pk=late).update(required_at=now + timedelta(days=14, minutes=1))
    world.release(late)
    create_job(
        site_id=world.site_id, part_id=seat, qty=Decimal(3), due_at=now + timedelta(days=14, minutes=2),
        signal="release", signal_text="R-118", **by(world),
    )  # fmt: skip
    planner = door("production_planner")

    page = text_of(planner.get("/jobs/load", {"part": "SEAT-105A", "qty": "15"}))
    cells = machine("read").read(f"{SITE}/load")["cells"]
    before = machine("read").read(f"{SITE}/promise", part="SEAT-105A", qty="15")["day"]
    Job.objects.update(due_at=now + timedelta(days=900))
    after = machine("read").read(f"{SITE}/promise", part="SEAT-105A", qty="15")["day"]

    over = next(cell for cell in cells if cell["load_minutes"] > cell["capacity_minutes"])
    assert (over["load_minutes"], over["capacity_minutes"]) == (100 + 1220 + 26, 700)
    assert over["at_risk"] == ["call LATE", "release R-118"]
    assert f"SEW in {over['week']}: at risk" in page
    assert "Customer release R-118" in page
    assert before in page
    assert after < before


@pytest.mark.requirement("SAP-08")
def test_a_supervisor_sees_causes_mends_retries_many_takes_one_back_and_nothing_posts_twice(
    world: World, door: Callable[[str], Door]
) -> None:
    supervisor = door("supervisor")
    for number, qty in (("BIG1", "900"), ("BIG2", "800"), ("BIG3", "700")):
        world.make(world.release(waiting(world, number, qty)).jobs[0].job_id, qty)
    failed = list(Confirmation.objects.filter(state="failed").order_by("pk"))
    ids = [row.public_id for row in failed]

    listed = text_of(supervisor.get("/jobs/failed"))
    given = supervisor.send("/jobs/failed/assign", posting=ids, owner=_self(supervisor))
    early = text_of(supervisor.send("/jobs/failed/retry", posting=ids))
    world.receive("FRAME", "2000", "LINE1")
    many = supervisor.send("/jobs/failed/retry", posting=ids[:1])
    again = supervisor.send("/jobs/failed/retry", posting=ids)
    back = supervisor.send(f"/jobs/failed/{ids[1]}/reverse", reason="Counted twice")

    assert len(failed) == 2
    assert "700 of FRAME are missing at LINE1" in listed
    assert "Move or receive FRAME" in listed
    assert "supervisor" in text_of(given)
    assert "0 of 2 postings went through" in early
    assert "1 of 1 posting went through" in text_of(many)
    assert "1 of 2 postings went through" in text_of(again)
    assert "It is posted already." in text_of(again)
    assert back.status_code == 200
    assert [c.state for c in Confirmation.objects.order_by("pk")] == ["posted", "posted", "reversed"]
    assert Posting.objects.filter(kind="production").count() == 3
    assert stock_of() == 1700
    assert verify().ok


def _self(client: Door) -> str:
    return client.session["_auth_user_id"]


@pytest.mark.requirement("SAP-38")
def test_a_machine_confirms_scraps_and_reports_status_once_and_people_see_which_system_it_was(
    world: World, door: Callable[[str], Door]
) -> None:
    call = waiting(world)
    job = Job.objects.get(pk=world.release(call).jobs[0].job_id)
    mes = machine("confirm_job", "start_job", "pause_job", "read")
    where = f"{SITE}/jobs/{job.public_id}"
    report = {"source": "MES line 4", "reports": [{"position": 1, "good": "6", "scrap": "1", "scrap_reason": "torn"}]}

    for _ in range(3):
        replies = [
            mes.post(f"{where}/start", {"source": "MES line 4"}, key="s1"),
            mes.post(f"{where}/confirm", report, key="c1"),
            mes.post(f"{where}/pause", {"source": "MES line 4", "reason": "tool"}, key="p1"),
        ]
        assert [reply.status_code for reply in replies] == [200, 200, 200]
    stranger = machine("read").post(f"{where}/confirm", report)

    assert (stranger.status_code, Confirmation.objects.count(), stock_of()) == (403, 1, 6)
    supervisor = door("supervisor")
    card, calls = (text_of(supervisor.get(p)) for p in (f"/jobs/{job.public_id}", f"/calls/{public_id_of_call(call)}"))
    assert card.count("MES line 4") >= 4
    assert "Paused" in card
    assert calls.count("MES line 4") >= 2


@pytest.mark.requirement("SAP-38")
def test_a_machine_that_confirms_what_was_cancelled_gets_a_409_and_a_person_gets_the_work(
    world: World, door: Callable[[str], Door]
) -> None:
    supervisor = door("supervisor")
    job = Job.objects.get(pk=world.release(waiting(world)).jobs[0].job_id)
    supervisor.send(f"/jobs/{job.public_id}/cancel", reason="No cover")
    report = {"source": "MES line 4", "reports": [{"position": 1, "good": "6"}]}
    mes = machine("confirm_job")

    replies = [mes.post(f"{SITE}/jobs/{job.public_id}/confirm", report, key="late") for _ in range(3)]

    told = replies[0].json()
    assert [reply.status_code for reply in replies] == [409, 409, 409]
    assert (told["code"], told["detail"]) == (
        "illegal_move", f"Job {job.number} is cancelled: confirm is not possible."
    )  # fmt: skip
    kept = RefusedReport.objects.get()
    page = text_of(supervisor.get("/jobs/failed"))
    assert (kept.source, kept.content["reports"][0]["good"]) == ("MES line 4", "6")
    assert "Reports of other systems that were refused" in page
    assert "MES line 4" in page
    supervisor.send(f"/jobs/refused/{kept.public_id}/settle", note="Taken to stock as R000001.")
    assert "Reports of other systems" not in text_of(supervisor.get("/jobs/failed"))
    assert stock_of() == 0


def test_moving_a_date_tells_those_it_affects(world: World, door: Callable[[str], Door]) -> None:
    planner = door("production_planner")
    job = Job.objects.get(pk=world.release(waiting(world)).jobs[0].job_id)

    page = planner.send(f"/jobs/{job.public_id}/reschedule", due_at="2026-11-29T06:00", reason="Frames are late")

    assert "Promised later than required: DON1" in text_of(page)
    assert Notification.objects.filter(partner_id=world.partner_id, kind="promise_moved").count() == 1
    assert "New date for call DON1" not in text_of(page)
