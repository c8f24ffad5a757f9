"""The parts of the demo: what is sold, what it is made of, its customers' numbers, prices and the opening stock."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demo.company import EDI_CUSTOMER, PLAIN_CUSTOMER
from milkrun.demo.story import Story
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.commands.create_part import Ingredient, OwnUnit, create_part
from milkrun.stock.commands.receive_stock import receive_stock

ORDERS = {EDI_CUSTOMER: "5500012345", PLAIN_CUSTOMER: "NT-2208"}


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is sold: its number, the customer's number and price in cents, and what it is made of."""

    number: str
    description: str
    customer: str
    their_number: str
    cents: int
    bom: dict[str, str]


PRODUCTS = (
    Product(
        "SEAT-105A", "Driver's seat", EDI_CUSTOMER, "5N0 881 105 A", 12_550,
        {"FRAME-S": "1", "FOAM-45": "0.85", "COVER-S1": "1", "SCREW-M8": "6", "BELT-L": "1", "CABLE-2": "0.6"},
    ),
    Product(
        "SEAT-105C", "Driver's seat, heated", EDI_CUSTOMER, "5N0 881 105 C", 15_890,
        {"FRAME-S": "1", "FOAM-45": "0.85", "COVER-S2": "1", "SCREW-M8": "6", "BELT-L": "1", "HEATER-S": "1"},
    ),
    Product(
        "REST-106B", "Backrest", EDI_CUSTOMER, "5N0 881 106 B", 8_420,
        {"FRAME-R": "1", "FOAM-35": "0.6", "COVER-R1": "1", "SCREW-M6": "4", "CLIP-4": "8"},
    ),
    Product(
        "REST-106D", "Backrest with lumbar support", EDI_CUSTOMER, "5N0 881 106 D", 10_260,
        {"FRAME-R": "1", "FOAM-35": "0.6", "COVER-R2": "1", "SCREW-M6": "4", "PUMP-1": "1", "HOSE-3": "0.4"},
    ),
    Product(
        "HEAD-110C", "Headrest", EDI_CUSTOMER, "5N0 881 110 C", 2_190,
        {"FRAME-H": "1", "FOAM-55": "0.12", "COVER-H1": "1", "CHROME-CAP": "2"},
    ),
    Product(
        "ARM-115A", "Armrest", EDI_CUSTOMER, "5N0 881 115 A", 3_875,
        {"FRAME-A": "1", "FOAM-55": "0.2", "COVER-A1": "1", "HINGE-2": "2", "GLUE-1": "0.015"},
    ),
    Product(
        "CUSH-121A", "Seat cushion", EDI_CUSTOMER, "5N0 881 121 A", 4_310,
        {"FOAM-45": "0.7", "COVER-C1": "1", "MAT-OCC": "1"},
    ),
    Product(
        "BACK-122A", "Seat back shell", EDI_CUSTOMER, "5N0 881 122 A", 2_640,
        {"SHELL-L": "1", "SHELL-R": "1", "CLIP-4": "12"},
    ),
    Product(
        "LEVER-130A", "Height lever, assembled", EDI_CUSTOMER, "5N0 881 130 A", 615,
        {"LEVER-RAW": "1", "KNOB-1": "1", "SPRING-4": "1", "RIVET-3": "2"},
    ),
    Product(
        "CONS-140B", "Centre console", EDI_CUSTOMER, "5N0 881 140 B", 7_730,
        {"SHELL-C": "1", "TRIM-1": "2", "CABLE-4": "1.2", "SOCKET-USB": "2", "SCREW-M6": "8"},
    ),
    Product(
        "BENCH-2", "Bench, two seats", PLAIN_CUSTOMER, "BN2", 18_900,
        {"FRAME-B2": "1", "FOAM-65": "2.4", "COVER-B2": "1", "SCREW-M8": "12"},
    ),
    Product(
        "BENCH-3", "Bench, three seats", PLAIN_CUSTOMER, "BN3", 24_500,
        {"FRAME-B3": "1", "FOAM-65": "3.6", "COVER-B3": "1", "SCREW-M8": "16"},
    ),
    Product(
        "TABLE-1", "Folding table", PLAIN_CUSTOMER, "TB1", 9_950,
        {"TOP-OAK": "1", "LEG-ALU": "2", "HINGE-2": "4", "GLUE-1": "0.05", "SCREW-M6": "10"},
    ),
    Product("LOCK-7", "Door lock, bought", PLAIN_CUSTOMER, "LK7", 3_320, {}),
)  # fmt: skip
# number: (description, base unit, place it is taken from, opening stock there)
COMPONENTS = {
    "FRAME-S": ("Seat frame", "PCE", "LINE1", 900), "FRAME-R": ("Backrest frame", "PCE", "LINE1", 800),
    "FRAME-H": ("Headrest frame", "PCE", "LINE1", 300), "FRAME-A": ("Armrest frame", "PCE", "LINE1", 300),
    "FRAME-B2": ("Bench frame, two seats", "PCE", "LINE2", 60), "FRAME-B3": ("Bench frame, three", "PCE", "LINE2", 60),
    "FOAM-35": ("Foam 35", "KGM", "LINE1", 900), "FOAM-45": ("Foam 45", "KGM", "LINE1", 1200),
    "FOAM-55": ("Foam 55", "KGM", "LINE1", 200), "FOAM-65": ("Foam 65", "KGM", "LINE2", 400),
    "COVER-S1": ("Seat cover, cloth", "PCE", "LINE1", 900), "COVER-S2": ("Seat cover, heated", "PCE", "LINE1", 200),
    "COVER-R1": ("Backrest cover", "PCE", "LINE1", 800), "COVER-R2": ("Backrest cover, lumbar", "PCE", "LINE1", 200),
    "COVER-H1": ("Headrest cover", "PCE", "LINE1", 300), "COVER-A1": ("Armrest cover", "PCE", "LINE1", 300),
    "COVER-C1": ("Cushion cover", "PCE", "LINE1", 500), "COVER-B2": ("Bench cover, two", "PCE", "LINE2", 60),
    "COVER-B3": ("Bench cover, three", "PCE", "LINE2", 60), "BELT-L": ("Belt, left", "PCE", "LINE1", 1000),
    "CABLE-2": ("Cable, two wires", "MTR", "LINE1", 900), "CABLE-4": ("Cable, four wires", "MTR", "LINE1", 400),
    "HEATER-S": ("Seat heater", "PCE", "LINE1", 200), "PUMP-1": ("Lumbar pump", "PCE", "LINE1", 120),
    "HOSE-3": ("Hose 3 mm", "MTR", "LINE1", 150), "CHROME-CAP": ("Chrome cap", "PCE", "LINE1", 10),
    "HINGE-2": ("Hinge", "PCE", "LINE1", 900), "GLUE-1": ("Glue", "KGM", "LINE1", 25),
    "MAT-OCC": ("Occupancy mat", "PCE", "LINE1", 500), "SHELL-L": ("Shell, left", "PCE", "LINE1", 300),
    "SHELL-R": ("Shell, right", "PCE", "LINE1", 300), "SHELL-C": ("Console shell", "PCE", "LINE1", 200),
    "LEVER-RAW": ("Lever, raw", "PCE", "LINE1", 400), "KNOB-1": ("Knob", "PCE", "LINE1", 500),
    "SPRING-4": ("Spring", "PCE", "LINE1", 600), "TRIM-1": ("Trim, oak look", "PCE", "LINE1", 400),
    "SOCKET-USB": ("USB socket", "PCE", "LINE1", 300), "TOP-OAK": ("Table top, oak", "PCE", "LINE2", 80),
    "LEG-ALU": ("Leg, aluminium", "PCE", "LINE2", 200), "SCREW-M6": ("Screw M6 x 20", "PCE", "LINE1", 8000),
    "SCREW-M8": ("Screw M8 x 25", "PCE", "LINE1", 12000), "CLIP-4": ("Clip", "PCE", "LINE1", 12000),
    "RIVET-3": ("Rivet 3 mm", "PCE", "LINE1", 4000), "LABEL-P": ("Part label", "PCE", "LINE1", 5000),
    "BAG-XL": ("Protective bag", "PCE", "LINE1", 2000), "WRAP-1": ("Stretch wrap", "MTR", "LINE2", 1500),
}  # fmt: skip
BOXES = {"SCREW-M6": 200, "SCREW-M8": 200, "CLIP-4": 500, "RIVET-3": 1000, "LABEL-P": 1000, "HINGE-2": 50}
LOT_TRACKED = {"GLUE-1": ("G-2611-A", "G-2611-B")}


