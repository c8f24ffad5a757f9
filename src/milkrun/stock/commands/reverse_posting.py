"""Take back a posting made by hand, by a contra posting that names it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.stock import steps
from milkrun.stock.errors import NotReversible
from milkrun.stock.models import Movement, Posting

BY_HAND = ("receipt", "move", "put_away", "write_off", "release", "scrap", "supplier_return")


@dataclass(frozen=True, slots=True)
class PostingReversed:
    """A posting was taken back by another one."""

    posting_id: int
    reverses: int


@command
def reverse_posting(
    *, posting_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> PostingReversed:
    """Post the same movements the other way round.

    Raises:
        NotReversible: the posting belongs to a document or is itself a reversal.
        AlreadyReversed: it was taken back before.
        ShortStock: the goods have moved on.
    """
    posting = lock_one(Posting.objects.filter(pk=posting_id), noun="posting")
    if posting.kind not in BY_HAND:
        raise NotReversible(
            _("A {kind} is taken back at its document, not here.").format(kind=posting.kind.replace("_", " ")),
            kind=posting.kind,
        )

    posted = steps.reverse(posting, actor=actor, at=at, reason=reason)

    parts = Movement.objects.filter(posting=posting).values_list("part_id", flat=True).distinct()
    journal.write(
        [
            journal.Entry(
                "reverse_posting",
                "part",
                part_id,
                site_id=posting.site_id,
                reason=reason,
                facts={"posting": posted.posting_id, "reverses": posting.pk},
            )
            for part_id in parts
        ],
        actor=actor,
        at=at,
    )
    return PostingReversed(posted.posting_id, posting.pk)
