"""Agree with a partner how files are exchanged."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.models import Agreement
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor, Request


@dataclass(frozen=True, slots=True)
class ExchangeAgreed:
    """A trading agreement."""

    agreement_id: int


@command
def agree_exchange(
    *,
    partner_id: int,
    site_id: int,
    their_id: str,
    our_id: str,
    actor: Actor,
    at: datetime,
    their_qualifier: str = "",
    our_qualifier: str = "",
    count_errors: str = "reject",
    acknowledges: bool = True,
    accepts_test: bool = False,
    despatch_advice_version: str = "D07A",
    invoice_version: str = "D07A",
    request: Request | None = None,
) -> ExchangeAgreed:
    """Set identifiers (UNB 0004, 0010 and their qualifiers), what is checked, and what is answered.

    Raises:
        Conflict: the partner has an agreement, or another partner uses the identifiers.
    """
    if (
        Agreement.objects.filter(partner_id=partner_id).exists()
        or Agreement.objects.filter(
            their_id=their_id, their_qualifier=their_qualifier, our_id=our_id, our_qualifier=our_qualifier
        ).exists()
    ):
        raise Conflict(
            _("An agreement for this partner or with {their_id} exists already.").format(their_id=their_id),
            their_id=their_id,
        )

    row = Agreement.objects.create(
        partner_id=partner_id,
        site_id=site_id,
        their_id=their_id,
        their_qualifier=their_qualifier,
        our_id=our_id,
        our_qualifier=our_qualifier,
        count_errors=count_errors,
        acknowledges=acknowledges,
        accepts_test=accepts_test,
        despatch_advice_version=despatch_advice_version,
        invoice_version=invoice_version,
    )

    facts = {"their_id": their_id, "our_id": our_id}
    journal.write([journal.Entry("agree_exchange", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return ExchangeAgreed(row.pk)
