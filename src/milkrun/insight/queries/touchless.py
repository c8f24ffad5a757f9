"""Which share of what happens on the supply line no hand has touched."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from milkrun.kernel.models import JournalEntry

# The steps from a call's receipt to its bill, as the journal names them, each counted at one of the rows it touches.
STEPS = {
    "call": ("receive_jit_call", "update_call", "release_call", "release_for_packing", "confirm_packing"),
    "group": ("pick_part",),
    "job": ("confirm_job",),
    "run": ("report_production",),
    "delivery": ("create_delivery", "pick_delivery", "post_goods_issue"),
    "invoice": ("issue_invoice",),
}
BY_HAND = ("web", "cli", "portal", "demo")
DAYS = 7


@dataclass(frozen=True, slots=True)
class Touchless:
    """Steps of the last days, and how many of them were done without a person; `percent` is None without any step."""

    steps: int
    touchless: int
    days: int

    @property
    def percent(self) -> int | None:
        """Return the share in whole percent, rounded down: what is not yet whole is not called whole."""
        return self.touchless * 100 // self.steps if self.steps else None


def touchless(site_id: int, at: datetime, days: int = DAYS) -> Touchless:
    """Count the steps of a site's calls in the last days by whether a person did them.

    A step counts as often as the journal tells of it: a release of fifty calls is fifty steps. Done by a person is what
    came by a page or the command line; by files, other systems and the worker nobody's hand was needed.

    Args:
        site_id: our plant.
        at: now.
        days: so far back.
    """
    steps = Q()
    for noun, actions in STEPS.items():
        steps |= Q(subject_kind=noun, action__in=actions)
    rows = JournalEntry.objects.filter(steps, site_id=site_id, at__gte=at - timedelta(days=days), at__lte=at)
    counts = dict(rows.order_by().values_list("via").annotate(n=Count("id")))
    whole = sum(counts.values())
    return Touchless(whole, whole - sum(counts.get(via, 0) for via in BY_HAND), days)