def stock_up(story: Story) -> None:
    """Make the parts known and take the opening stock in."""
    for number in COMPONENTS:
        _component(story, number)
    for product in PRODUCTS:
        _product(story, product)
    for number in COMPONENTS:
        _opening_stock(story, number)
    _receive(story, "LOCK-7", "FG", Decimal(80))


def _component(story: Story, number: str) -> None:
    description, unit, place, _ = COMPONENTS[number]
    box = BOXES.get(number)
    story.parts[number] = create_part(
        number=number,
        description=description,
        base_unit=unit,
        lot_tracked=number in LOT_TRACKED,
        supply_location=place,
        units=(OwnUnit("BX", box),) if box else (),
        **story.by("material_planner"),
    ).part_id


def _product(story: Story, product: Product) -> None:
    partner_id = story.partners[product.customer]
    part_id = create_part(
        number=product.number,
        description=product.description,
        made_here=bool(product.bom),
        units=(OwnUnit("PF", 10),),
        bom=[Ingredient(number, Decimal(qty)) for number, qty in product.bom.items()],
        **story.by("material_planner"),
    ).part_id
    story.parts[product.number] = part_id
    add_customer_part(
        partner_id=partner_id, number=product.their_number, part_id=part_id, **story.by("material_planner")
    )
    agree_supply(
        partner_id=partner_id,
        order_no=ORDERS[product.customer],
        customer_part_no=product.their_number,
        price_minor=product.cents,
        currency="EUR",
        valid_from=date(story.today.year - 1, 1, 1),
        **story.by("material_planner"),
    )


def _opening_stock(story: Story, number: str) -> None:
    _, _, place, qty = COMPONENTS[number]
    for lot_no in LOT_TRACKED.get(number, ("",)):
        _receive(story, number, place, Decimal(qty), lot_no)
        # What stands in the store is a little different with every seed; what the line has is not.
        _receive(story, number, "RAW", Decimal(max(qty, 200) + story.chance.randrange(0, 100)), lot_no)


def _receive(story: Story, number: str, place: str, qty: Decimal, lot_no: str = "") -> None:
    box = BOXES.get(number)
    whole = bool(box) and qty % Decimal(box or 1) == 0
    receive_stock(
        site_id=story.site_id,
        part_id=story.parts[number],
        location_id=story.places[place],
        qty=qty / Decimal(box or 1) if whole else qty,
        unit="BX" if whole else "",
        lot_no=lot_no,
        reason="Opening stock",
        **story.by("material_planner"),
    )
