"""Bad input: one clear problem document naming the field, and nothing done."""

import json
from typing import Any

import pytest
from django.test import Client

from milkrun.kernel.models import JournalEntry
from tests.api.machine import Machine, call_body
from tests.api.test_path import SITE
from tests.world import World

BAD_LITERALS = [
    "NaN", "nan", "Infinity", "-Infinity", "inf", "1e5", "1E5", "1_000", "1,5", "1.234,5", " 5", "5 ", "", "+5", "-5",
    ".5", "5.", "0x10", "１２", "٣", "1.0000001", "1234567890123", "--1", "5\n", "5 pcs", "½", "1'000", "1.2.3",
]  # fmt: skip
NOT_STRINGS: list[Any] = [5, 5.5, 0.1, True, None, [], {}, ["5"]]
GOOD_LITERALS = [("5", "5"), ("05", "5"), ("5.0", "5"), ("5.50", "5.5"), ("0.000001", "0.000001"), ("999", "999")]


@pytest.fixture
def foam(mes: Machine) -> str:
    """The public id of a part that stands at the line."""
    return str(mes.read(f"{SITE}/stock/items", text="FOAM")["items"][0]["id"])


def receipt(part: str, qty: Any) -> dict[str, Any]:
    """Describe goods that came in."""
    return {"part_id": part, "location": "LINE1", "qty": qty}


def test_quantities_that_are_no_plain_literals_are_refused(world: World, mes: Machine, foam: str) -> None:
    before = JournalEntry.objects.count()

    refused = {repr(qty): mes.post(f"{SITE}/stock/receipts", receipt(foam, qty)) for qty in BAD_LITERALS + NOT_STRINGS}

    assert {name: reply.status_code for name, reply in refused.items() if reply.status_code != 422} == {}
    assert {reply.json()["problems"][0]["pointer"] for reply in refused.values()} == {"#/qty"}
    assert JournalEntry.objects.count() == before


def test_plain_literals_come_out_as_they_are(world: World, mes: Machine, foam: str) -> None:
    for given, _ in GOOD_LITERALS:
        mes.do(f"{SITE}/stock/receipts", receipt(foam, given))

    feed = mes.read(f"{SITE}/stock/movements", limit=200)["items"]
    assert [row["qty"] for row in feed[-len(GOOD_LITERALS) :]] == [out for _, out in GOOD_LITERALS]


@pytest.mark.parametrize(
    "when",
    ["2026-11-22T10:50:00", "2026-11-22", "22.11.2026 10:50", 1795340000, "2026-13-01T00:00:00Z", "", None,
     "0001-01-01T00:00:00+14:00", "９999-01-01T00:00:00Z", "2026-11-22T10:50:00+99:00"],
)  # fmt: skip
def test_an_instant_without_an_offset_is_refused(world: World, mes: Machine, when: Any) -> None:
    reply = mes.post(f"{SITE}/calls", call_body(world, "T1", required_at=when))

    assert reply.status_code == 422
    assert reply.json()["problems"][0]["pointer"] == "#/call/required_at"


