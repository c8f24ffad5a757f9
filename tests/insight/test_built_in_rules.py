"""Each rule that comes with the installation raises its alert, and the alert goes when its cause has gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from milkrun.exchange.models import Message, OutboxMessage
from milkrun.insight.queries import AlertFilter, alerts
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.insight.watching import SOON, look
from tests.world import NOW, UNKNOWN

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(hours=13, minutes=30)


def cause(world, metric: str) -> str:
    """Return the sentence of the one open alert of a metric."""
    (row,) = alerts(world.site_id, AlertFilter(metric=metric), "Europe/Berlin").rows
    return row.cause


def test_produced_but_unpacked_then_packed_but_on_no_delivery_then_gone(world) -> None:
    (call,) = ids = [world.call(world.sequenced(1))]
    world.finish(ids)
    ready = look(LATE)
    world.pack(call)
    packed = look(LATE)
    world.deliver(call)
    delivered = look(LATE)

    assert ready["produced_not_packed"] == ["CALL/1"]
    assert "produced_not_packed" not in packed
    assert packed["packed_not_delivered"] == ["CALL/1"]
    assert "packed_not_delivered" not in delivered


def test_a_rack_that_is_not_full_when_it_must_leave(world) -> None:
    ids = [world.call(world.sequenced(number)) for number in (1, 2)]
    world.finish(ids[:1])
    world.pack(ids[0])

    found = look(LATE)

    assert found["rack_incomplete"] == ["SV 1"]
    assert "places still to pack: 1" in cause(world, "rack_incomplete")


def test_an_unknown_part_names_it_and_closes_when_the_call_is_matched(world) -> None:
    world.call(world.summarized("DON1", parts=(UNKNOWN,)))

    found = look()

    assert found["unknown_part"] == ["DON1"]
    assert UNKNOWN in cause(world, "unknown_part")


def test_a_gap_in_the_sequence_until_the_late_number_fills_it_and_a_jump(world) -> None:
    for number in (1, 2, 5):
        world.call(world.sequenced(number))
    gap = look(NOW)
    text = cause(world, "sequence_gap")
    for number in (3, 4):
        world.call(world.sequenced(number))
    filled = look(NOW)
    world.call(world.sequenced(3000))
    jump = look(NOW)

    assert gap["sequence_gap"] == ["CALL/5"]
    assert text == "OEM01, stream 03: between 0002 and 0005 the calls are missing (2)."
    assert "sequence_gap" not in filled
    assert jump["sequence_gap"] == ["CALL/3000"]


def test_numbers_that_were_skipped_are_not_missing(world) -> None:
    from milkrun.demand.commands.skip_number import skip_number

    for number in (1, 2, 6):
        world.call(world.sequenced(number))

    def skip(number: str) -> None:
        skip_number(
            site_id=world.site_id, partner_id=world.partner_id, ship_to_code="21", stream_code="03", number=number,
            reason="blocked car", source="manual", actor=world.actor, at=world.later(),
        )  # fmt: skip

    skip("4")
    look(NOW)
    some = cause(world, "sequence_gap")
    skip("3")
    skip("5")

    assert some == "OEM01, stream 03: between 0002 and 0006 the calls are missing (2)."
    assert "sequence_gap" not in look(NOW)


def test_a_cancelled_car_leaves_no_gap(world) -> None:
    from milkrun.demand.commands.request_cancel import request_cancel

    ids = [world.call(world.sequenced(number)) for number in (1, 2, 3)]
    request_cancel(call_ids=(ids[1],), reason="x", source="manual", actor=world.actor, at=world.later())

    assert "sequence_gap" not in look(NOW)


def test_an_asn_nobody_acknowledges_and_one_that_was_rejected(world) -> None:
    (call,) = world.packed(world.sequenced(1))
    delivery = world.picked(call)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    soon = look(world.now + timedelta(minutes=59))
    late = look(world.now + timedelta(minutes=61))
    OutboxMessage.objects.update(state="rejected", answer="Plant 21 unknown")
    failed = look(world.now + timedelta(minutes=61))
    text = cause(world, "asn_failed")
    OutboxMessage.objects.update(state="acknowledged")
    gone = look(world.now + timedelta(minutes=62))

    assert "asn_not_acknowledged" not in soon
    assert len(late["asn_not_acknowledged"]) == len(failed["asn_failed"]) == 1
    assert "asn_not_acknowledged" not in failed
    assert "Plant 21 unknown" in text
    assert not {"asn_failed", "asn_not_acknowledged"} & set(gone)


def test_a_message_that_was_not_taken_over_and_a_file_that_was_refused(world) -> None:
    from milkrun.gateway.receive import take_in
    from tests.gateway.files import two_vehicles

    def send(data: bytes) -> None:
        take_in(data, partner_code="OEM01", file_name="x", source="cli", actor=world.actor, at=world.later())

    send(two_vehicles())
    Message.objects.update(state="failed", findings=[{"severity": "error", "text": "Line 3 says nothing."}])
    send(b"UNB+UNOA:3+OEM")

    found = look(world.now)

    assert len(found["message_failed"]) == 1
    assert "Line 3 says nothing." in cause(world, "message_failed")
    assert len(found["file_refused"]) == 1


def test_goods_that_were_made_for_a_call_that_is_cancelled_then(world) -> None:
    from milkrun.demand.models import ComponentGroup, JitCall

    call = world.call(world.sequenced(1))
    world.finish([call])
    JitCall.objects.filter(pk=call).update(state="cancel_requested")
    ComponentGroup.objects.filter(call=call).update(state="cancel_requested")

    found = look(SOON)

    assert found["cancelled_after_production"] == ["CALL/1"]


def test_what_the_verification_found_is_an_alert_and_a_cumulative_mismatch_one_of_its_own(world) -> None:
    from milkrun.kernel.tasks import TaskReport, report

    broken = [
        {"id": "I-07", "title": "The cumulative quantity", "violations": 2, "first": ["plant 1 part 3"]},
        {"id": "I-01", "title": "Balances are the ledger", "violations": 1, "first": ["balance 4"]},
    ]
    report([TaskReport("verify", NOW, NOW, result={"broken": broken})])
    found = look(NOW)
    report([TaskReport("verify", NOW, NOW, result={"broken": []})])
    after = look(NOW)

    assert found["cumulative_mismatch"] == ["I-07"]
    assert found["verify_failed"] == ["I-01"]
    assert not {"cumulative_mismatch", "verify_failed"} & set(after)


def test_a_flood_of_one_cause_is_bounded_and_still_closes_from_its_beginning(world, monkeypatch) -> None:
    from milkrun.insight.queries import settling
    from milkrun.insight.queries.metrics import calls as metric

    monkeypatch.setattr(metric, "MOST", 3)
    monkeypatch.setattr(settling, "MOST", 3)
    given = [replace(world.summarized(f"DON{n}"), required_at=NOW + timedelta(minutes=n)) for n in range(1, 7)]
    ids = [world.call(one) for one in given]

    first = look(NOW)
    world.release(ids[0])
    second = look(NOW)

    assert first["call_not_released"] == ["DON1", "DON2", "DON3"]
    assert second["call_not_released"] == ["DON2", "DON3", "DON4"]
