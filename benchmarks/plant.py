"""The plant that rows act in: a customer with its parts and agreements, places, and stock; built through commands."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PARTS = 20
ORDER = "5500012345"


@dataclass
class Plant:
    """What rows need to know; `serial` keeps call numbers apart between runs."""

    site_id: int
    partner_id: int
    actor: Any
    places: dict[str, int] = field(default_factory=dict)
    parts: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    serial: int = 0

    def call(self, components: int = 5) -> Any:
        """Describe the next call for quantities."""
        from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput

        self.serial += 1
        start = self.serial % PARTS
        return CallInput(
            external_no=f"B{self.serial:08d}",
            kind="summarized",
            required_at=NOW + timedelta(minutes=self.serial % 100_000),
            ship_to_code="21",
            unloading_point="TOR 7",
            zone="Europe/Berlin",
            groups=(
                GroupInput(
                    "",
                    tuple(
                        ComponentInput(line, self.numbers[(start + line) % PARTS], Decimal(line), "PCE", ORDER)
                        for line in range(1, components + 1)
                    ),
                ),
            ),
        )


def build() -> Plant:
    """Set the plant up in an empty database."""
    from milkrun.demand.commands.agree_supply import agree_supply
    from milkrun.demand.commands.specify_rack import specify_rack
    from milkrun.exchange.commands.agree_exchange import agree_exchange
    from milkrun.kernel.identity import Actor
    from milkrun.partners.commands.create_partner import Plant as CustomerPlant
    from milkrun.partners.commands.create_partner import create_partner
    from milkrun.partners.commands.create_site import create_site
    from milkrun.parts.commands.add_customer_part import add_customer_part
    from milkrun.parts.commands.create_part import create_part
    from milkrun.stock.commands.create_locations import Place, create_locations
    from milkrun.stock.commands.receive_stock import receive_stock

    who: dict[str, Any] = {"actor": Actor("Benchmark", "cli"), "at": NOW}
    site = create_site(code="MAIN", name="Plant Main", zone="Europe/Berlin", docks=("D1",), **who)
    partner = create_partner(
        code="OEM01",
        name="Example Motors",
        our_number="000012345",
        plants=(CustomerPlant("21", "Assembly plant 21", "Europe/Berlin", ("TOR 7",)),),
        **who,
    )
    plant = Plant(site.site_id, partner.partner_id, who["actor"])
    plant.places = create_locations(
        site_id=plant.site_id,
        places=tuple(
            Place(code, kind)
            for code, kind in (("A", "storage"), ("B", "storage"), ("LINE", "line"), ("PACK", "packing"), ("D", "dock"))
        ),
        **who,
    ).by_code
    for index in range(PARTS):
        part = create_part(number=f"P{index:04d}", made_here=True, **who)
        number = f"5N0 {index:03d} 105 A"
        add_customer_part(partner_id=plant.partner_id, number=number, part_id=part.part_id, **who)
        agree_supply(
            partner_id=plant.partner_id,
            order_no=ORDER,
            customer_part_no=number,
            price_minor=1000,
            currency="EUR",
            valid_from=date(2026, 1, 1),
            **who,
        )
        receive_stock(
            site_id=plant.site_id,
            part_id=part.part_id,
            location_id=plant.places["A"],
            qty=Decimal(1_000_000_000),
            **who,
        )
        plant.parts.append(part.part_id)
        plant.numbers.append(number)
    specify_rack(partner_id=plant.partner_id, slots=10, **who)
    agree_exchange(partner_id=plant.partner_id, site_id=plant.site_id, their_id="OEM01", our_id="SUPP01", **who)
    return plant
