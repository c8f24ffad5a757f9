"""Take calls over: check in memory, set the bad aside with reasons, write the good ones set-based.

The number of statements does not grow with the number of new calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.steps.answering import tell_received
from milkrun.demand.steps.changing import as_input, change_content, differences
from milkrun.demand.steps.create import create_calls
from milkrun.demand.steps.inputs import CallInput, CallOutcome, problems_of
from milkrun.demand.steps.matching import Matcher
from milkrun.demand.steps.requests import supersede_changes
from milkrun.demand.steps.resequencing import Claim, give_place, place_of, settle_claims, vacate
from milkrun.demand.steps.skips import come_after_all
from milkrun.demand.steps.streams import (
    Position,
    positions_of,
    remember_last_seen,
    streams_of,
    taken_positions,
    unplaced,
)
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.spoken import spoken


def record_calls(
    calls: Sequence[CallInput],
    *,
    site_id: int,
    partner_id: int,
    source: str,
    actor: Actor,
    at: datetime,
    by_rule: bool = False,
) -> list[CallOutcome]:
    """Store new calls, update open ones, leave unchanged ones, refuse impossible ones; one outcome each, in order.

    Args:
        calls: of one customer.
        site_id: the site that supplies them.
        partner_id: the customer.
        source: by which way they came: edi, api, manual or portal.
        by_rule: a changed call that was released is left as it is with the outcome "under_way", for the caller to go
            on with; otherwise it is refused.

    Returns:
        An outcome a call. A refused call left nothing behind; the others are written.
    """
    # Two files with the same new call must not both find it missing.
    hold("calls", partner_id)
    known = _known(calls, site_id, partner_id)
    groups = _groups(known.values()) if known else {}
    numbers = {c.customer_part_no for call in calls for group in call.groups for c in group.components}
    matcher = Matcher(partner_id, numbers, on=at.date())
    streams = streams_of(calls, matcher, site_id)
    positions = positions_of(calls, matcher, streams, known)
    outcomes = _refused_or_unchanged(calls, known, groups, by_rule)
    taken = taken_positions(positions.values())
    outcomes |= _without_place(calls, known, positions, taken, outcomes)

    going = [index for index in range(len(calls)) if index not in outcomes]
    changed = [index for index in going if calls[index].external_no in known]
    fresh = [(index, calls[index], calls[index].content_hash()) for index in going if index not in set(changed)]
    _leave_places([(known[calls[i].external_no], positions.get(i)) for i in changed], groups, actor, at)
    for index in changed:
        old = known[calls[index].external_no]
        outcomes[index] = _update(old, groups[old.pk], calls[index], matcher, positions.get(index), source, actor, at)
    _note_refused_changes(calls, outcomes, known, site_id, actor, at)
    _supersede_wishes(outcomes.values(), source, actor, at)
    outcomes.update(
        create_calls(
            fresh, matcher, positions, site_id=site_id, partner_id=partner_id, source=source, actor=actor, at=at
        )
    )
    written = [positions[i] for i, o in outcomes.items() if o.outcome in ("created", "updated") and i in positions]
    remember_last_seen(streams.values(), written)
    come_after_all(written, actor=actor, at=at)
    for index, note in unplaced(calls, matcher, streams).items():
        outcomes[index] = replace(outcomes[index], notes=(*outcomes[index].notes, note))
    tell_received(outcomes.values(), partner_id=partner_id, site_id=site_id, actor=actor, at=at)
    return [outcomes[index] for index in range(len(calls))]


def _known(calls: Sequence[CallInput], site_id: int, partner_id: int) -> dict[str, JitCall]:
    numbers = [call.external_no for call in calls]
    rows = JitCall.objects.filter(site_id=site_id, partner_id=partner_id, external_no__in=numbers)
    return {row.external_no: row for row in lock(rows)}


def _groups(calls: Iterable[JitCall]) -> dict[int, list[ComponentGroup]]:
    """Hold the live groups of calls that are held."""
    found: dict[int, list[ComponentGroup]] = {call.pk: [] for call in calls}
    for row in lock(ComponentGroup.objects.filter(call_id__in=found).exclude(state="cancelled")):
        found[row.call_id].append(row)
    return found


def _refused_or_unchanged(
    calls: Sequence[CallInput],
    known: Mapping[str, JitCall],
    groups: Mapping[int, Sequence[ComponentGroup]],
    by_rule: bool,
) -> dict[int, CallOutcome]:
    """Answer the calls of which nothing is to be written."""
    found: dict[int, CallOutcome] = {}
    seen: dict[str, str] = {}
    for index, call in enumerate(calls):
        content_hash = call.content_hash()
        old = known.get(call.external_no)
        outcome = _impossible(call, content_hash, seen)
        if outcome is None and old is not None:
            outcome = _refused_change(old, groups[old.pk], call, content_hash, by_rule)
        if outcome is None and old is not None and old.content_hash == content_hash:
            outcome = CallOutcome(call.external_no, "unchanged", old.pk, old.public_id, message_id=call.message_id)
        elif outcome is None and seen.get(call.external_no) == content_hash:
            outcome = CallOutcome(call.external_no, "unchanged", message_id=call.message_id)
        if outcome is not None:
            found[index] = outcome
        seen.setdefault(call.external_no, content_hash)
    return found


def _impossible(call: CallInput, content_hash: str, seen: Mapping[str, str]) -> CallOutcome | None:
    problems = problems_of(call)
    if problems:
        return _refused(call, None, "call_not_understood", " ".join(problem.message for problem in problems))
    if seen.get(call.external_no, content_hash) != content_hash:
        sentence = _("Call {external_no} stands in this file twice with different content.").format(
            external_no=call.external_no
        )
        return _refused(call, None, "call_twice", sentence)
    return None


def _refused_change(
    old: JitCall, groups: Sequence[ComponentGroup], call: CallInput, content_hash: str, by_rule: bool
) -> CallOutcome | None:
    facts = {"external_no": call.external_no, "state": spoken(old.state)}
    if old.state == "cancelled":
        sentence = _("Call {external_no} was cancelled. Have it called again under a new number.")
        return _refused(call, old, "call_cancelled", sentence.format(**facts))
    if old.content_hash == content_hash:
        return None
    if any(group.state != "created" for group in groups):
        if by_rule:
            return CallOutcome(call.external_no, "under_way", old.pk, old.public_id, message_id=call.message_id)
        sentence = _(
            "Call {external_no} was changed by the customer, but it is {state} already. "
            "Agree with the customer what happens to it."
        )
        return _refused(call, old, "call_under_way", sentence.format(**facts))
    if {group.code for group in groups} != {group.code for group in call.groups}:
        sentence = _("Call {external_no} came with other component groups than before. Cancel it and call anew.")
        return _refused(call, old, "groups_changed", sentence.format(**facts))
    return None


def _without_place(
    calls: Sequence[CallInput],
    known: Mapping[str, JitCall],
    positions: Mapping[int, Position],
    taken: Mapping[Position, str],
    answered: Mapping[int, CallOutcome],
) -> dict[int, CallOutcome]:
    """Refuse calls whose number another vehicle keeps; two that change places in one file both go."""
    claims: dict[int, Claim] = {}
    for index, position in positions.items():
        old = known.get(calls[index].external_no)
        if index not in answered:
            claims[index] = Claim(calls[index].external_no, position, place_of(old) if old else None)
    found = {}
    for index, holder in settle_claims(claims, taken).items():
        call = calls[index]
        sentence = _(
            "Sequence number {sequence_text} belongs to call {other} already. "
            "Cancel that call or ask the customer for another number."
        ).format(sequence_text=call.sequence_text, other=holder)
        facts = {"sequence": call.sequence_text, "held_by": holder}
        found[index] = replace(_refused(call, None, "sequence_taken", sentence), facts=facts)
    return found


def _refused(call: CallInput, old: JitCall | None, code: str, message: str) -> CallOutcome:
    return CallOutcome(
        call.external_no, "refused", old.pk if old else None, old.public_id if old else "", code=code,
        message=message, message_id=call.message_id,
    )  # fmt: skip


def _leave_places(
    moves: Sequence[tuple[JitCall, Position | None]],
    groups: Mapping[int, Sequence[ComponentGroup]],
    actor: Actor,
    at: datetime,
) -> None:
    """Take the calls that move out of their places first: they may want each other's."""
    movers = [call for call, position in moves if place_of(call) not in (None, position)]
    reason = _("Moved in the sequence by the customer")
    vacate(movers, [group for call in movers for group in groups[call.pk]], reason=reason, actor=actor, at=at)


