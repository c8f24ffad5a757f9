"""Let a person in, with roles."""

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
from milkrun.partners.errors import CodeTaken, UnknownRole
from milkrun.partners.models import Role, User
from milkrun.partners.queries import role_names


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
    request: Request | None = None,
) -> UserCreated:
    """Make a staff user who signs in with an e-mail address.

    Raises:
        CodeTaken: the address is in use.
        UnknownRole: a role does not exist.
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
    user = User(email=address, name=name)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Invalid([Problem("password", " ".join(weak.messages), "weak_password")]) from weak

    user.set_password(password)
    user.save(force_insert=True)
    Role.objects.bulk_create([Role(user=user, role=role) for role in roles])

    journal.write([journal.Entry("create_user", "user", user.pk, facts={"roles": list(roles)})], actor=actor, at=at)
    return UserCreated(user.pk, user.email)
