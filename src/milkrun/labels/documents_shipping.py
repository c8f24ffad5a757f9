"""Papers of a delivery, made of the snapshot of what left: delivery note, packing list, bill of lading, CMR.

Source: the fields of the VICS bill of lading and the boxes of the CMR consignment note, as they are commonly printed.
What the plant does not know (weights, seals, the carrier) stays a box to fill in by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from milkrun.labels.documents import Paper, Table
from milkrun.measure.wording import marked

KINDS = ("delivery-note", "packing-list", "bill-of-lading", "cmr")


@dataclass(frozen=True, slots=True)
class Shipment:
    """What left.

    Args:
        number: the delivery's.
        left: when, as people read it; "" before it has.
        ship_from: our site's name and address, a line each.
        ship_to: the plant's name and address, a line each.
        unloading_point: the dock.
        notice: the shipping notice's number; "" where there is none.
        lines: of the notice: line_no, sscc, buyer_part, supplier_part, quantity, unit, order_no, call_no, sequence_no.
        units: sscc -> kind of handling unit.
    """

    number: str
    left: str
    ship_from: tuple[str, ...]
    ship_to: tuple[str, ...]
    unloading_point: str
    notice: str
    lines: Sequence[Mapping[str, Any]]
    units: Mapping[str, str]


def shipping_paper(kind: str, shipment: Shipment) -> Paper:
    """Make one of the papers of a delivery.

    Raises:
        ValueError: there is no such paper.
    """
    papers = {
        "delivery-note": _delivery_note, "packing-list": _packing_list, "bill-of-lading": _bill_of_lading, "cmr": _cmr,
    }  # fmt: skip
    if kind not in papers:
        raise ValueError(f"{kind}: known papers are {', '.join(papers)}")
    return papers[kind](shipment)


def _facts(shipment: Shipment) -> tuple[tuple[str, str], ...]:
    return (
        ("Left", shipment.left),
        ("Dock", shipment.unloading_point),
        ("Shipping notice (ASN)", shipment.notice),
    )


def _delivery_note(shipment: Shipment) -> Paper:
    rows = tuple(
        (line["line_no"], f"{line['buyer_part']}\n{line['supplier_part']}", _qty(line), line["order_no"],
         _call(line), line["sscc"])
        for line in shipment.lines
    )  # fmt: skip
    columns = ("Line", "Part (yours, ours)", "Quantity", "Order", "Call, sequence", "Handling unit")
    return Paper(
        "Delivery note", shipment.number,
        (("From", shipment.ship_from), ("To", shipment.ship_to)), _facts(shipment),
        (Table("Goods", columns, rows, (6, 22, 13, 16, 22, 24), (2,)),),
        boxes=("Received by, date", "Signature"),
    )  # fmt: skip


def _packing_list(shipment: Shipment) -> Paper:
    inside: dict[str, list[Mapping[str, Any]]] = {}
    for line in shipment.lines:
        inside.setdefault(line["sscc"], []).append(line)
    tables = tuple(
        Table(
            f"{shipment.units.get(sscc, 'UNIT').capitalize()} (00) {sscc}",
            ("Part (yours)", "Part (ours)", "Quantity", "Call, sequence"),
            tuple((line["buyer_part"], line["supplier_part"], _qty(line), _call(line)) for line in lines),
            (26, 26, 16, 32),
            (2,),
        )
        for sscc, lines in inside.items()
    )
    return Paper(
        "Packing list", shipment.number, (("From", shipment.ship_from), ("To", shipment.ship_to)), _facts(shipment),
        tables, notes=(f"{len(inside)} handling units.",),
    )  # fmt: skip


def _bill_of_lading(shipment: Shipment) -> Paper:
    """Fields in the order of the VICS form."""
    orders: dict[str, set[str]] = {}
    for line in shipment.lines:
        orders.setdefault(line["order_no"] or "–", set()).add(line["sscc"])
    order_rows = tuple((number, str(len(units)), "", "") for number, units in orders.items())
    kinds: dict[str, int] = {}
    for kind in shipment.units.values():
        kinds[kind] = kinds.get(kind, 0) + 1
    carrier_rows = tuple((str(count), kind, _sums(shipment, kind), "", "", "") for kind, count in kinds.items())
    return Paper(
        "Bill of lading", shipment.number,
        (("Ship from", shipment.ship_from), ("Ship to", (*shipment.ship_to, shipment.unloading_point)),
         ("Third party freight charges bill to", ("",)), ("Carrier name, trailer number, seal numbers", ("",))),
        (("Date", shipment.left), ("SCAC, PRO number", ""),
         ("Freight charge terms", "[ ] Prepaid [ ] Collect [ ] 3rd party")),
        (
            Table("Customer order information", ("Customer order number", "Packages", "Weight", "Pallet / slip"),
                  order_rows, (40, 20, 20, 20), (1,)),
            Table("Carrier information",
                  ("Handling units", "Type", "Commodity description", "Weight", "HM", "NMFC, class"),
                  carrier_rows, (14, 12, 40, 12, 8, 14), (0,)),
        ),
        notes=(
            "Received, subject to individually determined rates or contracts that have been agreed upon in writing "
            "between the carrier and shipper.",
        ),
        boxes=("Shipper signature, date", "Trailer loaded: by shipper / by driver", "Freight counted: by shipper / "
               "by driver / pallets said to contain", "Carrier signature, pickup date", "COD amount", "Receiver, date"),
    )  # fmt: skip


def _cmr(shipment: Shipment) -> Paper:
    """Boxes by their numbers on the consignment note."""
    marks = tuple(
        (sscc, "1", kind, _sums(shipment, sscc=sscc), "", "") for sscc, kind in shipment.units.items()
    )  # fmt: skip
    return Paper(
        "International consignment note (CMR)", shipment.number,
        (("1 Sender", shipment.ship_from), ("2 Consignee", shipment.ship_to),
         ("3 Place of delivery", (*shipment.ship_to[1:], shipment.unloading_point)),
         ("4 Place and date of taking over", (*shipment.ship_from[1:], shipment.left)),
         ("16 Carrier", ("",)), ("17 Successive carriers", ("",))),
        (("5 Documents attached", shipment.notice), ("13 Sender's instructions", ""), ("14 Payment of carriage", "")),
        (Table("6-12 Goods", ("6 Marks and numbers", "7 Packages", "8 Packing", "9 Nature of the goods",
                              "11 Gross weight kg", "12 Volume m³"), marks, (26, 10, 12, 30, 12, 10), (1,)),),
        boxes=("18 Carrier's reservations", "22 Sender", "23 Carrier", "21 Established in, on", "24 Goods received"),
    )  # fmt: skip


def _qty(line: Mapping[str, Any]) -> str:
    number = f"{Decimal(str(line['quantity'])):,f}"
    return f"{marked(number)} {line['unit']}"


def _call(line: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (str(line["call_no"]), str(line["sequence_no"]))))


def _sums(shipment: Shipment, kind: str = "", sscc: str = "") -> str:
    found: dict[tuple[str, str], Decimal] = {}
    for line in shipment.lines:
        if (kind and shipment.units.get(line["sscc"]) != kind) or (sscc and line["sscc"] != sscc):
            continue
        key = (line["supplier_part"] or line["buyer_part"], line["unit"])
        found[key] = found.get(key, Decimal(0)) + Decimal(str(line["quantity"]))
    return ", ".join(f"{marked(f'{qty:,f}')} {unit} {part}" for (part, unit), qty in found.items())
