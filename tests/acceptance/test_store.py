"""What comes in and is kept, as the people of the store see it: each requirement at the pages."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from milkrun.jobs.alerting import settle_rules
from milkrun.kernel.identity import Actor
from milkrun.partners.commands.create_partner import create_partner
from milkrun.parts import queries as parts
from milkrun.parts.commands.create_part import create_part
from milkrun.purchasing import queries as purchasing
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.receive_stock import LotFacts, receive_stock
from milkrun.stock.commands.write_off import write_off
from milkrun.stock.queries.space import spaces
from tests.web.door import Door, text_of
from tests.world import World

Doors = Callable[[str], Door]
ACTOR = Actor("Anna Test", "cli")


def now():
    return timezone.now()


def today() -> date:
    return now().astimezone(ZoneInfo("Europe/Berlin")).date()


def who() -> dict:
    return {"actor": ACTOR, "at": now()}


def page_of(number: str) -> str:
    return next(hit.public_id for hit in parts.find(number) if hit.exact)


def place_of(world: World, code: str) -> str:
    return next(row.public_id for row in spaces(world.site_id) if row.code == code)


def receive(world: World, number: str, qty: int, place: str, at=None, **given) -> None:
    receive_stock(
        site_id=world.site_id, part_id=world.parts[number], location_id=world.places[place], qty=Decimal(qty),
        actor=ACTOR, at=at or now(), **given,
    )  # fmt: skip


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def cost(planner: Door, number: str, euros: str) -> None:
    answer = planner.send(f"/keeping/items/{page_of(number)}/cost", cost=euros, basis="1", currency="EUR")
    assert "Saved." in text_of(answer)


@pytest.fixture
def planner(door: Doors) -> Door:
    return door("material_planner")


@pytest.fixture
def yard(world: World) -> World:
    """The plant with a receiving place, quarantine, a bin of its own and a supplier; its time is yesterday."""
    world.places = create_locations(
        site_id=world.site_id, places=(Place("IN", "staging"), Place("QUAR", "quarantine"), Place("B-01", "storage")),
        **who(),
    ).by_code  # fmt: skip
    world.now = now() - timedelta(days=1)
    create_partner(code="SUP1", name="Steel", is_customer=False, is_supplier=True, **who())
    return world


@pytest.mark.requirement("WMS-10")
def test_space_is_recorded_for_a_place_and_its_use_and_cost_are_seen_over_time(yard: World, planner: Door) -> None:
    saved = planner.send(
        f"/keeping/places/{place_of(yard, 'B-01')}/change", kind="storage", zone="A", pallet_places="10",
        area_m2="20", cost="12.00", pick_sequence="1",
    )  # fmt: skip
    planner.send(f"/keeping/items/{page_of('FOAM')}/rule", per_place="50")
    receive(yard, "FOAM", 200, "B-01", now() - timedelta(days=20))
    given = {"part_id": yard.parts["FOAM"], "location_id": yard.places["B-01"], "site_id": yard.site_id}
    write_off(qty=Decimal(100), cause="unsold", **given, **who())

    place = text_of(planner.get(f"/keeping/places/{place_of(yard, 'B-01')}"))
    told = rows_of(planner.get("/keeping/places/space?zone=A&file=csv"))

    assert "Saved." in text_of(saved)
    assert "2 / 10 pallet places used 4 m² floor space used 16 m² free 48.00 EUR" in place
    used = [(row["Floor space used"], row["Cost a month"]) for row in told]
    assert used[-4:] == [("0 m²", "0.00 EUR"), ("8 m²", "96.00 EUR"), ("8 m²", "96.00 EUR"), ("4 m²", "48.00 EUR")]
    assert told[-1]["Freed since the first"] == "-4"


@pytest.mark.requirement("WMS-11")
def test_dwell_from_receipt_to_issue_is_seen_and_what_stands_beyond_its_limit(yard: World, planner: Door) -> None:
    yard.parts["GLUE"] = create_part(number="GLUE", **who()).part_id
    receive(yard, "GLUE", 10, "FG", now() - timedelta(days=40))
    receive(yard, "GLUE", 10, "FG", now() - timedelta(days=5))
    planner.send(f"/keeping/items/{page_of('GLUE')}/rule", dwell_limit_days="30")
    cost(planner, "GLUE", "2.50")
    balance = next(iter(_balances(yard, "GLUE")))
    planner.send(f"/keeping/items/{page_of('GLUE')}/write-off", balance=str(balance), qty="4", cause="damaged")

    item = text_of(planner.get(f"/stock/{page_of('GLUE')}"))
    (row,) = rows_of(planner.get("/keeping/dwell?over=1&file=csv"))

    assert "From receipt to issue" in item
    assert "10 pcs 0 pcs 10 pcs 5" in item
    assert "10 pcs 4 pcs 6 pcs 40" in item
    assert (row["Item"], row["Days"], row["Limit"], row["Beyond it"]) == ("GLUE", "40", "30", "6 pcs")
    assert row["Value beyond it"] == "15.00 EUR"


def _balances(world: World, number: str) -> list[int]:
    from milkrun.stock import queries as stock

    return [row.id for row in stock.balances(world.site_id, world.parts[number])]


@pytest.mark.requirement("WMS-14")
def test_waste_is_written_off_by_cause_and_seen_by_cause_item_and_month(yard: World, planner: Door) -> None:
    cost(planner, "FOAM", "1.50")
    cost(planner, "FRAME", "20")
    for number, qty, cause in (("FOAM", "10", "expired"), ("FOAM", "2", "damaged"), ("FRAME", "1", "obsolete"),
                               ("FRAME", "3", "unsold")):  # fmt: skip
        (balance,) = _balances(yard, number)
        answer = planner.send(
            f"/keeping/items/{page_of(number)}/write-off", balance=str(balance), qty=qty, cause=cause, reason="seen"
        )
        assert "Written off. Value:" in text_of(answer)
    yard.parts["GLUE"] = create_part(number="GLUE", lot_tracked=True, **who()).part_id
    receive(yard, "GLUE", 5, "FG", lot_no="L1", facts=LotFacts(expires_on=today() + timedelta(days=6)))

    page = text_of(planner.get("/keeping/waste"))
    rows = rows_of(planner.get("/keeping/waste?file=csv"))
    settle_rules(now())
    ahead = text_of(planner.get("/keeping/expiry"))
    alerts = text_of(planner.get("/alerts"))

    assert all(told in page for told in ("60.00 EUR Unsold", "20.00 EUR Obsolete", "15.00 EUR Expired"))
    assert {(r["Month"], r["Item"], r["Cause"], r["Quantity"], r["Value"]) for r in rows} == {
        (f"{today():%Y-%m}", "FOAM", "Expired", "10", "15.00 EUR"),
        (f"{today():%Y-%m}", "FOAM", "Damaged", "2", "3.00 EUR"),
        (f"{today():%Y-%m}", "FRAME", "Obsolete", "1", "20.00 EUR"),
        (f"{today():%Y-%m}", "FRAME", "Unsold", "3", "60.00 EUR"),
    }
    assert "GLUE L1" in ahead
    assert "Lot L1 of GLUE expires on" in alerts


@pytest.mark.requirement("GDE-060")
def test_line_side_space_is_seen_against_its_limit(yard: World, planner: Door) -> None:
    planner.send(f"/keeping/places/{place_of(yard, 'LINE1')}/change", kind="line", pallet_places="5", area_m2="5")
    planner.send(f"/keeping/items/{page_of('FOAM')}/rule", per_place="200")

    page = text_of(planner.get("/keeping/places/space"))

    # 1,000 pieces of FOAM fill five pallet places, FRAME takes one more: six square metres where five are allowed.
    assert "LINE1 · 6 m² of 5 m² Over its limit" in page


@pytest.mark.requirement("GDE-061")
def test_cover_beyond_the_end_of_an_item_is_seen_as_value_at_risk(yard: World, planner: Door) -> None:
    yard.finish([yard.call(yard.summarized("DON1", qty="90"))])
    cost(planner, "FRAME", "10")
    end = today() + timedelta(days=100)
    answer = planner.send(
        f"/keeping/items/{page_of('FRAME')}/life-cycle", stage="ending", obsolete_on=end.isoformat(), successor=""
    )

    (row,) = rows_of(planner.get("/keeping/life-cycle?file=csv"))

    # 910 frames are left, one a day is used: 810 are still there on the last day.
    assert f"At risk beyond {end.isoformat()} 8,100.00 EUR" in text_of(answer)
    assert (row["Item"], row["Stage"], row["Used a day"]) == ("FRAME", "Ending", "1 pcs")
    assert (row["To clear"], row["Value at risk"]) == ("810 pcs", "8,100.00 EUR")


@pytest.mark.requirement("GDE-062")
def test_a_successor_is_linked_and_the_run_out_and_stock_to_clear_are_seen(yard: World, planner: Door) -> None:
    yard.finish([yard.call(yard.summarized("DON1", qty="90"))])
    yard.parts["FRAME-2"] = create_part(number="FRAME-2", **who()).part_id
    receive(yard, "FRAME-2", 7, "FG")
    end = today() + timedelta(days=10)
    planner.send(
        f"/keeping/items/{page_of('FRAME')}/life-cycle", stage="ending", obsolete_on=end.isoformat(),
        successor="FRAME-2",
    )  # fmt: skip

    (row,) = rows_of(planner.get("/keeping/life-cycle?file=csv"))
    successor = text_of(planner.get(f"/stock/{page_of('FRAME-2')}"))

    assert row["Successor"] == "FRAME-2"
    assert row["Its stock"] == "7 pcs"
    assert row["To clear"] == "900 pcs"
    assert row["Lasts until"] == (today() + timedelta(days=910)).isoformat()
    assert "Follows FRAME" in successor


@pytest.mark.requirement("GDE-068")
def test_lots_expire_by_week_with_value_and_the_first_to_expire_is_taken_first(yard: World, planner: Door) -> None:
    yard.parts["GLUE"] = create_part(number="GLUE", lot_tracked=True, **who()).part_id
    cost(planner, "GLUE", "4")
    day = today()
    for lot, days in (("LATE", 30), ("SOON", 3), ("GONE", -1)):
        receive(yard, "GLUE", 10, "FG", lot_no=lot, facts=LotFacts(expires_on=day + timedelta(days=days)))

    page = text_of(planner.get("/keeping/expiry"))
    rows = rows_of(planner.get("/keeping/expiry?file=csv"))
    taken = _reserved(yard)

    assert page.index("Expired already") < page.index("GONE") < page.index("SOON") < page.index("LATE")
    assert [(row["Lot"], row["Quantity"], row["Value"]) for row in rows] == [
        ("GONE", "10", "40.00 EUR"), ("SOON", "10", "40.00 EUR"), ("LATE", "10", "40.00 EUR"),
    ]  # fmt: skip
    assert rows[0]["Week from"] == ""
    assert rows[1]["Week from"] <= (day + timedelta(days=3)).isoformat()
    assert taken == {"SOON": 10, "LATE": 2}


def _reserved(world: World) -> dict[str, Decimal]:
    """Reserve twelve by default, as a call would."""
    from milkrun.stock import steps
    from milkrun.stock.models import Reservation

    steps.reserve([steps.Want(("component", 9), world.parts["GLUE"], Decimal(12))], site_id=world.site_id, at=now())
    rows = Reservation.objects.filter(purpose_id=9).select_related("balance__lot")
    return {row.balance.lot.number: row.qty for row in rows if row.balance.lot}


@pytest.mark.requirement("GDE-075")
def test_a_delivery_that_would_exceed_capacity_or_risk_limit_is_flagged(yard: World, planner: Door) -> None:
    cost(planner, "FOAM", "100")
    planner.send(f"/keeping/items/{page_of('FOAM')}/rule", per_place="50", fixed_location="B-01")
    planner.send(f"/keeping/places/{place_of(yard, 'B-01')}/change", kind="storage", pallet_places="2", risk="12000")
    supplier = next(key for key, code, _ in purchasing.suppliers() if code == "SUP1")
    placed = planner.send(
        "/receiving/orders/new", supplier=str(supplier), expected_on="2026-12-01", part_1="FOAM", qty_1="150"
    )

    order = text_of(placed)
    line = purchasing.expected_lines(yard.site_id, "FOAM")[0].public_id
    scanned = text_of(planner.get("/receiving/scan?scan=FOAM"))
    received = text_of(planner.send("/receiving/scan", line=line, qty="150", location="B-01"))

    assert "B-01 takes 2 pallets; it would hold 3" in order
    assert "B-01 may hold 12,000.00 EUR; it would hold 15,000.00 EUR" in order
    assert "150 pcs to come" in scanned
    assert "Received." in received
    assert "B-01 takes 2 pallets; it would hold 3" in received
