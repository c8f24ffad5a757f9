"""Numbers of a sequence become positions: which stream a call belongs to, and where it stands in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall, SequenceStream
from milkrun.demand.steps.matching import Matcher
from milkrun.kernel.lock import lock

# A longer code is refused with the call; no stream is made for it.
LONGEST_CODE = 20
# Numbers further ahead than this are doubted until a second one follows.
JUMP = 1_000
StreamKey = tuple[int, str]
Position = tuple[int, int]  # stream, position


class Numbered(Protocol):
    """What has a number in a sequence: a call as it comes in, or one that is kept already."""

    @property
    def external_no(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def ship_to_code(self) -> str: ...
    @property
    def stream_code(self) -> str: ...
    @property
    def sequence_text(self) -> str: ...


def streams_of(calls: Iterable[Numbered], matcher: Matcher, site_id: int) -> dict[StreamKey, SequenceStream]:
    """Find the streams that these calls belong to, making those that are new, and hold them."""
    wanted: set[StreamKey] = set()
    for call in calls:
        plant = matcher.plant(call.ship_to_code)
        named = len(call.stream_code) <= LONGEST_CODE
        if call.kind == "sequenced" and is_number(call.sequence_text) and plant is not None and named:
            wanted.add((plant.pk, call.stream_code))
    if not wanted:
        return {}
    SequenceStream.objects.bulk_create(
        [SequenceStream(site_id=site_id, ship_to_id=plant_id, code=code) for plant_id, code in sorted(wanted)],
        ignore_conflicts=True,
    )
    rows = lock(SequenceStream.objects.filter(site_id=site_id, ship_to_id__in={plant_id for plant_id, _ in wanted}))
    return {(row.ship_to_id, row.code): row for row in rows}


def place_in_stream(number: int, last_seen: int | None, largest: int) -> int:
    """Turn a number that wraps into a position that grows, choosing the turn nearest to the last one seen.

    Example:
        >>> place_in_stream(1, 9999, 9999), place_in_stream(9999, 10001, 9999)
        (10000, 9999)
    """
    if last_seen is None:
        return number
    turn = (last_seen - 1) // largest
    options = [number + largest * t for t in (turn - 1, turn, turn + 1) if t >= 0]
    return min(options, key=lambda position: abs(position - last_seen))


class Head:
    """The head of a stream while numbers pass by: one that is far ahead counts only when a second one follows it.

    A customer's slip of the pen (9000 between 2 and 3) would otherwise put every later number into the next turn.
    """

    def __init__(self, last: int | None) -> None:
        self.last = last
        self.doubtful: int | None = None

    def pass_by(self, position: int) -> None:
        """Take notice of a position."""
        if self.last is None or self.last < position <= self.last + JUMP:
            self.last = position
        elif position > self.last:
            if self.doubtful is not None and abs(position - self.doubtful) <= JUMP:
                self.last, self.doubtful = max(position, self.doubtful), None
            else:
                self.doubtful = position


def is_number(text: str) -> bool:
    """Tell whether a text is a plain number."""
    # Python's isdigit() alone would also take a superscript two, which int() does not.
    return text.isascii() and text.isdigit()


def positions_of(
    calls: Sequence[Numbered],
    matcher: Matcher,
    streams: dict[StreamKey, SequenceStream],
    known: Mapping[str, JitCall],
) -> dict[int, Position]:
    """Give calls their position by index; a known call whose number did not change keeps the one it has."""
    found: dict[int, Position] = {}
    heads = {key: Head(row.last_seen) for key, row in streams.items()}
    for index, call in enumerate(calls):
        plant = matcher.plant(call.ship_to_code)
        key = (plant.pk if plant else 0, call.stream_code)
        if call.kind != "sequenced" or not is_number(call.sequence_text) or key not in streams:
            continue
        number = int(call.sequence_text)
        stream = streams[key]
        old = known.get(call.external_no)
        if old is not None and (old.stream_id, old.sequence_text) == (stream.pk, call.sequence_text) and old.position:
            found[index] = (stream.pk, old.position)
        elif 1 <= number <= stream.largest:
            position = place_in_stream(number, heads[key].last, stream.largest)
            found[index] = (stream.pk, position)
            heads[key].pass_by(position)
    return found


def unplaced(
    calls: Sequence[Numbered], matcher: Matcher, streams: Mapping[StreamKey, SequenceStream]
) -> dict[int, str]:
    """Say of which sequenced calls the number gives no place, by index: it is no number, or beyond the largest one."""
    found: dict[int, str] = {}
    for index, call in enumerate(calls):
        plant = matcher.plant(call.ship_to_code)
        if call.kind != "sequenced" or plant is None:
            continue
        stream = streams.get((plant.pk, call.stream_code))
        facts = {"call": call.external_no, "number": call.sequence_text[:20] or "-", "stream": stream}
        if not is_number(call.sequence_text):
            found[index] = _("Call {call}: sequence number {number} is no number, so the call has no place.").format(
                **facts
            )
        elif stream is not None and not 1 <= int(call.sequence_text) <= stream.largest:
            sentence = _("Call {call}: sequence number {number} is not between 1 and {largest}, as {stream} counts.")
            found[index] = sentence.format(**facts, largest=stream.largest)
    return found


def taken_positions(positions: Iterable[Position]) -> dict[Position, str]:
    """Tell which calls hold these positions now."""
    wanted = list(positions)
    rows = JitCall.objects.filter(
        stream_id__in={stream for stream, _ in wanted}, position__in={position for _, position in wanted}
    ).exclude(state="cancelled")
    return {(row.stream_id or 0, row.position or 0): row.external_no for row in rows}


def remember_last_seen(streams: Iterable[SequenceStream], positions: Iterable[Position]) -> None:
    """Keep the head of each stream that is held: the highest position that the others lead up to."""
    passed: dict[int, list[int]] = {}
    for stream_id, position in positions:
        passed.setdefault(stream_id, []).append(position)
    for stream in streams:
        head = Head(stream.last_seen)
        for position in passed.get(stream.pk, ()):
            head.pass_by(position)
        if head.doubtful is not None and _has_company(stream, head.doubtful, passed[stream.pk]):
            head.last = head.doubtful
        if head.last != stream.last_seen:
            SequenceStream.objects.filter(pk=stream.pk).update(last_seen=head.last)


def _has_company(stream: SequenceStream, position: int, fresh: Iterable[int]) -> bool:
    """Tell whether calls that came before stand shortly before a position."""
    near = JitCall.objects.filter(stream=stream, position__gte=position - JUMP, position__lt=position)
    return near.exclude(state="cancelled").exclude(position__in=list(fresh)).exists()
