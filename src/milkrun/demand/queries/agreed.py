"""What customers have agreed to call: for a form where a call is typed."""

from dataclasses import dataclass

from milkrun.demand.models import SequenceStream, SupplyAgreement

MOST = 2_000


@dataclass(frozen=True, slots=True)
class AgreedPart:
    """A part by the customer's number, with ours, its unit, and the order it is called under."""

    number: str
    part: str
    description: str
    unit: str
    order_no: str


def agreed_parts(partner_id: int) -> tuple[AgreedPart, ...]:
    """List the parts that a customer can call, each under its newest order."""
    rows = SupplyAgreement.objects.filter(partner=partner_id).select_related("customer_part__part")
    found: dict[str, AgreedPart] = {}
    for row in rows.order_by("customer_part__number", "valid_from", "id")[:MOST]:
        part = row.customer_part.part
        found[row.customer_part.number] = AgreedPart(
            row.customer_part.number, part.number, part.description, part.base_unit, row.order_no
        )
    return tuple(found.values())


def stream_codes(site_id: int, partner_id: int) -> tuple[str, ...]:
    """List the lines of a customer's sequences."""
    rows = SequenceStream.objects.filter(site_id=site_id, ship_to__partner=partner_id).exclude(code="")
    return tuple(rows.order_by("code").values_list("code", flat=True).distinct())
