"""Reads a plain just-in-time call from what is remembered of its segments.

A file of calls repeats most of its segments: parts, order numbers, quantities, times. What a segment says is found out
once, by the functions of `milkrun.edi.deljit`, and remembered by its text. The call itself is put together and checked
by `milkrun.edi.deljit_call`, as every call is.

Source: UN/EDIFACT D.04A, DELJIT.
"""

from collections.abc import Iterable
from typing import NamedTuple

from milkrun.edi import deljit
from milkrun.edi.deljit_call import Call, CallLine, CallSequence, Said
from milkrun.edi.fields import Fields
from milkrun.edi.messages import DelJit
from milkrun.edi.shapes import tags_within
from milkrun.edi.syntax import Segment

_TABLE = "deljit_d04a"
_IN_LINE = tags_within(_TABLE, "SEQ", "LIN")
_IN_SEQUENCE = tags_within(_TABLE, "SEQ", but="LIN")
_IN_HEAD = tags_within(_TABLE, but="SEQ")


class Fact(NamedTuple):
    """What one segment says: the letter of its tag, what it opens (SEQ, LIN), and what it means in each part."""

    letter: str
    opens: tuple[str, str] | None = None
    in_head: Said | None = None
    in_sequence: Said | None = None
    in_line: Said | None = None


def learn(segment: Segment, letter: str, fields: Fields) -> Fact:
    """Find out what a segment says in each part of a call; faults of any of them go to `fields.findings`."""
    tag = segment.tag
    fields.segment = segment
    if tag == "SEQ":
        return Fact(letter, deljit.opens_sequence(segment))
    if tag == "LIN":
        return Fact(letter, deljit.opens_line(segment))
    return Fact(
        letter,
        None,
        deljit.said_in_head(segment, fields) if tag in _IN_HEAD else None,
        deljit.said_in_sequence(segment, fields) if tag in _IN_SEQUENCE else None,
        deljit.said_in_line(segment, fields) if tag in _IN_LINE else None,
    )


def read_plain_deljit(facts: Iterable[Fact], letters: dict[str, str], fields: Fields) -> DelJit:
    """Put together a call of the facts between UNH and UNT; what is wrong goes to `fields.findings`."""
    opens_sequence, opens_line = letters["SEQ"], letters["LIN"]
    call = Call(fields)
    sequence: CallSequence | None = None
    line: CallLine | None = None
    for position, (letter, opens, in_head, in_sequence, in_line) in enumerate(facts, 2):
        if opens and letter == opens_line and sequence is not None:
            line = CallLine(position, *opens)
            sequence.lines.append(line)
        elif opens and letter == opens_sequence:
            sequence, line = CallSequence(position, *opens), None
            call.sequences.append(sequence)
        elif line is not None:
            if in_line:
                line.take(in_line)
        elif sequence is not None:
            if in_sequence:
                sequence.take(in_sequence, position)
        elif in_head:
            call.take(in_head)
    return call.document()
