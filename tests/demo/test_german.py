"""A walk through the demo in German, role by role: no page shows a text of ours that is still English."""

import html
import re
from pathlib import Path

from django.test import Client

from milkrun.partners.queries.rights import ROLE_NAMES
from tests.database_copies import DatabaseCopy
from tools import messages

PLACE = re.compile(r"%\(\w+\)\d*[sd]|%[sd]|%%|\{\w+\}|\n")
KEY = re.compile(r"/[0-9A-Za-z]{16}(?=/|$)")
# So many pages are looked at for a role; of addresses that differ in their key only, one by whoever comes first.
MOST = 130
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


def walk(client: Client, seen: set[str]) -> dict[str, str]:
    """Follow the links from the first page to pages that nobody saw before; returns what each says."""
    waiting, said = ["/", "/help", "/help/guide"], dict[str, str]()
    while waiting and len(said) < MOST:
        address = waiting.pop(0)
        alike = re.sub(r"=[^&]*", "", KEY.sub("/ID", address))
        if address in said or (alike in seen and address != "/"):
            continue
        seen.add(alike)
        answer = client.get(address, headers={"Accept-Language": "de"})
        assert answer.status_code < 500, address
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        assert '<html lang="de">' in page or "<html" not in page, address
        said[address] = read(page)
        waiting += [html.unescape(link) for link in re.findall(r'href="(/(?!static|api|sign)[^"#]*)"', page)]
    return said


def test_no_page_is_english_for_a_german(demo: DatabaseCopy) -> None:
    from django.contrib.auth import get_user_model

    said: dict[str, str] = {}
    seen: set[str] = set()
    for role in ("admin", *ROLE_NAMES):
        client = Client()
        person = get_user_model().objects.get(email__startswith=f"{role}@")
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        said.update({f"{role} {address}": text for address, text in walk(client, seen).items()})

    ours = english()
    left = {f"{address}: {piece}" for address, text in said.items() for piece in ours if piece in text}
    assert len(said) > 100
    assert not left, "\n".join(sorted(left))
