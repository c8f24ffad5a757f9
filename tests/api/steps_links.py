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

    part = {"part": "BOLT", "base_unit": "PCE", "units": [{"code": "BX", "numerator": 100}]}
    level = {"part": "BOLT", "location": "LINE1", "qty": "500"}
    bill = {"part": "BOLT", "lines": [{"component": "FOAM", "qty": "0.5"}]}

    def order() -> Step:
        from datetime import UTC, datetime

        from milkrun.kernel.identity import Actor
        from milkrun.partners.commands.create_partner import create_partner

        who = {"actor": Actor("Anna Test", "cli"), "at": datetime.now(UTC)}
        create_partner(code="SUP01", name="Steel", is_customer=False, is_supplier=True, **who)
        line = {"part": "FOAM", "qty": "10"}
        return to("/sites/MAIN/orders", {"supplier": "SUP01", "expected_on": "2026-12-01", "lines": [line]})

    def on_order(verb: str, body: Any) -> Callable[[], Step]:
        return lambda: to(f"/sites/MAIN/orders/{mes.read('/sites/MAIN/orders')['items'][0]['id']}/{verb}", body)

    return [
        ("place_order", order),
        ("receive_order", on_order("receive", {"position": 1, "qty": "4", "location": "FG", "note_no": "DN1"})),
        ("close_order", on_order("close", {"reason": "enough"})),
        ("record_parts", lambda: to("/items", {"items": [part]})),
        ("record_boms", lambda: to("/items/boms", {"boms": [bill]})),
        ("set_stock_levels", lambda: to("/sites/MAIN/stock/levels", {"levels": [level]})),
        ("import_table", lambda: ("/sites/MAIN/tables/items?file_name=a.csv", "text/csv", b"part\nNUT\n")),
        ("create_webhook", lambda: to("/webhooks", place)),
        ("change_webhook", on_hook("change", {**place, "name": "ERP 2"})),
        ("rotate_webhook_secret", on_hook("rotate-secret", {"both_hours": 2})),
        ("send_test_event", on_hook("test")),
        ("replay_events", on_hook("replay", {"since": "2026-11-21T00:00:00+00:00"})),
        ("switch_webhook", on_hook("switch", {"switch": "remove"})),
    ]
