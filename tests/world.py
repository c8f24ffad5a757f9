"""A small plant, built through commands, for tests to act in.

One site, the customer OEM01 with plant 21 and dock "TOR 7", the parts of the sample calls, stock of what they are made
of, and an actor. Nothing here touches a table by itself.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.exchange.commands.agree_exchange import agree_exchange
from milkrun.kernel.identity import Actor
from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.commands.create_site import create_site
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.commands.create_part import Ingredient, create_part
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.release_calls import CallsReleased, release_calls
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.create_delivery import DeliveryCreated, create_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.receive_stock import receive_stock

NOW = datetime(2026, 11, 21, 19, 50, tzinfo=UTC)
ORDER = "5500012345"
SEAT, REST, UNKNOWN = "5N0 881 105 A", "5N0 881 106 B", "5N0 881 999 Z"


@dataclass
class World:
    """What a test knows of the plant; every helper below acts through one command."""

    site_id: int = 0
    partner_id: int = 0
    places: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    actor: Actor = field(default_factory=lambda: Actor("Anna Test", "cli"))
    now: datetime = NOW

    def later(self, minutes: int = 1) -> datetime:
        """Let the clock go on."""
        self.now += timedelta(minutes=minutes)
        return self.now

    def receive(self, number: str, qty: str, location: str) -> int:
        """Take stock in; returns the posting."""
        done = receive_stock(
            site_id=self.site_id,
            part_id=self.parts[number],
            location_id=self.places[location],
            qty=Decimal(qty),
            actor=self.actor,
            at=self.later(),
        )
        return done.posting_id

    def sequenced(self, sequence: int, parts: tuple[str, ...] = (SEAT, REST), number: str = "") -> CallInput:
        """Describe one vehicle."""
        return CallInput(
            external_no=number or f"CALL/{sequence}",
            kind="sequenced",
            required_at=NOW + timedelta(hours=14, minutes=sequence % 60),
            ship_to_code="21",
            unloading_point="TOR 7",
            line_feed="LF-12",
            vin=f"WVWZZZ1JZXW{sequence:06d}",
            production_no=f"261122{sequence:04d}",
            stream_code="03",
            sequence_text=f"{sequence:04d}",
            zone="Europe/Berlin",
            groups=(GroupInput("SV", _lines(parts, "1")),),
        )

    def summarized(self, number: str, parts: tuple[str, ...] = (SEAT,), qty: str = "48") -> CallInput:
        """Describe a call for quantities."""
        return CallInput(
            external_no=number,
            kind="summarized",
            required_at=NOW + timedelta(hours=14),
            ship_to_code="21",
            unloading_point="TOR 7",
            zone="Europe/Berlin",
            groups=(GroupInput("", _lines(parts, qty)),),
        )

    def call(self, given: CallInput) -> int:
        """Receive a call; returns its key."""
        return receive_jit_call(
            call=given,
            site_id=self.site_id,
            partner_id=self.partner_id,
            source="api",
            actor=self.actor,
            at=self.later(),
        ).call_id

    def release(self, *call_ids: int) -> CallsReleased:
        """Release calls to production; each of them must go."""
        done = release_calls(call_ids=call_ids, actor=self.actor, at=self.later())
        assert all(answer.done for answer in done.answers), done.answers
        return done

    def make(self, job_id: int, *good: str) -> None:
        """Confirm the good pieces of a job's lines, from the first on."""
        reports = tuple(JobReport(position, Decimal(qty)) for position, qty in enumerate(good, 1))
        confirm_job(job_id=job_id, reports=reports, actor=self.actor, at=self.later())

    def pack(self, *call_ids: int) -> None:
        """Release calls for packing and pack everything in order."""
        from milkrun.demand.models import Component

        racks = release_for_packing(call_ids=call_ids, actor=self.actor, at=self.later()).packing_groups
        rows = Component.objects.filter(group__call_id__in=call_ids, group__slot__isnull=False).order_by(
            "group__slot__packing_group_id", "group__slot__position", "line_no"
        )
        for rack_id, number in rows.values_list("group__slot__packing_group_id", "customer_part_no"):
            assert rack_id in {rack.packing_group_id for rack in racks}
            confirm_packing(packing_group_id=rack_id, scan=number, actor=self.actor, at=self.later())

    def packed(self, *calls: CallInput) -> list[int]:
        """Bring calls from their receipt to packed."""
        ids = [self.call(given) for given in calls]
        self.finish(ids)
        self.pack(*ids)
        return ids

    def finish(self, call_ids: list[int]) -> None:
        """Release calls and make all that has to be made."""
        from milkrun.production.models import JobLine

        for job in self.release(*call_ids).jobs:
            lines = JobLine.objects.filter(job_id=job.job_id).order_by("position")
            self.make(job.job_id, *[str(line.qty) for line in lines])

    def deliver(self, *call_ids: int) -> DeliveryCreated:
        """Put packed calls on a delivery."""
        return create_delivery(call_ids=call_ids, actor=self.actor, at=self.later())

    def picked(self, *call_ids: int) -> int:
        """Deliver packed calls and pick all of it; returns the delivery's key."""
        from milkrun.shipping.models import Delivery

        made = self.deliver(*call_ids)
        if Delivery.objects.get(pk=made.delivery_id).state == "open":
            pick_delivery(delivery_id=made.delivery_id, actor=self.actor, at=self.later())
        return made.delivery_id


