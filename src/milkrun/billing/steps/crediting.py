"""Take lines of an invoice back by a credit note; what they billed can be billed again."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from milkrun.billing.errors import AlreadyCredited
from milkrun.billing.models import Invoice, InvoiceLine
from milkrun.billing.states import INVOICE_MOVES
from milkrun.billing.steps.dispatching import dispatch
from milkrun.billing.steps.pricing import rule_of
from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup
from milkrun.exchange.steps import notify
from milkrun.kernel import journal, numbering
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import move
from milkrun.measure.money import share_of
from milkrun.measure.wording import amount
from milkrun.shipping.models import Delivery
from milkrun.shipping.states import DELIVERY_MOVES


def credit(
    invoice_id: int, line_nos: Sequence[int] | None, *, reason: str, action: str, actor: Actor, at: datetime
) -> tuple[Invoice, Invoice, list[ComponentGroup]]:
    """Write a credit note over whole lines; with the last one the invoice is cancelled.

    Args:
        invoice_id: the invoice.
        line_nos: its lines; None for all that are not credited yet.
        reason: why.
        action: the command, for the journal.
        actor: who credits.
        at: when.

    Returns:
        The invoice, the credit note, and the groups whose calls are open again.

    Raises:
        Invalid: no reason, no line, or a line the invoice does not have.
        NotFound: there is no such invoice.
        AlreadyCredited: a line was credited before, or this is a credit note itself.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why this is credited."), "reason_missing")])
    found = Invoice.objects.filter(pk=invoice_id).values_list("kind", flat=True).first()
    keys = InvoiceLine.objects.filter(invoice_id=invoice_id).values_list("delivery_line__delivery_id", flat=True)
    # The higher noun first: deliveries are held before the invoices that bill them, as when they are billed.
    deliveries = lock(Delivery.objects.filter(pk__in=set(keys)))
    invoice = lock_one(Invoice.objects.filter(pk=invoice_id).select_related("site", "partner"), noun="invoice")
    if found == "credit_note":
        raise AlreadyCredited(_("{invoice} is a credit note itself.").format(invoice=invoice), invoice=invoice.number)
    lines = _chosen(invoice, line_nos)
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(components__deliveryline__invoiceline__in=lines).distinct()
    )

    note = _note(invoice, lines, at)
    _reopen(lines, deliveries, groups, note, action=action, reason=reason, actor=actor, at=at)
    if not InvoiceLine.objects.filter(invoice=invoice, live=True).exists():
        move([invoice], INVOICE_MOVES, "cancel", noun="Invoice")
    dispatch(note, rule=rule_of(invoice.partner), at=at)
    _tell(invoice, note, reason, actor, at)

    facts = {"credit_note": note.number, "lines": [line.line_no for line in lines]}
    journal.write(
        [
            journal.Entry(
                action, "invoice", invoice.pk, site_id=invoice.site_id, before="issued", after=invoice.state,
                reason=reason, facts=facts,
            ),
            journal.Entry(
                action, "invoice", note.pk, site_id=invoice.site_id, after="issued", reason=reason,
                facts={"invoice": invoice.number},
            ),
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return invoice, note, groups


def _chosen(invoice: Invoice, line_nos: Sequence[int] | None) -> list[InvoiceLine]:
    rows = {row.line_no: row for row in lock(InvoiceLine.objects.filter(invoice=invoice))}
    wanted = [no for no, row in rows.items() if row.live] if line_nos is None else sorted(set(line_nos))
    unknown = [no for no in wanted if no not in rows]
    if line_nos is not None and (not wanted or unknown):
        text = (
            _("Invoice {invoice} has no line {unknown}.").format(invoice=invoice, unknown=unknown[0])
            if unknown
            else _("Choose at least one line.")
        )
        raise Invalid([Problem("lines", text, "unknown_line")])
    credited = [no for no in wanted if not rows[no].live]
    if credited or not wanted:
        raise AlreadyCredited(
            _("Line {credited} of invoice {invoice} was credited before.").format(credited=credited[0], invoice=invoice)
            if credited
            else _("Invoice {invoice} is cancelled: every line of it was credited.").format(invoice=invoice),
            invoice=invoice.number,
            lines=credited,
        )
    return [rows[no] for no in wanted]


def _note(invoice: Invoice, lines: Sequence[InvoiceLine], at: datetime) -> Invoice:
    net = sum(line.amount for line in lines)
    tax = share_of(net, invoice.tax_basis_points)
    note = Invoice.objects.create(
        site=invoice.site,
        number=f"G{numbering.take('credit_note'):08d}",
        kind="credit_note",
        credits=invoice,
        partner=invoice.partner,
        delivery=invoice.delivery,
        currency=invoice.currency,
        tax_basis_points=invoice.tax_basis_points,
        net_amount=net,
        tax_amount=tax,
        gross_amount=net + tax,
        issued_on=at.astimezone(ZoneInfo(invoice.site.zone)).date(),
        issued_at=at,
        channel=invoice.channel,
    )
    InvoiceLine.objects.filter(pk__in=[line.pk for line in lines]).update(live=False)
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(
                site=invoice.site,
                invoice=note,
                line_no=number,
                delivery_line_id=line.delivery_line_id,
                agreement_id=line.agreement_id,
                part_id=line.part_id,
                qty=line.qty,
                price_minor=line.price_minor,
                price_basis=line.price_basis,
                amount=line.amount,
                live=False,
                credits=line,
            )
            for number, line in enumerate(lines, 1)
        ]
    )
    return note


