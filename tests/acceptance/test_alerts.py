"""The requirements of monitor and alerts, door to door: what a person at the pages sees and does."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth import get_user_model

from milkrun.demand.models import Component
from milkrun.exchange.models import Message, OutboxMessage
from milkrun.gateway.receive import take_in
from milkrun.insight.models import Alert, AlertRule
from milkrun.partners.commands.create_partner import create_partner
from milkrun.partners.commands.create_user import create_user
from milkrun.parts.models import Part
from milkrun.printing.commands.claim_print_jobs import claim_print_jobs
from milkrun.printing.commands.record_print_failure import record_print_failure
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.gateway.files import two_vehicles
from tests.insight.watching import look
from tests.printing import plant as printing
from tests.web.door import PASSWORD, Door, text_of
from tests.world import NOW


@pytest.fixture
def door(world) -> Callable[[str], Door]:
    """Sign in as a person with one role."""

    def signed_in(role: str) -> Door:
        email = f"{role}@plant.example"
        create_user(email=email, name=role, password=PASSWORD, roles=[role], actor=world.actor, at=world.later())
        client = Door()
        client.force_login(get_user_model().objects.get(email=email), "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def button_of(page: str, alert: Alert) -> bool:
    """Tell whether a page has a retry button for an alert."""
    return bool(re.search(rf'action="/alerts/{alert.public_id}/retry".*?<button class="btn primary">Retry', page, re.S))


@pytest.mark.requirement("SAP-33")
def test_a_failed_message_posting_print_and_asn_each_raise_an_alert_with_owner_and_retry_at_the_next_look(
    world, door
) -> None:
    (call,) = world.packed(world.sequenced(1))
    post_goods_issue(delivery_id=world.picked(call), actor=world.actor, at=world.later())
    world.finish([world.call(world.summarized("DON9", qty="2000"))])
    take_in(two_vehicles(), partner_code="OEM01", file_name="x", source="cli", actor=world.actor, at=world.later())
    Message.objects.update(state="failed", findings=[{"severity": "error", "text": "The plant was not known."}])
    OutboxMessage.objects.filter(document_type="DESADV").update(state="rejected", answer="Unknown plant")

    label = printing.job(printing.label(world, printing.unit(world, "1"), printing.printer(world)))
    (lease,) = [one.lease for one in claim_print_jobs(at=world.later()).parcels]
    record_print_failure(print_job_id=label.pk, lease=lease, error="The printer is off.", unsure=False,
                         actor=world.actor, at=world.later())  # fmt: skip

    # The worker looks within seconds; this is one of its looks.
    look(world.later())
    failed = {
        "message_failed": "material_planner", "stock_posting_failed": "supervisor", "asn_failed": "shipping",
        "print_failed": "shipping",
    }  # fmt: skip
    found = {name: Alert.objects.get(rule__metric=name) for name in failed}
    admin = door("admin")
    page = admin.get("/alerts?whose=all").content.decode()

    assert {name: alert.owner_role for name, alert in found.items()} == failed
    assert all(button_of(page, alert) for alert in found.values())
    assert "The plant was not known." in page
    assert "Unknown plant" in page
    assert "The printer is off." in page
    for name in ("message_failed", "asn_failed", "print_failed"):
        admin.send(f"/alerts/{found[name].public_id}/retry")
    assert not {"message_failed", "asn_failed", "print_failed"} & set(look(world.now))


@pytest.mark.requirement("SAP-39")
def test_a_planner_sees_demand_change_stock_against_demand_and_material_shortage_and_takes_each_home(
    world, door
) -> None:
    call = replace(world.summarized("DON1", qty="40"), required_at=NOW + timedelta(hours=20))
    world.call(call)
    more = replace(call.groups[0].components[0], qty=Decimal(1200))
    world.call(replace(call, groups=(replace(call.groups[0], components=(more,)),)))
    planner = door("material_planner")

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        demand = text_of(planner.get("/analysis/demand"))
        stock = text_of(planner.get("/analysis/availability"))
        material = text_of(planner.get("/analysis/coverage?only=missing"))
        names = ("demand", "availability", "coverage")
        texts = [b"".join(planner.get(f"/analysis/{name}.csv").streaming_content).decode() for name in names]
        books = [b"".join(planner.get(f"/analysis/{name}.xlsx").streaming_content) for name in names]

    assert "SEAT-105A OEM01 0 pcs 1,200 pcs +1,200 pcs" in demand
    assert "1 +1,160 pcs" in demand
    assert "SEAT-105A Short in 24 h" in stock
    assert "-1,200 pcs" in stock
    assert re.search(r"FRAME material 1,000 pcs 0.* 1,200 pcs 0 pcs 200 pcs", material)
    assert "OEM01,SEAT-105A,PCE,2026-11-16,1200,0,1200,1,1160" in texts[0]
    assert "-1200" in texts[1]
    assert "FRAME,PCE,no,1000" in texts[2]
    sheets = [zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode() for book in books]
    assert all("SEAT-105A" in sheet for sheet in sheets)


@pytest.mark.requirement("GDE-029")
def test_a_user_makes_a_rule_sees_what_it_would_raise_routes_it_and_mutes_it(world, door) -> None:
    planner = door("material_planner")
    form = {"metric": "on_hand", "threshold": "1500", "comparison": "below", "part": "FOAM", "owner": "role:supervisor",
            "channel": "notice", "tone": "watch", "title": "Foam runs low", "repeat_minutes": "60"}  # fmt: skip

    tried = text_of(planner.send("/alerts/rules/save", **form))
    nothing_yet = AlertRule.objects.filter(title="Foam runs low").count()
    planner.send("/alerts/rules/save", save="1", **form)
    rule = AlertRule.objects.get(title="Foam runs low")
    planner.send(f"/alerts/rules/{rule.public_id}/mute", minutes="120", why="Stock-taking")
    muted = look(NOW.replace(year=2020))
    planner.send(f"/alerts/rules/{rule.public_id}/mute")
    look(world.later())

    assert "Would raise 1 alert now. Nothing is saved yet. FOAM has 1,000 pcs on hand" in tried
    assert nothing_yet == 0
    assert (rule.channel, rule.owner_role, rule.part.number, rule.comparison) == (
        "notice", "supervisor", "FOAM", "below",
    )  # fmt: skip
    assert "on_hand" not in muted
    supervisor = door("supervisor")
    assert "FOAM has 1,000 pcs on hand" in text_of(supervisor.get("/alerts"))
    assert "Foam runs low" in text_of(supervisor.get("/notifications"))


@pytest.mark.requirement("GDE-030")
def test_movements_below_the_reorder_point_raise_one_alert_that_shows_what_is_on_order(world, door) -> None:
    planner = door("material_planner")
    foam = Part.objects.get(number="FOAM")
    page = f"/stock/{foam.public_id}"
    supplier = create_partner(code="FOAMCO", name="Foam Co", is_customer=False, is_supplier=True, actor=world.actor,
                              at=world.later())  # fmt: skip
    place_order(site_id=world.site_id, supplier_id=supplier.partner_id, expected_on=date(2026, 11, 30),
                goods=(OrderedGoods(part_id=foam.pk, qty=Decimal(600)),), actor=world.actor,
                at=world.later())  # fmt: skip
    planner.send(f"{page}/policy", method="reorder_point", reorder_point="999", why="Two days away")
    above = look(world.later())

    for number in (1, 2, 3):
        world.finish([world.call(world.summarized(f"DON{number}", qty="10"))])
        look(world.later())
    shown = text_of(planner.get("/alerts?metric=below_reorder_point"))

    assert "below_reorder_point" not in above
    assert Alert.objects.filter(rule__metric="below_reorder_point").count() == 1
    assert "FOAM has 991 pcs on hand" in shown
    assert "On order: 600 pcs." in shown
    assert Component.objects.count() == 3


@pytest.mark.requirement("GDE-040")
def test_a_new_user_reads_who_changed_a_policy_when_from_what_to_what_and_why(world, door) -> None:
    page = f"/stock/{Part.objects.get(number='FOAM').public_id}"
    planner = door("material_planner")
    planner.send(f"{page}/policy", method="reorder_point", reorder_point="200", why="Lead time of two days")
    planner.send(f"{page}/policy", method="kanban", reorder_point="250", why="The supplier became slower")

    read = text_of(door("operator").get(page))

    assert "“The supplier became slower” material_planner@plant.example on screen" in read
    assert "method reorder_point &gt; kanban" in read
    assert "reorder point 200 &gt; 250" in read
    assert "“Lead time of two days”" in read
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d", read)


@pytest.mark.requirement("GDE-111")
def test_crossing_a_limit_tells_the_owner_once_and_again_only_on_change_or_after_the_set_time(world, door) -> None:
    planner = door("material_planner")
    planner.send("/alerts/rules/save", save="1", metric="on_hand", threshold="30", part="SEAT-105A",
                 comparison="below", owner="role:material_planner", repeat_minutes="60", title="Seats")  # fmt: skip
    world.receive("SEAT-105A", "20", "FG")
    at = world.now

    def told(minutes: int) -> int:
        look(at + timedelta(minutes=minutes))
        return Alert.objects.get(rule__title="Seats").times_told

    quiet = [told(minutes) for minutes in (0, 1, 10, 59)]
    after_an_hour = told(60)
    world.now = at + timedelta(minutes=70)
    world.receive("SEAT-105A", "5", "FG")
    still = told(71)
    world.receive("SEAT-105A", "25", "FG")
    look(at + timedelta(minutes=80))

    assert quiet == [1, 1, 1, 1]
    assert (after_an_hour, still) == (2, 2)
    assert Alert.objects.get(rule__title="Seats").closed_why == "cause_gone"