def _update(
    old: JitCall,
    groups: Sequence[ComponentGroup],
    call: CallInput,
    matcher: Matcher,
    position: Position | None,
    source: str,
    actor: Actor,
    at: datetime,
) -> CallOutcome:
    """Bring a call that was not released yet to what the customer wants now, group by group and line by line."""
    before = as_input(old, groups, Component.objects.filter(group__in=groups))
    unmatched = change_content(old, groups, call, matcher, heard=call.content_hash())
    if place_of(old) != position:
        give_place(old, groups, position)
    facts = {"changed": differences(before, call), "interchange": call.interchange_id, "source": source}
    entry = journal.Entry(
        "update_call", "call", old.pk, site_id=old.site_id, before=old.state, after=old.state, facts=facts
    )
    journal.write([entry], actor=actor, at=at)
    return CallOutcome(
        call.external_no, "updated", old.pk, old.public_id, unmatched=unmatched, message_id=call.message_id
    )


def _supersede_wishes(outcomes: Iterable[CallOutcome], source: str, actor: Actor, at: datetime) -> None:
    """Close wishes for a change that the customer took back by calling as before, or overtook."""
    said = {outcome.call_id: outcome.outcome for outcome in outcomes if outcome.call_id is not None}
    answered = [key for key, word in said.items() if word == "updated" or (word == "unchanged" and source == "edi")]
    supersede_changes(
        answered, lambda wish: said[wish.call_id] == "updated" or wish.source == source, actor=actor, at=at
    )


def _note_refused_changes(
    calls: Sequence[CallInput],
    outcomes: Mapping[int, CallOutcome],
    known: Mapping[str, JitCall],
    site_id: int,
    actor: Actor,
    at: datetime,
) -> None:
    entries = [
        journal.Entry(
            "refuse_change", "call", known[calls[index].external_no].pk, site_id=site_id, reason=outcome.message,
            facts={"interchange": calls[index].interchange_id},
        )
        for index, outcome in sorted(outcomes.items())
        if outcome.outcome == "refused" and calls[index].external_no in known
    ]  # fmt: skip
    journal.write(entries, actor=actor, at=at)
