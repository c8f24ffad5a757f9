"""Match a call again in place, after master data was mended; the customer need not send it again."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps
from milkrun.demand.errors import NothingToMatch, SequenceTaken
from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.steps import Matcher
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one


@dataclass(frozen=True, slots=True)
class CallReprocessed:
    """The call was matched again; `still_unmatched` lists the reasons that remain."""

    call_id: int
    still_unmatched: tuple[str, ...]


@command
def reprocess_call(*, call_id: int, actor: Actor, at: datetime, request: Request | None = None) -> CallReprocessed:
    """Look up part, unit, agreement, plant and dock of the unmatched components anew.

    Raises:
        NothingToMatch: everything is matched already.
        SequenceTaken: its plant is known now, but another vehicle has its number there.
    """
    call = lock_one(JitCall.objects.filter(pk=call_id), noun="call")
    groups = lock(ComponentGroup.objects.filter(call=call, matching="unmatched", state="created"))
    if not groups:
        raise NothingToMatch(_("Call {call} has nothing that waits for master data.").format(call=call))
    rows = lock(Component.objects.filter(group__in=groups))

    matcher = Matcher(call.partner_id, {row.customer_part_no for row in rows}, on=at.date())
    plant = matcher.plant(call.ship_to_code)
    for row in rows:
        match = matcher.component(
            number=row.customer_part_no,
            order_no=row.order_no,
            qty=row.entered_qty,
            unit=row.entered_unit,
            plant=plant,
            plant_code=call.ship_to_code,
            dock=call.unloading_point,
        )
        row.part_id, row.agreement_id, row.qty = match.part_id, match.agreement_id, match.qty
        row.matching_code, row.matching_reason = match.code, match.reason[:200]

    Component.objects.bulk_update(rows, ["part", "agreement", "qty", "matching_code", "matching_reason"])
    JitCall.objects.filter(pk=call.pk).update(ship_to=plant)
    _take_place(call, matcher)
    bad = {row.group_id for row in rows if row.matching_reason}
    ComponentGroup.objects.filter(pk__in=[g.pk for g in groups if g.pk not in bad]).update(matching="matched")

    reasons = tuple(row.matching_reason for row in rows if row.matching_reason)
    journal.write(
        [journal.Entry("reprocess_call", "call", call.pk, site_id=call.site_id, facts={"still_unmatched": reasons})],
        actor=actor,
        at=at,
    )
    return CallReprocessed(call.pk, reasons)


def _take_place(call: JitCall, matcher: Matcher) -> None:
    """Give a call its slot that had none because its plant was not known."""
    streams = steps.streams_of([call], matcher, call.site_id)
    position = steps.positions_of([call], matcher, streams, {call.external_no: call}).get(0)
    if position is None or call.position is not None:
        return
    other = steps.taken_positions([position]).get(position)
    if other is not None:
        raise SequenceTaken(
            _("Sequence number {sequence_text} belongs to call {other} already. Cancel one of the two calls.").format(
                sequence_text=call.sequence_text, other=other
            ),
            sequence=call.sequence_text,
            held_by=other,
        )
    steps.give_place(call, ComponentGroup.objects.filter(call=call), position)
    steps.remember_last_seen(streams.values(), [position])
