"""A delivery is billed once, at the price of the day it left, and its calls are completed."""

from datetime import date
from decimal import Decimal

import pytest

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.billing.errors import MixedCurrencies, NoPrice
from milkrun.billing.models import Invoice, InvoiceLine
from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demand.models import Component, ComponentGroup, JitCall, SupplyAgreement
from milkrun.edi import read
from milkrun.exchange.models import OutboxMessage
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.models import Delivery
from tests.refusals import refused
from tests.world import ORDER, REST, SEAT, World

pytestmark = pytest.mark.django_db


def bill(world: World, delivery: int):
    return issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())


def issued(world: World, *calls) -> int:
    delivery = world.picked(*world.packed(*calls))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    return delivery


def agree(world: World, part: str, price: int, day: date, **more) -> None:
    agree_supply(
        partner_id=world.partner_id, order_no=ORDER, customer_part_no=part, price_minor=price, valid_from=day,
        actor=world.actor, at=world.later(), **{"currency": "EUR", **more},
    )  # fmt: skip


def test_lines_are_priced_and_totals_add_up(world: World) -> None:
    done = bill(world, issued(world, world.sequenced(471), world.sequenced(472, parts=(SEAT,))))

    assert (done.net, done.tax, done.gross) == (Decimal("376.50"), Decimal("71.54"), Decimal("448.04"))
    assert [line.amount for line in InvoiceLine.objects.order_by("line_no")] == [12_550] * 3
    assert (done.number, Invoice.objects.get().gross_amount) == ("R00000001", 44_804)


def test_billing_completes_the_calls(world: World) -> None:
    delivery = issued(world, world.sequenced(471))

    done = bill(world, delivery)

    call, group = JitCall.objects.get(), ComponentGroup.objects.get()
    assert (call.state, group.state, group.billing) == ("completed", "completed", "billed")
    assert (done.completed_call_ids, Delivery.objects.get().state) == ((call.pk,), "billed")
    assert set(Component.objects.values_list("billed_qty", flat=True)) == {Decimal(1)}


def test_the_invoice_for_the_customer_parses_back(world: World) -> None:
    bill(world, issued(world, world.sequenced(471)))

    row = OutboxMessage.objects.get(document_type="INVOIC")
    (interchange,) = read(bytes(row.payload)).interchanges
    assert (interchange.verdict, [m.type for m in interchange.messages]) == ("accepted", ["INVOIC"])


def test_the_price_of_the_day_the_goods_left_counts(world: World) -> None:
    agree(world, SEAT, 20_000, date(2026, 11, 21))
    agree(world, SEAT, 30_000, date(2026, 11, 22))

    done = bill(world, issued(world, world.sequenced(471, parts=(SEAT,))))

    assert done.net == Decimal("200.00")


def test_the_day_is_that_of_our_site_not_of_utc(world: World) -> None:
    agree(world, SEAT, 30_000, date(2026, 11, 22))
    calls = world.packed(world.sequenced(471, parts=(SEAT,)))
    world.now = world.now.replace(hour=23, minute=10)

    delivery = world.picked(*calls)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    assert bill(world, delivery).net == Decimal("300.00")


def test_a_price_for_a_hundred_rounds_a_line_once_half_to_even(world: World) -> None:
    agree(world, SEAT, 1_250, date(2026, 11, 1), price_basis=100)

    done = bill(world, issued(world, world.summarized("DON1", qty="5")))

    assert done.net == Decimal("0.62")


def test_the_journal_tells_of_invoice_delivery_and_call(world: World) -> None:
    delivery = issued(world, world.sequenced(471))

    done = bill(world, delivery)

    assert journal.history([("invoice", done.invoice_id)])[0].after == "issued"
    assert journal.history([("delivery", delivery)])[0].facts == {"invoice": done.number}
    steps = [line.action for line in journal.history([("call", done.completed_call_ids[0])])][:2]
    assert steps == ["complete_call", "issue_invoice"]


def test_a_line_without_a_price_stops_the_bill_and_is_named(world: World) -> None:
    delivery = issued(world, world.sequenced(471))
    SupplyAgreement.objects.filter(customer_part__number=REST).update(valid_from=date(2026, 12, 1))

    with refused(NoPrice) as caught:
        bill(world, delivery)

    assert caught.value.facts == {"lines": [2]}
    assert "REST-106B: no price was agreed for 2026-11-21" in caught.value.message


def test_prices_in_two_currencies_stop_the_bill(world: World) -> None:
    agree(world, REST, 900, date(2026, 11, 1), currency="USD")
    delivery = issued(world, world.sequenced(471))

    with refused(MixedCurrencies):
        bill(world, delivery)


def test_a_delivery_is_billed_once_and_only_after_it_left(world: World) -> None:
    waiting = world.picked(*world.packed(world.summarized("DON1")))
    billed = issued(world, world.summarized("DON2"))
    bill(world, billed)

    for delivery in (waiting, billed):
        with refused(IllegalMove):
            bill(world, delivery)


def test_an_unknown_delivery_is_not_found(world: World) -> None:
    with refused(NotFound):
        bill(world, 0)
