"""Where the document stands that a notification is about."""

from dataclasses import dataclass

from django.urls import reverse

from milkrun.demand import queries as demand
from milkrun.shipping import queries as shipping
from milkrun.web import words


@dataclass(frozen=True, slots=True)
class Link:
    """What leads to a document: its noun with its number, and its address."""

    label: str
    url: str


def document_link(kind: str, key: int | None, actions: frozenset[str]) -> Link | None:
    """Find the page of a document; None where it has none or the person may not open it."""
    if key is None:
        return None
    if kind == "delivery" and "view_deliveries" in actions:
        found = shipping.deliveries_by_id([key]).get(key)
        return Link(f"{words.word('noun', kind)} {found[0]}", reverse("delivery", args=[found[1]])) if found else None
    if kind == "call" and "view_calls" in actions:
        call = demand.calls_by_id([key]).get(key)
        return (
            Link(f"{words.word('noun', kind)} {call.number}", reverse("call", args=[call.public_id])) if call else None
        )
    return None
