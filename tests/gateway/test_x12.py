"""X12 schedules and sequences through the same doors as a DELJIT: the same calls, answered by a 997."""

from collections.abc import Callable

import pytest

from milkrun.demand.models import Component, JitCall
from milkrun.exchange.models import Interchange, OutboxMessage
from tests.gateway.files import sample

pytestmark = pytest.mark.django_db


def x12(name: str, *changes: tuple[str, str]) -> bytes:
    """Return a sample with each (old, new) text exchanged wherever it stands."""
    text = sample(f"x12_{name}.x12").decode()
    for before, after in changes:
        assert before in text, f"{before} is not in {name}"
        text = text.replace(before, after)
    return text.encode()


def answers() -> list[tuple[str, str]]:
    """The acknowledgements in the outbox: type, and the segments that say what was accepted."""
    told = []
    for row in OutboxMessage.objects.order_by("pk"):
        lines = [line.rstrip("~") for line in bytes(row.payload).decode().splitlines()]
        told.append((row.document_type, " ".join(line for line in lines if line[:3] in ("AK3", "AK5", "AK9", "TA1"))))
    return told


def test_a_schedule_becomes_a_call_for_each_delivery_order_and_is_answered_by_a_997(take: Callable) -> None:
    report = take(x12("862_two_deliveries"))

    assert (report.verdict, report.reason) == ("accepted", "")
    assert sorted(JitCall.objects.values_list("external_no", "kind", "transmission_no")) == [
        ("DON4711", "summarized", "SCH4711"), ("DON4712", "summarized", "SCH4711"),
    ]  # fmt: skip
    assert answers() == [("997", "AK5*A AK9*A*1*1*1")]


def test_a_sequence_becomes_a_call_for_each_vehicle(take: Callable) -> None:
    report = take(x12("866_two_vehicles"))

    assert not [finding for finding in report.messages[0].findings if finding["severity"] == "error"]
    rows = JitCall.objects.order_by("pk").values_list("external_no", "vin", "sequence_text", "position", "line_feed")
    assert list(rows) == [
        ("SEQ0815/2611220471", "WVWZZZ1JZXW000471", "0471", 471, "LF-12"),
        ("SEQ0815/2611220472", "WVWZZZ1JZXW000472", "0472", 472, "LF-12"),
    ]
    assert Component.objects.count() == 3


def test_the_same_schedule_again_changes_nothing_and_is_answered_the_same(take: Callable) -> None:
    take(x12("862_two_deliveries"))
    OutboxMessage.objects.update(state="sent")

    report = take(x12("862_two_deliveries"))

    assert report.duplicate
    assert JitCall.objects.count() == 2
    assert Interchange.objects.get().copies == 2
    assert list(OutboxMessage.objects.values_list("document_type", "state")) == [("997", "queued")]


def test_a_second_schedule_changes_the_call_of_its_delivery_order(take: Callable) -> None:
    take(x12("862_two_deliveries"))

    report = take(x12("862_two_deliveries", ("000000123", "000000126"), ("SCH4711", "SCH4712"), ("FST*48", "FST*60")))

    assert [made["outcome"] for made in report.messages[0].created] == ["updated", "unchanged"]
    assert JitCall.objects.count() == 2
    assert str(Component.objects.get(group__call__external_no="DON4711").qty) == "60"


def test_one_bad_set_does_not_stop_the_good_one_and_the_997_names_its_place(take: Callable) -> None:
    report = take(x12("862_good_plus_bad_set"))

    assert [message.verdict for message in report.messages] == ["accepted", "rejected"]
    assert JitCall.objects.count() == 2
    assert answers() == [("997", "AK5*A AK3*FST*10**8 AK5*R*5 AK9*P*2*2*1")]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (("ZZ*OEM01 ", "ZZ*OEM99 "), "006"),
        (("ZZ*SUPP01 ", "ZZ*SUPP99 "), "008"),
        (("*0*P*>", "*0*T*>"), "020"),
        (("IEA*1*", "IEA*2*"), "021"),
        (("IEA*1*000000123", "IEA*1*000000124"), "001"),
    ],
)
def test_a_file_refused_as_a_whole_is_answered_by_a_ta1(take: Callable, change: tuple[str, str], note: str) -> None:
    report = take(x12("862_two_deliveries", change))

    assert (report.verdict, JitCall.objects.count()) == ("rejected", 0)
    assert answers() == [("TA1", f"TA1*000000123*261121*1948*R*{note}")]


def test_other_content_under_a_number_that_was_taken_in_is_put_aside(take: Callable) -> None:
    take(x12("862_two_deliveries"))

    report = take(x12("862_two_deliveries", ("FST*48", "FST*49")))

    assert (report.verdict, Interchange.objects.order_by("pk").last().state) == ("rejected", "quarantined")
    assert answers()[-1] == ("TA1", "TA1*000000123*261121*1948*R*025")


def test_an_acknowledgement_is_never_acknowledged(take: Callable) -> None:
    take(x12("862_two_deliveries"))
    ours = bytes(OutboxMessage.objects.get().payload).decode()
    theirs = ours.replace("ZZ*SUPP01         *ZZ*OEM01          ", "ZZ*OEM01          *ZZ*SUPP01         ")

    report = take(theirs.encode())

    assert report.messages[0].type == "997"
    assert OutboxMessage.objects.count() == 1
