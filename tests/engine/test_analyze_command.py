"""`milkrun analyze`: exit codes, questions, files written, and the same bytes for the same input."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from milkrun.cli.main import main
from tests.engine.plant import plant

OUT = ["items.csv", "mapping.json", "refused.csv", "report.html", "report.json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plant's four files."""
    made = tmp_path_factory.mktemp("plant")
    for name, text in plant().files().items():
        (made / name).write_bytes(text.encode())
    return made


def test_four_files_of_a_plant_give_a_whole_report_twice_the_same(folder: Path, tmp_path: Path) -> None:
    names = [str(folder / name) for name in ("sales.csv", "stock.csv", "orders.csv", "items.csv")]

    codes = [main(["analyze", *names, "--out", str(tmp_path / run)]) for run in ("one", "two")]

    assert codes == [0, 0]
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == OUT
    for name in OUT:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    report = json.loads((tmp_path / "one" / "report.json").read_text("utf-8"))
    assert not [one["key"] for one in report["metrics"] if one["value"] is None]


def test_a_kept_mapping_gives_the_same_figures(folder: Path, tmp_path: Path) -> None:
    main(["analyze", str(folder / "sales.csv"), "--out", str(tmp_path / "one")])

    mapping = str(tmp_path / "one" / "mapping.json")
    code = main(["analyze", str(folder / "sales.csv"), "--mapping", mapping, "--out", str(tmp_path / "two")])

    assert code == 0
    assert (tmp_path / "one" / "items.csv").read_bytes() == (tmp_path / "two" / "items.csv").read_bytes()


def test_the_report_keeps_to_its_published_schema(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", "--schema"]) == 0
    schema = jsonschema_rs.validator_for(json.loads(capsys.readouterr().out))

    for number, names in enumerate(
        [["sales.csv"], ["stock.csv", "items.csv"], ["orders.csv"], ["sales.csv", "stock.csv"]]
    ):
        files = [str(folder / name) for name in names]
        assert main(["analyze", *files, "--out", str(tmp_path / str(number))]) == 0
        schema.validate(json.loads((tmp_path / str(number) / "report.json").read_text("utf-8")))


def write(folder: Path, text: str) -> str:
    file = folder / "file.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_refused_rows_end_with_one_and_the_report_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path, "item,date,quantity\nA1,2024-01-05,3\nA1,2024-01-06,=cmd\n")

    code = main(["analyze", name, "--out", str(tmp_path / "out")])

    said = capsys.readouterr()
    assert code == 1
    assert "refused: line 3, quantity: '=cmd' is no number" in said.out
    assert said.err == "milkrun: rows_refused: 1 rows were refused; the report lists them.\n"
    assert "'=cmd" in (tmp_path / "out" / "refused.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "flags", "said"),
    [
        ("item,date,quantity\nA1,02/03/04,3\n", [], "which_date_order: Column 'date': does '02/03/04'"),
        ("item;date;quantity\nA1;2024-01-01;1,234\n", [], "which_decimal: Column 'quantity' has 1,234"),
        ("foo,bar\n1,2\n", [], "which_column: file.csv has the columns foo, bar"),
        ("", [], "empty_file: file.csv is empty."),
        ("item\nA\n", [], "one_column: file.csv has one column"),
        ("item,date,quantity\n,,\n", [], "no_rows: No row is left"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--as-of", "today"], "not_a_day"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--assume", "colour=1"], "not_an_assumption"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--assume", "colour"], "not_a_pair"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--column", "size=date"], "unknown_field"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--column", "item=sku"], "unknown_column"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--mapping", "nowhere.json"], "unreadable_mapping"),
        ("item,date,quantity\nA1,2024-01-05,3\n", ["--rules", "nowhere.toml"], "unreadable_rules"),
        ("item,on hand\nA1,3\n", [], "which_day: No file has a date"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line_with_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, flags: list[str], said: str
) -> None:
    code = main(["analyze", write(tmp_path, text), *flags])

    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith(f"milkrun: {said}")
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_and_no_file_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "nowhere.csv"]) == 2
    assert main(["analyze"]) == 2

    assert [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()] == ["unreadable_file", "no_file"]


def test_the_report_says_where_to_begin_by_money_times_readiness(folder: Path, tmp_path: Path) -> None:
    files = [str(folder / name) for name in ("sales.csv", "stock.csv", "items.csv")]

    main(["analyze", *files, "--out", str(tmp_path)])

    start = json.loads((tmp_path / "report.json").read_text("utf-8"))["readiness"]["start"]
    worth = [pilot["worth"] for pilot in start["pilots"]]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > 0
    assert start["better"] == ("popular" if start["popular_worth"] > start["rare_worth"] else "rare")
    assert "Where to begin?" in (tmp_path / "report.html").read_text("utf-8")
