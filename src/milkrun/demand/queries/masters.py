"""What was agreed with customers as rows, for exports: prices, racks, sequence streams."""

from collections.abc import Iterator

from milkrun.demand.models import RackSpec, SequenceStream, SupplyAgreement
from milkrun.measure.money import from_minor


def price_rows() -> Iterator[dict[str, object]]:
    """Give every price that was ever agreed, by customer, order, part and day."""
    rows = SupplyAgreement.objects.select_related("partner", "customer_part__part").order_by(
        "partner__code", "order_no", "customer_part__number", "valid_from"
    )
    for row in rows.iterator(chunk_size=2000):
        yield {
            "customer": row.partner.code, "order_no": row.order_no, "customer_part": row.customer_part.number,
            "part": row.customer_part.part.number, "price": from_minor(row.price_minor, row.currency),
            "price_basis": row.price_basis, "currency": row.currency, "valid_from": row.valid_from,
        }  # fmt: skip


def rack_rows() -> Iterator[dict[str, object]]:
    """Give every customer's rack specifications."""
    for row in RackSpec.objects.select_related("partner").order_by("partner__code", "family"):
        yield {
            "customer": row.partner.code, "family": row.family, "slots": row.slots, "package_type": row.package_type,
            "racks": row.racks, "frame_type": row.frame_type,
        }  # fmt: skip


def stream_rows() -> Iterator[dict[str, object]]:
    """Give every sequence stream with its rules."""
    rows = SequenceStream.objects.select_related("site", "ship_to__partner").order_by(
        "site__code", "ship_to__partner__code", "ship_to__code", "code"
    )
    for row in rows:
        yield {
            "site": row.site.code, "customer": row.ship_to.partner.code, "ship_to": row.ship_to.code,
            "stream": row.code, "largest": row.largest, "release_rule": row.release_rule,
            "packing_rule": row.packing_rule, "gap_rule": row.gap_rule, "issue_rule": row.issue_rule,
            "takt_minutes": row.takt_minutes, "last_seen": row.last_seen,
        }  # fmt: skip
