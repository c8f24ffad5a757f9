"""What a customer asks of calls by EDI besides calling: changes under way, other places, parts again, its own words."""

from typing import Any

import pytest

from milkrun.demand.commands.map_status import map_status
from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.models import CallRequest, Component, JitCall, SkippedNumber
from milkrun.exchange.models import Message
from milkrun.gateway.receive import take_in
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.update_calls import CallChange, update_calls
from tests.gateway.files import two_vehicles
from tests.world import World

pytestmark = pytest.mark.django_db

FIRST, SECOND = "CALL000123/2611220471", "CALL000123/2611220472"
UNIT = "QTY+131:1:PCE'"


def send(world: World, number: int, *changes: tuple[str, str]) -> Any:
    """Send the two vehicles, changed, as another file; returns what came of the message."""
    data = two_vehicles(*changes, control=f"{number:014d}")
    (report,) = take_in(
        data, partner_code="OEM01", file_name=f"{number}.edi", source="inbox", actor=world.actor, at=world.later()
    )
    (message,) = report.messages
    return message


def outcomes(message: Any) -> list[str]:
    return [made["outcome"] for made in message.created]


def codes(message: Any) -> list[str]:
    return [finding["code"] for finding in message.findings]


def call(number: str) -> JitCall:
    return JitCall.objects.get(external_no=number)


def test_two_cars_swapped_in_one_file_are_both_taken_over(world: World) -> None:
    send(world, 1)

    again = send(
        world, 2, ("SEQ+1+0471'", "SEQ+1+TEMP'"), ("SEQ+1+0472'", "SEQ+1+0471'"), ("SEQ+1+TEMP'", "SEQ+1+0472'"),
        ("000471:XO", "000472:XO"), ("000472:XO'\nLOC+159+LF-12'\nLIN+1++5N0 881 105 A:IN'\nQTY+131", "000471:XO'\n"
         "LOC+159+LF-12'\nLIN+1++5N0 881 105 A:IN'\nQTY+131"),
    )  # fmt: skip

    assert outcomes(again) == ["updated", "updated"]
    assert (call(FIRST).position, call(SECOND).position) == (472, 471)


def test_a_number_that_is_none_is_a_finding_on_the_message_and_the_call_stays(world: World) -> None:
    done = send(world, 1, ("SEQ+1+0472'", "SEQ+1+99999'"), ("000472:XO", "099999:XO"))

    assert outcomes(done) == ["created", "created"]
    assert "sequence_unfit" in codes(done)
    stored = Message.objects.get().findings
    assert any("is not between 1 and 9999" in finding["text"] for finding in stored)
    assert call(SECOND).position is None


@pytest.mark.parametrize(
    ("word", "state", "outcome", "code"),
    [
        ("refuse", "failed", [], "call_under_way"),
        ("ask", "taken", ["asked"], "change_asked"),
        ("allow", "taken", ["updated"], ""),
    ],
)
def test_a_changed_call_under_way_goes_by_the_rule_and_the_message_says_what_became_of_it(
    world: World, word: str, state: str, outcome: list[str], code: str
) -> None:
    send(world, 1)
    world.release(call(FIRST).pk)
    set_call_rule(
        partner_id=world.partner_id, change_after_release=word, actor=world.actor, at=world.later()
    )  # fmt: skip

    done = send(world, 2, (UNIT, "QTY+131:2:PCE'"))

    assert (Message.objects.latest("pk").state, sorted(outcomes(done))) == (state, sorted(["unchanged", *outcome]))
    assert code == "" or code in codes(done)
    wanted = Component.objects.filter(group__call=call(FIRST), line_no=1).exclude(group__state="cancelled").get()
    assert wanted.qty == (2 if word == "allow" else 1)
    assert CallRequest.objects.filter(kind="change").count() == (word == "ask")


def test_a_wish_is_gone_when_the_customer_calls_as_before_again(world: World) -> None:
    send(world, 1)
    set_call_rule(partner_id=world.partner_id, change_after_release="ask", actor=world.actor, at=world.later())
    world.release(call(FIRST).pk)
    asked = send(world, 2, (UNIT, "QTY+131:2:PCE'"))

    again = send(world, 3)

    assert sorted(outcomes(asked)) == ["asked", "unchanged"]
    assert outcomes(again) == ["unchanged", "unchanged"]
    assert CallRequest.objects.get().state == "superseded"


@pytest.mark.parametrize("source", ["manual", "api"])
def test_a_full_picture_sent_again_does_not_take_back_what_was_changed_here(world: World, source: str) -> None:
    send(world, 1)
    set_call_rule(partner_id=world.partner_id, change_after_release="allow", actor=world.actor, at=world.later())
    world.release(call(SECOND).pk)
    here = [CallChange(call(number).pk, line_feed="LF-99") for number in (FIRST, SECOND)]
    update_calls(changes=here, reason="by phone", source=source, actor=world.actor, at=world.later())

    again = send(world, 2)
    other = send(world, 3, (UNIT, "QTY+131:2:PCE'"))

    assert outcomes(again) == ["unchanged", "unchanged"]
    assert call(SECOND).line_feed == "LF-99"
    assert sorted(outcomes(other)) == ["unchanged", "updated"]
    assert call(FIRST).line_feed == "LF-12"


