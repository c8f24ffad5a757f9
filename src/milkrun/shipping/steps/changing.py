"""Bring calls under way to what is wanted now, as far as their goods, jobs and deliveries allow it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.errors import CallGone, CallNotUnderstood, CallUnderWay, CallUnmatched, SequenceTaken
from milkrun.demand.models import Component, ComponentGroup, JitCall, SequenceStream
from milkrun.demand.steps import CallInput, Claim, Difference, Matcher, Position, Selection
from milkrun.demand.steps.inputs import problems_of
from milkrun.kernel import journal
from milkrun.kernel.errors import Problem, Refusal
from milkrun.kernel.identity import Actor
from milkrun.production.models import Job
from milkrun.production.states import LIVE_JOBS
from milkrun.shipping.models import Delivery
from milkrun.shipping.steps.retire import Held, retire

GONE = ("issued", "billed", "completed")
AHEAD = timedelta(days=5 * 366)
# Where a rack goes with all its calls, and with the line feed where a call goes.
WAYS = ("ship_to_code", "unloading_point")
PLACES = (*WAYS, "line_feed")


@dataclass(frozen=True, slots=True)
class Change:
    """A call that is held, what it wants now and what it is to want, with the difference.

    `heard` is the fingerprint of the customer's last word.
    """

    call: JitCall
    groups: tuple[ComponentGroup, ...]
    before: CallInput
    wanted: CallInput
    changed: Difference
    heard: str

    @property
    def families(self) -> set[str]:
        """Name the families whose parts differ."""
        return {name.rpartition("/")[0] for name in self.changed if "/" in name}


def changes_of(
    chosen: Selection,
    wanted: Callable[[JitCall, CallInput], CallInput],
    *,
    heard: Callable[[JitCall, CallInput], str],
    source: str,
    at: datetime,
) -> list[Change]:
    """Put the open calls of a selection beside what is wanted of them; what cannot be is refused there.

    Args:
        chosen: its calls are held.
        wanted: makes of a call and its content the new one; may refuse.
        heard: tells of a call and its new content the fingerprint of the customer's last word.
        source: where the wish comes from; people and systems of ours name no time that has passed.
        at: now.
    """
    calls = chosen.open()
    live = {call.pk: tuple(chosen.groups_of([call])) for call in calls}
    rows: dict[int, list[Component]] = {}
    keys = [group.pk for groups in live.values() for group in groups]
    for row in Component.objects.filter(group_id__in=keys).select_related("group"):
        rows.setdefault(row.group.call_id, []).append(row)
    found = []
    for call in calls:
        before = demand_steps.as_input(call, live[call.pk], rows.get(call.pk, ()))
        try:
            _refuse_over(call, live[call.pk])
            after = wanted(call, before)
            problems = problems_of(after)
            if problems:
                raise CallNotUnderstood(problems)
            changed = demand_steps.differences(before, after)
            change = Change(call, live[call.pk], before, after, changed, heard(call, after))
            if change.changed:
                _refuse_impossible(change, source, at)
        except Refusal as refusal:
            chosen.refuse(call, refusal.code, refusal.message)
            continue
        if change.changed:
            found.append(change)
        else:
            JitCall.objects.filter(pk=call.pk).update(content_hash=change.heard)
            chosen.done([call], "unchanged")
    return found


def _refuse_over(call: JitCall, groups: Sequence[ComponentGroup]) -> None:
    states = {group.state for group in groups}
    if not states:
        raise CallGone(
            _("Call {external_no} was cancelled. Have it called again under a new number.").format(
                external_no=call.external_no
            )
        )
    if states & set(GONE):
        text = _("Goods of call {call} have left: it is not changed any more. Agree on a return or another call.")
        raise CallUnderWay(text.format(call=call))
    if "cancel_requested" in states:
        raise CallUnderWay(_("The customer wants call {call} cancelled. Decide that first.").format(call=call))


def _refuse_impossible(change: Change, source: str, at: datetime) -> None:
    problems = []
    if source != "edi" and "required_at" in change.changed:
        if change.wanted.required_at <= at:
            problems.append(Problem("required_at", _("The required time has passed already."), "time_passed"))
        elif change.wanted.required_at > at + AHEAD:
            problems.append(Problem("required_at", _("The required time is more than five years ahead."), "time_far"))
    if problems:
        raise CallNotUnderstood(problems)
    _refuse_state(change)


def carry_out(
    held: Held,
    chosen: Selection,
    changes: Sequence[Change],
    *,
    source: str,
    reason: str,
    actor: Actor,
    at: datetime,
    interchange_id: int | None = None,
) -> list[Change]:
    """Write changes, each for itself; returns those that were written, the others are refused in the selection.

    Two calls of one selection may change places in their sequence.
    """
    if not changes:
        return []
    first = changes[0].call
    numbers = {c.customer_part_no for change in changes for group in change.wanted.groups for c in group.components}
    matchers = {
        partner_id: Matcher(partner_id, numbers, on=at.date())
        for partner_id in sorted({change.call.partner_id for change in changes})
    }
    fit = _known_here(chosen, changes, matchers)
    places: dict[int, Position] = {}
    streams: list[SequenceStream] = []
    for partner_id, matcher in matchers.items():
        mine = [change for change in fit if change.call.partner_id == partner_id]
        inputs = [change.wanted for change in mine]
        found = demand_steps.streams_of(inputs, matcher, first.site_id)
        streams += found.values()
        known = {change.call.external_no: change.call for change in mine}
        positions = demand_steps.positions_of(inputs, matcher, found, known)
        places |= {mine[index].call.pk: position for index, position in positions.items()}
    fit = _with_place(chosen, fit, places)
    old = {change.call.pk: demand_steps.place_of(change.call) for change in fit}
    movers = [change for change in fit if old[change.call.pk] != places.get(change.call.pk)]
    groups = [group for change in movers for group in change.groups]
    demand_steps.vacate([change.call for change in movers], groups, reason=reason, actor=actor, at=at)

    done = []
    for change in fit:
        try:
            with transaction.atomic():
                _apply(held, change, matchers[change.call.partner_id], reason=reason, actor=actor, at=at)
        except Refusal as refusal:
            chosen.refuse(change.call, refusal.code, refusal.message)
            continue
        done.append(change)
    went = {change.call.pk: places[change.call.pk] for change in done if change.call.pk in places}
    written = list(went.values())
    stays = {key: place for key, place in old.items() if place not in written}
    for change in movers:
        place = went.get(change.call.pk) or stays.get(change.call.pk)
        demand_steps.give_place(change.call, _live(change.call), place)
    demand_steps.remember_last_seen(streams, written)
    demand_steps.come_after_all(written, actor=actor, at=at)
    _note(done, source, reason, interchange_id, actor, at)
    demand_steps.tell_changes(
        [(change.call, change.changed) for change in done], asked=False, reason=reason, actor=actor, at=at
    )
    return done


def _live(call: JitCall) -> list[ComponentGroup]:
    return list(ComponentGroup.objects.filter(call=call).exclude(state="cancelled"))


def _known_here(chosen: Selection, changes: Sequence[Change], matchers: Mapping[int, Matcher]) -> list[Change]:
    """Refuse what names parts, places or orders that are not known; only an unreleased call may wait for that."""
    fit = []
    for change in changes:
        under_way = any(group.state != "created" for group in change.groups)
        reasons = unknown_in(change.wanted, matchers[change.call.partner_id]) if under_way else []
        if reasons:
            chosen.refuse(change.call, CallUnmatched.code, " ".join(reasons))
        else:
            fit.append(change)
    return fit


def unknown_in(wanted: CallInput, matcher: Matcher) -> list[str]:
    """List what of a content is not known here."""
    matches = [
        demand_steps.match_component(matcher, wanted, component)
        for group in wanted.groups
        for component in group.components
    ]
    return list(dict.fromkeys(match.reason for match in matches if match.reason))


def _with_place(chosen: Selection, changes: Sequence[Change], places: Mapping[int, Position]) -> list[Change]:
    """Refuse what would lose its place, by a number that is none or one that another call keeps."""
    for change in changes:
        stream = change.call.stream if {"sequence_text", "stream_code"} & change.changed.keys() else None
        if stream is not None and change.call.position and change.call.pk not in places:
            text = _("A number of this stream is between 1 and {largest}.").format(largest=stream.largest)
            chosen.refuse(change.call, CallNotUnderstood.code, text)
    claims = {
        change.call.pk: Claim(change.call.external_no, places[change.call.pk], demand_steps.place_of(change.call))
        for change in changes
        if change.call.pk in places
    }
    lost = demand_steps.settle_claims(claims, demand_steps.taken_positions(places.values()))
    for change in changes:
        if change.call.pk in lost:
            text = _(
                "Sequence number {sequence_text} belongs to call {other} already. "
                "Cancel that call or ask the customer for another number."
            ).format(sequence_text=change.wanted.sequence_text, other=lost[change.call.pk])
            chosen.refuse(change.call, SequenceTaken.code, text)
    left = {call.pk for call in chosen.open()}
    return [change for change in changes if change.call.pk in left]


def _note(
    done: Sequence[Change], source: str, reason: str, interchange_id: int | None, actor: Actor, at: datetime
) -> None:
    journal.write(
        [
            journal.Entry(
                "update_call", "call", change.call.pk, site_id=change.call.site_id, reason=reason,
                facts={"changed": change.changed, "source": source, "interchange": interchange_id},
            )
            for change in done
        ],
        actor=actor,
        at=at,
    )  # fmt: skip


def _refuse_state(change: Change) -> None:
    """Refuse what the state of a call does not allow, whoever asks for it.

    Raises:
        CallNotUnderstood: its kind, its families, its number in the sequence or its place cannot change any more.
    """
    problems = []
    if change.before.kind != change.wanted.kind:
        problems.append(Problem("kind", _("A call does not change its kind."), "kind_changed"))
    if {group.code for group in change.before.groups} != {group.code for group in change.wanted.groups}:
        text = _("Call {external_no} came with other component groups than before. Cancel it and call anew.")
        problems.append(Problem("groups", text.format(external_no=change.call.external_no), "groups_changed"))
    states = {group.state for group in change.groups}
    if {"sequence_text", "stream_code"} & change.changed.keys() and states - set(demand_steps.MOVABLE):
        text = _("Call {call} is in packing: its place in the sequence is fixed.").format(call=change.call)
        problems.append(Problem("sequence_text", text, "place_fixed"))
    if set(PLACES) & change.changed.keys() and "on_delivery" in states:
        text = _("Call {call} is on a delivery: take it off before its place changes.").format(call=change.call)
        problems.append(Problem("unloading_point", text, "on_delivery"))
    elif set(WAYS) & change.changed.keys() and change.call.stream_id and states - set(demand_steps.MOVABLE):
        text = _("Call {call} is in packing: plant and unloading point are fixed, its whole rack goes there.")
        problems.append(Problem("unloading_point", text.format(call=change.call), "place_fixed"))
    if problems:
        raise CallNotUnderstood(problems)


def _apply(held: Held, change: Change, matcher: Matcher, *, reason: str, actor: Actor, at: datetime) -> None:
    """Write a change: parts of released groups by a successor that is released anew, everything else in place.

    Its place in the sequence is given by the caller.

    Raises:
        AnnouncedBefore: its delivery was announced and withdrawn, and carries other calls.
    """
    under_way = [group for group in change.groups if group.state != "created"]
    replaced = [group for group in under_way if group.code in change.families]
    for old in replaced:
        _replace(held, old, change, matcher, reason, actor, at)
    kept = [group for group in change.groups if group not in replaced]
    demand_steps.change_content(change.call, kept, change.wanted, matcher, heard=change.heard)
    if "required_at" in change.changed:
        _move_dates(change.call)


def _replace(
    held: Held, old: ComponentGroup, change: Change, matcher: Matcher, reason: str, actor: Actor, at: datetime
) -> None:
    new = demand_steps.replace_group(old)
    retire(held, [old], reason=reason, actor=actor, at=at)
    demand_steps.advance(
        [old], "replace", action="replace_group", actor=actor, at=at, reason=reason,
        packing="none", picking="none", delivery="none",
    )  # fmt: skip
    (group,) = [group for group in change.wanted.groups if group.code == old.code]
    demand_steps.write_parts(new, group, change.wanted, matcher)
    demand_steps.take_seat(new)


def _move_dates(call: JitCall) -> None:
    """Let jobs and deliveries follow the earliest time that one of their calls is required."""
    jobs = Job.objects.filter(lines__component__group__call=call, state__in=LIVE_JOBS).distinct()
    for job in jobs.order_by("pk"):
        due = _earliest(ComponentGroup.objects.filter(components__jobline__job=job))
        if due is not None and due != job.due_at:
            Job.objects.filter(pk=job.pk).update(due_at=due)
    deliveries = Delivery.objects.filter(lines__component__group__call=call, state__in=("open", "picked")).distinct()
    for delivery in deliveries.order_by("pk"):
        due = _earliest(ComponentGroup.objects.filter(components__deliveryline__delivery=delivery))
        if due is not None and due != delivery.due_at:
            Delivery.objects.filter(pk=delivery.pk).update(due_at=due)


def _earliest(groups: Iterable[ComponentGroup]) -> datetime | None:
    found = ComponentGroup.objects.filter(pk__in=[group.pk for group in groups]).exclude(state="cancelled")
    return found.aggregate(first=Min("call__required_at"))["first"]  # type: ignore[no-any-return]
