"""Close a gap in a sequence: numbers that the customer said never come (a blocked car, a number left out)."""

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

# So many numbers of a stretch at most: more is a slip of the pen.
MOST = 100


@dataclass(frozen=True, slots=True)
class NumberSkipped:
    """Nobody waits for these numbers any more; their slots stay empty.

    `position` is that of the first one, `count` how many there are, `again` where all were skipped before.
    """

    stream_id: int
    position: int
    again: bool
    count: int = 1


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
    upto: str = "",
    request: Request | None = None,
) -> NumberSkipped:
    """Skip one number of a stream, or a stretch of them as a whole.

    Should one come after all, it takes its slot as if nothing had been said.

    Args:
        site_id: the site that supplies the stream.
        partner_id: the customer.
        ship_to_code: the customer's plant.
        stream_code: the line.
        number: the number, or the first one of a stretch.
        reason: why it never comes.
        source: by which way that was said.
        actor: who skips.
        at: when.
        upto: the last number of a stretch; "" for one number.
        request: set where a repeat must not take effect again.

    Raises:
        Invalid: these are no numbers of this stream, too many at once, or no reason is given.
        NotFound: there is no such stream.
        SequenceTaken: calls have some of these numbers, all of them are named; then none is skipped.
    """
    stream = lock_one(
        SequenceStream.objects.filter(
            site_id=site_id, ship_to__partner_id=partner_id, ship_to__code=ship_to_code, code=stream_code
        ),
        noun="sequence stream",
    )
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the number never comes."), "reason_missing")])
    places = {steps.place_in_stream(n, stream.last_seen, stream.largest): n for n in _numbers(stream, number, upto)}
    taken = steps.taken_positions([(stream.pk, position) for position in places])
    if taken:
        raise _taken({places[position]: holder for (__, position), holder in sorted(taken.items())}, bool(upto))

    made = steps.skip_positions(dict.fromkeys(places, reason), stream=stream, source=source, actor=actor, at=at)

    return NumberSkipped(stream.pk, min(places), not made, len(places))


def _numbers(stream: SequenceStream, first: str, last: str) -> range:
    ends = (first, last or first)
    if not all(steps.is_number(end) and 1 <= int(end) <= stream.largest for end in ends):
        said = _("A number of this stream is between 1 and {largest}.").format(largest=stream.largest)
        raise Invalid([Problem("number", said, "no_number")])
    found = range(int(ends[0]), int(ends[1]) + 1)
    if not 1 <= len(found) <= MOST:
        raise Invalid([Problem("number", _("Skip from 1 to 100 numbers at a time."), "no_stretch")])
    return found


def _taken(holders: dict[int, str], is_stretch: bool) -> SequenceTaken:
    if is_stretch:
        named = ", ".join(f"{number} ({holder})" for number, holder in holders.items())
        said = _("No number is skipped: calls have {named}. Cancel these calls, or leave their numbers out.")
        return SequenceTaken(said.format(named=named), held_by=holders)
    ((number, holder),) = holders.items()
    said = _("Sequence number {number} belongs to call {holder}. Cancel that call: its number is free then.")
    return SequenceTaken(said.format(number=number, holder=holder), held_by=holder)
