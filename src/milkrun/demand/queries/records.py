"""Calls and packing groups as other systems read them: plain values, public ids, nothing worded for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingGroup, PackingSlot
from milkrun.demand.queries import CallFilter, call_keys
from milkrun.demand.states import INDICATORS, PACKING_GROUP_STATES
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.paging import Page, cursor, page_of, position


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call without its parts."""

    id: str
    number: str
    kind: str
    state: str
    partner: str
    ship_to: str
    unloading_point: str
    line_feed: str
    vin: str
    production_no: str
    sequence: str
    transmission_no: str
    required_at: datetime
    zone: str
    received_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class ComponentRecord:
    """A component as called and as matched; `part` is empty where nobody could match it."""

    line_no: int
    customer_part_no: str
    order_no: str
    qty: Decimal
    unit: str
    part_id: str
    part: str
    base_qty: Decimal | None
    packed_qty: Decimal
    issued_qty: Decimal
    billed_qty: Decimal
    unmatched: str


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A component group with its indicators and its slot."""

    code: str
    state: str
    indicators: dict[str, str]
    packing_group_id: str
    slot: int | None
    components: tuple[ComponentRecord, ...]


@dataclass(frozen=True, slots=True)
class CallDetail:
    """A call with its groups."""

    call: CallRecord
    groups: tuple[GroupRecord, ...]


@dataclass(frozen=True, slots=True)
class PackingGroupRecord:
    """A rack, or the load of a summarised call."""

    id: str
    title: str
    partner: str
    state: str
    package_type: str
    load_no: int
    slots_total: int
    sscc: str


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """A slot that is taken, and what belongs into it."""

    slot: int
    call_id: str
    call_number: str
    group: str
    state: str
    components: tuple[ComponentRecord, ...]


@dataclass(frozen=True, slots=True)
class PackingGroupDetail:
    """A packing group with its slots."""

    packing_group: PackingGroupRecord
    slots: tuple[SlotRecord, ...]


def call_records(site_id: int, wanted: CallFilter, after: str = "", limit: int = 50) -> Page[CallRecord]:
    """List calls by the time they are needed, the most urgent first."""
    keys = call_keys(site_id, wanted, after, limit)
    found = JitCall.objects.select_related("partner", "ship_to").in_bulk([key for __, key in keys])
    rows = [_call(found[key]) for __, key in keys if key in found]
    return page_of(rows, limit, cursor(*keys[:limit][-1]) if keys else "")


def call_record(site_id: int, public_id: str) -> CallDetail:
    """Read one call.

    Raises:
        NotFound: there is none at this site.
    """
    rows = JitCall.objects.filter(site_id=site_id, public_id=public_id)
    row = rows.select_related("partner", "ship_to").first()
    if row is None:
        raise NotFound(_("This call does not exist at this site."), call_id=public_id)
    groups = ComponentGroup.objects.filter(call=row).order_by("id").select_related("slot__packing_group")
    return CallDetail(_call(row), tuple(_group(group) for group in groups.prefetch_related("components__part")))


def _call(row: JitCall) -> CallRecord:
    return CallRecord(
        row.public_id, row.external_no, row.kind, row.state, row.partner.code,
        row.ship_to.code if row.ship_to else row.ship_to_code, row.unloading_point, row.line_feed, row.vin,
        row.production_no, row.sequence_text, row.transmission_no, row.required_at, row.zone, row.received_at,
        row.source,
    )  # fmt: skip


def _group(row: ComponentGroup) -> GroupRecord:
    slot: PackingSlot | None = getattr(row, "slot", None)
    return GroupRecord(
        row.code, row.state, {name: getattr(row, name) for name in INDICATORS},
        slot.packing_group.public_id if slot else "", slot.position if slot else None, _components(row),
    )  # fmt: skip


def _components(row: ComponentGroup) -> tuple[ComponentRecord, ...]:
    return tuple(_component(line) for line in sorted(row.components.all(), key=lambda line: line.line_no))


def _component(row: Component) -> ComponentRecord:
    return ComponentRecord(
        row.line_no, row.customer_part_no, row.order_no, row.entered_qty, row.entered_unit,
        row.part.public_id if row.part else "", row.part.number if row.part else "", row.qty, row.packed_qty,
        row.issued_qty, row.billed_qty, row.matching_reason,
    )  # fmt: skip


def call_public_ids(ids: Iterable[int]) -> tuple[str, ...]:
    """Turn keys of calls into their public ids, in the given order."""
    wanted = list(ids)
    known = dict(JitCall.objects.filter(pk__in=wanted).values_list("id", "public_id"))
    return tuple(known[key] for key in wanted)


def packing_group_records(site_id: int, state: str = "", after: str = "", limit: int = 50) -> Page[PackingGroupRecord]:
    """List packing groups, the newest first; `state` keeps one state.

    Raises:
        Invalid: there is no such state.
    """
    rows = _packing_groups(site_id).order_by("-id")
    if state:
        if state not in PACKING_GROUP_STATES:
            raise Invalid(
                [
                    Problem(
                        "state",
                        _("Known states are {packing_group_states}.").format(
                            packing_group_states=", ".join(PACKING_GROUP_STATES)
                        ),
                        "unknown_state",
                    )
                ]
            )
        rows = rows.filter(state=state)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_packing_group(row) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def packing_group_record(site_id: int, public_id: str) -> PackingGroupDetail:
    """Read one packing group with the slots that are taken.

    Raises:
        NotFound: there is none at this site.
    """
    rows = _packing_groups(site_id).prefetch_related("slots__group__call", "slots__group__components__part")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("This packing group does not exist at this site."), packing_group_id=public_id)
    taken = sorted((slot for slot in row.slots.all() if slot.group), key=lambda slot: slot.position)
    return PackingGroupDetail(
        _packing_group(row), tuple(_slot(slot.position, slot.group) for slot in taken if slot.group)
    )


def packing_group_id(site_id: int, public_id: str) -> int:
    """Turn a packing group's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = PackingGroup.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This packing group does not exist at this site."), packing_group_id=public_id)
    return found


def component_of(site_id: int, call_public_id: str, part_id: int, line_no: int | None = None) -> int:
    """Return the key of a call's line of a part, the first one where no line is named.

    Raises:
        NotFound: the call does not exist at this site, or has no such line.
    """
    rows = Component.objects.filter(site_id=site_id, group__call__public_id=call_public_id, part_id=part_id)
    if line_no is not None:
        rows = rows.filter(line_no=line_no)
    # A part that was reordered stands on a younger group.
    found = rows.order_by("-group_id", "line_no").values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("This call does not ask for this part."), call_id=call_public_id)
    return found


def _packing_groups(site_id: int) -> QuerySet[PackingGroup]:
    return PackingGroup.objects.filter(site_id=site_id).select_related("partner", "hu")


def _packing_group(row: PackingGroup) -> PackingGroupRecord:
    return PackingGroupRecord(
        row.public_id, str(row), row.partner.code, row.state, row.package_type, row.load_no, row.slots_total,
        row.hu.sscc if row.hu else "",
    )  # fmt: skip


def _slot(slot: int, group: ComponentGroup) -> SlotRecord:
    return SlotRecord(slot, group.call.public_id, group.call.external_no, group.code, group.state, _components(group))
