"""A walk through the demo in German, role by role: no page shows a text of ours that is still English."""

import html
import re
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client

from milkrun.partners.queries.rights import ROLE_NAMES
from tests.database_copies import DatabaseCopy
from tools import messages

PLACE = re.compile(r"%\(\w+\)\d*[sd]|%[sd]|%%|\{\w+\}|\n")
KEY = re.compile(r"/[0-9A-Za-z]{16}(?=/|$)")
# Of addresses that differ in their key or question only, so many are looked at; and so many in all for a role.
LIKE_EACH_OTHER, MOST = 1, 130
CATALOGUE = Path(messages.LOCALE) / "de" / "LC_MESSAGES" / "django.po"


def english() -> dict[str, str]:
    """Return what only an untranslated page says: pieces of our texts of more than three words."""
    pieces: dict[str, str] = {}
    for message in messages.load(CATALOGUE):
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        said = " ".join(message.string) if isinstance(message.string, list | tuple) else str(message.string)
        for text in filter(None, ids):
            for piece in PLACE.split(text):
                if len(piece.split()) > 3 and piece.strip() not in said:
                    pieces[piece.strip()] = text
    return pieces


def read(page: str) -> str:
    """Return what a person sees or hears: text, and the attributes that hold some."""
    page = re.sub(r"(?s)<(script|style|pre)[^>]*>.*?</\1>", " ", page)
    spoken = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', page)
    return " ".join(html.unescape(" ".join([re.sub(r"<[^>]+>", " ", page), *spoken])).split())


def walk(client: Client) -> dict[str, str]:
    """Follow the links from the first page; returns what each page says."""
    waiting, seen, said = ["/", "/help", "/help/guide"], Counter[str](), {}
    while waiting and len(said) < MOST:
        address = waiting.pop(0)
        alike = re.sub(r"=[^&]*", "", KEY.sub("/ID", address))
        if address in said or seen[alike] >= LIKE_EACH_OTHER:
            continue
        seen[alike] += 1
        answer = client.get(address, headers={"Accept-Language": "de"})
        assert answer.status_code < 500, address
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        assert '<html lang="de">' in page or "<html" not in page, address
        said[address] = read(page)
        waiting += [html.unescape(link) for link in re.findall(r'href="(/(?!static|api|sign)[^"#]*)"', page)]
    return said


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_no_page_is_english_for_a_german(demo: DatabaseCopy, role: str) -> None:
    from django.contrib.auth import get_user_model

    client, ours = Client(), english()
    person = get_user_model().objects.get(email__startswith=f"{role}@")
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")

    said = walk(client)
    left = {f"{address}: {piece}" for address, text in said.items() for piece in ours if piece in text}

    assert len(said) > 8
    assert not left, "\n".join(sorted(left))
