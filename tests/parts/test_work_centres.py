"""Work centres with their working time, and the steps by which parts are made."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from milkrun.kernel.errors import Invalid
from milkrun.parts.commands.create_part import create_part
from milkrun.parts.commands.create_work_centre import create_work_centre
from milkrun.parts.commands.set_capacity import DayMinutes, set_capacity
from milkrun.parts.commands.set_making import set_making
from milkrun.parts.commands.set_routing import StepInput, set_routing
from milkrun.parts.errors import UnknownPart, WorkCentreTaken, WorkCentreUnknown
from milkrun.parts.models import Part
from milkrun.parts.queries.routing import routing, work_centre_by_code
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def test_single_days_differ_from_the_week_until_they_are_taken_back(world: World) -> None:
    made = create_work_centre(site_id=world.site_id, code="sew", name="Sewing", **by(world))
    christmas, friday = date(2026, 12, 24), date(2026, 12, 25)

    set_capacity(
        work_centre_id=made.work_centre_id, day_minutes=(960,) * 5 + (0, 0),
        days=(DayMinutes(christmas, 240), DayMinutes(friday, 0)), **by(world),
    )  # fmt: skip
    found = work_centre_by_code(world.site_id, "Sew")
    assert [found.minutes(day) for day in (christmas, friday, date(2026, 12, 23), date(2026, 12, 26))] == [
        240, 0, 960, 0
    ]  # fmt: skip
    set_capacity(work_centre_id=made.work_centre_id, days=(DayMinutes(friday, None),), **by(world))

    assert work_centre_by_code(world.site_id, "SEW").minutes(friday) == 960


def test_a_code_is_used_once_and_a_week_has_seven_possible_days(world: World) -> None:
    create_work_centre(site_id=world.site_id, code="SEW", **by(world))

    with refused(WorkCentreTaken):
        create_work_centre(site_id=world.site_id, code="sew", **by(world))
    for days in ((480,) * 6, (1441,) * 7):
        with refused(Invalid):
            create_work_centre(site_id=world.site_id, code="X", day_minutes=days, **by(world))
    with refused(WorkCentreUnknown):
        set_capacity(work_centre_id=0, **by(world))


def test_a_routing_is_replaced_whole_and_impossible_steps_are_all_named(world: World) -> None:
    create_work_centre(site_id=world.site_id, code="SEW", **by(world))
    part = world.parts["SEAT-105A"]
    one = StepInput(10, "sew", Decimal(15), Decimal("1.5"))

    set_routing(
        site_id=world.site_id, part_id=part, steps=(one, StepInput(20, "SEW", Decimal(0), Decimal(1))), **by(world)
    )
    set_routing(site_id=world.site_id, part_id=part, steps=(one,), **by(world))

    assert [(s.step_no, s.work_centre, s.unit_minutes) for s in routing(world.site_id, [part])[part]] == [
        (10, "SEW", Decimal("1.5"))
    ]
    bad = (StepInput(10, "NONE", Decimal(-1), Decimal(1)), StepInput(10, "SEW", Decimal(0), Decimal(1)))
    with refused(Invalid) as caught:
        set_routing(site_id=world.site_id, part_id=part, steps=bad, **by(world))
    assert [p.code for p in caught.value.problems] == ["step_twice", "unknown_work_centre", "not_positive"]
    with refused(UnknownPart):
        set_routing(site_id=world.site_id, part_id=0, steps=(), **by(world))


def test_how_a_part_is_made_can_change_but_a_phantom_is_made_of_something(world: World) -> None:
    set_making(part_id=world.parts["FOAM"], made_here=True, make_to_order=True, **by(world))

    assert Part.objects.values_list("made_here", "make_to_order").get(number="FOAM") == (True, True)
    with refused(UnknownPart):
        set_making(part_id=0, made_here=True, make_to_order=False, **by(world))
    with refused(Invalid):
        create_part(number="AIR", phantom=True, **by(world))