def _lines(parts: tuple[str, ...], qty: str) -> tuple[ComponentInput, ...]:
    return tuple(
        ComponentInput(line_no=number, customer_part_no=part, qty=Decimal(qty), order_no=ORDER)
        for number, part in enumerate(parts, 1)
    )


def build_world() -> World:
    """Build the plant."""
    world = World()
    who = {"actor": world.actor, "at": NOW}
    site = create_site(code="MAIN", name="Plant Main", zone="Europe/Berlin", docks=("D1", "D2"), **who)
    world.site_id = site.site_id
    partner = create_partner(
        code="OEM01",
        name="Example Motors",
        our_number="000012345",
        tax_basis_points=1900,
        plants=(Plant("21", "Assembly plant 21", "Europe/Berlin", ("TOR 7",)),),
        **who,
    )
    world.partner_id = partner.partner_id
    world.places = create_locations(
        site_id=world.site_id,
        places=(
            Place("FG", "storage"),
            Place("LINE1", "line"),
            Place("PACK", "packing"),
            Place("DOCK1", "dock"),
        ),
        **who,
    ).by_code
    for number in ("FOAM", "FRAME"):
        world.parts[number] = create_part(number=number, supply_location="LINE1", **who).part_id
    for number, theirs in (("SEAT-105A", SEAT), ("REST-106B", REST)):
        part = create_part(
            number=number,
            made_here=True,
            bom=(Ingredient("FOAM", Decimal("0.3")), Ingredient("FRAME", Decimal(1))),
            **who,
        )
        world.parts[number] = part.part_id
        add_customer_part(partner_id=world.partner_id, number=theirs, part_id=part.part_id, **who)
        agree_supply(
            partner_id=world.partner_id,
            order_no=ORDER,
            customer_part_no=theirs,
            price_minor=12_550,
            currency="EUR",
            valid_from=date(2026, 1, 1),
            **who,
        )
    specify_rack(partner_id=world.partner_id, slots=10, **who)
    agree_exchange(
        partner_id=world.partner_id,
        site_id=world.site_id,
        their_id="OEM01",
        their_qualifier="ZZ",
        our_id="SUPP01",
        our_qualifier="ZZ",
        **who,
    )
    world.receive("FOAM", "1000", "LINE1")
    world.receive("FRAME", "1000", "LINE1")
    return world
