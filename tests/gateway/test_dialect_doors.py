"""Every dialect at the doors: cut, broken, sent again, left behind or mended, it has the effect that a DELJIT has."""

import random
from collections.abc import Callable

import pytest

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.exchange.models import Agreement, Interchange, Message, OutboxMessage
from milkrun.gateway.process import take_over_left_behind, try_again
from milkrun.gateway.receive import take_in
from milkrun.insight.queries import verify
from tests.gateway.files import sample
from tests.gateway.test_sent_again import left_behind
from tests.world import World

pytestmark = pytest.mark.django_db

FILES = {
    "862": (sample("x12_862_two_deliveries.x12"), 2, b"~"),
    "866": (sample("x12_866_two_vehicles.x12"), 2, b"~"),
    "vda": (sample("vda_551_calls.vda"), 3, b"1"),
    "json": (sample("json_calls.json"), 2, b"}"),
}
NOISE = [b"", b"~", b"*", b">", b"\n", b"9", b" ", b"\x00", b"\xff", b'"', b"{", b"ISA*", b"552M1", b"-"]


@pytest.mark.parametrize("name", FILES)
def test_every_cut_is_refused_whole_and_the_whole_file_goes_through_afterwards(take: Callable, name: str) -> None:
    whole, calls, end = FILES[name]
    last = whole.rindex(end)

    for cut in range(1, last, 31):
        assert take(whole[:cut]).verdict == "rejected", cut
    effects = JitCall.objects.count(), ComponentGroup.objects.count()
    report = take(whole)

    assert effects == (0, 0)
    assert (report.verdict, JitCall.objects.count()) == ("accepted", calls)


@pytest.mark.parametrize("name", FILES)
def test_whatever_is_broken_the_door_answers_and_never_falls_over(world: World, name: str) -> None:
    whole, _, _ = FILES[name]
    chance = random.Random(862)

    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.choice(NOISE)
        reports = take_in(
            bytes(data), partner_code="OEM01", file_name="f", source="inbox", actor=world.actor, at=world.later()
        )

        assert all(report.verdict in ("accepted", "accepted_with_errors", "rejected") for report in reports)
        assert Interchange.objects.filter(content=bytes(data)).exists()


@pytest.mark.parametrize("name", FILES)
def test_the_same_bytes_again_change_nothing(take: Callable, name: str) -> None:
    whole, calls, _ = FILES[name]
    take(whole)
    answers = list(OutboxMessage.objects.values_list("document_type", "sha256"))

    again = take(whole)

    assert again.duplicate
    assert (JitCall.objects.count(), Interchange.objects.get().copies) == (calls, 2)
    assert list(OutboxMessage.objects.values_list("document_type", "sha256")) == answers


@pytest.mark.parametrize("name", FILES)
def test_the_same_calls_under_another_number_change_nothing(take: Callable, name: str) -> None:
    whole, calls, _ = FILES[name]
    take(whole)
    for old, new in ((b"000000123", b"000000777"), (b"000000124", b"000000777"), (b"00123261121", b"00777261121")):
        whole = whole.replace(old, new)
    whole = whole.replace(b'"control": "123"', b'"control": "777"')

    report = take(whole)

    made = [entry["outcome"] for message in report.messages for entry in message.created]
    assert (report.duplicate, JitCall.objects.count()) == (False, calls)
    assert set(made) == {"unchanged"}


@pytest.mark.parametrize("name", FILES)
def test_what_was_left_behind_is_taken_over_by_the_worker(world: World, name: str) -> None:
    whole, calls, _ = FILES[name]
    left_behind(world, whole)

    taken = take_over_left_behind(actor=world.actor, at=world.later())

    assert taken == Message.objects.count()
    assert set(Message.objects.values_list("state", flat=True)) == {"taken"}
    assert JitCall.objects.count() == calls


@pytest.mark.parametrize("name", ["862", "vda", "json"])
def test_a_cancelled_delivery_that_never_came_fails_and_is_tried_again_in_place(
    take: Callable, world: World, name: str
) -> None:
    whole, _, _ = FILES[name]
    cancelled = whole.replace(b"BSS*00", b"BSS*03").replace(b"92611221000", b"12611221000")
    cancelled = cancelled.replace(b'"call_no": "DON4711"', b'"call_no": "DON4711", "function": "cancel"')
    take(cancelled)
    failed = Message.objects.filter(state="failed").order_by("position").first()
    assert failed is not None

    for old, new in (
        (b"000000123", b"000000777"),
        (b"00123261121", b"00777261121"),
        (b'"control": "123"', b'"control": "7"'),
    ):
        whole = whole.replace(old, new)
    take(whole)
    mended = try_again(failed.pk, actor=world.actor, at=world.later())

    assert mended
    assert JitCall.objects.get(external_no="DON4711").state == "cancelled"


def test_the_borders_are_sound_whatever_came_and_a_lost_answer_is_found(take: Callable, world: World) -> None:
    for whole, _, _ in FILES.values():
        take(whole)
        take(whole.replace(b"5N0 881 105 A", b"5N0 881 106 B"))  # the same number, other content
        take(whole.replace(b"OEM01", b"OEM99").replace(b"000000123", b"000000555").replace(b'"123"', b'"555"'))
    nameless = FILES["862"][0].replace(b"ZZ*OEM01          ", b"ZZ*               ").replace(b"000000123", b"000000556")
    take(nameless)
    sound = verify()

    OutboxMessage.objects.filter(document_type__in=["997", "TA1", "JSON-ACK"]).order_by("pk").first().delete()
    lost = verify()

    assert {result.id: result.first for result in sound.invariants if result.violations} == {}
    assert "I-18" in [result.id for result in lost.invariants if result.violations]


def test_a_file_refused_for_our_own_mistake_is_answered_anew_once_it_is_mended(take: Callable) -> None:
    Agreement.objects.update(their_id="OEM9")
    refused = take(FILES["862"][0])
    Agreement.objects.update(their_id="OEM01")

    mended = take(FILES["862"][0])

    answers = list(OutboxMessage.objects.order_by("pk").values_list("document_type", "version"))
    assert (refused.verdict, mended.verdict, answers) == ("rejected", "accepted", [("TA1", 1), ("997", 2)])
    assert {result.id: result.first for result in verify().invariants if result.violations} == {}


def test_a_call_by_x12_is_released_to_production_like_any_other(take: Callable, world: World) -> None:
    take(FILES["862"][0])
    call = JitCall.objects.get(external_no="DON4711")

    world.release(call.pk)

    assert JitCall.objects.get(pk=call.pk).state == "released"


def test_a_released_call_changed_by_x12_follows_the_customers_rule(take: Callable, world: World) -> None:
    take(FILES["862"][0])
    world.release(JitCall.objects.get(external_no="DON4711").pk)

    report = take(FILES["862"][0].replace(b"000000123", b"000000777").replace(b"FST*48", b"FST*60"))

    outcomes = {made["number"]: made["outcome"] for made in report.messages[0].created}
    assert outcomes == {"DON4712": "unchanged"}
    assert [(found["segment"], found["code"]) for found in report.messages[0].findings] == [("BSS", "call_under_way")]


def test_an_unknown_part_stays_on_the_call_whatever_the_dialect(take: Callable) -> None:
    for name, (whole, _, _) in FILES.items():
        take(whole.replace(b"5N0 881 106 B", b"5N0 881 999 Z"))
        row = Component.objects.filter(customer_part_no="5N0 881 999 Z").order_by("-pk").first()
        assert row is not None, name
        assert row.matching_reason
