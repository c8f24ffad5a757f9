"""From a form to a command: who, when and the request key that makes a double tap have one effect."""

import hashlib
import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Request
from milkrun.kernel.once import was_done
from milkrun.measure.quantity import NotAQuantity, from_micro, to_micro
from milkrun.measure.wording import typed, untyped, zone_of
from milkrun.web.access import PersonRequest

_KEY = re.compile(r"[0-9A-Za-z-]{16,64}", re.ASCII)
_NOT_CONTENT = {"csrfmiddlewaretoken", "request_key"}


def doing(request: PersonRequest, command: str) -> dict[str, Any]:
    """Return `actor`, `at` and `request` for a command that a form asks for.

    Raises:
        Invalid: the form carries no request key.
    """
    key = request.POST.get("request_key", "")
    if not _KEY.fullmatch(key):
        raise Invalid([Problem("request_key", _("This form is incomplete. Load the page again and repeat."))])
    content = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in _NOT_CONTENT)
    body_hash = hashlib.sha256(json.dumps([request.path, content]).encode()).hexdigest()
    scope = f"web:{request.actor.user_id}:{command}"
    return {"actor": request.actor, "at": timezone.now(), "request": Request(scope, key, body_hash)}


def done_before(request: PersonRequest, command: str) -> bool:
    """Tell whether this very form took effect already: the second of two taps, or a page sent again.

    Raises:
        Invalid: the form carries no request key.
        RequestKeyReused: it was sent before with other content.
    """
    return was_done(doing(request, command)["request"])


def typed_quantity(text: str, field: str) -> Decimal:
    """Read a typed quantity, with the decimal mark of the reader's language; marks of thousands are refused.

    Raises:
        Invalid: it is no quantity.
    """
    plain = untyped(text)
    if plain is None:
        example = {"whole": "1250", "part": typed("12.5")}
        says = _("Write the quantity without separators for thousands, as %(whole)s or %(part)s.") % example
        raise Invalid([Problem(field, says)])
    try:
        return from_micro(to_micro(plain))
    except NotAQuantity:
        problem = _("“%(text)s” is not a quantity. Write a number such as 48 or 12.5.") % {"text": text[:40]}
        raise Invalid([Problem(field, problem)]) from None


def typed_text(request: HttpRequest, name: str, missing: str = "", longest: int = 400) -> str:
    """Read a text field.

    Args:
        request: the form's request.
        name: the field.
        missing: the sentence when it is empty; "" where it may be.
        longest: more characters are refused.

    Raises:
        Invalid: empty, too long or with control characters.
    """
    text = request.POST.get(name, "").strip()
    if not text and missing:
        raise Invalid([Problem(name, missing)])
    if len(text) > longest:
        raise Invalid([Problem(name, _("Write at most %(n)d characters.") % {"n": longest})])
    if any(ord(character) < 32 and character not in "\r\n\t" for character in text):
        raise Invalid([Problem(name, _("The text holds characters that cannot be read. Type it again."))])
    return text


def typed_future(text: str, field: str, zone: str) -> datetime:
    """Read a date and time that is still to come.

    Raises:
        Invalid: it is none, or has passed.
    """
    at = typed_moment(text, field, zone)
    if at <= timezone.now():
        raise Invalid([Problem(field, _("The required time has passed already."))])
    return at


def typed_moment(text: str, field: str, zone: str) -> datetime:
    """Read a date and time as a form gives it, in a zone; an hour that the clock skips or repeats is asked about.

    Args:
        text: "2026-11-22T06:00"; where the hour is there twice, with its offset ("2026-10-25T02:30+01:00").
        zone: the zone it is meant in.

    Raises:
        Invalid: it is no date and time, or the clock has it never or twice.
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid([Problem(field, _("Write the date and time, as 2026-11-22 06:00."))]) from None
    if read.tzinfo is not None:
        return read
    first, second = (read.replace(tzinfo=zone_of(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    earlier, later = sorted((first, second), key=lambda instant: instant.timestamp())
    if datetime.fromtimestamp(first.timestamp(), zone_of(zone)).replace(tzinfo=None) != read:
        hour = timedelta(hours=1)
        choices = (f"{read - hour:%Y-%m-%dT%H:%M}", f"{read + hour:%Y-%m-%dT%H:%M}")
        says = _("The clock skips this hour. Write %(one)s or %(two)s.")
    else:
        choices = (earlier.isoformat(timespec="minutes"), later.isoformat(timespec="minutes"))
        says = _("The clock has this hour twice. Write %(one)s or %(two)s.")
    raise Invalid([Problem(field, says % {"one": choices[0], "two": choices[1]})])
