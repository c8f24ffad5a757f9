"""Find what a load would leave behind in its sequence."""

from collections.abc import Iterable, Sequence

from django.db.models import Max, Min

from milkrun.demand.models import JitCall, SequenceStream

LEFT = ("on_delivery", "issued", "billed", "completed")


def sequence_gaps(calls: Iterable[JitCall]) -> list[tuple[SequenceStream, list[str]]]:
    """List, by stream, the numbers before the last chosen one that are neither chosen, on a delivery nor cancelled.

    Counting starts after the highest position that left before; in a stream's first load, at the lowest known one.
    """
    by_stream: dict[int, list[int]] = {}
    for call in calls:
        if call.stream_id is not None and call.position is not None:
            by_stream.setdefault(call.stream_id, []).append(call.position)
    found = []
    for stream in SequenceStream.objects.filter(pk__in=by_stream).order_by("pk"):
        missing = _missing(stream, by_stream[stream.pk])
        if missing:
            found.append((stream, missing))
    return found


def _missing(stream: SequenceStream, chosen: Sequence[int]) -> list[str]:
    last = max(chosen)
    upto = JitCall.objects.filter(stream=stream, position__lte=last)
    behind = upto.exclude(state__in=(*LEFT, "cancelled")).aggregate(first=Min("position"))["first"]
    left = upto.filter(state__in=LEFT).aggregate(last=Max("position"))["last"]
    start = min(chosen) if left is None else left + 1
    start = min(start, *chosen) if behind is None else min(start, behind, *chosen)
    settled = set(upto.filter(position__gte=start, state__in=(*LEFT, "cancelled")).values_list("position", flat=True))
    return [
        str((position - 1) % stream.largest + 1)
        for position in range(start, last)
        if position not in chosen and position not in settled
    ]
