"""From neutral EDI messages to the input of commands. Pure: everything known of the partner is passed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.demand.commands.receive_jit_call import ComponentInput, GroupInput
from milkrun.demand.commands.receive_jit_calls import CallInput

DELETED = "2"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The customer no longer wants a call."""

    external_no: str
    message_id: int
    # Where the vehicle stands in which sequence: of a car that was never called the number is left out.
    ship_to: str = ""
    stream_code: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the customer asks of a call by a status word of its own, or by a reorder key: skip, hold, resume, reorder.

    `parts` are (family, customer's part number) of what is ordered again, `key` the customer's key for that.
    """

    action: str
    external_no: str
    message_id: int
    ship_to: str = ""
    stream_code: str = ""
    number: str = ""
    production_no: str = ""
    vin: str = ""
    key: str = ""
    parts: tuple[tuple[str, str], ...] = ()


Step = CallInput | Cancellation | Wish


@dataclass(frozen=True, slots=True)
class Mapped:
    """What one message asks for, in its own order, with what had to be interpreted on the way."""

    steps: tuple[Step, ...]
    findings: tuple[edi.Finding, ...]


def steps_of(
    body: edi.DelJit,
    *,
    zones: Mapping[str, str],
    default_zone: str,
    interchange_id: int,
    message_id: int,
    statuses: Mapping[str, str] | None = None,
) -> Mapped:
    """Map a DELJIT to calls: one for each vehicle of a sequenced message, one for a whole summarised message.

    A message that cancels, or a vehicle marked as deleted (SEQ 1229 = 2), becomes a cancellation instead; one with a
    reorder key (GIR XH) orders its parts again. What the customer's own status words mean goes before that.

    Args:
        body: the neutral message.
        zones: the customer's plants and the IANA zone of each.
        default_zone: the zone where the plant is not known.
        interchange_id: kept on the call.
        message_id: kept on the call.
        statuses: the customer's words in SEQ 1229 and what each asks for.
    """
    zone = zones.get(body.ship_to, default_zone)
    findings: list[edi.Finding] = []
    steps: list[Step] = []
    if body.kind == "sequenced":
        for sequence in body.sequences:
            number = vehicle_number(body, sequence)
            action = action_of(body, sequence, statuses or {})
            if action == "cancel":
                place = (body.ship_to, sequence.line, sequence.number if sequence.action else "")
                steps.append(Cancellation(number, message_id, *place))
            elif action == "ignore":
                findings.append(_ignored(sequence, number))
            elif action != "call":
                steps.append(_wish(action, body, sequence, number, message_id))
            elif call := _vehicle(body, sequence, number, zone, findings):
                steps.append(replace(call, interchange_id=interchange_id, message_id=message_id))
    elif body.function == "cancel":
        steps += [Cancellation(number, message_id) for number in _deliveries(body)]
    else:
        for number, sequences in _deliveries(body).items():
            if call := _summary(body, number, sequences, zone, findings):
                steps.append(replace(call, interchange_id=interchange_id, message_id=message_id))
    return Mapped(tuple(steps), tuple(findings))


def action_of(body: edi.DelJit, sequence: edi.DelJitSequence, statuses: Mapping[str, str]) -> str:
    """Tell what a vehicle's entry asks for: call, cancel, skip, hold, resume, reorder or ignore."""
    if body.function == "cancel":
        return "cancel"
    if sequence.action in statuses:
        return statuses[sequence.action]
    if sequence.action == DELETED:
        return "cancel"
    return "reorder" if sequence.reorder_key else "call"


def _wish(action: str, body: edi.DelJit, sequence: edi.DelJitSequence, number: str, message_id: int) -> Wish:
    return Wish(
        action=action,
        external_no=number,
        message_id=message_id,
        ship_to=body.ship_to,
        stream_code=sequence.line,
        number=sequence.number or sequence.reference_sequence,
        production_no=sequence.production_no,
        vin=sequence.vin,
        key=sequence.reorder_key or number,
        parts=tuple((line.family or sequence.family, line.buyer_part) for line in sequence.lines),
    )


def _ignored(sequence: edi.DelJitSequence, number: str) -> edi.Finding:
    text = f"Status {sequence.action} of call {number} is ignored, as it was set up for this customer."
    return edi.Finding("SEQ", sequence.position, "", "status_ignored", "", "warning", text)


def vehicle_number(body: edi.DelJit, sequence: edi.DelJitSequence) -> str:
    """Name the call of one vehicle: the message's number with the production number, else the sequence number."""
    return f"{body.call_no}/{sequence.production_no or sequence.number or sequence.reference_sequence}"


def _vehicle(
    body: edi.DelJit, sequence: edi.DelJitSequence, number: str, zone: str, findings: list[edi.Finding]
) -> CallInput | None:
    required = sequence.required or next((line.required for line in sequence.lines if line.required), None)
    moment = _moment(required, zone, sequence.position, findings)
    if moment is None:
        return None
    families: dict[str, list[edi.DelJitLine]] = {}
    for line in sequence.lines:
        families.setdefault(line.family or sequence.family, []).append(line)
    return CallInput(
        external_no=number,
        kind="sequenced",
        required_at=moment.at,
        required_text=moment.text,
        zone=zone,
        transmission_no=body.call_no,
        ship_to_code=body.ship_to,
        unloading_point=sequence.unloading_point
        or _one(sequence.lines, "unloading_point", "dock", findings)
        or body.unloading_point,
        line_feed=sequence.line_feed or _one(sequence.lines, "line_feed", "line feed", findings),
        vin=sequence.vin,
        production_no=sequence.production_no,
        stream_code=sequence.line,
        sequence_text=sequence.number or sequence.reference_sequence,
        groups=tuple(GroupInput(family, _components(lines, body.order_no)) for family, lines in families.items()),
    )


def _deliveries(body: edi.DelJit) -> dict[str, list[edi.DelJitSequence]]:
    """Part a summarised message into its calls: those deliveries that have a number of their own, and the rest."""
    found: dict[str, list[edi.DelJitSequence]] = {}
    for sequence in body.sequences:
        found.setdefault(sequence.call_no or body.call_no, []).append(sequence)
    return found or {body.call_no: []}


def _summary(
    body: edi.DelJit, number: str, sequences: Sequence[edi.DelJitSequence], zone: str, findings: list[edi.Finding]
) -> CallInput | None:
    lines = [line for sequence in sequences for line in sequence.lines]
    times = [line.required for line in lines if line.required] + [s.required for s in sequences if s.required]
    earliest = min(times, key=lambda time: time.local) if times else None
    moment = _moment(earliest, zone, sequences[0].position if sequences else 0, findings)
    if moment is None:
        return None
    places: list[edi.DelJitSequence | edi.DelJitLine] = [*sequences, *lines]
    return CallInput(
        external_no=number,
        kind="summarized",
        required_at=moment.at,
        required_text=moment.text,
        zone=zone,
        transmission_no=body.call_no,
        ship_to_code=body.ship_to,
        unloading_point=_one(places, "unloading_point", "dock", findings) or body.unloading_point,
        line_feed=_one(places, "line_feed", "line feed", findings),
        groups=(GroupInput("", _components(lines, body.order_no)),),
    )


def _one(
    places: Iterable[edi.DelJitSequence | edi.DelJitLine], name: str, noun: str, findings: list[edi.Finding]
) -> str:
    """Take what all of a call agree on; two different docks in one call are said, not chosen silently."""
    said = {str(getattr(place, name)): place.position for place in places if getattr(place, name)}
    if len(said) > 1:
        findings.append(
            edi.Finding(
                "LOC",
                max(said.values()),
                "",
                "places_differ",
                "",
                "warning",
                _(
                    "One call names {n} {noun}s ({said}); {said2} is taken. Ask the customer for a call for each."
                ).format(n=len(said), noun=noun, said=", ".join(said), said2=next(iter(said))),
            )
        )
    return next(iter(said), "")


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
                _("The call does not say when the parts are required. Ask the customer to send it with a time."),
            )
        )
        return None
    at, warning = edi.resolve(time, ZoneInfo(zone))
    if warning:
        findings.append(edi.Finding("DTM", position, "", "local_time_unclear", "", "warning", warning))
    return _Moment(at, time.text)
