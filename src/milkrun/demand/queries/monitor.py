"""The call monitor: calls by the time they are needed, filtered, counted, exported."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.states import GROUP_ORDER, GROUP_STATES
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity

# What the monitor's keys 1 to 8 choose, in the order of the path.
STAGES = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "issued", "completed")
# Calls whose goods have not left yet: what the monitor shows first.
OPEN_STATES = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "cancel_requested")

# Behind this number nobody counts on; it is said as "1,000+".
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What the monitor shows.

    Args:
        state: one state, or "" for every open call, or "all".
        kind: summarized, sequenced or "".
        customer: a partner's code or "".
        text: in the number, the VIN, the production number or the sequence number.
        unmatched: only calls with a component nobody could match.
    """

    state: str = ""
    kind: str = ""
    customer: str = ""
    text: str = ""
    unmatched: bool = False


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in the monitor; `due` is an ISO instant for the countdown."""

    id: int
    public_id: str
    number: str
    kind: str
    customer: str
    place: str
    sequence: str
    vehicle: str
    contents: tuple[str, ...]
    state: str
    step: int
    unmatched: bool
    failed: bool
    required: str
    due: str
    held: bool
    priority: int
    source: str = ""


def calls(site_id: int, wanted: CallFilter, zone: str, after: str = "", limit: int = 50) -> Page[CallRow]:
    """List calls by the time they are needed, the most urgent first.

    Each open state is read through its own index range and the ranges are merged, so that a plant with a million
    completed calls pays nothing for them. The number of statements does not depend on the number of rows.
    """
    keys = call_keys(site_id, wanted, after, limit)
    return page_of(_rows([key for __, key in keys], zone), limit, cursor(*keys[:limit][-1]) if keys else "")


def call_keys(site_id: int, wanted: CallFilter, after: str = "", limit: int = 50) -> list[tuple[datetime, int]]:
    """Read (required, key) of a page of calls and of the one after it, the most urgent first."""
    start = position(after, datetime, int)
    ranges = [_keys(site_id, state, wanted, start, limit) for state in _states(wanted.state)]
    return list(heapq.merge(*ranges))[: limit + 1]


def _states(wanted: str) -> tuple[str | None, ...]:
    if wanted == "all":
        return (None,)
    if wanted and wanted not in GROUP_STATES:
        raise Invalid(
            [
                Problem(
                    "state",
                    _("{wanted} is not a state of a call. Known are {states}.").format(
                        wanted=f"{wanted!r}", states=", ".join(GROUP_STATES)
                    ),
                )
            ]
        )
    return (wanted,) if wanted else OPEN_STATES


def _keys(
    site_id: int, state: str | None, wanted: CallFilter, start: tuple[Any, ...] | None, limit: int
) -> list[tuple[datetime, int]]:
    rows = JitCall.objects.filter(site_id=site_id).order_by("required_at", "id")
    if state is not None:
        rows = rows.filter(state=state)
    if start:
        rows = rows.filter(required_at__gte=start[0]).exclude(required_at=start[0], id__lte=start[1])
    return list(_narrowed(rows, wanted).values_list("required_at", "id")[: limit + 1])


def _narrowed(rows: QuerySet[JitCall], wanted: CallFilter) -> QuerySet[JitCall]:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.customer:
        rows = rows.filter(partner__code=wanted.customer)
    if wanted.unmatched:
        rows = rows.filter(pk__in=ComponentGroup.objects.filter(matching="unmatched").values("call"))
    text = wanted.text.strip()
    if text:
        rows = rows.filter(
            Q(external_no__icontains=text) | Q(vin__icontains=text) | Q(production_no__icontains=text)
            | Q(sequence_text__iendswith=text)
        )  # fmt: skip
    return rows


def _rows(ids: list[int], zone: str) -> list[CallRow]:
    found = JitCall.objects.select_related("partner", "ship_to").in_bulk(ids)
    parts: dict[int, dict[str, Decimal]] = {}
    units: dict[tuple[int, str], str] = {}
    for call, number, qty, unit in (
        Component.objects.filter(group__call__in=ids)
        .exclude(group__state="cancelled")
        .values_list("group__call_id", "customer_part_no", "entered_qty", "entered_unit")
        .order_by("id")
    ):
        sums = parts.setdefault(call, {})
        sums[number] = sums.get(number, Decimal(0)) + qty
        units[call, number] = unit
    flags = _flags(ids)
    return [
        _row(found[key], _contents(parts.get(key, {}), units, key), flags.get(key, (False, False)), zone)
        for key in ids
        if key in found
    ]


def _contents(parts: dict[str, Decimal], units: dict[tuple[int, str], str], call: int) -> tuple[str, ...]:
    shown = [times(qty, units[call, number], number) for number, qty in list(parts.items())[:3]]
    return tuple(shown) + ((f"+ {len(parts) - 3}",) if len(parts) > 3 else ())


def times(qty: Decimal, unit: str, number: str) -> str:
    """Write so much of a part: 48 × 5N0 881 105 A, but 2.5 kg × 4711 where the unit is not pieces."""
    return f"{quantity(qty) if unit == 'PCE' else quantity(qty, unit)} × {number}"


def _flags(ids: list[int]) -> dict[int, tuple[bool, bool]]:
    flags: dict[int, tuple[bool, bool]] = {}
    rows = ComponentGroup.objects.filter(call__in=ids).exclude(state="cancelled")
    for call, matching, posting in rows.values_list("call_id", "matching", "stock_posting"):
        unmatched, failed = flags.get(call, (False, False))
        flags[call] = unmatched or matching == "unmatched", failed or posting == "failed"
    return flags


def _row(call: JitCall, contents: tuple[str, ...], flags: tuple[bool, bool], zone: str) -> CallRow:
    place = " ".join(filter(None, [call.ship_to.code if call.ship_to else call.ship_to_code, call.unloading_point]))
    return CallRow(
        call.id, call.public_id, call.external_no, call.kind, call.partner.code, place, call.sequence_text, call.vin,
        contents, call.state, step_of(call.state), flags[0], flags[1], moment(call.required_at, call.zone or zone),
        call.required_at.isoformat(), call.held, call.priority, call.source,
    )  # fmt: skip


def step_of(state: str) -> int:
    """Return how many of the path's steps a state has reached: 0 created to 8 completed; -1 off the path."""
    return GROUP_ORDER.index(state) if state in GROUP_ORDER else -1


