"""Our sites; most addresses name one by its code."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field

from milkrun.api.door import visit
from milkrun.api.routes import reads
from milkrun.kernel.errors import NotFound
from milkrun.partners.queries import PartnerView, SiteView, partner_by_code, sites

router = Router(tags=["sites"])

SiteCode = Annotated[str, Path(), Field(min_length=1, max_length=12, pattern=r"^[!-.0-~]+$")]
Id = Annotated[str, Path(), Field(min_length=16, max_length=16, pattern=r"^[0-9a-z]{16}$")]


class SiteReply(Schema):
    """A plant or warehouse of ours; `zone` is its time zone."""

    code: str
    name: str
    zone: str


class SiteList(Schema):
    """All sites."""

    items: list[SiteReply]


@reads(router, "/sites", "list_sites", SiteList, action="", every_site=True)
def list_sites(request: HttpRequest) -> Any:
    """List our sites by code: those that the token is good for."""
    good_for = visit(request).token.good_for
    return {
        "items": [SiteReply(code=site.code, name=site.name, zone=site.zone) for site in sites() if good_for(site.code)]
    }


def site_of(code: str) -> SiteView:
    """Find a site by its code.

    Raises:
        NotFound: there is none.
    """
    found = next((site for site in sites() if site.code == code), None)
    if found is None:
        raise NotFound(_("There is no site {code}.").format(code=code), site=code)
    return found


def partner_of(code: str) -> PartnerView:
    """Find a partner by its code.

    Raises:
        NotFound: there is none.
    """
    found = partner_by_code(code)
    if found is None:
        raise NotFound(_("There is no partner {code}.").format(code=code), partner=code)
    return found