def _reopen(
    lines: Sequence[InvoiceLine],
    deliveries: Sequence[Delivery],
    groups: Sequence[ComponentGroup],
    note: Invoice,
    *,
    action: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    components = Component.objects.filter(deliveryline__invoiceline__in=lines)
    Component.objects.filter(pk__in=list(components.values_list("pk", flat=True))).update(billed_qty=Decimal(0))
    touched = set(InvoiceLine.objects.filter(invoice=note).values_list("delivery_line__delivery_id", flat=True))
    closed = [row for row in deliveries if row.pk in touched and row.state == "billed"]
    move(closed, DELIVERY_MOVES, "unbill", noun="Delivery")
    done = [group for group in groups if group.state in ("billed", "completed")]
    facts = {"credit_note": note.number}
    demand_steps.advance(done, "reopen", action=action, actor=actor, at=at, reason=reason, facts=facts, billing="none")
    journal.write(
        [
            journal.Entry(
                action, "delivery", row.pk, site_id=row.site_id, before="billed", after="issued", reason=reason,
                facts=facts,
            )
            for row in closed
        ],
        actor=actor,
        at=at,
    )  # fmt: skip


def _tell(invoice: Invoice, note: Invoice, reason: str, actor: Actor, at: datetime) -> None:
    if invoice.channel == "self_billing":
        return
    total = amount(note.gross_amount, note.currency)
    all_of_it = _(
        "Credit note {number} of {issued_on} over {total} takes all of invoice {invoice} back. Reason: {reason}"
    )
    part_of_it = _(
        "Credit note {number} of {issued_on} over {total} takes a part of invoice {invoice} back. Reason: {reason}"
    )
    notify(
        kind="invoice_cancelled" if invoice.state == "cancelled" else "credit_note_issued",
        subject=_("Credit note {number} over {total} for invoice {invoice}").format(
            number=note.number, total=total, invoice=invoice.number
        ),
        body=(all_of_it if invoice.state == "cancelled" else part_of_it).format(
            number=note.number, issued_on=note.issued_on, total=total, invoice=invoice.number, reason=reason
        ),
        at=at,
        actor=actor,
        partner_id=invoice.partner_id,
        site_id=invoice.site_id,
        document_kind="invoice",
        document_id=note.pk,
    )
