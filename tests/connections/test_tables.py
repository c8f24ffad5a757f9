"""Tables taken in: strictly read, every row accounted for, the same file twice without effect."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from milkrun.connections.models import ConnectionDay, ImportRun, SetAside
from milkrun.gateway.tables.kinds import Place
from milkrun.gateway.tables.reading import Told
from milkrun.gateway.tables.taking import TableReport, take_table
from milkrun.gateway.tables.values import decimal_mark, instant, number
from milkrun.parts.models import BomLine, CustomerPart, Part
from milkrun.stock.models import Balance, Movement
from tests.refusals import fingerprint
from tests.world import World


def place(world: World) -> Place:
    """Say for which site tables are taken."""
    return Place(world.site_id, "MAIN", "Europe/Berlin", world.actor, world.later())


def take(world: World, kind: str, text: str | bytes, **told: str) -> TableReport:
    """Take a table in."""
    data = text.encode() if isinstance(text, str) else text
    return take_table(data, kind=kind, place=place(world), file_name=f"{kind}.csv", source="drop", told=Told(**told))


def problems(report: TableReport) -> list[tuple[int, str, str]]:
    """List line, column and code of everything that is wrong."""
    rows = SetAside.objects.filter(run__public_id=report.import_id).order_by("line")
    return [(row.line, problem["column"], problem["code"]) for row in rows for problem in row.problems]


def unchanged_but_for_the_record(before: dict[str, str]) -> set[str]:
    """Name the tables of the database that differ from before, without those that say that a file came."""
    after = fingerprint()
    about = {"connections_importrun", "connections_setaside", "connections_connectionday", "kernel_journalentry",
             "connections_connectionfault"}  # fmt: skip
    return {table for table in after if after[table] != before[table]} - about


ITEMS = '''part;description;base_unit;made_here;units;customer;customer_part
BOLT;Bolt M8;PCE;no;BX=100;;
COVER;"Cover; ""left""";PCE;yes;;OEM01;5N0 111 222 A
FOAM;Foam, grey;PCE;;;;
'''


def test_items_are_made_changed_or_left_alone_and_the_same_file_again_changes_nothing(world: World) -> None:
    first = take(world, "items", ITEMS)
    before = fingerprint()
    again = take(world, "items", ITEMS)

    assert (first.rows, first.new, first.changed, first.same, first.refused) == (3, 2, 1, 0, 0)
    assert (again.rows, again.new, again.changed, again.same, again.refused) == (3, 0, 0, 3, 0)
    assert unchanged_but_for_the_record(before) == set()
    assert Part.objects.get(number="COVER").description == 'Cover; "left"'
    assert CustomerPart.objects.get(number_key="5N0111222A").part.number == "COVER"
    assert Part.objects.get(number="BOLT").units.get().numerator == 100


def test_an_old_file_does_not_take_back_what_was_changed_since(world: World) -> None:
    take(world, "items", ITEMS)
    take(world, "items", "part;description\nBOLT;Bolt M8 x 20\n")
    take(world, "items", ITEMS)

    assert Part.objects.get(number="BOLT").description == "Bolt M8 x 20"


def test_every_problem_is_told_at_once_with_its_line_and_column_and_the_good_rows_are_taken(world: World) -> None:
    report = take(
        world,
        "items",
        "part;base_unit;made_here;units\n;PCE;yes;\nGOOD;PCE;no;\nBAD;XXX;maybe;BX=twelve\nFOAM;KGM;;\n\nSHORT;PCE\n",
    )

    assert (report.rows, report.new, report.refused) == (5, 1, 4)
    assert problems(report) == [
        (2, "part", "missing"),
        (4, "made_here", "no_yes_no"),
        (5, "base_unit", "fixed"),
        (7, "", "cells"),
    ]
    assert Part.objects.filter(number="GOOD").exists()


def test_rows_set_aside_are_tried_again_with_the_same_file_and_the_taken_ones_are_not(world: World) -> None:
    text = "part;location;qty\nFRAME;FG;5\nLATER;FG;7\n"
    first = take(world, "stock", text)
    world.receive("FRAME", "3", "FG")
    take(world, "items", "part\nLATER\n")
    second = take(world, "stock", text)

    assert (first.new, first.refused) == (1, 1)
    assert (second.same, second.new, second.refused) == (1, 1, 0)
    assert Balance.objects.get(part__number="FRAME", location__code="FG").on_hand == Decimal(8)
    assert Balance.objects.get(part__number="LATER", location__code="FG").on_hand == Decimal(7)


def test_stock_is_brought_to_its_level_by_movements_and_reserved_goods_stay(world: World) -> None:
    call = world.call(world.summarized("DON1"))
    world.receive("SEAT-105A", "48", "FG")
    world.release(call)
    movements = Movement.objects.count()

    rows = "SEAT-105A;FG;12\nFOAM;LINE1;1000\nFRAME;LINE1;990.5\nFOAM;MOON;1\n"
    report = take(world, "stock", "part;location;qty\n" + rows)

    assert problems(report) == [(2, "qty", "short_stock"), (5, "location", "unknown_location")]
    assert (report.changed, report.same) == (1, 1)
    assert Movement.objects.count() == movements + 1
    assert Movement.objects.latest("pk").qty == Decimal("9.5")


def test_a_bill_of_material_is_taken_whole_or_not_at_all(world: World) -> None:
    report = take(
        world, "bom", "part,component,qty\nSEAT-105A,FOAM,0.4\nREST-106B,FRAME,2\nREST-106B,NONE,1\nFOAM,SEAT-105A,1\n"
    )

    assert problems(report) == [
        (3, "component", "unknown_part"), (4, "component", "unknown_part"), (5, "component", "bom_goes_round")
    ]  # fmt: skip
    job = world.release(world.call(world.summarized("DON1"))).jobs[0]
    world.make(job.job_id, "48")
    late = take(world, "bom", "part,component,qty\nSEAT-105A,FOAM,0.5\n")
    assert problems(late) == [(2, "part", "bom_in_use")]
    assert [(str(row.component), row.qty) for row in BomLine.objects.filter(part__number="SEAT-105A")] == [
        ("FOAM", Decimal("0.4"))
    ]
    assert BomLine.objects.filter(part__number="REST-106B").count() == 2


CALLS = """customer;call;kind;required_at;ship_to;unloading_point;customer_part;qty;unit;order
OEM01;DON1;summarized;2026-11-22T10:50;21;TOR 7;5N0 881 105 A;48;PCE;5500012345
OEM01;DON1;summarized;2026-11-22T10:50;21;TOR 7;5N0 881 106 B;24;PCE;5500012345
OEM01;DON2;summarized;2026-10-25T02:30;21;TOR 7;5N0 881 105 A;48;PCE;5500012345
NOONE;DON3;summarized;2026-11-22T10:50;21;TOR 7;5N0 881 105 A;48;PCE;5500012345
"""


def test_calls_are_taken_with_their_lines_in_the_plants_time(world: World) -> None:
    from milkrun.demand.models import Component, JitCall

    report = take(world, "calls", CALLS)
    again = take(world, "calls", CALLS.replace("DON2", "DON4"))

    assert (report.new, report.refused) == (2, 2)
    assert problems(report) == [(4, "required_at", "no_instant"), (5, "customer", "unknown_customer")]
    call = JitCall.objects.get()
    assert (call.external_no, call.source) == ("DON1", "csv")
    assert call.required_at == datetime(2026, 11, 22, 9, 50, tzinfo=UTC)
    assert Component.objects.filter(group__call=call, part__isnull=False).count() == 2
    assert (again.same, again.refused) == (2, 2)


ORDERS = """order;supplier;part;qty;unit;expected_on
PO1;SUP01;FOAM;500;PCE;2026-12-01
PO1;SUP01;FRAME;20;PCE;2026-12-02
PO2;SUP01;FOAM;5;PCE;2026-12-01
PO2;SUP01;NOTHING;5;PCE;2026-12-01
PO3;OEM01;FOAM;5;PCE;2026-12-01
"""
RECEIPTS = """order;part;note;note_line;qty;location
PO1;FOAM;DN1;1;200;FG
PO1;FRAME;DN1;2;999;FG
PO9;FOAM;DN1;3;1;FG
"""


def test_orders_and_receipts_are_taken_once_whatever_comes_again(world: World) -> None:
    from milkrun.partners.commands.create_partner import create_partner
    from milkrun.purchasing.models import PurchaseOrder, Receipt

    create_partner(code="SUP01", name="Steel", is_customer=False, is_supplier=True, actor=world.actor, at=world.later())
    first = take(world, "orders", ORDERS)
    more = ORDERS.replace("FOAM;500", "FOAM;600").replace("PO2;SUP01;NOTHING", "PO4;SUP01;FOAM")
    changed = take(world, "orders", more)
    came = take(world, "receipts", RECEIPTS)
    again = take(world, "receipts", RECEIPTS + "\n")
    other = take(world, "receipts", RECEIPTS.replace(";200;", ";250;"))

    assert (first.new, first.refused) == (2, 3)
    assert problems(first) == [
        (4, "part", "unknown_part"), (5, "part", "unknown_part"), (6, "supplier", "unknown_supplier")
    ]  # fmt: skip
    assert [(p[0], p[2]) for p in problems(changed)][:2] == [(2, "order_number_taken"), (3, "order_number_taken")]
    assert sorted(PurchaseOrder.objects.values_list("number", flat=True)) == ["PO1", "PO2", "PO4"]
    assert [(p[0], p[2]) for p in problems(came)] == [(3, "over_receipt"), (4, "not_found")]
    assert (came.new, again.same, again.new) == (1, 1, 0)
    assert problems(other)[0] == (2, "", "request_key_reused")
    assert Receipt.objects.count() == 1
    assert Balance.objects.get(part__number="FOAM", location__code="FG").on_hand == Decimal(200)


@pytest.mark.parametrize(
    ("data", "told", "said"),
    [
        ("part;qty\nFÖAM;1\n".encode("windows-1252"), {}, "UTF-8"),
        (b"part;loca\0tion\n", {}, "NUL"),
        (b"", {}, "empty"),
        (b"name;thing\nA;1\n", {}, "names no column"),
        (b"part;qty\nFOAM;1\n", {}, "location is missing"),
        (b"part;location;qty;qty\nFOAM;FG;1;2\n", {}, "twice"),
        (b'part;location;qty\n"FOAM;FG;1\n', {}, "quotation mark"),
        (b"x" * 70_000_000, {}, "64 MB"),
    ],
    ids=["charset", "nul", "empty", "header", "missing", "twice", "quote", "large"],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused_with_a_sentence(
    world: World, data: bytes, told: dict[str, str], said: str
) -> None:
    movements = Movement.objects.count()
    report = take(world, "stock", data, **told)

    assert said in report.refusal
    assert (report.rows, Movement.objects.count()) == (0, movements)
    assert ImportRun.objects.get().refusal == report.refusal


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252"])
def test_umlauts_come_through_in_every_character_set_that_is_told_or_marked(world: World, encoding: str) -> None:
    told = {"encoding": "windows-1252"} if encoding == "windows-1252" else {}
    report = take(world, "items", "part\tdescription\nKÖNIG\tMüller & Söhne\n".encode(encoding), **told)

    assert report.new == 1
    assert Part.objects.get(number="KÖNIG").description == "Müller & Söhne"


def test_a_number_that_could_mean_two_things_is_asked_and_taken_once_it_is_told(world: World) -> None:
    text = "part;location;qty\nFOAM;FG;1.234\nFRAME;FG;12\n"

    asked = take(world, "stock", text)
    told = take(world, "stock", text + "\n", decimal="comma")
    point = take(world, "stock", text, decimal="point")

    assert problems(asked) == [(2, "qty", "no_number")]
    assert told.refused == 1, "1.234 with a decimal comma has separators of thousands"
    assert point.new == 1
    assert Balance.objects.get(part__number="FOAM", location__code="FG").on_hand == Decimal("1.234")


LITERALS = [
    ("12", "", "12"),
    ("-5", "", "-5"),
    ("0012", "", "12"),
    ("1.5", "", "1.5"),
    ("1,5", "", "1.5"),
    ("0.125", "", "0.125"),
    ("1234.567", "", "1234.567"),
    ("1,234567", "comma", "1.234567"),
    ("1.234", "point", "1.234"),
    ("1.234", "", None),
    ("1,234", "", None),
    ("1.234,5", "comma", None),
    ("1.234,5", "", None),
    ("1,234.5", "point", None),
    ("1 234", "", None),
    ("1_000", "", None),
    ("1e3", "", None),
    ("NaN", "", None),
    ("Infinity", "", None),
    ("+5", "", None),
    ("", "", None),
    ("٣", "", None),
    ("１２", "", None),
    ("0x10", "", None),
    ("1.2345678", "point", None),
    (".5", "", None),
    ("5.", "", None),
    ("1,5", "point", None),
    ("1.5", "comma", None),
    ("1.5", "mixed", None),
    ("1e999999", "", None),
    ("−5", "", None),
    ("1234567890123", "", None),
    ("--5", "", None),
    ("5-", "", None),
    ("1'234", "", None),
]


@pytest.mark.parametrize(("text", "mark", "value"), LITERALS)
def test_numbers_are_read_by_a_grammar_of_their_own(text: str, mark: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(ValueError, match=r"\.$"):
            number(text, mark)
    else:
        assert number(text, mark) == Decimal(value)


def test_a_column_shows_its_decimal_mark_or_leaves_it_open() -> None:
    assert decimal_mark(["1.234", "2.5"]) == "point"
    assert decimal_mark(["1.234", "2,5"]) == "comma"
    assert decimal_mark(["1.234", "12"]) == ""
    assert decimal_mark(["1.5", "2,5"]) == "mixed"


def test_a_local_time_that_did_not_exist_or_came_twice_is_refused_with_the_choices() -> None:
    assert instant("2026-11-22T06:00", "Europe/Berlin") == datetime(2026, 11, 22, 5, tzinfo=UTC)
    with pytest.raises(ValueError, match="did not exist"):
        instant("2026-03-29T02:30", "Europe/Berlin")
    with pytest.raises(ValueError, match=r"\+02:00 or .*\+01:00"):
        instant("2026-10-25T02:30", "Europe/Berlin")


def test_the_lag_is_what_lies_between_the_newest_event_and_its_recording(world: World) -> None:
    rows = "FOAM;FG;1;2026-11-21T12:00+01:00\nFRAME;FG;1;2026-11-21T14:00+01:00\n"
    take(world, "stock", "part;location;qty;counted_at\n" + rows)

    day = ConnectionDay.objects.get(kind="drop", key="stock@MAIN")

    assert day.done == 2
    assert day.lag_seconds == (world.now - datetime(2026, 11, 21, 13, tzinfo=UTC)).total_seconds()


def test_a_dropped_file_is_taken_when_complete_and_its_result_lies_beside_it(world: World, tmp_path: Path) -> None:
    from milkrun.jobs.linking import Drop

    drop = Drop(tmp_path)
    drop(world.later())
    folder = tmp_path / "drop" / "stock"
    (folder / "half.csv.tmp").write_text("part;location;qty\nFOAM;FG;99\n")
    (folder / "day.csv").write_text("part;location;qty\nFOAM;FG;5\n=cmd;FG;1\n")
    (tmp_path / "drop" / "stock" / "link.csv").symlink_to("/etc/passwd")

    drop(world.later())
    assert ImportRun.objects.count() == 0, "it may still be growing at the first look"
    drop(world.later())

    assert ImportRun.objects.get().rows_read == 2
    assert not (folder / "day.csv").exists()
    assert (folder / "half.csv.tmp").exists()
    said = (folder / "done" / "day.csv.result.csv").read_text(encoding="utf-8-sig")
    result = list(csv.DictReader(said.splitlines(), delimiter=";"))
    assert [(row["line"], row["column"], row["code"]) for row in result] == [
        ("", "", "counts"), ("3", "part", "unknown_part")
    ]  # fmt: skip
    left = (folder / "done" / "day.csv.refused.csv").read_text(encoding="utf-8-sig")
    assert left == "part;location;qty\n'=cmd;FG;1\n"

    (folder / "day.csv").write_text("nothing\n")
    drop(world.later())
    drop(world.later())
    assert (folder / "refused" / "day.csv.result.csv").exists()


def test_a_file_in_a_sites_own_folder_is_for_that_site(world: World, tmp_path: Path) -> None:
    from milkrun.jobs.linking import Drop
    from milkrun.partners.commands.create_site import create_site

    create_site(code="ZWO", name="Two", zone="UTC", docks=(), actor=world.actor, at=world.later())
    folder = tmp_path / "drop" / "items" / "ZWO"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("part\nNEW\n")
    drop = Drop(tmp_path)
    drop(world.later())
    drop(world.later())

    assert ImportRun.objects.get().site.code == "ZWO"


def test_thousands_of_rows_are_each_accounted_for(world: World, full: bool) -> None:
    rows = 50_001 if full else 2_501
    lines = [f"P{n};Part {n};{'PCE' if n % 10 else 'XXX'}" for n in range(rows)]
    report = take(world, "items", "part;description;base_unit\n" + "\n".join(lines))

    assert report.rows == rows
    assert report.new + report.changed + report.same + report.refused == rows
    assert report.refused == len(problems(report)) == (rows + 9) // 10
    assert Part.objects.filter(number__startswith="P").count() == report.new
