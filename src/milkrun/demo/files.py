"""Files as the demo's customer writes them: calls by vehicle and by quantity, answers, and a few that are wrong.

The writer is the product's own. Reference numbers count up from one that no sample file of the documentation uses.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from milkrun import edi
from milkrun.demo.company import EDI_CUSTOMER, ZONE
from milkrun.demo.goods import ORDERS
from milkrun.demo.story import Story
from milkrun.gateway.receive import IngestReport, take_in
from milkrun.kernel.identity import Actor

THEM, US = edi.Party("OEM01", "ZZ"), edi.Party("SUPP01", "ZZ")
FIRST_REFERENCE = 7000


def moment(at: datetime) -> edi.EdiTime:
    """Write an instant to the minute in the customer's zone, as DTM format 203."""
    local = at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None, second=0, microsecond=0)
    return edi.EdiTime(f"{local:%Y%m%d%H%M}", "203", local)


def line(
    number: int, part: str, qty: int = 1, order_no: str = "", required: edi.EdiTime | None = None
) -> edi.DelJitLine:
    """Ask for pieces of a part by the customer's number."""
    return edi.DelJitLine(0, str(number), part, "", order_no, Decimal(qty), "PCE", required)


def vehicle(
    number: int, *, stream: str, day: datetime, required: datetime, parts: Sequence[str], place: str = "LF-12"
) -> edi.DelJitSequence:
    """Call for the parts of one vehicle, by its number in the stream."""
    text = f"{number:04d}"
    return edi.DelJitSequence(
        number=text,
        action="1",
        position=0,
        required=moment(required),
        unloading_point="",
        vin=f"WVWZZZ1J{stream}W{number:06d}"[:17],
        production_no=f"{day:%y%m%d}{text}",
        family="SV",
        line=stream,
        reference_sequence=f"{number:06d}",
        reorder_key="",
        line_feed=place,
        lines=tuple(line(index, part) for index, part in enumerate(parts, 1)),
    )


def by_vehicle(number: str, sequences: Sequence[edi.DelJitSequence], at: datetime) -> edi.DelJit:
    """Make a sequenced call."""
    return _call(number, "sequenced", at, order_no=ORDERS[EDI_CUSTOMER], dock="TOR 7", sequences=tuple(sequences))


def by_quantity(
    number: str, wanted: Mapping[str, int], *, required: datetime, at: datetime, order_no: str = ORDERS[EDI_CUSTOMER]
) -> edi.DelJit:
    """Make a summarised call for pieces by the customer's part number."""
    lines = tuple(
        line(index, part, qty, order_no, moment(required)) for index, (part, qty) in enumerate(wanted.items(), 1)
    )
    sequence = edi.DelJitSequence("", "1", 0, None, "TOR 7", "", "", "", "", "", "", "", lines)
    return _call(number, "summarized", at, order_no="", dock="", sequences=(sequence,))


def _call(
    number: str, kind: str, at: datetime, *, order_no: str, dock: str, sequences: tuple[edi.DelJitSequence, ...]
) -> edi.DelJit:
    return edi.DelJit(
        call_no=number,
        function="original",
        kind="sequenced" if kind == "sequenced" else "summarized",
        document_at=moment(at),
        order_no=order_no,
        buyer="OEM01",
        seller="000012345",
        ship_to="21",
        unloading_point=dock,
        sequences=sequences,
    )


def envelope(reference: int, at: datetime, recipient: edi.Party = US) -> edi.Envelope:
    """Address a file from the customer to us."""
    return edi.Envelope(THEM, recipient, f"{reference:014d}", at.astimezone(ZoneInfo(ZONE)))


def send(story: Story, body: edi.DelJit | bytes, name: str, recipient: edi.Party = US) -> IngestReport:
    """Let a file of the customer arrive, under the next reference where it is not written yet."""
    story.files += 1
    acting = story.by("edi")
    data = body
    if not isinstance(data, bytes):
        data = edi.write_call(data, envelope(FIRST_REFERENCE + story.files, acting["at"], recipient))
    return take_in(
        data,
        partner_code=EDI_CUSTOMER,
        file_name=name,
        source="inbox",
        actor=Actor(f"EDI {EDI_CUSTOMER}", "edi"),
        at=acting["at"],
    )[0]
