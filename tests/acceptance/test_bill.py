"""What shipping and billing promise, shown door to door: pages, files that leave, mail that arrives."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from milkrun.demand.models import JitCall
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Balance, Posting
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import World


def put_on_delivery(person: Door, *call_ids: int) -> Delivery:
    person.send("/calls/create-delivery", call=[public_id_of_call(key) for key in call_ids])
    return Delivery.objects.latest("pk")


@pytest.mark.requirement("SAP-09")
def test_a_delivery_is_made_from_calls_and_each_call_shows_it(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    (call,) = world.packed(world.sequenced(1))

    made = put_on_delivery(person, call)

    page = text_of(person.get(f"/calls/{public_id_of_call(call)}"))
    assert "On delivery" in page
    assert made.number in page


@pytest.mark.requirement("SAP-21")
def test_one_delivery_takes_many_calls_of_one_place_of_either_kind(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    sequenced = world.packed(world.sequenced(1), world.sequenced(2))
    summarised = world.packed(world.summarized("DON1"), world.summarized("DON2"))
    single = world.packed(world.summarized("DON3"))

    made = [put_on_delivery(person, *calls) for calls in (sequenced, summarised, single)]

    calls = [
        sorted(set(DeliveryLine.objects.filter(delivery=row).values_list("component__group__call_id", flat=True)))
        for row in made
    ]
    assert calls == [sorted(sequenced), sorted(summarised), single]


@pytest.mark.requirement("SAP-22")
def test_a_split_delivery_takes_each_call_to_the_right_part_and_loses_nothing(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("shipping")
    calls = world.packed(*(world.summarized(f"DON{n}", qty=str(n)) for n in (4, 5, 6)))
    whole = put_on_delivery(person, *calls)
    before = sum((line.qty for line in whole.lines.all()), Decimal(0))
    chosen = whole.lines.order_by("line_no").last()
    moved = public_id_of_call(chosen.component.group.call_id)

    page = text_of(person.send(f"/deliveries/{whole.public_id}/split", unit=[chosen.hu.sscc]))

    part = Delivery.objects.latest("pk")
    sums = [sum((line.qty for line in row.lines.all()), Decimal(0)) for row in (whole, part)]
    assert f"1 handling unit is on delivery {part.number} now." in page
    assert (sum(sums), before) == (Decimal(15), Decimal(15))
    links = person.get(f"/calls/{moved}").content.decode()
    assert f"/deliveries/{part.public_id}" in links
    assert f"/deliveries/{whole.public_id}" not in links


def _at_hand(world: World) -> Decimal:
    rows = Balance.objects.filter(part_id=world.parts["SEAT-105A"], location__kind__in=["packing", "dock", "storage"])
    return sum((row.on_hand for row in rows), Decimal(0))


@pytest.mark.requirement("SAP-28")
def test_an_asn_is_looked_at_first_and_leaves_at_once_or_by_hand(
    world: World, door: Callable[[str], Door], tmp_path
) -> None:
    from milkrun.gateway.send import send_due

    person = door("shipping")
    first, second = (Delivery.objects.get(pk=world.picked(*world.packed(world.sequenced(n)))) for n in (1, 2))

    looked_at = text_of(person.get(f"/deliveries/{first.public_id}/asn"))
    person.send(f"/deliveries/{first.public_id}/issue")
    at_once = send_due(home=tmp_path, actor=world.actor, at=world.later(60 * 24 * 365))
    person.send("/deliveries/rules/set", customer="OEM01", asn="hand", transit_minutes="0")
    waits = text_of(person.send(f"/deliveries/{second.public_id}/issue"))
    by_itself = send_due(home=tmp_path, actor=world.actor, at=world.later())
    file = second.public_id and _outbox(second)
    person.send(f"/messages/out/{file.public_id}/again")
    by_hand = send_due(home=tmp_path, actor=world.actor, at=world.later())

    assert "5N0 881 105 A" in looked_at
    assert "BGM+351+D00000001" in looked_at
    assert (at_once, by_itself, by_hand) == (1, 0, 1)
    assert "Look at it, then release it." in waits


def _outbox(delivery: Delivery):
    from milkrun.exchange.models import OutboxMessage

    return OutboxMessage.objects.get(document_kind="delivery", document_id=delivery.pk)


@pytest.mark.requirement("SAP-10")
def test_goods_issue_sends_an_asn_with_handling_units_whose_fate_is_seen_and_which_can_be_sent_again(
    world: World, door: Callable[[str], Door], tmp_path
) -> None:
    from milkrun.exchange.commands.record_answer import record_answer
    from milkrun.gateway.send import send_due

    person = door("shipping")
    delivery = Delivery.objects.get(pk=world.picked(*world.packed(world.sequenced(1))))
    unit = delivery.lines.first().hu.sscc

    person.send(f"/deliveries/{delivery.public_id}/issue")
    board = [text_of(person.get("/deliveries/board"))]
    (tmp_path / "outbox").write_text("in the way")
    world.now = world.now.replace(year=2030)
    send_due(home=tmp_path, actor=world.actor, at=world.now)
    failed = text_of(person.get(f"/deliveries/{delivery.public_id}"))
    (tmp_path / "outbox").unlink()
    send_due(home=tmp_path, actor=world.actor, at=world.later(3))
    board.append(text_of(person.get("/deliveries/board")))
    first = next((tmp_path / "outbox" / "OEM01").iterdir()).read_bytes()
    row = _outbox(delivery)
    record_answer(
        partner_id=world.partner_id, control=row.control, accepted=True, text="", actor=world.actor, at=world.later()
    )
    board.append(text_of(person.get("/deliveries/board")))
    person.send(f"/messages/out/{row.public_id}/again")
    send_due(home=tmp_path, actor=world.actor, at=world.now.replace(year=2031))

    assert "The folder cannot be written" in failed
    for text, word in zip(board, ("Waiting to be sent", "Sent", "Acknowledged"), strict=True):
        assert word in text
    assert unit.encode() in first
    assert next((tmp_path / "outbox" / "OEM01").iterdir()).read_bytes() == first


def billed(world: World, person: Door, number: str = "DON1") -> str:
    """Let a call leave and bill it on the page; returns the page of its invoice."""
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    delivery = Delivery.objects.get(pk=world.picked(*world.packed(world.summarized(number, qty="4"))))
    post_goods_issue(delivery_id=delivery.pk, actor=world.actor, at=world.later())
    return text_of(person.send("/billing/bill", delivery=delivery.public_id))


def newest():
    from milkrun.billing.models import Invoice

    return Invoice.objects.latest("pk")


@pytest.mark.requirement("SAP-14")
def test_a_bill_completes_its_calls_and_its_cancellation_opens_them_again(
    world: World, door: Callable[[str], Door]
) -> None:
    clerk = door("billing")
    billed(world, clerk)
    call = JitCall.objects.get()
    completed = text_of(clerk.get(f"/calls/{call.public_id}"))

    page = text_of(clerk.send(f"/billing/invoices/{newest().public_id}/cancel", reason="wrong price"))

    call.refresh_from_db()
    assert "Completed" in completed
    assert "Cancelled by credit note G00000001. 1 call is open for billing again." in page
    assert call.state == "issued"
    assert "Completed" not in text_of(clerk.get(f"/calls/{call.public_id}")).split("History")[0]


@pytest.mark.requirement("SAP-27")
def test_a_goods_issue_keeps_cost_and_time_and_is_taken_back_only_by_a_contra_entry(
    world: World, door: Callable[[str], Door]
) -> None:
    from milkrun.parts.commands.set_standard_cost import set_standard_cost

    set_standard_cost(
        part_id=world.parts["SEAT-105A"], cost_minor=8_000, currency="EUR", actor=world.actor, at=world.later()
    )
    person = door("shipping")
    (call,) = world.packed(world.summarized("DON1", qty="4"))
    delivery = Delivery.objects.get(pk=world.picked(call))
    here = _at_hand(world)

    shown = text_of(person.send(f"/deliveries/{delivery.public_id}/issue"))
    twice = person.send(f"/deliveries/{delivery.public_id}/issue")
    gone = _at_hand(world)
    posting = Posting.objects.get(kind="goods_issue")
    person.send(f"/deliveries/{delivery.public_id}/reverse", reason="wrong truck")

    assert (here, gone, _at_hand(world)) == (Decimal(4), Decimal(0), Decimal(4))
    assert twice.status_code == 409
    assert "320.00 EUR" in shown
    assert Posting.objects.get(reverses=posting).at > posting.at
    assert JitCall.objects.get(pk=call).state == "on_delivery"


@pytest.mark.requirement("SAP-29")
def test_shipped_deliveries_are_billed_at_contract_prices_by_the_customers_rule_with_their_references(
    world: World, door: Callable[[str], Door]
) -> None:
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    clerk = door("billing")
    clerk.send("/billing/rules/set", customer="OEM01", grouping="order", channel="edi", terms_days="30")
    for number in ("DON1", "DON2"):
        delivery = world.picked(*world.packed(world.summarized(number, qty="4")))
        post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    listed = text_of(clerk.send("/billing/bill-due"))
    page = text_of(clerk.get(f"/billing/invoices/{newest().public_id}"))

    assert "1 invoice was issued." in listed
    assert "125.50 EUR" in page
    assert "1,004.00 EUR" in page
    for reference in ("DON1", "DON2", "5500012345", "D00000001", "D00000002"):
        assert reference in page


@pytest.mark.requirement("SAP-30")
def test_an_invoice_goes_by_email_as_pdf_or_as_a_file_and_its_fate_is_seen(
    world: World, door: Callable[[str], Door], settings, tmp_path
) -> None:
    import email
    from email.policy import default
    from io import BytesIO

    import pypdf

    from milkrun.gateway.mail import send_mail
    from milkrun.gateway.send import send_due
    from milkrun.jobs.papers import prepare_invoices
    from milkrun.partners.models import Partner, Site
    from tests.exchange.telling import contact
    from tests.gateway.mail_server import mail_server

    Site.objects.update(tax_id="DE123456789")
    Partner.objects.update(tax_id="DE987654321")
    contact(world, "bills@oem.example", "invoice_issued")
    clerk = door("billing")
    clerk.send("/billing/rules/set", customer="OEM01", grouping="delivery", channel="email", terms_days="30")
    billed(world, clerk, "DON1")
    mailed = newest()
    with mail_server() as server:
        settings.MILKRUN_MAIL_SERVER = server.settings
        world.now = world.now.replace(year=2030)
        prepare_invoices(world.now)
        waiting = text_of(clerk.get(f"/billing/invoices/{mailed.public_id}"))
        send_mail(actor=world.actor, at=world.later())
    delivered = text_of(clerk.get(f"/billing/invoices/{mailed.public_id}"))
    clerk.send("/billing/rules/set", customer="OEM01", grouping="delivery", channel="ubl", terms_days="30")
    billed(world, clerk, "DON2")
    before = text_of(clerk.get(f"/billing/invoices/{newest().public_id}"))
    send_due(home=tmp_path, actor=world.actor, at=world.now.replace(year=2031))
    after = text_of(clerk.get(f"/billing/invoices/{newest().public_id}"))

    message = email.message_from_bytes(server.taken[-1][1], policy=default)
    (attached,) = message.iter_attachments()
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(attached.get_content())).pages)
    assert (attached.get_filename(), mailed.number in paper) == (f"{mailed.number}.pdf", True)
    assert "bills@oem.example Waiting to be sent" in waiting
    assert "bills@oem.example Delivered" in delivered
    assert f"UBL {newest().number} Waiting to be sent" in before
    assert f"UBL {newest().number} Sent" in after
    assert any(path.suffix == ".xml" for path in (tmp_path / "outbox" / "OEM01").iterdir())


@pytest.mark.requirement("GDE-235")
def test_every_change_reaches_the_customer_and_the_roles_it_affects_and_shows_delivered_and_read(
    world: World, door: Callable[[str], Door], settings
) -> None:
    from django.test import Client

    from milkrun.demand.commands.receive_jit_call import receive_jit_call
    from milkrun.demand.commands.request_cancel import request_cancel
    from milkrun.exchange.models import Mail, Notification
    from milkrun.gateway.mail import send_mail
    from milkrun.shipping.commands.cancel_delivery import cancel_delivery
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue
    from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
    from tests.exchange.telling import contact
    from tests.gateway.mail_server import mail_server

    contact(world, "plan@oem.example")
    who = {"actor": world.actor}
    call = world.call(world.summarized("QTY", qty="4"))
    for qty, at in (("5", world.later()), ("0", world.later())):
        changed = world.summarized("QTY" if qty == "5" else "BAD", qty=qty)
        try:
            receive_jit_call(
                call=changed, site_id=world.site_id, partner_id=world.partner_id, source="edi", at=at, **who
            )
        except Exception:  # the refusal itself is shown elsewhere
            assert qty == "0"
    request_cancel(call_ids=(call,), reason="not built", source="manual", at=world.later(), **who)
    delivery = world.picked(*world.packed(world.summarized("GO", qty="4")))
    post_goods_issue(delivery_id=delivery, at=world.later(), **who)
    reverse_goods_issue(delivery_id=delivery, reason="wrong truck", at=world.later(), **who)
    cancel_delivery(delivery_id=delivery, reason="no truck", at=world.later(), **who)
    billed(world, door("billing"), "BILL")

    told = set(Notification.objects.filter(partner__isnull=False).values_list("kind", flat=True))
    roles = set(Notification.objects.exclude(role="").values_list("kind", "role"))
    with mail_server() as server:
        settings.MILKRUN_MAIL_SERVER = server.settings
        send_mail(actor=world.actor, at=world.now.replace(year=2030))
    Client().get(f"/read/{Mail.objects.filter(notification__kind='delivery_issued').first().token}")
    planner = door("material_planner")
    delivered = text_of(planner.get("/notifications/partners?kind=call_changed"))
    read = text_of(planner.get("/notifications/partners?kind=delivery_issued&state=read"))
    bell = text_of(planner.get("/notifications"))

    assert told >= {
        "call_received", "call_changed", "call_cancelled", "delivery_issued", "delivery_reversed", "invoice_issued",
    }  # fmt: skip
    assert roles >= {
        ("call_received", "production_planner"), ("call_changed", "production_planner"),
        ("call_cancelled", "production_planner"), ("delivery_changed", "material_planner"),
        ("delivery_issued", "billing"),
    }  # fmt: skip
    assert len(server.taken) == Mail.objects.count()
    assert "plan@oem.example Delivered" in delivered
    assert "plan@oem.example Read" in read
    assert "taken off its delivery" in bell
    assert "Unread" in bell
