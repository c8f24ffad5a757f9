"""Take calls over: check in memory, set the bad aside with reasons, write the good ones set-based.

The number of statements does not grow with the number of calls.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.demand.steps.racks import Seat, seat_groups
from milkrun.demand.steps.streams import (
    LONGEST_CODE,
    Position,
    move_to_position,
    positions_of,
    remember_last_seen,
    streams_of,
    taken_positions,
)
from milkrun.kernel import journal
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, new_public_id
from milkrun.kernel.lock import hold, lock
from milkrun.measure.quantity import trouble_with

# What the database keeps as a positive integer.
LARGEST_LINE_NO = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ComponentInput:
    """A part wanted, as the customer wrote it."""

    line_no: int
    customer_part_no: str
    qty: Decimal
    unit: str = "PCE"
    order_no: str = ""


@dataclass(frozen=True, slots=True)
class GroupInput:
    """Components that belong together, under the customer's code for the module family ("" for the only one)."""

    code: str
    components: tuple[ComponentInput, ...]


@dataclass(frozen=True, slots=True)
class CallInput:
    """A call as any door hands it over; `required_at` is an aware instant, `zone` the plant's."""

    external_no: str
    kind: str
    required_at: datetime
    groups: tuple[GroupInput, ...]
    ship_to_code: str = ""
    unloading_point: str = ""
    line_feed: str = ""
    vin: str = ""
    production_no: str = ""
    stream_code: str = ""
    sequence_text: str = ""
    required_text: str = ""
    zone: str = "UTC"
    transmission_no: str = ""
    interchange_id: int | None = None
    message_id: int | None = None

    def content_hash(self) -> str:
        """Fingerprint what the customer wants, without the way it came."""
        said = asdict(self)
        for name in ("interchange_id", "message_id", "transmission_no", "required_text"):
            del said[name]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What became of one call: created, updated, unchanged or refused (then with code and message)."""

    external_no: str
    outcome: str
    call_id: int | None = None
    public_id: str = ""
    code: str = ""
    message: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    message_id: int | None = None


def problems_of(call: CallInput) -> list[Problem]:
    """List what is impossible about a call before anything is looked up."""
    found = []
    if not call.external_no or len(call.external_no) > 80:
        found.append(Problem("external_no", "A call needs a number of 1 to 80 characters.", "number_missing"))
    if call.kind not in ("summarized", "sequenced"):
        found.append(Problem("kind", "A call is summarized or sequenced.", "kind_unknown"))
    if len(call.stream_code) > LONGEST_CODE:
        found.append(Problem("stream_code", f"Line {call.stream_code} is longer than 20.", "stream_code_long"))
    if call.required_at.tzinfo is None:
        found.append(Problem("required_at", "The required time needs a time zone.", "zone_missing"))
    if not call.groups or any(not group.components for group in call.groups):
        found.append(Problem("groups", "A call needs at least one component in each group.", "no_components"))
    for index, group in enumerate(call.groups):
        if len(group.code) > 12:
            found.append(
                Problem(f"groups[{index}].code", f"Group code {group.code} is longer than 12.", "group_code_long")
            )
        numbers = [component.line_no for component in group.components]
        if len(set(numbers)) != len(numbers):
            found.append(Problem(f"groups[{index}]", "Line numbers in a group must differ.", "line_number_twice"))
        for component in group.components:
            where = f"groups[{index}].components[{component.line_no}]"
            trouble = trouble_with(component.qty)
            if trouble:
                found.append(Problem(f"{where}.qty", f"Line {component.line_no}: {trouble}", "not_positive"))
            if not 1 <= component.line_no <= LARGEST_LINE_NO:
                found.append(Problem(where, "Lines are numbered from 1.", "line_number_impossible"))
            if not component.customer_part_no.strip() or len(component.customer_part_no) > 40:
                found.append(
                    Problem(
                        f"{where}.customer_part_no",
                        f"Line {component.line_no}: a part number of 1 to 40 characters is needed.",
                        "part_missing",
                    )
                )
    if len({group.code for group in call.groups}) != len(call.groups):
        found.append(Problem("groups", "Group codes in a call must differ.", "group_code_twice"))
    return found


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

    outcomes: dict[int, CallOutcome] = {}
    fresh: list[tuple[int, CallInput]] = []
    seen: dict[str, str] = {}
    for index, call in enumerate(calls):
        refused = _refusal(call, seen, known, positions.get(index), taken)
        old = known.get(call.external_no)
        if refused is not None:
            outcomes[index] = refused
        elif old is not None and old.content_hash == call.content_hash():
            outcomes[index] = CallOutcome(
                call.external_no, "unchanged", old.pk, old.public_id, message_id=call.message_id
            )
        elif old is not None:
            outcomes[index] = _update(old, call, matcher, positions.get(index), source, actor, at)
            if outcomes[index].outcome == "updated" and index in positions:
                taken[positions[index]] = call.external_no
        elif seen.get(call.external_no) == call.content_hash():
            outcomes[index] = CallOutcome(call.external_no, "unchanged", message_id=call.message_id)
        else:
            fresh.append((index, call))
            if index in positions:
                taken[positions[index]] = call.external_no
        seen.setdefault(call.external_no, call.content_hash())
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
    outcomes.update(_create(fresh, matcher, positions, site_id, partner_id, source, actor, at))
    written = [positions[i] for i, o in outcomes.items() if o.outcome in ("created", "updated") and i in positions]
    remember_last_seen(streams.values(), written)
    return [outcomes[index] for index in range(len(calls))]


def _refusal(
    call: CallInput,
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
    if seen.get(call.external_no, call.content_hash()) != call.content_hash():
        return CallOutcome(
            call.external_no,
            "refused",
            code="call_twice",
            message_id=call.message_id,
            message=f"Call {call.external_no} stands in this file twice with different content.",
        )
    other = taken.get(position) if position else None
    if other is not None and other != call.external_no:
        return CallOutcome(
            call.external_no,
            "refused",
            code="sequence_taken",
            message_id=call.message_id,
            message=f"Sequence number {call.sequence_text} belongs to call {other} already. "
            "Cancel that call or ask the customer for another number.",
            facts={"sequence": call.sequence_text, "held_by": other},
        )
    old = known.get(call.external_no)
    return None if old is None else _refused_change(old, call)


def _refused_change(old: JitCall, call: CallInput) -> CallOutcome | None:
    code, message = "", ""
    if old.state == "cancelled":
        code = "call_cancelled"
        message = f"Call {call.external_no} was cancelled. Have it called again under a new number."
    elif old.content_hash == call.content_hash():
        return None
    elif old.state != "created":
        code = "call_under_way"
        message = (
            f"Call {call.external_no} was changed by the customer, but it is {old.state.replace('_', ' ')} already. "
            "Agree with the customer what happens to it."
        )
    elif old.sequence_text != call.sequence_text:
        code = "sequence_changed"
        message = (
            f"Call {call.external_no} came with sequence number {call.sequence_text} instead of {old.sequence_text}. "
            "Cancel it and have it called anew."
        )
    if not code:
        return None
    return CallOutcome(
        call.external_no, "refused", old.pk, old.public_id, code=code, message=message, message_id=call.message_id
    )


def _create(
    fresh: Sequence[tuple[int, CallInput]],
    matcher: Matcher,
    positions: dict[int, Position],
    site_id: int,
    partner_id: int,
    source: str,
    actor: Actor,
    at: datetime,
) -> dict[int, CallOutcome]:
    calls = [
        JitCall(
            site_id=site_id,
            partner_id=partner_id,
            public_id=new_public_id(),
            stream_id=positions[index][0] if index in positions else None,
            position=positions[index][1] if index in positions else None,
            source=source,
            received_at=at,
            **_head(call, matcher),
        )
        for index, call in fresh
    ]
    JitCall.objects.bulk_create(calls, batch_size=2000)
    groups = [
        (ComponentGroup(site_id=site_id, call=row, code=group.code), group, call)
        for row, (_, call) in zip(calls, fresh, strict=True)
        for group in call.groups
    ]
    unmatched: dict[int, list[str]] = {}
    pairs: list[tuple[ComponentGroup, ComponentInput, Match]] = []
    for row, given, call in groups:
        for component in given.components:
            match = _match(matcher, call, component)
            pairs.append((row, component, match))
            if match.reason:
                row.matching = "unmatched"
                unmatched.setdefault(id(call), []).append(match.reason)
    ComponentGroup.objects.bulk_create([row for row, _, _ in groups], batch_size=2000)
    Component.objects.bulk_create(
        [_component(row, component, match, site_id) for row, component, match in pairs], batch_size=2000
    )
    seats = [
        Seat(row, row.call.stream_id, row.code, row.call.position)
        for row, _, _ in groups
        if row.call.stream_id is not None and row.call.position is not None
    ]
    seat_groups(seats, site_id=site_id, partner_id=partner_id)
    outcomes = {
        index: CallOutcome(
            call.external_no,
            "created",
            row.pk,
            row.public_id,
            unmatched=tuple(unmatched.get(id(call), ())),
            message_id=call.message_id,
        )
        for row, (index, call) in zip(calls, fresh, strict=True)
    }
    journal.write(
        [
            journal.Entry(
                "receive_jit_call",
                "call",
                row.pk,
                site_id=site_id,
                after="created",
                facts={"interchange": call.interchange_id, "unmatched": unmatched.get(id(call), [])},
            )
            for row, (_, call) in zip(calls, fresh, strict=True)
        ],
        actor=actor,
        at=at,
    )
    return outcomes


def _head(call: CallInput, matcher: Matcher) -> dict[str, object]:
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
        "content_hash": call.content_hash(),
        "interchange_id": call.interchange_id,
        "message_id": call.message_id,
    }


def _match(matcher: Matcher, call: CallInput, component: ComponentInput) -> Match:
    return matcher.component(
        number=component.customer_part_no,
        order_no=component.order_no,
        qty=component.qty,
        unit=component.unit,
        plant=matcher.plant(call.ship_to_code),
        plant_code=call.ship_to_code,
        dock=call.unloading_point,
    )


def _component(row: ComponentGroup, component: ComponentInput, match: Match, site_id: int) -> Component:
    return Component(
        site_id=site_id,
        group=row,
        line_no=component.line_no,
        customer_part_no=component.customer_part_no,
        order_no=component.order_no[:35],
        entered_qty=component.qty,
        entered_unit=component.unit[:3],
        part_id=match.part_id,
        agreement_id=match.agreement_id,
        qty=match.qty,
        matching_code=match.code,
        matching_reason=match.reason[:200],
    )


def _update(
    old: JitCall,
    call: CallInput,
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
            message=f"Call {call.external_no} came with other component groups than before. Cancel it and call anew.",
        )
    before = {
        f"{row.group.code}/{row.line_no}": f"{row.customer_part_no} x {row.entered_qty}"
        for row in Component.objects.filter(group__call=old).select_related("group")
    }
    unmatched: list[str] = []
    after: dict[str, str] = {}
    for code, group in wanted.items():
        matches = [(component, _match(matcher, call, component)) for component in group.components]
        reasons = [match.reason for _, match in matches if match.reason]
        Component.objects.filter(group=groups[code]).delete()
        Component.objects.bulk_create(
            [_component(groups[code], component, match, old.site_id) for component, match in matches]
        )
        ComponentGroup.objects.filter(pk=groups[code].pk).update(matching="unmatched" if reasons else "matched")
        unmatched += reasons
        after.update({f"{code}/{c.line_no}": f"{c.customer_part_no} x {c.qty}" for c in group.components})
    head = _head(call, matcher)
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
