"""Make a list of places to count: a zone, some parts, or a random sample of both."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.stock import steps

MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class CountCreated:
    """A count list and how many places stand on it."""

    count_id: int
    public_id: str
    number: str
    lines: int


@command
def create_count(
    *,
    site_id: int,
    actor: Actor,
    at: datetime,
    title: str = "",
    zone: str = "",
    location_ids: Sequence[int] = (),
    part_ids: Sequence[int] = (),
    sample: int | None = None,
    seed: int = 0,
    request: Request | None = None,
) -> CountCreated:
    """List what the book says stands loose at the places wanted; what else is found there is added while counting.

    Args:
        zone: only places of this zone; every zone where empty.
        sample: so many of them, drawn by `seed`.

    Raises:
        Invalid: nothing stands there, or more than 2,000 places would be on the list.
    """
    wanted = Q()
    if zone:
        wanted &= Q(location__zone=zone)
    if location_ids:
        wanted &= Q(location_id__in=list(location_ids))
    if part_ids:
        wanted &= Q(part_id__in=list(part_ids))
    spots = steps.spots(site_id, wanted)
    if sample is not None and 0 < sample < len(spots):
        # A drawn list that cannot be guessed is no secret, only a fair choice; the same seed draws the same.
        chosen = set(random.Random(seed).sample(range(len(spots)), sample))  # noqa: S311
        spots = [spot for index, spot in enumerate(spots) if index in chosen]
    if not spots:
        raise Invalid([Problem("zone", _("Nothing stands there, so there is nothing to count."), "nothing_to_count")])
    if len(spots) > MOST_LINES:
        raise Invalid(
            [Problem("zone", _("{n} places are too many for one list; take a zone.").format(n=len(spots)), "too_many")]
        )

    count = steps.make_list(site_id, title, spots, at=at)

    facts = {"lines": len(spots), "zone": zone, "number": count.number}
    entry = journal.Entry("create_count", "count", count.pk, site_id=site_id, after=count.state, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return CountCreated(count.pk, count.public_id, count.number, len(spots))
