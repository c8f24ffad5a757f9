"""What must move now: open calls by the time they are needed, put together as they move (delivery, rack, call).

The first calls by the clock are read, then everything about them in one statement each; a plant with a hundred thousand
calls pays for the few that are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.demand.queries import CallFilter, call_keys
from milkrun.demand.states import GROUP_ORDER
from milkrun.insight.models import Alert
from milkrun.measure.wording import moment
from milkrun.shipping.models import DeliveryLine

LOOKED_AT = 200
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Something that must move.

    Args:
        kind: delivery, rack or call.
        public_id: of its page.
        title: what people call it.
        customer: the customer's code.
        place: plant and dock.
        sequence: first and last number of the sequence, "" for summarised calls.
        calls: how many calls it is about.
        state: the least advanced of them, which names the next step.
        due: ISO instant of the earliest need.
        there: that instant in the customer's zone, with the zone.
        here: the same instant in ours.
        zone: the customer's zone by its name.
        alerts: titles of open alerts about it.
    """

    kind: str
    public_id: str
    title: str
    customer: str
    place: str
    sequence: str
    calls: int
    state: str
    due: str
    there: str
    here: str
    zone: str
    alerts: tuple[str, ...]


@dataclass(slots=True)
class _Load:
    kind: str
    id: int
    public_id: str
    title: str
    calls: list[JitCall] = field(default_factory=list)
    states: set[str] = field(default_factory=set)


def moving(site_id: int, zone: str, customer: str = "", their_zone: str = "", limit: int = 50) -> list[MoveRow]:
    """List what must move, the most urgent first; six statements.

    Args:
        site_id: our site.
        zone: ours, for the second clock.
        customer: a customer's code, "" for all.
        their_zone: only calls of customers in this zone, "" for all.
        limit: at most so many rows.
    """
    keys = [key for _, key in call_keys(site_id, CallFilter(customer=customer), limit=LOOKED_AT)][:LOOKED_AT]
    calls = JitCall.objects.select_related("partner", "ship_to").in_bulk(keys)
    if their_zone:
        calls = {key: call for key, call in calls.items() if call.zone == their_zone}
    loads = _loads(calls)
    alerts = _alerts(site_id, calls, loads)
    rows = [_row(load, zone, alerts) for load in loads.values()]
    return sorted(rows, key=lambda row: (row.due, row.title))[:limit]


def zones(rows: Iterable[MoveRow]) -> list[str]:
    """Name the customers' zones that occur."""
    return sorted({row.zone for row in rows})


def _loads(calls: dict[int, JitCall]) -> dict[Key, _Load]:
    deliveries = {
        call: (key, public_id, number)
        for call, key, public_id, number in DeliveryLine.objects.filter(
            component__group__call__in=calls, live=True, delivery__state__in=("open", "picked")
        )
        .values_list("component__group__call_id", "delivery_id", "delivery__public_id", "delivery__number")
        .distinct()
    }
    groups = ComponentGroup.objects.filter(call__in=calls).exclude(state="cancelled")
    loads: dict[Key, _Load] = {}
    for group in groups.select_related("slot__packing_group").order_by("id"):
        call = calls[group.call_id]
        load = _load(call, group, deliveries.get(call.pk), loads)
        load.states.add(group.state)
        if call not in load.calls:
            load.calls.append(call)
    return loads


def _load(
    call: JitCall, group: ComponentGroup, delivery: tuple[int, str, str] | None, loads: dict[Key, _Load]
) -> _Load:
    slot = getattr(group, "slot", None)
    if delivery is not None:
        key, load = ("delivery", delivery[0]), _Load("delivery", *delivery)
    elif call.kind == "sequenced" and slot is not None:
        rack = slot.packing_group
        key, load = ("rack", rack.pk), _Load("rack", rack.pk, rack.public_id, str(rack))
    else:
        key, load = ("call", call.pk), _Load("call", call.pk, call.public_id, call.external_no)
    return loads.setdefault(key, load)


def _alerts(site_id: int, calls: dict[int, JitCall], loads: dict[Key, _Load]) -> dict[Key, list[str]]:
    subjects = {*calls, *(key for _, key in loads)}
    rows = Alert.objects.filter(site=site_id, closed_at=None, subject_kind__in=("call", "rack", "delivery"))
    found: dict[Key, list[str]] = {}
    for kind, key, title in rows.filter(subject_id__in=subjects).values_list(
        "subject_kind", "subject_id", "rule__title"
    ):
        found.setdefault((kind, key), []).append(title)
    return found


def _row(load: _Load, zone: str, alerts: dict[Key, list[str]]) -> MoveRow:
    first = min(load.calls, key=lambda call: (call.required_at, call.pk))
    numbers = [call.sequence_text for call in sorted(load.calls, key=lambda call: call.position or 0)
               if call.sequence_text]  # fmt: skip
    plant = first.ship_to.code if first.ship_to else first.ship_to_code
    titles = [
        *alerts.get((load.kind, load.id), ()),
        *(t for call in load.calls for t in alerts.get(("call", call.pk), ())),
    ]
    return MoveRow(
        load.kind, load.public_id, load.title, first.partner.code, f"{plant} {first.unloading_point}".strip(),
        " – ".join(dict.fromkeys([numbers[0], numbers[-1]])) if numbers else "", len(load.calls),
        _least(load.states), first.required_at.isoformat(), moment(first.required_at, first.zone or zone),
        moment(first.required_at, zone), first.zone or zone, tuple(dict.fromkeys(titles)),
    )  # fmt: skip


def _least(states: set[str]) -> str:
    live = [state for state in GROUP_ORDER if state in states]
    return live[0] if live else next(iter(sorted(states)))
