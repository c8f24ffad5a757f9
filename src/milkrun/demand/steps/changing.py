"""Change what a call wants: the difference in words, and the writing of it in place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from milkrun.demand.models import CallRule, ChangeRule, Component, ComponentGroup, JitCall
from milkrun.demand.states import CHANGE_RULES
from milkrun.demand.steps.create import match_component
from milkrun.demand.steps.inputs import CallInput, ComponentInput, GroupInput
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import moment

# What people call them, for histories and letters.
WORDS = {
    "required_at": _("required"),
    "ship_to_code": _("plant"),
    "unloading_point": _("unloading point"),
    "line_feed": _("line feed"),
    "vin": _("VIN"),
    "production_no": _("production number"),
    "stream_code": _("sequence"),
    "sequence_text": _("sequence number"),
}
# What a change may touch besides the parts; the names are the columns' and the input's.
FIELDS = ("ship_to_code", "unloading_point", "line_feed", "vin", "production_no", "stream_code", "sequence_text")
Difference = dict[str, list[Any]]


def as_input(call: JitCall, groups: Iterable[ComponentGroup], components: Iterable[Component]) -> CallInput:
    """Return what a call wants now, in the shape in which doors hand it over."""
    lines: dict[int, list[ComponentInput]] = {}
    for row in sorted(components, key=lambda row: row.line_no):
        lines.setdefault(row.group_id, []).append(
            ComponentInput(row.line_no, row.customer_part_no, row.entered_qty, row.entered_unit, row.order_no)
        )
    return CallInput(
        external_no=call.external_no,
        kind=call.kind,
        required_at=call.required_at,
        required_text=call.required_text,
        zone=call.zone,
        transmission_no=call.transmission_no,
        interchange_id=call.interchange_id,
        message_id=call.message_id,
        groups=tuple(
            GroupInput(group.code, tuple(lines.get(group.pk, ())))
            for group in sorted(groups, key=lambda group: group.pk)
            if group.state != "cancelled"
        ),
        **{name: getattr(call, name) for name in FIELDS},
    )


def differences(old: CallInput, new: CallInput) -> Difference:
    """List what differs between two contents of one call: field -> [old, new]; a part as "family/line"."""
    changed: Difference = {}
    if old.required_at != new.required_at:
        changed["required_at"] = [old.required_at.isoformat(), new.required_at.isoformat()]
    for name in FIELDS:
        if getattr(old, name) != getattr(new, name):
            changed[name] = [getattr(old, name), getattr(new, name)]
    before, after = _parts(old), _parts(new)
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            changed[key] = [before.get(key), after.get(key)]
    return changed


def _parts(call: CallInput) -> dict[str, str]:
    return {
        f"{group.code}/{row.line_no}": " ".join(
            filter(None, [row.customer_part_no, "x", f"{from_micro(to_micro(row.qty))}", row.unit, row.order_no])
        )
        for group in call.groups
        for row in group.components
    }


def with_difference(now: CallInput, wanted: CallInput, names: Collection[str]) -> CallInput:
    """Return a content with what is named as in a difference taken from another one; the rest stays as it is."""
    heads = {name: getattr(wanted, name) for name in FIELDS if name in names}
    if "required_at" in names:
        heads |= {name: getattr(wanted, name) for name in ("required_at", "required_text", "zone")}
    came = {name: getattr(wanted, name) for name in ("transmission_no", "interchange_id", "message_id")}
    lines = {(group.code, row.line_no): row for group in now.groups for row in group.components}
    theirs = {(group.code, row.line_no): row for group in wanted.groups for row in group.components}
    for key in {*lines, *theirs}:
        if f"{key[0]}/{key[1]}" in names:
            lines.pop(key, None)
            lines |= {key: theirs[key]} if key in theirs else {}
    codes = dict.fromkeys([*(group.code for group in now.groups), *(code for code, _line_no in lines)])
    groups = tuple(GroupInput(code, tuple(lines[key] for key in sorted(lines) if key[0] == code)) for code in codes)
    return replace(now, groups=groups, **heads, **came)


def worded(changed: Mapping[str, Sequence[Any]], zone: str) -> tuple[tuple[str, str, str], ...]:
    """Turn a difference into (field, old, new) as people read it; what was not there is empty."""
    found = []
    for name, (old, new) in sorted(changed.items()):
        if name == "required_at":
            old, new = (moment(datetime.fromisoformat(at), zone) if at else "" for at in (old, new))
        found.append((str(WORDS.get(name, name)), str(old or ""), str(new or "")))
    return tuple(found)


def change_rules(calls: Iterable[JitCall], groups: Iterable[ComponentGroup]) -> dict[int, tuple[str, str]]:
    """Tell by call what becomes of a change now (allow, ask or refuse), and the state of which this is the rule.

    The closest rule of a state counts, and of several groups the strictest. What was not released changes freely.

    Args:
        calls: that are to change.
        groups: their live groups.
    """
    calls = list(calls)
    states: dict[int, set[str]] = {}
    for group in groups:
        if group.state != "created":
            states.setdefault(group.call_id, set()).add(group.state)
    partners = {call.partner_id for call in calls}
    wide = dict(CallRule.objects.filter(partner__in=partners).values_list("partner_id", "change_after_release"))
    close = {
        (row.partner_id, row.stream_id, row.state): row.rule for row in ChangeRule.objects.filter(partner__in=partners)
    }

    def rule_of(call: JitCall, state: str) -> str:
        own = close.get((call.partner_id, call.stream_id, state)) or close.get((call.partner_id, None, state))
        return own or wide.get(call.partner_id, "refuse")

    return {
        call.pk: max(
            ((rule_of(call, state), state) for state in sorted(states.get(call.pk, ()))),
            key=lambda found: CHANGE_RULES.index(found[0]),
            default=("allow", "created"),
        )
        for call in calls
    }


def head_of(call: CallInput, content_hash: str, matcher: Matcher) -> dict[str, object]:
    """Return the columns of a call that its content decides."""
    plant = matcher.plant(call.ship_to_code)
    return {
        "ship_to_id": plant.pk if plant else None,
        "kind": call.kind,
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


def change_content(
    call: JitCall, groups: Sequence[ComponentGroup], wanted: CallInput, matcher: Matcher, *, heard: str
) -> tuple[str, ...]:
    """Write what a call wants now, the parts of groups that were not released in place; returns what is unmatched.

    Args:
        call: held; its columns are brought up to date.
        groups: its live groups, held, those that were released with unchanged parts.
        wanted: of the same families.
        matcher: knows the parts.
        heard: fingerprint of the customer's last word; sent again, it changes nothing that people changed since.
    """
    head = head_of(wanted, heard, matcher)
    JitCall.objects.filter(pk=call.pk).update(**head)
    for name, value in head.items():
        setattr(call, name, value)
    given = {group.code: group for group in wanted.groups}
    unmatched: list[str] = []
    for row in groups:
        if row.state == "created":
            unmatched += write_parts(row, given[row.code], wanted, matcher)
    return tuple(unmatched)


def write_parts(row: ComponentGroup, group: GroupInput, call: CallInput, matcher: Matcher) -> list[str]:
    """Replace the parts of a group that was not released; returns what is unmatched."""
    matches = [(component, match_component(matcher, call, component)) for component in group.components]
    reasons = [match.reason for _, match in matches if match.reason]
    Component.objects.filter(group=row).delete()
    Component.objects.bulk_create([_component(row, component, match) for component, match in matches])
    row.matching = "unmatched" if reasons else "matched"
    ComponentGroup.objects.filter(pk=row.pk).update(matching=row.matching)
    return reasons


def _component(row: ComponentGroup, component: ComponentInput, match: Match) -> Component:
    return Component(
        site_id=row.site_id,
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


def with_lines(call: CallInput, code: str, lines: Sequence[ComponentInput]) -> CallInput:
    """Return a content with other parts in one family."""
    groups = [replace(group, components=tuple(lines)) if group.code == code else group for group in call.groups]
    return replace(call, groups=tuple(groups))
