"""A hurried call moves to the top, with its job and its delivery."""

from datetime import timedelta

import pytest

from milkrun.demand.models import JitCall
from milkrun.demand.queries import racks
from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid
from milkrun.production.queries import jobs
from milkrun.shipping.commands.expedite_calls import expedite_calls
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.models import Delivery
from milkrun.shipping.queries import deliveries
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def hurry(world: World, *calls: int, priority: int = 1, reason: str = "line stands") -> None:
    expedite_calls(call_ids=calls, priority=priority, reason=reason, actor=world.actor, at=world.later())


def test_jobs_racks_and_deliveries_of_a_hurried_call_come_first(world: World) -> None:
    early, late = (world.call(world.summarized(number, qty="1")) for number in ("EARLY", "LATE"))
    JitCall.objects.filter(pk=late).update(required_at=world.now + timedelta(days=3))
    world.release(early)
    world.release(late)
    hurry(world, late)
    assert jobs(world.site_id, "UTC").rows[0].signal_text == "LATE"

    for job in jobs(world.site_id, "UTC").rows:
        world.make(job.id, "1")
    release_for_packing(call_ids=(early, late), actor=world.actor, at=world.later())
    assert racks(world.site_id, "UTC")[0].call_ids == (late,)
    assert journal.history([("call", late)])[0].action in ("release_for_packing", "expedite_call")


def test_deliveries_are_hurried_too_and_pages_follow_the_order(world: World) -> None:
    first, second = world.packed(world.summarized("A", qty="1"), world.summarized("B", qty="1"))
    world.deliver(first)
    made = world.deliver(second)
    hurry(world, second, priority=2)

    page = deliveries(world.site_id, "UTC", limit=1)

    assert page.rows[0].number == made.number
    rest = deliveries(world.site_id, "UTC", after=page.next_cursor, limit=1)
    assert len(rest.rows) == 1
    assert rest.rows[0].number != made.number


def test_what_several_calls_share_is_as_urgent_as_the_most_urgent_of_them(world: World) -> None:
    first, second = world.packed(world.sequenced(1), world.sequenced(2))
    made = world.deliver(first, second)
    hurry(world, first, priority=2)
    hurry(world, second, priority=1)
    assert Delivery.objects.get(pk=made.delivery_id).priority == 2

    hurry(world, first, priority=0)

    assert Delivery.objects.get(pk=made.delivery_id).priority == 1


def test_it_takes_a_reason_and_a_known_priority(world: World) -> None:
    call = world.call(world.summarized("A"))
    with refused(Invalid):
        hurry(world, call, reason="")
    with refused(Invalid):
        hurry(world, call, priority=9)
