"""Write new calls with their groups and components: set-based, so that a thousand cost as many statements as one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from milkrun.demand.steps.inputs import CallInput, CallOutcome, ComponentInput
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.demand.steps.racks import Seat, seat_groups
from milkrun.demand.steps.streams import Position
from milkrun.kernel import bulk, journal
from milkrun.kernel.identity import Actor, new_public_id
from milkrun.measure.quantity import to_micro

_CALL = (
    "id", "public_id", "site_id", "partner_id", "ship_to_id", "kind", "external_no", "transmission_no", "ship_to_code",
    "unloading_point", "line_feed", "vin", "production_no", "stream_id", "stream_code", "sequence_text", "position",
    "required_at", "required_text", "zone", "state", "content_hash", "source", "interchange_id", "message_id",
    "received_at", "held", "priority",
)  # fmt: skip
_GROUP = (
    "id", "site_id", "call_id", "code", "state", "matching", "production", "stock_posting", "packing", "picking",
    "delivery", "issue", "asn", "billing",
)  # fmt: skip
_COMPONENT = (
    "site_id", "group_id", "line_no", "customer_part_no", "order_no", "entered_qty", "entered_unit", "part_id",
    "agreement_id", "qty", "matching_code", "matching_reason", "packed_qty", "issued_qty", "billed_qty",
)  # fmt: skip
NONE_YET = ("none",) * 8


def create_calls(
    fresh: Sequence[tuple[int, CallInput, str]],
    matcher: Matcher,
    positions: dict[int, Position],
    *,
    site_id: int,
    partner_id: int,
    source: str,
    actor: Actor,
    at: datetime,
) -> dict[int, CallOutcome]:
    """Write calls that nobody knows yet, seat the sequenced ones in racks, and log their receipt.

    Args:
        fresh: (place in the list, call, its content hash).
        positions: position in its stream of each sequenced call, by place in the list.

    Returns:
        An outcome for each, by place in the list.
    """
    call_ids = bulk.take_keys("demand_jitcall", len(fresh))
    group_ids = iter(bulk.take_keys("demand_componentgroup", sum(len(call.groups) for _, call, _ in fresh)))
    micro = _Micro()
    received = bulk.instant(at)
    instants = {moment: bulk.instant(moment) for moment in {call.required_at for _, call, _ in fresh}}
    heads: list[tuple[bulk.Value, ...]] = []
    groups: list[tuple[bulk.Value, ...]] = []
    components: list[tuple[bulk.Value, ...]] = []
    seats: list[Seat] = []
    entries: list[journal.Entry] = []
    outcomes: dict[int, CallOutcome] = {}
    for (index, call, content_hash), call_id in zip(fresh, call_ids, strict=True):
        plant = matcher.plant(call.ship_to_code)
        stream, position = positions.get(index, (None, None))
        public_id = new_public_id()
        head = (
            call_id, public_id, site_id, partner_id, plant.pk if plant else None, call.kind, call.external_no,
            call.transmission_no[:40], call.ship_to_code[:35], call.unloading_point[:35], call.line_feed[:35],
            call.vin[:40], call.production_no[:40], stream, call.stream_code, call.sequence_text[:20], position,
            instants[call.required_at], call.required_text[:40], call.zone, "created", content_hash, source,
            call.interchange_id, call.message_id, received, False, 0,
        )  # fmt: skip
        heads.append(head)
        unmatched: list[str] = []
        for group in call.groups:
            group_id = next(group_ids)
            before = len(unmatched)
            for component in group.components:
                match = match_component(matcher, call, component)
                components.append(_component(site_id, group_id, component, match, micro))
                if match.reason:
                    unmatched.append(match.reason)
            matching = "matched" if len(unmatched) == before else "unmatched"
            groups.append((group_id, site_id, call_id, group.code, "created", matching, *NONE_YET))
            if stream is not None and position is not None:
                seats.append(Seat(group_id, stream, group.code, position))
        facts = {"interchange": call.interchange_id, "unmatched": unmatched}
        entries.append(
            journal.Entry("receive_jit_call", "call", call_id, site_id=site_id, after="created", facts=facts)
        )
        outcomes[index] = CallOutcome(
            call.external_no, "created", call_id, public_id, unmatched=tuple(unmatched), message_id=call.message_id
        )
    bulk.insert("demand_jitcall", _CALL, heads)
    bulk.insert("demand_componentgroup", _GROUP, groups)
    bulk.insert("demand_component", _COMPONENT, components)
    seat_groups(seats, site_id=site_id, partner_id=partner_id)
    journal.write(entries, actor=actor, at=at)
    return outcomes


class _Micro(dict[Decimal, int]):
    """Micro-units of the quantities seen so far: files repeat the same few."""

    def __missing__(self, qty: Decimal) -> int:
        self[qty] = to_micro(qty)
        return self[qty]


def _component(
    site_id: int, group_id: int, component: ComponentInput, match: Match, micro: _Micro
) -> tuple[bulk.Value, ...]:
    return (
        site_id, group_id, component.line_no, component.customer_part_no, component.order_no[:35],
        micro[component.qty], component.unit, match.part_id, match.agreement_id,
        None if match.qty is None else micro[match.qty], match.code, match.reason[:200], 0, 0, 0,
    )  # fmt: skip


def match_component(matcher: Matcher, call: CallInput, component: ComponentInput) -> Match:
    """Match one component of a call."""
    return matcher.component(
        number=component.customer_part_no,
        order_no=component.order_no,
        qty=component.qty,
        unit=component.unit,
        plant=matcher.plant(call.ship_to_code),
        plant_code=call.ship_to_code,
        dock=call.unloading_point,
    )
