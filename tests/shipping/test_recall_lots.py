"""A heat is traced to every job, lot, delivery and customer and back; a recall blocks it all and tells them."""

import pytest

from milkrun.exchange.models import Notification
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.production.commands.reverse_confirmation import reverse_confirmation
from milkrun.production.models import Confirmation
from milkrun.shipping.commands.recall_lots import recall_lots
from milkrun.shipping.queries.following import Trace, start_of
from milkrun.shipping.queries.trace import backward, forward
from milkrun.stock.models import Lot
from tests.refusals import refused
from tests.shipping.picking import who
from tests.shipping.tracing import HEAT, steel_to_seats
from tests.world import World

pytestmark = pytest.mark.django_db


def tree(trace: Trace) -> list[tuple[int, str, str, str]]:
    return [(row.level, row.kind, row.title, row.qty) for row in trace.rows]


def test_a_heat_is_followed_over_three_levels_to_the_customer(world: World) -> None:
    chain = steel_to_seats(world)
    start = start_of(HEAT)
    assert start is not None

    found = forward(start, "UTC")

    assert tree(found) == [
        (0, "lot", "S-1", ""),
        (1, "job", chain.frames_job, "20 pcs"),
        (2, "lot", chain.frames_lot, "10 pcs"),
        (3, "job", chain.seats_job, "8 pcs"),
        (4, "call", "DON77", ""),
        (5, "delivery", chain.delivery, "4 pcs"),
    ]
    assert (found.customers, found.cut) == (("OEM01",), False)
    assert chain.sscc in found.rows[-1].detail
    assert f"heat {HEAT}" in found.rows[0].detail


@pytest.mark.parametrize("asked", ["delivery", "sscc", "seats_job"])
def test_what_left_is_followed_back_to_the_heat(world: World, asked: str) -> None:
    chain = steel_to_seats(world)
    start = start_of(getattr(chain, asked))
    assert start is not None

    found = backward(start, "UTC")

    told = [(row.kind, row.title) for row in found.rows]
    chain_back = [("job", chain.seats_job), ("lot", chain.frames_lot), ("job", chain.frames_job), ("lot", "S-1")]
    assert told[-4:] == chain_back
    assert "S-2" not in {title for _, title in told}


def test_a_trace_takes_as_many_statements_for_many_lots_as_for_one(world: World, django_assert_max_num_queries) -> None:
    steel_to_seats(world)
    start = start_of(HEAT)
    assert start is not None

    with django_assert_max_num_queries(45):
        forward(start, "UTC")


def test_what_was_taken_back_does_not_count(world: World) -> None:
    chain = steel_to_seats(world, leave=False)
    start = start_of(HEAT)
    assert start is not None
    assert [row.title for row in forward(start, "UTC").rows][-2:] == [chain.seats_job, "DON77"]

    last = Confirmation.objects.latest("pk")
    reverse_confirmation(confirmation_id=last.pk, reason="counted twice", **who(world))

    assert [row.title for row in forward(start, "UTC").rows] == ["S-1", chain.frames_job, chain.frames_lot]


def test_a_recall_blocks_what_was_made_too_and_tells_customers_and_our_people(world: World) -> None:
    chain = steel_to_seats(world)
    heat = Lot.objects.get(heat=HEAT)

    done = recall_lots(lot_ids=[heat.pk], reason="cracks found", **who(world))

    assert done.blocked == ("S-1", chain.frames_lot)
    assert (done.customers, done.deliveries) == (("OEM01",), (chain.delivery,))
    assert set(Lot.objects.filter(state="blocked").values_list("number", flat=True)) == {"S-1", chain.frames_lot}
    told = Notification.objects.filter(kind="recall")
    assert {n.role or n.partner_id for n in told} == {"shipping", "supervisor", "material_planner", world.partner_id}
    body = told.get(partner_id=world.partner_id).body
    assert "cracks found" in body
    assert f"4 of 7N0 100 201 T in {chain.sscc}" in body


def test_a_recall_needs_lots_and_a_reason(world: World) -> None:
    steel_to_seats(world)

    with refused(Invalid):
        recall_lots(lot_ids=[Lot.objects.get(heat=HEAT).pk], reason=" ", **who(world))
    with refused(NotFound):
        recall_lots(lot_ids=[0], reason="x", **who(world))
    with refused(NotFound):
        recall_lots(lot_ids=[], reason="x", **who(world))
    assert start_of("nothing has this") is None
    assert start_of(" ") is None
