"""Items and stock levels by machines: an outcome each, the same commands as the tables."""

from tests.api.machine import Machine
from tests.world import World


def test_parts_are_brought_to_what_is_said_and_read_back(world: World, mes: Machine) -> None:
    said = {
        "part": "BRACKET", "description": "Bracket", "base_unit": "PCE", "made_here": True,
        "units": [{"code": "BX", "numerator": 12}], "customer_numbers": [{"customer": "OEM01", "number": "5N0 1"}],
    }  # fmt: skip
    first = mes.do("/items", {"items": [said, {"part": "FOAM", "base_unit": "KGM"}, {"part": "FRAME"}]})
    bill = mes.do("/items/boms", {"boms": [{"part": "BRACKET", "lines": [{"component": "FOAM", "qty": "0.25"}]}]})
    read = mes.read("/items", text="5N0 1")["items"][0]

    assert [one["outcome"] for one in first["outcomes"]] == ["new", "refused", "same"]
    assert first["outcomes"][1]["problems"][0]["code"] == "fixed"
    assert bill["outcomes"][0]["outcome"] == "new"
    assert (read["part"], read["made_here"], read["units"]) == (
        "BRACKET", True, [{"code": "BX", "numerator": 12, "denominator": 1}]
    )  # fmt: skip
    assert read["customer_numbers"] == [{"customer": "OEM01", "number": "5N0 1"}]
    assert [(line["part"], line["qty"]) for line in read["bom"]] == [("FOAM", "0.25")]
    assert mes.read(f"/items/{read['id']}") == read
    assert mes.get("/items/0000000000000000").status_code == 404


def test_stock_is_set_to_levels_with_one_posting(world: World, mes: Machine) -> None:
    levels = [{"part": "FOAM", "location": "LINE1", "qty": "990"}, {"part": "FOAM", "location": "MOON", "qty": "1"}]
    done = mes.do("/sites/MAIN/stock/levels", {"levels": levels})
    feed = mes.read("/sites/MAIN/stock/movements", limit=200)["items"]

    assert [one["outcome"] for one in done["outcomes"]] == ["changed", "refused"]
    assert [(row["qty"], row["to_location"]) for row in feed if row["posting_id"] == done["posting_id"]] == [
        ("10", "DIFFERENCE")
    ]


def test_a_table_is_taken_in_and_its_bad_rows_are_read_back(world: World, mes: Machine) -> None:
    body = b"part;base_unit\nNEW;PCE\nBAD;XXX\n"
    done = mes.send("/sites/MAIN/tables/items?file_name=day.csv", body, "text/csv").json()
    listed = mes.read("/sites/MAIN/imports", kind="items")["items"]
    aside = mes.read(f"/sites/MAIN/imports/{done['import_id']}/set-aside")["items"]

    assert (done["rows"], done["new"], done["refused"]) == (2, 1, 1)
    assert listed[0] == mes.read(f"/sites/MAIN/imports/{done['import_id']}")
    assert [(row["line"], row["cells"], row["problems"][0]["column"]) for row in aside] == [
        (3, ["BAD", "XXX"], "base_unit")
    ]
    assert mes.send("/sites/MAIN/tables/moons", body, "text/csv").status_code == 404
    assert mes.send("/sites/MAIN/tables/items", b"", "text/csv").status_code == 422
