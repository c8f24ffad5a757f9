"""Tags of the staff pages: status chips, the path of a call, the request key of a form, pages of a list."""

import uuid
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from milkrun.configuration import queries as configuration
from milkrun.kernel.told import told
from milkrun.measure.wording import typed
from milkrun.web import words

register = template.Library()

# The steps a call takes, as the path shows them.
STEPS = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "issued", "billed", "completed")
WATCH_SECONDS = 3600


@register.inclusion_tag("layout/chip.html")
def chip(noun: str, state: str, extra: str = "") -> dict[str, Any]:
    """Show a state as shape, colour and word."""
    tone, word = words.state(noun, state)
    return {"tone": tone, "word": word, "extra": extra}


@register.inclusion_tag("layout/chip.html")
def tone(tone: str, word: str) -> dict[str, Any]:
    """Show a word with one of the five tones."""
    return {"tone": tone, "word": word, "extra": ""}


@register.inclusion_tag("layout/path.html")
def path(state: str, step: int) -> dict[str, Any]:
    """Show how far along the path a call is: a bar of nine places and the word."""
    kind, word = words.state("call", state)
    return {
        "tone": kind, "word": word, "reached": step + 1,
        "spoken": _("%(word)s, step %(n)d of %(all)d") % {"word": word, "n": step + 1, "all": len(STEPS)}
        if step >= 0 else word,
    }  # fmt: skip


@register.inclusion_tag("layout/due.html")
def due(iso: str, state: str = "", where: str = "") -> dict[str, Any]:
    """Show the time left until an instant; goods that have left are no longer counted down."""
    if not iso or state in {"issued", "billed", "completed", "cancelled"}:
        return {"iso": ""}
    seconds = int((datetime.fromisoformat(iso) - timezone.now()).total_seconds())
    kind, word = ("act", _("Late")) if seconds < 0 else ("watch", _("Watch")) if seconds < WATCH_SECONDS else (
        "ok", _("On track"))  # fmt: skip
    return {"iso": iso, "tone": kind, "word": word, "left": span(seconds), "where": where}


def span(seconds: int) -> str:
    """Write a length of time as -0:35, 12:07 or 3 d 04 h."""
    sign, rest = ("-" if seconds < 0 else ""), abs(seconds) // 60
    days, minutes = divmod(rest, 24 * 60)
    return f"{sign}{days} d {minutes // 60:02d} h" if days else f"{sign}{minutes // 60}:{minutes % 60:02d}"


@register.inclusion_tag("layout/request_key.html")
def request_key() -> dict[str, str]:
    """Put a new request key into a form: sending the form twice then has one effect."""
    return {"key": str(uuid.uuid4())}


@register.filter
def wording(name: str, table: str) -> str:
    """Return the word of the interface for a name ("web"|wording:"via")."""
    return words.word(table, name)


@register.filter(name="typed")
def typed_by_reader(plain: str) -> str:
    """Write a plain number into a field as the reader would type it."""
    return typed(plain)


@register.filter(name="told")
def told_to_reader(text: object) -> str:
    """Tell a sentence of record in the language of whoever reads the page."""
    return told("" if text is None else str(text))


@register.filter
def lasting(minutes: int) -> str:
    """Write minutes as a length of time (90|lasting: 1:30)."""
    return span(int(minutes) * 60)


@register.filter
def plainly(name: str) -> str:
    """Turn a code into words ("post_goods_issue" into "post goods issue")."""
    return str(name).replace("_", " ")


@register.inclusion_tag("setup/extra.html", takes_context=True)
def extra_fields(context: dict[str, Any], noun: str, row_id: int, public_id: str) -> dict[str, Any]:
    """Show the company's own fields of a row, to be filled by those who may; nothing where there are none."""
    return {
        "fields": configuration.filled(noun, row_id), "noun": noun, "row": public_id,
        "may": "fill_fields" in context.get("can", ()), "csrf_token": context.get("csrf_token"),
    }  # fmt: skip
