"""The frame of the portal's pages: its places, and whose portal it is."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milkrun.partners.queries import Visitor

# name, word, action, icon, other pages that belong there
PLACES = (
    ("portal", _("Items"), "portal_items", "stock", ("portal_call_off",)),
    ("portal_calls", _("Calls"), "portal_calls", "calls", ("portal_call",)),
    ("portal_deliveries", _("Deliveries"), "portal_deliveries", "deliveries", ("portal_delivery",)),
    ("portal_invoices", _("Invoices"), "portal_invoices", "billing", ()),
    ("portal_help", _("Help"), "portal_help", "help", ()),
)


def portal_frame(request: HttpRequest, visitor: Visitor) -> dict[str, Any]:
    """Give the frame what it shows."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "visitor": visitor,
        "portal_rail": [
            {"word": word, "url": reverse(name), "icon": icon, "current": here in (name, *more)}
            for name, word, action, icon, more in PLACES
            if action in visitor.actions
        ],
    }
