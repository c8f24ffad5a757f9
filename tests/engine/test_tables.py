"""Tables in: what a file holds is detected or asked for, and every row is used, excluded by a rule, or refused."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from milkrun.engine.tables import Answers, Limits, Source, Table, Undecided, Unreadable, take_in
from milkrun.engine.tables.kept import answers_from, kept


def read(text: str | bytes, answers: Answers | None = None, limits: Limits | None = None) -> Table:
    """Take a file in that is given as text."""
    data = text.encode() if isinstance(text, str) else text
    return take_in(Source("file.csv", data), answers or Answers(), limits or Limits())


def sales(*rows: str, header: str = "item,date,quantity") -> str:
    return "\n".join([header, *rows]) + "\n"


def test_a_plain_file_is_understood_without_a_question() -> None:
    table = read(sales("A1,2024-01-05,3", "A2,2024-01-06,4.5"))

    assert table.mapping.kind.name == "demand"
    assert table.mapping.columns == {"item": "item", "date": "date", "quantity": "quantity"}
    assert table.frame.rows() == [(2, "A1", date(2024, 1, 5), 3.0), (3, "A2", date(2024, 1, 6), 4.5)]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Artikelnummer;Buchungsdatum;Menge", "demand"),
        ("Référence;Date de vente;Quantité vendue", "demand"),
        ("Código;Fecha;Cantidad", "demand"),
        ("Codice articolo;Data;Quantità", "demand"),
        ("Artikelcode;Datum;Aantal", "demand"),
        ("Material No.;Posting Date;Qty (PCS)", "demand"),
        ("StockCode;InvoiceDate;Quantity", "demand"),
    ],
)
def test_headers_of_several_languages_are_known(header: str, kind: str) -> None:
    table = read(sales("A1;2024-01-05;3", "A2;2024-02-06;4", header=header))

    assert table.mapping.kind.name == kind
    assert set(table.mapping.columns) == {"item", "date", "quantity"}
    assert all(guess.confidence >= 0.8 for guess in table.mapping.guesses)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Artikel;Lagerbestand;Einstandspreis", "stock"),
        ("PO Number;Vendor;Order Date;Promised Date;Received Date;Qty Ordered;Qty Received", "receipts"),
        ("SKU;Unit Cost;MOQ;Lead Time (days)", "items"),
    ],
)
def test_the_kind_of_table_is_found_by_its_columns(header: str, kind: str) -> None:
    cells = {"stock": "A1;5;2.5", "items": "A1;2.5;10;14", "receipts": "P1;Bolt;2024-01-05;2024-01-12;2024-01-11;10;10"}
    row = cells[kind]

    assert read(sales(row, row, header=header)).mapping.kind.name == kind


@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd"])
def test_dates_that_could_mean_two_days_are_asked_for_and_the_answer_counts(order: str) -> None:
    text = sales("A1,02/03/04,3", "A1,05/06/07,4")

    with pytest.raises(Undecided, match=r"02/03/04.*No value of the column decides it.*--date-order dmy\|mdy\|ymd"):
        read(text)

    expected = {"dmy": date(2004, 3, 2), "mdy": date(2004, 2, 3), "ymd": date(2002, 3, 4)}[order]
    assert read(text, Answers(date_order=order)).frame["date"][0] == expected


def test_one_day_above_twelve_decides_the_whole_column() -> None:
    assert read(sales("A1,02/03/2024,3", "A1,13/03/2024,4")).frame["date"][0] == date(2024, 3, 2)
    assert read(sales("A1,02/03/2024,3", "A1,03/13/2024,4")).frame["date"][0] == date(2024, 2, 3)


def test_a_column_that_mixes_orders_is_asked_about() -> None:
    with pytest.raises(Undecided, match="mixes dates"):
        read(sales("A1,13/03/2024,3", "A1,03/13/2024,4", "A1,14/03/2024,4"))


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["1.234,56", "5"], [1234.56, 5]),
        (["1,234.56", "5"], [1234.56, 5]),
        (["1 234,5", "(12)"], [1234.5, -12]),
        (["€ 2,50", "12-"], [2.5, -12]),
        (["1'000.25", "-3"], [1000.25, -3]),
        (["1,234,567", "5"], [1234567, 5]),
        (["0.125", "1e2"], [0.125, 100]),
    ],
)
def test_numbers_are_read_as_people_write_them(values: list[str], numbers: list[float]) -> None:
    rows = [f"A{place};2024-01-0{place + 1};{value}" for place, value in enumerate(values)]

    table = read(sales(*rows, header="item;date;quantity"))

    assert table.frame["quantity"].to_list() == numbers


@pytest.mark.parametrize(("sign", "other"), [(".", ","), (",", ".")])
def test_a_slip_of_the_sign_is_refused_with_its_line_and_never_a_thousand_times_too_much(sign: str, other: str) -> None:
    rows = [f"A;2024-01-05;{number}{sign}5" for number in range(200)]

    table = read(sales(*rows, f"A;2024-01-05;0{other}125", header="item;date;quantity"))

    assert [(one.line, one.value) for one in table.refused] == [(202, f"0{other}125")]
    assert table.frame["quantity"].max() == 199.5


def test_one_thousand_or_one_is_asked_for_and_the_answer_counts() -> None:
    text = sales("A1;2024-01-05;1,234", "A1;2024-01-06;7", header="item;date;quantity")

    with pytest.raises(Undecided, match=r"1,234.*--decimal comma\|point"):
        read(text)

    assert read(text, Answers(decimal="comma")).frame["quantity"][0] == 1.234
    assert read(text, Answers(decimal="point")).frame["quantity"][0] == 1234


def test_all_bad_rows_are_told_at_once_with_line_column_value_and_reason() -> None:
    bad = ["A1,2024-01-05,x", "A1,2024-13-45,3", ",2024-01-05,3", "A1,2024-01-05,NaN", "A1,2024-01-05,1e999"]

    table = read(sales(*bad, "A1,2024-01-05,3,9", "A1,2024-01-06,1"))

    assert [(one.line, one.column, one.value, one.reason) for one in table.refused] == [
        (2, "quantity", "x", "is no number"),
        (3, "date", "2024-13-45", "is no date"),
        (4, "item", "", "item is missing"),
        (5, "quantity", "NaN", "is no finite number"),
        (6, "quantity", "1e999", "is no finite number"),
        (7, "", "9", "the row has more cells than the header (3)"),
    ]
    assert (table.read, table.frame.height) == (7, 1)


def test_lines_are_those_of_the_file_also_behind_blank_lines_and_breaks_in_cells() -> None:
    text = 'item,date,quantity,description\nA1,2024-01-05,1,"two\nlines"\n\nA2,2024-01-06,bad,plain\n'

    table = read(text)

    assert [one.line for one in table.refused] == [5]
    assert table.read == 2


@pytest.mark.parametrize(
    "cell", ["5 inch nail", '5" nail', 'a "quoted" word', "comma, inside"], ids=["plain", "inch", "quoted", "comma"]
)
def test_quotation_marks_of_any_habit_are_survived(cell: str) -> None:
    written = f'"{cell}"' if "," in cell else cell

    table = read(sales(f"A1,2024-01-05,1,{written}", "A2,2024-01-06,2,x", header="item,date,quantity,description"))

    assert table.frame["description"].to_list() == [cell, "x"]


def test_an_empty_quantity_is_not_zero_but_nothing_recorded() -> None:
    table = read(sales("A1,2024-01-05,", "A1,2024-01-06,0"))

    assert (table.empty, table.frame["quantity"].to_list(), table.refused) == (1, [0.0], ())


def test_words_for_no_value_in_a_date_column_are_said_and_not_refused() -> None:
    rows = [f"A1,2024-01-0{day},1,Date Not Captured" for day in range(1, 5)] + ["A1,2024-01-09,1,2024-01-20"]

    table = read(sales(*rows, header="item,date,quantity,shipped date"))

    assert table.refused == ()
    assert table.notes == ("4 times 'Date Not Captured' in column 'shipped date' was read as no value.",)


def test_duplicate_headers_get_names_of_their_own() -> None:
    table = read(sales("A1,2024-01-05,1,x,y", header="item,date,quantity,note,note"))

    assert table.headers[-2:] == ("note", "note (2)")


def test_two_columns_that_could_both_be_the_quantity_are_asked_about() -> None:
    with pytest.raises(Undecided, match="--column 'quantity="):
        read(sales("A1,2024-01-05,1,2", "A1,2024-01-06,1,3", header="item,date,quantity,qty"))

    answers = Answers(columns={"qty": "quantity", "quantity": ""})
    assert read(sales("A1,2024-01-05,1,2", header="item,date,quantity,qty"), answers).frame["quantity"].to_list() == [2]


def test_latin_text_is_read_and_said_and_mixed_text_refuses_only_its_rows() -> None:
    latin = read("Artikel;Datum;Menge;Bezeichnung\nA1;2024-01-05;1;Öl\n".encode("cp1252"))
    mixed = read(sales("A1,2024-01-05,1,Öl", "A2,2024-01-06,2,x", header="item,date,quantity,description").encode()
                 + "A3,2024-01-07,3,Öl\n".encode("cp1252"))  # fmt: skip

    assert latin.frame["description"].to_list() == ["Öl"]
    assert latin.how["encoding"] == "windows-1252"
    assert [(one.line, one.column) for one in mixed.refused] == [(4, "description")]
    assert mixed.frame.height == 2


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_found(codec: str) -> None:
    assert read(sales("Ä1,2024-01-05,1").encode(codec)).frame["item"].to_list() == ["Ä1"]


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"default_date_format": "dd/mm/yyyy"}) as book:
        fill(book)
    return into.getvalue()


def sheet(book: xlsxwriter.Workbook, name: str, rows: list[list[object]]) -> None:
    made = book.add_worksheet(name)
    for line, row in enumerate(rows):
        made.write_row(line, 0, row)


ROWS: list[list[object]] = [["Item", "Date", "Qty"], ["A1", date(2024, 2, 3), 5], ["A1", "soon", 6]]


def test_a_workbook_is_read_below_its_title_and_tells_the_row_of_the_sheet() -> None:
    data = workbook(lambda book: sheet(book, "Sales", [["Sales of 2024"], [], *ROWS]))

    table = take_in(Source("sales.xlsx", data))

    assert table.frame.rows() == [(4, "A1", date(2024, 2, 3), 5.0)]
    assert [(one.line, one.value) for one in table.refused] == [(5, "soon")]


def test_a_workbook_with_two_tables_is_asked_about() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet(book, "One", ROWS)
        sheet(book, "Two", ROWS)

    with pytest.raises(Undecided, match=r"'One', 'Two'.*--sheet NAME"):
        take_in(Source("two.xlsx", workbook(fill)))

    assert take_in(Source("two.xlsx", workbook(fill)), Answers(sheet="Two")).how["sheet"] == "Two"


def test_a_csv_that_a_spreadsheet_put_into_one_column_is_taken_apart() -> None:
    lines = [["item,date,qty"], ["A1,2024-01-05,3"], ["A2,2024-01-06,4"]]

    assert take_in(Source("x.xlsx", workbook(lambda book: sheet(book, "S", lines)))).frame["quantity"].to_list() == [
        3,
        4,
    ]
    assert read('"item,date,qty"\n"A1,2024-01-05,3"\n').frame["quantity"].to_list() == [3]


def test_parquet_keeps_its_types() -> None:
    into = io.BytesIO()
    pl.DataFrame({"sku": ["a", "b"], "date": [date(2024, 1, 1)] * 2, "qty": [1, None]}).write_parquet(into)

    table = take_in(Source("x.parquet", into.getvalue()))

    assert (table.frame.height, table.empty, table.read) == (1, 1, 2)


def bomb() -> bytes:
    return gzip.compress(b"item,date,quantity\n" + b"A1,2024-01-05,1\n" * 1000 + b"0" * (64 << 20))


def book_bomb() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    return into.getvalue()


def lying_book_bomb() -> bytes:
    """A part that says it is small and unpacks to much."""
    honest = book_bomb()
    size = (64 << 20).to_bytes(4, "little")
    return honest.replace(size, (100).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (gzip.compress(b"", mtime=0), "empty_file"),
        (b"item\nA1\nA2\n", "one_column"),
        (b"a," * 1_000_000 + b"b\n" + b"1," * 1_000_000 + b"2\n", "too_many_columns"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"<!DOCTYPE html><html>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not_a_table"),
        (bytes(range(256)) * 40, "not_a_table"),
        (b"\x1f\x8bnot really gzip", "damaged_file"),
        (gzip.compress(b"item,date,quantity\n" * 100, mtime=0)[:-20], "damaged_file"),
        (b"PK\x03\x04 no zip at all", "damaged_file"),
        (b"PAR1 no parquet PAR1", "damaged_file"),
        (b'item,date,quantity,note\n' + b'A1,2024-01-05,1,"open\n' + b"A1,2024-01-05,1,x\n" * 500, "unclosed_quote"),
        (bomb(), "unpacks_too_large"),
        (book_bomb(), "unpacks_too_large"),
        (lying_book_bomb(), "unpacks_too_large"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_said_in_one_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        read(data)

    assert told.value.code == code
    assert told.value.sentence.endswith(".")
    assert "\n" not in told.value.sentence


def test_too_many_rows_are_refused_as_a_whole() -> None:
    with pytest.raises(Unreadable, match="more than 3 rows"):
        read(sales(*["A1,2024-01-05,1"] * 6), limits=Limits(rows=3))


def test_a_file_without_known_columns_is_asked_about() -> None:
    with pytest.raises(Undecided, match="--column FIELD=HEADER"):
        read("foo,bar,baz\nx,y,z\nu,v,w\n")


def test_a_kept_mapping_asks_and_guesses_nothing() -> None:
    text = sales("A1;02/03/04;1,234", "A1;05/06/07;2,345", header="item;date;quantity")
    first = read(text, Answers(date_order="dmy", decimal="comma"))

    again = read(text, answers_from(kept([first]), Answers())["file.csv"])

    assert again.frame.equals(first.frame)
    assert all(guess.said for guess in again.mapping.guesses)


CELLS = st.one_of(
    st.sampled_from(["", "3", "-2", "1.5", "x", "NaN", "1e999", "2024-01-05", "2024-13-01", "A1", "'", "soon", "=1+1"]),
    st.text(alphabet="ab19.-/ ", max_size=8),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_every_row_is_read_and_accounted_for_whatever_stands_in_it(rows: list[tuple[str, str, str]]) -> None:
    answers = Answers(date_order="dmy", decimal="point", table="demand",
                      columns={"item": "item", "date": "date", "quantity": "quantity"})  # fmt: skip

    table = read(sales("A1,2024-01-05,1", *(",".join(row) for row in rows)), answers)

    filled = 1 + sum(any(cell.strip() for cell in row) for row in rows)
    assert table.read == filled
    assert table.frame.height + table.empty + len({one.line for one in table.refused}) == filled


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_a_traceback(data: bytes) -> None:
    with suppress(Unreadable, Undecided):
        read(data)


def test_gzip_in_several_parts_is_one_file() -> None:
    whole = gzip.compress(b"item,date,quantity\n") + gzip.compress(b"A1,2024-01-05,1\n") + b"\0\0"

    assert read(whole).frame.height == 1
    assert zlib.decompress(gzip.compress(b"x"), 31) == b"x"
