"""What the item's page shows of how it is kept: the policy with every reason that was ever given, and its alerts."""

from typing import Any

from milkrun.insight import queries as insight
from milkrun.planning import queries as planning
from milkrun.web import words
from milkrun.web.access import StaffRequest
from milkrun.web.history import history


def shown_policy(request: StaffRequest, part_id: int) -> dict[str, Any]:
    """Read what the item's page shows of its policy: the values, their reasons, and its open alerts."""
    found = planning.policy(request.site.id, part_id, request.zone)
    return {
        "policy": found,
        "methods": words.METHODS,
        "policy_history": history([("item_policy", found.id)], request.zone, limit=30) if found else [],
        "item_alerts": insight.alerts_of(request.site.id, {"part": [part_id]}, request.zone)
        if "view_alerts" in request.access.actions else [],
    }  # fmt: skip
