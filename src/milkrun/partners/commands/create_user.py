"""Let a person in: one of ours with roles, or one of a customer into the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.errors import CodeTaken, UnknownCustomer, UnknownRole
from milkrun.partners.models import Partner, Role, User
from milkrun.partners.queries import role_names
from milkrun.partners.steps import refuse_roles


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A new user."""

    user_id: int
    email: str


@command
def create_user(
    *,
    email: str,
    name: str,
    password: str,
    roles: Sequence[str],
    actor: Actor,
    at: datetime,
    customer: str = "",
    request: Request | None = None,
) -> UserCreated:
    """Make a user who signs in with an e-mail address.

    Args:
        email: the address.
        name: what others read.
        password: the first one.
        roles: what a member of our staff may do, everywhere.
        actor: who lets the person in.
        at: when.
        customer: the code of the customer whose portal the person uses; then without roles.
        request: set where a repeat must not take effect again.

    Raises:
        CodeTaken: the address is in use.
        UnknownRole: a role does not exist.
        UnknownCustomer: there is no such customer.
        RolesOfPortalUser: a person of a customer was given roles.
        Invalid: the password is too weak.
    """
    address = email.strip().lower()
    if len(address) > 120:
        raise Invalid([Problem("email", _("An e-mail address has at most 120 characters here."), "too_long")])
    if User.objects.filter(email=address).exists():
        raise CodeTaken(_("{address} is in use already.").format(address=address), email=address)
    unknown = sorted(set(roles) - role_names())
    if unknown:
        raise UnknownRole(
            [Problem("roles", _("There is no role {unknown}.").format(unknown=", ".join(unknown)), "unknown_role")]
        )
    partner = _customer(customer, roles) if customer else None
    user = User(email=address, name=name, realm="customer" if partner else "staff", partner=partner)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Invalid([Problem("password", " ".join(weak.messages), "weak_password")]) from weak

    user.set_password(password)
    user.save(force_insert=True)
    Role.objects.bulk_create([Role(user=user, role=role) for role in roles])

    facts = {"roles": list(roles)} | ({"customer": partner.code} if partner else {})
    journal.write([journal.Entry("create_user", "user", user.pk, facts=facts)], actor=actor, at=at)
    return UserCreated(user.pk, user.email)


def _customer(code: str, roles: Sequence[str]) -> Partner:
    row = Partner.objects.filter(code=code, is_customer=True).first()
    if row is None:
        said = _("There is no customer {code}.").format(code=code[:20])
        raise UnknownCustomer([Problem("customer", said, "unknown_customer")])
    if roles:
        refuse_roles(row.code)
    return row
