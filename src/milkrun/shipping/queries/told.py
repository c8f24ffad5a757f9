"""Deliveries as events tell of them."""

from collections.abc import Iterable

from milkrun.shipping.models import Delivery


def deliveries_told(ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Describe deliveries by their key, as they stand now."""
    rows = Delivery.objects.filter(pk__in=list(ids)).select_related("site", "partner")
    return {
        row.pk: {
            "site": row.site.code,
            "delivery_id": row.public_id,
            "number": row.number,
            "customer": row.partner.code,
            "state": row.state,
        }
        for row in rows
    }
