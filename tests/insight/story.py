"""One plant with a bit of everything in it: the state that the tests of the verifier start from.

Played through commands only: files taken in, calls at every stage, an issue taken back, a failed posting, handling
units in each other, lots, a reversed receipt, a repeated request.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.commands.map_status import map_status
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.commands.skip_number import skip_number
from milkrun.demand.models import PackingSlot
from milkrun.gateway.receive import take_in
from milkrun.kernel.identity import Request
from milkrun.partners.commands.create_partner import create_partner
from milkrun.parts.commands.create_part import Ingredient, create_part
from milkrun.parts.commands.create_work_centre import create_work_centre
from milkrun.parts.commands.set_routing import StepInput, set_routing
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.confirm_step import confirm_step
from milkrun.production.commands.create_job import create_job
from milkrun.production.commands.keep_refused_report import keep_refused_report
from milkrun.production.commands.report_production import report_production
from milkrun.production.commands.reverse_confirmation import reverse_confirmation
from milkrun.production.commands.set_scrap_reason import set_scrap_reason
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.purchasing.commands.reverse_receipt import reverse_receipt
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.report_missing import report_missing
from milkrun.shipping.commands.report_short_pick import report_short_pick
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.set_shipping_rule import set_shipping_rule
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.nest_handling_unit import nest_handling_unit
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.stock.commands.set_storage_rule import set_storage_rule
from tests.exchange.telling import contact, tell
from tests.insight.store_story import store
from tests.world import REST, SEAT, UNKNOWN, World, build_world

SAMPLES = Path(__file__).parent.parent / "edi" / "samples"


def play() -> World:
    """Play the story on an empty database."""
    world = build_world()
    _told(world)
    _files(world)
    _stock(world)
    _line(world)
    _credited(world)
    _stages(world)
    _floor(world)
    _made_for_stock(world)
    return world


def _told(world: World) -> None:
    """The customer's address, a message to it, and one to a role that somebody has read."""
    from milkrun.exchange.commands.read_notifications import read_notifications
    from milkrun.partners.commands.create_user import create_user

    who = {"actor": world.actor, "at": world.later()}
    contact(world)
    with transaction.atomic():
        tell(world)
        tell(world, role="shipping")
    user = create_user(email="r@x.example", name="R", password="correct horse battery", roles=("shipping",), **who)
    read_notifications(user_id=user.user_id, site_id=world.site_id, roles=("shipping",), **who)


def _floor(world: World) -> None:
    """A scan that waits for a planner, and two racks of which one stands on their frame."""
    from milkrun.demand.commands.specify_rack import specify_rack
    from milkrun.demand.models import PackingGroup
    from milkrun.shipping.commands.place_rack import place_rack
    from milkrun.shipping.commands.release_for_packing import release_for_packing
    from milkrun.stock.commands.set_scan_aside import set_scan_aside

    by = {"actor": world.actor}
    set_scan_aside(site_id=world.site_id, mode="pack", subject="SV 1", scan="FOAM", scanned_by="x", at=world.now, **by)
    specify_rack(partner_id=world.partner_id, family="DR", slots=1, racks=2, at=world.later(), **by)
    calls = []
    for number in (9001, 9002):
        told = world.sequenced(number, parts=(SEAT,))
        calls.append(world.call(replace(told, groups=(replace(told.groups[0], code="DR"),), stream_code="77")))
    world.finish(calls)
    racks = release_for_packing(call_ids=calls, at=world.later(), **by).packing_groups
    frame = PackingGroup.objects.get(pk=racks[0].packing_group_id).frame
    assert frame is not None
    place_rack(packing_group_id=racks[0].packing_group_id, scan=frame.hu.sscc, at=world.later(), **by)


def _credited(world: World) -> None:
    """A customer's rules, and a bill that is cancelled by a credit note."""
    from milkrun.billing.commands.cancel_invoice import cancel_invoice
    from milkrun.billing.commands.set_billing_rule import set_billing_rule
    from milkrun.shipping.commands.set_shipping_rule import set_shipping_rule

    by, partner = {"actor": world.actor}, world.partner_id
    set_billing_rule(partner_id=partner, grouping="delivery", channel="edi", at=world.later(), **by)
    set_shipping_rule(partner_id=partner, asn_by_hand=False, transit_minutes=30, at=world.later(), **by)
    delivery = world.picked(*world.packed(world.summarized("CREDIT", qty="1")))
    post_goods_issue(delivery_id=delivery, at=world.later(), **by)
    bill = issue_invoice(delivery_id=delivery, at=world.later(), **by)
    cancel_invoice(invoice_id=bill.invoice_id, reason="wrong price", at=world.later(), **by)


