"""The steps of test_once for what is done with calls, in an order in which each is possible."""

from collections.abc import Callable
from typing import Any

from tests.api.machine import Machine, call_body
from tests.api.test_path import SITE
from tests.world import World

Step = tuple[str, str, Any]


def call_steps(
    mes: Machine, world: World, waiting: Callable[[str], str], why: dict[str, str]
) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of this area with what makes its path and body."""

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def on(verb: str, **body: Any) -> Callable[[], Step]:
        return lambda: to(f"{SITE}/calls/{verb}", {"call_ids": [waiting(verb)], **why, **body})

    def on_call(verb: str, body: dict[str, Any], *, first: str = "") -> Callable[[], Step]:
        def step() -> Step:
            call = waiting(verb)
            if first:
                mes.do(f"{SITE}/calls/release", {"call_ids": [call]})
                mes.do(f"{SITE}/calls/cancel", {"call_ids": [call], **why})
            return to(f"{SITE}/calls/{call}/{verb}", body)

        return step

    def update() -> Step:
        later = {"call_id": waiting("update"), "required_at": "2099-11-23T10:50:00+01:00"}
        return to(f"{SITE}/calls/update", {"changes": [{**later, "lines": [{"line_no": 1, "qty": "40"}]}], **why})

    def decide() -> Step:
        rule = {"partner": "OEM01", "change_after_release": "ask"}
        mes.do(f"{SITE}/call-rules", rule)
        call = waiting("decide")
        mes.do(f"{SITE}/calls/release", {"call_ids": [call]})
        (asked,) = mes.do(f"{SITE}/calls/update", {"changes": [{"call_id": call, "line_feed": "L"}], **why})["answers"]
        assert asked["outcome"] == "asked"
        return to(f"{SITE}/calls/changes/decide", {"call_ids": [call], "accept": True})

    def move() -> Step:
        body = call_body(world, "S1", kind="sequenced", sequence="0001", stream="03")
        call = mes.do(f"{SITE}/calls", body)["call_id"]
        return to(f"{SITE}/calls/resequence", {"moves": [{"call_id": call, "number": "7"}], **why})

    line = {"partner": "OEM01", "plant": "21", "stream": "03"}
    return [
        ("request_cancel", on("cancel")),
        ("hold_calls", on("hold")),
        ("resume_calls", on("resume")),
        ("expedite_calls", on("expedite", priority=2)),
        ("update_calls", update),
        ("set_call_rule", lambda: to(f"{SITE}/call-rules", {"partner": "OEM01", "change_after_release": "allow"})),
        ("decide_changes", decide),
        ("map_status", lambda: to(f"{SITE}/call-statuses", {"partner": "OEM01", "transmitted": "B", "action": "skip"})),
        ("configure_stream", lambda: to(f"{SITE}/sequences/configure", {**line, "largest": 999})),
        ("resequence_calls", move),
        ("skip_number", lambda: to(f"{SITE}/sequences/skip", {**line, "number": "9", **why})),
        ("accept_cancel", on_call("cancel/accept", {}, first="asked")),
        ("decline_cancel", on_call("cancel/decline", why, first="asked")),
        ("reorder_component", on_call("reorder", {"lines": [1], **why})),
    ]