def test_an_unknown_field_is_refused_and_not_ignored(world: World, mes: Machine) -> None:
    body = call_body(world, "T1", state="completed", _connector="OR")
    body["call"]["groups"][0]["components"][0]["billed_qty"] = "48"

    reply = mes.post(f"{SITE}/calls", body)

    assert reply.status_code == 422
    assert sorted(problem["pointer"] for problem in reply.json()["problems"]) == [
        "#/call/_connector",
        "#/call/groups/0/components/0/billed_qty",
        "#/call/state",
    ]
    assert mes.read(f"{SITE}/calls", state="all")["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]x",
        '{"a": NaN}',
        '{"a": 1e999999}',
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        "\x00",
        '{"partner": Infinity}',
    ],
)
def test_a_body_that_is_no_json_is_refused(world: World, mes: Machine, body: str) -> None:
    reply = mes.send(f"{SITE}/calls", body, "application/json")

    assert reply.status_code in (400, 422)
    assert reply.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\ud800", "\x1b[31m", "x" * 81])
def test_text_that_no_document_can_carry_is_refused(world: World, mes: Machine, text: str) -> None:
    reply = mes.post(f"{SITE}/calls", call_body(world, text))

    assert reply.status_code in (400, 422)
    assert mes.read(f"{SITE}/calls", state="all")["items"] == []


@pytest.mark.parametrize("key", [None, "", "x" * 121, "with blank", "é"])
def test_a_post_without_a_proper_key_is_refused(world: World, mes: Machine, key: str | None) -> None:
    headers = {"Authorization": f"Bearer {mes.token}"} | ({} if key is None else {"Idempotency-Key": key})

    reply = Client().post(
        f"/api/v1{SITE}/calls", json.dumps(call_body(world, "T1")), content_type="application/json", headers=headers
    )

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed_request")


@pytest.mark.parametrize("identity", ["0000000000000000", "1", "zzz", "A" * 16, "%00" * 16, "é" * 16])
def test_an_unknown_id_is_not_found_whatever_it_looks_like(world: World, mes: Machine, identity: str) -> None:
    replies = [
        mes.get(f"{SITE}/calls/{identity}"),
        mes.get(f"{SITE}/jobs/{identity}"),
        mes.get(f"{SITE}/deliveries/{identity}"),
        mes.get(f"/interchanges/{identity}"),
        mes.get(f"/outbox/{identity}"),
        mes.get(f"/sites/NOWHERE/calls/{identity}"),
        mes.post(f"{SITE}/deliveries/{identity}/goods-issue"),
        mes.post(f"/sites/{identity}/stock/receipts", receipt("0" * 16, "1")),
    ]

    assert {reply.status_code for reply in replies} == {404}
    assert {reply.headers["Content-Type"] for reply in replies} == {"application/problem+json"}


def test_a_refusal_of_the_business_has_its_code_and_facts(world: World, mes: Machine, foam: str) -> None:
    places = {"from_location": "LINE1", "to_location": "PACK"}

    reply = mes.post(f"{SITE}/stock/moves", {"part_id": foam, "qty": "1001", **places})

    problem = reply.json()
    assert (reply.status_code, problem["code"], problem["type"]) == (409, "short_stock", "/api/problems/short_stock")
    assert problem["facts"]["shortages"][0]["free"] == "1000"
    assert b"short_stock (409)" in Client().get(problem["type"]).content


def test_the_problems_of_a_command_name_their_fields(world: World, mes: Machine, foam: str) -> None:
    reply = mes.post(f"{SITE}/stock/receipts", {**receipt(foam, "0"), "unit": "KGM"})

    assert reply.status_code == 422
    assert {problem["pointer"] for problem in reply.json()["problems"]} >= {"#/qty"}


def test_a_body_above_the_limit_is_refused_before_it_is_read(world: World, mes: Machine) -> None:
    reply = mes.post(f"{SITE}/calls", {}, **{"Content-Length": str(64 * 1024 * 1024 + 1)})

    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_an_unexpected_failure_is_a_problem_without_a_trace(
    world: World, mes: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr("milkrun.api.operations.sites.sites", fall)

    reply = mes.get("/sites")

    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert reply.json()["request_id"] == reply.headers["X-Request-ID"]
    assert b"secret of ours" not in reply.content


def test_an_empty_file_and_an_unknown_partner_are_refused(world: World, mes: Machine) -> None:
    empty = mes.send("/partners/OEM01/interchanges", b"", "application/octet-stream")
    unknown = mes.send("/partners/NOBODY/interchanges", b"UNB", "application/octet-stream")

    assert (empty.status_code, unknown.status_code) == (422, 404)


def test_an_unreadable_file_is_kept_and_its_findings_are_told(world: World, mes: Machine) -> None:
    reply = mes.send("/partners/OEM01/interchanges", b"\xff\xfe not EDI", "application/octet-stream")

    report = reply.json()["reports"][0]
    assert (reply.status_code, report["verdict"]) == (200, "rejected")
    assert report["findings"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=W10", "cursor=%00", "kind=other", "state=nothing",
     "cursor=" + "W" * 401, "text=%00"],
)  # fmt: skip
def test_an_impossible_query_is_refused(world: World, mes: Machine, query: str) -> None:
    reply = mes.get(f"{SITE}/calls?{query}")

    assert reply.status_code == 422
    assert reply.json()["problems"]


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/sites/MAIN/nothing"])
def test_an_address_that_is_none_gets_a_problem_document(world: World, mes: Machine, path: str) -> None:
    reply = mes.get(path)

    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_an_address_asked_with_a_method_it_does_not_have_says_which_it_has(world: World, mes: Machine) -> None:
    reply = mes.get(f"{SITE}/calls/release")

    assert (reply.status_code, reply.json()["code"]) == (405, "method_not_allowed")
    assert reply.headers["Allow"] == "POST"
