"""Which calls wait for a step that can be done by itself."""

from milkrun.demand.models import ComponentGroup


def waiting_for(partner_code: str, state: str, limit: int = 200) -> list[int]:
    """List the calls of a customer with a matched group in a state, the earliest required first.

    Args:
        partner_code: the customer.
        state: the group's state, "created" for a release, "ready" for packing.
        limit: at most so many.
    """
    rows = ComponentGroup.objects.filter(state=state, matching="matched", call__partner__code=partner_code)
    pairs = rows.order_by("call__required_at", "call_id").values_list("call_id", flat=True)
    return list(dict.fromkeys(pairs[:limit]))
