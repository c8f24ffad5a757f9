"""Tell customer and planners what became of a call."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from milkrun.demand.models import JitCall
from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment

PLANNERS = ("material_planner", "production_planner", "shipping")
SUBJECTS = {
    "call_changed": N_("Call {number} was changed"),
    "call_cancelled": N_("Call {number} is cancelled"),
    "cancel_declined": N_("Call {number} is not cancelled: it goes on"),
    "call_refused": N_("Call {number} is not changed: it goes on as it was"),
    "cancel_asked": N_("Call {number} is to be cancelled: please decide"),
    "change_asked": N_("Call {number} is to be changed: please decide"),
}


def tell(call: JitCall, kind: str, text: str, *, actor: Actor, at: datetime) -> None:
    """Write a notification to everybody it concerns; what is still to be decided is told to our people only."""
    subject = SUBJECTS[kind].format(number=call.external_no)
    required = _("Required {required_at}.").format(required_at=moment(call.required_at, call.zone))
    body = f"{subject}.\n{text}\n{required}"
    asked = kind.endswith("_asked")
    readers = [{"role": role} for role in (PLANNERS[:1] if asked else PLANNERS)]
    for reader in readers if asked else [*readers, {"partner_id": call.partner_id}]:
        notify(
            kind=kind, subject=subject, body=body, at=at, actor=actor, site_id=call.site_id, document_kind="call",
            document_id=call.pk, **reader,  # type: ignore[arg-type]
        )  # fmt: skip
