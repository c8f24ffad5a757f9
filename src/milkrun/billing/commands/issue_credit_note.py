"""Credit whole lines of an invoice; what they billed can be billed again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milkrun.billing.steps import credit
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.money import from_minor


@dataclass(frozen=True, slots=True)
class CreditNoteIssued:
    """A credit note, its gross amount, and the calls that are open again."""

    invoice_id: int
    public_id: str
    number: str
    gross: Decimal
    currency: str
    reopened_call_ids: tuple[int, ...]


@command
def issue_credit_note(
    *,
    invoice_id: int,
    lines: Sequence[int],
    reason: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> CreditNoteIssued:
    """Take lines of an invoice back; their deliveries stand among those to bill, at the prices that hold then.

    Args:
        invoice_id: the invoice.
        lines: its line numbers.
        reason: why; it stands on the credit note.
        actor: who credits.
        at: when.

    Raises:
        NotFound: there is no such invoice.
        Invalid: no reason, no line, or a line the invoice does not have.
        AlreadyCredited: a line was credited before, or this is a credit note itself.
    """
    _, note, groups = credit(invoice_id, tuple(lines), reason=reason, action="issue_credit_note", actor=actor, at=at)

    return CreditNoteIssued(
        note.pk,
        note.public_id,
        note.number,
        from_minor(note.gross_amount, note.currency),
        note.currency,
        tuple(sorted({group.call_id for group in groups})),
    )
