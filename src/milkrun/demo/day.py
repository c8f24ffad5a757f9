"""The day itself: calls come in and are brought, by the people whose work it is, to every stage there is."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.queries import call_ids
from milkrun.demo.company import PLAIN_CUSTOMER
from milkrun.demo.files import by_quantity, by_vehicle, send, vehicle
from milkrun.demo.goods import ORDERS
from milkrun.demo.story import Story
from milkrun.gateway.receive import IngestReport
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.release_calls import release_calls
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing

DRIVER, DRIVER_HEATED, BACK, BACK_LUMBAR = "5N0 881 105 A", "5N0 881 105 C", "5N0 881 106 B", "5N0 881 106 D"
STREAM, FIRST_VEHICLE, RACK = "01", 2201, 10
UNKNOWN_PART, UNKNOWN_ORDER = "5N0 881 777 X", "5500099999"
# How far each rack of vehicles has come, oldest first, and when its vehicles need it (hours from now).
RACKS = (
    ("completed", -20),
    ("issued", -2),
    ("on_delivery", 1),
    ("packed", 2),
    ("in_packing", 3),
    ("ready", 5),
    ("released", 7),
    ("created", 9),
)
# The same for calls by quantity: number, part, pieces, how far, needed in hours.
QUANTITIES = (
    ("DON4601", "5N0 881 121 A", 40, "completed", -18),
    ("DON4602", "5N0 881 122 A", 30, "issued", -1),
    ("DON4603", "5N0 881 130 A", 60, "picked", 1),
    ("DON4604", "5N0 881 115 A", 24, "on_delivery", 2),
    ("DON4605", "5N0 881 121 A", 32, "packed", 3),
    ("DON4606", "5N0 881 115 A", 20, "in_packing", 4),
    ("DON4607", "5N0 881 130 A", 80, "ready", 6),
    ("DON4608", "5N0 881 140 B", 16, "released", 8),
    ("DON4609", "5N0 881 110 C", 20, "failed", 8),
    ("DON4610", "5N0 881 121 A", 48, "created", 26),
    ("DON4611", "5N0 881 122 A", 12, "cancelled", 26),
    ("DON4612", "5N0 881 110 C", 16, "created", 28),
)
STAGES = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "picked", "issued", "completed")


def live_through(story: Story) -> None:
    """Tell the whole day, oldest work first."""
    for index, (stage, hours) in enumerate(RACKS):
        _rack(story, index, stage, hours)
    for number, part, qty, stage, hours in QUANTITIES:
        _quantity(story, number, part, qty, stage, hours)
    _calls_without_edi(story)
    _unmatched(story)


def _reached(stage: str, wanted: str) -> bool:
    return STAGES.index(stage) >= STAGES.index(wanted)


def _ids(story: Story, report: IngestReport) -> tuple[int, ...]:
    return call_ids(story.site_id, [made["id"] for message in report.messages for made in message.created])


def _rack(story: Story, index: int, stage: str, hours: int) -> None:
    """Ten vehicles of one rack, from their call as far as they come."""
    story.go_to(28 if stage == "completed" else 12 - index)
    first = FIRST_VEHICLE + index * RACK
    parts = [
        (DRIVER_HEATED if story.chance.random() < 0.2 else DRIVER, BACK_LUMBAR if story.chance.random() < 0.2 else BACK)
        for _ in range(RACK)
    ]
    required = story.today + timedelta(hours=hours)
    vehicles = [
        vehicle(
            first + slot, stream=STREAM, day=story.today, required=required + timedelta(minutes=slot), parts=parts[slot]
        )
        for slot in range(RACK)
    ]
    report = send(story, by_vehicle(f"JIS{first:06d}", vehicles, story.now), f"JIS{first}.edi")
    calls = _ids(story, report)
    if stage == "created":
        _cancel(story, calls[4], "Vehicle was taken out of the sequence")
        return
    job = release_calls(call_ids=calls, **story.by("production_planner")).jobs[0].job_id
    wanted = [part for pair in parts for part in pair]
    # Of a rack that is only released, the first vehicles are made already.
    made = 6 if stage == "released" else len(wanted)
    _make(story, job, [1] * made)
    if not _reached(stage, "in_packing"):
        return
    _pack(story, calls, wanted[: 8 if stage == "in_packing" else len(wanted)])
    _ship(story, calls, stage, picked=False)


def _quantity(story: Story, number: str, part: str, qty: int, stage: str, hours: int) -> None:
    """One call by quantity, from the file as far as it comes."""
    story.go_to(26 if stage == "completed" else 3)
    body = by_quantity(number, {part: qty}, required=story.today + timedelta(hours=hours), at=story.now)
    calls = _ids(story, send(story, body, f"{number}.edi"))
    if stage == "cancelled":
        _cancel(story, calls[0], "The customer needs less")
    if stage in ("created", "cancelled"):
        return
    job = release_calls(call_ids=calls, **story.by("production_planner")).jobs[0].job_id
    # A failed posting is a confirmation like any other; what fails is taking the caps from the line.
    _make(story, job, [qty // 4 if stage == "released" else qty])
    if stage == "failed" or not _reached(stage, "in_packing"):
        return
    _pack(story, calls, [part], Decimal(8) if stage == "in_packing" else None)
    _ship(story, calls, stage)


def _cancel(story: Story, call_id: int, reason: str) -> None:
    request_cancel(call_ids=(call_id,), reason=reason, source="manual", **story.by("material_planner"))


def _make(story: Story, job_id: int, good: Sequence[int]) -> None:
    reports = [JobReport(position, Decimal(qty)) for position, qty in enumerate(good, 1)]
    confirm_job(job_id=job_id, reports=reports, **story.by("operator"))


def _pack(story: Story, calls: Sequence[int], scans: Sequence[str], qty: Decimal | None = None) -> None:
    rack = release_for_packing(call_ids=calls, **story.by("shipping")).packing_groups[0].packing_group_id
    for scan in scans:
        confirm_packing(packing_group_id=rack, scan=scan, qty=qty, **story.by("packer"))


def _ship(story: Story, calls: Sequence[int], stage: str, *, picked: bool = True) -> None:
    """Bring packed calls out of the gate; racks of vehicles need no picking, their packing was it."""
    if not _reached(stage, "on_delivery"):
        return
    made = create_delivery(call_ids=calls, **story.by("shipping"))
    if not _reached(stage, "picked"):
        return
    if picked:
        pick_delivery(delivery_id=made.delivery_id, **story.by("packer"))
    if not _reached(stage, "issued"):
        return
    post_goods_issue(delivery_id=made.delivery_id, **story.by("shipping"))
    if stage == "completed":
        issue_invoice(delivery_id=made.delivery_id, **story.by("billing"))


def _calls_without_edi(story: Story) -> None:
    """A customer who telephones: one call is done, one served from stock, one new."""
    done = _telephoned(story, "NT-101", {"BN2": 4, "BN3": 2}, -3)
    released = release_calls(call_ids=(done,), **story.by("production_planner"))
    for job, qty in zip(released.jobs, (4, 2), strict=True):
        _make(story, job.job_id, [qty])
    _pack(story, (done,), ["BN2", "BN3"])
    _ship(story, (done,), "completed")
    from_stock = _telephoned(story, "NT-102", {"LK7": 24}, 10)
    release_calls(call_ids=(from_stock,), **story.by("production_planner"))
    _telephoned(story, "NT-103", {"TB1": 6, "LK7": 6}, 30)


def _telephoned(story: Story, number: str, wanted: dict[str, int], hours: int) -> int:
    components = tuple(
        ComponentInput(index, part, Decimal(qty), order_no=ORDERS[PLAIN_CUSTOMER])
        for index, (part, qty) in enumerate(wanted.items(), 1)
    )
    call = CallInput(
        external_no=number,
        kind="summarized",
        required_at=story.today + timedelta(hours=hours),
        ship_to_code="W1",
        unloading_point="GATE 3",
        zone="Europe/Copenhagen",
        groups=(GroupInput("", components),),
    )
    return receive_jit_call(
        call=call,
        site_id=story.site_id,
        partner_id=story.partners[PLAIN_CUSTOMER],
        source="manual",
        **story.by("material_planner"),
    ).call_id


def _unmatched(story: Story) -> None:
    """What cannot be matched stays visible with its reason: a part nobody knows, an order nobody agreed."""
    first = FIRST_VEHICLE + len(RACKS) * RACK
    required = story.today + timedelta(hours=11)
    strange = vehicle(first, stream=STREAM, day=story.today, required=required, parts=(DRIVER, UNKNOWN_PART))
    plain = vehicle(first + 1, stream=STREAM, day=story.today, required=required, parts=(DRIVER, BACK))
    send(story, by_vehicle(f"JIS{first:06d}", [strange, plain], story.now), f"JIS{first}.edi")
    call = by_quantity("DON4613", {"5N0 881 140 B": 8}, required=required, at=story.now, order_no=UNKNOWN_ORDER)
    send(story, call, "DON4613.edi")
