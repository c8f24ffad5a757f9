"""Who may see and do what, and that nothing is open by being forgotten."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from milkrun.partners.queries import allowed
from milkrun.partners.queries.rights import ACTIONS, PORTAL_ACTIONS, PORTALS, ROLES
from milkrun.web.access import MARK, PUBLIC, SIGNED_IN
from tests.web.door import Door

GOLDEN = Path(__file__).parent / "access.golden"
SOMETHING = "0000000000000000"
# Everybody may read what was told to them; what was told to others asks for a right.
NEEDS_MORE = {"notification": "view_messages"}


def pages() -> list[URLPattern]:
    """List every address of the staff pages."""
    return [p for p in _walk(get_resolver().url_patterns) if p.callback.__module__.startswith("milkrun.web")]


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern))
        else:
            pattern.whole = "/" + (before + str(pattern.pattern)).replace("<slug:public_id>", SOMETHING)
            yield pattern


def test_every_page_declares_who_may_open_it() -> None:
    silent = [page.whole for page in pages() if not getattr(page.callback, MARK, "")]

    assert len(pages()) > 40
    assert not silent


def test_what_a_page_asks_for_is_an_action_that_roles_know() -> None:
    asked = {getattr(page.callback, MARK) for page in pages()} - {PUBLIC, SIGNED_IN}

    assert asked <= ACTIONS | PORTAL_ACTIONS
    assert asked >= PORTAL_ACTIONS


def test_an_auditor_only_reads() -> None:
    assert all(action.startswith(("view_", "export_")) for action in ROLES["auditor"])


@pytest.mark.django_db
def test_roles_add_up_and_an_unknown_one_may_nothing() -> None:
    assert allowed(("packer", "billing")) == ROLES["packer"] | ROLES["billing"]
    assert allowed(("gardener",)) == frozenset()


def test_pages_open_for_the_roles_of_the_golden_table_only(door: Callable[[str], Door], full: bool) -> None:
    people = {role: door(role) for role in sorted(ROLES)}
    walled = [page for page in pages() if getattr(page.callback, MARK) != PUBLIC]
    may = {page: [r for r in people if _declared(page) in ROLES[r] | {SIGNED_IN}] for page in walled}

    portals = {page: [realm for realm in PORTALS if _declared(page) in PORTALS[realm]] for page in walled}
    table = [
        f"{page.name}: {' '.join([*may[page], *(f'portal:{realm}' for realm in portals[page])])}".strip()
        for page in sorted(walled, key=lambda page: str(page.name))
    ]

    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text("\n".join(table) + "\n")
    # A change here is a change of who may do what: look at it twice.
    assert table == GOLDEN.read_text().splitlines()
    # What is declared is what happens: asked by one who may and one who may not, by turns; by everybody in full.
    for turn, page in enumerate(walled):
        # Who of a customer is let in where, tests/web/test_portal_walls.py walks.
        open_to, shut_to = may[page], [role for role in people if role not in may[page]]
        asking = (
            people if full else {*open_to[turn % (len(open_to) or 1) :][:1], *shut_to[turn % (len(shut_to) or 1) :][:1]}
        )
        for role in asking:
            assert _admitted(people[role], page.whole) == (role in open_to), f"{role} at {page.whole}"


def _declared(page: URLPattern) -> str:
    return NEEDS_MORE.get(str(page.name), str(getattr(page.callback, MARK)))


def _admitted(client: Door, path: str) -> bool:
    statuses = {client.get(path).status_code, client.post(path).status_code}
    assert not statuses & {500}, path
    return statuses - {405} != {403}


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_everywhere() -> None:
    stranger = Client()

    for page in pages():
        if getattr(page.callback, MARK) == PUBLIC:
            continue
        for answer in (stranger.get(page.whole), stranger.post(page.whole)):
            assert answer.status_code == 302, page.whole
            assert answer["Location"].startswith("/sign-in"), page.whole


def test_a_form_from_elsewhere_is_refused_everywhere(door: Callable[[str], Door]) -> None:
    inside = door("admin")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = inside.cookies

    for page in pages():
        answer = strict.post(page.whole)
        assert answer.status_code in (403, 405), page.whole
        if answer.status_code == 403:
            assert "no longer valid" in answer.content.decode(), page.whole


def test_a_page_without_the_right_says_which_one_is_missing(door: Callable[[str], Door]) -> None:
    answer = door("operator").get("/messages")

    assert answer.status_code == 403
    assert "Your roles (operator) do not allow this: view messages" in answer.content.decode()


def test_a_person_without_a_role_is_told_so(door: Callable[[str], Door]) -> None:
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.create(email="new@plant.example", name="New")
    client = Client()
    client.force_login(person)

    answer = client.get("/")

    assert answer.status_code == 403
    assert "You have no role at any site yet." in answer.content.decode()


def test_navigation_shows_what_the_role_may_open(door: Callable[[str], Door]) -> None:
    page = door("operator").get("/").content.decode()

    assert 'href="/jobs"' in page
    assert 'href="/billing"' not in page
    assert 'href="/messages"' not in page
