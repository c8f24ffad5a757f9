"""Neutral messages: what an interchange says, free of segments and qualifiers.

`milkrun.edi.read` returns a `Reading`; its messages carry one of the bodies below (`DelJit`, `DespatchAdvice`,
`InvoiceDocument`, `Control`) or None where the message was rejected or its type is not read. The writers take the same
bodies. Text that a message did not carry is the empty string; numbers and times it did not carry are None. Nothing
here is rounded or guessed: a quantity is the exact `Decimal` of the message, a time keeps its own text and format.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Verdict = Literal["accepted", "accepted_with_errors", "rejected"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with an interchange, with its place and the way out.

    `position` counts segments: inside a message UNH is 1; on the interchange itself UNB is 1 and 0 means the file as a
    whole. `element` is "3" or "3:2" (element, component; the tag is not counted) or "". `code` is our stable word,
    `syntax_code` the number of UN/EDIFACT data element 0085 for an acknowledgement, or "".
    """

    segment: str
    position: int
    element: str
    code: str
    syntax_code: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or recipient as the envelope names it: its id and the qualifier of the id ("" when none)."""

    id: str
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class EdiTime:
    """A point in time as a message wrote it: the text, its format code (2379), the local reading and a zone if given.

    `local` is naive: which instant it is depends on the zone, see `milkrun.edi.resolve`.
    """

    text: str
    format: str
    local: datetime
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class DelJitLine:
    """One part wanted: `position` is the segment number of its LIN.

    What is empty here stands for the whole sequence or call: look there next. A LIN that asks for several quantities
    at several times becomes several lines with the same `line_no`. `family` is a GIR XA of the part itself.
    """

    position: int
    line_no: str
    buyer_part: str
    change_level: str
    order_no: str
    quantity: Decimal | None
    unit: str
    required: EdiTime | None
    family: str = ""
    unloading_point: str = ""
    line_feed: str = ""


@dataclass(frozen=True, slots=True)
class DelJitSequence:
    """One SEQ group: a vehicle in a sequenced call, a destination in a summarised one.

    `number` is SEQ 1050 as sent ("0471"), `action` SEQ 1229, `position` the segment number of the SEQ, and
    `reference_sequence` GIR XO. `family`, `line`, `reorder_key` are GIR XA, XN, XH; `line_feed` is LOC+159. `call_no`
    is a number of its own that a delivery of a summarised call has (X12 delivery order), "" where it has none.
    """

    number: str
    action: str
    position: int
    required: EdiTime | None
    unloading_point: str
    vin: str
    production_no: str
    family: str
    line: str
    reference_sequence: str
    reorder_key: str
    line_feed: str
    lines: tuple[DelJitLine, ...]
    call_no: str = ""


@dataclass(frozen=True, slots=True)
class DelJit:
    """A just-in-time call. `function` is original, replace, change, cancel or "other:<code of BGM 1225>"."""

    call_no: str
    function: str
    kind: Literal["summarized", "sequenced"]
    document_at: EdiTime | None
    order_no: str
    buyer: str
    seller: str
    ship_to: str
    unloading_point: str
    sequences: tuple[DelJitSequence, ...]


@dataclass(frozen=True, slots=True)
class DespatchUnit:
    """One handling unit: its SSCC, the package type and the SSCC of the unit it stands on or in."""

    sscc: str
    package_type: str
    parent_sscc: str | None = None


@dataclass(frozen=True, slots=True)
class DespatchLine:
    """One part shipped in one handling unit (`sscc`, "" when loose). Vehicle fields only on sequenced goods.

    `replaces` names the call whose damaged or missing part this one stands for.
    """

    line_no: str
    sscc: str
    buyer_part: str
    supplier_part: str
    quantity: Decimal
    unit: str
    order_no: str = ""
    call_no: str = ""
    line_feed: str = ""
    vin: str = ""
    production_no: str = ""
    family: str = ""
    line: str = ""
    sequence_no: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class DespatchAdvice:
    """An advance shipping notice. Parties are codes the two partners agreed on (agency 92).

    The three times are aware UTC; the message carries them as local time of `zone` (an IANA name) to the minute.
    """

    number: str
    function: Literal["original", "cancel"]
    issued_at: datetime
    shipped_at: datetime
    arrival_at: datetime | None
    seller: str
    buyer: str
    ship_to: str
    ship_from: str
    unloading_point: str
    delivery_no: str
    cancels: str | None
    units: tuple[DespatchUnit, ...]
    lines: tuple[DespatchLine, ...]
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class InvoiceDocumentLine:
    """One invoiced position: `amount` is net; `unit_price` is for `price_basis` units."""

    line_no: str
    buyer_part: str
    supplier_part: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_basis: Decimal
    amount: Decimal
    order_no: str = ""
    call_no: str = ""
    delivery_no: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice as sent, or a credit note with the number it credits.

    `tax_rate` is in percent; `net`, `tax` and `gross` are sums as printed, not recomputed.
    """

    number: str
    issued_on: date
    delivery_no: str
    delivered_on: date | None
    seller: str
    seller_name: str
    seller_tax_id: str
    buyer: str
    ship_to: str
    currency: str
    tax_rate: Decimal
    lines: tuple[InvoiceDocumentLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    kind: Literal["invoice", "credit_note"] = "invoice"
    credits: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ControlMessage:
    """What a CONTRL says of one message: its reference, type, action (0083) and error (0085), "" when none."""

    reference: str
    type: str
    action: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """An acknowledgement of syntax (CONTRL) for the interchange `reference` that we sent.

    `action` is element 0083: 7 acknowledged, 8 received, 4 rejected (1, 2, 3, 5 and 6 are withdrawn but read).
    """

    reference: str
    sender: Party
    recipient: Party
    action: str
    error: str = ""
    messages: tuple[ControlMessage, ...] = ()


Body = DelJit | DespatchAdvice | InvoiceDocument | Control


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an interchange. `body` is None where it was rejected or its type is not read.

    `version` is the directory ("D04A"), that is version and `release` of the UNH joined, or the version of the X12
    group (GS08). `group` counts the groups of an X12 interchange from 1; 0 elsewhere.
    """

    type: str
    version: str
    association: str
    reference: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    body: Body | None
    segment_count: int
    agency: str = "UN"
    release: str = ""
    group: int = 0
    dialect: str = "edifact"


@dataclass(frozen=True, slots=True)
class Group:
    """One functional group of an X12 interchange (GS to GE): `code` is GS01, `stated` the number of sets GE01 gives."""

    code: str
    control: str
    version: str
    sender: str
    recipient: str
    stated: str
    findings: tuple[Finding, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Interchange:
    """One envelope and its messages. `prepared` is date and time as written, joined by a colon."""

    control: str
    sender: Party
    recipient: Party
    prepared: str
    charset: str
    association: str
    test: bool
    ack_requested: bool
    messages: tuple[Message, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    groups: tuple[Group, ...] = ()
    dialect: str = "edifact"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file held. `findings` are those that belong to no interchange (an empty file, a foreign syntax)."""

    dialect: str
    interchanges: tuple[Interchange, ...]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Sum up: rejected when nothing can be used, accepted when all can and nothing is wrong around it."""
        verdicts = {interchange.verdict for interchange in self.interchanges}
        if verdicts <= {"rejected"}:
            return "rejected"
        troubled = any(finding.severity == "error" for finding in self.findings)
        return "accepted" if verdicts == {"accepted"} and not troubled else "accepted_with_errors"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outer data of an interchange to write.

    `prepared_at` is aware and written in its own zone. `association` is the code of the partner's guide (UNH 0057), for
    instance of the VDA recommendation the message follows.
    """

    sender: Party
    recipient: Party
    control: str
    prepared_at: datetime
    charset: str = "UNOC"
    test: bool = False
    message_reference: str = "1"
    association: str = ""
    ack_requested: bool = False
