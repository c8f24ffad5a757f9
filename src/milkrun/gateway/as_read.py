"""What a received file says, read again from its bytes: facts and lines of each message, for people.

The bytes are the record; what was read of them is not kept beside them, so that the two can never differ.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.exchange.queries import agreement_of, count_rule

LARGEST = 1024 * 1024  # bytes of a file that is read for a page
MOST_LINES = 100  # of one message
MOST_MESSAGES = 500
DATE_ONLY = "102"


@dataclass(frozen=True, slots=True)
class LineRead:
    """One part wanted."""

    call: str
    place: str
    part: str
    qty: str
    unit: str
    required: str


@dataclass(frozen=True, slots=True)
class MessageRead:
    """What one message says; `more` is how many lines are not listed."""

    facts: tuple[tuple[str, str], ...]
    lines: tuple[LineRead, ...]
    more: int


def as_read(content: bytes, *, partner_code: str, control: str) -> dict[int, MessageRead]:
    """Read a file again; what each message says, by its position. Nothing for what was rejected or is too large."""
    if len(content) > LARGEST:
        return {}
    reading = edi.read(content, count_errors=count_rule(agreement_of(partner_code)))
    found = next((one for one in reading.interchanges if one.control[:35] == control), None)
    messages = found.messages[:MOST_MESSAGES] if found else ()
    return {position: said for position, message in enumerate(messages, 1) if (said := _said(message.body)) is not None}


def _said(body: edi.Body | None) -> MessageRead | None:
    if isinstance(body, edi.DelJit):
        return _call(body)
    if isinstance(body, edi.Control):
        facts = ((_("Answers"), body.reference), (_("Action"), body.action), (_("Error"), body.error))
        return MessageRead(_filled(facts), (), 0)
    return None


def _call(body: edi.DelJit) -> MessageRead:
    functions = {
        "original": _("Original"), "replace": _("Replaces"), "change": _("Changes"), "cancel": _("Cancels"),
    }  # fmt: skip
    facts = (
        (_("Number"), body.call_no),
        (_("Function"), functions.get(body.function, body.function)),
        (_("Kind"), _("Sequenced") if body.kind == "sequenced" else _("Summarised")),
        (_("Plant"), body.ship_to),
        (_("Unloading point"), body.unloading_point),
        (_("Order"), body.order_no),
        (_("Made by the customer"), _time(body.document_at)),
    )
    lines = [(sequence, line) for sequence in body.sequences for line in sequence.lines]
    shown = tuple(_line(body, sequence, line) for sequence, line in lines[:MOST_LINES])
    return MessageRead(_filled(facts), shown, len(lines) - len(shown))


def _line(body: edi.DelJit, sequence: edi.DelJitSequence, line: edi.DelJitLine) -> LineRead:
    vehicle = " · ".join(text for text in (sequence.number, sequence.production_no, sequence.vin) if text)
    places = (line.unloading_point or sequence.unloading_point, line.line_feed or sequence.line_feed)
    return LineRead(
        call=vehicle or sequence.call_no or body.call_no,
        place=" · ".join(place for place in places if place),
        part=line.buyer_part,
        qty="" if line.quantity is None else f"{line.quantity:f}",
        unit=line.unit,
        required=_time(line.required or sequence.required),
    )


def _time(time: edi.EdiTime | None) -> str:
    """Write a time as the message has it: local, and with its zone only where it names one."""
    if time is None:
        return ""
    written = "%Y-%m-%d" if time.format == DATE_ONLY else "%Y-%m-%d %H:%M"
    return f"{time.local.strftime(written)} {time.zone or ''}".strip()


def _filled(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in facts if value)
