"""The plant of the demo, its customers, its places and the people who sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demo.story import DOMAIN, Story
from milkrun.exchange.commands.add_contact import add_contact
from milkrun.exchange.commands.agree_exchange import agree_exchange
from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.commands.create_site import create_site
from milkrun.partners.commands.create_user import create_user
from milkrun.stock.commands.create_locations import Place, create_locations

ZONE = "Europe/Berlin"
EDI_CUSTOMER, PLAIN_CUSTOMER = "OEM01", "NORTH01"
PLACES = (
    # What production makes goes to the first storage.
    Place("FG", "storage", "Finished goods"),
    Place("RAW", "storage", "Components"),
    Place("LINE1", "line", "Seats"),
    Place("LINE2", "line", "Benches and tables"),
    Place("PACK", "packing", "Packing"),
    Place("DOCK1", "dock", "Dock 1"),
    Place("DOCK2", "dock", "Dock 2"),
    Place("IN", "staging", "Goods received"),
    Place("QUAR", "quarantine", "Waits for inspection"),
)
PEOPLE = {
    "material_planner": "Mara Planck",
    "production_planner": "Piet Vogel",
    "operator": "Olga Band",
    "supervisor": "Sven Meister",
    "storekeeper": "Stefan Lager",
    "packer": "Paula Pack",
    "shipping": "Hans Tor",
    "billing": "Bea Konto",
    "admin": "Ada Admin",
    "auditor": "Aud Prüfer",
}


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person who can sign in; with a customer's code, into its portal."""

    email: str
    name: str
    roles: tuple[str, ...]
    password: str
    customer: str = ""


def demo_people(password: str) -> list[DemoUser]:
    """List the people of the demo: one a role, one of a customer before the last of them, who only looks."""
    *staff, auditor = [DemoUser(f"{role}@{DOMAIN}", name, (role,), password) for role, name in PEOPLE.items()]
    return [*staff, DemoUser(f"buyer@{DOMAIN}", "Nora Nord", (), password, PLAIN_CUSTOMER), auditor]


def found_site(story: Story) -> None:
    """Make the site with its docks and places."""
    story.site_id = create_site(
        code="MAIN",
        name="Milkrun Demo Plant",
        zone=ZONE,
        street="Industriestr. 5",
        city="38100 Braunschweig",
        tax_id="DE123456789",
        docks=("D1", "D2"),
        **story.by("admin"),
    ).site_id
    story.places = create_locations(site_id=story.site_id, places=PLACES, **story.by("admin")).by_code


def win_customers(story: Story) -> None:
    """Make a customer who calls by EDI and one who does not."""
    story.partners[EDI_CUSTOMER] = create_partner(
        code=EDI_CUSTOMER,
        name="Example Motors",
        our_number="000012345",
        tax_id="DE987654321",
        tax_basis_points=1900,
        plants=(Plant("21", "Assembly plant 21", ZONE, ("TOR 7", "TOR 9")),),
        **story.by("admin"),
    ).partner_id
    story.partners[PLAIN_CUSTOMER] = create_partner(
        code=PLAIN_CUSTOMER,
        name="Nordland Trailers",
        our_number="S-77",
        tax_basis_points=1900,
        plants=(Plant("W1", "Works 1", "Europe/Copenhagen", ("GATE 3",)),),
        **story.by("admin"),
    ).partner_id
    # Addresses of the kind that belongs to nobody; the demo sends no e-mail anyway.
    for customer, email in ((EDI_CUSTOMER, "supply@motors.example"), (PLAIN_CUSTOMER, "buyer@trailers.example")):
        add_contact(partner_id=story.partners[customer], email=email, **story.by("admin"))
    for family, slots in (("", 10), ("SV", 10)):
        specify_rack(partner_id=story.partners[EDI_CUSTOMER], family=family, slots=slots, **story.by("admin"))
    agree_exchange(
        partner_id=story.partners[EDI_CUSTOMER],
        site_id=story.site_id,
        their_id="OEM01",
        their_qualifier="ZZ",
        our_id="SUPP01",
        our_qualifier="ZZ",
        **story.by("admin"),
    )


def admit(story: Story, people: Sequence[DemoUser]) -> None:
    """Let people in."""
    for person in people:
        made = create_user(
            email=person.email,
            name=person.name,
            password=person.password,
            roles=person.roles,
            customer=person.customer,
            **story.by("admin"),
        )
        story.users[made.email] = made.user_id
