"""Writes of partners, for use inside a higher command's transaction."""

from typing import NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, Problem
from milkrun.partners.errors import RolesOfPortalUser
from milkrun.partners.models import Partner

OWN_HOUSE = "OWN-HOUSE"


def own_house() -> Partner:
    """Return the company that stands for our own people: e-mails to staff leave by the outbox like all others."""
    row, _made = Partner.objects.get_or_create(
        code=OWN_HOUSE, defaults={"name": "Our own people", "is_customer": False, "is_supplier": False}
    )
    return row


def refuse_roles(customer: str) -> NoReturn:
    """Refuse roles for a person of a customer.

    Raises:
        RolesOfPortalUser: always.
    """
    said = _("A person of customer {customer} uses the portal and has no role of ours. Leave the roles empty.")
    raise RolesOfPortalUser([Problem("roles", said.format(customer=customer), "portal_user_has_no_roles")])


def refuse_unknown_language(language: str) -> None:
    """Refuse a language that Milkrun does not speak; "" stands for none chosen.

    Raises:
        Invalid: it is not offered.
    """
    known = dict(settings.LANGUAGES)
    if language and language not in known:
        said = _("Milkrun does not speak {language}. Choose one of {known}.")
        text = said.format(language=language[:8], known=", ".join(known))
        raise Invalid([Problem("language", text, "unknown_language")])
