"""The paper of an invoice or a credit note, made of its snapshot."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from milkrun.labels.documents import Paper, Table
from milkrun.measure.wording import marked


def invoice_paper(document: Mapping[str, Any], parties: Mapping[str, str]) -> Paper:
    """Make the paper of an invoice.

    Args:
        document: the invoice as it was issued (the fields of an invoice document as plain values).
        parties: names and addresses as they were then.
    """
    credit = document["kind"] == "credit_note"
    money = document["currency"]
    rows = tuple(
        (line["line_no"], f"{line['buyer_part']}\n{line['supplier_part']}",
         f"{_number(line['quantity'])} {line['unit']}",
         f"{_number(line['unit_price'])} / {_number(line['price_basis'])}", _number(line["amount"]),
         _references(line))
        for line in document["lines"]
    )  # fmt: skip
    columns = ("Line", "Part (yours, ours)", "Quantity", "Price / per", f"Amount {money}", "Order, call, delivery")
    seller = tuple(parties.get(f"seller_{name}", "") for name in ("name", "street", "city", "tax_id"))
    place = f"{parties.get('buyer_postal_code', '')} {parties.get('buyer_city', '')}".strip()
    buyer = (parties.get("buyer_name", ""), parties.get("buyer_street", ""), place, parties.get("buyer_country", ""),
             parties.get("buyer_tax_id", ""))  # fmt: skip
    facts = [("Date", document["issued_on"]), ("Our number with you", document["seller"])]
    facts += [("For invoice", document["credits"])] if credit else [("Due", document["due_on"] or "")]
    if document["delivered_on"]:
        facts.append(("Delivered", document["delivered_on"]))
    return Paper(
        "Credit note" if credit else "Invoice", document["number"], (("From", seller), ("To", buyer)), tuple(facts),
        (Table("Lines", columns, rows, (6, 22, 14, 15, 15, 30), (2, 3, 4)),),
        (("Net", f"{_number(document['net'])} {money}"),
         (f"Tax {_number(document['tax_rate'])} %", f"{_number(document['tax'])} {money}"),
         ("Total", f"{_number(document['gross'])} {money}")),
    )  # fmt: skip


def _number(value: object) -> str:
    return marked(f"{Decimal(str(value)):,f}")


def _references(line: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, (line["order_no"], line["call_no"], line["delivery_no"])))
