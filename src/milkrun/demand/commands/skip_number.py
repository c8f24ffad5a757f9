"""Close a gap in a sequence: a number that the customer said never comes (a blocked car, a number left out)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps
from milkrun.demand.errors import SequenceTaken
from milkrun.demand.models import SequenceStream
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one


@dataclass(frozen=True, slots=True)
class NumberSkipped:
    """Nobody waits for this number any more; its slot stays empty."""

    stream_id: int
    position: int
    again: bool


@command
def skip_number(
    *,
    site_id: int,
    partner_id: int,
    ship_to_code: str,
    stream_code: str,
    number: str,
    reason: str,
    source: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> NumberSkipped:
    """Skip one number of a stream. Should it come after all, it takes its slot as if nothing had been said.

    Raises:
        Invalid: it is no number of this stream, or no reason is given.
        NotFound: there is no such stream.
        SequenceTaken: a call has this number.
    """
    stream = lock_one(
        SequenceStream.objects.filter(
            site_id=site_id, ship_to__partner_id=partner_id, ship_to__code=ship_to_code, code=stream_code
        ),
        noun="sequence stream",
    )
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the number never comes."), "reason_missing")])
    if not steps.is_number(number) or not 1 <= int(number) <= stream.largest:
        raise Invalid(
            [
                Problem(
                    "number",
                    _("A number of this stream is between 1 and {largest}.").format(largest=stream.largest),
                    "no_number",
                )
            ]
        )
    position = steps.place_in_stream(int(number), stream.last_seen, stream.largest)
    holder = steps.taken_positions([(stream.pk, position)]).get((stream.pk, position))
    if holder is not None:
        raise SequenceTaken(
            _("Sequence number {number} belongs to call {holder}. Cancel that call: its number is free then.").format(
                number=number, holder=holder
            ),
            held_by=holder,
        )

    made = steps.skip_positions({position: reason}, stream=stream, source=source, actor=actor, at=at)

    return NumberSkipped(stream.pk, position, not made)
