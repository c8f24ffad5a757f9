"""The POSTs of handling units, labels and frames for the tests of repeats: each is possible after the one before."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demand.models import PackingGroup
from milkrun.printing.commands.save_printer import save_printer
from milkrun.printing.models import PrintJob
from tests.api.machine import Machine
from tests.world import SEAT, World

Step = tuple[str, str, Any]
SITE = "/sites/MAIN"
UNITS = f"{SITE}/handling-units"


def unit_steps(mes: Machine, world: World) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of units and labels with what makes its path and body."""
    who = {"actor": world.actor, "at": world.now}

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def unit(filled: bool = False) -> str:
        sscc = str(mes.do(UNITS, {"location": "PACK"})["sscc"])
        if filled:
            world.receive("FRAME", "5", "LINE1")
            mes.do(f"{UNITS}/{sscc}/pack", goods())
        return sscc

    def goods(qty: str = "2") -> dict[str, str]:
        part = mes.read(f"{SITE}/stock/items", text="FRAME")["items"][0]["id"]
        return {"part_id": part, "qty": qty, "location": "LINE1"}

    def pack() -> Step:
        world.receive("FRAME", "5", "LINE1")
        return to(f"{UNITS}/{unit()}/pack", goods())

    def split() -> Step:
        return to(f"{UNITS}/{unit(filled=True)}/split", {"shares": [{"part_id": goods()["part_id"], "qty": "1"}]})

    def accept() -> Step:
        sscc = unit()
        mes.do(f"{UNITS}/{sscc}/reject", {"reason": "wet", "location": "FG"})
        return to(f"{UNITS}/{sscc}/accept", {"reason": "dry"})

    def redirect() -> Step:
        save_printer(site_id=world.site_id, code="P1", host="printer.example", **who)
        label = mes.do(f"{SITE}/labels", {"handling_units": [unit()], "template": "tag", "printer": "P1"})
        key = label["labels"][0]["label_id"]
        PrintJob.objects.filter(public_id=key).update(state="failed", error="no paper")
        return to(f"{SITE}/labels/{key}/redirect", {"printer": "P1"})

    def place() -> Step:
        specify_rack(partner_id=world.partner_id, family="DR", slots=1, racks=2, **who)
        told = world.sequenced(9001, parts=(SEAT,))
        call = world.call(replace(told, groups=(replace(told.groups[0], code="DR"),), stream_code="77"))
        world.finish([call])
        world.pack(call)
        rack = PackingGroup.objects.get(frame__isnull=False)
        scan = rack.frame.hu.sscc if rack.frame else ""
        return to(f"{SITE}/packing-groups/{rack.public_id}/place", {"scan": scan})

    return [
        ("create_handling_unit", lambda: to(UNITS, {"location": "PACK", "kind": "box"})),
        ("pack_handling_unit", pack),
        ("split_handling_unit", split),
        ("merge_handling_units", lambda: to(f"{UNITS}/{unit()}/merge", {"handling_units": [unit(filled=True)]})),
        ("nest_handling_unit", lambda: to(f"{UNITS}/{unit()}/nest", {"into": unit()})),
        ("move_handling_unit", lambda: to(f"{UNITS}/{unit()}/move", {"location": "FG"})),
        ("reject_handling_unit", lambda: to(f"{UNITS}/{unit()}/reject", {"reason": "wet", "location": "FG"})),
        ("accept_handling_unit", accept),
        ("print_label", lambda: to(f"{SITE}/labels", {"handling_units": [unit()], "template": "tag"})),
        ("redirect_print_job", redirect),
        ("place_rack", place),
    ]
