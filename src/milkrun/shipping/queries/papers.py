"""What a delivery's papers are made of: the notice's snapshot where one was sent, else the lines as they stand."""

from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.labels.documents_shipping import Shipment
from milkrun.measure.wording import moment
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.queries.loads import frames_under


def customer_of(site_id: int, public_id: str) -> int:
    """Tell whose goods a delivery carries: its papers are in that company's language.

    Raises:
        NotFound: there is no such delivery at this site.
    """
    key = Delivery.objects.filter(site_id=site_id, public_id=public_id).values_list("partner_id", flat=True).first()
    if key is None:
        raise NotFound(_("This delivery does not exist at this site. Search for its number."), public_id=public_id)
    return key


def shipment(site_id: int, public_id: str) -> Shipment:
    """Tell what leaves with a delivery, for its papers.

    Raises:
        NotFound: there is no such delivery at this site.
    """
    rows = Delivery.objects.filter(site_id=site_id, public_id=public_id)
    row = rows.select_related("partner", "ship_to", "site").first()
    if row is None:
        raise NotFound(_("This delivery does not exist at this site. Search for its number."), public_id=public_id)
    notice = row.notices.filter(function="original", posting_id=row.posting_id or 0).first()
    lines = notice.snapshot["lines"] if notice else _lines(row)
    units = {unit["sscc"]: unit["package_type"] for unit in notice.snapshot["units"]} if notice else _units(row)
    return Shipment(
        row.number,
        moment(row.issued_at, row.ship_to.zone),
        (row.site.name, row.site.street, row.site.city),
        (f"{row.partner.name}, {row.ship_to.name}", row.ship_to.street, row.ship_to.city),
        row.unloading_point,
        notice.number if notice else "",
        lines,
        units,
    )


def _lines(row: Delivery) -> list[dict[str, str]]:
    lines = DeliveryLine.objects.filter(delivery=row).order_by("line_no")
    return [
        {
            "line_no": str(line.line_no),
            "sscc": line.hu.sscc,
            "buyer_part": line.component.customer_part_no,
            "supplier_part": line.part.number,
            "quantity": f"{line.qty:f}",
            "unit": line.part.base_unit,
            "order_no": line.component.order_no,
            "call_no": line.component.group.call.transmission_no or line.component.group.call.external_no,
            "sequence_no": line.component.group.call.sequence_text,
        }
        for line in lines.select_related("hu", "part", "component__group__call")
    ]


def _units(row: Delivery) -> dict[str, str]:
    pairs = DeliveryLine.objects.filter(delivery=row).values_list("hu__sscc", "hu__kind").order_by("line_no")
    frames = frames_under(DeliveryLine.objects.filter(delivery=row).values_list("hu_id", flat=True))
    return {unit.sscc: unit.kind.upper() for unit in frames} | {sscc: kind.upper() for sscc, kind in pairs}
