"""The POSTs of picking for the tests of repeats: each is possible after the one before."""

from collections.abc import Callable
from typing import Any

from milkrun.measure.identifiers import sscc
from tests.api.machine import Machine

Step = tuple[str, str, Any]
SITE = "/sites/MAIN"
THEIRS = sscc(1, "7612345", 77)


def pick_steps(mes: Machine, waiting_call: Callable[[str], str]) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of picking with what makes its path and body; `waiting_call` makes a call of two seats."""
    known: dict[str, str] = {}

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def rule(mode: str) -> Callable[[], Step]:
        return lambda: to(f"{SITE}/picking/rule", {"mode": mode, "partner": "OEM01"})

    def wave(number: str) -> Callable[[], Step]:
        def step() -> Step:
            seat = mes.read(f"{SITE}/stock/items", text="SEAT")["items"][0]["id"]
            mes.do(f"{SITE}/stock/receipts", {"part_id": seat, "location": "FG", "qty": "2"})
            call = waiting_call(number)
            mes.do(f"{SITE}/calls/release", {"call_ids": [call]})
            return to(f"{SITE}/picking/waves", {"call_ids": [call]})

        return step

    def task(verb: str, body: Any) -> Callable[[], Step]:
        def step() -> Step:
            known["task"] = mes.read(f"{SITE}/picking/tasks")["items"][0]["id"]
            return to(f"{SITE}/picking/tasks/{known['task']}/{verb}", body)

        return step

    def next_unit() -> Step:
        rack = mes.read(f"{SITE}/packing-groups", state="packing")["items"][0]["id"]
        return to(f"{SITE}/packing-groups/{rack}/next-unit", {})

    def give_up() -> Step:
        last = mes.read(f"{SITE}/picking/tasks")["items"][0]
        return to(f"{SITE}/picking/waves/{last['wave_id']}/cancel", {"reason": "no truck"})

    def settle() -> Step:
        issue = mes.read(f"{SITE}/picking/issues")["items"][0]["id"]
        return to(f"{SITE}/picking/issues/{issue}/settle", {"note": "counted"})

    unit = {"sscc": THEIRS, "location": "DOCK1"}
    return [
        ("set_picking_rule", rule("external")),
        ("register_handling_unit", lambda: to(f"{SITE}/handling-units/registered", unit)),
        ("create_wave", wave("W1")),
        ("confirm_pick", task("confirm", {"location": "FG", "item": "SEAT-105A", "qty": "1", "sscc": THEIRS})),
        ("start_load_unit", next_unit),
        ("report_short_pick", task("short", {"location": "FG", "found": "0"})),
        ("settle_pick_issue", settle),
        ("create_wave", wave("W2")),
        ("cancel_wave", give_up),
        ("set_picking_rule", rule("station")),
    ]
