"""Which acknowledgement answers an interchange, in each dialect, and its bytes.

EDIFACT is answered by a CONTRL, X12 by a 997 or, where the interchange itself is at fault, a TA1, JSON by a document
that names verdict and findings. VDA's fixed records know no acknowledgement. An acknowledgement is never acknowledged,
so that two systems cannot talk to each other for ever.
"""

from dataclasses import replace

from milkrun.edi.contrl import wants_answer as wants_contrl
from milkrun.edi.json_calls import ANSWER as JSON_ANSWER
from milkrun.edi.json_calls import write_json_answer
from milkrun.edi.messages import Envelope, Interchange
from milkrun.edi.outgoing import write_contrl
from milkrun.edi.x12_acknowledgement import ANSWERS as X12_ANSWERS
from milkrun.edi.x12_acknowledgement import answers_with_ta1, write_x12_answer

# Messages that are themselves answers.
ANSWERS = frozenset({"CONTRL", JSON_ANSWER, *X12_ANSWERS})
# Digits of the control reference of what we write, where the dialect does not leave them to us.
CONTROL_DIGITS = {"x12": 9}


def wants_answer(interchange: Interchange) -> bool:
    """Tell whether an interchange can be answered: its dialect knows answers, it is identified and is none itself."""
    if interchange.dialect == "vda":
        return False
    named = interchange.control and interchange.sender.id and interchange.recipient.id
    if interchange.dialect == "edifact":
        return wants_contrl(interchange)
    # What stands in a group of answers is taken for one, whatever it calls itself.
    answers = {number for number, group in enumerate(interchange.groups, 1) if group.code == "FA"}
    return bool(named) and any(m.type not in ANSWERS and m.group not in answers for m in interchange.messages)


def answer_type(interchange: Interchange, reject_with: str = "") -> str:
    """Name the document that answers an interchange: CONTRL, 997, TA1 or JSON-ACK; "" where its dialect knows none."""
    if interchange.dialect == "x12":
        return "TA1" if answers_with_ta1(interchange, reject_with) else "997"
    return {"edifact": "CONTRL", "json": JSON_ANSWER}.get(interchange.dialect, "")


def write_answer(interchange: Interchange, envelope: Envelope, *, reject_with: str = "") -> bytes:
    """Write the acknowledgement of an interchange in its own dialect.

    Args:
        interchange: as read; its verdicts and findings decide the answer.
        envelope: sender is who answers, that is the recipient of the interchange.
        reject_with: reject the whole for this error (0085): 26 duplicate, 23 unknown sender, 7 not for us, 25 test.

    Raises:
        ValueError: it cannot be answered, or a name does not fit.
    """
    if interchange.dialect == "vda":
        raise ValueError("interchange: is of fixed records, which know no acknowledgement")
    if not wants_answer(interchange):
        raise ValueError("interchange: is an acknowledgement, or does not say who sent it under which reference")
    if interchange.dialect == "json":
        return write_json_answer(interchange, envelope, reject_with=reject_with)
    if interchange.dialect == "x12":
        return write_x12_answer(interchange, replace(envelope, test=interchange.test), reject_with=reject_with)
    return write_contrl(interchange, envelope, reject_with=reject_with)
