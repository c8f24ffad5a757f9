"""Who is let in: a token in the Authorization header whose scopes cover the operation; no cookie, no address."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from milkrun.api import door, fields, limits
from milkrun.api.problems import MalformedRequest, TokenRefused, TooLarge
from milkrun.kernel.errors import Forbidden
from milkrun.partners.commands.note_token_use import EVERY, note_token_use
from milkrun.partners.queries import TokenView, sites, token

LARGEST_BODY = 64 * 1024 * 1024
# Addresses end up in logs and histories, so a secret in one is taken for lost and not used.
SECRET_PARAMETERS = ("token", "access_token", "api_key", "apikey", "key", "authorization", "bearer")


class Access:
    """Checks a request before anything of it is read: size, token, scope, request key.

    Args:
        operation: the operation's name.
        action: what a scope must cover, "" where any token will do.
        writes: a request key is needed.
        every_site: a token of single sites may use it although the address names no site.
    """

    openapi_security_schema = {"type": "http", "scheme": "bearer", "bearerFormat": "prefix.secret"}

    def __init__(self, operation: str, action: str, *, writes: bool, every_site: bool = False) -> None:
        self.operation, self.action, self.writes, self.every_site = operation, action, writes, every_site

    def __call__(self, request: HttpRequest) -> door.Visit:
        """Let a request in or refuse it.

        Raises:
            TokenRefused: no valid token.
            Forbidden: the token's scopes do not cover the action, or it is not for this site.
            TooManyRequests: the token has used up its rate.
            TooLarge: the body is too large.
            MalformedRequest: a write without a proper request key.
        """
        size = request.META.get("CONTENT_LENGTH") or "0"
        if size.isdigit() and int(size) > LARGEST_BODY:
            raise TooLarge(_("The body is larger than 64 MB. Send it in parts."), limit=LARGEST_BODY)
        visit = door.Visit(_token(request), self.operation, door.now())
        request.visit = visit  # type: ignore[attr-defined]  # also where the request is refused further down
        limits.take(visit.token)
        if self.action and not visit.token.allows(self.action):
            raise Forbidden(
                _("Token {name} has no scope {action}. Ask for a token that has it.").format(
                    name=visit.token.name, action=self.action
                ),
                scope=self.action,
                has=list(visit.token.scopes),
            )
        self._refuse_other_sites(request, visit.token)
        if self.writes:
            visit.key = _key(request)
            visit.event_at = _event_time(request)
        _note_use(visit)
        return visit

    def _refuse_other_sites(self, request: HttpRequest, token: TokenView) -> None:
        """Keep a token of single sites at them, and away from what is about the whole company."""
        if not token.sites:
            return
        site = request.resolver_match.kwargs.get("site") if request.resolver_match else None
        if site is None and not self.every_site:
            raise _about_all(token)
        if site is not None and not token.good_for(site):
            raise Forbidden(
                _("Token {name} is not for site {site}.").format(name=token.name, site=site),
                site=site,
                sites=list(token.sites),
            )


def refuse_single_sites(request: HttpRequest) -> None:
    """Keep a token of single sites from what counts at every site although its address names one.

    Raises:
        Forbidden: there is a site of ours that the token is not for.
    """
    token: TokenView = request.visit.token  # type: ignore[attr-defined]
    if not all(token.good_for(site.code) for site in sites()):
        raise _about_all(token)


def _about_all(token: TokenView) -> Forbidden:
    said = _("Token {name} is for {sites}; this is about the whole company.")
    return Forbidden(said.format(name=token.name, sites=", ".join(token.sites)), sites=list(token.sites))


def _event_time(request: HttpRequest) -> datetime | None:
    given = request.headers.get("Event-Time")
    if given is None:
        return None
    if not fields.INSTANT.fullmatch(given):
        raise MalformedRequest(
            _('Write Event-Time as an instant with its offset, like "2026-11-22T06:30:00+01:00".'), header="Event-Time"
        )
    return datetime.fromisoformat(given)


def _token(request: HttpRequest) -> TokenView:
    if any(name.lower() in SECRET_PARAMETERS for name in request.GET):
        raise TokenRefused(
            _("A token in the address is not accepted. Send it in the Authorization header; revoke it now.")
        )
    kind, __, text = request.headers.get("Authorization", "").partition(" ")
    found = token(text.strip(), door.now()) if kind.lower() == "bearer" and text else None
    if found is None:
        raise TokenRefused(_("Send a valid token: 'Authorization: Bearer <prefix>.<secret>'."))
    return found


def _key(request: HttpRequest) -> str:
    given: Any = request.headers.get("Idempotency-Key")
    if given is None:
        raise MalformedRequest(_("Send an Idempotency-Key header, new for each new request."), header="Idempotency-Key")
    if not door.KEY.fullmatch(given):
        raise MalformedRequest(
            _("An Idempotency-Key has 1 to 120 printable ASCII characters without blanks."), header="Idempotency-Key"
        )
    return str(given)


def _note_use(visit: door.Visit) -> None:
    used = visit.token.last_used_at
    if used is None or used <= visit.at - EVERY:
        note_token_use(token_id=visit.token.id, at=visit.at)
