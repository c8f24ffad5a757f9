"""The policy on the item's page with its reasons, and the list of stockouts with its files."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import time_machine

from tests.insight.watching import look
from tests.web.door import Door, text_of
from tests.world import NOW

DUE = NOW + timedelta(hours=15)


def page_of(number: str) -> str:
    """Return the address of an item's page."""
    from milkrun.parts.models import Part

    return f"/stock/{Part.objects.get(number=number).public_id}"


def test_a_newcomer_reads_on_the_item_s_page_what_was_set_and_why(world, planner: Door, door) -> None:
    page = page_of("FOAM")

    planner.send(f"{page}/policy", method="reorder_point", reorder_point="200", target_qty="500", why="Two days away")
    planner.send(f"{page}/policy", method="reorder_point", reorder_point="350", target_qty="500", why="Strikes in May")
    read = text_of(door("auditor").get(page))

    assert "350 pcs" in read
    assert "“Strikes in May”" in read
    assert "“Two days away”" in read
    assert "200 &gt; 350" in read
    assert "material_planner@plant.example" in read


def test_a_policy_without_a_reason_is_refused_and_keeps_what_was_typed(world, planner: Door) -> None:
    answer = planner.send(f"{page_of('FOAM')}/policy", method="kanban", reorder_point="7", why="")

    assert answer.status_code == 422
    assert 'value="7"' in answer.content.decode()


def test_whoever_may_not_set_a_policy_sees_no_form(world, door: Callable[[str], Door]) -> None:
    packer = door("packer")

    assert "Say how" not in text_of(packer.get(page_of("FOAM")))
    assert packer.send(f"{page_of('FOAM')}/policy", method="jit", why="x").status_code == 403


def test_stockouts_are_listed_and_exported_without_formulas(world, planner: Door) -> None:
    world.call(world.summarized("=DON1", qty="48"))
    look(DUE)

    with time_machine.travel(DUE, tick=False):
        page = text_of(planner.get("/stockouts?show=open"))
        file = b"".join(planner.get("/stockouts/export.csv").streaming_content).decode()
        book = b"".join(planner.get("/stockouts/export.xlsx").streaming_content)

    assert "SEAT-105A Open 2026-11-22 10:50 CET 1:00 48 pcs 48 pcs OEM01 =DON1 48 pcs" in page
    assert "SEAT-105A,,open,2026-11-22 10:50 CET,,60,48 pcs,48 pcs,'=DON1 OEM01 48 pcs,30" in file
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "=DON1 OEM01 48 pcs" in sheet
    assert "<f>" not in sheet
    assert "<v>60</v>" in sheet