def _files(world: World) -> None:
    data = (SAMPLES / "deljit_summarized.edi").read_bytes()
    for _ in range(2):
        take_in(data, partner_code="OEM01", file_name="a.edi", source="inbox", actor=world.actor, at=world.later())


def _stock(world: World) -> None:
    who = {"actor": world.actor, "site_id": world.site_id}
    foam, place = world.parts["FOAM"], world.places["FG"]
    receive_stock(part_id=foam, location_id=place, qty=Decimal(2), unit="DZN", lot_no="L1", at=world.later(), **who)
    set_storage_rule(part_id=foam, fixed_location_id=place, per_place=Decimal(50), at=world.later(), **who)
    supplier = create_partner(code="SUP9", name="Foam", is_supplier=True, actor=world.actor, at=world.later())
    ordered = place_order(
        supplier_id=supplier.partner_id, goods=(OrderedGoods(foam, Decimal(9)), OrderedGoods(foam, Decimal(4))),
        expected_on=world.now.date(), at=world.later(), **who,
    )  # fmt: skip
    for line, qty in zip(ordered.line_ids, (9, 1), strict=True):
        came = receive_order(line_id=line, qty=Decimal(qty), actor=world.actor, at=world.later())
    reverse_receipt(receipt_id=came.receipt_id, reason="wrong line", actor=world.actor, at=world.later())
    store(world)
    wrong = world.receive("FRAME", "7", "FG")
    reverse_posting(posting_id=wrong, reason="wrong place", actor=world.actor, at=world.later())
    move_stock(
        part_id=world.parts["FRAME"],
        from_location_id=world.places["LINE1"],
        to_location_id=place,
        qty=Decimal(5),
        at=world.later(),
        request=Request("test", "move-1", "0" * 64),
        **who,
    )


def _line(world: World) -> None:
    """Two calls to the invoice; two issued, taken back and issued again; one whose delivery is cancelled."""
    billed = world.picked(*world.packed(world.sequenced(1), world.sequenced(2)))
    post_goods_issue(delivery_id=billed, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=billed, actor=world.actor, at=world.later())
    late = world.packed(world.sequenced(3), world.sequenced(5))
    missing = world.packed(world.sequenced(4))
    back = world.picked(*late, *missing)
    post_goods_issue(delivery_id=back, actor=world.actor, at=world.later())
    reverse_goods_issue(delivery_id=back, reason="wrong truck", actor=world.actor, at=world.later())
    post_goods_issue(delivery_id=back, actor=world.actor, at=world.later())
    packed = world.packed(world.sequenced(6))
    given_back = world.deliver(*packed)
    cancel_delivery(delivery_id=given_back.delivery_id, reason="no truck", actor=world.actor, at=world.later())
    world.picked(*packed)


def _stages(world: World) -> None:
    """One call at each earlier stage, and one with a posting that failed."""
    world.packed(world.sequenced(7))
    world.packed(world.summarized("LOAD"))
    ready = world.call(world.sequenced(8))
    world.finish([ready])
    rack = release_for_packing(call_ids=[ready], actor=world.actor, at=world.later()).packing_groups[0]
    slot = PackingSlot.objects.get(packing_group_id=rack.packing_group_id, group__call_id=ready).position
    report_missing(packing_group_id=rack.packing_group_id, slot=slot, actor=world.actor, at=world.later())
    set_shipping_rule(
        partner_id=world.partner_id, asn_by_hand=False, transit_minutes=30, actor=world.actor, at=world.later()
    )
    failing = world.call(world.summarized("BIG", (SEAT, REST), "5000"))
    for job in world.release(failing).jobs:
        report = JobReport(1, Decimal(5000), Decimal(2), "cracked")
        confirm_job(job_id=job.job_id, reports=[report], actor=world.actor, at=world.later())
    world.call(world.sequenced(9, (SEAT, UNKNOWN)))
    gone = world.call(world.sequenced(10))
    request_cancel(call_ids=(gone,), reason="not built", source="manual", actor=world.actor, at=world.later())
    _wishes(world)
    _nest(world)
    pick(world)
    world.now += timedelta(days=1)


