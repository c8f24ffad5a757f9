"""What of a part is free to be promised: loose goods of ours in storage that nobody keeps and that may be used."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from milkrun.stock.models import Balance


def free_quantities(site_ids: Iterable[int], part_ids: Iterable[int], today: date) -> dict[int, Decimal]:
    """Sum what a reservation could take now, in base units by part; parts without any are left out.

    Args:
        site_ids: whose storage counts.
        part_ids: the parts.
        today: lots that expired before are no offer.
    """
    rows = Balance.objects.filter(
        Q(lot=None) | Q(lot__state="free") & (Q(lot__expires_on=None) | Q(lot__expires_on__gte=today)),
        site__in=list(site_ids), part__in=list(part_ids), location__kind="storage", hu=None, owner=None,
    )  # fmt: skip
    sums = rows.values_list("part").annotate(there=Sum("on_hand"), kept=Sum("reserved")).order_by()
    return {part: there - kept for part, there, kept in sums if there > kept}
