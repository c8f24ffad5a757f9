"""Calls in each dialect that customers send, through the doors that people and systems use."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from milkrun.demand.models import Component, JitCall
from milkrun.exchange.models import Interchange, OutboxMessage
from milkrun.gateway.inbox import take_arrivals
from tests.gateway.files import sample, summarized
from tests.web.door import Door, text_of
from tests.world import World


@dataclass(frozen=True)
class Dialect:
    """A file, the next one that changes its call DON4711, and what people see of them."""

    name: str
    first: bytes
    second: bytes
    seen_raw: str
    answer: str
    seen_in_answer: str


def exchanged(name: str, *changes: tuple[str, str]) -> bytes:
    text = sample(name).decode()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text.encode()


DIALECTS = [
    Dialect(
        "edifact",
        summarized(),
        summarized(("QTY+131:48", "QTY+131:60"), control="00000000000125"),
        "BGM+242+DON4711+9&#x27;",
        "CONTRL",
        "UCI+00000000000124+OEM01:ZZ+SUPP01:ZZ+7",
    ),
    Dialect(
        "x12",
        sample("x12_862_two_deliveries.x12"),
        exchanged("x12_862_two_deliveries.x12", ("FST*48", "FST*60"), ("000000123", "000000124")),
        "BSS*00*SCH4711*20261121",
        "997",
        "AK9*A*1*1*1",
    ),
    Dialect(
        "vda",
        sample("vda_551_calls.vda"),
        exchanged("vda_551_calls.vda", ("0000000048000", "0000000060000"), ("0012200123", "0012300124")),
        "552M121 DON4711",
        "",
        "VDA records know no acknowledgement",
    ),
    Dialect(
        "json",
        sample("json_calls.json"),
        exchanged("json_calls.json", ('"quantity": 48', '"quantity": 60'), ('"control": "123"', '"control": "124"')),
        "call_no&quot;: &quot;DON4711&quot;",
        "JSON-ACK",
        "acknowledges&quot;: &quot;123",
    ),
]


@pytest.mark.requirement("SAP-02")
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_posted_message_makes_and_changes_a_call_and_shows_raw_parsed_and_acknowledged(
    world: World, door: Callable[[str], Door], tmp_path: Path, dialect: Dialect
) -> None:
    person = door("material_planner")

    def post(data: bytes) -> str:
        file = SimpleUploadedFile("call.edi", data)
        return text_of(person.send("/calls/upload", partner="OEM01", file=file))

    made = post(dialect.first)
    assert "DON4711" in made
    first = Interchange.objects.get()
    calls = JitCall.objects.count()
    page = text_of(person.get(f"/messages/in/{first.public_id}"))
    parsed = page[page.index("As read") : page.index("What became of it")]
    assert dialect.seen_raw in page
    for shown in ("DON4711", "21", "5N0 881 105 A", "48", "2026-11-22 10:00", "TOR 7"):
        assert shown in parsed
    answered = page[page.index("What was answered") :]
    assert dialect.seen_in_answer in answered
    assert [row.document_type for row in OutboxMessage.objects.all()] == ([dialect.answer] if dialect.answer else [])

    again = post(dialect.first)
    assert "Received before: nothing changed" in again
    assert (Interchange.objects.get().copies, JitCall.objects.count()) == (2, calls)

    inbox = tmp_path / "inbox" / "OEM01"
    inbox.mkdir(parents=True)
    (inbox / "next.edi").write_bytes(dialect.second)
    take_arrivals(home=tmp_path, actor=world.actor, at=world.later())
    assert JitCall.objects.count() == calls
    call = JitCall.objects.get(external_no="DON4711")
    assert str(Component.objects.filter(group__call=call).order_by("line_no").first().qty) == "60"
    assert Interchange.objects.count() == 2
