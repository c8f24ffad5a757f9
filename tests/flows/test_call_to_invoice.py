"""The story: two files dropped into the inbox become deliveries, notices, an invoice and completed calls.

Everything runs as in the product: the worker's functions take the files in and hand the answers out, people act by
commands, and what left is read back by the codec from the partner's folder.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.edi import Message, read
from milkrun.exchange.models import OutboxMessage
from milkrun.gateway.inbox import take_arrivals
from milkrun.gateway.send import send_due
from milkrun.insight.queries import verify
from milkrun.kernel import journal
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.commands.create_part import create_part
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.stock.models import Balance
from tests.gateway.files import sample
from tests.world import ORDER, UNKNOWN, World

pytestmark = pytest.mark.django_db
STATES = [
    "created", "released", "ready", "in_packing", "packed", "on_delivery", "issued", "billed", "completed"
]  # fmt: skip


def messages_of(folder: Path) -> list[tuple[str, Message]]:
    """Read every file of a folder back: (file name, message), and no file may hold a fault."""
    found = []
    for path in sorted(folder.iterdir()):
        (interchange,) = read(path.read_bytes()).interchanges
        assert interchange.verdict == "accepted", path.name
        found += [(path.name, message) for message in interchange.messages]
    return found


def make_the_unknown_part_known(world: World) -> None:
    who = {"actor": world.actor, "at": world.later()}
    part = create_part(number="COVER-999Z", made_here=True, **who)
    add_customer_part(partner_id=world.partner_id, number=UNKNOWN, part_id=part.part_id, **who)
    agree_supply(
        partner_id=world.partner_id, order_no=ORDER, customer_part_no=UNKNOWN, price_minor=1_000, currency="EUR",
        valid_from=date(2026, 1, 1), **who,
    )  # fmt: skip


def test_two_files_dropped_into_the_inbox_end_as_completed_calls_with_notice_and_invoice(
    world: World, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox" / "OEM01"
    inbox.mkdir(parents=True)
    for name in ("deljit_jis_two_vehicles.edi", "deljit_summarized.edi"):
        (inbox / name).write_bytes(sample(name))
    worker = {"home": tmp_path, "actor": world.actor}

    # The worker takes both files in and answers.
    reports = take_arrivals(at=world.later(), **worker)
    answered = send_due(at=world.later(), **worker)

    assert [report.verdict for report in reports] == ["accepted", "accepted_with_errors"]
    assert (answered, list(inbox.iterdir())) == (2, [])
    vehicles = list(JitCall.objects.filter(kind="sequenced").order_by("position").values_list("pk", flat=True))
    (quantities,) = JitCall.objects.filter(kind="summarized").values_list("pk", flat=True)

    # The part nobody knew is made known, and the call that waited for it goes on in place.
    make_the_unknown_part_known(world)
    reprocess_call(call_id=quantities, actor=world.actor, at=world.later())

    # Each kind of call goes down the line: made, packed, delivered, picked, issued, billed.
    billed = []
    for calls in (vehicles, [quantities]):
        world.finish(calls)
        world.pack(*calls)
        delivery = world.picked(*calls)
        post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
        billed.append(issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later()))
    assert send_due(at=world.later(), **worker) == 4

    # What left reads back as what was called for.
    found = messages_of(tmp_path / "outbox" / "OEM01")
    assert sorted(message.type for _, message in found) == ["CONTRL", "CONTRL", "DESADV", "DESADV", "INVOIC", "INVOIC"]
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}
    assert set(JitCall.objects.values_list("state", flat=True)) == {"completed"}
    assert set(ComponentGroup.objects.values_list("billing", "issue", "asn")) == {("billed", "issued", "announced")}
    assert [(b.net, b.currency) for b in billed] == [(Decimal("376.50"), "EUR"), (Decimal("6264.00"), "EUR")]
    assert not Balance.objects.filter(location__kind__in=["packing", "dock", "storage"], on_hand__gt=0).exists()
    report = verify()
    assert report.ok, [(result.id, result.first) for result in report.invariants if result.violations]
    for call in (*vehicles, quantities):
        steps = [line.after for line in reversed(journal.history([("call", call)])) if line.before != line.after]
        assert [state for state in steps if state] == STATES
