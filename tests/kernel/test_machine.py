"""Every table of states, every pair of state and move: the declared ones happen, all others are refused."""

import pytest

from milkrun.billing import states as billing
from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.billing.models import Invoice
from milkrun.demand import states as demand
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.models import CallRequest, ComponentGroup, JitCall, PackingGroup
from milkrun.exchange import states as exchange
from milkrun.exchange.models import Interchange, Message, OutboxMessage
from milkrun.kernel import machine
from milkrun.kernel.errors import Conflict, IllegalMove
from milkrun.production import states as production
from milkrun.production.models import Confirmation, Job, RefusedReport
from milkrun.purchasing import states as purchasing
from milkrun.purchasing.models import PurchaseOrder, Receipt
from milkrun.shipping import states as shipping
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.models import Delivery, PickIssue, PickTask, Wave
from milkrun.stock import states as stock
from milkrun.stock.commands.set_scan_aside import set_scan_aside
from milkrun.stock.models import CountLine, CountList, HandlingUnit, Lot, Reservation, SetAsideScan
from tests.faults.scenes_make import settle_refused_report
from tests.faults.scenes_pick import settle_pick_issue
from tests.faults.scenes_store import counted, received
from tests.gateway.files import sample
from tests.refusals import refused
from tests.world import World

TABLES = {
    ComponentGroup: (demand.GROUP_MOVES, demand.GROUP_STATES),
    CallRequest: (demand.REQUEST_MOVES, demand.REQUEST_STATES),
    PackingGroup: (demand.PACKING_GROUP_MOVES, demand.PACKING_GROUP_STATES),
    Job: (production.JOB_MOVES, production.JOB_STATES),
    Confirmation: (production.POSTING_MOVES, production.POSTING_STATES),
    RefusedReport: (production.REFUSED_MOVES, production.REFUSED_STATES),
    Delivery: (shipping.DELIVERY_MOVES, shipping.DELIVERY_STATES),
    Wave: (shipping.WAVE_MOVES, shipping.WAVE_STATES),
    PickTask: (shipping.PICK_TASK_MOVES, shipping.PICK_TASK_STATES),
    PickIssue: (shipping.PICK_ISSUE_MOVES, shipping.PICK_ISSUE_STATES),
    HandlingUnit: (stock.HANDLING_UNIT_MOVES, stock.HANDLING_UNIT_STATES),
    Reservation: (stock.RESERVATION_MOVES, stock.RESERVATION_STATES),
    CountList: (stock.COUNT_MOVES, stock.COUNT_STATES),
    CountLine: (stock.COUNT_LINE_MOVES, stock.COUNT_LINE_STATES),
    Lot: (stock.LOT_MOVES, stock.LOT_STATES),
    SetAsideScan: (stock.SCAN_MOVES, stock.SCAN_STATES),
    PurchaseOrder: (purchasing.ORDER_MOVES, purchasing.ORDER_STATES),
    Receipt: (purchasing.RECEIPT_MOVES, purchasing.RECEIPT_STATES),
    Interchange: (exchange.INTERCHANGE_MOVES, exchange.INTERCHANGE_STATES),
    Message: (exchange.MESSAGE_MOVES, exchange.MESSAGE_STATES),
    OutboxMessage: (exchange.OUTBOX_MOVES, exchange.OUTBOX_STATES),
    Invoice: (billing.INVOICE_MOVES, billing.INVOICE_STATES),
}
# What a move must say beside the state.
ALSO = {RefusedReport: {"note": "seen"}, PickIssue: {"note": "seen"}, SetAsideScan: {"note": "seen"}}
PAIRS = [(model, state, move) for model, (moves, states) in TABLES.items() for move in moves for state in states]


