"""A cancellation and a goods issue at the same instant: one serial order, never both."""

from collections import Counter
from functools import partial

import pytest

from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.models import CallRequest, JitCall
from milkrun.shipping.commands.accept_cancel import accept_cancel
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Posting
from tests.races.together import race
from tests.world import World

pytestmark = pytest.mark.postgres_only


def who(world: World) -> dict:
    return {"actor": world.actor, "at": world.now}


def run(world: World, races: int) -> Counter[str]:
    """Let cancel and goods issue meet; returns how often which of them was first."""
    seen: Counter[str] = Counter()
    for number in range(races):
        (call,) = world.packed(world.summarized(f"DON{number}", qty="1"))
        delivery = world.picked(call)
        ask = partial(request_cancel, call_ids=(call,), reason="x", source="edi", **who(world))
        issue = partial(post_goods_issue, delivery_id=delivery, **who(world))

        asked, issued = race([ask, issue] if number % 2 else [issue, ask])[:: 1 if number % 2 else -1]

        answer = asked.result.answers[0]
        left = issued.refusal is None
        seen["left" if left else "held"] += 1
        assert (answer.outcome, answer.code) == (("refused", "too_late_to_cancel") if left else ("requested", ""))
        assert left or issued.refusal.code == "delivery_held"
        assert JitCall.objects.get(pk=call).state == ("issued" if left else "cancel_requested")
        assert Delivery.objects.get(pk=delivery).state == ("issued" if left else "picked")
        assert Posting.objects.filter(kind="goods_issue", document_id=delivery).count() == int(left)
        assert CallRequest.objects.filter(call_id=call, state="open").count() == int(not left)
    return seen


def test_goods_leave_or_their_delivery_is_held_never_both(plant: World) -> None:
    assert sum(run(plant, 36).values()) == 36


@pytest.mark.full
def test_2000_races_of_cancel_against_goods_issue_have_one_serial_order(plant: World, record_property) -> None:
    plant.receive("FOAM", "5000", "LINE1")
    plant.receive("FRAME", "5000", "LINE1")

    seen = run(plant, 2_000)

    record_property("races of cancel against goods issue, goods left", seen["left"])
    assert sum(seen.values()) == 2_000
    assert min(seen["left"], seen["held"]) > 0


def test_an_accepted_cancellation_and_a_goods_issue_of_the_same_delivery_never_both_take_the_goods(
    plant: World,
) -> None:
    for number in range(8):
        gone, kept = plant.packed(*[plant.summarized(f"{side}{number}", qty="1") for side in "AB"])
        delivery = plant.picked(gone, kept)
        request_cancel(call_ids=(gone,), reason="x", source="edi", **who(plant))

        answers = race(
            [
                partial(accept_cancel, call_id=gone, **who(plant)),
                partial(accept_cancel, call_id=gone, **who(plant)),
                partial(post_goods_issue, delivery_id=delivery, **who(plant)),
            ]
        )

        left = answers[2].refusal is None
        codes = sorted(answer.refusal.code for answer in answers if answer.refusal)
        assert codes == (["nothing_requested"] if left else ["delivery_held", "nothing_requested"])
        assert JitCall.objects.get(pk=gone).state == "cancelled"
        assert DeliveryLine.objects.filter(delivery_id=delivery).count() == 1
