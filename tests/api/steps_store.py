"""The POSTs of the store for the tests of repeats: each is possible after the one before."""

from collections.abc import Callable
from typing import Any

from milkrun.parts.commands.create_part import create_part
from tests.api.machine import Machine
from tests.shipping.test_cross_dock_receipt import bought, called
from tests.world import World

Step = tuple[str, str, Any]
SITE = "/sites/MAIN"


def store_steps(mes: Machine, world: World) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of the store with what makes its path and body."""
    known: dict[str, str] = {}
    why = {"reason": "because"}

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def straight_on() -> Step:
        bought(world)
        component = called(world, "XDOCK", "30")
        part = mes.read(f"{SITE}/stock/items", text="8V0")["items"][0]["id"]
        call = component.group.call.public_id
        return to(
            f"{SITE}/cross-dock", {"part_id": part, "location": "GATE", "qty": "10", "call_id": call, "line_no": 1}
        )

    def count() -> Step:
        receipt()
        known["part"] = mes.read(f"{SITE}/stock/items", text="FRAME")["items"][0]["id"]
        return to(f"{SITE}/counts", {"title": "frames", "part_ids": [known["part"]], "locations": ["FG"]})

    def receipt(number: str = "FRAME", **more: Any) -> str:
        part = mes.read(f"{SITE}/stock/items", text=number)["items"][0]["id"]
        mes.do(f"{SITE}/stock/receipts", {"part_id": part, "location": "FG", "qty": "9"} | more)
        return str(part)

    def on_count(verb: str, body: Any = None) -> Callable[[], Step]:
        def step() -> Step:
            last = mes.read(f"{SITE}/counts")["items"][0]["id"]
            spot = {"location": "FG", "part_id": known["part"]}
            if verb == "recount":
                last = mes.do(f"{SITE}/counts", {"part_ids": [known["part"]], "locations": ["FG"]})["count_id"]
                mes.do(f"{SITE}/counts/{last}/entries", {**spot, "qty": "3"})
            given = {"entries": {**spot, "qty": "7"}, "recount": {"lines": [spot]}, "approve": why}
            return to(f"{SITE}/counts/{last}/{verb}", given.get(verb, body))

        return step

    def frames(path: str, **body: Any) -> Callable[[], Step]:
        return lambda: to(f"{SITE}/stock/{path}", {"part_id": receipt(), "qty": "1", **body})

    def staged() -> Step:
        part = receipt(location="GATE")
        return to(f"{SITE}/stock/put-away", {"part_id": part, "from_location": "GATE", "bin": "FG", "qty": "2"})

    def judged() -> Step:
        from milkrun.stock.commands.create_locations import Place, create_locations

        create_locations(
            site_id=world.site_id, places=(Place("QUA", "quarantine"),), actor=world.actor, at=world.later()
        )
        part = receipt()
        mes.do(f"{SITE}/stock/moves", {"part_id": part, "from_location": "FG", "to_location": "QUA", "qty": "2"})
        return to(
            f"{SITE}/stock/inspections",
            {"part_id": part, "location": "QUA", "qty": "2", "verdict": "scrap", "reason": "bent"},
        )

    def lot(verb: str) -> Callable[[], Step]:
        def step() -> Step:
            if "lot" not in known:
                create_part(number="STEEL", lot_tracked=True, actor=world.actor, at=world.later())
                known["lot"] = receipt("STEEL", lot_no="L1")
            return to(f"/lots/{verb}", {"part_id": known["lot"], "lot_no": "L1", **why})

        return step

    def suspects() -> Step:
        part = receipt()
        rows = mes.read(f"{SITE}/stock/movements", limit=200)["items"]
        posting = [row for row in rows if row["part_id"] == part][-1]["posting_id"]
        return to(f"{SITE}/recalls", {"receipt": posting, **why})

    return [
        ("cross_dock_receipt", straight_on),
        ("create_count", count),
        ("record_count", on_count("entries")),
        ("approve_count", on_count("approve")),
        ("recount", on_count("recount")),
        ("close_count", on_count("close")),
        ("put_away", staged),
        ("write_off", frames("write-offs", location="FG", cause="damaged")),
        ("inspect_stock", judged),
        ("block_lot", lot("block")),
        ("release_lot", lot("release")),
        ("recall_lots", lambda: to("/recalls", {"number": "L1", **why})),
        ("recall_goods", suspects),
    ]
