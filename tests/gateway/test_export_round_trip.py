"""What is exported of master data and stock is taken in again as a table, and changes nothing where nothing changed."""

from collections.abc import Callable, Iterator

import pytest

from milkrun.cli.export import _csv
from milkrun.demand.queries.masters import price_rows, rack_rows, stream_rows
from milkrun.partners.queries import partner_rows
from milkrun.parts.models import BomLine, Part
from milkrun.parts.queries.rows import bom_rows, part_rows
from milkrun.stock.commands.write_off import write_off
from milkrun.stock.models import Balance
from milkrun.stock.queries.masters import level_rows, place_rows
from tests.connections.test_tables import take
from tests.world import ORDER, SEAT, World

pytestmark = pytest.mark.django_db
Rows = Callable[[], Iterator[dict[str, object]]]


def table(rows: Rows) -> str:
    return "".join(_csv(rows()))


@pytest.mark.parametrize(("kind", "rows"), [("items", part_rows), ("bom", bom_rows), ("stock", level_rows)])
def test_an_export_taken_in_again_changes_nothing(world: World, kind: str, rows: Rows) -> None:
    world.receive("SEAT-105A", "5", "FG")
    whole = table(rows)

    report = take(world, kind, whole)

    assert (report.new, report.changed, report.refused) == (0, 0, 0), report
    assert report.same == report.rows == len(list(rows())) > 0
    assert table(rows) == whole


def test_what_was_lost_comes_back_from_the_export(world: World) -> None:
    world.receive("SEAT-105A", "5", "FG")
    parts, bills, stock = table(part_rows), table(bom_rows), table(level_rows)
    Part.objects.filter(number="FOAM").update(supply_location="NOWHERE")
    BomLine.objects.filter(part__number="REST-106B").delete()
    there = Balance.objects.get(location_id=world.places["FG"]).on_hand
    write_off(
        site_id=world.site_id, part_id=world.parts["SEAT-105A"], location_id=world.places["FG"], qty=there,
        cause="damaged", actor=world.actor, at=world.later(),
    )  # fmt: skip

    reports = [take(world, "items", parts), take(world, "bom", bills), take(world, "stock", stock)]

    assert [report.refused for report in reports] == [0, 0, 0]
    assert [report.changed + report.new for report in reports] == [1, 2, 1]
    assert (table(part_rows), table(bom_rows), table(level_rows)) == (parts, bills, stock)


def test_prices_racks_streams_places_and_partners_come_out_whole(world: World) -> None:
    world.call(world.sequenced(1))

    prices, racks, streams = list(price_rows()), list(rack_rows()), list(stream_rows())

    assert {(row["customer_part"], str(row["price"]), row["order_no"]) for row in prices} >= {(SEAT, "125.50", ORDER)}
    assert [(row["customer"], row["slots"]) for row in racks] == [("OEM01", 10)]
    assert [(row["stream"], row["largest"]) for row in streams] == [("03", 9999)]
    assert {row["location"] for row in place_rows()} >= {"FG", "LINE1", "PACK", "DOCK1"}
    (plant,) = [row for row in partner_rows() if row["partner"] == "OEM01"]
    assert (plant["ship_to"], plant["zone"], plant["docks"]) == ("21", "Europe/Berlin", "TOR 7")
