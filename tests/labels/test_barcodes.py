"""Every barcode on every template, as PDF, PNG and ZPL, is read back by a real decoder."""

import io

import pytest
from PIL import Image

from milkrun.labels import SAMPLES, Field, Layout, Scene, place, shipped, shipped_names, write_pdf, write_png, write_zpl
from milkrun.labels.layout import BARCODES
from tests.labels.decoding import barcodes, pages_of_pdf, pictures_of_zpl

AWKWARD = {
    **SAMPLES,
    "customer.name": "ÄÖ^XZ~JR_ & \\ Żółć Motors",
    "part.description": "^FS^XZ~JR _1E \\& >;>8 {x}",
    "tag.number": "T>;0^~_47/1",
    "release.number": "REL ^1~2_3",
    "lot": "ÄL^07",
    "copy": "REPRINT 3",
}


def turned(rotation: int) -> Layout:
    w, h = (60, 18) if rotation in (0, 180) else (18, 60)
    return Layout("turned", "Turned", 80, 80, (
        Field("code128", 5, 5, w, h, source="tag.number", rotation=rotation),
        Field("text", 70, 5, 8, 60, size=4, source="part.number", rotation=rotation),
        Field("box", 1, 1, 78, 78, size=0.5),
    ))  # fmt: skip


CASES = [
    *[(shipped(name), AWKWARD) for name in shipped_names()],
    *[(turned(rotation), SAMPLES) for rotation in (0, 90, 180, 270)],
]


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Layout, Scene, dict[str, Image.Image]]]:
    """Every case as paper, picture and print; the renderer of ZPL starts once for all."""
    scenes = [place(layout, data) for layout, data in CASES]
    pages = pages_of_pdf(write_pdf(scenes))
    printed = pictures_of_zpl([(case[0], write_zpl([scene])) for case, scene in zip(CASES, scenes, strict=True)])
    return [
        (layout, scene, {"pdf": page, "png": Image.open(io.BytesIO(write_png(scene))), "zpl": print_})
        for (layout, _), scene, page, print_ in zip(CASES, scenes, pages, printed, strict=True)
    ]


@pytest.mark.parametrize("medium", ["pdf", "png", "zpl"])
def test_all_barcodes_of_all_templates_are_read_back_whatever_was_typed(drawn: list, medium: str) -> None:
    for layout, scene, pictures in drawn:
        kinds = [field.kind for field in layout.fields if field.kind in BARCODES]

        found = barcodes(pictures[medium])

        assert found == set(zip(kinds, scene.barcodes, strict=True)), layout.name


def test_a_gs1_symbol_parts_its_elements_by_fnc1_only_where_their_length_is_open() -> None:
    layout = Layout("gs1", "GS1", 150, 60, (
        Field("gs1_128", 2, 2, 146, 20, source="order.gs1"),
        Field("gs1_128", 2, 30, 146, 20, source="contents.gs1"),
    ))  # fmt: skip

    (page,) = pages_of_pdf(write_pdf([place(layout, SAMPLES)]))

    assert barcodes(page) == {("gs1_128", "10L2611-07\x1d4005500012345"), ("gs1_128", "02040123450000163748")}


def test_the_2d_record_carries_separators_and_end_as_iso_15434_wants_them() -> None:
    scene = place(
        shipped("gtl"), {"sscc": "340123450000000017", "part.customer_number": "5N0 881 105 A", "quantity": "48"}
    )

    (page,) = pages_of_pdf(write_pdf([scene]))

    assert ("data_matrix", "[)>\x1e06\x1d1J340123450000000017\x1dP5N0 881 105 A\x1dQ48\x1e\x04") in barcodes(page)


def test_a_barcode_whose_data_are_missing_is_left_out_and_one_that_does_not_fit_is_named() -> None:
    layout = Layout("small", "Small", 40, 30, (
        Field("code128", 1, 1, 38, 8, source="tag.number"),
        Field("code128", 1, 10, 38, 8, source="di.release"),
        Field("qr", 1, 20, 5, 5, source="link"),
        Field("code128", 8, 20, 30, 8, source="customer.name"),
    ))  # fmt: skip

    scene = place(layout, {"tag.number": "T1", "link": "https://x.example/" + "y" * 80, "customer.name": "Żółć"})

    assert scene.barcodes == ("T1",)
    assert scene.findings == (
        "Field 3, link: the field is too small for this barcode",
        "Field 4, customer.name: has letters that Code 128 lacks, or is too long",
    )


def test_the_same_label_gives_the_same_bytes() -> None:
    scenes = [place(shipped("gtl"), SAMPLES)] * 2

    assert write_pdf(scenes) == write_pdf(scenes)
    assert write_png(scenes[0]) == write_png(scenes[1])


def test_a_second_copy_says_so_on_a_layout_without_a_place_for_it() -> None:
    layout = Layout("plain", "Plain", 60, 20, (Field("text", 1, 1, 40, 5, source="part.number"),))

    first = write_zpl([place(layout, SAMPLES)])
    second = write_zpl([place(layout, {**SAMPLES, "copy": "REPRINT 2"})])

    assert b"REPRINT" not in first
    assert b"^FDREPRINT 2^FS" in second
