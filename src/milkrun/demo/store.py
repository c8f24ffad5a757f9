"""The store of the demo: a supplier with an order on its way, goods at the gate, costs, and a part that ends."""

from datetime import timedelta
from decimal import Decimal

from milkrun.demo.story import Story
from milkrun.partners.commands.create_partner import create_partner
from milkrun.parts.commands.set_life_cycle import set_life_cycle
from milkrun.parts.commands.set_standard_cost import set_standard_cost
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.stock.commands.change_location import LocationFacts, change_location

SUPPLIER = "STEEL01"
# Cents for one base unit.
COSTS = {"FRAME-S": 1_840, "FRAME-R": 1_520, "FOAM-45": 390, "GLUE-1": 1_250, "COVER-S1": 2_310, "TRIM-1": 465}


def fill_store(story: Story) -> None:
    """Let goods be on their way and at the gate."""
    story.partners[SUPPLIER] = create_partner(
        code=SUPPLIER, name="Harz Steel Works", is_customer=False, is_supplier=True, **story.by("admin")
    ).partner_id
    for number, cents in COSTS.items():
        set_standard_cost(part_id=story.parts[number], cost_minor=cents, **story.by("material_planner"))
    for code, kind, places, area in (("RAW", "storage", 400, "480"), ("LINE1", "line", 60, "72")):
        facts = LocationFacts(
            kind, zone="A", pallet_places=places, area_m2=Decimal(area), cost_minor=650,
            name={"RAW": "Components", "LINE1": "Seats"}[code],
        )  # fmt: skip
        change_location(location_id=story.places[code], facts=facts, **story.by("material_planner"))
    set_life_cycle(
        part_id=story.parts["TRIM-1"], stage="ending", obsolete_on=(story.today + timedelta(days=60)).date(),
        **story.by("material_planner"),
    )  # fmt: skip
    _order(story)


def _order(story: Story) -> None:
    wanted = {"FRAME-S": 240, "FRAME-R": 180}
    goods = tuple(OrderedGoods(story.parts[number], Decimal(qty)) for number, qty in wanted.items())
    placed = place_order(
        site_id=story.site_id, supplier_id=story.partners[SUPPLIER], goods=goods, over_basis_points=500,
        expected_on=story.today.date(), **story.by("material_planner"),
    )  # fmt: skip
    receive_order(line_id=placed.line_ids[0], qty=Decimal(120), note_no="LS 4711", **story.by("storekeeper"))
