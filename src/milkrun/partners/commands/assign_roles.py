"""Say which roles a person has, and whether the person may sign in at all; one of a customer never has a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.errors import LastAdministrator, UnknownPerson, UnknownRole
from milkrun.partners.models import Role, Site, User
from milkrun.partners.queries import role_names
from milkrun.partners.steps import refuse_roles


@dataclass(frozen=True, slots=True)
class RolesAssigned:
    """What a person is from the next request on."""

    email: str
    active: bool
    roles: tuple[tuple[str, str], ...]


@command
def assign_roles(
    *,
    email: str,
    roles: Sequence[tuple[str, str]],
    active: bool,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> RolesAssigned:
    """Replace a person's roles; a person who is not active can neither sign in nor replay a phone's queue.

    Args:
        email: whose.
        roles: (role, site's code); an empty code gives the role everywhere.

    Raises:
        UnknownPerson: nobody has this address.
        RolesOfPortalUser: the person is a customer's, whose portal is all there is for them.
        UnknownRole: lists roles and sites that do not exist.
        LastAdministrator: nobody who may give rights everywhere would be left.
    """
    user = User.objects.filter(email=email.strip().lower()).select_related("partner").first()
    if user is None:
        raise UnknownPerson(_("Nobody here has the address {email}.").format(email=email), email=email)
    if user.partner and roles:
        refuse_roles(user.partner.code)
    sites = dict(Site.objects.values_list("code", "id"))
    wanted = tuple(sorted(set(roles)))
    problems = [
        Problem("roles", _("There is no role {role}.").format(role=role))
        for role, __ in wanted
        if role not in role_names()
    ]
    problems += [
        Problem("sites", _("There is no site {code}.").format(code=code))
        for __, code in wanted
        if code and code not in sites
    ]
    if problems:
        raise UnknownRole(problems)
    others = Role.objects.filter(role="admin", site=None, user__is_active=True).exclude(user=user)
    is_last = user.partner is None and not others.exists()
    if is_last and not (active and ("admin", "") in wanted):
        raise LastAdministrator(_("Make somebody else an administrator first: nobody could give rights any more."))
    before = sorted(Role.objects.filter(user=user).values_list("role", "site__code"), key=str)

    Role.objects.filter(user=user).delete()
    Role.objects.bulk_create([Role(user=user, role=role, site_id=sites.get(code)) for role, code in wanted])
    User.objects.filter(pk=user.pk).update(is_active=active)

    facts = {"before": before, "after": wanted, "active": [user.is_active, active]}
    journal.write([journal.Entry("assign_roles", "user", user.pk, facts=facts)], actor=actor, at=at)
    return RolesAssigned(user.email, active, wanted)
