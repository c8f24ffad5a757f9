"""From neutral EDI messages to the input of commands. Pure: everything known of the partner is passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from milkrun import edi
from milkrun.demand.commands.receive_jit_call import ComponentInput, GroupInput
from milkrun.demand.commands.receive_jit_calls import CallInput


@dataclass(frozen=True, slots=True)
class Mapped:
    """Calls of one message, with what had to be interpreted on the way."""

    calls: tuple[CallInput, ...]
    findings: tuple[edi.Finding, ...]


def calls_of(
    body: edi.DelJit, *, zones: Mapping[str, str], default_zone: str, interchange_id: int, message_id: int
) -> Mapped:
    """Map a DELJIT to calls: one for each vehicle of a sequenced message, one for a whole summarised message.

    Args:
        body: the neutral message.
        zones: the customer's plants and the IANA zone of each.
        default_zone: the zone where the plant is not known.
        interchange_id: kept on the call.
        message_id: kept on the call.
    """
    zone = zones.get(body.ship_to, default_zone)
    findings: list[edi.Finding] = []
    if body.kind == "sequenced":
        calls = [_vehicle(body, sequence, zone, findings) for sequence in body.sequences]
    else:
        calls = [_summary(body, zone, findings)]
    kept = (replace(call, interchange_id=interchange_id, message_id=message_id) for call in calls if call is not None)
    return Mapped(tuple(kept), tuple(findings))


def _vehicle(
    body: edi.DelJit, sequence: edi.DelJitSequence, zone: str, findings: list[edi.Finding]
) -> CallInput | None:
    required = sequence.required or next((line.required for line in sequence.lines if line.required), None)
    moment = _moment(required, zone, sequence.position, findings)
    if moment is None:
        return None
    families: dict[str, list[edi.DelJitLine]] = {}
    for line in sequence.lines:
        families.setdefault(line.family or sequence.family, []).append(line)
    return CallInput(
        external_no=f"{body.call_no}/{sequence.production_no or sequence.number}",
        kind="sequenced",
        required_at=moment.at,
        required_text=moment.text,
        zone=zone,
        transmission_no=body.call_no,
        ship_to_code=body.ship_to,
        unloading_point=sequence.unloading_point or body.unloading_point,
        line_feed=sequence.line_feed,
        vin=sequence.vin,
        production_no=sequence.production_no,
        stream_code=sequence.line,
        sequence_text=sequence.number,
        groups=tuple(GroupInput(family, _components(lines, body.order_no)) for family, lines in families.items()),
    )


def _summary(body: edi.DelJit, zone: str, findings: list[edi.Finding]) -> CallInput | None:
    lines = [line for sequence in body.sequences for line in sequence.lines]
    times = [line.required for line in lines if line.required] + [s.required for s in body.sequences if s.required]
    earliest = min(times, key=lambda time: time.local) if times else None
    first = body.sequences[0] if body.sequences else None
    moment = _moment(earliest, zone, first.position if first else 0, findings)
    if moment is None:
        return None
    return CallInput(
        external_no=body.call_no,
        kind="summarized",
        required_at=moment.at,
        required_text=moment.text,
        zone=zone,
        transmission_no=body.call_no,
        ship_to_code=body.ship_to,
        unloading_point=(first.unloading_point if first else "") or body.unloading_point,
        line_feed=first.line_feed if first else "",
        groups=(GroupInput("", _components(lines, body.order_no)),),
    )


def _components(lines: list[edi.DelJitLine], order_no: str) -> tuple[ComponentInput, ...]:
    # Numbered anew: one LIN may ask for several quantities, and customers repeat line numbers.
    return tuple(
        ComponentInput(
            line_no=number,
            customer_part_no=line.buyer_part,
            order_no=line.order_no or order_no,
            qty=line.quantity if line.quantity is not None else Decimal(0),
            unit=line.unit or "PCE",
        )
        for number, line in enumerate(lines, 1)
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    text: str


def _moment(time: edi.EdiTime | None, zone: str, position: int, findings: list[edi.Finding]) -> _Moment | None:
    if time is None:
        findings.append(
            edi.Finding(
                "DTM",
                position,
                "",
                "required_time_missing",
                "13",
                "error",
                "The call does not say when the parts are required (DTM+2). Ask the customer to send it with a time.",
            )
        )
        return None
    at, warning = edi.resolve(time, ZoneInfo(zone))
    if warning:
        findings.append(edi.Finding("DTM", position, "", "local_time_unclear", "", "warning", warning))
    return _Moment(at, time.text)