BOTH_CHANGED = (UNIT, "QTY+131:2:PCE'"), ("QTY+131:1:PCE'\nUNT", "QTY+131:3:PCE'\nUNT")


@pytest.fixture
def released(world: World) -> World:
    """Both cars released, for a customer whose changes are allowed."""
    send(world, 1)
    world.release(call(FIRST).pk, call(SECOND).pk)
    set_call_rule(partner_id=world.partner_id, change_after_release="allow", actor=world.actor, at=world.later())
    return world


def test_more_changed_calls_than_are_changed_at_once_are_taken_over(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("gateway.following", "shipping.commands.update_calls"):
        monkeypatch.setattr(f"milkrun.{module}.MOST", 1)

    done = send(released, 2, *BOTH_CHANGED)

    assert outcomes(done) == ["updated", "updated"]


def test_a_change_that_cannot_be_kept_does_not_stop_the_others(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*, changes: Any, **other: Any) -> Any:
        if call(FIRST).pk in {change.call_id for change in changes}:
            raise ValueError("a value that no column takes")
        return update_calls(changes=changes, **other)

    monkeypatch.setattr("milkrun.gateway.following.update_calls", stumble)

    done = send(released, 2, *BOTH_CHANGED)

    assert (outcomes(done), codes(done)) == (["updated"], ["call_not_understood"])


def test_parts_of_a_car_that_left_are_ordered_again_by_a_reorder_key_once(world: World) -> None:
    send(world, 1)
    calls = [call(FIRST).pk, call(SECOND).pk]
    world.finish(calls)
    world.pack(*calls)
    post_goods_issue(delivery_id=world.picked(*calls), actor=world.actor, at=world.later())
    wish = (
        ("CALL000123", "CALL000777"),
        ("GIR+4+WVWZZZ1JZXW000471:VV+2611220471:AN+SV:XA", "GIR+4+R-0815:XH+2611220471:AN+SV:XA"),
        ("LIN+2++5N0 881 106 B:IN'\nQTY+131:1:PCE'\nSEQ+1+0472'", "SEQ+1+0473'"),
        ("2611220472", "2611220473"), ("000472:XO", "000473:XO"), ("UNT+24+1", "UNT+22+1"),
    )  # fmt: skip

    done, again = send(world, 2, *wish), send(world, 3, *wish)

    made = JitCall.objects.get(source="reorder")
    assert outcomes(done) == ["reordered", "created"]
    assert (made.external_no, made.state, made.priority) == (f"{FIRST}/R1", "created", 1)
    assert list(Component.objects.filter(group__call=made).values_list("customer_part_no", flat=True)) == [
        "5N0 881 105 A"
    ]
    assert outcomes(again) == ["reordered", "unchanged"]
    assert JitCall.objects.filter(source="reorder").count() == 1
    assert call(FIRST).state == "issued"


def test_a_reorder_for_a_car_that_was_never_called_is_said(world: World) -> None:
    done = send(world, 1, ("WVWZZZ1JZXW000471:VV", "R-1:XH"))

    assert (Message.objects.latest("pk").state, codes(done)[-1]) == ("failed", "unknown_call")
    assert JitCall.objects.get().external_no == SECOND


def test_the_customer_s_own_words_mean_what_was_set_up(world: World) -> None:
    who = {"partner_id": world.partner_id, "actor": world.actor}
    for word, action in (("B", "skip"), ("H", "hold"), ("G", "resume"), ("N", "ignore"), ("X", "cancel")):
        map_status(transmitted=word, action=action, at=world.later(), **who)
    send(world, 1)

    held = send(world, 2, ("SEQ+1+0471", "SEQ+H+0471"))
    assert (outcomes(held), call(FIRST).held) == (["held", "unchanged"], True)
    assert outcomes(send(world, 3, ("SEQ+1+0471", "SEQ+G+0471")))[0] == "resumed"
    ignored = send(world, 4, ("SEQ+1+0471", "SEQ+N+0471"), (UNIT, "QTY+131:9:PCE'"))
    assert (outcomes(ignored), "status_ignored" in codes(ignored)) == (["unchanged"], True)
    skipped = send(
        world, 5, ("SEQ+1+0472", "SEQ+B+0480"), ("2611220472", "2611220480"), ("000472:XO", "000480:XO")
    )  # fmt: skip
    assert outcomes(skipped) == ["unchanged", "skipped"]
    assert SkippedNumber.objects.get().position == 480
    cancelled = send(world, 6, ("SEQ+1+0471", "SEQ+X+0471"))
    assert (outcomes(cancelled)[0], call(FIRST).state) == ("cancelled", "cancelled")


def test_a_deleted_car_that_was_never_called_closes_the_gap(world: World) -> None:
    send(world, 1)

    done = send(
        world, 2, ("SEQ+1+0472", "SEQ+2+0473"), ("2611220472", "2611220473"), ("000472:XO", "000473:XO")
    )  # fmt: skip

    assert outcomes(done) == ["unchanged", "skipped"]
    assert (SkippedNumber.objects.get().position, SkippedNumber.objects.get().source) == (473, "edi")
