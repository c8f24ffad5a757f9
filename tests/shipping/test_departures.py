"""What leaves when, what is loaded, and notices that wait for a person."""

from datetime import timedelta

import pytest

from milkrun.exchange.commands.send_again import send_again
from milkrun.exchange.models import OutboxMessage
from milkrun.gateway.send import send_due
from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.set_shipping_rule import set_shipping_rule
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice
from milkrun.shipping.queries.advice import preview
from milkrun.shipping.queries.board import departures
from tests.refusals import refused
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def rule(world: World, by_hand: bool = False, minutes: int = 0):
    return set_shipping_rule(
        partner_id=world.partner_id, asn_by_hand=by_hand, transit_minutes=minutes, actor=world.actor, at=world.later()
    )


def test_the_board_counts_what_is_at_the_dock_and_names_what_is_missing(world: World) -> None:
    calls = world.packed(*(world.summarized(f"DON{n}", qty="2") for n in range(4)))
    delivery = world.deliver(*calls).delivery_id
    units = list(DeliveryLine.objects.order_by("line_no").values_list("hu__sscc", flat=True))
    pick_delivery(delivery_id=delivery, sscc=units[0], actor=world.actor, at=world.later())

    (row,) = departures(world.site_id, world.now)

    assert (row.loaded, row.units, row.percent) == (1, 4, 25)
    assert row.missing == tuple(units[1:])
    assert (row.state, row.asn) == ("open", "")


def test_a_truck_leaves_so_much_earlier_as_it_is_on_its_way_by_the_customers_clock(world: World) -> None:
    world.deliver(*world.packed(world.summarized("DON1")))
    rule(world, minutes=90)

    (row,) = departures(world.site_id, world.now)

    assert row.departs == (NOW + timedelta(hours=12, minutes=30)).isoformat()
    assert (row.departs_text, row.arrives_text) == ("2026-11-22 09:20 CET", "2026-11-22 10:50 CET")


def test_what_left_stays_half_a_day_with_the_state_of_its_notice(world: World, tmp_path) -> None:
    delivery = world.picked(*world.packed(world.sequenced(1)))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    waiting = departures(world.site_id, world.now)[0].asn
    send_due(home=tmp_path, actor=world.actor, at=world.later())

    assert (waiting, departures(world.site_id, world.now)[0].asn) == ("queued", "sent")
    assert departures(world.site_id, world.now + timedelta(hours=13)) == []


def test_the_preview_says_what_the_notice_will_say_and_changes_nothing(world: World) -> None:
    delivery = Delivery.objects.get(pk=world.picked(*world.packed(world.sequenced(1))))

    shown = preview(world.site_id, delivery.public_id, world.later())
    kept = ShippingNotice.objects.count(), OutboxMessage.objects.count()
    post_goods_issue(delivery_id=delivery.pk, actor=world.actor, at=world.later())

    notice = ShippingNotice.objects.get()
    assert kept == (0, 0)
    assert shown is not None
    assert (shown.content.number, shown.by_hand) == (notice.number, False)
    assert [line.sscc for line in shown.content.lines] == [line["sscc"] for line in notice.snapshot["lines"]]
    assert "PREVIEW" in shown.text
    assert "BGM+351+D00000001" in shown.text
    with pytest.raises(NotFound):
        preview(world.site_id, "0" * 16, world.now)


def test_by_hand_the_notice_is_made_at_once_and_leaves_when_a_person_releases_it(world: World, tmp_path) -> None:
    rule(world, by_hand=True)
    delivery = world.picked(*world.packed(world.sequenced(1)))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    row = OutboxMessage.objects.get()

    by_itself = send_due(home=tmp_path, actor=world.actor, at=world.later())
    send_again(outbox_id=row.pk, actor=world.actor, at=world.later())
    released = send_due(home=tmp_path, actor=world.actor, at=world.later())

    assert (row.state, by_itself, released) == ("held", 0, 1)
    assert row.last_error == "This customer's ASN is sent by hand. Look at it, then release it."
    assert bytes(OutboxMessage.objects.get().payload) == bytes(row.payload)


def test_a_rule_is_set_changed_and_told_of(world: World) -> None:
    rule(world, by_hand=True, minutes=10)
    done = rule(world, minutes=20)

    assert (done.asn_by_hand, done.transit_minutes) == (False, 20)
    facts = journal.history([("partner", world.partner_id)])[0].facts
    assert facts == {"asn": "at once", "transit_minutes": 20}
    with refused(Invalid):
        rule(world, minutes=43_201)
    with refused(NotFound):
        set_shipping_rule(partner_id=0, asn_by_hand=True, transit_minutes=0, actor=world.actor, at=world.later())
