"""Give an alert to a person or a role."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.insight import steps
from milkrun.insight.errors import RuleNotUnderstood
from milkrun.insight.models import Alert
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.queries import staff_member
from milkrun.partners.queries.rights import ROLES


@dataclass(frozen=True, slots=True)
class AlertAssigned:
    """Whose the alert is now."""

    alert_id: int
    owner: str


@command
def assign_alert(
    *,
    alert_id: int,
    actor: Actor,
    at: datetime,
    role: str = "",
    user_id: int | None = None,
    request: Request | None = None,
) -> AlertAssigned:
    """Give an alert to a role, or to a person, who keeps it until it closes.

    Raises:
        NotFound: no such alert, or no such person.
        AlertClosed: its cause is gone already.
        RuleNotUnderstood: no such role, or neither role nor person.
    """
    row = steps.held_open(alert_id)
    person = staff_member(user_id) if user_id is not None else None
    if person is None and role not in ROLES:
        raise RuleNotUnderstood([Problem("owner", _("Choose a role or a person."), "owner")])

    Alert.objects.filter(pk=row.pk).update(owner_id=user_id, owner_role=role, snoozed_until=None)

    row.owner_role = person.name if person else role
    steps.tell([row], "assign_alert", actor=actor, at=at)
    return AlertAssigned(row.pk, row.owner_role)
