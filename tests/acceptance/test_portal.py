"""A call comes in by any door, and the planner sees it at once."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from milkrun.demand.models import JitCall
from milkrun.gateway.inbox import take_arrivals
from tests.api.machine import call_body, machine
from tests.gateway.files import sample
from tests.web.door import Door, text_of
from tests.web.portal import let_in
from tests.world import ORDER, SEAT, World

SECONDS = 5


@pytest.mark.requirement("SAP-01")
def test_a_call_of_any_door_stands_in_the_list_as_new_within_seconds(
    world: World, door: Callable[[str], Door], tmp_path: Path
) -> None:
    planner, buyer, system = door("material_planner"), let_in(world), machine("*")
    tomorrow = timezone.now() + timedelta(days=1)
    at = f"{tomorrow:%Y-%m-%dT%H:00}"
    inbox = tmp_path / "inbox" / "OEM01"
    inbox.mkdir(parents=True)

    def by_edi() -> None:
        # A file appears in the customer's folder; this is what the worker does every second.
        (inbox / "calls.edi").write_bytes(sample("deljit_jis_two_vehicles.edi"))
        take_arrivals(home=tmp_path, actor=world.actor, at=timezone.now())

    def by_api() -> None:
        assert system.post("/sites/MAIN/calls", call_body(world, "API-1")).status_code == 200

    def by_csv() -> None:
        head = "customer;call;kind;required_at;ship_to;unloading_point;customer_part;order;qty;unit"
        line = f"OEM01;CSV-1;summarized;{at};21;TOR 7;{SEAT};{ORDER};4;PCE"
        file = SimpleUploadedFile("calls.csv", f"{head}\n{line}\n".encode())
        assert planner.post("/connections/imports/upload", {"kind": "calls", "file": file}).status_code == 200

    def by_portal() -> None:
        buyer.send("/portal/call-off", part=SEAT, qty="5", place="21|TOR 7", required_at=at, reference="PORTAL-1")

    def by_hand() -> None:
        planner.send("/calls/new", customer="OEM01", kind="summarized", number="HAND-1", plant="21", dock="TOR 7",
                     required_at=at, part=SEAT, qty="6")  # fmt: skip

    doors = {"edi": by_edi, "api": by_api, "csv": by_csv, "portal": by_portal, "manual": by_hand}
    for source, come_in in doors.items():
        before, started = set(JitCall.objects.values_list("pk", flat=True)), time.monotonic()
        come_in()
        page = planner.get("/calls?state=created").content.decode()
        took = time.monotonic() - started

        new = JitCall.objects.exclude(pk__in=before)
        assert new, source
        for call in new:
            assert call.source == source
            row = page.split(f'data-row="{call.public_id}"')[1].split("</tr>")[0]
            assert call.external_no in row
            assert ">New<" in row.replace("\n", ""), row
        assert took < SECONDS, f"{source} took {took:.1f} s"

    assert "PORTAL-1 in the portal" in text_of(planner.get("/calls"))
