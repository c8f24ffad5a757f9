"""One call with its groups and components; calls by their ids and numbers; calls that a search finds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingSlot, SlotHistory
from milkrun.demand.queries.monitor import step_of
from milkrun.demand.states import INDICATORS
from milkrun.demand.steps.changing import worded
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit
from milkrun.measure.wording import moment, quantity, zone_of


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A component as called and as matched."""

    id: int
    line_no: int
    customer_part_no: str
    part_number: str
    part_public_id: str
    order_no: str
    called: str
    packed: str
    issued: str
    billed: str
    reason: str
    reason_code: str
    qty: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CallRef:
    """Enough of a call to name it and link to it."""

    id: int
    public_id: str
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A component group with its indicators and its slot in a rack."""

    id: int
    code: str
    state: str
    indicators: tuple[tuple[str, str], ...]
    components: tuple[ComponentView, ...]
    rack: str
    rack_public_id: str
    slot: int | None
    follows: CallRef | None
    followed_by: tuple[CallRef, ...]


@dataclass(frozen=True, slots=True)
class WishView:
    """What was asked of a call under way and, once decided, what became of it."""

    public_id: str
    kind: str
    state: str
    reason: str
    by: str
    at: str
    changed: tuple[tuple[str, str, str], ...]
    decided_by: str
    decided_at: str
    note: str


@dataclass(frozen=True, slots=True)
class SlotLeft:
    """A place in a rack that a call stood in before: when it left it, why, and who took it out."""

    rack: str
    slot: int
    at: str
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class CallView:
    """One call with everything a planner asks of it."""

    id: int
    public_id: str
    number: str
    transmission_no: str
    kind: str
    partner: str
    partner_name: str
    ship_to_code: str
    ship_to: str
    unloading_point: str
    line_feed: str
    vin: str
    production_no: str
    sequence: str
    required: str
    required_text: str
    due: str
    state: str
    step: int
    source: str
    received: str
    interchange_id: int | None
    unmatched: bool
    held: bool
    priority: int
    groups: tuple[GroupView, ...]
    wishes: tuple[WishView, ...]
    zone: str
    required_local: str
    slots_left: tuple[SlotLeft, ...]


def call(site_id: int, public_id: str, zone: str) -> CallView:
    """Read one call.

    Raises:
        NotFound: there is none at this site.
    """
    row = JitCall.objects.filter(site_id=site_id, public_id=public_id).select_related("partner", "ship_to").first()
    if row is None:
        raise NotFound(_("This call does not exist at this site. Search for its number."), public_id=public_id)
    groups = list(
        ComponentGroup.objects.filter(call=row).order_by("id")
        .select_related("slot__packing_group", "predecessor__call")
        .prefetch_related("components__part", "componentgroup_set__call")
    )  # fmt: skip
    at = row.zone or zone
    return CallView(
        row.id, row.public_id, row.external_no, row.transmission_no, row.kind, row.partner.code, row.partner.name,
        row.ship_to_code, f"{row.ship_to.code} {row.ship_to.name}".strip() if row.ship_to else row.ship_to_code,
        row.unloading_point,
        row.line_feed, row.vin, row.production_no, row.sequence_text, moment(row.required_at, at), row.required_text,
        row.required_at.isoformat(), row.state, step_of(row.state), row.source, moment(row.received_at, zone),
        row.interchange_id, any(g.matching == "unmatched" and g.state != "cancelled" for g in groups),
        row.held, row.priority, tuple(_group(g) for g in groups), _wishes(row, zone), at,
        f"{row.required_at.astimezone(zone_of(at)):%Y-%m-%dT%H:%M}", _slots_left(row, zone),
    )  # fmt: skip


def _slots_left(row: JitCall, zone: str) -> tuple[SlotLeft, ...]:
    left = SlotHistory.objects.filter(group__call=row).select_related("packing_group").order_by("-id")[:50]
    return tuple(
        SlotLeft(str(one.packing_group), one.position, moment(one.left_at, zone), one.reason, one.actor) for one in left
    )


def _wishes(row: JitCall, zone: str) -> tuple[WishView, ...]:
    return tuple(
        WishView(
            wish.public_id, wish.kind, wish.state, wish.reason, wish.asked_by, moment(wish.asked_at, zone),
            worded(wish.changed, row.zone), wish.decided_by, moment(wish.decided_at, zone), wish.note,
        )
        for wish in row.requests.order_by("-id")[:20]
    )  # fmt: skip


def _group(row: ComponentGroup) -> GroupView:
    slot: PackingSlot | None = getattr(row, "slot", None)
    rack = slot.packing_group if slot else None
    return GroupView(
        row.id, row.code, row.state, tuple((name, getattr(row, name)) for name in INDICATORS),
        tuple(_component(c) for c in sorted(row.components.all(), key=lambda c: c.line_no)),
        str(rack) if rack else "", rack.public_id if rack else "", slot.position if slot else None,
        _ref(row.predecessor.call) if row.predecessor else None,
        tuple(_ref(other.call) for other in row.componentgroup_set.all()),
    )  # fmt: skip


def _ref(row: JitCall) -> CallRef:
    return CallRef(row.id, row.public_id, row.external_no, row.state)


def _component(row: Component) -> ComponentView:
    unit = row.part.base_unit if row.part else row.entered_unit
    return ComponentView(
        row.id, row.line_no, row.customer_part_no, row.part.number if row.part else "",
        row.part.public_id if row.part else "", row.order_no, quantity(row.entered_qty, row.entered_unit),
        quantity(row.packed_qty, unit), quantity(row.issued_qty, unit), quantity(row.billed_qty, unit),
        row.matching_reason, row.matching_code, f"{row.entered_qty.normalize():f}", row.entered_unit,
    )  # fmt: skip


def call_ids(site_id: int, public_ids: Iterable[str]) -> tuple[int, ...]:
    """Turn public ids into keys, in the given order.

    Raises:
        NotFound: one of them is not a call of this site.
    """
    wanted = list(dict.fromkeys(public_ids))
    known = dict(JitCall.objects.filter(site_id=site_id, public_id__in=wanted).values_list("public_id", "id"))
    missing = [public_id for public_id in wanted if public_id not in known]
    if missing:
        raise NotFound(_("A chosen call does not exist at this site. Load the list again."), missing=missing)
    return tuple(known[public_id] for public_id in wanted)


def zones_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the time zone of each call's plant, by the call's key."""
    return dict(JitCall.objects.filter(pk__in=list(ids)).values_list("id", "zone"))


