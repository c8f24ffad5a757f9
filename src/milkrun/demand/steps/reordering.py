"""Supply something again: a new group that names the one it stands for, in its slot or on a call of its own."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.steps.racks import Seat, seat_groups
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor, new_public_id

URGENT = 1


def replace_group(old: ComponentGroup) -> ComponentGroup:
    """Make the successor of a group whose goods have not left, with all its components; it has no slot yet."""
    return _copy(old, old.call, Component.objects.filter(group=old))


def take_seat(group: ComponentGroup) -> None:
    """Give a successor the place of its call in the sequence."""
    call = group.call
    if call.stream_id and call.position:
        seat = Seat(group.pk, call.stream_id, group.code, call.position)
        seat_groups([seat], site_id=call.site_id, partner_id=call.partner_id)


def supply_again(
    old: ComponentGroup, line_nos: Collection[int], *, reason: str, actor: Actor, at: datetime
) -> ComponentGroup:
    """Make a call of its own for parts of a group that has left: same vehicle and number, outside the sequence."""
    first = old.call
    again = JitCall.objects.filter(
        site_id=first.site_id, partner_id=first.partner_id, external_no__startswith=f"{first.external_no[:74]}/R"
    ).count()
    call = JitCall.objects.get(pk=first.pk)
    call.pk = None
    call.public_id = new_public_id()
    call.external_no = f"{first.external_no[:74]}/R{again + 1}"
    call.stream_id = call.position = None
    call.content_hash, call.source = "", "reorder"
    call.interchange_id = call.message_id = None
    call.received_at, call.held, call.priority = at, False, URGENT
    made = JitCall.objects.bulk_create([_born(call)])[0]
    facts = {"predecessor": first.external_no}
    entry = journal.Entry(
        "reorder_component", "call", made.pk, site_id=made.site_id, after="created", reason=reason, facts=facts
    )
    journal.write([entry], actor=actor, at=at)
    return _copy(old, made, Component.objects.filter(group=old, line_no__in=line_nos))


def _born(call: JitCall) -> JitCall:
    names = [field.attname for field in JitCall._meta.concrete_fields if field.attname not in ("id", "state")]
    return JitCall(**{name: getattr(call, name) for name in names})


def _copy(old: ComponentGroup, call: JitCall, components: Iterable[Component]) -> ComponentGroup:
    group = ComponentGroup.objects.create(
        site_id=old.site_id, call=call, code=old.code, predecessor=old, matching=old.matching
    )
    rows = []
    for row in components:
        row.pk, row.group = None, group
        row.packed_qty = row.issued_qty = row.billed_qty = Decimal(0)
        rows.append(row)
    Component.objects.bulk_create(rows)
    return group
