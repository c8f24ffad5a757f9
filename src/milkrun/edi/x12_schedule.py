"""Reads the X12 calls, shipping schedule (862) and production sequence (866), into the same `DelJit` a DELJIT gives.

A schedule asks for quantities: each FST, or each JIT under it, is a line. Lines of one delivery order (DO) belong
together under its number, so that the next schedule changes them; what has no delivery order is one call under the
number of the schedule. A sequence names vehicles: lines of one vehicle that follow each other are one entry of it.

Source: ASC X12 862 and 866, 002040 to 005010, for segments and their order. Which qualifier a partner uses for what is
that partner's guide; those read here are listed in docs/reference/edi.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from milkrun.edi.check import printable
from milkrun.edi.fields import Fields
from milkrun.edi.messages import DelJit, DelJitLine, DelJitSequence, EdiTime
from milkrun.edi.syntax import Segment
from milkrun.edi.x12_times import time_of

_FUNCTIONS = {"00": "original", "05": "replace", "04": "change", "01": "cancel", "03": "cancel"}
_PLANNED = "D"  # FST02: a plan, no call
_CUMULATIVE = "C"  # BSS11
_BUYER, _SELLER, _SHIP_TO = ("BY", "MI", "SI"), ("SU", "SE", "VN"), ("ST",)


@dataclass(slots=True)
class _Place:
    """What REF says of where to: for the whole set, for a line, for one delivery."""

    dock: str = ""
    line_feed: str = ""
    delivery: str = ""

    def take(self, segment: Segment) -> None:
        pairs = [(segment.get(1), segment.get(2))]
        pairs += [(segment.get(4, place), segment.get(4, place + 1)) for place in (1, 3, 5)]
        for qualifier, value in pairs:
            match qualifier.strip(), value.strip():
                case "DK", dock if dock:
                    self.dock = dock
                case "LF", line_feed if line_feed:
                    self.line_feed = line_feed
                case "DO", delivery if delivery:
                    self.delivery = delivery


@dataclass(slots=True)
class _Wanted:
    """A quantity at a time: an FST, a JIT of it, or the QTY of a production sequence."""

    position: int
    quantity: Decimal | None
    required: EdiTime | None
    place: _Place = field(default_factory=_Place)
    planned: bool = False
    parts: list["_Wanted"] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """A LIN loop."""

    position: int
    segment: Segment
    number: str
    unit: str = ""
    required: EdiTime | None = None
    place: _Place = field(default_factory=_Place)
    wanted: list[_Wanted] = field(default_factory=list)

    def product(self, *qualifiers: str) -> str:
        """Return the product number under the first of these qualifiers that is there."""
        elements = self.segment.elements
        numbers = {self.segment.get(place): self.segment.get(place + 1) for place in range(2, len(elements), 2)}
        return next((numbers[q].strip() for q in qualifiers if numbers.get(q, "").strip()), "")


@dataclass(slots=True)
class _Schedule:
    """All that the set says."""

    header: Segment = field(default_factory=lambda: Segment("BSS", [["BSS"]]))
    header_position: int = 2
    parties: dict[str, str] = field(default_factory=dict)
    place: _Place = field(default_factory=_Place)
    lines: list[_Line] = field(default_factory=list)
    document_at: EdiTime | None = None
    total: Segment | None = None
    total_position: int = 0
    times: int = 0


def read_schedule(segments: Sequence[Segment], fields: Fields) -> DelJit:
    """Read a set 862 or 866; what is wrong goes to `fields.findings`."""
    schedule = _Schedule()
    is_sequence = segments[0].get(1) == "866"
    moment: EdiTime | None = None  # of the DTM that opens a loop of a production sequence
    ended = False  # the quantities of the line are over: what follows is told of shipments
    line: _Line | None = None
    for position, segment in enumerate(segments, 1):
        fields.position, fields.segment = position, segment
        match segment.tag:
            case "BSS" if not schedule.header.get(1):
                schedule.header, schedule.header_position = segment, position
                schedule.document_at = time_of(fields, 3)
            case "N1":
                _take_party(schedule, segment, fields)
            case "DTM" if is_sequence:
                schedule.times += 1
                line, moment = None, time_of(fields, 2, 3)
            case "LIN":
                line, ended = _Line(position, segment, segment.get(1), required=moment), False
                schedule.lines.append(line)
            case "CTT":
                schedule.total, schedule.total_position = segment, position
            case "SHP" | "SLN" | "PID":
                ended = True
            case "REF" if line is None:
                schedule.place.take(segment)
            case _ if line is not None and not ended:
                _take(line, segment, fields, is_sequence)
    return _document(schedule, is_sequence, fields)


def _take_party(schedule: _Schedule, segment: Segment, fields: Fields) -> None:
    qualifier, code = segment.get(1), segment.get(4).strip()
    if code and schedule.parties.get(qualifier, code) != code:
        fields.error("several_parties", f"names a second party {qualifier}; send one set for each", element="4")
    if code:
        schedule.parties[qualifier] = code


def _take(line: _Line, segment: Segment, fields: Fields, is_sequence: bool) -> None:
    position = fields.position
    match segment.tag:
        case "UIT":
            line.unit = segment.get(1)
        case "QTY" if is_sequence:
            line.unit = segment.get(3) or line.unit
            line.wanted.append(_Wanted(position, _positive(fields, 2), line.required))
        case "FST":
            wanted = _Wanted(position, _positive(fields, 1), time_of(fields, 4, 7), planned=segment.get(2) == _PLANNED)
            if segment.get(8) == "DO":
                wanted.place.delivery = segment.get(9).strip()
            line.wanted.append(wanted)
        case "JIT" if line.wanted:
            day = line.wanted[-1].required
            line.wanted[-1].parts.append(_Wanted(position, _positive(fields, 1), time_of(fields, 0, 2, day=day)))
        case "REF" if line.wanted and line.wanted[-1].parts:
            line.wanted[-1].parts[-1].place.take(segment)
        case "REF" if not (line.wanted and not is_sequence):
            line.place.take(segment)


def _positive(fields: Fields, element: int) -> Decimal | None:
    value = fields.number(element, 1, missing="missing_quantity")
    if value is not None and value <= 0:
        text = "asks for a quantity that is not greater than zero; send the quantity wanted or cancel the call"
        fields.error("quantity_not_positive", text, element=str(element))
    return value


def _document(schedule: _Schedule, is_sequence: bool, fields: Fields) -> DelJit:
    header, at = schedule.header, schedule.header_position
    function = _function(header, at, fields)
    if not header.get(2):
        fields.at("missing_number", "BSS", at, "BSS carries no number; send it in element 2", element="2")
    if header.get(11) == _CUMULATIVE:
        text = "BSS says that the quantities are cumulative, which no call can be made of; send discrete ones (A)"
        fields.at("invalid_value", "BSS", at, text, element="11")
    ship_to = _party(schedule, _SHIP_TO)
    if not ship_to:
        fields.warn_at("missing_party", "N1", 0, "N1*ST (the plant to deliver to) was not sent; send it")
    sequenced = is_sequence or any(line.product("JS", "VV") for line in schedule.lines)
    _check_total(schedule, is_sequence, fields)
    make = _vehicles if sequenced else _deliveries
    wanted = function != "cancel"
    sequences = make(schedule, wanted, fields)
    if wanted and not sequences:
        fields.at("missing_line", "BSS", at, "The set calls no quantity; send FST, or QTY in an 866")
    return DelJit(
        call_no=header.get(2).strip(),
        function=function,
        kind="sequenced" if sequenced else "summarized",
        document_at=schedule.document_at,
        order_no=header.get(10).strip() or header.get(9).strip(),
        buyer=_party(schedule, _BUYER),
        seller=_party(schedule, _SELLER),
        ship_to=ship_to,
        unloading_point=schedule.place.dock,
        sequences=sequences,
    )


def _function(header: Segment, at: int, fields: Fields) -> str:
    code = header.get(1)
    if not code:
        return "original"  # the grammar check has reported it
    if code not in _FUNCTIONS:
        text = f'BSS gives purpose "{printable(code)}", which was read as original; send 00, 05, 04 or 03'
        fields.warn_at("missing_function", "BSS", at, text, element="1")
    return _FUNCTIONS.get(code, "original")


def _party(schedule: _Schedule, qualifiers: tuple[str, ...]) -> str:
    return next((schedule.parties[q] for q in qualifiers if schedule.parties.get(q)), "")


def _check_total(schedule: _Schedule, is_sequence: bool, fields: Fields) -> None:
    """Compare CTT with what was read; customers fill it in so many ways that it only warns."""
    stated = schedule.total.get(1) if schedule.total else ""
    counted = schedule.times if is_sequence else len(schedule.lines)
    known = {counted, len(schedule.lines)}
    if stated.isascii() and stated.isdigit() and int(stated) not in known:
        text = (
            f"CTT states {printable(stated)} lines, {len(schedule.lines)} were read; correct it if something was lost"
        )
        fields.warn_at("total_wrong", "CTT", schedule.total_position, text, element="1")


def _calls(line: _Line, fields: Fields) -> list[tuple[_Wanted, _Place]]:
    """List what a line calls: its JIT times where it has them, else its quantities; plans are left out."""
    found = []
    for wanted in line.wanted:
        if wanted.planned:
            text = f"FST in segment {wanted.position} is a plan (D), not a call; its quantity was left out"
            fields.warn_at("planned_quantity", "FST", wanted.position, text, element="2")
            continue
        parts = wanted.parts or [wanted]
        given = [part.quantity for part in wanted.parts if part.quantity is not None]
        if given and wanted.quantity is not None and sum(given) != wanted.quantity:
            text = (
                f"FST in segment {wanted.position} asks for {wanted.quantity}, its JIT for {sum(given)}; JIT was taken"
            )
            fields.warn_at("total_wrong", "FST", wanted.position, text, element="1")
        for part in parts:
            delivery = part.place.delivery or wanted.place.delivery or line.place.delivery
            dock = part.place.dock or line.place.dock
            found.append((part, _Place(dock, part.place.line_feed or line.place.line_feed, delivery)))
    return found


def _line_of(line: _Line, part: _Wanted, place: _Place, fields: Fields) -> DelJitLine:
    number = line.product("BP", "IN")
    if not number:
        text = f"LIN in segment {line.position} names no part; send the customer's part number (BP)"
        fields.at("missing_part", "LIN", line.position, text, element="3")
    if part.required is None and not fields.time_faulted:
        fields.at("missing_date", "FST", part.position, f"Segment {part.position} says no date; send it")
    return DelJitLine(
        position=line.position,
        line_no=line.number,
        buyer_part=number,
        change_level=line.product("EC"),
        order_no=line.product("PO"),
        quantity=part.quantity,
        unit=line.unit,
        required=part.required,
        unloading_point=place.dock,
        line_feed=place.line_feed,
    )


def _deliveries(schedule: _Schedule, wanted: bool, fields: Fields) -> tuple[DelJitSequence, ...]:
    """Put the lines of a schedule together by delivery order."""
    found: dict[str, list[DelJitLine]] = {}
    for line in schedule.lines:
        for part, place in _calls(line, fields):
            delivery = place.delivery or schedule.place.delivery
            found.setdefault(delivery, []).append(_line_of(line, part, place, fields))
    for delivery, lines in found.items():
        times = {line.required.local for line in lines if line.required}
        if len(times) > 1 and wanted and delivery:
            text = f"Delivery order {printable(delivery, 40)} asks for {len(times)} times; the call takes the earliest"
            fields.warn_at("several_times", "FST", lines[0].position, text)
        elif len(times) > 1 and wanted:
            # As one call all of it would be wanted on the first day, and the next schedule would add to it.
            text = f"The schedule asks for {len(times)} times and names no delivery orders; send one for each time"
            fields.at("missing_number", "FST", lines[0].position, text, element="9")
    return tuple(
        _sequence(lines, call_no=delivery, place=schedule.place, position=lines[0].position)
        for delivery, lines in found.items()
    )


def _vehicles(schedule: _Schedule, wanted: bool, fields: Fields) -> tuple[DelJitSequence, ...]:
    """Put the lines together that follow each other for one vehicle."""
    found: list[tuple[tuple[str, str, str], list[DelJitLine]]] = []
    for line in schedule.lines:
        vehicle = line.product("JS"), line.product("VV"), line.product("JN")
        if not (vehicle[0] or vehicle[2]):
            text = f"LIN in segment {line.position} has neither a sequence number (JS) nor a job number (JN); send one"
            fields.at("missing_sequence", "LIN", line.position, text)
        calls = _calls(line, fields)
        if wanted and not calls:
            fields.at(
                "missing_quantity", "LIN", line.position, f"LIN in segment {line.position} has no quantity; send it"
            )
        lines = [_line_of(line, part, place, fields) for part, place in calls]
        if found and found[-1][0] == vehicle:
            found[-1][1].extend(lines)
        elif lines or not wanted:
            found.append((vehicle, lines))
    return tuple(
        _sequence(lines, vehicle=vehicle, place=schedule.place, position=lines[0].position if lines else 0)
        for vehicle, lines in found
    )


def _sequence(
    lines: list[DelJitLine],
    *,
    place: _Place,
    position: int,
    call_no: str = "",
    vehicle: tuple[str, str, str] = ("", "", ""),
) -> DelJitSequence:
    number, vin, production_no = vehicle
    times = [line.required for line in lines if line.required]
    return DelJitSequence(
        number=number,
        action="",
        position=position,
        required=min(times, key=lambda time: time.local) if times else None,
        unloading_point="",
        vin=vin,
        production_no=production_no,
        family="",
        line="",
        reference_sequence="",
        reorder_key="",
        line_feed=place.line_feed,
        lines=tuple(lines),
        call_no=call_no,
    )
