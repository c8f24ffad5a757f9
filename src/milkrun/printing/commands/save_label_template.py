"""Save a label's layout for the company or for one customer, as a new version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold
from milkrun.labels import NotALayout, layout_from, plain
from milkrun.partners.models import Partner
from milkrun.printing.errors import NotPrintable, TemplateChanged
from milkrun.printing.models import LabelTemplate

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LabelTemplateSaved:
    """A template's new version."""

    template_id: int
    name: str
    version: int


@command
def save_label_template(
    *,
    name: str,
    layout: Mapping[str, Any],
    based_on: int,
    actor: Actor,
    at: datetime,
    partner_id: int | None = None,
    reason: str = "",
    request: Request | None = None,
) -> LabelTemplateSaved:
    """Add a version; labels printed before stay what they are.

    Args:
        name: a shipped template's name to replace it, or a new one; small letters, digits and underscores.
        layout: title, width, height and fields; placeholders of the closed list only.
        based_on: the version the change was made on; 0 where this owner has none yet.
        partner_id: the customer whose labels look like this; None for everybody.

    Raises:
        Invalid: the name is not possible.
        NotPrintable: the layout has mistakes.
        NotFound: there is no such customer.
        TemplateChanged: somebody saved another version meanwhile.
    """
    if not _NAME.fullmatch(name):
        raise Invalid([Problem("name", _("A template's name has small letters, digits and underscores, up to 40."))])
    try:
        read = layout_from({**layout, "name": name})
    except NotALayout as wrong:
        raise NotPrintable([Problem("layout", problem, "layout") for problem in wrong.problems]) from wrong
    if partner_id is not None and not Partner.objects.filter(pk=partner_id, is_customer=True).exists():
        raise NotFound(_("This customer does not exist."), partner_id=partner_id)
    # Two people who save at once must not both make the next version.
    hold("label_template", partner_id or 0)
    newest = LabelTemplate.objects.filter(Q(name=name, partner=partner_id)).order_by("-version").first()
    version = newest.version if newest else 0
    if version != based_on:
        by = newest.saved_by if newest else ""
        raise TemplateChanged(
            _("{by} saved version {version} meanwhile. Load it and make your change on it.").format(
                by=by or _("Somebody"), version=version
            ),
            version=version,
            by=by,
        )

    row = LabelTemplate.objects.create(
        name=name,
        partner_id=partner_id,
        version=version + 1,
        title=read.title[:80],
        layout=plain(read),
        saved_at=at,
        saved_by=actor.name,
        reason=reason[:400],
    )

    facts = {"name": name, "version": row.version, "fields": len(read.fields)}
    journal.write(
        [journal.Entry("save_label_template", "label_template", row.pk, reason=reason, facts=facts)],
        actor=actor,
        at=at,
    )
    return LabelTemplateSaved(row.pk, name, row.version)
