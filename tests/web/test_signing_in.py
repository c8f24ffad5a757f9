"""Signing in: the same answer to every wrong pair, a brake on guessing, no way out to other sites."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.web.door import PASSWORD, Door, text_of

NO_MATCH = "E-mail and password do not match."


def sign_in(email: str, password: str, **more: str) -> tuple[Client, object]:
    client = Client(REMOTE_ADDR=more.pop("address", "10.0.0.1"))
    return client, client.post("/sign-in", {"email": email, "password": password, **more})


def test_the_right_pair_opens_today_under_a_new_session(door: Callable[[str], Door]) -> None:
    door("packer")
    client = Client()
    client.get("/sign-in")
    client.session["seen"] = True
    client.session.save()
    before = client.session.session_key

    answer = client.post("/sign-in", {"email": " Packer@plant.example ", "password": PASSWORD}, follow=True)

    assert "Decide now" in answer.content.decode()
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("email", "password"),
    [("packer@plant.example", "wrong"), ("nobody@plant.example", PASSWORD), ("", ""), ("packer@plant.example", "")],
)
def test_every_wrong_pair_gets_the_same_answer(door: Callable[[str], Door], email: str, password: str) -> None:
    door("packer")

    _, answer = sign_in(email, password)

    assert answer.status_code == 422
    assert NO_MATCH in answer.content.decode()


def test_a_person_of_a_supplier_has_no_pages_yet(world: object, door: Callable[[str], Door]) -> None:
    person = get_user_model()(
        email="buyer@oem.example", name="Buyer", realm="supplier", partner_id=world.partner_id  # type: ignore[attr-defined]
    )  # fmt: skip
    person.set_password(PASSWORD)
    person.save()

    _, answer = sign_in("buyer@oem.example", PASSWORD)
    client = Client()
    client.force_login(person)

    assert NO_MATCH in answer.content.decode()
    assert client.get("/calls").status_code == 404
    assert client.get("/portal").status_code == 403


def test_ten_wrong_tries_are_slowed_down_from_there_but_not_from_elsewhere(door: Callable[[str], Door]) -> None:
    door("packer")

    statuses = [sign_in("packer@plant.example", "wrong")[1].status_code for _ in range(10)]
    _, locked = sign_in("packer@plant.example", PASSWORD)
    _, elsewhere = sign_in("packer@plant.example", PASSWORD, address="10.0.0.2")

    assert statuses == [422] * 9 + [429]
    assert locked.status_code == 429
    assert "Too many failed attempts from here" in locked.content.decode()
    assert elsewhere.status_code == 302


def test_a_disabled_person_is_out_at_the_next_request(door: Callable[[str], Door]) -> None:
    client = door("packer")
    assert client.get("/").status_code == 200

    get_user_model().objects.filter(email="packer@plant.example").update(is_active=False)

    assert client.get("/").status_code == 302


def test_signing_out_ends_the_session_and_leaves_nothing_in_the_cache(door: Callable[[str], Door]) -> None:
    client = door("packer")
    shown = client.get("/")

    client.post("/sign-out")

    assert shown["Cache-Control"] == "no-store"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "http:evil.example", "https:///evil.example", "//evil.example/%2f..", "/\t/evil.example",
        "https://testserver@evil.example", "http://testserver.evil.example", "data:text/html,x",
        "//testserver:80@e.example",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(door: Callable[[str], Door], wanted: str) -> None:
    door("packer")

    _, answer = sign_in("packer@plant.example", PASSWORD, next=wanted)

    assert answer["Location"] == "/"


def test_signing_in_goes_on_to_the_page_that_was_asked_for(door: Callable[[str], Door]) -> None:
    door("packer")

    _, answer = sign_in("packer@plant.example", PASSWORD, next="/packing?x=1")

    assert answer["Location"] == "/packing?x=1"


def test_a_wrong_host_is_refused(db: None) -> None:
    assert Client().get("/sign-in", headers={"host": "evil.example"}).status_code == 400


def test_demo_installations_show_people_and_others_do_not(door: Callable[[str], Door], settings) -> None:
    door("packer")

    plain = text_of(Client().get("/sign-in"))
    settings.MILKRUN_DEMO = True
    demo = text_of(Client().get("/sign-in"))

    assert "packer@plant.example" not in plain
    assert settings.MILKRUN_DEMO_PASSWORD not in plain
    assert "packer@plant.example" in demo
    assert settings.MILKRUN_DEMO_PASSWORD in demo