def call_ids_by_number(site_id: int, numbers: Iterable[str]) -> tuple[int, ...]:
    """Turn the customers' numbers of calls into keys, in the given order.

    Raises:
        NotFound: one of them is no call of this site, or of more than one customer.
    """
    wanted = list(numbers)
    found: dict[str, list[int]] = {}
    rows = JitCall.objects.filter(site_id=site_id, external_no__in=wanted)
    for number, key in rows.values_list("external_no", "id"):
        found.setdefault(number, []).append(key)
    for number in wanted:
        if len(found.get(number, [])) != 1:
            raise NotFound(_("There is no call {number} at this site.").format(number=number), number=number)
    return tuple(found[number][0] for number in wanted)


def calls_by_id(ids: Iterable[int]) -> dict[int, CallRef]:
    """Return short references of calls by their key."""
    rows = JitCall.objects.filter(pk__in=list(ids))
    return {row.id: CallRef(row.id, row.public_id, row.external_no, row.state) for row in rows}


def calls_of_components(ids: Iterable[int]) -> dict[int, CallRef]:
    """Return the call that each component belongs to, by the component's key."""
    rows = Component.objects.filter(pk__in=list(ids)).select_related("group__call")
    return {
        row.id: CallRef(row.group.call_id, row.group.call.public_id, row.group.call.external_no, row.group.call.state)
        for row in rows
    }


def calls_by_number(site_id: int, partner_id: int, numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Find calls of a customer at a site by the customer's numbers: key and state by number."""
    rows = JitCall.objects.filter(site_id=site_id, partner_id=partner_id, external_no__in=list(numbers))
    return {number: (key, state) for number, key, state in rows.values_list("external_no", "pk", "state")}


def find(site_id: int, text: str, limit: int = 8) -> list[Hit]:
    """Find calls by number, transmission, VIN, production number or sequence number; exact ones first."""
    text = text.strip()
    if not text:
        return []
    rows = JitCall.objects.filter(site_id=site_id)
    alike = {text, text.upper()}
    same = rows.filter(Q(external_no__in=alike) | Q(vin__in=alike) | Q(production_no__in=alike)).order_by("-id")[:limit]
    exact = [_hit(row, True) for row in same]
    if exact:
        return exact
    near = rows.filter(
        Q(external_no__icontains=text) | Q(vin__icontains=text) | Q(production_no__icontains=text)
        | Q(sequence_text=text)
    )  # fmt: skip
    return [_hit(row, False) for row in near.order_by("-id")[:limit]]


def _hit(row: JitCall, exact: bool) -> Hit:
    return Hit("call", row.external_no, " ".join(filter(None, [row.vin, row.sequence_text])), row.public_id, exact)


CALL_COLUMNS = (
    "call", "site", "customer", "kind", "transmission", "state", "required_at", "received_at", "source", "ship_to",
    "unloading_point", "line_feed", "vin", "production_no", "stream", "sequence", "group", "group_state", "line_no",
    "customer_part", "part", "order", "entered_qty", "entered_unit", "qty", "matching_reason", "packed_qty",
    "issued_qty", "billed_qty",
)  # fmt: skip


def call_rows() -> Iterator[dict[str, object]]:
    """Give every component of every call, in the order the calls came, for an export; quantities in base units."""
    rows = Component.objects.order_by("group__call_id", "group_id", "line_no").values_list(
        "group__call__external_no", "site__code", "group__call__partner__code", "group__call__kind",
        "group__call__transmission_no", "group__call__state", "group__call__required_at", "group__call__received_at",
        "group__call__source", "group__call__ship_to_code", "group__call__unloading_point", "group__call__line_feed",
        "group__call__vin", "group__call__production_no", "group__call__stream__code", "group__call__sequence_text",
        "group__code", "group__state", "line_no", "customer_part_no", "part__number", "order_no", "entered_qty",
        "entered_unit", "qty", "matching_reason", "packed_qty", "issued_qty", "billed_qty",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(CALL_COLUMNS, row, strict=True))
