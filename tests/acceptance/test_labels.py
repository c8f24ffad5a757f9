"""What packing and handling units promise, shown door to door: pages, labels read back, files that leave."""

import io
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image

from milkrun.demand.models import JitCall, PackingGroup
from milkrun.exchange.models import OutboxMessage
from milkrun.partners.commands.define_role import define_role
from milkrun.printing.models import PrintJob
from milkrun.shipping.models import Delivery
from milkrun.stock.models import Balance, HandlingUnit
from tests.web.door import Door, public_id_of_call, text_of
from tests.world import REST, SEAT, World


def scanned(picture: bytes) -> set[str]:
    """Return what a decoder that is not ours reads from a picture."""
    return {found.bytes.decode() for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}


def make_unit(person: Door, **fields: str) -> HandlingUnit:
    person.send("/stock/units/create", kind="pallet", location="PACK", **fields)
    return HandlingUnit.objects.latest("pk")


@pytest.mark.requirement("SAP-11")
@pytest.mark.parametrize("role", ["shipping", "material_planner", "packer"])
def test_specialist_planner_and_packer_make_pack_nest_and_print_handling_units(
    world: World, door: Callable[[str], Door], role: str
) -> None:
    person = door(role)

    outer = make_unit(person)
    inner = make_unit(person, into=outer.sscc)
    lone = make_unit(person)
    person.send(f"/stock/units/{inner.public_id}/pack", scan="FOAM", qty="7", location="LINE1", way="in")
    person.send(f"/stock/units/{lone.public_id}/nest", scan=outer.sscc)
    printed = person.send("/labels/print", unit=inner.public_id, printer="browser", template="tag")

    page = text_of(person.get(f"/stock/units/{outer.public_id}"))
    assert inner.sscc in page
    assert lone.sscc in page
    assert len(inner.sscc) == 18
    assert Balance.objects.get(hu=inner).on_hand == 7
    assert printed.status_code == 200
    picture = person.get(f"/labels/{PrintJob.objects.get().public_id}/label.png").content
    assert f"00{inner.sscc}" in scanned(picture)


@pytest.mark.requirement("SAP-11")
def test_a_role_without_the_right_makes_no_handling_unit_until_it_is_given_to_it(
    world: World, door: Callable[[str], Door]
) -> None:
    operator = door("operator")
    refused = operator.send("/stock/units/create", kind="pallet", location="PACK")
    made_before = HandlingUnit.objects.count()

    define_role(name="operator", actions=("view_stock", "create_handling_unit"), actor=world.actor, at=world.later())
    allowed = operator.send("/stock/units/create", kind="pallet", location="PACK")

    assert (refused.status_code, made_before) == (403, 0)
    assert "do not allow this: create handling unit" in text_of(refused)
    assert (allowed.status_code, HandlingUnit.objects.count()) == (200, 1)


@pytest.mark.requirement("SAP-19")
def test_produced_calls_are_released_for_packing_and_stand_at_the_station_in_the_order_they_are_needed(
    world: World, door: Callable[[str], Door]
) -> None:
    # The later number is made first; 431 to 440 share a rack, 441 is in the next one and needed later.
    calls = [world.call(world.sequenced(number)) for number in (441, 432, 431)]
    world.finish(calls)

    door("shipping").send("/calls/release-for-packing", call=[public_id_of_call(key) for key in calls])

    station = door("packer").get("/packing")
    text = text_of(station)
    assert text.index("SV 44") < text.index("SV 45")
    rack = PackingGroup.objects.get(rack_no=44)
    page = text_of(door("packer").get(f"/packing/{rack.public_id}"))
    assert "Next: slot 1 · 0431" in page
    assert page.index("0431") < page.index("0432")


@pytest.mark.requirement("SAP-20")
def test_a_packer_scans_parts_into_the_rack_and_a_wrong_one_stops_the_work_until_it_is_acknowledged(
    world: World, door: Callable[[str], Door]
) -> None:
    packer = door("packer")
    calls = [world.call(world.sequenced(471, parts=(SEAT,))), world.call(world.sequenced(472, parts=(REST,)))]
    world.finish(calls)
    door("shipping").send("/calls/release-for-packing", call=[public_id_of_call(key) for key in calls])
    at = f"/packing/{PackingGroup.objects.get().public_id}"

    wrong = packer.send(f"{at}/confirm", scan="FOAM", slot="1")
    early = packer.send(f"{at}/confirm", scan=REST, slot="1")
    right = packer.send(f"{at}/confirm", scan=SEAT, slot="1")
    taken = packer.send(f"{at}/confirm", scan=SEAT, slot="1")
    last = packer.send(f"{at}/confirm", scan=REST, slot="2")

    for answer, word in (
        (wrong, "Wrong part"),
        (early, "Not yet: out of sequence"),
        (taken, "Packed by somebody else"),
    ):
        page = answer.content.decode()
        # Word, shape (s-act), colour (.stop) and sound; over the whole screen, without a field to scan into.
        assert answer.status_code == 409
        assert 'class="stop whole" role="alertdialog"' in page
        assert 'data-sound="wrong"' in page
        assert "#s-act" in page
        assert word in text_of(answer)
        assert "data-scan" not in page
        assert "Understood, go on" in page
    assert "Right. 1 × 5N0 881 105 A in slot 1" in text_of(right)
    assert 'data-sound="right"' in right.content.decode()
    assert "Everything here is packed." in text_of(last)
    assert set(JitCall.objects.values_list("state", flat=True)) == {"packed"}
    assert Balance.objects.filter(hu=PackingGroup.objects.get().hu_id, on_hand=1).count() == 2


@pytest.mark.requirement("SAP-24")
def test_a_unit_made_at_packing_is_the_same_on_delivery_notice_label_and_stock(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("shipping")
    (call,) = world.packed(world.sequenced(471))
    unit = HandlingUnit.objects.get()
    person.send("/calls/create-delivery", call=public_id_of_call(call))
    stock_page = text_of(person.get(f"/stock/units/{unit.public_id}"))
    item_page = text_of(person.get(f"/stock/{Balance.objects.filter(hu=unit).first().part.public_id}"))

    person.send("/labels/print", unit=unit.public_id, printer="browser", template="rack")
    label = scanned(person.get(f"/labels/{PrintJob.objects.get().public_id}/label.png").content)
    delivery = Delivery.objects.get()
    delivery_page = text_of(person.get(f"/deliveries/{delivery.public_id}"))
    person.send(f"/deliveries/{delivery.public_id}/issue")

    notice = bytes(OutboxMessage.objects.get(document_type="DESADV").payload).decode()
    assert unit.sscc in stock_page
    assert unit.sscc in item_page
    assert unit.sscc in delivery_page
    assert label == {f"00{unit.sscc}"}
    assert notice.count(unit.sscc) >= 1
