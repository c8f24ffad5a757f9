"""Lots: what the supplier says of them, and that a lot kept back is not reserved, packed, issued or used up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.partners.commands.create_partner import create_partner
from milkrun.parts.commands.create_part import create_part
from milkrun.production.models import Confirmation
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.stock import steps
from milkrun.stock.commands.block_lot import block_lot
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.release_lot import release_lot
from milkrun.stock.errors import LotDiffers, LotHeld
from milkrun.stock.models import Balance, Lot, Reservation
from milkrun.stock.steps import LotFacts, Want
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def receive(world: World, part: int, lot_no: str, qty: int = 10, location: str = "FG", **facts) -> Lot:
    receive_stock(
        site_id=world.site_id, part_id=part, location_id=world.places[location], qty=Decimal(qty), lot_no=lot_no,
        facts=LotFacts(**facts), actor=world.actor, at=world.later(),
    )  # fmt: skip
    return Lot.objects.get(part_id=part, number=lot_no)


def glue(world: World) -> int:
    return create_part(number="GLUE", base_unit="PCE", lot_tracked=True, actor=world.actor, at=world.later()).part_id


def block(world: World, lot: Lot, reason: str = "cracks"):
    return block_lot(lot_id=lot.pk, reason=reason, actor=world.actor, at=world.later())


def release(world: World, lot: Lot, reason: str = "tested"):
    return release_lot(lot_id=lot.pk, reason=reason, actor=world.actor, at=world.later())


def reserved(world: World, part: int, qty: int) -> dict[str, Decimal]:
    steps.reserve([Want(("component", 1), part, Decimal(qty))], site_id=world.site_id, at=world.later())
    rows = Reservation.objects.filter(purpose_id=1, purpose_kind="component", state="open").order_by("pk")
    return {row.balance.lot.number: row.qty for row in rows.select_related("balance__lot") if row.balance.lot}


def test_a_lot_keeps_what_the_supplier_says_of_it(world: World) -> None:
    supplier = create_partner(code="SUP1", name="Steel", is_supplier=True, actor=world.actor, at=world.later())
    facts = {
        "supplier_id": supplier.partner_id, "supplier_lot": "S-77", "heat": "H4711",
        "made_on": date(2026, 10, 1), "expires_on": date(2027, 10, 1),
    }  # fmt: skip

    lot = receive(world, glue(world), "L1", **facts)

    assert {name: getattr(lot, name) for name in facts} == facts
    assert lot.state == "free"


def test_facts_are_added_to_a_known_lot_and_never_overwritten(world: World) -> None:
    part = glue(world)
    receive(world, part, "L1", heat="H1")

    lot = receive(world, part, "L1", supplier_lot="S-1", heat="H1")
    with refused(LotDiffers) as caught:
        receive(world, part, "L1", heat="H2")

    assert (lot.heat, lot.supplier_lot) == ("H1", "S-1")
    assert caught.value.facts == {"lot": "L1", "fields": ["heat"]}


def test_a_lot_that_expires_before_it_was_made_is_refused(world: World) -> None:
    part = glue(world)

    with refused(Invalid) as caught:
        receive(world, part, "L1", made_on=date(2026, 2, 1), expires_on=date(2026, 1, 1))

    assert [problem.code for problem in caught.value.problems] == ["expires_too_early"]


def test_what_expires_first_is_reserved_first_and_what_is_expired_never(world: World) -> None:
    part, today = glue(world), world.now.date()
    receive(world, part, "LATE", expires_on=today + timedelta(days=90))
    receive(world, part, "NEVER")
    receive(world, part, "SOON", expires_on=today + timedelta(days=2))
    receive(world, part, "GONE", expires_on=today - timedelta(days=1))

    assert reserved(world, part, 35) == {"SOON": 10, "LATE": 10, "NEVER": 10}


def test_a_blocked_lot_is_not_reserved_until_it_is_released(world: World) -> None:
    part = glue(world)
    receive(world, part, "GOOD", 3)
    lot = receive(world, part, "BAD", 10)

    block(world, lot)
    before = reserved(world, part, 5)
    release(world, lot)
    after = reserved(world, part, 5)

    assert before == {"GOOD": 3}
    assert after == {"GOOD": 3, "BAD": 5}


def test_a_lot_blocked_after_it_was_promised_is_not_packed_issued_or_kept_for_anything_else(world: World) -> None:
    part = glue(world)
    lot = receive(world, part, "BAD")
    assert reserved(world, part, 4) == {"BAD": 4}

    done = block(world, lot)

    assert done.promised == (("component", 1),)
    kept = list(Reservation.objects.filter(state="open", balance__lot=lot).select_related("balance"))
    with refused(LotHeld) as caught:
        steps.relocate(
            kept, to_location_id=world.places["PACK"], site_id=world.site_id, kind="pack",
            document=("component", 1), actor=world.actor, at=world.now,
        )  # fmt: skip
    assert caught.value.facts["lots"] == [{"lot": "BAD", "state": "blocked", "reason": "cracks"}]
    with refused(LotHeld):
        steps.reserve_at(
            (part, world.places["FG"], lot.pk, 0, 0), Decimal(1), ("x", 1), site_id=world.site_id, at=world.now
        )
    with refused(LotHeld):
        move_stock(
            site_id=world.site_id, part_id=part, from_location_id=world.places["FG"],
            to_location_id=world.places["LINE1"], qty=Decimal(1), lot_id=lot.pk, actor=world.actor, at=world.now,
        )  # fmt: skip


def test_a_blocked_lot_may_still_be_set_aside(world: World) -> None:
    part = glue(world)
    lot = receive(world, part, "BAD", location="LINE1")
    block(world, lot)

    move_stock(
        site_id=world.site_id, part_id=part, from_location_id=world.places["LINE1"],
        to_location_id=world.places["FG"], qty=Decimal(10), lot_id=lot.pk, actor=world.actor, at=world.later(),
    )  # fmt: skip

    assert Balance.objects.get(lot=lot, on_hand__gt=0).location_id == world.places["FG"]


def seats_of_a_lot(world: World) -> tuple[int, Lot]:
    """Stand a picked delivery of seats that come from one lot."""
    receive(world, world.parts["SEAT-105A"], "SEATS", 48)
    call = world.call(world.summarized("DON1"))
    world.finish([call])
    world.pack(call)
    return world.picked(call), Lot.objects.get(number="SEATS")


def test_a_blocked_lot_does_not_leave_and_comes_back_when_it_had_left(world: World) -> None:
    delivery, lot = seats_of_a_lot(world)
    block(world, lot)

    with refused(LotHeld):
        post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    release(world, lot)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    block(world, lot, "recall")
    reverse_goods_issue(delivery_id=delivery, reason="recall", actor=world.actor, at=world.later())

    assert Balance.objects.get(lot=lot, on_hand__gt=0).reserved == 48


def test_backflush_takes_no_blocked_lot_and_the_earliest_expiry_first(world: World) -> None:
    foam, today = world.parts["FOAM"], world.now.date()
    Balance.objects.filter(part_id=foam).update(on_hand=0)
    blocked = receive(world, foam, "A", 1, "LINE1")
    receive(world, foam, "B", 1, "LINE1", expires_on=today + timedelta(days=9))
    receive(world, foam, "C", 1, "LINE1", expires_on=today + timedelta(days=3))
    block(world, blocked)

    (job,) = world.release(world.call(world.summarized("DON1", qty="5"))).jobs
    world.make(job.job_id, "5")

    left = dict(Balance.objects.filter(part_id=foam, lot__isnull=False).values_list("lot__number", "on_hand"))
    assert left == {"A": 1, "B": Decimal("0.5"), "C": 0}
    assert Confirmation.objects.get().state == "posted"


def test_who_blocked_a_lot_and_why_stands_in_the_history_of_lot_and_part(world: World) -> None:
    part = glue(world)
    lot = receive(world, part, "L1")

    block(world, lot)
    release(world, lot)

    of_lot = [(line.action, line.before, line.after, line.reason) for line in journal.history([("lot", lot.pk)])]
    assert of_lot == [
        ("release_lot", "blocked", "free", "tested"),
        ("block_lot", "free", "blocked", "cracks"),
    ]
    assert {line.action for line in journal.history([("part", part)])} >= {"block_lot", "release_lot"}


@pytest.mark.parametrize("verb", [block, release])
def test_a_lot_that_does_not_exist_and_a_missing_reason_are_refused(world: World, verb) -> None:
    lot = receive(world, glue(world), "L1")
    if verb is release:
        block(world, lot)

    with refused(NotFound):
        verb(world, Lot(pk=0))
    with refused(Invalid):
        verb(world, lot, " ")


def test_a_lot_is_blocked_once(world: World) -> None:
    lot = receive(world, glue(world), "L1")
    block(world, lot)

    with refused(IllegalMove):
        block(world, lot)
