"""Lists go on from a cursor, never skip or repeat, and cost the same number of statements whatever they hold."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milkrun.parts.commands.create_part import create_part
from tests.api.machine import Machine
from tests.api.test_path import SITE, delivered
from tests.world import World

LISTS = [
    f"{SITE}/calls", f"{SITE}/calls?state=all", f"{SITE}/jobs", f"{SITE}/packing-groups", f"{SITE}/deliveries",
    f"{SITE}/invoices", f"{SITE}/failed-postings", f"{SITE}/stock/items", f"{SITE}/stock/balances",
    f"{SITE}/stock/movements", "/interchanges", "/outbox",
]  # fmt: skip


def walk(mes: Machine, path: str, limit: int) -> list[dict[str, object]]:
    """Read a list page by page to its end."""
    rows: list[dict[str, object]] = []
    cursor = ""
    while True:
        page = mes.read(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        rows += page["items"]
        if page["next_cursor"] in ("", cursor):
            return rows
        cursor = page["next_cursor"]


def billed(mes: Machine, world: World, number: str) -> None:
    """Play a call to its end."""
    _, delivery = delivered(mes, world, number)
    mes.do(f"{SITE}/deliveries/{delivery}/goods-issue")
    mes.do(f"{SITE}/deliveries/{delivery}/invoice")


def statements(mes: Machine, path: str) -> int:
    """Count the statements that a list takes."""
    with CaptureQueriesContext(connection) as seen:
        mes.read(path, limit=200)
    return len(seen)


def test_small_pages_hold_the_same_rows_as_one_large_page(world: World, mes: Machine) -> None:
    for number in ("L1", "L2", "L3"):
        billed(mes, world, number)
    for number in range(5):
        world.call(world.summarized(f"W{number}"))
    parts = ["FOAM", "FRAME", "REST-106B", "SEAT-105A"]

    for path in (f"{SITE}/calls", f"{SITE}/packing-groups", f"{SITE}/invoices", f"{SITE}/stock/items",
                 f"{SITE}/stock/balances", f"{SITE}/stock/movements", "/outbox"):  # fmt: skip
        whole = walk(mes, path, 200)
        assert len(whole) >= 2, path
        assert walk(mes, path, 1) == walk(mes, path, 2) == whole, path
    assert [row["part"] for row in walk(mes, f"{SITE}/stock/items", 3)] == parts
    assert len(walk(mes, f"{SITE}/jobs?state=done", 2)) == 3
    assert len(walk(mes, f"{SITE}/deliveries?state=billed", 2)) == 3


def test_a_list_costs_the_same_statements_for_few_and_many_rows(world: World, mes: Machine) -> None:
    billed(mes, world, "L1")
    world.call(world.summarized("W"))
    few = {path: statements(mes, path) for path in LISTS}
    for number in ("L2", "L3"):
        billed(mes, world, number)
    for number in range(20):
        world.call(world.summarized(f"W{number}"))
        create_part(number=f"P{number}", actor=world.actor, at=world.later())

    many = {path: statements(mes, path) for path in LISTS}

    assert many == few


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"kind": "sequenced"}, ["CALL/7"]),
        ({"kind": "summarized"}, ["W1"]),
        ({"text": "W1"}, ["W1"]),
        ({"unmatched": "true"}, []),
        ({"partner": "NOBODY"}, []),
        ({"state": "released"}, []),
    ],
)
def test_calls_are_filtered(world: World, mes: Machine, query: dict[str, str], numbers: list[str]) -> None:
    world.call(world.sequenced(7))
    world.call(world.summarized("W1"))

    assert [row["number"] for row in mes.read(f"{SITE}/calls", **query)["items"]] == numbers


def test_instants_and_quantities_are_written_for_machines(world: World, mes: Machine) -> None:
    world.call(world.summarized("W1", qty="0.500000"))

    call = mes.read(f"{SITE}/calls")["items"][0]
    component = mes.read(f"{SITE}/calls/{call['id']}")["groups"][0]["components"][0]

    assert call["required_at"] == "2026-11-22T09:50:00Z"
    assert (component["qty"], component["unit"], component["packed_qty"]) == ("0.5", "PCE", "0")
