"""EDI codec: bytes of an interchange in, neutral messages with findings out, and back.

Pure: knows neither Django nor a database, and never raises for malformed input. EDIFACT is read and written; other
syntaxes are recognised and answered with the finding `unsupported_syntax`.
"""

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
    Interchange,
    InvoiceDocument,
    InvoiceDocumentLine,
    Message,
    Party,
    Reading,
)

__all__ = [
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
    "Interchange",
    "InvoiceDocument",
    "InvoiceDocumentLine",
    "Message",
    "Party",
    "Reading",
]
