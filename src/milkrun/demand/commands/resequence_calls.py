"""Give calls other numbers in their sequence, with the places they left kept as history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps
from milkrun.demand.errors import CallNotUnderstood, CallUnderWay, SequenceTaken
from milkrun.demand.models import JitCall, SequenceStream
from milkrun.demand.steps import MOVABLE, CallAnswer, Claim, Position, Selection
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.spoken import spoken

__all__ = ["CallAnswer", "CallsResequenced", "Move", "resequence_calls"]

MOST = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """A call and the number that it gets in its own sequence, as the customer numbers."""

    call_id: int
    number: str


@dataclass(frozen=True, slots=True)
class CallsResequenced:
    """One answer a call: moved, unchanged or refused."""

    answers: tuple[CallAnswer, ...]


@command
def resequence_calls(
    *, moves: Sequence[Move], reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CallsResequenced:
    """Move calls in their sequence, each for itself; two of them may change places.

    A call can move until it is released for packing, where slots are fixed. Its old slot becomes empty and nobody
    else shifts.

    Args:
        moves: at most a thousand, one a call.
        reason: kept with the slot that is left.

    Raises:
        Invalid: no reason, none or too many calls, or one of them twice.
        MixedSites: the calls belong to different sites.
    """
    problems = _problems(moves, reason)
    if problems:
        raise Invalid(problems)
    numbers = {move.call_id: move.number.strip() for move in moves}
    chosen = Selection([move.call_id for move in moves])
    calls = chosen.open()
    keys = {call.stream_id for call in calls if call.stream_id}
    streams = {row.pk: row for row in lock(SequenceStream.objects.filter(pk__in=keys))}

    targets = {call.pk: target for call in calls if (target := _target(chosen, call, numbers[call.pk], streams))}
    claims = {
        key: Claim(chosen.calls[key].external_no, target, steps.place_of(chosen.calls[key]))
        for key, target in targets.items()
    }
    for key, other in steps.settle_claims(claims, steps.taken_positions(targets.values())).items():
        text = _("Sequence number {sequence_text} belongs to call {other} already. Move that call too, or cancel it.")
        chosen.refuse(chosen.calls[key], SequenceTaken.code, text.format(sequence_text=numbers[key], other=other))
    movers = chosen.open()
    before = {call.pk: call.sequence_text for call in movers}
    steps.vacate(movers, chosen.groups_of(movers), reason=reason, actor=actor, at=at)
    for call in movers:
        JitCall.objects.filter(pk=call.pk).update(sequence_text=numbers[call.pk])
        steps.give_place(call, chosen.groups_of([call]), targets[call.pk])
    steps.remember_last_seen(streams.values(), [targets[call.pk] for call in movers])
    steps.come_after_all([targets[call.pk] for call in movers], actor=actor, at=at)

    changed = {call.pk: {"sequence_text": [before[call.pk], numbers[call.pk]]} for call in movers}
    journal.write(
        [
            journal.Entry(
                "resequence_call", "call", call.pk, site_id=call.site_id, before=call.state, after=call.state,
                reason=reason, facts={"changed": changed[call.pk]},
            )
            for call in movers
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    told = [(call, changed[call.pk]) for call in movers]
    steps.tell_changes(told, asked=False, reason=reason, actor=actor, at=at)
    chosen.done(movers, "moved")
    return CallsResequenced(chosen.answers())


def _problems(moves: Sequence[Move], reason: str) -> list[Problem]:
    found = []
    if not 1 <= len(moves) <= MOST:
        found.append(Problem("moves", _("Choose from 1 to {most} calls.").format(most=MOST), "how_many"))
    if len({move.call_id for move in moves}) != len(moves):
        found.append(Problem("moves", _("A call stands in this selection twice."), "call_twice"))
    if not reason.strip():
        found.append(Problem("reason", _("Say why: the reason stands in the history."), "reason_missing"))
    return found


def _target(chosen: Selection, call: JitCall, number: str, streams: dict[int, SequenceStream]) -> Position | None:
    """Return the place of a number in the stream of a call; what cannot move is answered."""
    states = {group.state for group in chosen.groups_of([call])}
    stream = streams.get(call.stream_id or 0)
    if stream is None:
        text = _("Call {call} stands in no sequence.").format(call=call)
        chosen.refuse(call, CallNotUnderstood.code, text)
    elif not states <= set(MOVABLE) or not states:
        text = _("Call {call} is {state}: its place in the sequence is fixed.")
        chosen.refuse(call, CallUnderWay.code, text.format(call=call, state=spoken(call.state)))
    elif not steps.is_number(number) or not 1 <= int(number[:20]) <= stream.largest:
        text = _("A number of this stream is between 1 and {largest}.").format(largest=stream.largest)
        chosen.refuse(call, CallNotUnderstood.code, text)
    else:
        # Nearest to where the call stands: people mean this turn of the counter.
        target = (stream.pk, steps.place_in_stream(int(number), call.position, stream.largest))
        if target == steps.place_of(call):
            chosen.done([call], "unchanged")
            return None
        return target
    return None
