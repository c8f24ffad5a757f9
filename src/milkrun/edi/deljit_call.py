"""Puts together a just-in-time call from what its segments say, and checks that it says enough.

`Call` takes one fact after another, wherever they were read from: segment by segment (`milkrun.edi.deljit`) or from
the memory of segments seen before (`milkrun.edi.plain`). So there is one meaning of a call, and one list of its faults.

Source: UN/EDIFACT D.04A, DELJIT; VDA 4985 and 4986 for the use of BGM and GIR.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from milkrun.edi.fields import Fields
from milkrun.edi.messages import DelJit, DelJitLine, DelJitSequence, EdiTime
from milkrun.edi.positional import positional

_FUNCTIONS = {"9": "original", "5": "replace", "4": "change", "1": "cancel"}
_DELETED = "2"  # SEQ 1229
new_line = positional(DelJitLine)
_new_sequence = positional(DelJitSequence)
Said = tuple[str, Any]  # what one segment tells: the name of the fact and its value


@dataclass(slots=True)
class _Quantity:
    value: Decimal | None
    unit: str
    required: EdiTime | None = None


@dataclass(slots=True)
class CallLine:
    """A LIN group; `position` is the segment number of its LIN."""

    position: int
    line_no: str
    part: str
    change_level: str = ""
    order_no: str = ""
    family: str = ""
    unloading_point: str = ""
    line_feed: str = ""
    required: EdiTime | None = None
    quantities: list[_Quantity] = field(default_factory=list)  # those of the wanted kind, good or bad

    def take(self, said: Said) -> None:
        """Note what a segment of the group says."""
        name, value = said
        if name == "quantity":
            self.quantities.append(_Quantity(*value))
        elif name == "required" and self.quantities:
            self.quantities[-1].required = value
        else:
            setattr(self, name, value)


@dataclass(slots=True)
class CallSequence:
    """A SEQ group; `position` is the segment number of its SEQ."""

    position: int
    number: str
    action: str
    required: EdiTime | None = None
    unloading_point: str = ""
    line_feed: str = ""
    given: dict[str, str] = field(default_factory=dict)
    reference_position: int = 0
    lines: list[CallLine] = field(default_factory=list)
    ready: list[DelJitLine] = field(default_factory=list)  # lines put together by other means

    def take(self, said: Said, position: int) -> None:
        """Note what a segment of the group, before its first LIN, says."""
        name, value = said
        if name == "given":
            self.given.update(value)
            if "XO" in value:
                self.reference_position = position
        else:
            setattr(self, name, value)


@dataclass(slots=True)
class Call:
    """A call as far as its segments were taken; `document` turns it into the neutral message."""

    fields: Fields
    call_no: str = ""
    function: str = ""
    is_named_jis: bool = False
    document_at: EdiTime | None = None
    order_no: str = ""
    unloading_point: str = ""
    parties: dict[str, str] = field(default_factory=dict)
    sequences: list[CallSequence] = field(default_factory=list)

    def take(self, said: Said) -> None:
        """Note what a segment before the first SEQ says."""
        name, value = said
        if name == "party":
            self._take_party(*value)
        elif name == "document":
            self.call_no, self.function, self.is_named_jis = value
        else:
            setattr(self, name, value)

    def _take_party(self, qualifier: str, code: str) -> None:
        if self.parties.get(qualifier, code) != code:
            text = f"names a second party {qualifier}; send one message for each"
            self.fields.error("several_parties", text, element="2:1")
        self.parties[qualifier] = code

    def document(self) -> DelJit:
        """Make the neutral message of all that was taken; what lacks or disagrees goes to the findings."""
        return _build(self, self.fields)


def _build(call: Call, fields: Fields) -> DelJit:
    kind = _kind(call)
    function = function_of(call.function, fields)
    if not call.call_no:
        fields.at("missing_number", "BGM", 2, "BGM carries no call number; send it in element 2", element="2:1")
    if call.document_at is None:
        fields.warn_at("missing_date", "DTM", 3, "DTM+137 (date of the message) was not sent; send it")
    ship_to = _party(call, "ST", "CN", "DP")
    if not ship_to:
        fields.warn_at("missing_party", "NAD", 0, "NAD+ST (the plant to deliver to) was not sent; send it")
    return DelJit(
        call_no=call.call_no,
        function=function,
        kind=kind,
        document_at=call.document_at,
        order_no=call.order_no,
        buyer=_party(call, "BY"),
        seller=_party(call, "SE", "SU"),
        ship_to=ship_to,
        unloading_point=call.unloading_point,
        sequences=tuple(_sequence(sequence, kind, function, fields) for sequence in call.sequences),
    )


def _kind(call: Call) -> Literal["summarized", "sequenced"]:
    numbered = any(s.number or "VV" in s.given or "AN" in s.given for s in call.sequences)
    return "sequenced" if call.is_named_jis or numbered else "summarized"


def function_of(code: str, fields: Fields) -> str:
    """Name the function of a call by its code in BGM."""
    if not code:
        text = "BGM element 3 (function) was not sent and was read as original; send 9, 5, 4 or 1"
        fields.warn_at("missing_function", "BGM", 2, text, element="3")
        return "original"
    return _FUNCTIONS.get(code, f"other:{code}")


def _party(call: Call, *qualifiers: str) -> str:
    return next((call.parties[q] for q in qualifiers if call.parties.get(q)), "")


def _sequence(draft: CallSequence, kind: str, function: str, fields: Fields) -> DelJitSequence:
    number, given = draft.number, draft.given
    wanted = wants_lines(function, draft.action)
    if kind == "sequenced":
        _check_vehicle(draft, number, fields)
    if wanted and not (draft.lines or draft.ready):
        text = f"SEQ in segment {draft.position} has no LIN; send the parts wanted"
        if kind == "sequenced":
            fields.warn_at("missing_line", "SEQ", draft.position, text)
        else:
            fields.at("missing_line", "SEQ", draft.position, text)
    lines = [line for part in draft.lines for line in lines_of(part, draft, wanted, fields)]
    return _new_sequence(
        number,
        draft.action,
        draft.position,
        draft.required,
        draft.unloading_point,
        given.get("VV", ""),
        given.get("AN", ""),
        given.get("XA", ""),
        given.get("XN", ""),
        given.get("XO", ""),
        given.get("XH", ""),
        draft.line_feed,
        tuple(lines or draft.ready),
        "",
    )


def wants_lines(function: str, action: str) -> bool:
    """Tell whether the lines of a sequence say what to deliver; in what is cancelled they need not."""
    return function != "cancel" and action != _DELETED


def _check_vehicle(draft: CallSequence, number: str, fields: Fields) -> None:
    reference = draft.given.get("XO", "")
    if reference and number and reference.lstrip("0") != number.lstrip("0"):
        text = (
            f"GIR in segment {draft.reference_position} gives sequence {reference} (XO) but its SEQ gives {number}; "
            "send the same number in both"
        )
        fields.at("sequence_disagrees", "GIR", draft.reference_position, text)
    if not (number or reference or draft.given.get("AN")):
        text = (
            f"SEQ in segment {draft.position} has neither a sequence number nor a production number (GIR AN); send one"
        )
        fields.at("missing_sequence", "SEQ", draft.position, text, element="2:1")


def lines_of(draft: CallLine, sequence: CallSequence, wanted: bool, fields: Fields) -> list[DelJitLine]:
    """Make the lines of a LIN group, one for each quantity; what lacks goes to the findings."""
    if not draft.part:
        text = f"LIN in segment {draft.position} names no part; send the customer's part number in element 3"
        fields.at("missing_part", "LIN", draft.position, text, element="3:1")
    if wanted and not draft.quantities:
        text = f"LIN in segment {draft.position} has no quantity; send QTY+131"
        fields.at("missing_quantity", "LIN", draft.position, text)
    lines = []
    for quantity in draft.quantities or [_Quantity(None, "")]:
        required = quantity.required or draft.required
        if required is None and wanted and sequence.required is None and not fields.time_faulted:
            text = f"LIN in segment {draft.position} has no date and nor has its SEQ; send DTM+2"
            fields.at("missing_date", "LIN", draft.position, text)
        lines.append(
            new_line(
                draft.position,
                draft.line_no,
                draft.part,
                draft.change_level,
                draft.order_no,
                quantity.value,
                quantity.unit,
                required,
                draft.family,
                draft.unloading_point,
                draft.line_feed,
            )
        )
    return lines