@pytest.fixture
def row_of(world: World, take_sample):
    """Find one row of a model in a plant where every noun exists."""
    delivery = world.picked(*world.packed(world.sequenced(471)))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())
    received(world)
    unwanted = world.call(world.summarized("DON-X"))
    world.release(unwanted)
    request_cancel(call_ids=(unwanted,), reason="x", source="api", actor=world.actor, at=world.later())
    counted(world)
    settle_refused_report(world)
    settle_pick_issue(world)
    set_scan_aside(
        site_id=world.site_id, mode="pack", subject="SV 1", scan="FOAM", scanned_by="x", actor=world.actor, at=world.now
    )
    return lambda model: model.objects.order_by("pk").first()


@pytest.fixture
def take_sample(world: World) -> None:
    from milkrun.gateway.receive import take_in

    take_in(
        sample("deljit_summarized.edi"), partner_code="OEM01", file_name="f", source="inbox", actor=world.actor,
        at=world.later(),
    )  # fmt: skip


@pytest.mark.django_db
def test_every_pair_of_state_and_move_does_what_the_table_says_and_nothing_else(row_of) -> None:
    for model, state, move in PAIRS:
        moves = TABLES[model][0]
        row = row_of(model)
        model.objects.filter(pk=row.pk).update(state=state)
        row = model.objects.get(pk=row.pk)
        if state in moves[move]:
            made = machine.move([row], moves, move, noun="Row", **ALSO.get(model, {}))
            assert made == {row.pk: (state, moves[move][state])}
            assert model.objects.get(pk=row.pk).state == row.state == moves[move][state]
        else:
            with pytest.raises(IllegalMove) as caught:
                machine.move([row], moves, move, noun="Row")
            assert caught.value.facts["rows"][0]["open"] == machine.open_moves(moves, state)
            assert model.objects.get(pk=row.pk).state == state


def test_the_pairs_are_all_there_are() -> None:
    tables = {
        name
        for module in (billing, demand, exchange, production, purchasing, shipping, stock)
        for name in vars(module)
        if name.endswith("_MOVES")
    }

    assert len(tables) == len(TABLES)
    assert len(PAIRS) == sum(len(moves) * len(states) for moves, states in TABLES.values()) > 180


@pytest.mark.parametrize("model", TABLES)
def test_a_table_names_known_states_only_and_every_state_can_be_reached(model) -> None:
    moves, states = TABLES[model]
    sources = {state for steps in moves.values() for state in steps}
    targets = {state for steps in moves.values() for state in steps.values()}

    assert sources | targets <= set(states)
    # The first state is where a row is born; files and messages are also born refused, groups in a state yet to come.
    born = {states[0]} | ({"rejected", "quarantined"} if model is Interchange else set())
    later = {"cancel_requested"} if model is ComponentGroup else set()
    assert set(states) - targets - later <= born


@pytest.mark.django_db
def test_two_hands_that_saw_the_same_row_cannot_both_move_it(world: World) -> None:
    call = world.call(world.sequenced(471))
    mine, theirs = (ComponentGroup.objects.get(call_id=call) for _ in range(2))
    machine.move([mine], demand.GROUP_MOVES, "release", noun="Call")

    with refused(Conflict) as caught:
        machine.move([theirs], demand.GROUP_MOVES, "release", noun="Call")

    assert "changed by somebody else" in caught.value.message


@pytest.mark.django_db
def test_one_row_that_may_not_move_stops_all_of_them(world: World) -> None:
    first, second = (world.call(world.sequenced(n)) for n in (471, 472))
    world.release(first)
    rows = list(ComponentGroup.objects.filter(call_id__in=[first, second]))

    with refused(IllegalMove):
        machine.move(rows, demand.GROUP_MOVES, "release", noun="Call")


def test_a_call_stands_where_its_least_advanced_live_group_stands() -> None:
    from milkrun.demand.steps.advance import call_state

    order = demand.GROUP_ORDER
    for low, _ in enumerate(order):
        for high in range(low, len(order)):
            assert call_state([order[high], order[low], "cancelled"]) == order[low]
    assert call_state(["cancelled"]) == "cancelled"
    assert JitCall._meta.get_field("state").default == order[0]
