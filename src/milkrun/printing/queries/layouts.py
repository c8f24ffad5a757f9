"""Label templates: those that come with the product, and the copies of them that a company or a customer has."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.labels import Layout, layout_from, shipped, shipped_names
from milkrun.measure.wording import moment
from milkrun.partners.models import Partner
from milkrun.printing.errors import UnknownTemplate
from milkrun.printing.models import LabelTemplate


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version of a template."""

    version: int
    title: str
    saved_at: str
    saved_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template in force: version 0 is the one that comes with the product."""

    name: str
    partner: str
    version: int
    title: str
    size: str
    changed: str


def layout_for(name: str, partner_id: int | None) -> tuple[Layout, int]:
    """Return the layout in force and its version: the customer's, else the company's, else the shipped one (0).

    Raises:
        UnknownTemplate: there is none of this name.
    """
    for owner in dict.fromkeys([partner_id, None]):
        row = LabelTemplate.objects.filter(Q(name=name, partner=owner)).order_by("-version").first()
        if row is not None:
            return layout_from(row.layout), row.version
    if name not in shipped_names():
        raise UnknownTemplate(
            _("There is no label template {name}. Choose one from the list.").format(name=name[:40]), template=name[:40]
        )
    return shipped(name), 0


def customers_template(name: str, partner_code: str, base: str = "") -> tuple[Layout, int, int | None]:
    """Return layout and version that an editor starts from, and the customer's key ("" stands for the company).

    The version is that of exactly this owner; 0 where it has none of its own yet. A template of a new name starts as a
    copy of `base`.

    Raises:
        UnknownTemplate: there is no such template, or no such customer.
    """
    partner_id = Partner.objects.filter(code=partner_code).values_list("pk", flat=True).first()
    if partner_code and partner_id is None:
        raise UnknownTemplate(
            _("There is no customer {partner_code}.").format(partner_code=partner_code[:20]), partner=partner_code[:20]
        )
    own = LabelTemplate.objects.filter(Q(name=name, partner=partner_id)).order_by("-version").first()
    layout, __ = layout_for(name if own or name in names() else base or name, partner_id)
    return layout, own.version if own else 0, partner_id


def names() -> tuple[str, ...]:
    """List the names of all templates, shipped ones first."""
    own = LabelTemplate.objects.order_by("name").values_list("name", flat=True).distinct()
    return tuple(dict.fromkeys([*shipped_names(), *own]))


def template_titles() -> list[tuple[str, str]]:
    """List the names of all templates with the title of the company's version."""
    return [(name, layout_for(name, None)[0].title) for name in names() if _companys(name)]


def _companys(name: str) -> bool:
    return name in shipped_names() or LabelTemplate.objects.filter(name=name, partner=None).exists()


def templates(zone: str) -> list[TemplateRow]:
    """List every template in force, with those of customers behind the company's."""
    latest: dict[tuple[str, int | None], LabelTemplate] = {}
    for row in LabelTemplate.objects.select_related("partner").order_by("version"):
        latest[row.name, row.partner_id] = row
    found = []
    for name in names():
        own = latest.get((name, None))
        layout = layout_from(own.layout) if own else shipped(name) if name in shipped_names() else None
        if layout is not None:
            found.append(_row(name, layout, own, zone))
        theirs = [row for (other, partner), row in latest.items() if other == name and partner is not None]
        found += [
            _row(name, layout_from(row.layout), row, zone) for row in sorted(theirs, key=lambda r: str(r.partner))
        ]
    return found


def _row(name: str, layout: Layout, row: LabelTemplate | None, zone: str) -> TemplateRow:
    return TemplateRow(
        name,
        row.partner.code if row and row.partner else "",
        row.version if row else 0,
        layout.title,
        f"{layout.width:g} × {layout.height:g} mm",
        f"{moment(row.saved_at, zone)}, {row.saved_by}" if row else "",
    )


def versions(name: str, partner_id: int | None, zone: str) -> list[Version]:
    """List the saved versions of one owner's template, newest first."""
    rows = LabelTemplate.objects.filter(Q(name=name, partner=partner_id)).order_by("-version")[:50]
    return [Version(row.version, row.title, moment(row.saved_at, zone), row.saved_by, row.reason) for row in rows]
