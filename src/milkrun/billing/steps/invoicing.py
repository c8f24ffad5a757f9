"""Write an invoice: number, lines, totals; complete what is billed; fix what the customer gets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from milkrun.billing.models import BillingRule, Invoice, InvoiceLine
from milkrun.billing.steps.dispatching import dispatch
from milkrun.billing.steps.pricing import Priced
from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup
from milkrun.exchange.steps import notify
from milkrun.kernel import journal, numbering
from milkrun.kernel.identity import Actor
from milkrun.kernel.machine import move
from milkrun.measure.money import share_of
from milkrun.measure.wording import amount
from milkrun.partners.models import Site
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES


def write_invoice(
    priced: Sequence[Priced], *, rule: BillingRule, actor: Actor, at: datetime
) -> tuple[Invoice, list[ComponentGroup]]:
    """Bill priced lines of one customer and site on one invoice; their deliveries are held.

    Args:
        priced: at least one line, all in one currency.
        rule: how the customer is billed.
        actor: who bills.
        at: when.

    Returns:
        The invoice, and the groups it completed.
    """
    first = priced[0].line
    partner, site = first.delivery.partner, Site.objects.get(pk=first.site_id)
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in={p.line.component.group_id for p in priced}))
    deliveries = {item.line.delivery_id: item.line.delivery for item in priced}
    net = sum(item.amount for item in priced)
    tax = share_of(net, partner.tax_basis_points)
    today = at.astimezone(ZoneInfo(site.zone)).date()
    invoice = Invoice.objects.create(
        site=site,
        number=numbering.written("invoice", numbering.take("invoice")),
        partner=partner,
        delivery=first.delivery if len(deliveries) == 1 else None,
        currency=priced[0].agreement.currency,
        tax_basis_points=partner.tax_basis_points,
        net_amount=net,
        tax_amount=tax,
        gross_amount=net + tax,
        issued_on=today,
        issued_at=at,
        due_on=today + timedelta(days=rule.terms_days),
        channel=rule.channel,
    )
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(
                site=site,
                invoice=invoice,
                line_no=number,
                delivery_line=item.line,
                agreement=item.agreement,
                part_id=item.line.part_id,
                qty=item.line.qty,
                price_minor=item.agreement.price_minor,
                price_basis=item.agreement.price_basis,
                amount=item.amount,
            )
            for number, item in enumerate(priced, 1)
        ]
    )
    Component.objects.filter(pk__in=[p.line.component_id for p in priced]).update(billed_qty=F("issued_qty"))
    done = _complete(invoice, groups, actor, at)
    billed = _close_deliveries(list(deliveries.values()))
    dispatch(invoice, rule=rule, at=at)
    _tell(invoice, actor, at)

    facts = {"invoice": invoice.number}
    journal.write(
        [journal.Entry("issue_invoice", "invoice", invoice.pk, site_id=site.pk, after="issued", facts=facts)]
        + [
            journal.Entry(
                "issue_invoice", "delivery", row.pk, site_id=site.pk, before="issued", after=row.state, facts=facts
            )
            for row in deliveries.values()
        ],
        actor=actor,
        at=at,
    )
    assert billed <= set(deliveries)  # noqa: S101 - a subset by construction
    return invoice, done


def _complete(invoice: Invoice, groups: Sequence[ComponentGroup], actor: Actor, at: datetime) -> list[ComponentGroup]:
    """Complete the groups of which every component is billed."""
    rest = Component.objects.filter(group__in=groups).exclude(billed_qty=F("issued_qty")).values("group_id")
    waiting = {row["group_id"] for row in rest}
    done = [group for group in groups if group.pk not in waiting]
    facts = {"invoice": invoice.number}
    demand_steps.advance(done, "bill", action="issue_invoice", actor=actor, at=at, facts=facts, billing="billed")
    demand_steps.advance(done, "complete", action="complete_call", actor=actor, at=at, facts=facts)
    return done


def _close_deliveries(deliveries: Sequence[Delivery]) -> set[int]:
    """Mark the deliveries as billed of which every line stands on an invoice."""
    live = InvoiceLine.objects.filter(live=True, delivery_line__delivery__in=deliveries).values("delivery_line_id")
    rest = DeliveryLine.objects.filter(delivery__in=deliveries).exclude(pk__in=live)
    waiting = set(rest.values_list("delivery_id", flat=True))
    done = [row for row in deliveries if row.pk not in waiting]
    move(done, DELIVERY_MOVES, "bill", noun="Delivery")
    return {row.pk for row in done}


def _tell(invoice: Invoice, actor: Actor, at: datetime) -> None:
    # A PDF or UBL by e-mail is the message itself; the worker sends it when it is rendered.
    if invoice.dispatched_at is None or invoice.channel == "self_billing":
        return
    total = amount(invoice.gross_amount, invoice.currency)
    notify(
        kind="invoice_issued",
        subject=_("Invoice {number} of {issued_on} over {total}").format(
            number=invoice.number, issued_on=invoice.issued_on, total=total
        ),
        body=_("Invoice {number} of {issued_on} over {total} is on its way to you. It is due on {due_on}.").format(
            number=invoice.number, issued_on=invoice.issued_on, total=total, due_on=invoice.due_on
        ),
        at=at,
        actor=actor,
        partner_id=invoice.partner_id,
        site_id=invoice.site_id,
        document_kind="invoice",
        document_id=invoice.pk,
    )
