"""What the store does, by machine: straight on, counted, written off, kept back, traced, recalled; site by site."""

from typing import Any

import pytest

from milkrun.partners.commands.create_site import create_site
from milkrun.stock.commands.create_locations import Place, create_locations
from tests.api.machine import Machine, machine
from tests.api.test_once import effects
from tests.shipping.test_cross_dock_receipt import bought, called
from tests.shipping.tracing import HEAT, steel_to_seats
from tests.world import World

SITE = "/sites/MAIN"


@pytest.fixture
def wms(world: World) -> Machine:
    return machine("*", name="WMS")


def part_of(wms: Machine, text: str) -> str:
    return str(wms.read(f"{SITE}/stock/items", text=text)["items"][0]["id"])


def refused(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


def test_a_wms_sends_goods_straight_to_the_call_that_waits(world: World, wms: Machine) -> None:
    bought(world)
    call = called(world, "DON1", "30").group.call.public_id
    part = part_of(wms, "8V0")

    (waiting,) = wms.read(f"{SITE}/cross-dock", part_id=part)["items"]
    assert (waiting["kind"], waiting["id"], waiting["qty"]) == ("call", call, "30")
    body = {"part_id": part, "location": "GATE", "qty": "30", "call_id": call}
    done = wms.do(f"{SITE}/cross-dock", body)

    assert done["whole"] is True
    assert wms.read(f"{SITE}/calls/{call}")["call"]["state"] == "packed"
    assert refused(wms.post(f"{SITE}/cross-dock", body)) == (409, "nothing_waits")
    assert refused(wms.post(f"{SITE}/cross-dock", {**body, "job_id": call}))[0] == 422


def test_a_count_is_started_entered_counted_again_and_approved(world: World, wms: Machine) -> None:
    world.receive("FRAME", "9", "FG")
    frame = part_of(wms, "FRAME")
    made = wms.do(f"{SITE}/counts", {"locations": ["FG"], "title": "cycle"})
    path = f"{SITE}/counts/{made['count_id']}"
    spot = {"location": "FG", "part_id": frame}
    assert made["lines"] == 1
    (line,) = wms.read(path)["places"]
    assert (line["part"], line["book"], line["counted"]) == ("FRAME", None, None)

    assert wms.do(f"{path}/entries", {**spot, "qty": "7"}) == {
        "count_id": made["count_id"], "agreed": False, "left": 0,
    }  # fmt: skip
    wms.do(f"{path}/recount", {"lines": [spot]})
    assert refused(wms.post(f"{path}/entries", {**spot, "qty": "8"})) == (409, "same_counter")
    machine("*", name="SCANNER 2").do(f"{path}/entries", {**spot, "qty": "8"})
    (line,) = wms.read(path)["places"]
    assert (line["book"], line["counted"], line["state"]) == ("9", "8", "differs")
    assert len(wms.do(f"{path}/approve", {"reason": "one fell down"})["posting_ids"]) == 1
    assert wms.do(f"{path}/close")["left"] == 0

    (row,) = wms.read(f"{SITE}/counts", state="closed")["items"]
    assert (row["lines"], row["posted"]) == (1, 1)
    balance = [row for row in wms.read(f"{SITE}/stock/balances", location="FG")["items"] if row["part_id"] == frame]
    assert [row["on_hand"] for row in balance] == ["8"]
    assert refused(wms.post(f"{path}/approve", {"reason": "x", "lines": [{**spot, "location": "PACK"}]}))[0] == 404


def test_a_heat_is_traced_and_recalled_and_goods_without_a_lot_too(world: World, wms: Machine) -> None:
    chain = steel_to_seats(world)

    found = wms.read("/trace", number=HEAT)
    assert [row["title"] for row in found["went_to"]["rows"]][-1] == chain.delivery
    assert found["went_to"]["customers"] == ["OEM01"]
    done = wms.do("/recalls", {"number": HEAT, "reason": "cracks"})
    assert (done["blocked"], done["customers"]) == (["S-1", chain.frames_lot], ["OEM01"])
    steel = part_of(wms, "STEEL")
    assert wms.do("/lots/release", {"part_id": steel, "lot_no": "S-1", "reason": "tested"})["state"] == "free"

    today = {"received_from": str(world.now.date()), "received_until": str(world.now.date())}
    rows = wms.read(f"{SITE}/suspects", part="FOAM", **today)["rows"]
    assert [(row["kind"], row["title"]) for row in rows] == [("place", "LINE1")]
    told = wms.do(f"{SITE}/recalls", {"part": "FOAM", "reason": "smells", **today})
    assert told["left"] == ["1000 FOAM, LINE1"]
    assert wms.get("/trace", number="nothing").status_code == 404


def test_a_token_of_one_site_touches_no_other_and_no_lot_that_all_sites_share(world: World, wms: Machine) -> None:
    create_site(code="WEST", name="West", zone="UTC", docks=("D1",), actor=world.actor, at=world.later())
    world.receive("FRAME", "9", "FG")
    ours = wms.do(f"{SITE}/counts", {"locations": ["FG"]})["count_id"]
    frame = part_of(wms, "FRAME")
    west = machine("*", name="WEST", site_codes=("WEST",))
    from milkrun.partners.models import Site

    create_locations(
        site_id=Site.objects.get(code="WEST").pk, places=(Place("FG", "storage"),), actor=world.actor, at=world.later()
    )
    spot = {"part_id": frame, "location": "FG", "qty": "1"}
    before = effects()

    statuses = {
        "count": west.post(f"/sites/WEST/counts/{ours}/entries", spot).status_code,
        "their count": west.post(f"{SITE}/counts/{ours}/entries", spot).status_code,
        "write off": west.post(f"{SITE}/stock/write-offs", {**spot, "cause": "damaged"}).status_code,
        "block": west.post("/lots/block", {"part_id": frame, "lot_no": "L1", "reason": "x"}).status_code,
        "recall": west.post("/recalls", {"number": "L1", "reason": "x"}).status_code,
        "trace": west.get("/trace", number="L1").status_code,
        "goods": west.post(f"{SITE}/recalls", {"receipt": "x", "reason": "x"}).status_code,
    }

    assert statuses == {
        "count": 404, "their count": 403, "write off": 403, "block": 403, "recall": 403, "trace": 403, "goods": 403,
    }  # fmt: skip
    assert effects() == before
