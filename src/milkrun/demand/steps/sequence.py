"""Find what a step would leave behind in a sequence, and judge it by the stream's rule for that step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from milkrun.demand.errors import SequenceGap
from milkrun.demand.models import JitCall, SequenceStream, SkippedNumber
from milkrun.demand.states import GROUP_STATES

NAMED = 10
# So many positions of one gap are listed at most: a customer's slip of the pen may open one of millions.
LISTED = 1_000
# States that count as past a step, so that such a call is not left behind by it.
GONE = ("issued", "billed", "completed")
LEFT = ("on_delivery", *GONE)
PACKING = ("in_packing", "packed", *LEFT)
RELEASED = tuple(state for state in GROUP_STATES if state not in ("created", "cancelled"))
# By the rule of a stream: what is past its step.
PAST = {"release_rule": RELEASED, "packing_rule": PACKING, "gap_rule": LEFT, "issue_rule": GONE}


@dataclass(frozen=True, slots=True)
class Gap:
    """A stream with the positions that the chosen calls would leave behind."""

    stream: SequenceStream
    positions: tuple[int, ...]

    @property
    def numbers(self) -> list[str]:
        """Name them as the customer numbers them."""
        return [str((position - 1) % self.stream.largest + 1) for position in self.positions]

    def sentence(self) -> str:
        """Say it."""
        named = ", ".join(self.numbers[:NAMED])
        return _("Sequence {stream}: {numbers} would be left behind.").format(stream=self.stream, numbers=named)


def sequence_gaps(calls: Iterable[JitCall], *, rule: str) -> list[Gap]:
    """List, by stream, what lies before the last chosen number and would be left behind.

    A number that is chosen, past the step, cancelled or skipped is not. Counting starts after the highest position
    that is past the step; in a stream's first load, at the lowest known one. Streams whose rule is "none" are not
    looked at.

    Args:
        calls: what is chosen.
        rule: the stream's rule for the step: release_rule, packing_rule, gap_rule (the delivery) or issue_rule.
    """
    by_stream: dict[int, list[int]] = {}
    for call in calls:
        if call.stream_id is not None and call.position is not None:
            by_stream.setdefault(call.stream_id, []).append(call.position)
    if not by_stream:
        return []
    streams = SequenceStream.objects.filter(pk__in=by_stream).exclude(**{rule: "none"}).select_related("ship_to")
    gaps = [Gap(stream, _missing(stream, by_stream[stream.pk], PAST[rule])) for stream in streams.order_by("pk")]
    return [gap for gap in gaps if gap.positions]


def _missing(stream: SequenceStream, chosen: Sequence[int], past: Sequence[str]) -> tuple[int, ...]:
    last = max(chosen)
    upto = JitCall.objects.filter(stream=stream, position__lte=last)
    behind = upto.exclude(state__in=(*past, "cancelled")).aggregate(first=Min("position"))["first"]
    left = upto.filter(state__in=past).aggregate(last=Max("position"))["last"]
    start = min(chosen) if left is None else left + 1
    start = min(start, *chosen) if behind is None else min(start, behind, *chosen)
    settled = set(upto.filter(position__gte=start, state__in=(*past, "cancelled")).values_list("position", flat=True))
    settled |= set(
        SkippedNumber.objects.filter(stream=stream, position__range=(start, last)).values_list("position", flat=True)
    )
    settled |= set(chosen)
    return tuple(islice((position for position in range(start, last) if position not in settled), LISTED))


def check_sequence(calls: Iterable[JitCall], *, rule: str) -> list[str]:
    """Judge what would be left behind by each stream's rule for a step; returns what is only to be warned of.

    Raises:
        SequenceGap: a stream blocks gaps; names what is missing.
    """
    gaps = sequence_gaps(calls, rule=rule)
    blocking = [gap for gap in gaps if getattr(gap.stream, rule) == "block"]
    if blocking:
        raise SequenceGap(
            " ".join([*(gap.sentence() for gap in blocking), way_out()]),
            missing=[number for gap in blocking for number in gap.numbers],
        )
    return [gap.sentence() for gap in gaps]


def way_out() -> str:
    """Say what helps against a gap."""
    return _("Deliver, cancel or skip them first.")
