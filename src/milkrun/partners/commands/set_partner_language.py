"""Note the language a partner is written to: e-mails, and the papers that go with the goods."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.models import Partner
from milkrun.partners.steps import refuse_unknown_language


@dataclass(frozen=True, slots=True)
class PartnerLanguageSet:
    """What the partner is written to in; "" for the installation's language."""

    partner_id: int
    language: str


@command
def set_partner_language(
    *, partner_id: int, language: str, actor: Actor, at: datetime, request: Request | None = None
) -> PartnerLanguageSet:
    """Note a partner's language; what was sent before stays as it was written.

    Args:
        partner_id: the company.
        language: its code, as "de"; "" for the installation's.
        actor: who sets it.
        at: when.
        request: set where a repeat must not take effect again.

    Raises:
        NotFound: there is no such company.
        Invalid: Milkrun does not speak this language.
    """
    refuse_unknown_language(language)
    partner = lock_one(Partner.objects.filter(pk=partner_id), noun="partner")
    facts = {"before": partner.language, "language": language}
    Partner.objects.filter(pk=partner_id).update(language=language)
    journal.write([journal.Entry("set_partner_language", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return PartnerLanguageSet(partner_id, language)
