"""Tables of demand: calls, a line for each component."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput
from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
from milkrun.gateway.tables.kinds import CHANGED, NEW, REFUSED, SAME, Kind, Outcome, Place, grouped
from milkrun.gateway.tables.values import Column, Row, Trouble, instant
from milkrun.partners.queries import partner_by_code, plant_zones

_OUTCOMES = {"created": NEW, "updated": CHANGED, "unchanged": SAME, "refused": REFUSED}


def take_calls(rows: Sequence[Row], place: Place) -> list[Outcome]:
    """Take calls over, customer by customer."""
    found: list[Outcome] = []
    for (code,), lines in grouped(rows, ["customer"]).items():
        customer = partner_by_code(code)
        if customer is None or not customer.is_customer:
            said = Trouble("customer", "unknown_customer", _("There is no customer {code}.").format(code=code), code)
            found += [Outcome(row.line, REFUSED, (said,)) for row in lines]
        else:
            found += _of_customer(lines, customer.id, plant_zones(customer.id), place)
    return found


def _of_customer(rows: Sequence[Row], partner_id: int, zones: dict[str, str], place: Place) -> list[Outcome]:
    found: list[Outcome] = []
    calls: list[tuple[list[Row], CallInput]] = []
    for lines in grouped(rows, ["call"]).values():
        wrong, call = _call(lines, zones, place.zone)
        if call is None:
            found += [Outcome(row.line, REFUSED, wrong) for row in lines]
        else:
            calls.append((lines, call))
    done = receive_jit_calls(
        calls=[call for __, call in calls],
        site_id=place.site_id,
        partner_id=partner_id,
        source="csv",
        actor=place.actor,
        at=place.at,
    )
    for (lines, __), one in zip(calls, done.outcomes, strict=True):
        said = (Trouble("call", one.code, one.message),) if one.outcome == "refused" else ()
        found += [Outcome(row.line, _OUTCOMES[one.outcome], said) for row in lines]
    return found


# What must be the same in every line of a call.
_HEAD = (
    "kind", "required_at", "ship_to", "unloading_point", "line_feed", "sequence", "stream", "vin", "production_no"
)  # fmt: skip


def _call(lines: Sequence[Row], zones: dict[str, str], zone: str) -> tuple[tuple[Trouble, ...], CallInput | None]:
    first = lines[0].values
    wrong = tuple(
        Trouble(
            name,
            "differs",
            _("Line {line} says another {name} than line {lines_line} of the same call.").format(
                line=row.line, name=name, lines_line=lines[0].line
            ),
        )
        for row in lines[1:]
        for name in _HEAD
        if row.values.get(name) != first.get(name)
    )
    local = zones.get(first.get("ship_to", ""), zone)
    try:
        required_at = instant(first["required_at"], local)
    except ValueError as problem:
        wrong += (Trouble("required_at", "no_instant", str(problem), first["required_at"]),)
    if wrong:
        return wrong, None
    groups: dict[str, list[ComponentInput]] = {}
    for row in lines:
        group = groups.setdefault(row.values.get("group", ""), [])
        group.append(_component(row.values, len(group) + 1))
    return (), CallInput(
        external_no=first["call"],
        kind=first["kind"],
        required_at=required_at,
        groups=tuple(GroupInput(code, tuple(components)) for code, components in groups.items()),
        ship_to_code=first.get("ship_to", ""),
        unloading_point=first.get("unloading_point", ""),
        line_feed=first.get("line_feed", ""),
        vin=first.get("vin", ""),
        production_no=first.get("production_no", ""),
        stream_code=first.get("stream", ""),
        sequence_text=first.get("sequence", ""),
        zone=local,
    )


def _component(values: dict[str, Any], line_no: int) -> ComponentInput:
    return ComponentInput(
        line_no=line_no,
        customer_part_no=values["customer_part"],
        qty=values["qty"],
        unit=values.get("unit", "PCE"),
        order_no=values.get("order", ""),
    )


CALLS = Kind(
    "calls",
    (
        Column("customer", required=True, longest=20),
        Column("call", required=True, longest=80),
        Column("kind", required=True, longest=12),
        # Read with the zone of the customer's plant, so not before the plant is known.
        Column("required_at", required=True),
        Column("ship_to", longest=35),
        Column("unloading_point", longest=35),
        Column("line_feed", longest=35),
        Column("stream", longest=20),
        Column("sequence", longest=20),
        Column("vin"),
        Column("production_no"),
        Column("group", longest=12),
        Column("customer_part", required=True),
        Column("qty", "number", required=True),
        Column("unit", longest=8),
        Column("order", longest=35),
        Column("called_at", "instant"),
    ),
    take_calls,
    together=("customer", "call"),
    event="called_at",
    sample=(
        "OEM01", "DON4711", "summarized", "2026-11-22T10:50", "21", "TOR 7", "", "", "", "", "", "", "5N0 881 105 A",
        "48", "PCE", "5500012345", "2026-11-22T06:00+01:00",
    ),
)  # fmt: skip
