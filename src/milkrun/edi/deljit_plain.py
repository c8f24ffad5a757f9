"""Reads a plain just-in-time call from what is remembered of its segments.

A file of calls repeats most of its segments: parts, order numbers, quantities, times. What a segment says is found out
once, by the functions of `milkrun.edi.deljit`, and remembered by its text. The call itself is put together and checked
by `milkrun.edi.deljit_call`, as every call is.

Source: UN/EDIFACT D.04A, DELJIT.
"""

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from milkrun.edi import deljit
from milkrun.edi.deljit_call import Call, CallLine, CallSequence, Said, function_of, lines_of, new_line, wants_lines
from milkrun.edi.fields import Fields
from milkrun.edi.messages import DelJit, EdiTime
from milkrun.edi.shapes import tags_within
from milkrun.edi.syntax import Segment

_TABLE = "deljit_d04a"
_IN_LINE = tags_within(_TABLE, "SEQ", "LIN")
_IN_SEQUENCE = tags_within(_TABLE, "SEQ", but="LIN")
_IN_HEAD = tags_within(_TABLE, but="SEQ")


_NAMES = {
    ".": "",
    "q": "quantity",
    "r": "required",
    "c": "change_level",
    "o": "order_no",
    "f": "family",
    "u": "unloading_point",
    "l": "line_feed",
}
_SENSES = {name: sense for sense, name in _NAMES.items()}
_NO_QUANTITY = (None, "")
_SOME_TIME = EdiTime("", "", datetime.min)  # noqa: DTZ901 (any time will do)
_LONGEST_PLAN, _MOST_PLANS = 40, 2000
Plan = tuple[Callable[[list[Any]], Any], ...]


class Fact(NamedTuple):
    """What one segment says.

    `letter` stands for its tag; `sense` for what it says of a part: "L" and "S" open a line and a sequence, "." is
    nothing. `value` is what it says there; LIN, SEQ and QTY say two things at once.
    """

    letter: str
    sense: str
    value: Any
    in_head: Said | None = None
    in_sequence: Said | None = None


def learn(segment: Segment, letter: str, fields: Fields) -> Fact:
    """Find out what a segment says in each part of a call; faults of any of them go to `fields.findings`."""
    tag = segment.tag
    fields.segment = segment
    if tag == "SEQ":
        return Fact(letter, "S", deljit.opens_sequence(segment))
    if tag == "LIN":
        line_no, part = deljit.opens_line(segment)
        if not part:
            fields.error("missing_part", "names no part")  # said in full by who reads the whole call
        return Fact(letter, "L", (line_no, part))
    in_line = deljit.said_in_line(segment, fields) if tag in _IN_LINE else None
    name, value = in_line or ("", None)
    return Fact(
        letter,
        _SENSES[name],
        value,
        deljit.said_in_head(segment, fields) if tag in _IN_HEAD else None,
        deljit.said_in_sequence(segment, fields) if tag in _IN_SEQUENCE else None,
    )


def read_plain_deljit(facts: list[Fact], plans: dict[str, Plan], fields: Fields) -> DelJit:
    """Put together a call of the facts between UNH and UNT; what is wrong goes to `fields.findings`.

    Args:
        facts: one for each segment.
        plans: what `_plan` found before; kept by the caller.
        fields: of the file.
    """
    call = Call(fields)
    head, *groups = "".join([fact[1] for fact in facts]).split("S")
    values = [fact[2] for fact in facts]
    at = len(head)
    for fact in facts[:at]:
        if fact.in_head:
            call.take(fact.in_head)
    function = function_of(call.function, fields)
    for group in groups:
        number, action = values[at]
        sequence = CallSequence(at + 2, number, action)
        own, *lines = group.split("L")
        at += 1
        for place, fact in enumerate(facts[at : at + len(own)], at + 2):
            if fact.in_sequence:
                sequence.take(fact.in_sequence, place)
        at += len(own)
        kind = ("w" if wants_lines(function, sequence.action) else "-") + ("d" if sequence.required else "-")
        ready = sequence.ready
        for line in lines:
            plan = plans.get(kind + line) or _plan(kind, line, plans, fields)
            end = at + 1 + len(line)
            told = ["", None, _NO_QUANTITY, *values[at:end]]
            for pick in plan:
                (line_no, part), (quantity, unit), change, order_no, required, family, unloading, feed = pick(told)
                ready.append(
                    new_line(at + 2, line_no, part, change, order_no, quantity, unit, required, family, unloading, feed)
                )
            at = end
        call.sequences.append(sequence)
    return call.document()


def _plan(kind: str, senses: str, plans: dict[str, Plan], fields: Fields) -> Plan:
    """Find out once how the lines of a group are made of what its segments tell.

    The group is put together as every group is, but of numbers that say where each value will stand: in a list of "",
    None and no quantity, and then the values of LIN and of each segment behind it.
    """
    sequence = CallSequence(0, "", "", required=_SOME_TIME if kind[1] == "d" else None)
    draft: Any = CallLine(0, "LIN", "LIN")
    for place, sense in enumerate(senses, 4):
        if sense == "q":
            draft.take(("quantity", (_Place(place), "")))
        elif sense != ".":
            draft.take((_NAMES[sense], _Place(place)))
    before = len(fields.findings.items)
    lines = lines_of(draft, sequence, kind[0] == "w", fields)
    plan = tuple(itemgetter(*_places(line)) for line in lines)
    if len(fields.findings.items) == before and len(senses) <= _LONGEST_PLAN and len(plans) < _MOST_PLANS:
        plans[kind + senses] = plan
    return plan


class _Place(int):
    """Where a value will stand; never nothing, as no value that was learned is."""

    def __bool__(self) -> bool:
        return True


def _places(line: Any) -> list[int]:
    """Say where the values of a line come from: LIN, quantity, and the others in the order the reader takes them."""
    others = (line.change_level, line.order_no, line.required, line.family, line.unloading_point, line.line_feed)
    quantity = 2 if line.quantity is None else line.quantity
    return [3, quantity, *(1 if place is None else 0 if place == "" else place for place in others)]
