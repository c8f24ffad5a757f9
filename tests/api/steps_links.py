"""The steps of test_once for webhooks, items and tables, in an order in which each is possible."""

from collections.abc import Callable
from typing import Any

from tests.api.machine import Machine

Step = tuple[str, str, Any]


def link_steps(mes: Machine) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of these areas with what makes its path and body."""
    known: dict[str, str] = {}
    place = {"name": "ERP", "url": "https://8.8.8.8/hooks", "kinds": ["*"]}

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def on_hook(verb: str, body: Any = None) -> Callable[[], Step]:
        def step() -> Step:
            known["hook"] = mes.read("/webhooks")["items"][0]["id"]
            return to(f"/webhooks/{known['hook']}/{verb}", body)

        return step

    return [
        ("create_webhook", lambda: to("/webhooks", place)),
        ("change_webhook", on_hook("change", {**place, "name": "ERP 2"})),
        ("rotate_webhook_secret", on_hook("rotate-secret", {"both_hours": 2})),
        ("send_test_event", on_hook("test")),
        ("replay_events", on_hook("replay", {"since": "2026-11-21T00:00:00+00:00"})),
        ("switch_webhook", on_hook("switch", {"switch": "remove"})),
    ]
