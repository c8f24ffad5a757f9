"""Take a machine's key away; the next request with it is refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.errors import UnknownToken
from milkrun.partners.models import ApiToken


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """The token opens nothing any more."""

    prefix: str


@command
def revoke_token(
    *, prefix: str, actor: Actor, at: datetime, reason: str = "", request: Request | None = None
) -> TokenRevoked:
    """Revoke a token by its prefix, the part before the point.

    Raises:
        UnknownToken: there is none, or it was revoked before.
    """
    changed = ApiToken.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=at)
    if not changed:
        raise UnknownToken(_("There is no token {prefix} that could be revoked.").format(prefix=prefix), prefix=prefix)

    key = ApiToken.objects.values_list("pk", flat=True).get(prefix=prefix)
    journal.write([journal.Entry("revoke_token", "token", key, reason=reason)], actor=actor, at=at)
    return TokenRevoked(prefix)
