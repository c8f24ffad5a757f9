"""The receiver scans what arrived, sees who waits for it and sends it there."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from milkrun.demand.models import ComponentGroup
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.models import Balance
from tests.shipping.picking import who
from tests.shipping.test_cross_dock_receipt import BOUGHT, bought, called
from tests.web.door import Door, text_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_scanned_part_shows_its_destination_and_is_sent_straight_there(
    world: World, door: Callable[[str], Door]
) -> None:
    bought(world)
    late, soon = called(world, "DON1", "30"), called(world, "DON2", "5")
    keeper = door("storekeeper")

    page = text_of(keeper.get("/cross-dock", {"scan": BOUGHT}))
    assert "Cross-dock to call DON1 at DOCK1" in page
    assert "DON2 OEM01 · waits for 5 pcs" in page
    given = {"scan": BOUGHT, "qty": "31", "target": f"call:{late.pk}"}
    too_much = keeper.send("/cross-dock/send", **given)
    assert (too_much.status_code, "waits for 30, not for 31" in text_of(too_much)) == (409, True)
    sent = keeper.send("/cross-dock/send", **given | {"qty": "30"})

    assert "Sent: 30 pcs of 8V0999001B to DON1" in text_of(sent)
    assert dict(ComponentGroup.objects.values_list("call__external_no", "state")) == {
        "DON1": "packed", "DON2": "created"
    }  # fmt: skip
    keeper.send("/cross-dock/send", scan=BOUGHT, qty="5", target=f"call:{soon.pk}")
    assert "Nobody waits for 8V0999001B: put it away." in text_of(keeper.get("/cross-dock", {"scan": BOUGHT}))
    assert "Not known" in text_of(keeper.get("/cross-dock", {"scan": "NOWHERE"}))


def test_what_stands_at_the_gate_is_sent_from_there(world: World, door: Callable[[str], Door]) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")
    receive_stock(site_id=world.site_id, part_id=part, location_id=world.places["GATE"], qty=Decimal(12), lot_no="L7",
                  **who(world))  # fmt: skip
    keeper = door("storekeeper")

    page = keeper.get("/cross-dock", {"scan": BOUGHT})
    assert "stand at GATE: 12 pcs, L7" in text_of(page)
    keeper.send("/cross-dock/send", scan=BOUGHT, qty="12", target=f"call:{component.pk}", source="GATE|L7")

    assert Balance.objects.get(part_id=part, on_hand__gt=0).lot.number == "L7"


def test_receiving_by_scan_tells_who_waits_and_leads_there(world: World, door: Callable[[str], Door]) -> None:
    part = bought(world)
    component = called(world, "DON1", "30")
    keeper = door("storekeeper")

    page = keeper.get("/receiving/scan", {"scan": "8V0999001B"})
    assert "Cross-dock to call DON1 at DOCK1: 30 pcs" in text_of(page)
    public_id = page.context["part"].public_id
    received = keeper.send("/receiving/scan", part=public_id, qty="12", unit="PCE", location="GATE")

    assert "Received." in text_of(received)
    assert "Cross-dock to call DON1 at DOCK1" in text_of(received)
    assert 'value="GATE|" selected' in received.content.decode()
    keeper.send("/cross-dock/send", scan="8V0999001B", qty="12", target=f"call:{component.pk}", source="GATE|")
    assert Balance.objects.get(part_id=part, on_hand__gt=0).location.code == "DOCK1"
