"""A request takes effect once: repeated one after the other, at the same time, with another body."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from milkrun.kernel import journal
from milkrun.kernel.models import JournalEntry, RequestKey
from milkrun.stock.models import Balance, Movement
from tests.api.machine import Machine, call_body, machine
from tests.api.steps_calls import call_steps
from tests.api.steps_links import link_steps
from tests.api.steps_make import make_steps
from tests.api.steps_pick import pick_steps
from tests.api.steps_store import store_steps
from tests.api.steps_units import unit_steps
from tests.api.test_path import SITE, delivered
from tests.world import World, build_world

SAMPLE = Path(__file__).parent.parent / "edi" / "samples" / "deljit_summarized.edi"

Step = tuple[str, str, Any]


def effects() -> tuple[int, int, str]:
    """Count what happened: journal entries, movements, and the sum of what is on hand."""
    on_hand = sorted((row.part_id, str(row.on_hand), str(row.reserved)) for row in Balance.objects.all())
    return JournalEntry.objects.count(), Movement.objects.count(), repr(on_hand)


def every_step(mes: Machine, world: World) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST with what makes its path and body, in an order in which each is possible."""
    known: dict[str, str] = {}

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def waiting_call(number: str, **other: Any) -> str:
        return str(mes.do(f"{SITE}/calls", call_body(world, number, **other))["call_id"])

    def many() -> Step:
        return to(f"{SITE}/calls/bulk", {"partner": "OEM01", "calls": [call_body(world, "B")["call"]]})

    def unmatched() -> Step:
        given = call_body(world, "U")
        given["call"]["groups"][0]["components"][0]["customer_part_no"] = "5N0 881 999 Z"
        return to(f"{SITE}/calls/{mes.do(f'{SITE}/calls', given)['call_id']}/reprocess")

    def release() -> Step:
        known["call"] = waiting_call("R")
        return to(f"{SITE}/calls/release", {"call_ids": [known["call"]]})

    def confirm() -> Step:
        known["job"] = mes.read(f"{SITE}/jobs")["items"][0]["id"]
        return to(f"{SITE}/jobs/{known['job']}/confirm", {"reports": [{"position": 1, "good": "48"}]})

    def pack() -> Step:
        rack = mes.read(f"{SITE}/packing-groups")["items"][0]["id"]
        return to(f"{SITE}/packing-groups/{rack}/confirm", {"scan": "5N0 881 105 A", "qty": "48"})

    def deliver() -> Step:
        return to(f"{SITE}/deliveries", {"call_ids": [known["call"]]})

    def on_delivery(verb: str, body: Any = None) -> Callable[[], Step]:
        def step() -> Step:
            rows = [r for s in ("open", "picked", "issued") for r in mes.read(f"{SITE}/deliveries", state=s)["items"]]
            return to(f"{SITE}/deliveries/{rows[-1]['id']}/{verb}", body)

        return step

    def receipt() -> Step:
        known["part"] = mes.read(f"{SITE}/stock/items", text="FRAME")["items"][0]["id"]
        return to(f"{SITE}/stock/receipts", {"part_id": known["part"], "location": "LINE1", "qty": "1"})

    def move(qty: str = "1") -> Step:
        places = {"from_location": "LINE1", "to_location": "PACK"}
        return to(f"{SITE}/stock/moves", {"part_id": known["part"], "qty": qty, **places})

    def take_back() -> Step:
        last = mes.read(f"{SITE}/stock/movements", limit=200)["items"][-1]["posting_id"]
        return to(f"{SITE}/stock/postings/{last}/reverse", {"reason": "wrong"})

    def send_again() -> Step:
        from datetime import UTC, datetime

        from milkrun.exchange.commands.claim_outbox import claim_outbox
        from milkrun.exchange.commands.record_sent import record_sent

        now = datetime.now(UTC)
        parcel = claim_outbox(partner_id=world.partner_id, at=now).parcels[0]
        record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=world.actor, at=now)
        return to(f"/outbox/{mes.read('/outbox', state='sent')['items'][0]['id']}/send-again")

    def on_two_units(verb: str, **body: Any) -> Callable[[], Step]:
        def step() -> Step:
            world.receive("FRAME", "2", "LINE1")
            world.receive("FOAM", "1", "LINE1")
            calls = world.packed(*(world.summarized(f"{verb} {n}", qty="1") for n in (1, 2)))
            made = world.deliver(*calls)
            return to(f"{SITE}/deliveries/{made.public_id}/{verb}", {"handling_units": made.handling_units[:1], **body})

        return step

    def add_to_delivery() -> Step:
        from milkrun.demand.queries.details import calls_by_id

        first, second = world.packed(*(world.summarized(f"add {n}", qty="1") for n in (1, 2)))
        made = world.deliver(first)
        known["more"] = calls_by_id([second])[second].public_id
        return to(f"{SITE}/deliveries/{made.public_id}/add", {"call_ids": [known["more"]]})

    def on_invoice(verb: str, **body: Any) -> Callable[[], Step]:
        def step() -> Step:
            rows = mes.read(f"{SITE}/invoices")["items"]
            bill = next(row for row in rows if row["kind"] == "invoice" and row["state"] == "issued")
            return to(f"{SITE}/invoices/{bill['id']}/{verb}", {"reason": "wrong price", **body})

        return step

    why = {"reason": "because"}
    return [
        ("receive_jit_call", lambda: to(f"{SITE}/calls", call_body(world, "A"))),
        ("receive_jit_calls", many),
        ("reprocess_call", unmatched),
        ("release_calls", release),
        ("confirm_job", confirm),
        ("release_for_packing", lambda: to(f"{SITE}/packing-groups/release", {"call_ids": [known["call"]]})),
        ("confirm_packing", pack),
        ("create_delivery", deliver),
        ("cancel_delivery", on_delivery("cancel", why)),
        ("create_delivery", deliver),
        ("pick_delivery", on_delivery("pick", {})),
        ("post_goods_issue", on_delivery("goods-issue")),
        ("reverse_goods_issue", on_delivery("goods-issue/reverse", why)),
        ("post_goods_issue", on_delivery("goods-issue")),
        ("issue_invoice", on_delivery("invoice")),
        ("cancel_invoice", on_invoice("cancel")),
        ("issue_invoices", lambda: to(f"{SITE}/invoices/due")),
        ("issue_credit_note", on_invoice("credit", lines=[1])),
        ("receive_stock", receipt),
        ("move_stock", move),
        ("reverse_posting", take_back),
        ("send_again", send_again),
        ("split_delivery", on_two_units("split")),
        ("remove_from_delivery", on_two_units("remove", **why)),
        ("add_to_delivery", add_to_delivery),
        ("ingest_interchange", lambda: ("/partners/OEM01/interchanges", "application/edifact", SAMPLE.read_bytes())),
        *call_steps(mes, world, lambda number: waiting_call(number, qty="2"), why),
        *link_steps(mes),
        *pick_steps(mes, lambda number: waiting_call(number, qty="2")),
        *make_steps(mes, world),
        *store_steps(mes, world),
        *unit_steps(mes, world),
    ]  # fmt: skip


