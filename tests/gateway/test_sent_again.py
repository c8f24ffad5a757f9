"""A file that comes again: {taken in, refused, left behind by a killed process} x {same bytes, other bytes}."""

import pytest

from milkrun.demand.models import JitCall
from milkrun.edi import read
from milkrun.exchange.commands.claim_outbox import claim_outbox
from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.commands.store_interchange import store_interchange
from milkrun.exchange.models import Agreement, Interchange, Message, OutboxMessage
from milkrun.gateway.process import take_over_left_behind
from tests.gateway.files import sample, two_vehicles
from tests.refusals import fingerprint
from tests.world import World

pytestmark = pytest.mark.django_db
GOOD = sample("deljit_jis_two_vehicles.edi")
OTHER = two_vehicles(("CALL000123", "CALL000777"))


def test_taken_in_and_the_same_bytes_nothing_changes_but_the_count_of_copies(take) -> None:
    take(GOOD)
    before = fingerprint()

    again = take(GOOD)

    after = fingerprint()
    changed = {table for table in before if before[table] != after[table]}
    assert (again.duplicate, again.verdict) == (True, "accepted")
    assert changed <= {"exchange_interchange", "kernel_journalentry"}
    assert Interchange.objects.get().copies == 2


def test_taken_in_and_the_same_bytes_the_stored_answer_goes_out_again_byte_for_byte(take, world: World) -> None:
    take(GOOD)
    (parcel,) = claim_outbox(partner_id=world.partner_id, at=world.later()).parcels
    record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=world.actor, at=world.later())

    take(GOOD)

    (again,) = claim_outbox(partner_id=world.partner_id, at=world.later()).parcels
    assert (again.outbox_id, again.payload_hex, again.file_name) == (
        parcel.outbox_id, parcel.payload_hex, parcel.file_name
    )  # fmt: skip


def test_taken_in_and_other_bytes_they_are_put_aside_and_answered_with_26(take) -> None:
    take(GOOD)

    other = take(OTHER)

    row = Interchange.objects.get(state="quarantined")
    answer = OutboxMessage.objects.get(document_type="CONTRL", document_id=row.pk)
    body = read(bytes(answer.payload)).interchanges[0].messages[0].body
    assert (other.verdict, other.duplicate, bytes(row.content)) == ("rejected", False, OTHER)
    assert "came before with other content" in other.reason
    assert (body.action, body.error) == ("4", "26")
    assert not JitCall.objects.filter(external_no__startswith="CALL000777").exists()


def test_quarantined_bytes_stay_put_aside_however_often_they_come(take) -> None:
    take(GOOD)
    take(OTHER)

    again = take(OTHER)

    assert (again.duplicate, again.verdict) == (True, "rejected")
    assert Interchange.objects.filter(state="quarantined").count() == 1


def test_refused_and_then_corrected_under_the_same_reference_it_goes_through(take) -> None:
    first = take(two_vehicles(("UNT+24+1'", "UNT+23+1'")))

    second = take(GOOD)

    assert (first.verdict, second.verdict, second.duplicate) == ("rejected", "accepted", False)
    assert JitCall.objects.count() == 2


def test_refused_for_our_own_mistake_the_same_bytes_go_through_once_it_is_mended(take) -> None:
    Agreement.objects.update(our_id="WRONG")
    first = take(GOOD)
    Agreement.objects.update(our_id="SUPP01")

    second = take(GOOD)

    verdicts = [
        read(bytes(row.payload)).interchanges[0].messages[0].body.action
        for row in OutboxMessage.objects.filter(document_type="CONTRL").order_by("pk")
    ]
    assert (first.verdict, second.verdict, second.duplicate) == ("rejected", "accepted", False)
    assert (JitCall.objects.count(), Interchange.objects.get().state) == (2, "processed")
    assert verdicts == ["4", "7"]


def test_refused_and_still_wrong_the_same_bytes_are_a_copy_of_the_refused_file(take) -> None:
    bad = two_vehicles(("UNT+24+1'", "UNT+23+1'"))
    take(bad)

    again = take(bad)

    assert (again.verdict, again.duplicate, Interchange.objects.count()) == ("rejected", True, 1)


def left_behind(world: World, data: bytes) -> None:
    """Store a file as a process would that is killed before it takes the messages over."""
    reading = read(data)
    for found in reading.interchanges:
        store_interchange(
            agreement_id=Agreement.objects.get().pk, content=data, found=found, findings=[], refuse=None,
            dialect="edifact", file_name="f.edi", source="inbox", actor=world.actor, at=world.later(),
        )  # fmt: skip


def test_left_behind_and_the_same_bytes_the_messages_are_taken_over_now(take, world: World) -> None:
    left_behind(world, GOOD)

    again = take(GOOD)

    assert (again.duplicate, JitCall.objects.count(), Message.objects.get().state) == (True, 2, "taken")


def test_left_behind_and_other_bytes_they_are_put_aside_and_the_first_ones_wait(take, world: World) -> None:
    left_behind(world, GOOD)

    other = take(OTHER)

    assert (other.verdict, Message.objects.filter(state="waiting").count()) == ("rejected", 1)


def test_left_behind_for_half_a_minute_the_worker_takes_them_over_once(world: World) -> None:
    left_behind(world, GOOD)

    counts = [take_over_left_behind(actor=world.actor, at=world.later()) for _ in range(2)]

    assert (counts, JitCall.objects.count(), Interchange.objects.get().state) == ([1, 0], 2, "processed")


def test_left_behind_of_a_file_with_two_interchanges_each_finds_its_own(world: World) -> None:
    both = GOOD + sample("deljit_summarized.edi").split(b"UNA:+.? '")[1]
    left_behind(world, both)

    done = take_over_left_behind(actor=world.actor, at=world.later())

    assert (done, sorted(JitCall.objects.values_list("kind", flat=True))) == (
        2, ["sequenced", "sequenced", "summarized"]
    )  # fmt: skip


def test_a_new_transmission_of_unchanged_calls_changes_no_call(take) -> None:
    take(GOOD)
    before = list(JitCall.objects.order_by("pk").values())

    again = take(two_vehicles(control="00000000000555"))

    assert [made["outcome"] for made in again.messages[0].created] == ["unchanged", "unchanged"]
    assert list(JitCall.objects.order_by("pk").values()) == before


def test_a_new_transmission_with_a_change_updates_until_the_release_and_is_refused_after_it(take, world: World) -> None:
    take(GOOD)
    moved = ("LF-12", "LF-14")

    updated = take(two_vehicles(moved, control="00000000000555"))
    world.release(*JitCall.objects.values_list("pk", flat=True))
    refused = take(two_vehicles(("LF-12", "LF-15"), control="00000000000556"))

    assert [made["outcome"] for made in updated.messages[0].created] == ["updated", "unchanged"]
    assert [f["code"] for f in refused.messages[0].findings] == ["call_under_way"]
    assert "LF-14" in JitCall.objects.values_list("line_feed", flat=True)
