"""Numbers of a stream that never come: they close a gap without a call."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from milkrun.demand.models import SequenceStream, SkippedNumber
from milkrun.demand.steps.streams import Position
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor


def skip_positions(
    reasons: Mapping[int, str], *, stream: SequenceStream, source: str, actor: Actor, at: datetime
) -> list[int]:
    """Skip positions of a held stream, each with its reason; returns those that were not skipped before."""
    known = set(SkippedNumber.objects.filter(stream=stream, position__in=reasons).values_list("position", flat=True))
    fresh = sorted(set(reasons) - known)
    SkippedNumber.objects.bulk_create(
        [
            SkippedNumber(
                site_id=stream.site_id, stream=stream, position=position, reason=reasons[position][:400],
                source=source, at=at, actor=actor.name[:120],
            )
            for position in fresh
        ]
    )  # fmt: skip
    journal.write(
        [
            journal.Entry(
                "skip_number", "stream", stream.pk, site_id=stream.site_id, reason=reasons[position],
                facts={"number": (position - 1) % stream.largest + 1, "position": position},
            )
            for position in fresh
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return fresh


def come_after_all(positions: Iterable[Position], *, actor: Actor, at: datetime) -> None:
    """Forget the skipping of numbers that calls have taken now."""
    wanted = set(positions)
    found = [
        row
        for row in SkippedNumber.objects.filter(
            stream_id__in={stream for stream, _ in wanted}, position__in={position for _, position in wanted}
        )
        if (row.stream_id, row.position) in wanted
    ]
    if not found:
        return
    SkippedNumber.objects.filter(pk__in=[row.pk for row in found]).delete()
    journal.write(
        [
            journal.Entry(
                "number_came", "stream", row.stream_id, site_id=row.site_id, reason=row.reason,
                facts={"position": row.position},
            )
            for row in found
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
