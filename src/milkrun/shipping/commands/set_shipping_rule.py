"""Set how a customer wants deliveries announced, and how long a truck is on its way."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.models import Partner
from milkrun.shipping.models import ShippingRule

LONGEST = 43_200


@dataclass(frozen=True, slots=True)
class ShippingRuleSet:
    """What holds for the customer's deliveries from the next goods issue on."""

    partner_id: int
    asn_by_hand: bool
    transit_minutes: int


@command
def set_shipping_rule(
    *,
    partner_id: int,
    asn_by_hand: bool,
    transit_minutes: int,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> ShippingRuleSet:
    """Set the customer's rule; notices that were made before stay as they are.

    Args:
        partner_id: the customer.
        asn_by_hand: a notice is made with the goods issue and waits until a person releases it.
        transit_minutes: from our dock to the customer's, for the time a truck has to leave.

    Raises:
        NotFound: there is no such partner.
        Invalid: a transit time below nothing or beyond a month.
    """
    if not 0 <= transit_minutes <= LONGEST:
        raise Invalid(
            [
                Problem(
                    "transit_minutes",
                    _("Give between 0 and {longest} minutes.").format(longest=LONGEST),
                    "transit_impossible",
                )
            ]
        )
    partner = lock_one(Partner.objects.filter(pk=partner_id), noun="customer")

    ShippingRule.objects.update_or_create(
        partner=partner, defaults={"asn_by_hand": asn_by_hand, "transit_minutes": transit_minutes}
    )

    facts = {"asn": "by hand" if asn_by_hand else "at once", "transit_minutes": transit_minutes}
    journal.write([journal.Entry("set_shipping_rule", "partner", partner.pk, facts=facts)], actor=actor, at=at)
    return ShippingRuleSet(partner.pk, asn_by_hand, transit_minutes)
