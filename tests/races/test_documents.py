"""The same step twice at once takes effect once; steps that exclude each other never both happen."""

from functools import partial

import pytest

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.billing.models import Invoice
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.exchange.models import Interchange, OutboxMessage
from milkrun.gateway.receive import take_in
from milkrun.gateway.send import send_to
from milkrun.kernel.identity import Request
from milkrun.kernel.models import JournalEntry
from milkrun.production.commands.release_calls import release_calls
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.models import Confirmation, Job
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.models import Delivery
from milkrun.stock.models import Posting
from tests.gateway.files import sample
from tests.races.together import losers, race, winners
from tests.world import SEAT, World

pytestmark = pytest.mark.postgres_only


def who(world: World) -> dict:
    return {"actor": world.actor, "at": world.now}


def ready_to_leave(world: World, number: int) -> int:
    return world.picked(*world.packed(world.summarized(f"DON{number}", qty="1")))


@pytest.mark.slow
def test_32_clients_that_post_one_goods_issue_with_one_key_get_one_effect(plant: World) -> None:
    delivery = ready_to_leave(plant, 1)
    request = Request("api:7", "k", "b")

    answers = race([partial(post_goods_issue, delivery_id=delivery, request=request, **who(plant)) for _ in range(32)])

    assert len({answer.result for answer in winners(answers)}) == 1
    assert losers(answers) <= {"request_in_flight"}
    assert Posting.objects.filter(kind="goods_issue").count() == 1
    assert OutboxMessage.objects.filter(document_type="DESADV").count() == 1


@pytest.mark.slow
def test_32_clients_that_post_one_goods_issue_with_different_keys_get_one_effect(plant: World) -> None:
    delivery = ready_to_leave(plant, 1)

    answers = race(
        [
            partial(post_goods_issue, delivery_id=delivery, request=Request("api:7", f"k{n}", "b"), **who(plant))
            for n in range(32)
        ]
    )

    assert (len(winners(answers)), losers(answers)) == (1, {"illegal_move"})
    assert Posting.objects.filter(kind="goods_issue").count() == 1


@pytest.mark.slow
def test_goods_leave_or_the_delivery_is_cancelled_never_both(plant: World) -> None:
    for number in range(10):
        delivery = ready_to_leave(plant, number)

        answers = race(
            [
                partial(post_goods_issue, delivery_id=delivery, **who(plant)),
                partial(cancel_delivery, delivery_id=delivery, reason="x", **who(plant)),
            ]
        )

        state = Delivery.objects.get(pk=delivery).state
        assert (len(winners(answers)), losers(answers)) == (1, {"illegal_move"})
        assert state == ("issued" if answers[0].refusal is None else "cancelled")


@pytest.mark.slow
def test_goods_come_back_or_are_billed_never_both(plant: World) -> None:
    for number in range(8):
        delivery = ready_to_leave(plant, number)
        post_goods_issue(delivery_id=delivery, **who(plant))

        answers = race(
            [
                partial(reverse_goods_issue, delivery_id=delivery, reason="x", **who(plant)),
                partial(issue_invoice, delivery_id=delivery, **who(plant)),
                partial(issue_invoice, delivery_id=delivery, **who(plant)),
            ]
        )

        assert (len(winners(answers)), losers(answers)) == (1, {"illegal_move"})
        assert Invoice.objects.filter(delivery_id=delivery).exists() == (answers[0].refusal is not None)


def test_a_call_is_released_once_and_a_cancel_beside_it_wins_or_loses_whole(plant: World) -> None:
    for number in range(1, 7):
        call = plant.call(plant.sequenced(number, parts=(SEAT,)))

        answers = race(
            [
                partial(release_calls, call_ids=(call,), **who(plant)),
                partial(release_calls, call_ids=(call,), **who(plant)),
                partial(request_cancel, call_ids=(call,), reason="x", source="manual", **who(plant)),
            ]
        )

        first, second, cancelled = (answer.result.answers[0].outcome for answer in answers)
        jobs = Job.objects.filter(lines__component__group__call_id=call).count()
        state = ComponentGroup.objects.get(call_id=call).state
        assert [first, second].count("released") == jobs
        assert (jobs, cancelled, state) in (
            (0, "cancelled", "cancelled"), (1, "requested", "cancel_requested"),
        )  # fmt: skip


