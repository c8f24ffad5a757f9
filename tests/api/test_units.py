"""Handling units and labels by the API: made, filled, parted, nested, told of; labels as bytes, again with a reason."""

import io

import pypdfium2
import zxingcpp

from tests.api.machine import Machine
from tests.api.test_path import SITE
from tests.world import World

UNITS = f"{SITE}/handling-units"


def test_a_unit_is_made_filled_split_nested_carried_and_its_history_says_so(world: World, mes: Machine) -> None:
    part = mes.read(f"{SITE}/stock/items", text="FRAME")["items"][0]["id"]
    sscc = mes.do(UNITS, {"location": "PACK", "kind": "pallet"})["sscc"]
    goods = {"part_id": part, "qty": "5", "location": "LINE1"}

    mes.do(f"{UNITS}/{sscc}/pack", goods)
    mes.do(f"{UNITS}/{sscc}/pack", {**goods, "qty": "1", "take_out": True})
    box = mes.do(f"{UNITS}/{sscc}/split", {"shares": [{"part_id": part, "qty": "3"}]})["sscc"]
    mes.do(f"{UNITS}/{box}/nest", {"into": sscc})
    moved = mes.do(f"{UNITS}/{sscc}/move", {"location": "FG"})

    found = mes.read(f"{UNITS}/{sscc}")
    assert moved["units"] == 2
    assert (found["handling_unit"]["location"], found["holds"]) == ("FG", [box])
    assert [(row["part"], row["on_hand"]) for row in found["contents"]] == [("FRAME", "1")]
    assert mes.read(f"{UNITS}/{box}")["handling_unit"]["stands_in"] == sscc
    deeds = [row["deed"] for row in mes.read(f"{UNITS}/{sscc}/history")["items"]]
    assert {"create_handling_unit", "pack_handling_unit", "split_handling_unit", "move_handling_unit"} <= set(deeds)
    assert {row["sscc"] for row in mes.read(UNITS, location="FG")["items"]} == {sscc, box}


def test_a_unit_that_is_not_here_and_a_wrong_deed_are_problem_documents(world: World, mes: Machine) -> None:
    one, two = (mes.do(UNITS, {"location": "PACK"})["sscc"] for _ in range(2))
    mes.do(f"{UNITS}/{one}/nest", {"into": two})

    ring = mes.post(f"{UNITS}/{two}/nest", {"into": one})
    unknown = mes.post(f"{UNITS}/340123450000999999/move", {"location": "FG"})

    assert (ring.status_code, ring.json()["code"]) == (409, "nesting_ring")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def test_a_label_is_read_back_from_its_bytes_and_printed_again_only_with_a_reason(world: World, mes: Machine) -> None:
    sscc = mes.do(UNITS, {"location": "PACK"})["sscc"]
    wanted = {"handling_units": [sscc], "template": "tag"}

    label = mes.do(f"{SITE}/labels", wanted)["labels"][0]
    refused = mes.post(f"{SITE}/labels", wanted)
    second = mes.do(f"{SITE}/labels", {**wanted, "reason": "torn"})["labels"][0]

    pdf, zpl = (mes.get(f"{SITE}/labels/{label['label_id']}/{kind}") for kind in ("pdf", "zpl"))
    picture = pypdfium2.PdfDocument(io.BytesIO(pdf.content))[0].render(scale=4).to_pil()
    assert f"00{sscc}" in {found.bytes.decode() for found in zxingcpp.read_barcodes(picture)}
    assert (pdf.headers["Content-Type"], zpl.content[:3]) == ("application/pdf", b"^XA")
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "reason_missing")
    assert (label["copy_no"], second["copy_no"]) == (1, 2)
    assert [row["reason"] for row in mes.read(f"{SITE}/labels", sscc=sscc)["items"]] == ["torn", ""]
    templates = [row["template"] for row in mes.read("/label-templates")["items"]]
    assert {"tag", "rack", "gs1_logistics"} <= set(templates)
    assert mes.read("/label-templates/tag")["layout"]["fields"]
    assert mes.read(f"{SITE}/printers")["items"] == []
