"""Whoever asks is answered in his language; what is kept stays in one, and codes never change."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils.translation import override

from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.exchange.commands.add_contact import add_contact
from milkrun.exchange.models import Mail, Notification
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.kernel.told import of_record, told
from milkrun.measure.wording import amount, moment, quantity, speaking
from milkrun.partners.commands.create_site import create_site
from milkrun.partners.commands.set_partner_language import set_partner_language
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.web.acting import typed_quantity
from tests.web.door import Door, text_of
from tests.world import World

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}


def test_a_refusal_is_told_in_the_language_of_whoever_asks(world: World) -> None:
    with override("de"), pytest.raises(NotFound) as caught:
        create_delivery(call_ids=[0], actor=world.actor, at=world.later())

    assert caught.value.message == "Einen gewählten Abruf gibt es nicht mehr, oder er ist storniert."
    assert caught.value.code == "not_found"


def test_each_problem_is_told_too(world: World) -> None:
    with override("de"), pytest.raises(Invalid) as caught:
        create_site(code="NEW", name="New", zone="Mars/Base", actor=world.actor, at=world.later())

    assert caught.value.problems[0].message == "Mars/Base ist keine Zeitzone; schreiben Sie sie wie Europe/Berlin."
    assert caught.value.problems[0].code == "unknown_zone"


def test_a_page_refuses_in_german(door: Callable[[str], Door]) -> None:
    answer = door("packer").get("/packing/0000000000000000", **GERMAN)

    assert "Dieses Gestell gibt es an diesem Standort nicht." in text_of(answer)


def test_the_api_speaks_german_only_when_asked(client) -> None:
    asked, plain = client.get("/api/v1/sites/MAIN/calls", **GERMAN), client.get("/api/v1/sites/MAIN/calls")

    assert asked.json()["detail"].startswith("Senden Sie ein gültiges Token")
    assert plain.json()["detail"].startswith("Send a valid token")
    assert asked.json()["code"] == plain.json()["code"] == "token_refused"


def test_a_partner_is_written_to_in_its_language_and_the_record_stays_english(world: World) -> None:
    who = {"actor": world.actor, "at": world.later()}
    add_contact(partner_id=world.partner_id, email="leit@oem.example", **who)
    set_partner_language(partner_id=world.partner_id, language="de", **who)
    call = world.call(world.summarized("DON1"))

    with override("de"):
        request_cancel(call_ids=(call,), reason="Zu viel", source="manual", actor=world.actor, at=world.later())

    told_of = Notification.objects.get(kind="call_cancelled", partner_id=world.partner_id)
    sent = bytes(Mail.objects.get(notification=told_of).outbox.payload).decode()
    assert told_of.subject == "Call DON1 cancelled"
    assert "Abruf DON1 storniert" in sent
    assert "Grund: Zu viel" in sent


@pytest.mark.parametrize(
    ("kept", "german"),
    [
        ("Not enough stock. FOAM at LINE1: wanted 40, free 1.5.",
         "Nicht genug Bestand. FOAM an LINE1: verlangt 40, frei 1,5."),
        ("Line 1: 12.5 reported, 3 open. Line 2: 1 reported, 0 open.",
         "Position 1: 12,5 gemeldet, 3 offen. Position 2: 1 gemeldet, 0 offen."),
        ("Call DON1 is on delivery: it was released.", "Abruf DON1 ist auf einer Lieferung: er wurde freigegeben."),
        ("Nobody's sentence at all.", "Nobody's sentence at all."),
        ("Scrap", "Scrap"),
    ],
)  # fmt: skip
def test_a_kept_sentence_is_told_again(kept: str, german: str) -> None:
    with override("de"), speaking("de"):
        assert told(kept) == german
    with override("en"):
        assert told(kept) == kept


def test_numbers_and_days_are_written_as_the_reader_writes_them(world: World) -> None:
    with speaking("de"):
        german = (quantity(Decimal("1250.5"), "KGM"), quantity(Decimal(48), "PCE"), amount(125000, "EUR"))
        day = moment(world.later(), "UTC")

    assert german == ("1.250,5 kg", "48 Stk", "1.250,00 EUR")
    assert day[2] + day[5] == ".."
    assert quantity(Decimal("1250.5"), "KGM") == "1,250.5 kg"


def test_a_person_s_language_follows_to_the_next_device(door: Callable[[str], Door], client) -> None:
    from tests.web.door import PASSWORD

    door("packer").post("/language", {"language": "de"})
    answer = client.post("/sign-in", {"email": "packer@plant.example", "password": PASSWORD})

    assert answer.cookies["milkrun_language"].value == "de"


def test_a_long_letter_is_told_line_by_line() -> None:
    lines = [f"{n} pcs of SEAT-105A in 34012345000000{n:04d}" for n in range(400)]
    body = "\n".join(["Delivery D00001 was posted.", *lines])

    with override("de"), speaking("de"):
        said = told(body)

    assert said.count("\n") == 400
    assert told(body) == body


def test_the_record_holds_neutral_numbers_whoever_was_first(world: World) -> None:
    with override("de"), speaking("de"):
        with of_record():
            kept = quantity(Decimal("1250.5"), "PCE")
        shown = quantity(Decimal("1250.5"), "PCE")

    assert (kept, shown) == ("1,250.5 pcs", "1.250,5 Stk")


@pytest.mark.parametrize(
    ("typed", "good"), [("1.250", None), ("1.250,5", None), ("2,125", "2.125"), ("12.5", "12.5"), ("1,250", "1.250")]
)
def test_a_german_number_is_read_as_it_is_written_or_asked_about(typed: str, good: str | None) -> None:
    with override("de"), speaking("de"):
        if good is None:
            with pytest.raises(Invalid):
                typed_quantity(typed, "qty")
        else:
            assert typed_quantity(typed, "qty") == Decimal(good)
    with pytest.raises(Invalid):
        typed_quantity("1,250", "qty")
