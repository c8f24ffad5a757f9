"""The portal of a customer: what its people see and do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.models import Component, JitCall
from milkrun.partners.models import Role
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.web.door import PASSWORD, Door, public_id_of_call, text_of
from tests.web.portal import BUYER, let_in, rival
from tests.world import REST, SEAT, World


@pytest.fixture
def buyer(world: World) -> Door:
    return let_in(world)


def wish(**other: str) -> dict[str, str]:
    """Fill the form in as a buyer would."""
    tomorrow = timezone.now() + timedelta(days=1)
    return {"part": SEAT, "qty": "12", "place": "21|TOR 7", "required_at": f"{tomorrow:%Y-%m-%dT%H:00}", **other}


def test_goods_are_called_in_three_taps_and_are_new_in_the_planners_list(
    buyer: Door, planner: Door, world: World
) -> None:
    items = buyer.get("/portal").content.decode()
    form = buyer.get("/portal/call-off", {"part": SEAT}).content.decode()

    done = buyer.send("/portal/call-off", **wish(reference="PO 7/1"))

    assert "/portal/call-off?part=5N0%20881%20105%20A" in items
    assert 'value="21|TOR 7" selected' in form
    assert form.count('href="/portal/invoices"') == 2
    assert "Call PO 7/1 has arrived with us." in text_of(done)
    assert "12 pcs" in text_of(done)
    call = JitCall.objects.get()
    assert (call.state, call.source, call.zone) == ("created", "portal", "Europe/Berlin")
    assert Component.objects.get().part_id == world.parts["SEAT-105A"]
    listed = text_of(planner.get("/calls"))
    assert "PO 7/1 in the portal" in listed
    assert "New" in listed
    assert BUYER in text_of(planner.get(f"/calls/{call.public_id}"))


def test_a_form_sent_twice_has_one_effect_and_another_content_under_its_key_is_refused(buyer: Door) -> None:
    first, again = (buyer.send("/portal/call-off", "k" * 32, **wish()) for _ in range(2))
    other = buyer.send("/portal/call-off", "k" * 32, **wish(qty="13"))

    assert first.redirect_chain == again.redirect_chain
    assert JitCall.objects.count() == 1
    assert "This form was sent before with other content" in text_of(other)
    assert 'value="13"' in other.content.decode()


def test_without_a_reference_each_call_gets_a_number_of_its_own(buyer: Door, world: World) -> None:
    colleague = let_in(world, "second@oem.example")

    for person in (buyer, buyer, colleague):
        person.send("/portal/call-off", **wish())

    assert len(set(JitCall.objects.values_list("external_no", flat=True))) == 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"qty": "many"}, "“many” is not a quantity."),
        ({"qty": "0"}, "Write how much you need: more than nothing."),
        ({"qty": "1.5"}, "This part is counted in pieces: write a whole number."),
        ({"required_at": "2020-01-01T06:00"}, "The required time has passed already."),
        ({"required_at": "soon"}, "Write the date and time"),
        ({"place": "21|TOR 8"}, "Choose where the goods are to go."),
        ({"reference": "DON1"}, "Number DON1 stands for another call already."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_typed_is_lost(
    buyer: Door, world: World, wrong: dict[str, str], sentence: str
) -> None:
    known = world.call(world.summarized("DON1"))
    before = JitCall.objects.get().content_hash

    answer = buyer.send("/portal/call-off", **wish(reference="REF 9") | wrong)

    assert sentence in text_of(answer)
    page = answer.content.decode()
    for value in {"qty": "12", "reference": "REF 9", **wrong}.values():
        assert f'value="{value}"' in page or wrong.get("place") == value
    assert [(row.pk, row.content_hash) for row in JitCall.objects.all()] == [(known, before)]


def test_the_required_time_is_meant_by_the_clock_of_the_plant(buyer: Door) -> None:
    year = timezone.now().year + 1

    buyer.send("/portal/call-off", **wish(required_at=f"{year}-01-15T06:00"))

    assert JitCall.objects.get().required_at == datetime(year, 1, 15, 5, 0, tzinfo=UTC)


def test_items_show_what_is_ready_and_called_and_nothing_of_a_part_that_others_take_too(
    buyer: Door, world: World
) -> None:
    world.receive("SEAT-105A", "30", "FG")
    world.receive("REST-106B", "40", "FG")
    world.release(world.call(world.summarized("DON1", qty="10")))
    other = rival(world)
    who = {"actor": world.actor, "at": world.later()}
    add_customer_part(partner_id=other.partner_id, number="OTHER 1", part_id=world.parts["REST-106B"], **who)

    rows = text_of(buyer.get("/portal")).split(SEAT)[1].split(REST)

    assert "20 pcs 10 pcs 10 pcs" in rows[0]
    assert "ask us" in rows[1]
    assert "40" not in rows[1]
    assert SEAT not in text_of(buyer.get("/portal", {"q": "106"}))


def test_a_call_a_delivery_and_an_invoice_are_followed_to_the_paper(buyer: Door, world: World) -> None:
    (call,) = world.packed(world.summarized("DON1", qty="2"))
    delivery = world.picked(call)
    shown = f"/portal/calls/{public_id_of_call(call)}"
    before = text_of(buyer.get(shown))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())

    page = buyer.get(shown)
    deliveries, invoices = buyer.get("/portal/deliveries"), buyer.get("/portal/invoices")
    paper = invoices.content.decode().split('href="/portal/invoices/')[1].split('"')[0]

    assert "Being made ready" in before
    assert "Left our plant" in text_of(page)
    assert f"2 pcs {SEAT}" in text_of(deliveries)
    link = deliveries.content.decode().split('href="/portal/deliveries/')[1].split('"')[0]
    assert "DON1" in text_of(buyer.get(f"/portal/deliveries/{link}"))
    assert "251.00 EUR" in text_of(invoices)
    assert buyer.get(f"/portal/invoices/{paper}").content.startswith(b"%PDF")
    assert "DON1" in text_of(buyer.get("/portal/calls?all=1"))
    assert "DON1" not in text_of(buyer.get("/portal/calls"))


def test_a_person_of_a_customer_signs_in_to_the_portal_wherever_it_was_to_go(world: World) -> None:
    let_in(world)
    client = Client()

    inside = client.post("/sign-in", {"email": BUYER, "password": PASSWORD, "next": "/calls"})
    again = client.get("/sign-in?next=/portal/help")

    assert inside["Location"] == "/portal"
    assert client.get("/")["Location"] == "/portal"
    assert again["Location"] == "/portal/help"


def test_an_administrator_lets_a_buyer_in_and_out_again_at_once(admin: Door, world: World) -> None:
    fields = {"email": "new@oem.example", "name": "Nina", "password": PASSWORD, "customer": "OEM01"}
    done = text_of(admin.send("/setup/people/add", **fields))
    client = Client()
    client.post("/sign-in", {"email": "new@oem.example", "password": PASSWORD})
    inside = client.get("/portal")

    admin.send("/setup/people/assign", email="new@oem.example")
    outside = client.get("/portal")
    admin.send("/setup/people/assign", email="new@oem.example", active="yes")

    assert "Nina new@oem.example OEM01 Example Motors May use the portal" in done
    assert inside.status_code == 200
    assert outside["Location"].startswith("/sign-in")
    assert get_user_model().objects.get(email="new@oem.example").is_active


@pytest.mark.parametrize("path", ["/setup/people/add", "/setup/people/assign"])
def test_a_person_of_a_customer_is_never_given_a_role(admin: Door, world: World, path: str) -> None:
    let_in(world)
    fields = {"name": "Nina", "password": PASSWORD, "customer": "OEM01", "active": "yes"}
    email = BUYER if path.endswith("assign") else "new@oem.example"

    answer = admin.send(path, email=email, roles=["admin@" if path.endswith("assign") else "admin"], **fields)

    assert "uses the portal and has no role of ours. Leave the roles empty." in text_of(answer)
    assert not Role.objects.filter(user__realm="customer").exists()


def test_our_own_staff_does_not_see_the_portal_as_somebody_else(door: Callable[[str], Door]) -> None:
    answer = door("admin").get("/portal")

    assert answer.status_code == 403
    assert "These pages are for the people of a customer." in text_of(answer)


def test_with_several_plants_of_ours_the_buyer_says_which_one_delivers(buyer: Door, world: World) -> None:
    from dataclasses import replace

    from milkrun.partners.commands.create_site import create_site

    second = create_site(code="WEST", name="Plant West", zone="UTC", actor=world.actor, at=world.later()).site_id
    assert "Plant West" not in text_of(buyer.get("/portal/call-off", {"part": SEAT}))
    replace(world, site_id=second).call(world.summarized("DON1"))

    unsaid = text_of(buyer.send("/portal/call-off", **wish()))
    buyer.send("/portal/call-off", **wish() | {"from": "WEST"})

    assert "Choose which of our plants is to deliver." in unsaid
    assert list(JitCall.objects.filter(source="portal").values_list("site", flat=True)) == [second]
