"""EDI codec: bytes of an interchange in, neutral messages with findings out, and back.

Pure: knows neither Django nor a database, and never raises for malformed input. EDIFACT is read and written; calls are
read from X12, from fixed records in the manner of VDA and from JSON too, and answered where the dialect knows answers.
Other syntaxes are recognised and answered with the finding `unsupported_syntax`.
"""

from milkrun.edi.acknowledgement import ANSWERS, CONTROL_DIGITS, answer_type, wants_answer, write_answer
from milkrun.edi.messages import (
    Body,
    Control,
    ControlMessage,
    DelJit,
    DelJitLine,
    DelJitSequence,
    DespatchAdvice,
    DespatchLine,
    DespatchUnit,
    EdiTime,
    Envelope,
    Finding,
    Group,
    Interchange,
    InvoiceDocument,
    InvoiceDocumentLine,
    Message,
    Party,
    Reading,
)
from milkrun.edi.outgoing import write_call, write_contrl, write_despatch_advice, write_invoice, write_messages
from milkrun.edi.reading import dialect_of, read
from milkrun.edi.times import parse_time, resolve
from milkrun.edi.ubl import InvoiceParties, write_ubl

__all__ = [
    "ANSWERS",
    "CONTROL_DIGITS",
    "Body",
    "Control",
    "ControlMessage",
    "DelJit",
    "DelJitLine",
    "DelJitSequence",
    "DespatchAdvice",
    "DespatchLine",
    "DespatchUnit",
    "EdiTime",
    "Envelope",
    "Finding",
    "Group",
    "Interchange",
    "InvoiceDocument",
    "InvoiceDocumentLine",
    "InvoiceParties",
    "Message",
    "Party",
    "Reading",
    "answer_type",
    "dialect_of",
    "parse_time",
    "read",
    "resolve",
    "wants_answer",
    "write_answer",
    "write_call",
    "write_contrl",
    "write_despatch_advice",
    "write_invoice",
    "write_messages",
    "write_ubl",
]
