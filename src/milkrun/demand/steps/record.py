"""Take calls over: check in memory, set the bad aside with reasons, write the good ones set-based.

The number of statements does not grow with the number of calls.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.steps.answering import tell_received
from milkrun.demand.steps.create import create_calls, match_component
from milkrun.demand.steps.inputs import CallInput, CallOutcome, ComponentInput, problems_of
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.demand.steps.skips import come_after_all
from milkrun.demand.steps.streams import (
    Position,
    move_to_position,
    positions_of,
    remember_last_seen,
    streams_of,
    taken_positions,
)
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.spoken import spoken


def record_calls(
    calls: Sequence[CallInput], *, site_id: int, partner_id: int, source: str, actor: Actor, at: datetime
) -> list[CallOutcome]:
    """Store new calls, update open ones, leave unchanged ones, refuse impossible ones; one outcome each, in order.

    Args:
        calls: of one customer.
        site_id: the site that supplies them.
        partner_id: the customer.
        source: by which way they came: edi, api or manual.

    Returns:
        An outcome a call. A refused call left nothing behind; the others are written.
    """
    # Two files with the same new call must not both find it missing.
    hold("calls", partner_id)
    known = {
        row.external_no: row
        for row in lock(
            JitCall.objects.filter(
                site_id=site_id, partner_id=partner_id, external_no__in=[call.external_no for call in calls]
            )
        )
    }
    numbers = {c.customer_part_no for call in calls for group in call.groups for c in group.components}
    matcher = Matcher(partner_id, numbers, on=at.date())
    streams = streams_of(calls, matcher, site_id)
    positions = positions_of(calls, matcher, streams, known)
    taken = taken_positions(positions.values())

    hashes = [call.content_hash() for call in calls]
    outcomes: dict[int, CallOutcome] = {}
    fresh: list[tuple[int, CallInput, str]] = []
    seen: dict[str, str] = {}
    for index, call in enumerate(calls):
        content_hash = hashes[index]
        refused = _refusal(call, content_hash, seen, known, positions.get(index), taken)
        old = known.get(call.external_no)
        if refused is not None:
            outcomes[index] = refused
        elif old is not None and old.content_hash == content_hash:
            outcomes[index] = CallOutcome(
                call.external_no, "unchanged", old.pk, old.public_id, message_id=call.message_id
            )
        elif old is not None:
            outcomes[index] = _update(old, call, content_hash, matcher, positions.get(index), source, actor, at)
            if outcomes[index].outcome == "updated" and index in positions:
                taken[positions[index]] = call.external_no
        elif seen.get(call.external_no) == content_hash:
            outcomes[index] = CallOutcome(call.external_no, "unchanged", message_id=call.message_id)
        else:
            fresh.append((index, call, content_hash))
            if index in positions:
                taken[positions[index]] = call.external_no
        seen.setdefault(call.external_no, content_hash)
    changes = [
        journal.Entry(
            "refuse_change",
            "call",
            known[call.external_no].pk,
            site_id=site_id,
            reason=outcomes[index].message,
            facts={"interchange": call.interchange_id},
        )
        for index, call in enumerate(calls)
        if index in outcomes and outcomes[index].outcome == "refused" and call.external_no in known
    ]
    journal.write(changes, actor=actor, at=at)
    outcomes.update(
        create_calls(
            fresh, matcher, positions, site_id=site_id, partner_id=partner_id, source=source, actor=actor, at=at
        )
    )
    written = [positions[i] for i, o in outcomes.items() if o.outcome in ("created", "updated") and i in positions]
    remember_last_seen(streams.values(), written)
    come_after_all(written, actor=actor, at=at)
    tell_received(outcomes.values(), partner_id=partner_id, site_id=site_id, actor=actor, at=at)
    return [outcomes[index] for index in range(len(calls))]


def _refusal(
    call: CallInput,
    content_hash: str,
    seen: dict[str, str],
    known: dict[str, JitCall],
    position: Position | None,
    taken: dict[Position, str],
) -> CallOutcome | None:
    problems = problems_of(call)
    if problems:
        text = " ".join(problem.message for problem in problems)
        return CallOutcome(
            call.external_no, "refused", code="call_not_understood", message=text, message_id=call.message_id
        )
    if seen.get(call.external_no, content_hash) != content_hash:
        return CallOutcome(
            call.external_no,
            "refused",
            code="call_twice",
            message_id=call.message_id,
            message=_("Call {external_no} stands in this file twice with different content.").format(
                external_no=call.external_no
            ),
        )
    other = taken.get(position) if position else None
    if other is not None and other != call.external_no:
        return CallOutcome(
            call.external_no,
            "refused",
            code="sequence_taken",
            message_id=call.message_id,
            message=_(
                "Sequence number {sequence_text} belongs to call {other} already. Cancel that call or "
                "ask the customer for another number."
            ).format(sequence_text=call.sequence_text, other=other),
            facts={"sequence": call.sequence_text, "held_by": other},
        )
    old = known.get(call.external_no)
    return None if old is None else _refused_change(old, call, content_hash)


def _refused_change(old: JitCall, call: CallInput, content_hash: str) -> CallOutcome | None:
    code, message = "", ""
    if old.state == "cancelled":
        code = "call_cancelled"
        message = _("Call {external_no} was cancelled. Have it called again under a new number.").format(
            external_no=call.external_no
        )
    elif old.content_hash == content_hash:
        return None
    elif old.state != "created":
        code = "call_under_way"
        message = _(
            "Call {external_no} was changed by the customer, but it is {state} already. Agree with "
            "the customer what happens to it."
        ).format(external_no=call.external_no, state=spoken(old.state))
    elif old.sequence_text != call.sequence_text:
        code = "sequence_changed"
        message = _(
            "Call {external_no} came with sequence number {sequence_text} instead of "
            "{old_sequence_text}. Cancel it and have it called anew."
        ).format(external_no=call.external_no, sequence_text=call.sequence_text, old_sequence_text=old.sequence_text)
    if not code:
        return None
    return CallOutcome(
        call.external_no, "refused", old.pk, old.public_id, code=code, message=message, message_id=call.message_id
    )


def _head(call: CallInput, content_hash: str, matcher: Matcher) -> dict[str, object]:
    plant = matcher.plant(call.ship_to_code)
    return {
        "ship_to_id": plant.pk if plant else None,
        "kind": call.kind,
        "external_no": call.external_no,
        "transmission_no": call.transmission_no[:40],
        "ship_to_code": call.ship_to_code[:35],
        "unloading_point": call.unloading_point[:35],
        "line_feed": call.line_feed[:35],
        "vin": call.vin[:40],
        "production_no": call.production_no[:40],
        "stream_code": call.stream_code,
        "sequence_text": call.sequence_text[:20],
        "required_at": call.required_at,
        "required_text": call.required_text[:40],
        "zone": call.zone,
        "content_hash": content_hash,
        "interchange_id": call.interchange_id,
        "message_id": call.message_id,
    }


def _component(row: ComponentGroup, component: ComponentInput, match: Match, site_id: int) -> Component:
    return Component(
        site_id=site_id,
        group=row,
        line_no=component.line_no,
        customer_part_no=component.customer_part_no,
        order_no=component.order_no[:35],
        entered_qty=component.qty,
        entered_unit=component.unit,
        part_id=match.part_id,
        agreement_id=match.agreement_id,
        qty=match.qty,
        matching_code=match.code,
        matching_reason=match.reason[:200],
    )


def _update(
    old: JitCall,
    call: CallInput,
    content_hash: str,
    matcher: Matcher,
    position: Position | None,
    source: str,
    actor: Actor,
    at: datetime,
) -> CallOutcome:
    """Bring a call that was not released yet to what the customer wants now, group by group and line by line."""
    groups = {row.code: row for row in lock(ComponentGroup.objects.filter(call=old))}
    wanted = {group.code: group for group in call.groups}
    if set(groups) != set(wanted):
        return CallOutcome(
            call.external_no,
            "refused",
            old.pk,
            old.public_id,
            code="groups_changed",
            message_id=call.message_id,
            message=_(
                "Call {external_no} came with other component groups than before. Cancel it and call anew."
            ).format(external_no=call.external_no),
        )
    before = {
        f"{row.group.code}/{row.line_no}": f"{row.customer_part_no} x {row.entered_qty}"
        for row in Component.objects.filter(group__call=old).select_related("group")
    }
    unmatched: list[str] = []
    after: dict[str, str] = {}
    for code, group in wanted.items():
        matches = [(component, match_component(matcher, call, component)) for component in group.components]
        reasons = [match.reason for __, match in matches if match.reason]
        Component.objects.filter(group=groups[code]).delete()
        Component.objects.bulk_create(
            [_component(groups[code], component, match, old.site_id) for component, match in matches]
        )
        ComponentGroup.objects.filter(pk=groups[code].pk).update(matching="unmatched" if reasons else "matched")
        unmatched += reasons
        after.update({f"{code}/{c.line_no}": f"{c.customer_part_no} x {c.qty}" for c in group.components})
    head = _head(call, content_hash, matcher)
    JitCall.objects.filter(pk=old.pk).update(**head)
    move_to_position(old, list(groups.values()), position)
    changed = {
        key: [before.get(key), after.get(key)] for key in sorted({*before, *after}) if before.get(key) != after.get(key)
    }
    if old.required_at != call.required_at:
        changed["required_at"] = [old.required_at.isoformat(), call.required_at.isoformat()]
    journal.write(
        [
            journal.Entry(
                "update_call",
                "call",
                old.pk,
                site_id=old.site_id,
                before=old.state,
                after=old.state,
                facts={"changed": changed, "interchange": call.interchange_id, "source": source},
            )
        ],
        actor=actor,
        at=at,
    )
    return CallOutcome(
        call.external_no, "updated", old.pk, old.public_id, unmatched=tuple(unmatched), message_id=call.message_id
    )
