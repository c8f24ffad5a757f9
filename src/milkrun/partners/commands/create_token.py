"""Give a machine a key to the API; the secret is shown this once and only its hash is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, new_public_id
from milkrun.partners.models import ApiToken
from milkrun.partners.queries import ACTIONS, secret_hash

WIDE_SCOPES = ("*", "read")


@dataclass(frozen=True, slots=True)
class TokenCreated:
    """A new token; `token` is what the machine shows, and nobody can read it again."""

    token_id: int
    name: str
    prefix: str
    token: str


# There is no `request` here on purpose: a stored answer would keep the secret.
@command
def create_token(*, name: str, scopes: Sequence[str], expires_at: datetime, actor: Actor, at: datetime) -> TokenCreated:
    """Make a token.

    Args:
        name: what the history calls the machine ("MES line 2").
        scopes: names of actions, `read` for everything that only looks, `*` for everything.
        expires_at: when it ends by itself.

    Raises:
        Invalid: no name, no or unknown scopes, or an end that has passed.
    """
    problems = []
    if not name.strip() or len(name) > 80:
        problems.append(Problem("name", "A token needs a name of 1 to 80 characters.", "name_missing"))
    unknown = sorted(set(scopes) - ACTIONS - set(WIDE_SCOPES))
    if unknown or not scopes:
        said = f"There is no scope {', '.join(unknown)}." if unknown else "Give at least one scope."
        problems.append(Problem("scopes", said, "unknown_scope"))
    if expires_at.tzinfo is None or expires_at <= at:
        problems.append(Problem("expires_at", "The token must end in the future.", "already_over"))
    if problems:
        raise Invalid(problems)

    prefix, secret = f"mr{new_public_id()[:10]}", secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        name=name.strip(),
        prefix=prefix,
        secret_hash=secret_hash(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        created_at=at,
    )

    facts = {"name": row.name, "prefix": prefix, "scopes": row.scopes, "expires_at": expires_at.isoformat()}
    journal.write([journal.Entry("create_token", "token", row.pk, facts=facts)], actor=actor, at=at)
    return TokenCreated(row.pk, row.name, prefix, f"{prefix}.{secret}")
