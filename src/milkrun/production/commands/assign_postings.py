"""Give failed postings to somebody who sees to them, or to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.partners.models import User
from milkrun.production.models import Confirmation


@dataclass(frozen=True, slots=True)
class PostingsAssigned:
    """So many postings have this owner now."""

    count: int
    owner: str


@command
def assign_postings(
    *,
    confirmation_ids: Sequence[int],
    user_id: int | None,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> PostingsAssigned:
    """Assign failed postings.

    Args:
        user_id: a member of staff; None gives them back to all.

    Raises:
        Invalid: none was chosen, or the person does not work here.
        NotFound: a confirmation does not exist.
    """
    owner = User.objects.filter(pk=user_id or 0, is_active=True, realm="staff").first()
    if not confirmation_ids or (user_id is not None and owner is None):
        raise Invalid([Problem("owner", _("Choose postings, and a person who works here."), "owner_unknown")])
    rows = lock(Confirmation.objects.filter(pk__in=list(confirmation_ids)).select_related("line"))
    if len(rows) != len(set(confirmation_ids)):
        raise NotFound(_("A confirmation you chose does not exist."))

    Confirmation.objects.filter(pk__in=[row.pk for row in rows]).update(owner=owner)

    name = owner.name if owner else ""
    journal.write(
        [
            journal.Entry(
                "assign_posting", "job", row.line.job_id, site_id=row.site_id,
                facts={"confirmation": row.pk, "owner": name or "nobody"},
            )
            for row in rows
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return PostingsAssigned(len(rows), name)
