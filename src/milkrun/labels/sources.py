"""The closed list of what a label can show, each with what it means and a sample for previews.

Plain sources come with the data; the derived ones are composed here, so that a barcode is always composed one way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from milkrun.labels.records import Element, gs1_text, iso_15434

LONGEST_VALUE = 4000


@dataclass(frozen=True, slots=True)
class Source:
    """What a placeholder stands for; `derived` ones are composed of others, `gs1` ones of application identifiers."""

    meaning: str
    sample: str = ""
    derived: bool = False
    gs1: bool = False


SOURCES: dict[str, Source] = {
    "company.name": Source("our name", "Seating Works Ltd."),
    "company.address": Source("our address", "12 Loom Street, 30159 Hannover"),
    "customer.name": Source("the customer's name", "Example Motors"),
    "customer.code": Source("the customer's code with us", "OEM01"),
    "ship_to.name": Source("the plant it goes to", "Assembly plant 21"),
    "ship_to.address": Source("address of that plant", "1 Line Road, 38436 Wolfsburg"),
    "ship_to.code": Source("the customer's code of that plant", "21"),
    "dock": Source("unloading point", "TOR 7"),
    "line": Source("line or place of use at the customer", "LF-12"),
    "route": Source("route or tour", "R14"),
    "supplier.number": Source("our number with the customer", "000012345"),
    "part.number": Source("our part number", "SEAT-105A"),
    "part.customer_number": Source("the customer's part number", "5N0 881 105 A"),
    "part.gtin": Source("GTIN-14 of the article", "04012345000016"),
    "part.revision": Source("revision of the part", "C"),
    "part.description": Source("description of the part", "Front seat, left"),
    "part.size": Source("size: gauge x width x length", "1.50 x 1250 x 2500 mm"),
    "grade": Source("grade of the material", "DC04"),
    "heat": Source("heat number", "H88213"),
    "lot": Source("lot or batch number", "L2611-07"),
    "pieces": Source("number of pieces", "48"),
    "quantity": Source("quantity, without its unit", "48"),
    "unit": Source("unit of the quantity", "PCE"),
    "boxes": Source("handling units inside", "4"),
    "contents": Source("what is inside, a line for each part", "5N0 881 105 A: 48 PCE"),
    "net_weight": Source("net weight with its unit", "412 kg"),
    "gross_weight": Source("gross weight with its unit", "455 kg"),
    "hu.kind": Source("kind of handling unit", "pallet"),
    "hu.location": Source("where it stands", "DOCK1"),
    "sscc": Source("shipping container code, 18 digits", "340123450000000017"),
    "parent.sscc": Source("code of the unit it stands in", "340123450000000024"),
    "tag.number": Source("number of the tag", "T0004711"),
    "parent.tag": Source("tag it was made from", "T0004002"),
    "order.number": Source("the customer's purchase order", "5500012345"),
    "release.number": Source("the customer's release number", "REL-2611-18"),
    "delivery.number": Source("number of our delivery", "D00000042"),
    "packaging.note": Source("packaging instruction", "Do not stack. Keep dry."),
    "country.melt": Source("country of melt", "DE"),
    "country.made": Source("country of manufacture", "DE"),
    "rack.title": Source("the rack's family and number", "SV 48"),
    "rack.number": Source("number of the rack", "48"),
    "rack.load": Source("load of the rack", "1"),
    "sequence.from": Source("first sequence number in the rack", "0471"),
    "sequence.to": Source("last sequence number in the rack", "0480"),
    "slots": Source("slots of the rack, a line for each", "1  0471  5N0 881 105 A\n2  0472  5N0 881 106 B"),
    "loop.number": Source("kanban loop", "K-118"),
    "card.number": Source("kanban card n of m", "3 of 8"),
    "date": Source("date of printing, in the zone of the site", "2026-11-21"),
    "copy": Source("REPRINT n from the second copy on", ""),
    "link": Source("address of the tag's page, for a phone", "https://milkrun.example/t/0a1b2c3d4e5f6071"),
    "sscc.spaced": Source("the SSCC as people read it", derived=True),
    "sscc.gs1": Source("(00) SSCC", derived=True, gs1=True),
    "contents.gs1": Source("(02) GTIN and (37) count", derived=True, gs1=True),
    "order.gs1": Source("(10) lot and (400) order", derived=True, gs1=True),
    "plate.single": Source("licence plate 5J or 1J of a single unit", derived=True),
    "plate.master": Source("licence plate 6J of a master unit", derived=True),
    "record": Source("all known as an ISO/IEC 15434 record with data identifiers", derived=True),
    "di.part": Source("P customer's part number", derived=True),
    "di.quantity": Source("Q quantity", derived=True),
    "di.supplier": Source("V our number", derived=True),
    "di.serial": Source("S tag number", derived=True),
    "di.release": Source("K release number", derived=True),
}
PLAIN = frozenset(name for name, source in SOURCES.items() if not source.derived)
SAMPLES: dict[str, str] = {name: source.sample for name, source in SOURCES.items() if not source.derived}


def data_problems(data: Mapping[str, object]) -> list[str]:
    """List what is wrong with a label's data, all at once; empty where it can be printed."""
    problems = [f"{str(name)[:40]!r} is no placeholder of the list." for name in data if name not in PLAIN]
    for name, value in data.items():
        if name in PLAIN and not isinstance(value, str):
            problems.append(f"{name}: write a text.")
        elif name in PLAIN and len(str(value)) > LONGEST_VALUE:
            problems.append(f"{name}: at most {LONGEST_VALUE} characters.")
    return problems