def _made_for_stock(world: World) -> None:
    """A line that reports by period, lots, phantoms, rework, steps, a report taken back and one that was refused."""
    who = {"actor": world.actor, "site_id": world.site_id}
    by = {"actor": world.actor, "at": world.later()}
    code = create_work_centre(code="SEW", at=world.later(), **who).code
    kit = (Ingredient("FRAME", Decimal("0.5")), Ingredient("FOAM", Decimal("0.333333")))
    create_part(number="KIT", phantom=True, bom=kit, **by)
    part = create_part(
        number="SOFA", made_here=True, lot_tracked=True, bom=(Ingredient("KIT", Decimal("1.5")),), **by
    ).part_id
    steps = (StepInput(10, code, Decimal(5), Decimal(2)), StepInput(20, code, Decimal(0), Decimal(1)))
    set_routing(part_id=part, steps=steps, at=world.later(), **who)
    set_scrap_reason(code="TORN", name="Seam is torn", at=world.later(), **who)
    job = create_job(
        part_id=part, qty=Decimal(9), due_at=world.now, signal="kanban", signal_text="KB-1", at=world.later(), **who
    ).job_id
    confirm_step(job_id=job, position=1, step_no=10, qty=Decimal(5), **by)
    report = JobReport(1, Decimal(2), Decimal(1), "TORN", rework=Decimal(3))
    confirm_job(job_id=job, reports=(report,), source="MES line 4", **by)
    confirm_job(job_id=job, reports=(JobReport(1, Decimal(3), from_rework=Decimal(3)),), **by)
    now = world.later()
    report_production(
        part_id=part, good=Decimal(20), from_at=now - timedelta(hours=1), to_at=now, lot_no="B-7", at=now, **who
    )
    done = confirm_one(world)
    reverse_confirmation(confirmation_id=done, reason="wrong job", **by)
    keep_refused_report(
        job_id=job, what="confirm_job", content={}, code="illegal_move", message="Job is done.", source="MES", **by
    )


def confirm_one(world: World) -> int:
    """Make a call's part; returns the confirmation."""
    job = world.release(world.call(world.summarized("BACK", (REST,), "2"))).jobs[0].job_id
    reports = (JobReport(1, Decimal(2)),)
    done = confirm_job(job_id=job, reports=reports, actor=world.actor, at=world.later())
    return done.confirmations[0].confirmation_id


def _wishes(world: World) -> None:
    """One call whose cancelling waits for a word, one number that never comes, and what the customer agreed to."""
    who = {"actor": world.actor, "at": world.later()}
    (unwanted,) = world.packed(world.summarized("UNWANTED", qty="1"))
    world.deliver(unwanted)
    request_cancel(call_ids=(unwanted,), reason="not built", source="edi", **who)
    stream = {"ship_to_code": "21", "stream_code": "03", "number": "0011"}
    skip_number(site_id=world.site_id, partner_id=world.partner_id, **stream, reason="blocked", source="manual", **who)
    set_call_rule(partner_id=world.partner_id, change_after_release="ask", **who)
    set_call_rule(partner_id=world.partner_id, change_after_release="allow", state="packed", **who)
    map_status(partner_id=world.partner_id, transmitted="BLOCKED", action="skip", **who)


def _nest(world: World) -> None:
    from milkrun.stock.models import HandlingUnit

    inner, outer = HandlingUnit.objects.filter(state="open").order_by("-pk")[:2]
    nest_handling_unit(site_id=world.site_id, hu_id=inner.pk, into_id=outer.pk, actor=world.actor, at=world.later())


def pick(world: World) -> None:
    """A call picked whole by a wave, one found short, one still on its wave."""
    from tests.shipping.picking import ready, take, walk, warehouse, wave_of

    warehouse(world, A1="9", A2="4")
    done, short, waiting = (ready(world, f"PICK{number}", "4") for number in range(3))
    take(world, walk(wave_of(world, done).wave_id)[0])
    (task,) = walk(wave_of(world, short).wave_id)
    where = task.from_location.code
    report_short_pick(task_id=task.pk, location=where, found=Decimal(1), actor=world.actor, at=world.later())
    wave_of(world, waiting)
