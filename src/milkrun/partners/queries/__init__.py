"""Reads of partners: sites, companies, people, tokens, and what each role may do (`rights` holds the table)."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from milkrun.kernel.errors import NotFound
from milkrun.measure.wording import speaking
from milkrun.partners.models import ApiToken, Partner, Role, RoleRights, ShipTo, Site, UnloadingPoint, User
from milkrun.partners.queries.rights import ACTIONS, PORTALS, ROLES, VIEWS

DEMO_VISITOR = "auditor@demo.milkrun.example"


@dataclass(frozen=True, slots=True)
class SiteView:
    """A plant of ours."""

    id: int
    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class PartnerView:
    """Another company."""

    id: int
    public_id: str
    code: str
    name: str
    is_customer: bool
    is_supplier: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may do at a site.

    Args:
        sites: the sites the person may choose.
        site: the one that is looked at; None where the person has no role anywhere.
        roles: role names that count there.
        actions: everything these roles allow there.
    """

    sites: tuple[SiteView, ...]
    site: SiteView | None
    roles: tuple[str, ...]
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of another company in its portal: who it is, whose data count, and what the portal lets them do."""

    user_id: int
    name: str
    email: str
    partner: PartnerView
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role: what it may do here, whether that differs from the product's table, whether it is the company's own."""

    name: str
    title: str
    actions: frozenset[str]
    changed: bool
    own: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who signs in; roles are (role, site's code), the code empty where a role counts everywhere.

    A person of a customer has no role but `customer`, the customer's code, and `customer_name`.
    """

    id: int
    email: str
    name: str
    active: bool
    roles: tuple[tuple[str, str], ...]
    customer: str = ""
    customer_name: str = ""


@dataclass(frozen=True, slots=True)
class TokenView:
    """A machine's key to the API and what it may do; the secret is not kept."""

    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    requests_per_minute: int = 600
    sites: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Tell whether a scope covers an action; `read` covers every view, `*` everything."""
        return bool({"*", action} & set(self.scopes)) or (action in VIEWS and "read" in self.scopes)

    def good_for(self, site: str) -> bool:
        """Tell whether the token may be used at a site."""
        return not self.sites or site in self.sites


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person of the demo data, for the sign-in page; `customer` names whose portal it is."""

    email: str
    name: str
    roles: tuple[str, ...]
    customer: str = ""


def allowed(roles: tuple[str, ...]) -> frozenset[str]:
    """Return what these roles may do together here; an unknown role may do nothing.

    The product's table counts unless the company has changed a role; an administrator may always do everything.
    """
    changed = dict(RoleRights.objects.filter(name__in=roles).exclude(name="admin").values_list("name", "actions"))
    return frozenset().union(*(changed.get(role, ROLES.get(role, ())) for role in roles)) & ACTIONS


def role_rights() -> tuple[RoleView, ...]:
    """List every role with what it may do here: the product's own in its order, then the company's own by name."""
    changed = {row.name: row for row in RoleRights.objects.order_by("name")}
    names = [*ROLES, *(name for name in changed if name not in ROLES)]
    return tuple(_role_view(name, changed.get(name)) for name in names)


def _role_view(name: str, row: RoleRights | None) -> RoleView:
    own = ROLES.get(name)
    actions = frozenset(row.actions) if row and name != "admin" else own or frozenset()
    return RoleView(name, row.title if row else "", actions & ACTIONS, own is not None and actions != own, own is None)


def role_names() -> frozenset[str]:
    """Return the names of all roles that people can have here."""
    return frozenset(ROLES) | frozenset(RoleRights.objects.values_list("name", flat=True))


def people() -> tuple[PersonView, ...]:
    """List the staff by name with their roles."""
    users = User.objects.filter(realm="staff").prefetch_related("roles__site").order_by("name", "id")
    return tuple(
        PersonView(
            u.id, u.email, u.name, u.is_active,
            tuple(sorted((r.role, r.site.code if r.site else "") for r in u.roles.all())),
        )
        for u in users
    )  # fmt: skip


def customers_people() -> tuple[PersonView, ...]:
    """List the people of customers by customer and name."""
    users = User.objects.filter(realm="customer").select_related("partner").order_by("partner__code", "name", "id")
    return tuple(
        PersonView(u.id, u.email, u.name, u.is_active, (), u.partner.code, u.partner.name) for u in users if u.partner
    )


def visitor(user_id: int | None) -> Visitor | None:
    """Read whose portal a person uses; None for our staff, who use none, and for whoever may not sign in any more."""
    rows = User.objects.filter(pk=user_id or 0, is_active=True, realm="customer", partner__is_customer=True)
    user = rows.select_related("partner").first()
    if user is None or user.partner is None:
        return None
    return Visitor(user.pk, user.name, user.email, _partner(user.partner), PORTALS[user.realm])


def access(user_id: int, wanted_site: int | None = None) -> Access:
    """Read what a member of staff may do, at the wanted site or the first one open to them."""
    rows = list(Role.objects.filter(user_id=user_id, user__is_active=True, user__realm="staff")
                .values_list("role", "site_id"))  # fmt: skip
    everywhere = any(site_id is None for __, site_id in rows)
    mine = {site_id for __, site_id in rows}
    every_site = sites() if rows else ()
    open_sites = tuple(site for site in every_site if everywhere or site.id in mine)
    site = next((s for s in open_sites if s.id == wanted_site), open_sites[0] if open_sites else None)
    roles = tuple(sorted({role for role, site_id in rows if site_id is None or (site and site_id == site.id)}))
    return Access(open_sites, site, roles, allowed(roles))


def sites() -> tuple[SiteView, ...]:
    """List our sites by code."""
    return tuple(SiteView(s.id, s.code, s.name, s.zone) for s in Site.objects.order_by("code"))


def customers() -> tuple[PartnerView, ...]:
    """List the customers by code."""
    return tuple(_partner(row) for row in Partner.objects.filter(is_customer=True).order_by("code"))


@contextmanager
def writing_to(partner_id: int) -> Iterator[None]:
    """Speak a partner's language while something is written to it; without one, the installation's."""
    kept = Partner.objects.filter(pk=partner_id).values_list("language", flat=True).first()
    language = kept or settings.LANGUAGE_CODE
    with override(language), speaking(language):
        yield


def partner_rows() -> Iterator[dict[str, object]]:
    """Give every company with each of its plants and docks, by code, for an export."""
    docks: dict[int, list[str]] = {}
    for plant, code in UnloadingPoint.objects.order_by("ship_to_id", "code").values_list("ship_to_id", "code"):
        docks.setdefault(plant, []).append(code)
    plants: dict[int, list[ShipTo]] = {}
    for row in ShipTo.objects.order_by("partner_id", "code"):
        plants.setdefault(row.partner_id, []).append(row)
    for partner in Partner.objects.order_by("code"):
        for plant_row in plants.get(partner.pk, [ShipTo(code="", name="", zone="")]):
            yield {
                "partner": partner.code, "name": partner.name, "customer": partner.is_customer,
                "supplier": partner.is_supplier, "our_number": partner.our_number, "tax_id": partner.tax_id,
                "currency": partner.currency, "tax_basis_points": partner.tax_basis_points, "ship_to": plant_row.code,
                "ship_to_name": plant_row.name, "zone": plant_row.zone, "street": plant_row.street,
                "city": plant_row.city, "docks": " | ".join(docks.get(plant_row.pk or 0, ())),
            }  # fmt: skip


def partner_by_code(code: str) -> PartnerView | None:
    """Find a company by its code."""
    row = Partner.objects.filter(code=code).first()
    return _partner(row) if row else None


def demo_users() -> tuple[DemoUser, ...]:
    """List the people who sign in, for the sign-in page of demo installations only."""
    users = User.objects.filter(is_active=True, realm__in=["staff", "customer"]).select_related("partner")
    return tuple(
        DemoUser(
            u.email, u.name, tuple(sorted({r.role for r in u.roles.all()})), u.partner.name if u.partner else ""
        )
        for u in users.prefetch_related("roles").order_by("id")[:20]
    )  # fmt: skip


def demo_visitor() -> int | None:
    """Return whom a visitor of the demo looks around as: the demo's auditor, who may do nothing but look.

    None where the demo data are not there, or where that person was given anything to do.
    """
    user = User.objects.filter(email=DEMO_VISITOR, is_active=True, realm="staff").first()
    if user is None or set(user.roles.values_list("role", flat=True)) != {"auditor"}:
        return None
    only_looks = all(action.startswith(("view_", "export_")) for action in access(user.pk).actions)
    return user.pk if only_looks else None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person of ours, as others see them."""

    id: int
    name: str
    email: str


def staff() -> tuple[StaffMember, ...]:
    """List the people of ours who may sign in, by name."""
    rows = User.objects.filter(is_active=True, realm="staff").order_by("name", "id")
    return tuple(StaffMember(row.pk, row.name, row.email) for row in rows[:500])


def mail_of(role: str, user_id: int | None, site_id: int | None) -> list[str]:
    """List the addresses of one person, or of all people of ours with a role at a site (or everywhere)."""
    people = User.objects.filter(is_active=True, realm="staff")
    if user_id is not None:
        people = people.filter(pk=user_id)
    else:
        people = people.filter(Q(roles__site=None) | Q(roles__site=site_id), roles__role=role)
    return sorted(set(people.values_list("email", flat=True)))


def switched_off(*, email: str = "", user_id: int | None = None) -> str:
    """Return the e-mail of a person whose account was switched off; "" for everybody else."""
    rows = User.objects.filter(is_active=False)
    rows = rows.filter(email=email) if user_id is None else rows.filter(pk=user_id)
    return rows.values_list("email", flat=True).first() or ""


def person_id(email: str) -> int | None:
    """Return the key of whoever signs in, or signed in once, by this e-mail."""
    return User.objects.filter(email=email).values_list("pk", flat=True).first()


def staff_member(user_id: int) -> StaffMember:
    """Find a person of ours.

    Raises:
        NotFound: nobody of that key may sign in.
    """
    row = User.objects.filter(is_active=True, realm="staff", pk=user_id).first()
    if row is None:
        raise NotFound(_("This person cannot sign in any more. Choose another one."), user_id=user_id)
    return StaffMember(row.pk, row.name, row.email)


def _partner(row: Partner) -> PartnerView:
    return PartnerView(row.id, row.public_id, row.code, row.name, row.is_customer, row.is_supplier, row.language)


def plant_zones(partner_id: int) -> dict[str, str]:
    """Tell the time zone of each plant of a customer, by the plant's code."""
    return dict(ShipTo.objects.filter(partner_id=partner_id).values_list("code", "zone"))


def secret_hash(secret: str) -> str:
    """Return what is kept of a token's secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token(text: str, at: datetime) -> TokenView | None:
    """Find the token that a machine showed; None where it is malformed, unknown, expired or revoked.

    Args:
        text: `prefix.secret`, as it was shown once.
        at: now.
    """
    prefix, __, secret = text.partition(".")
    row = ApiToken.objects.filter(prefix=prefix).first() if prefix.isascii() and "\0" not in prefix else None
    # Compared also where the prefix is unknown, so that the time of the answer tells nothing.
    same = secrets.compare_digest(row.secret_hash if row else "", secret_hash(secret) if secret.isascii() else "-")
    if row is None or not same or row.revoked_at is not None or row.expires_at <= at:
        return None
    return _token(row)


def tokens() -> tuple[TokenView, ...]:
    """List the tokens, newest first."""
    return tuple(_token(row) for row in ApiToken.objects.order_by("-id"))


def _token(row: ApiToken) -> TokenView:
    open_at = row.sites.order_by("site__code").values_list("site__code", flat=True)
    return TokenView(
        row.id, row.name, row.prefix, tuple(row.scopes), row.created_at, row.expires_at, row.revoked_at,
        row.last_used_at, row.requests_per_minute, tuple(open_at),
    )  # fmt: skip