def values(data: Mapping[str, str]) -> dict[str, str]:
    """Return every source's text for a label's data, the derived ones composed; what is not known is empty.

    GS1 sources are written with their identifiers in brackets; a barcode writer asks `elements` for the parts.
    """
    known = {name: _clean(data.get(name, "")) for name in PLAIN}
    sscc = known["sscc"]
    known["sscc.spaced"] = " ".join((sscc[:1], sscc[1:8], sscc[8:17], sscc[17:])).strip() if len(sscc) == 18 else sscc
    for name in ("sscc.gs1", "contents.gs1", "order.gs1"):
        known[name] = gs1_text(elements(name, known))
    known["plate.single"] = f"1J{sscc}" if sscc else ""
    known["plate.master"] = f"6J{sscc}" if sscc else ""
    for name, identifier, source in (
        ("di.part", "P", "part.customer_number"),
        ("di.quantity", "Q", "quantity"),
        ("di.supplier", "V", "supplier.number"),
        ("di.serial", "S", "tag.number"),
        ("di.release", "K", "release.number"),
    ):
        known[name] = f"{identifier}{known[source]}" if known[source] else ""
    known["record"] = iso_15434(known)
    return known


def elements(source: str, known: Mapping[str, str]) -> list[Element]:
    """Return the GS1 elements of a source; none where what they need is not known."""
    if source == "sscc.gs1":
        return [Element("00", known["sscc"])] if len(known["sscc"]) == 18 else []
    gtin, count = known["part.gtin"], known["quantity"]
    # Count and lot are those of an article, so without its number they say nothing.
    article = gtin.isascii() and gtin.isdigit() and len(gtin) == 14
    whole = count if count.isascii() and count.isdigit() and len(count) <= 8 else ""
    if source == "contents.gs1":
        pairs = (("02", gtin), ("37", whole)) if article and whole else ()
    else:
        pairs = (("10", known["lot"][:20] if article else ""), ("400", known["order.number"][:30]))
    return [Element(identifier, text) for identifier, text in pairs if text and _gs1_letters(text)]


def _gs1_letters(text: str) -> bool:
    """Tell whether a text has only characters of GS1 set 82 (General Specifications, 7.11), blanks left out."""
    return bool(text.strip()) and all(
        33 <= ord(letter) <= 122 and letter not in "#$@[\\]^`" for letter in text.replace(" ", "")
    )


def _clean(text: str) -> str:
    """Leave out what no label shows: control characters other than the end of a line, halves of characters."""
    if text.isprintable():
        return text
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter for letter in whole if letter == "\n" or (letter >= " " and not "\x7f" <= letter < "\xa0"))
