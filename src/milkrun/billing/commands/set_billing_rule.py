"""Set how a customer is billed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.billing.models import BillingRule
from milkrun.billing.states import BILLING_CHANNELS, GROUPINGS
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.models import Partner


@dataclass(frozen=True, slots=True)
class BillingAddress:
    """Where bills go; the country is an ISO 3166 code, "" to take it from the VAT identifier."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class BillingRuleSet:
    """What holds for the customer's invoices from now on."""

    partner_id: int
    grouping: str
    channel: str
    terms_days: int


@command
def set_billing_rule(
    *,
    partner_id: int,
    grouping: str,
    channel: str,
    actor: Actor,
    at: datetime,
    terms_days: int = 30,
    address: BillingAddress | None = None,
    request: Request | None = None,
) -> BillingRuleSet:
    """Set the rule; invoices that were issued stay as they are.

    Args:
        partner_id: the customer.
        grouping: what goes on one invoice: "delivery", "day", "week" or "order".
        channel: "edi" (INVOIC), "ubl" (UBL 2.1), "email" (a PDF) or "self_billing" (nothing is sent).
        actor: who sets it.
        at: when.
        terms_days: days until an invoice is due.
        address: where bills go; None leaves it as it is.

    Raises:
        NotFound: there is no such partner.
        Invalid: lists what is not known or not possible.
    """
    problems = []
    if grouping not in GROUPINGS:
        problems.append(
            Problem(
                "grouping", _("Choose one of {groupings}.").format(groupings=", ".join(GROUPINGS)), "unknown_grouping"
            )
        )
    if channel not in BILLING_CHANNELS:
        problems.append(
            Problem(
                "channel",
                _("Choose one of {billing_channels}.").format(billing_channels=", ".join(BILLING_CHANNELS)),
                "unknown_channel",
            )
        )
    if not 0 <= terms_days <= 365:
        problems.append(Problem("terms_days", _("Give between 0 and 365 days."), "terms_impossible"))
    if address and address.country and not (len(address.country) == 2 and address.country.isalpha()):
        problems.append(Problem("country", _("Write the country as two letters, like DE."), "no_country"))
    if problems:
        raise Invalid(problems)
    partner = lock_one(Partner.objects.filter(pk=partner_id), noun="customer")

    given: dict[str, str | int] = {"grouping": grouping, "channel": channel, "terms_days": terms_days}
    if address:
        given |= {
            "street": address.street[:120], "postal_code": address.postal_code[:12], "city": address.city[:80],
            "country": address.country.upper(),
        }  # fmt: skip
    BillingRule.objects.update_or_create(partner=partner, defaults=given)

    journal.write([journal.Entry("set_billing_rule", "partner", partner.pk, facts=given)], actor=actor, at=at)
    return BillingRuleSet(partner.pk, grouping, channel, terms_days)
