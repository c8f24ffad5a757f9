"""Choose where summarised calls are picked: at the packing station, by waves in the warehouse, or by another system."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import Partner
from milkrun.shipping.models import PickingRule
from milkrun.shipping.queries.picking import MODES


@dataclass(frozen=True, slots=True)
class PickingRuleSet:
    """The rule that holds from now on for calls not yet begun."""

    mode: str
    before: str


@command
def set_picking_rule(
    *,
    site_id: int,
    mode: str,
    actor: Actor,
    at: datetime,
    partner_id: int | None = None,
    request: Request | None = None,
) -> PickingRuleSet:
    """Set the rule of a site, or of one customer there, which goes before the site's.

    Raises:
        Invalid: there is no such mode.
        NotFound: there is no such customer.
    """
    if mode not in MODES:
        raise Invalid([Problem("mode", _("Choose one of {modes}.").format(modes=", ".join(MODES)), "unknown_mode")])
    if partner_id is not None and not Partner.objects.filter(pk=partner_id, is_customer=True).exists():
        raise NotFound(_("This customer does not exist."))

    same = {"partner": None} if partner_id is None else {"partner": partner_id}
    known = PickingRule.objects.filter(site_id=site_id, **same).first()
    before = known.mode if known else ""
    if known:
        PickingRule.objects.filter(pk=known.pk).update(mode=mode)
    else:
        PickingRule.objects.create(site_id=site_id, partner_id=partner_id, mode=mode)

    facts = {"mode": mode, "before": before}
    subject = ("partner", partner_id) if partner_id else ("site", site_id)
    journal.write([journal.Entry("set_picking_rule", *subject, site_id=site_id, facts=facts)], actor=actor, at=at)
    return PickingRuleSet(mode, before)
