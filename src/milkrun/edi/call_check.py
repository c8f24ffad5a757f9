"""Checks that a call says enough, for dialects whose records say it in one piece: fixed records and JSON.

The rules are those of a DELJIT: number, part, positive quantity, time, and for a vehicle its sequence or production
number.
"""

from decimal import Decimal

from milkrun.edi.findings import Findings
from milkrun.edi.messages import DelJit, DelJitLine

_WHOLE, _DECIMALS = Decimal(10) ** 12, Decimal("0.000001")


def check_call(
    call: DelJit,
    findings: Findings,
    *,
    head: str,
    line: str,
    time_faulted: bool = False,
    number_faults: frozenset[int] = frozenset(),
) -> None:
    """Report what lacks in a call.

    Args:
        call: as read.
        findings: receives what is wrong.
        head: what the dialect calls the place that says what holds for the whole call.
        line: what it calls the place of one part.
        time_faulted: a time was there that could not be read, and was reported.
        number_faults: positions of lines whose quantity could not be read, and was reported.
    """
    if not call.call_no:
        findings.add("missing_number", head, 1, f"{head} carries no call number: send it.")
    if not call.ship_to:
        findings.warn("missing_party", head, 1, f"{head} does not name the plant to deliver to: send it.")
    wanted = call.function != "cancel"
    for sequence in call.sequences:
        at = sequence.position
        if call.kind == "sequenced" and not (sequence.number or sequence.production_no or sequence.reference_sequence):
            text = f"The vehicle in {head} {at} has neither a sequence number nor a production number: send one."
            findings.add("missing_sequence", head, at, text)
        if wanted and not sequence.lines:
            text = f"The call in {head} {at} names no part: send what is wanted."
            if call.kind == "sequenced":
                findings.warn("missing_line", head, at, text)
            else:
                findings.add("missing_line", head, at, text)
        for part in sequence.lines:
            _check_line(part, findings, line)
            if wanted and part.quantity is None and part.position not in number_faults:
                findings.add(
                    "missing_quantity", line, part.position, f"{line} {part.position} has no quantity: send it."
                )
            if wanted and not (part.required or sequence.required or time_faulted):
                text = f"{line} {part.position} has no date and nor has its call: send one."
                findings.add("missing_date", line, part.position, text)


def _check_line(part: DelJitLine, findings: Findings, name: str) -> None:
    at, quantity = part.position, part.quantity
    if not part.buyer_part:
        findings.add("missing_part", name, at, f"{name} {at} names no part: send the customer's part number.")
    if quantity is not None and quantity <= 0:
        text = (
            f"{name} {at} asks for a quantity that is not greater than zero: send the one wanted, or cancel the call."
        )
        findings.add("quantity_not_positive", name, at, text)
    if quantity is not None and (quantity >= _WHOLE or quantity != quantity.quantize(_DECIMALS)):
        text = f"{name} {at} holds a number with more than 12 digits or 6 decimals: shorten it."
        findings.add("invalid_value", name, at, text)
