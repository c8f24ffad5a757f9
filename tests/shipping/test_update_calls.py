"""A call is changed freely before its release, later by the rule; what differs is kept and told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from milkrun.demand.commands.configure_stream import StreamRules, configure_stream
from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.models import (
    CallRequest,
    Component,
    ComponentGroup,
    JitCall,
    SequenceStream,
    SlotHistory,
)
from milkrun.exchange.models import Notification
from milkrun.insight.queries import verify
from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid
from milkrun.production.models import Job
from milkrun.shipping.commands.decide_changes import decide_changes
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.update_calls import CallAnswer, CallChange, LineChange, update_calls
from milkrun.shipping.errors import DeliveryHeld
from milkrun.shipping.models import Delivery
from tests.refusals import refused
from tests.world import REST, SEAT, World

pytestmark = pytest.mark.django_db


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def update(world: World, *changes: CallChange, source: str = "edi", reason: str = "model change") -> list[CallAnswer]:
    return list(update_calls(changes=changes, reason=reason, source=source, **by(world)).answers)


def rule(world: World, word: str, **other: Any) -> None:
    set_call_rule(partner_id=world.partner_id, change_after_release=word, **other, **by(world))


def more(qty: str, line: int = 1, group: str = "") -> tuple[LineChange, ...]:
    return (LineChange(group, line, qty=Decimal(qty)),)


def state(call: int) -> str:
    return JitCall.objects.get(pk=call).state


def test_before_the_release_everything_changes_in_place_and_the_difference_is_kept(world: World) -> None:
    call = world.call(world.summarized("DON1", qty="48"))
    later = JitCall.objects.get().required_at + timedelta(hours=2)

    (answer,) = update(world, CallChange(call, required_at=later, line_feed="LF-9", lines=more("50")), source="manual")

    row = JitCall.objects.get()
    assert (answer.outcome, row.required_at, row.line_feed) == ("updated", later, "LF-9")
    assert Component.objects.get().qty == 50
    line = journal.history([("call", call)])[0]
    assert (line.action, line.reason) == ("update_call", "model change")
    assert line.facts["changed"]["/1"] == [f"{SEAT} x 48 PCE 5500012345", f"{SEAT} x 50 PCE 5500012345"]
    told = Notification.objects.get(kind="call_changed", partner_id=world.partner_id)
    assert "required 2026-11-22 10:50 CET -> 2026-11-22 12:50 CET" in told.body
    roles = Notification.objects.filter(kind="call_changed").exclude(role="").values_list("role", flat=True)
    assert set(roles) == {"material_planner", "production_planner", "shipping"}


@pytest.mark.parametrize("stage", ["released", "ready", "packed", "on_delivery"])
@pytest.mark.parametrize(("word", "outcome"), [("refuse", "refused"), ("ask", "asked"), ("allow", "updated")])
def test_after_the_release_the_rule_says_what_becomes_of_it(world: World, stage: str, word: str, outcome: str) -> None:
    rule(world, word)
    call = brought_to(world, stage)
    jobs = Job.objects.count()

    (answer,) = update(world, CallChange(call, lines=more("5")))

    assert answer.outcome == outcome
    if outcome != "updated":
        assert state(call) == stage
        assert Component.objects.get().qty == 3
        return
    # The new group is released anew; what was made for the old one is free for it.
    assert state(call) == "created"
    old, new = ComponentGroup.objects.order_by("pk")
    assert (old.state, new.predecessor_id, new.components.get().qty) == ("cancelled", old.pk, 5)
    world.finish([call])
    assert (state(call), Job.objects.count() - jobs) == ("ready", 1)
    assert verify().ok


def brought_to(world: World, stage: str) -> int:
    call = world.call(world.summarized("DON1", qty="3"))
    if stage == "released":
        world.release(call)
    else:
        world.finish([call])
    if stage in ("packed", "on_delivery"):
        world.pack(call)
    if stage == "on_delivery":
        world.deliver(call)
    return call


def test_the_closest_rule_counts(world: World) -> None:
    first, other = world.call(world.sequenced(471)), world.call(world.summarized("DON1"))
    world.release(first, other)
    stream = SequenceStream.objects.get()
    rule(world, "refuse")
    rule(world, "ask", state="released")
    rule(world, "allow", state="released", stream_id=stream.pk)

    answers = update(world, CallChange(first, line_feed="LF-1"), CallChange(other, line_feed="LF-1"))
    rule(world, "", state="released")
    again = update(world, CallChange(other, line_feed="LF-2"))

    assert [a.outcome for a in answers] == ["updated", "asked"]
    assert again[0].code == "call_under_way"
    with refused(Invalid):
        rule(world, "ask", state="billed")
    with refused(Invalid):
        rule(world, "ask", stream_id=stream.pk)


@pytest.mark.parametrize("least", ["created", "ready"])
def test_of_a_call_in_several_states_the_strictest_rule_counts(world: World, least: str) -> None:
    rule(world, "allow")
    rule(world, "refuse", state="packed")
    (group,) = world.sequenced(471).groups
    call = world.packed(replace(world.sequenced(471), groups=(group, replace(group, code="LH"))))[0]
    reorder_component(call_id=call, group_code="LH", line_nos=(1,), reason="scratched", lost=False, **by(world))
    if least == "ready":
        world.release(call)
    assert state(call) == least

    (answer,) = update(world, CallChange(call, lines=more("5", group="SV")))

    assert (answer.outcome, answer.code) == ("refused", "call_under_way")
    assert "is packed: this customer's rule refuses" in answer.message


@pytest.mark.parametrize("accept", [True, False])
def test_what_is_asked_waits_for_a_planner_who_decides(world: World, accept: bool) -> None:
    rule(world, "ask")
    call = brought_to(world, "released")
    update(world, CallChange(call, lines=more("4")))
    (newer,) = update(world, CallChange(call, lines=more("5")))
    (again,) = update(world, CallChange(call, lines=more("5")))
    assert (newer.outcome, again.outcome) == ("asked", "asked")
    assert sorted(CallRequest.objects.values_list("state", flat=True)) == ["open", "superseded"]
    assert Notification.objects.filter(kind="change_asked").count() == 2

    (done,) = decide_changes(call_ids=(call,), accept=accept, note="agreed by phone", **by(world)).answers

    assert done.outcome == ("updated" if accept else "declined")
    wanted = Component.objects.exclude(group__state="cancelled").get().qty
    assert (wanted, CallRequest.objects.latest("pk").state) == ((5, "accepted") if accept else (3, "declined"))
    (late,) = decide_changes(call_ids=(call,), accept=accept, note="x", **by(world)).answers
    assert late.code == "nothing_requested"
    if not accept:
        assert Notification.objects.filter(kind="call_refused", partner_id=world.partner_id).count() == 1
        with refused(Invalid):
            decide_changes(call_ids=(call,), accept=False, note=" ", **by(world))


@pytest.mark.parametrize("accept", [True, False])
def test_a_delivery_does_not_leave_before_a_change_that_waits_is_decided(world: World, accept: bool) -> None:
    rule(world, "ask")
    delivery = world.picked(*world.packed(world.summarized("DON1", qty="3"), world.summarized("DON2", qty="1")))
    call = JitCall.objects.get(external_no="DON1").pk
    later = JitCall.objects.get(pk=call).required_at + timedelta(hours=2)
    update(world, CallChange(call, required_at=later))

    with refused(DeliveryHeld) as caught:
        post_goods_issue(delivery_id=delivery, **by(world))
    decide_changes(call_ids=(call,), accept=accept, note="agreed by phone", **by(world))
    post_goods_issue(delivery_id=delivery, **by(world))

    assert "the customer wants call DON1 changed" in caught.value.message
    assert (state(call), caught.value.facts["calls"]) == ("issued", ["DON1"])
    assert verify().ok


def test_a_change_goes_through_although_another_chosen_call_is_stuck_on_a_withdrawn_delivery(world: World) -> None:
    rule(world, "allow")
    sent = world.packed(world.summarized("DON1", qty="1"), world.summarized("DON2", qty="1"))
    delivery = world.picked(*sent)
    post_goods_issue(delivery_id=delivery, **by(world))
    reverse_goods_issue(delivery_id=delivery, reason="wrong truck", **by(world))
    car = world.call(world.sequenced(471))
    world.release(car)

    answers = update(
        world, CallChange(sent[0], lines=more("2")), CallChange(car, sequence_text="472", lines=more("2", group="SV"))
    )

    assert [(a.outcome, a.code) for a in answers] == [("refused", "announced_before"), ("updated", "")]
    row = JitCall.objects.get(pk=car)
    assert (row.position, row.sequence_text) == (472, "472")
    assert verify().ok


def test_accepting_a_wish_writes_what_was_asked_and_nothing_that_changed_since(world: World) -> None:
    rule(world, "ask")
    call = brought_to(world, "released")
    later = JitCall.objects.get().required_at + timedelta(hours=2)
    update(world, CallChange(call, lines=more("5")))
    update(world, CallChange(call, required_at=later, line_feed="LF-9"), source="manual")

    (done,) = decide_changes(call_ids=(call,), accept=True, note="agreed", **by(world)).answers

    row = JitCall.objects.get()
    assert (done.outcome, row.required_at, row.line_feed) == ("updated", later, "LF-9")
    assert Component.objects.exclude(group__state="cancelled").get().qty == 5


@pytest.mark.parametrize(("qty", "source"), [("6", "manual"), ("3", "edi")])
def test_a_wish_is_superseded_by_another_change_of_the_same_or_when_it_is_taken_back(
    world: World, qty: str, source: str
) -> None:
    rule(world, "ask")
    call = brought_to(world, "released")
    update(world, CallChange(call, lines=more("5")))

    update(world, CallChange(call, lines=more(qty)), source=source)

    assert CallRequest.objects.get().state == "superseded"
    (late,) = decide_changes(call_ids=(call,), accept=True, note="x", **by(world)).answers
    assert late.code == "nothing_requested"


def test_jobs_and_deliveries_follow_the_time_of_their_calls(world: World) -> None:
    rule(world, "allow")
    made, sent = world.call(world.summarized("DON1", qty="3")), world.packed(world.summarized("DON2", qty="1"))[0]
    world.release(made)
    world.deliver(sent)
    sooner = JitCall.objects.get(pk=made).required_at - timedelta(hours=3)

    update(world, CallChange(made, required_at=sooner), CallChange(sent, required_at=sooner))

    assert Job.objects.get(lines__component__group__call=made).due_at == sooner
    assert Delivery.objects.get().due_at == sooner
    assert (state(made), state(sent)) == ("released", "on_delivery")


def test_what_has_left_or_was_cancelled_or_is_to_be_cancelled_is_not_changed(world: World) -> None:
    from milkrun.demand.commands.request_cancel import request_cancel

    rule(world, "allow")
    left = world.packed(world.summarized("LEFT", qty="1"))[0]
    post_goods_issue(delivery_id=world.picked(left), **by(world))
    cancelled, asked = world.call(world.summarized("GONE", qty="1")), world.call(world.summarized("ASKED", qty="1"))
    world.release(asked)
    request_cancel(call_ids=(cancelled, asked), reason="x", source="edi", **by(world))

    answers = update(world, *(CallChange(key, line_feed="X") for key in (left, cancelled, asked, 0)))

    assert [a.code for a in answers] == ["call_under_way", "call_cancelled", "call_under_way", "not_found"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda world: {"lines": more("0")}, "quantity"),
        (lambda world: {"lines": more("-1")}, "quantity"),
        (lambda world: {"lines": more("99999999999999999999")}, ""),
        (lambda world: {"lines": more("5", line=7)}, "no line 7"),
        (lambda world: {"required_at": world.now - timedelta(minutes=1)}, "has passed"),
        (lambda world: {"required_at": world.now + timedelta(days=9000)}, "five years"),
        (lambda world: {"unloading_point": "T" * 36}, "longer than 35"),
    ],
)
def test_an_impossible_change_is_refused_with_its_reason(
    world: World, change: Callable[[World], dict[str, Any]], said: str
) -> None:
    call = world.call(world.summarized("DON1"))

    (answer,) = update(world, CallChange(call, **change(world)), source="manual")

    assert answer.code == "call_not_understood"
    assert said in answer.message
    assert journal.history([("call", call)])[0].action != "update_call"


def test_a_selection_needs_a_reason_and_an_end(world: World) -> None:
    call = world.call(world.summarized("DON1"))

    for given in (
        {"changes": (CallChange(call, line_feed="X"),), "reason": " "},
        {"changes": (), "reason": "x"},
        {"changes": tuple(CallChange(key) for key in range(10_000)), "reason": "x"},
        {"changes": (CallChange(call), CallChange(call)), "reason": "x"},
    ):
        with refused(Invalid):
            update_calls(source="manual", **given, **by(world))
    assert update(world, CallChange(call))[0].outcome == "unchanged"


def test_a_released_call_takes_no_part_and_no_dock_that_nobody_knows(world: World) -> None:
    rule(world, "allow")
    call = brought_to(world, "released")

    part = update(world, CallChange(call, lines=(LineChange("", 1, customer_part_no="NEW"),)))
    dock = update(world, CallChange(call, unloading_point="TOR 99"))

    assert [part[0].code, dock[0].code] == ["call_unmatched", "call_unmatched"]
    assert "Part NEW is not known" in part[0].message
    assert state(call) == "released"


def test_released_cars_change_places_by_the_rule_until_they_are_in_packing(world: World) -> None:
    rule(world, "allow")
    configure_stream(
        site_id=world.site_id, partner_id=world.partner_id, ship_to_code="21", code="03",
        rules=StreamRules(), **by(world),
    )  # fmt: skip
    first, second = (world.call(world.sequenced(number, number=f"V{number}")) for number in (471, 472))
    world.release(first, second)
    swap = [
        CallChange(first, wanted=replace(world.sequenced(472, number="V471"), vin="A" * 17)),
        CallChange(second, wanted=world.sequenced(471, number="V472")),
    ]

    answers = update(world, *swap)

    assert [a.outcome for a in answers] == ["updated", "updated"]
    assert dict(JitCall.objects.values_list("external_no", "position")) == {"V471": 472, "V472": 471}
    assert SlotHistory.objects.count() == 2
    packed = world.packed(world.sequenced(480, parts=(REST,)))[0]
    (fixed,) = update(world, CallChange(packed, sequence_text="0481"))
    assert fixed.code == "call_not_understood"
    assert "place in the sequence is fixed" in fixed.message
    assert verify().ok


@pytest.mark.parametrize("change", [{"unloading_point": "TOR 8"}, {"ship_to_code": "22"}])
def test_a_packed_car_goes_where_its_rack_goes(world: World, change: dict[str, str]) -> None:
    rule(world, "allow")
    first, second = world.packed(world.sequenced(471), world.sequenced(472))

    (answer,) = update(world, CallChange(first, wanted=replace(world.sequenced(471), **change)))
    (feed,) = update(world, CallChange(second, line_feed="LF-1"))

    assert answer.code == "call_not_understood"
    assert "its whole rack goes there" in answer.message
    assert feed.outcome == "updated"


@pytest.mark.parametrize("number", ["99999", "", "12a"])
@pytest.mark.parametrize("source", ["manual", "edi"])
def test_a_number_that_gives_no_place_is_refused_and_the_call_keeps_its_slot(
    world: World, number: str, source: str
) -> None:
    rule(world, "allow")
    call = world.call(world.sequenced(471))
    world.release(call)

    (answer,) = update(world, CallChange(call, sequence_text=number), source=source)

    assert answer.code == "call_not_understood"
    assert "between 1 and 9999" in answer.message
    row = JitCall.objects.get()
    assert (row.position, row.sequence_text, SlotHistory.objects.count()) == (471, "0471", 0)


def test_a_hundred_calls_get_another_time_with_one_answer_each(world: World, django_assert_max_num_queries) -> None:
    calls = [world.call(world.summarized(f"DON{number}", qty="1")) for number in range(100)]
    later = world.now + timedelta(days=2)

    with django_assert_max_num_queries(2000):
        answers = update(world, *(CallChange(key, required_at=later) for key in calls), source="manual")

    assert {a.outcome for a in answers} == {"updated"}
    assert set(JitCall.objects.values_list("required_at", flat=True)) == {later}
