"""A label is fixed when it is asked for, copies are numbered and have a reason, and what it no longer says is seen."""

import pytest

from milkrun.insight.queries import verify
from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.kernel.identity import Request
from milkrun.printing import queries
from milkrun.printing.commands.print_label import print_label
from milkrun.printing.errors import UnknownPrinter, UnknownTemplate
from milkrun.printing.models import PrintJob
from milkrun.stock.models import HandlingUnit
from tests.printing.plant import job, label, pack, printer, unit, who
from tests.refusals import refused
from tests.world import REST, SEAT, World

pytestmark = pytest.mark.django_db


def test_a_label_says_what_the_unit_holds_when_it_is_asked_for(world: World) -> None:
    pallet = unit(world, "12.5")

    made = label(world, pallet, printer(world))
    pack(world, pallet, "1")

    row = job(made)
    assert (made.copy_no, row.state, row.template_version) == (1, "queued", 0)
    assert row.data["sscc"] == made.sscc == HandlingUnit.objects.get(pk=pallet).sscc
    assert (row.data["part.customer_number"], row.data["quantity"], row.data["unit"]) == ("FOAM", "12.5", "PCE")
    assert "copy" not in row.data


def test_the_second_copy_needs_a_reason_and_is_numbered(world: World) -> None:
    pallet = unit(world, "1")
    label(world, pallet)

    with refused(Invalid) as caught:
        label(world, pallet)
    copies = [label(world, pallet, reason="torn") for _ in range(2)]

    assert caught.value.problems[0].code == "reason_missing"
    assert [(made.copy_no, job(made).data["copy"]) for made in copies] == [(2, "REPRINT 1"), (3, "REPRINT 2")]
    assert HandlingUnit.objects.count() == 1, "a reprint never makes a new code"
    (entry, *_) = journal.history([("hu", pallet)])
    assert (entry.action, entry.reason, entry.facts["copy"]) == ("print_label", "torn", 3)


def test_another_template_of_the_same_unit_is_no_copy(world: World) -> None:
    pallet = unit(world, "1")
    label(world, pallet)

    assert label(world, pallet, template="gs1_logistics").copy_no == 1


def test_the_same_request_twice_prints_once(world: World) -> None:
    pallet, asked = unit(world, "1"), Request("phone", "scan-1", "b")

    first, second = (label(world, pallet, request=asked) for _ in range(2))

    assert first == second
    assert PrintJob.objects.count() == 1


def test_a_label_is_out_of_date_as_soon_as_the_content_changes(world: World) -> None:
    pallet = unit(world, "2")
    label(world, pallet)
    row = HandlingUnit.objects.select_related("site", "location", "parent").get(pk=pallet)
    fresh = queries.last_labels(row, world.now)

    pack(world, pallet, "3")

    (stale,) = queries.last_labels(row, world.now)
    assert [one.changed for one in fresh] == [()]
    assert ("quantity, without its unit", "2", "5") in stale.changed


def test_typed_release_and_order_stand_on_the_label_and_are_not_held_against_it(world: World) -> None:
    pallet = unit(world, "2")

    made = label(world, pallet, typed={"release.number": "REL-7", "order.number": " 4711 "})

    assert (job(made).data["release.number"], job(made).data["order.number"]) == ("REL-7", "4711")
    row = HandlingUnit.objects.select_related("site", "location", "parent").get(pk=pallet)
    assert queries.last_labels(row, world.now)[0].changed == ()


@pytest.mark.parametrize("typed", [{"sscc": "1" * 18}, {"order.number": "x" * 61}, {"order.number": "a\nb"}])
def test_only_what_the_customer_may_say_is_typed(world: World, typed: dict[str, str]) -> None:
    pallet = unit(world)

    with refused(Invalid):
        label(world, pallet, typed=typed)


def test_what_cannot_be_printed_is_refused(world: World) -> None:
    pallet, off = unit(world), printer(world, active=False)

    with refused(UnknownPrinter):
        label(world, pallet, off)
    with refused(UnknownTemplate):
        label(world, pallet, template="nothing")
    with refused(NotFound):
        label(world, 0)
    with refused(Invalid):
        print_label(site_id=world.site_id, hu_ids=(), template="tag", printer_id=None, **who(world))


def test_a_rack_s_label_names_customer_line_sequence_and_every_slot(world: World) -> None:
    world.packed(world.sequenced(471), world.sequenced(472))
    rack = HandlingUnit.objects.get()

    data = job(label(world, rack.pk, template="rack")).data

    assert (data["customer.name"], data["dock"], data["line"]) == ("Example Motors", "TOR 7", "LF-12")
    assert (data["rack.title"], data["sequence.from"], data["sequence.to"]) == ("SV 48", "0471", "0472")
    assert data["slots"] == f"1  0471  {SEAT}, {REST}\n2  0472  {SEAT}, {REST}"
    assert queries.fitting_template(rack) == "rack"
    assert verify().ok


def test_a_unit_on_a_delivery_names_delivery_order_and_the_customer_s_part(world: World) -> None:
    world.receive("SEAT-105A", "48", "FG")
    delivery = world.deliver(*world.packed(world.summarized("DON1")))
    load = HandlingUnit.objects.get()

    data = job(label(world, load.pk, template="gs1_logistics")).data

    assert (data["delivery.number"], data["release.number"]) == (delivery.number, "DON1")
    assert (data["part.customer_number"], data["quantity"], data["order.number"]) == (SEAT, "48", "5500012345")
    assert (data["ship_to.name"], data["customer.code"]) == ("Assembly plant 21", "OEM01")
    assert queries.fitting_template(load) == "gs1_logistics"