def send(mes: Machine, step: Step, key: str) -> Any:
    """Send a step under a key."""
    path, kind, body = step
    return mes.send(path, body, kind, key=key) if isinstance(body, bytes) else mes.post(path, body, key=key)


def test_every_post_sent_three_times_has_one_effect_and_one_reply(world: World, mes: Machine) -> None:
    played = set()
    for number, (name, prepare) in enumerate(every_step(mes, world)):
        step = prepare()
        first = send(mes, step, f"once-{number}")
        assert first.status_code == 200, (name, first.content)
        after_first = effects()

        again = [send(mes, step, f"once-{number}") for _ in range(2)]

        assert effects() == after_first, name
        assert [reply.content for reply in again] == [first.content] * 2, name
        assert [reply.headers.get("Idempotent-Replayed") for reply in (first, *again)] == [None, "true", "true"], name
        played.add(name)
    from milkrun.api.application import api

    posts = {o["post"]["operationId"] for o in api.get_openapi_schema()["paths"].values() if "post" in o}
    assert played == posts


@pytest.mark.slow
def test_eight_equal_posts_at_the_same_time_have_one_effect(committed_db) -> None:
    world = build_world()
    mes = machine("*", requests_per_minute=60_000)
    for number, (name, prepare) in enumerate(every_step(mes, world)):
        step = prepare()
        start = threading.Barrier(8)

        def one(_: int, step: Step = step, start: threading.Barrier = start, number: int = number) -> tuple[int, bytes]:
            try:
                start.wait(20)
                reply = send(mes, step, f"race-{number}")
                return reply.status_code, reply.content
            finally:
                connection.close()

        keys = RequestKey.objects.count()
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(one, range(8)))
        after = effects()
        settled = send(mes, step, f"race-{number}")

        assert {status for status, _ in replies} <= {200, 409}, (name, replies)
        done = {content for status, content in replies if status == 200}
        assert done == {settled.content}, name
        assert all(b"request_in_flight" in content for status, content in replies if status == 409), name
        assert effects() == after, name
        assert RequestKey.objects.count() == keys + 1, name


def test_the_same_key_with_another_body_is_refused(world: World, mes: Machine) -> None:
    mes.post(f"{SITE}/calls", call_body(world, "K1"), key="mine")

    other = mes.post(f"{SITE}/calls", call_body(world, "K2"), key="mine")

    assert (other.status_code, other.json()["code"]) == (422, "request_key_reused")
    assert [row["number"] for row in mes.read(f"{SITE}/calls")["items"]] == ["K1"]


def test_blanks_and_the_order_of_names_do_not_make_it_another_request(world: World, mes: Machine) -> None:
    import json

    body = call_body(world, "K1")
    first = mes.post(f"{SITE}/calls", body, key="mine")

    again = mes.send(
        f"{SITE}/calls", json.dumps(dict(reversed(body.items())), indent=3), "application/json", key="mine"
    )

    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_refused_request_does_not_use_up_its_key(world: World, mes: Machine) -> None:
    _, delivery = delivered(mes, world)
    early = mes.post(f"{SITE}/deliveries/{delivery}/invoice", key="bill")
    mes.do(f"{SITE}/deliveries/{delivery}/goods-issue")

    late = mes.post(f"{SITE}/deliveries/{delivery}/invoice", key="bill")

    assert (early.status_code, late.status_code) == (409, 200)


def test_keys_of_two_tokens_and_two_operations_are_apart(world: World, mes: Machine) -> None:
    one = mes.post(f"{SITE}/calls", call_body(world, "K1"), key="same")
    two = machine("*", name="WMS").post(f"{SITE}/calls", call_body(world, "K2"), key="same")
    three = mes.post(f"{SITE}/calls/hold", {"call_ids": [one.json()["call_id"]], "reason": "x"}, key="same")

    assert [reply.status_code for reply in (one, two, three)] == [200, 200, 200]


def test_the_history_names_the_token_and_the_request(world: World, mes: Machine) -> None:
    mes.post(f"{SITE}/calls", call_body(world, "K1"), **{"X-Request-ID": "floor-00042"})

    entry = JournalEntry.objects.filter(action="receive_jit_call").latest("id")

    assert (entry.actor, entry.via, entry.request_id) == ("token MES", "api", "floor-00042")
    assert journal.latest() == entry.id
