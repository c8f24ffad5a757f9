"""Which events there are, and what a webhook may look like."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Problem

TEST_KIND = "webhook.test"
EVENT_KINDS = (
    "call.received",
    "call.changed",
    "call.state_changed",
    "job.confirmed",
    "delivery.issued",
    "delivery.issue_reversed",
    "invoice.issued",
    "stock.moved",
    "alert.raised",
    "alert.reminded",
    "alert.escalated",
    "alert.closed",
)
EVERY_KIND = "*"


def problems_of_webhook(name: str, url: str, kinds: Sequence[str]) -> list[Problem]:
    """List what is wrong with a webhook before anything is looked up."""
    problems = []
    if not name.strip() or len(name) > 80:
        problems.append(Problem("name", _("A webhook needs a name of 1 to 80 characters."), "name_missing"))
    trouble = trouble_with_url(url)
    if trouble:
        problems.append(Problem("url", trouble, "address_refused"))
    unknown = sorted(set(kinds) - {*EVENT_KINDS, EVERY_KIND})
    if unknown or not kinds:
        said = (
            _("There is no kind of event {unknown}.").format(unknown=", ".join(unknown))
            if unknown
            else _("Choose at least one kind of event.")
        )
        problems.append(Problem("kinds", said, "unknown_kind"))
    return problems


def trouble_with_url(url: str) -> str:
    """Say what is wrong with an address as text; "" where nothing is."""
    text = url.strip()
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > 400:
        return _("Write the address in plain ASCII without blanks, at most 400 characters.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return _("This is no address. Write it like https://erp.example/hooks/milkrun.")
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        return _("Write the address like https://erp.example/hooks/milkrun.")
    if parts.username or parts.password:
        return _("Leave user and password out of the address; the signature says who sends.")
    return ""
