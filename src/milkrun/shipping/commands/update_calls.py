"""Change calls, before their release freely and after it by the customer's rule, with what differs kept and told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from milkrun.demand import steps as demand_steps
from milkrun.demand.errors import CallNotUnderstood, CallUnderWay
from milkrun.demand.models import CallRequest, JitCall
from milkrun.demand.steps import CallAnswer, CallInput, ComponentInput, Selection
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken
from milkrun.shipping.steps import Held
from milkrun.shipping.steps.changing import Change, carry_out, changes_of

__all__ = ["CallAnswer", "CallChange", "CallsUpdated", "LineChange", "update_calls"]

MOST = 1000


@dataclass(frozen=True, slots=True)
class LineChange:
    """What changes in one line of a call; None leaves it as it is."""

    group_code: str
    line_no: int
    qty: Decimal | None = None
    customer_part_no: str | None = None


@dataclass(frozen=True, slots=True)
class CallChange:
    """What changes in one call; None leaves it as it is. `wanted` is the whole new content instead, as EDI sends it."""

    call_id: int
    required_at: datetime | None = None
    unloading_point: str | None = None
    line_feed: str | None = None
    sequence_text: str | None = None
    lines: tuple[LineChange, ...] = ()
    wanted: CallInput | None = None


@dataclass(frozen=True, slots=True)
class CallsUpdated:
    """One answer a call: updated, asked (a planner decides), unchanged or refused."""

    answers: tuple[CallAnswer, ...]


@command
def update_calls(
    *,
    changes: Sequence[CallChange],
    reason: str,
    source: str,
    actor: Actor,
    at: datetime,
    interchange_id: int | None = None,
    request: Request | None = None,
) -> CallsUpdated:
    """Change calls of one site, each for itself, and tell everybody whom it affects what differs.

    A call that was released is changed by the rule for its state and sequence. What the rule leaves to a planner waits
    for one as a request; a planner's own change is that decision. Other parts or quantities of released goods make a
    successor in the same slot that is released anew, and what was made for the old one is free.

    Args:
        changes: at most a thousand, one a call.
        reason: kept in the history; EDI needs none.
        source: edi, api or manual.

    Raises:
        Invalid: no reason, none or too many calls, or one of them twice.
        MixedSites: the calls belong to different sites.
    """
    wishes = {change.call_id: change for change in changes}
    problems = _problems(changes, reason, source)
    if problems:
        raise Invalid(problems)
    held = Held(tuple(wishes))
    chosen = Selection([change.call_id for change in changes])
    wanted = changes_of(
        chosen,
        lambda call, now: _merged(call, now, wishes[call.pk]),
        heard=lambda call, after: after.content_hash() if source == "edi" else call.content_hash,
        source=source,
        at=at,
    )

    allowed, asked = _by_rule(chosen, wanted, source)
    fresh = [change for change in asked if _ask(change, reason, source, interchange_id, actor, at)]
    done = carry_out(
        held, chosen, allowed, source=source, reason=reason, actor=actor, at=at, interchange_id=interchange_id
    )

    chosen.done([change.call for change in asked], "asked")
    chosen.done([change.call for change in done], "updated")
    _supersede(chosen.answers(), done, source, actor, at)
    demand_steps.tell_changes(
        [(change.call, change.changed) for change in fresh], asked=True, reason=reason, actor=actor, at=at
    )
    return CallsUpdated(chosen.answers())


def _problems(changes: Sequence[CallChange], reason: str, source: str) -> list[Problem]:
    found = []
    if not 1 <= len(changes) <= MOST:
        found.append(Problem("changes", _("Choose from 1 to {most} calls.").format(most=MOST), "how_many"))
    if len({change.call_id for change in changes}) != len(changes):
        found.append(Problem("changes", _("A call stands in this selection twice."), "call_twice"))
    if source != "edi" and not reason.strip():
        found.append(Problem("reason", _("Say why: the reason stands in the history."), "reason_missing"))
    return found


def _merged(call: JitCall, now: CallInput, wish: CallChange) -> CallInput:
    if wish.wanted is not None:
        return wish.wanted
    heads = {
        name: value
        for name in ("required_at", "unloading_point", "line_feed", "sequence_text")
        if (value := getattr(wish, name)) is not None
    }
    if "required_at" in heads:
        heads["required_text"] = ""
    wanted = replace(now, **heads)
    for line in wish.lines:
        wanted = _with_line(wanted, line)
    return wanted


def _with_line(wanted: CallInput, line: LineChange) -> CallInput:
    rows = [row for group in wanted.groups if group.code == line.group_code for row in group.components]
    if line.line_no not in {row.line_no for row in rows}:
        facts = {"line": line.line_no, "group": line.group_code or "-"}
        text = _("The call has no line {line} in group {group}.").format(**facts)
        raise CallNotUnderstood([Problem("lines", text, "no_such_line")])
    changed = [_line(row, line) if row.line_no == line.line_no else row for row in rows]
    return demand_steps.with_lines(wanted, line.group_code, changed)


def _line(row: ComponentInput, line: LineChange) -> ComponentInput:
    return replace(
        row,
        qty=row.qty if line.qty is None else line.qty,
        customer_part_no=line.customer_part_no or row.customer_part_no,
    )


def _by_rule(chosen: Selection, changes: Sequence[Change], source: str) -> tuple[list[Change], list[Change]]:
    """Tell what is changed at once from what a planner decides; the rest is refused."""
    groups = [group for change in changes for group in change.groups]
    rules = demand_steps.change_rules([change.call for change in changes], groups)
    allowed: list[Change] = []
    asked: list[Change] = []
    for change in changes:
        rule, state = rules[change.call.pk]
        if rule == "ask" and source == "manual":
            rule = "allow"
        if rule == "refuse":
            text = _("Call {call} is {state}: this customer's rule refuses changes then. See the rules for calls.")
            facts = {"call": change.call, "state": spoken(state)}
            chosen.refuse(change.call, CallUnderWay.code, text.format(**facts))
        else:
            (allowed if rule == "allow" else asked).append(change)
    return allowed, asked


def _supersede(answers: Sequence[CallAnswer], done: Sequence[Change], source: str, actor: Actor, at: datetime) -> None:
    """Close the wishes that are overtaken: by the customer's newer word, or by a change of the same things."""
    touched = {change.call.pk: change.changed.keys() for change in done}
    newer = {answer.call_id for answer in answers if answer.outcome == "unchanged" and source == "edi"}

    def overtaken(wish: CallRequest) -> bool:
        if source == "edi":
            return wish.source == "edi" or wish.call_id in touched
        return bool(touched[wish.call_id] & wish.changed.keys())

    demand_steps.supersede_changes({*touched, *newer}, overtaken, actor=actor, at=at)


def _ask(change: Change, reason: str, source: str, interchange_id: int | None, actor: Actor, at: datetime) -> bool:
    """Keep a wish for a planner; tells whether it is a new one. A newer wish takes the place of an older one."""
    content_hash = change.wanted.content_hash()
    known = CallRequest.objects.filter(call=change.call, kind="change", state="open").first()
    if known is not None and known.content_hash == content_hash:
        return False
    if known is not None:
        demand_steps.decide(known, "supersede", note="", actor=actor, at=at)
    CallRequest.objects.create(
        site_id=change.call.site_id, call=change.call, kind="change", reason=reason[:400], source=source,
        wanted=TypeAdapter(CallInput).dump_python(change.wanted, mode="json"), changed=change.changed,
        content_hash=content_hash, interchange_id=interchange_id, asked_at=at, asked_by=actor.name[:120],
    )  # fmt: skip
    return True
