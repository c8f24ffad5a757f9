"""Bills by each customer's rule; credit notes and cancelled bills; what a customer is sent."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from milkrun import edi
from milkrun.billing.commands.cancel_invoice import cancel_invoice
from milkrun.billing.commands.issue_credit_note import issue_credit_note
from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.billing.commands.issue_invoices import issue_invoices
from milkrun.billing.commands.mail_invoice import mail_invoice
from milkrun.billing.commands.set_billing_rule import BillingAddress, set_billing_rule
from milkrun.billing.errors import AlreadyCredited, NoPrice
from milkrun.billing.models import Invoice, InvoiceLine
from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demand.models import Component, JitCall, SupplyAgreement
from milkrun.exchange.errors import CannotBeWritten
from milkrun.exchange.models import Notification, OutboxMessage
from milkrun.insight.queries.verify import verify
from milkrun.jobs.papers import prepare_invoices
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.partners.models import Partner, ShipTo, Site
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.errors import BilledInPart
from milkrun.shipping.models import Delivery
from tests.exchange.telling import contact
from tests.refusals import refused
from tests.world import ORDER, SEAT, World

pytestmark = pytest.mark.django_db


def issued(world: World, *calls) -> int:
    delivery = world.picked(*world.packed(*calls))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    return delivery


def rule(world: World, grouping: str = "delivery", channel: str = "edi", **more):
    return set_billing_rule(
        partner_id=world.partner_id, grouping=grouping, channel=channel, actor=world.actor, at=world.later(), **more
    )


def bill(world: World, delivery: int):
    return issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())


def bill_due(world: World):
    return issue_invoices(site_id=world.site_id, actor=world.actor, at=world.later())


def cancel(world: World, invoice: int):
    return cancel_invoice(invoice_id=invoice, reason="wrong price", actor=world.actor, at=world.later())


def credit(world: World, invoice: int, *lines: int):
    return issue_credit_note(invoice_id=invoice, lines=lines, reason="wrong price", actor=world.actor, at=world.later())


def violations() -> list[str]:
    return [f"{found.id} {found.first}" for found in verify().invariants if found.violations]


def three(world: World) -> list[int]:
    return [issued(world, world.summarized(f"DON{n}", qty="1")) for n in (1, 2, 3)]


def test_each_rule_makes_its_own_bills(world: World) -> None:
    three(world)
    by_delivery = len(bill_due(world).numbers)
    rule(world, "day")
    two = [issued(world, world.summarized(f"DAY{n}", qty="1")) for n in (1, 2)]
    too_early = bill_due(world)
    world.later(24 * 60)
    by_day = bill_due(world)
    rule(world, "week")
    issued(world, world.summarized("WEEK", qty="1"))
    same_week = bill_due(world).not_due
    world.later(7 * 24 * 60)

    assert by_delivery == 3
    assert (too_early.numbers, too_early.not_due) == ((), 2)
    assert len(by_day.numbers) == 1
    lines = InvoiceLine.objects.filter(invoice__number=by_day.numbers[0])
    assert {line.delivery_line.delivery_id for line in lines} == set(two)
    assert Invoice.objects.get(number=by_day.numbers[0]).delivery is None
    assert same_week == 1
    assert len(bill_due(world).numbers) == 1
    assert violations() == []


def test_one_bill_for_each_order_splits_a_delivery_and_completes_it_with_the_last(world: World) -> None:
    agree_supply(
        partner_id=world.partner_id, order_no="OTHER", customer_part_no=SEAT, price_minor=500, currency="EUR",
        valid_from=date(2026, 1, 1), actor=world.actor, at=world.later(),
    )  # fmt: skip
    rule(world, "order")
    delivery = issued(world, world.summarized("DON1", qty="1"), world.summarized("DON2", qty="1"))
    other = SupplyAgreement.objects.get(order_no="OTHER")
    Component.objects.filter(group__call__external_no="DON2").update(order_no="OTHER", agreement=other)

    done = bill_due(world)

    assert len(done.numbers) == 2
    assert Delivery.objects.get(pk=delivery).state == "billed"
    assert set(JitCall.objects.values_list("state", flat=True)) == {"completed"}
    assert violations() == []


def test_what_has_no_price_is_left_out_and_named(world: World) -> None:
    delivery, *_ = three(world)
    SupplyAgreement.objects.filter(customer_part__number=SEAT).update(valid_from=date(2027, 1, 1))

    done = bill_due(world)

    assert done.numbers == ()
    assert len(done.left_out) == 3
    assert "no price was agreed for 2026-11-21" in done.left_out[0].reason
    with refused(NoPrice):
        bill(world, delivery)


def test_the_day_of_a_price_is_that_of_the_customers_calendar(world: World) -> None:
    ShipTo.objects.update(zone="America/New_York")
    agree_supply(
        partner_id=world.partner_id, order_no=ORDER, customer_part_no=SEAT, price_minor=99_900, currency="EUR",
        valid_from=date(2026, 11, 22), actor=world.actor, at=world.later(),
    )  # fmt: skip
    calls = world.packed(world.summarized("DON1", qty="1"))
    world.now = world.now.replace(hour=23, minute=50)  # the 22nd where we are, the 21st where the customer is
    delivery = world.picked(*calls)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.now)

    assert bill(world, delivery).net == Decimal("125.50")
    assert violations() == []


def test_a_cancelled_bill_is_credited_in_full_and_its_calls_are_open_again(world: World) -> None:
    delivery = issued(world, world.sequenced(1))
    made = bill(world, delivery)

    done = cancel(world, made.invoice_id)

    note = Invoice.objects.get(kind="credit_note")
    assert (done.number, note.number, note.gross_amount) == ("G00000001", "G00000001", int(made.gross * 100))
    assert Invoice.objects.get(pk=made.invoice_id).state == "cancelled"
    assert (JitCall.objects.get().state, Delivery.objects.get().state) == ("issued", "issued")
    assert journal.history([("invoice", made.invoice_id)])[0].action == "cancel_invoice"
    row = OutboxMessage.objects.get(document_type="INVOIC", document_number=note.number)
    (message,) = edi.read(bytes(row.payload)).interchanges[0].messages
    assert (message.body.kind, message.body.credits) == ("credit_note", made.number)
    with refused(AlreadyCredited):
        cancel(world, made.invoice_id)
    again = bill(world, delivery)
    assert (again.number, JitCall.objects.get().state) == ("R00000002", "completed")
    assert violations() == []


def test_a_credit_note_over_one_line_opens_that_line_only(world: World) -> None:
    delivery = issued(world, world.sequenced(1))
    made = bill(world, delivery)

    done = credit(world, made.invoice_id, 2)

    assert Invoice.objects.get(pk=done.invoice_id).net_amount == 12_550
    assert Invoice.objects.get(pk=made.invoice_id).state == "issued"
    assert sorted(Component.objects.values_list("billed_qty", flat=True)) == [Decimal(0), Decimal(1)]
    assert Delivery.objects.get().state == "issued"
    with refused(BilledInPart):
        reverse_goods_issue(delivery_id=delivery, reason="x", actor=world.actor, at=world.later())
    assert violations() == []
    assert bill(world, delivery).net == Decimal("125.50")
    assert violations() == []


def test_with_the_last_line_credited_the_bill_is_cancelled_and_goods_may_come_back(world: World) -> None:
    delivery = issued(world, world.sequenced(1))
    made = bill(world, delivery)
    credit(world, made.invoice_id, 1)
    credit(world, made.invoice_id, 2)

    assert Invoice.objects.get(pk=made.invoice_id).state == "cancelled"
    reverse_goods_issue(delivery_id=delivery, reason="x", actor=world.actor, at=world.later())
    assert violations() == []


def test_wrong_credits_are_refused(world: World) -> None:
    delivery = issued(world, world.sequenced(1))
    made = bill(world, delivery)
    with refused(IllegalMove):
        bill(world, delivery)
    for lines in ((), (9,)):
        with refused(Invalid):
            credit(world, made.invoice_id, *lines)
    note = credit(world, made.invoice_id, 1)
    for invoice in (made.invoice_id, note.invoice_id):
        with refused(AlreadyCredited):
            credit(world, invoice, 1)
    with refused(NotFound):
        cancel(world, 0)
    with refused(Invalid):
        cancel_invoice(invoice_id=made.invoice_id, reason=" ", actor=world.actor, at=world.later())


def test_a_rule_is_checked(world: World) -> None:
    for wrong in ({"grouping": "year"}, {"channel": "fax"}, {"terms_days": 400}):
        with refused(Invalid):
            rule(world, **wrong)
    with refused(Invalid):
        rule(world, address=BillingAddress(country="Germany"))
    with refused(NotFound):
        set_billing_rule(partner_id=0, grouping="day", channel="edi", actor=world.actor, at=world.later())


def test_a_customer_that_bills_itself_is_sent_nothing(world: World) -> None:
    rule(world, channel="self_billing")
    made = bill(world, issued(world, world.sequenced(1)))

    assert not OutboxMessage.objects.filter(document_kind="invoice").exists()
    assert not Notification.objects.filter(document_kind="invoice").exists()
    assert Invoice.objects.get(pk=made.invoice_id).dispatched_at is not None
    assert violations() == []


def test_an_invoice_by_email_is_rendered_after_the_bill_and_goes_out_once(world: World) -> None:
    contact(world, "bills@oem.example", "invoice_issued")
    rule(world, channel="email")
    made = bill(world, issued(world, world.sequenced(1)))
    waiting = Invoice.objects.get().dispatched_at

    prepare_invoices(world.later())
    prepare_invoices(world.later())
    again = mail_invoice(invoice_id=made.invoice_id, attachments=(), actor=world.actor, at=world.later())

    row = OutboxMessage.objects.get(channel="email", document_number="invoice_issued")
    assert (waiting, again.addresses, row.address) == (None, 0, "bills@oem.example")
    assert b"R00000001.pdf" in bytes(row.payload)
    assert violations() == []


def germany(world: World) -> None:
    Site.objects.update(tax_id="DE123456789")
    Partner.objects.update(tax_id="DE987654321")


def test_ubl_keeps_the_rules_of_en_16931(world: World) -> None:
    germany(world)
    rule(world, channel="ubl")
    made = bill(world, issued(world, world.sequenced(1)))

    row = OutboxMessage.objects.get(document_type="UBL")
    top = ElementTree.fromstring(bytes(row.payload))  # noqa: S314 - bytes of our own
    cbc = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
    cac = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
    sums = top.find(f"{cac}LegalMonetaryTotal")
    lines = top.findall(f"{cac}InvoiceLine")
    amounts = [Decimal(line.findtext(f"{cbc}LineExtensionAmount")) for line in lines]
    assert row.file_name.endswith(".xml")
    assert top.findtext(f"{cbc}ID") == made.number
    assert top.findtext(f"{cbc}InvoiceTypeCode") == "380"
    assert top.findtext(f"{cbc}DueDate") == "2026-12-21"
    assert Decimal(sums.findtext(f"{cbc}LineExtensionAmount")) == sum(amounts) == made.net
    assert Decimal(sums.findtext(f"{cbc}TaxInclusiveAmount")) == made.gross
    assert Decimal(top.find(f"{cac}TaxTotal").findtext(f"{cbc}TaxAmount")) == made.tax
    assert {line.find(f"{cbc}InvoicedQuantity").get("unitCode") for line in lines} == {"H87"}
    assert top.findtext(f".//{cac}AccountingSupplierParty//{cac}Country/{cbc}IdentificationCode") == "DE"
    cancel(world, made.invoice_id)
    note = OutboxMessage.objects.get(document_type="UBL", document_number="G00000001")
    assert b"<cbc:CreditNoteTypeCode>381<" in bytes(note.payload)
    assert violations() == []


def test_ubl_without_what_the_standard_asks_for_is_refused_by_the_names_of_the_rules(world: World) -> None:
    rule(world, channel="ubl")
    delivery = issued(world, world.sequenced(1))

    with refused(CannotBeWritten) as caught:
        bill(world, delivery)

    assert "BR-09 seller's country is missing" in caught.value.message
    bulk = bill_due(world)
    assert (bulk.numbers, len(bulk.left_out), Invoice.objects.count()) == ((), 1, 0)
    germany(world)
    assert bill_due(world).numbers == ("R00000001",)
