"""Other systems, door to door: the manuals' programs run as they stand, and every connection shows how it does."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from milkrun.gateway.addresses import networks
from milkrun.gateway.events import derive_events
from milkrun.gateway.webhooks import send_events
from tests.api.machine import machine
from tests.connections.receiver import Receiver, receiver
from tests.web.door import PASSWORD, Door, text_of
from tests.world import World, build_world

MANUALS = Path(__file__).parent.parent.parent / "docs" / "how-to"
HERE = "127.0.0.0/8"


def programs(page: str) -> str:
    """Return the Python of a manual as one program."""
    return "\n".join(re.findall(r"```python\n(.*?)```", (MANUALS / page).read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def plant(live_url: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    """A served plant with a supplier, an invoice and a token, in the environment as the manuals ask for it."""
    from milkrun.billing.commands.issue_invoice import issue_invoice
    from milkrun.partners.commands.create_partner import create_partner
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    settings.MILKRUN_WEBHOOK_NETWORKS = HERE
    world = build_world()
    who = {"actor": world.actor, "at": world.later()}
    create_partner(code="SUP01", name="Steel", is_customer=False, is_supplier=True, **who)
    delivery = world.picked(*world.packed(world.summarized("DON1")))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())
    monkeypatch.setenv("API", f"{live_url}/api/v1")
    monkeypatch.setenv("TOKEN", machine("*", name="Other system").token)
    return world


def order_foam(world: World) -> None:
    """Order foam from the supplier."""
    from datetime import date
    from decimal import Decimal

    from milkrun.partners.queries import partner_by_code
    from milkrun.purchasing.commands.place_order import OrderedGoods, place_order

    supplier = partner_by_code("SUP01")
    assert supplier
    place_order(
        site_id=world.site_id, supplier_id=supplier.id, goods=(OrderedGoods(world.parts["FOAM"], Decimal(500)),),
        expected_on=date(2026, 12, 1), number="PO-1", actor=world.actor, at=world.later(),
    )  # fmt: skip


@pytest.mark.requirement("GDE-196")
def test_the_manuals_for_an_erp_a_wms_a_supplier_portal_and_a_customers_platform_run_as_they_stand(
    plant: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp: dict[str, Any] = {}
    exec(programs("connect-an-erp.md"), erp)  # noqa: S102 - the manual is ours
    order_foam(plant)
    portal: dict[str, Any] = {}
    exec(programs("connect-a-supplier-portal.md"), portal)  # noqa: S102
    with receiver() as platform:
        monkeypatch.setenv("HOOK", platform.url)
        told = play_platform(plant, platform)

    assert len(erp["posted"]) == 1
    assert [line["part"] for line in portal["waiting"][0]["lines"]] == ["FOAM"]
    assert told == ["call.received", "call.state_changed"]
    assert (MANUALS / "connect-a-wms.md").exists(), "run by tests/api/test_picking.py"


def play_platform(plant: World, platform: Receiver) -> list[str]:
    """Run the manual of the platform, let the call move, and check what it is told as the manual does."""
    import json

    from milkrun.demand.queries.details import calls_by_number

    known: dict[str, Any] = {}
    exec(programs("connect-a-customer-platform.md"), known)  # noqa: S102
    at = datetime.now(UTC) + timedelta(seconds=1)
    call = {**known["call"], "number": "WEB-4712"}
    known["ask"]("/sites/MAIN/calls", {"partner": "OEM01", "call": call})
    key = calls_by_number(plant.site_id, plant.partner_id, ["WEB-4712"])["WEB-4712"][0]
    plant.now = at
    plant.release(key)
    derive_events(at=datetime.now(UTC))
    send_events(allowed=networks(HERE), actor=plant.actor, at=datetime.now(UTC))
    assert all(known["genuine"](known["SECRET"], one.headers, one.body) for one in platform.came)
    assert not known["genuine"](known["SECRET"], platform.came[0].headers, platform.came[0].body + b" ")
    return [json.loads(one.body)["type"] for one in platform.came]


@pytest.mark.requirement("GDE-027")
@pytest.mark.django_db
def test_items_stock_demand_orders_and_receipts_come_in_by_every_way_and_each_connection_shows_how_it_does(
    world: World, tmp_path: Path
) -> None:
    from milkrun.gateway.receive import take_in
    from milkrun.jobs.linking import Drop
    from milkrun.partners.commands.create_partner import create_partner
    from tests.api.machine import call_body

    create_partner(code="SUP01", name="Steel", is_customer=False, is_supplier=True, actor=world.actor, at=world.later())
    drop = Drop(tmp_path)
    drop(datetime.now(UTC))
    tables = {
        "items": "part;base_unit\nBOLT;PCE\nBAD;XXX\n",
        "stock": "part;location;qty\nFOAM;FG;5\n",
        "calls": "customer;call;kind;required_at;ship_to;unloading_point;customer_part;qty;order\n"
        "OEM01;CSV1;summarized;2026-11-22T10:50;21;TOR 7;5N0 881 105 A;48;5500012345\n",
        "orders": "order;supplier;part;qty;expected_on\nPO1;SUP01;FOAM;500;2026-12-01\n",
        "receipts": "order;part;note;note_line;qty;location\nPO1;FOAM;DN1;1;200;FG\n",
    }
    for kind, text in tables.items():
        (tmp_path / "drop" / kind / "day.csv").write_text(text)
        drop(datetime.now(UTC))
        drop(datetime.now(UTC))
    mes = machine("*", name="ERP north")
    mes.do("/items", {"items": [{"part": "NUT"}]})
    mes.do("/sites/MAIN/stock/levels", {"levels": [{"part": "FRAME", "location": "FG", "qty": "3"}]})
    mes.do("/sites/MAIN/calls", call_body(world, "API1"))
    line = {"part": "FRAME", "qty": "10"}
    order = mes.do("/sites/MAIN/orders", {"supplier": "SUP01", "expected_on": "2026-12-01", "lines": [line]})
    mes.do(f"/sites/MAIN/orders/{order['order_id']}/receive", {"position": 1, "qty": "4", "location": "FG"})
    refused = mes.post("/sites/MAIN/calls", {"partner": "OEM01"})
    sample = (Path(__file__).parent.parent / "edi" / "samples" / "deljit_summarized.edi").read_bytes()
    take_in(sample, partner_code="OEM01", file_name="a.edi", source="inbox", actor=world.actor, at=datetime.now(UTC))
    mes.do("/webhooks", {"name": "Cloud ERP", "url": "https://8.8.8.8/hooks", "kinds": ["*"]})

    page = connections_page(world)

    rows = page
    assert refused.status_code == 422
    for name in ("items MAIN", "stock MAIN", "calls MAIN", "orders MAIN", "receipts MAIN", "ERP north"):
        assert re.search(r"20\d\d|\d\d:\d\d", rows[name]), f"{name} shows no last sync: {rows[name]}"
    assert "Cloud ERP" in rows
    assert any(name.startswith("OEM01") for name in rows)
    assert read(world, "items MAIN").count("1 of 2 rows were set aside") == 1
    assert "receive_jit_call" in read(world, "ERP north")


@pytest.mark.requirement("GDE-028")
@pytest.mark.django_db
def test_a_connections_lag_is_seen_and_above_the_limit_an_alert_is_raised_that_closes_by_itself(
    world: World,
) -> None:
    from milkrun.jobs.alerting import Alerting
    from tests.api.machine import call_body

    mes = machine("*", name="ERP north")
    watching = Alerting()
    early = datetime.now(UTC) - timedelta(hours=3, minutes=10)
    mes.post("/sites/MAIN/calls", call_body(world, "K1"), **{"Event-Time": early.isoformat()})
    late = connections_page(world)["ERP north"]
    watching(datetime.now(UTC))
    raised = alerts(world)
    mes.post("/sites/MAIN/calls", call_body(world, "K2"), **{"Event-Time": datetime.now(UTC).isoformat()})
    watching(datetime.now(UTC) + timedelta(minutes=1))

    assert "3 h 10 min" in late
    assert "Late" in late
    assert "ERP north" in raised
    assert "190 minutes" in raised
    assert "ERP north" not in alerts(world)


def staff(world: World) -> Door:
    """Sign an administrator in."""
    from django.contrib.auth import get_user_model

    from milkrun.partners.commands.create_user import create_user

    users = get_user_model().objects
    if not users.filter(email="admin@plant.example").exists():
        create_user(
            email="admin@plant.example", name="Admin", password=PASSWORD, roles=["admin", "material_planner"],
            actor=world.actor, at=world.later(),
        )  # fmt: skip
    client = Door()
    client.force_login(users.get(email="admin@plant.example"), "django.contrib.auth.backends.ModelBackend")
    return client


def connections_page(world: World) -> dict[str, str]:
    """Read the page of connections as a person does: the text of each row by the connection's name."""
    text = staff(world).get("/connections").content.decode()
    rows = re.findall(r"<tr data-row=.*?</tr>", text, re.DOTALL)
    plain = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    names = [" ".join(re.findall(r'class="key"><a[^>]*>([^<]*)<', row)) for row in rows]
    return dict(zip(names, plain, strict=True))


def read(world: World, name: str) -> str:
    """Open a connection from the list."""
    client = staff(world)
    text = client.get("/connections").content.decode()
    where = re.search(rf'href="(/connections/[^"]+)">{re.escape(name)}<', text)
    assert where, name
    return client.get(where[1]).content.decode()


def alerts(world: World) -> str:
    """Read the open alerts as a person does."""
    return text_of(staff(world).get("/alerts"))
