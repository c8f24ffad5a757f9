"""A line reports a period: jobs are satisfied in due order, the rest goes to stock, components follow the recipe."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.models import JitCall
from milkrun.insight.queries import verify
from milkrun.parts.commands.create_part import Ingredient, create_part
from milkrun.parts.commands.create_work_centre import create_work_centre
from milkrun.parts.commands.set_making import set_making
from milkrun.parts.commands.set_routing import StepInput, set_routing
from milkrun.production.commands.confirm_step import confirm_step
from milkrun.production.commands.create_job import create_job
from milkrun.production.commands.report_production import ProductionReported, report_production
from milkrun.production.commands.set_scrap_reason import set_scrap_reason
from milkrun.production.errors import LastStep, NoDemand, PeriodImpossible, ReportNotUnderstood, TooMuchConfirmed
from milkrun.production.models import Confirmation, Job
from milkrun.stock.models import Balance, Movement
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def report(world: World, good: str, part: str = "SEAT-105A", **given: Any) -> ProductionReported:
    who = by(world)
    period = {"from_at": who["at"] - timedelta(hours=8), "to_at": who["at"]}
    return report_production(
        site_id=world.site_id, part_id=world.parts[part], good=Decimal(good), **{**period, **given}, **who
    )


def test_open_jobs_are_satisfied_in_due_order_and_the_rest_goes_to_stock(world: World) -> None:
    later = world.call(world.summarized("LATER", qty="10"))
    sooner = world.call(world.summarized("SOONER", qty="6"))
    JitCall.objects.filter(pk=sooner).update(required_at=world.now + timedelta(hours=1))
    for call in (later, sooner):
        world.release(call)

    first = report(world, "9", scrap=Decimal(1), scrap_reason="torn")
    second = report(world, "12")

    assert [(s.good, s.scrap, s.posted) for s in first.shares] == [(6, 1, True), (3, 0, True)]
    assert ([s.good for s in second.shares], second.to_stock) == ([7, 5], 5)
    assert dict(JitCall.objects.values_list("external_no", "state")) == {"SOONER": "ready", "LATER": "ready"}
    assert Job.objects.get(signal="repetitive").signal_text == second.number
    assert Balance.objects.get(part__number="FRAME", location__kind="line").on_hand == 1000 - 22
    assert verify().ok


def test_a_report_of_nothing_but_scrap_has_a_home_too(world: World) -> None:
    done = report(world, "0", scrap=Decimal(3))

    assert [(s.good, s.scrap) for s in done.shares] == [(0, 3)]
    assert Job.objects.get().state == "closed"
    assert verify().ok


def test_a_part_made_to_order_is_not_reported_beyond_its_jobs(world: World) -> None:
    set_making(part_id=world.parts["SEAT-105A"], made_here=True, make_to_order=True, **by(world))
    world.release(world.call(world.summarized("DON1", qty="6")))

    with refused(NoDemand) as caught:
        report(world, "7")

    assert caught.value.facts["too_many"] == "1"
    assert report(world, "6").to_stock == 0


@pytest.mark.parametrize(
    "given", [{"good": "0"}, {"good": "-1"}, {"good": "1", "back": True}, {"good": "1", "future": True}]
)
def test_an_impossible_report_is_refused(world: World, given: dict) -> None:
    now = world.now
    period = {}
    if given.get("back"):
        period = {"from_at": now, "to_at": now - timedelta(hours=1)}
    if given.get("future"):
        period = {"to_at": now + timedelta(days=1)}

    with refused(PeriodImpossible):
        report(world, given["good"], **period)


def test_scrap_needs_a_reason_of_the_list_once_there_is_one(world: World) -> None:
    set_scrap_reason(site_id=world.site_id, code="torn", name="Seam is torn", **by(world))
    set_scrap_reason(site_id=world.site_id, code="OLD", name="Not used", active=False, **by(world))

    for reason in ("", "OLD", "anything"):
        with refused(ReportNotUnderstood):
            report(world, "5", scrap=Decimal(1), scrap_reason=reason)
    report(world, "5", scrap=Decimal(1), scrap_reason="torn")

    assert Confirmation.objects.get(scrap_qty__gt=0).scrap_reason == "TORN"


def test_a_part_kept_by_lot_gets_the_batch_that_was_named_or_its_jobs_number(world: World) -> None:
    world.parts["GLUE-MIX"] = create_part(
        number="GLUE-MIX", made_here=True, lot_tracked=True, bom=(Ingredient("FOAM", Decimal(2)),), **by(world)
    ).part_id

    report(world, "5", part="GLUE-MIX", lot_no="B-77")
    report(world, "6", part="GLUE-MIX")

    lots = Balance.objects.filter(part__number="GLUE-MIX").order_by("pk").values_list("lot__number", "on_hand")
    assert list(lots) == [("B-77", Decimal(5)), (Job.objects.latest("pk").number, Decimal(6))]
    assert verify().ok


def test_a_phantom_is_seen_through_down_to_what_is_kept(world: World) -> None:
    inner = (Ingredient("FOAM", Decimal("0.3")), Ingredient("FRAME", Decimal(2)))
    create_part(number="KIT", phantom=True, made_here=True, bom=inner, **by(world))
    outer = (Ingredient("KIT", Decimal("1.5")), Ingredient("FRAME", Decimal(1)))
    world.parts["SOFA"] = create_part(number="SOFA", made_here=True, bom=outer, **by(world)).part_id

    report(world, "10", part="SOFA")

    used = Movement.objects.filter(to_location__kind="production").values_list("part__number", "qty")
    assert dict(used) == {"FOAM": Decimal("4.5"), "FRAME": Decimal(40)}
    assert verify().ok


def test_steps_before_the_last_are_progress_and_the_last_is_the_confirmation(world: World) -> None:
    line = create_work_centre(site_id=world.site_id, code="SEW", **by(world)).code
    steps = (StepInput(10, line, Decimal(5), Decimal(1)), StepInput(20, line, Decimal(0), Decimal(2)))
    set_routing(site_id=world.site_id, part_id=world.parts["SEAT-105A"], steps=steps, **by(world))
    job = create_job(
        site_id=world.site_id, part_id=world.parts["SEAT-105A"], qty=Decimal(9), due_at=world.now, signal="stock",
        signal_text="9", **by(world),
    ).job_id  # fmt: skip

    done = confirm_step(job_id=job, position=1, step_no=10, qty=Decimal(6), source="MES", **by(world))

    assert done.done_qty == 6
    with refused(TooMuchConfirmed):
        confirm_step(job_id=job, position=1, step_no=10, qty=Decimal(4), **by(world))
    with refused(LastStep):
        confirm_step(job_id=job, position=1, step_no=20, qty=Decimal(1), **by(world))
    with refused(ReportNotUnderstood):
        confirm_step(job_id=job, position=1, step_no=30, qty=Decimal(1), **by(world))
