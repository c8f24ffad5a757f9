"""Calls as events tell of them: enough to act on, by the names and ids that other systems know."""

from collections.abc import Iterable

from milkrun.demand.models import JitCall


def calls_told(ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Describe calls by their key, as they stand now."""
    rows = JitCall.objects.filter(pk__in=list(ids)).select_related("partner", "site")
    return {
        row.pk: {
            "site": row.site.code,
            "call_id": row.public_id,
            "number": row.external_no,
            "kind": row.kind,
            "customer": row.partner.code,
            "ship_to": row.ship_to_code,
            "unloading_point": row.unloading_point,
            "sequence": row.sequence_text,
            "vin": row.vin,
            "required_at": row.required_at.isoformat(),
            "state": row.state,
        }
        for row in rows
    }
