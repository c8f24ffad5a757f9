"""Handling units and labels as a person meets them: made, packed, printed, printed again, sent elsewhere."""

from collections.abc import Callable

import pytest

from milkrun.printing.models import LabelTemplate, PrintJob
from milkrun.stock.models import HandlingUnit
from tests.printing.plant import label, printer, unit
from tests.web.door import Door, text_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def packer(door: Callable[[str], Door]) -> Door:
    return door("packer")


def page(row: int | HandlingUnit) -> str:
    found = row if isinstance(row, HandlingUnit) else HandlingUnit.objects.get(pk=row)
    return f"/stock/units/{found.public_id}"


def test_a_packer_makes_packs_and_prints_a_unit(world: World, packer: Door) -> None:
    printer(world, code="PACK1")

    made = packer.send("/stock/units/create", kind="pallet", location="PACK")
    row = HandlingUnit.objects.get()
    packed = packer.send(f"{page(row)}/pack", scan="FOAM", qty="2,5", location="LINE1", way="in")
    printed = packer.send("/labels/print", unit=row.public_id, printer="PACK1", template="tag")

    assert f"Made: {row.sscc}" in text_of(made)
    assert "Right. FOAM is in." in text_of(packed)
    assert "On its way to the printer." in text_of(printed)
    assert PrintJob.objects.get().data["quantity"] == "2.5"


def test_a_wrong_scan_at_a_unit_stands_on_its_page(world: World, packer: Door) -> None:
    row = unit(world)

    answer = packer.send(f"{page(row)}/pack", scan="NOTHING", qty="1", location="LINE1", way="in")

    assert answer.status_code == 422
    assert "“NOTHING” is no part number that is known here." in text_of(answer)


