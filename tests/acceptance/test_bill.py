"""What shipping and billing promise, shown door to door: pages, files that leave, mail that arrives."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from milkrun.demand.models import JitCall
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Balance, Posting
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import World


def put_on_delivery(person: Door, *call_ids: int) -> Delivery:
    person.send("/calls/create-delivery", call=[public_id_of_call(key) for key in call_ids])
    return Delivery.objects.latest("pk")


@pytest.mark.requirement("SAP-09")
def test_a_delivery_is_made_from_calls_and_each_call_shows_it(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    (call,) = world.packed(world.sequenced(1))

    made = put_on_delivery(person, call)

    page = text_of(person.get(f"/calls/{public_id_of_call(call)}"))
    assert "On delivery" in page
    assert made.number in page


@pytest.mark.requirement("SAP-21")
def test_one_delivery_takes_many_calls_of_one_place_of_either_kind(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    sequenced = world.packed(world.sequenced(1), world.sequenced(2))
    summarised = world.packed(world.summarized("DON1"), world.summarized("DON2"))
    single = world.packed(world.summarized("DON3"))

    made = [put_on_delivery(person, *calls) for calls in (sequenced, summarised, single)]

    calls = [
        sorted(set(DeliveryLine.objects.filter(delivery=row).values_list("component__group__call_id", flat=True)))
        for row in made
    ]
    assert calls == [sorted(sequenced), sorted(summarised), single]


@pytest.mark.requirement("SAP-22")
def test_a_split_delivery_takes_each_call_to_the_right_part_and_loses_nothing(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("shipping")
    calls = world.packed(*(world.summarized(f"DON{n}", qty=str(n)) for n in (4, 5, 6)))
    whole = put_on_delivery(person, *calls)
    before = sum((line.qty for line in whole.lines.all()), Decimal(0))
    chosen = whole.lines.order_by("line_no").last()
    moved = public_id_of_call(chosen.component.group.call_id)

    page = text_of(person.send(f"/deliveries/{whole.public_id}/split", unit=[chosen.hu.sscc]))

    part = Delivery.objects.latest("pk")
    sums = [sum((line.qty for line in row.lines.all()), Decimal(0)) for row in (whole, part)]
    assert f"1 handling unit is on delivery {part.number} now." in page
    assert (sum(sums), before) == (Decimal(15), Decimal(15))
    links = person.get(f"/calls/{moved}").content.decode()
    assert f"/deliveries/{part.public_id}" in links
    assert f"/deliveries/{whole.public_id}" not in links


def test_goods_leave_once_and_come_back_only_by_a_contra_entry(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    (call,) = world.packed(world.summarized("DON1", qty="4"))
    delivery = Delivery.objects.get(pk=world.picked(call))
    here = sum((row.on_hand for row in Balance.objects.filter(part_id=world.parts["SEAT-105A"])), Decimal(0))

    person.send(f"/deliveries/{delivery.public_id}/issue")
    twice = person.send(f"/deliveries/{delivery.public_id}/issue")
    gone = _at_hand(world)
    posting = Posting.objects.get(kind="goods_issue")
    person.send(f"/deliveries/{delivery.public_id}/reverse", reason="wrong truck")

    assert (here, gone, _at_hand(world)) == (Decimal(4), Decimal(0), Decimal(4))
    assert twice.status_code == 409
    assert posting.at is not None
    assert Posting.objects.get(reverses=posting).kind != ""
    assert Posting.objects.filter(pk=posting.pk, at=posting.at).exists()
    assert JitCall.objects.get(pk=call).state == "on_delivery"


def _at_hand(world: World) -> Decimal:
    rows = Balance.objects.filter(part_id=world.parts["SEAT-105A"], location__kind__in=["packing", "dock", "storage"])
    return sum((row.on_hand for row in rows), Decimal(0))


@pytest.mark.requirement("SAP-28")
def test_an_asn_is_looked_at_first_and_leaves_at_once_or_by_hand(
    world: World, door: Callable[[str], Door], tmp_path
) -> None:
    from milkrun.gateway.send import send_due

    person = door("shipping")
    first, second = (Delivery.objects.get(pk=world.picked(*world.packed(world.sequenced(n)))) for n in (1, 2))

    looked_at = text_of(person.get(f"/deliveries/{first.public_id}/asn"))
    person.send(f"/deliveries/{first.public_id}/issue")
    at_once = send_due(home=tmp_path, actor=world.actor, at=world.later(60 * 24 * 365))
    person.send("/deliveries/rules/set", customer="OEM01", asn="hand", transit_minutes="0")
    waits = text_of(person.send(f"/deliveries/{second.public_id}/issue"))
    by_itself = send_due(home=tmp_path, actor=world.actor, at=world.later())
    file = second.public_id and _outbox(second)
    person.send(f"/messages/out/{file.public_id}/again")
    by_hand = send_due(home=tmp_path, actor=world.actor, at=world.later())

    assert "5N0 881 105 A" in looked_at
    assert "BGM+351+D00000001" in looked_at
    assert (at_once, by_itself, by_hand) == (1, 0, 1)
    assert "Look at it, then release it." in waits


def _outbox(delivery: Delivery):
    from milkrun.exchange.models import OutboxMessage

    return OutboxMessage.objects.get(document_kind="delivery", document_id=delivery.pk)
