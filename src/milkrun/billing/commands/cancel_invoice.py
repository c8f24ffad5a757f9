"""Cancel a bill by a credit note over all of it; its calls are open again."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.billing.steps import credit
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request


@dataclass(frozen=True, slots=True)
class InvoiceCancelled:
    """The credit note that cancels the invoice, and the calls that are open again."""

    invoice_id: int
    credit_note_id: int
    public_id: str
    number: str
    reopened_call_ids: tuple[int, ...]


@command
def cancel_invoice(
    *, invoice_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> InvoiceCancelled:
    """Credit every line that is not credited yet; the deliveries can be billed again or taken back.

    Raises:
        NotFound: there is no such invoice.
        Invalid: no reason is given.
        AlreadyCredited: the invoice is cancelled already, or is a credit note.
    """
    invoice, note, groups = credit(invoice_id, None, reason=reason, action="cancel_invoice", actor=actor, at=at)

    return InvoiceCancelled(
        invoice.pk, note.pk, note.public_id, note.number, tuple(sorted({group.call_id for group in groups}))
    )
