"""Give a machine a key to the API; the secret is shown this once and only its hash is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, new_public_id
from milkrun.partners.models import ApiToken, Site, TokenSite
from milkrun.partners.queries import secret_hash
from milkrun.partners.queries.rights import ACTIONS

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
def create_token(
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime,
    actor: Actor,
    at: datetime,
    site_codes: Sequence[str] = (),
    requests_per_minute: int = 600,
) -> TokenCreated:
    """Make a token.

    Args:
        name: what the history calls the machine ("MES line 2").
        scopes: names of actions, `read` for everything that only looks, `*` for everything.
        expires_at: when it ends by itself.
        site_codes: the sites it is good for; every one where none is given.
        requests_per_minute: more are answered with 429 and the time to wait.

    Raises:
        Invalid: no name, no or unknown scopes or sites, an impossible rate, or an end that has passed.
    """
    problems = []
    if not name.strip() or len(name) > 80:
        problems.append(Problem("name", _("A token needs a name of 1 to 80 characters."), "name_missing"))
    unknown = sorted(set(scopes) - ACTIONS - set(WIDE_SCOPES))
    if unknown or not scopes:
        said = (
            _("There is no scope {unknown}.").format(unknown=", ".join(unknown))
            if unknown
            else _("Give at least one scope.")
        )
        problems.append(Problem("scopes", said, "unknown_scope"))
    if expires_at.tzinfo is None or expires_at <= at:
        problems.append(Problem("expires_at", _("The token must end in the future."), "already_over"))
    sites = {row.code: row for row in Site.objects.filter(code__in=list(site_codes))}
    lost = sorted(set(site_codes) - set(sites))
    if lost:
        problems.append(
            Problem("site_codes", _("There is no site {lost}.").format(lost=", ".join(lost)), "unknown_site")
        )
    if not 1 <= requests_per_minute <= 60_000:
        problems.append(Problem("requests_per_minute", _("Allow 1 to 60000 requests a minute."), "rate_impossible"))
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
        requests_per_minute=requests_per_minute,
    )
    TokenSite.objects.bulk_create([TokenSite(token=row, site=site) for __, site in sorted(sites.items())])

    facts = {"name": row.name, "prefix": prefix, "scopes": row.scopes, "expires_at": expires_at.isoformat()}
    if sites:
        facts["sites"] = sorted(sites)
    journal.write([journal.Entry("create_token", "token", row.pk, facts=facts)], actor=actor, at=at)
    return TokenCreated(row.pk, row.name, prefix, f"{prefix}.{secret}")
