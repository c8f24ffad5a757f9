"""Three files for the tour: a customer's calls for tomorrow, to be dropped into the inbox.

They call for vehicles of a stream and for numbers that the demo data do not use, so that they are new whenever they
come, for one part that is not known yet, and for one that is in stock and can be picked in the warehouse.
"""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from milkrun import edi
from milkrun.demo.company import ZONE
from milkrun.demo.day import BACK, DRIVER
from milkrun.demo.files import by_quantity, by_vehicle, envelope, vehicle
from milkrun.insight.queries.tour import BY_QUANTITY, FROM_STOCK, VEHICLES

NEW_PART = "5N0 881 999 Z"
CUSHION = "5N0 881 121 A"
STREAM, FIRST_VEHICLE, FIRST_REFERENCE = "02", 101, 201


def write_samples(home: Path, at: datetime) -> list[Path]:
    """Write the sample files; a complete file appears at once under its name."""
    tomorrow = (at.astimezone(ZoneInfo(ZONE)) + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    day = at.astimezone(ZoneInfo(ZONE))
    quarter_past = tomorrow + timedelta(minutes=15)
    vehicles = [
        vehicle(FIRST_VEHICLE, stream=STREAM, day=day, required=quarter_past, parts=(DRIVER, BACK)),
        vehicle(
            FIRST_VEHICLE + 1, stream=STREAM, day=day, required=quarter_past + timedelta(minutes=1), parts=(DRIVER,)
        ),
    ]
    calls = {
        "two_vehicles.edi": by_vehicle(VEHICLES, vehicles, at),
        "by_quantity.edi": by_quantity(BY_QUANTITY, {DRIVER: 48, NEW_PART: 24}, required=tomorrow, at=at),
        "from_stock.edi": by_quantity(FROM_STOCK, {CUSHION: 12}, required=tomorrow + timedelta(minutes=30), at=at),
    }
    folder = home / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (name, call) in enumerate(calls.items(), FIRST_REFERENCE):
        draft = folder / f"{name}.tmp"
        draft.write_bytes(edi.write_call(call, envelope(number, at)))
        written.append(draft.replace(folder / name))
    return written