def test_everything_a_person_does_with_a_unit_has_its_form(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    first, second = unit(world, "10"), unit(world, "1")
    other = HandlingUnit.objects.get(pk=second)

    said = [
        text_of(person.send(f"{page(first)}/{what}", **fields))
        for what, fields in (
            ("split", {"share0": "4"}),
            ("merge", {"scan": f"(00){other.sscc}"}),
            ("move", {"location": "FG"}),
            ("reject", {"reason": "wet"}),
            ("accept", {"reason": "dry"}),
        )
    ]

    for text, wanted in zip(
        said,
        (
            "Split. The new unit is", f"{other.sscc} is empty now", "Moved.", "Rejected. It stands at FG",
            "Accepted: it may be used again.",
        ),
        strict=True,
    ):  # fmt: skip
        assert wanted in text
    assert "Carried to another place" in said[-1]


def test_the_second_copy_asks_for_a_reason_on_the_spot(world: World, packer: Door) -> None:
    row = unit(world, "1")
    label(world, row)
    public_id = HandlingUnit.objects.get(pk=row).public_id

    asked = packer.send("/labels/print", unit=public_id, printer="browser", template="tag", order="4711")
    again = packer.send(
        "/labels/print", unit=public_id, printer="browser", template="tag", order="4711", reason="Torn or unreadable"
    )

    assert asked.status_code == 422
    assert "Say why it is printed again." in text_of(asked)
    assert 'value="4711"' in asked.content.decode()
    assert "REPRINT 1" in text_of(again)
    job = PrintJob.objects.latest("pk")
    assert (job.copy_no, job.data["order.number"], job.data["copy"]) == (2, "4711", "REPRINT 1")


def test_a_label_is_seen_as_pdf_and_picture_and_out_of_date_when_the_content_changed(
    world: World, packer: Door
) -> None:
    row = unit(world, "1")
    made = label(world, row)

    pdf, png = (packer.get(f"/labels/{made.public_id}/label.{form}") for form in ("pdf", "png"))
    before = text_of(packer.get(page(row)))
    packer.send(f"{page(row)}/pack", scan="FOAM", qty="3", location="LINE1", way="in")
    after = text_of(packer.get(page(row)))

    assert (pdf.content[:5], png.content[:4]) == (b"%PDF-", b"\x89PNG")
    assert "Up to date" in before
    assert "Out of date" in after
    assert "quantity, without its unit: 1 → 4" in after


def test_a_label_whose_printer_is_off_is_offered_to_another_and_to_the_browser(world: World, packer: Door) -> None:
    from milkrun.gateway.printing import print_due
    from tests.printing.stub import refusing_port

    made = label(world, unit(world), printer(world, refusing_port(), "DEAD"))
    printer(world, code="OTHER")
    print_due(actor=world.actor, at=world.later())

    shown = text_of(packer.get(f"/labels/{made.public_id}"))
    moved = packer.send(f"/labels/{made.public_id}/again", printer="OTHER")
    opened = packer.send(f"/labels/{made.public_id}/again", printer="browser")

    assert "The printer does not answer" in shown
    assert "Print on OTHER" in shown
    assert "Open as PDF" in shown
    assert "On its way to OTHER." in text_of(moved)
    assert opened.headers["Content-Type"] == "application/pdf"


def test_printers_are_set_up_on_their_page(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")

    wrong = person.send("/labels/printers/save", code="P1", host="10.0.0.1", port="no", active="on")
    right = person.send("/labels/printers/save", code="p1", host="10.0.0.1", port="9100", place="Gate", active="on")

    assert wrong.status_code == 422
    assert "Saved: P1." in text_of(right)
    assert "10.0.0.1:9100" in text_of(right)


def sent(fields: list[dict[str, object]]) -> dict[str, list[str]]:
    names = ("kind", "source", "text", "x", "y", "w", "h", "size", "rotation", "align", "lines", "bold")
    base = {"size": 4, "rotation": 0, "align": "left", "lines": 1, "bold": "no", "source": "", "text": ""}
    rows = [{**base, **field} for field in [*fields, {"kind": "", "x": 0, "y": 0, "w": 0, "h": 0}]]
    return {name: [str(row[name]) for row in rows] for name in names}


def test_a_customer_s_label_is_edited_previewed_and_saved(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    form = {
        "title": "Their tag", "width": "60", "height": "40", "customer": "OEM01", "base": "tag",
        **sent([{"kind": "text", "source": "part.customer_number", "x": "1,5", "y": 1, "w": 50, "h": 6}]),
    }  # fmt: skip

    picture = person.post("/labels/templates/tag/preview", form)
    saved = person.send("/labels/templates/tag/save", based_on="0", reason="asked for", **form)
    late = person.send("/labels/templates/tag/save", based_on="0", reason="again", **form)

    assert picture.content[:4] == b"\x89PNG"
    assert "Saved as version 1." in text_of(saved)
    assert late.status_code == 409
    assert "saved version 1 meanwhile" in text_of(late)
    row = LabelTemplate.objects.get()
    assert (row.partner_id, row.layout["fields"][0]["x"], len(row.layout["fields"])) == (world.partner_id, 1.5, 1)
    assert "Their tag" in text_of(person.get("/labels/templates"))


def test_a_placeholder_that_is_not_of_the_list_is_refused_in_words(world: World, door: Callable[[str], Door]) -> None:
    person = door("shipping")
    form = {
        "title": "x", "width": "60", "height": "40",
        **sent([{"kind": "text", "source": "settings.SECRET_KEY", "x": 1, "y": 1, "w": 50, "h": 6}]),
    }  # fmt: skip

    preview = person.post("/labels/templates/tag/preview", form)
    saved = person.send("/labels/templates/tag/save", based_on="0", **form)

    assert (preview.status_code, saved.status_code) == (422, 422)
    assert b"is no placeholder of the list" in preview.content
    assert "is no placeholder of the list" in text_of(saved)


def test_a_scan_of_a_label_opens_its_unit(world: World, packer: Door) -> None:
    row = HandlingUnit.objects.get(pk=unit(world))

    answer = packer.get(f"/search?scan=1&q=(00){row.sscc}")

    assert answer["Location"] == page(row)
