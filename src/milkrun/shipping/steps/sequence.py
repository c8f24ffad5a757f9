"""Find what a load would leave behind in its sequence."""

from collections.abc import Iterable, Sequence

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall, SequenceStream, SkippedNumber
from milkrun.shipping.errors import SequenceGap

GONE = ("issued", "billed", "completed")
LEFT = ("on_delivery", *GONE)


def sequence_gaps(calls: Iterable[JitCall], *, left: Sequence[str] = LEFT) -> list[tuple[SequenceStream, list[str]]]:
    """List, by stream, the numbers before the last chosen one that would be left behind.

    A number that is chosen, on its way, cancelled or skipped is not.

    Counting starts after the highest position that left before; in a stream's first load, at the lowest known one.

    Args:
        calls: what is chosen.
        left: states that count as on their way: a delivery is enough when one is made, at the goods issue it is not.
    """
    by_stream: dict[int, list[int]] = {}
    for call in calls:
        if call.stream_id is not None and call.position is not None:
            by_stream.setdefault(call.stream_id, []).append(call.position)
    found = []
    for stream in SequenceStream.objects.filter(pk__in=by_stream).order_by("pk"):
        missing = _missing(stream, by_stream[stream.pk], left)
        if missing:
            found.append((stream, missing))
    return found


def _missing(stream: SequenceStream, chosen: Sequence[int], gone: Sequence[str]) -> list[str]:
    last = max(chosen)
    upto = JitCall.objects.filter(stream=stream, position__lte=last)
    behind = upto.exclude(state__in=(*gone, "cancelled")).aggregate(first=Min("position"))["first"]
    left = upto.filter(state__in=gone).aggregate(last=Max("position"))["last"]
    start = min(chosen) if left is None else left + 1
    start = min(start, *chosen) if behind is None else min(start, behind, *chosen)
    settled = set(upto.filter(position__gte=start, state__in=(*gone, "cancelled")).values_list("position", flat=True))
    settled |= set(
        SkippedNumber.objects.filter(stream=stream, position__range=(start, last)).values_list("position", flat=True)
    )
    return [
        str((position - 1) % stream.largest + 1)
        for position in range(start, last)
        if position not in chosen and position not in settled
    ]


def check_sequence(calls: Iterable[JitCall], *, rule: str = "gap_rule", left: Sequence[str] = LEFT) -> list[str]:
    """Judge what would be left behind by each stream's rule for a step; returns what is only to be warned of.

    Args:
        calls: what is chosen.
        rule: which rule of the stream: of packing, of the delivery or of the goods issue.
        left: states that count as on their way.

    Raises:
        SequenceGap: a stream blocks gaps; names what is missing.
    """
    warnings, blocking = [], []
    for stream, numbers in sequence_gaps(calls, left=left):
        text = _("Sequence {stream}: {numbers} would be left behind.").format(
            stream=stream, numbers=", ".join(numbers[:10])
        )
        if getattr(stream, rule) == "block":
            blocking.append((text, numbers))
        elif getattr(stream, rule) == "warn":
            warnings.append(text)
    if blocking:
        raise SequenceGap(
            " ".join(text for text, __ in blocking) + " " + _("Deliver, cancel or skip them first."),
            missing=[number for __, numbers in blocking for number in numbers],
        )
    return warnings