def call_counts(site_id: int) -> dict[str, int]:
    """Count the calls of a site by state, finished ones left out.

    Nobody reads a count of a hundred thousand, and counting them would cost more than the page: it ends behind COUNTED.
    """
    one = "SELECT %s, COUNT(*) FROM (SELECT 1 FROM demand_jitcall WHERE site_id = %s AND state = %s LIMIT %s) AS few"
    states = tuple(dict.fromkeys((*OPEN_STATES, "issued")))
    with connection.cursor() as rows:
        rows.execute(
            " UNION ALL ".join([one] * len(states)),
            [value for state in states for value in (state, site_id, state, COUNTED + 1)],
        )
        return {state: count for state, count in rows.fetchall() if count}


def counted(count: int) -> str:
    """Write a count as people read it, where counting may have ended early.

    Example:
        >>> counted(12), counted(1001)
        ('12', '1,000+')
    """
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


def unmatched_count(site_id: int) -> int:
    """Count the open calls with a component nobody could match."""
    groups = ComponentGroup.objects.filter(site_id=site_id, state="created", matching="unmatched")
    return groups.values("call").distinct()[: COUNTED + 1].count()


def pressure(site_id: int, at: datetime) -> dict[str, int]:
    """Count the open calls that are late, and those needed within four hours."""
    rows = JitCall.objects.filter(site_id=site_id, state__in=OPEN_STATES)
    return {
        "late": rows.filter(required_at__lt=at)[: COUNTED + 1].count(),
        "soon": rows.filter(required_at__gte=at, required_at__lt=at + timedelta(hours=4))[: COUNTED + 1].count(),
    }


def export(site_id: int, wanted: CallFilter, zone: str) -> Iterator[CallRow]:
    """Read every call that the filter keeps, page by page, so that memory stays flat."""
    after = ""
    while True:
        page = calls(site_id, wanted, zone, after, limit=500)
        yield from page.rows
        after = page.next_cursor
        if not after:
            return