def test_calls_released_in_opposite_order_do_not_wait_for_each_other_for_ever(plant: World) -> None:
    calls = tuple(plant.call(plant.sequenced(number, parts=(SEAT,))) for number in range(1, 9))

    answers = race(
        [partial(release_calls, call_ids=order, **who(plant)) for order in (calls, calls[::-1]) for _ in range(3)]
    )

    outcomes = sorted({one.outcome for one in answer.result.answers}.pop() for answer in answers)
    assert outcomes == ["refused"] * 5 + ["released"]


def test_the_last_free_piece_goes_to_one_of_two_calls(plant: World) -> None:
    from milkrun.parts.models import Part

    Part.objects.filter(number="SEAT-105A").update(made_here=False)
    for number in range(5):
        plant.receive("SEAT-105A", "1", "FG")
        calls = [plant.call(plant.summarized(f"{side}{number}", qty="1")) for side in ("A", "B", "C")]

        answers = race([partial(release_calls, call_ids=(call,), **who(plant)) for call in calls])

        codes = sorted(answer.result.answers[0].code for answer in answers)
        assert codes == ["", "cannot_be_made", "cannot_be_made"]


def test_one_file_that_comes_by_eight_ways_at_once_becomes_calls_once(plant: World) -> None:
    data = sample("deljit_jis_two_vehicles.edi")

    answers = race(
        [
            partial(take_in, data, partner_code="OEM01", file_name=f"{n}.edi", source="inbox", **who(plant))
            for n in range(8)
        ]
    )

    assert losers(answers) == set()
    assert sorted(answer.result[0].duplicate for answer in answers) == [False, *[True] * 7]
    assert (Interchange.objects.get().copies, JitCall.objects.count()) == (8, 2)
    assert OutboxMessage.objects.filter(document_type="CONTRL").count() == 1


def test_the_same_slot_is_packed_once_by_four_packers(plant: World) -> None:
    for number in range(4):
        call = plant.call(plant.summarized(f"DON{number}", qty="1"))
        plant.finish([call])
        (rack,) = release_for_packing(call_ids=(call,), **who(plant)).packing_groups

        answers = race([partial(confirm_packing, packing_group_id=rack.packing_group_id, scan=SEAT, **who(plant))] * 4)

        assert (len(winners(answers)), losers(answers)) == (1, {"nothing_to_pack"})


def test_packed_calls_go_on_one_delivery_and_not_on_two(plant: World) -> None:
    calls = tuple(plant.packed(*[plant.summarized(f"DON{number}", qty="1") for number in range(3)]))

    answers = race([partial(create_delivery, call_ids=calls, **who(plant)) for _ in range(4)])

    assert (len(winners(answers)), losers(answers)) == (1, {"illegal_move"})
    assert Delivery.objects.get().number == "D00000001"


def test_a_failed_posting_is_posted_once_by_six_hands(plant: World) -> None:
    call = plant.call(plant.summarized("DON1", qty="1200"))
    plant.make(plant.release(call).jobs[0].job_id, "1200")
    plant.receive("FRAME", "5000", "LINE1")
    key = Confirmation.objects.get().pk

    answers = race([partial(reprocess_postings, confirmation_ids=(key,), **who(plant)) for _ in range(6)])

    outcomes = sorted(answer.result.answers[0].outcome for answer in answers)
    assert outcomes == ["posted"] + ["refused"] * 5
    assert Posting.objects.filter(kind="production").count() == 1


def test_eight_workers_send_every_file_once(plant: World, tmp_path) -> None:
    for number in range(6):
        post_goods_issue(delivery_id=ready_to_leave(plant, number), **who(plant))

    answers = race([partial(send_to, plant.partner_id, home=tmp_path, **who(plant)) for _ in range(8)])

    assert sum(answer.result for answer in answers) == 6
    assert JournalEntry.objects.filter(action="record_sent").count() == 6
    assert set(OutboxMessage.objects.values_list("state", "lease")) == {("sent", 1)}
