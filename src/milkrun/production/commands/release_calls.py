"""Release calls to production: reserve finished stock where it is, make jobs for the rest.

Each call is answered for itself: what cannot be released is told, the others go on. Sequenced calls are made in call
order by rack, one job a rack; summarised calls by part, one job a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, JitCall
from milkrun.demand.steps import CallAnswer, Selection, at_step, sequence_gaps, way_out
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken
from milkrun.production.steps import JobMade, release_groups

__all__ = ["CallAnswer", "CallsReleased", "JobMade", "release_calls"]


@dataclass(frozen=True, slots=True)
class CallsReleased:
    """One answer a call, the jobs that were made, and the calls that are served from stock and need none."""

    answers: tuple[CallAnswer, ...]
    jobs: tuple[JobMade, ...]
    ready_calls: tuple[int, ...]


@command
def release_calls(
    *, call_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> CallsReleased:
    """Release the calls of a selection that can be released: set-based, but those with a bought part each on its own.

    A bought part may be short, so these go first, in their sequence: what stands behind one that stays is held or
    warned of as its stream says.

    Raises:
        MixedSites: the calls belong to different sites.
    """
    chosen = Selection(call_ids)
    _set_aside(chosen)
    warnings = _hold_at_gaps(chosen)
    jobs: list[JobMade] = []
    ready: list[int] = []
    for batch in _batches(chosen.open()):
        calls = [call for call in batch if chosen.waits(call)]
        made, served = _release(chosen, calls, warnings, actor, at) if calls else ([], ())
        jobs += made
        ready += served
        if calls and not (made or served):
            # What was refused stays behind, so whatever stands after it is judged anew.
            warnings |= _hold_at_gaps(chosen)

    answers = chosen.answers()
    entries = [
        journal.Entry("warn_of_gap", "call", one.call_id, site_id=chosen.calls[one.call_id].site_id, reason=one.message)
        for one in answers
        if one.done and one.message
    ]
    journal.write(entries, actor=actor, at=at)
    return CallsReleased(answers, tuple(jobs), tuple(sorted(ready)))


def _batches(calls: Sequence[JitCall]) -> list[list[JitCall]]:
    """Put calls with a bought part first, each alone and in their sequence, and all others together behind them."""
    parts = Component.objects.filter(group__call__in=calls, part__made_here=False)
    bought = set(parts.values_list("group__call_id", flat=True))
    alone = sorted((call for call in calls if call.pk in bought), key=lambda call: call.position or 0)
    return [*([call] for call in alone), [call for call in calls if call.pk not in bought]]


def _set_aside(chosen: Selection) -> None:
    reasons = _reasons(chosen.open())
    for call in chosen.open():
        groups = at_step(chosen.groups_of([call]), "release")
        if call.held:
            chosen.refuse(call, "call_held", _("Call {call} is on hold. Resume it first.").format(call=call))
        elif not groups or any(group.state != "created" for group in groups):
            sentence = _("Call {call} is {state}: it was released.")
            chosen.refuse(call, "illegal_move", sentence.format(call=call, state=spoken(call.state)))
        elif any(group.matching == "unmatched" for group in groups):
            sentence = _("Call {call} has a part, plant or dock that is not known here.")
            why = " ".join(list(dict.fromkeys(reasons.get(call.pk, [])))[:5])
            chosen.refuse(call, "call_unmatched", " ".join(filter(None, [sentence.format(call=call), why])))


def _reasons(calls: Sequence[JitCall]) -> dict[int, list[str]]:
    """List, by call, what its components lack."""
    rows = Component.objects.filter(group__call__in=calls).exclude(matching_reason="").order_by("group_id", "line_no")
    found: dict[int, list[str]] = {}
    for call_id, reason in rows.values_list("group__call_id", "matching_reason"):
        found.setdefault(call_id, []).append(reason)
    return found


def _hold_at_gaps(chosen: Selection) -> dict[int, str]:
    """Refuse what stands behind a gap where the stream says so; returns warnings where it only warns."""
    calls = chosen.open()
    warnings: dict[int, str] = {}
    for gap in sequence_gaps(calls, rule="release_rule"):
        behind = [call for call in calls if call.stream_id == gap.stream.pk and (call.position or 0) > gap.positions[0]]
        for call in behind:
            if gap.stream.release_rule == "block":
                chosen.refuse(call, "sequence_gap", " ".join([gap.sentence(), way_out()]))
            else:
                warnings[call.pk] = gap.sentence()
    return warnings


def _release(
    chosen: Selection, calls: list[JitCall], warnings: dict[int, str], actor: Actor, at: datetime
) -> tuple[list[JobMade], tuple[int, ...]]:
    try:
        with transaction.atomic():
            jobs, ready = release_groups(at_step(chosen.groups_of(calls), "release"), actor=actor, at=at)
    except Refusal as refusal:
        for call in calls:
            chosen.refuse(call, refusal.code, refusal.message)
        return [], ()
    chosen.done(calls, "released", warnings)
    return jobs, ready
