"""Analysing without an account: what is brought stays in a room of its own, is looked at, asked about, and goes."""

import gzip
import json
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from milkrun.engine.analysis.settings import Settings
from milkrun.engine.report.parts import VERDICTS
from milkrun.engine.tables.fields import FIELDS
from milkrun.engine.tables.kinds import KINDS
from milkrun.gateway import rooms
from milkrun.gateway.rooms import Room, find_room, fitting
from milkrun.jobs.analyses import Analyses
from milkrun.web import analyse
from milkrun.web.analyse import asking, found
from milkrun.web.analyse.showing import SAMPLES
from tests.web.door import Door, text_of

pytestmark = pytest.mark.django_db
SALES = "date,item,quantity\n2026-01-05,A,5\n2026-01-06,A,4\n2026-01-07,B,9\n"


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.MILKRUN_HOME = tmp_path
    return tmp_path


@pytest.fixture
def visitor(home: Path) -> Door:
    return Door()


def file(text: str | bytes, name: str = "sales.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def bring(visitor: Door, *files: SimpleUploadedFile, **typed: str) -> Any:
    return visitor.post("/analyse", {"files": list(files), **typed})


def room_of(home: Path, answer: Any) -> Room:
    found = find_room(home, answer.url.rsplit("/", 1)[-1])
    assert found
    return found


def look(home: Path) -> None:
    Analyses(home, "look")(datetime.now(UTC))


def seen_after(visitor: Door, home: Path, *files: SimpleUploadedFile) -> tuple[Room, str]:
    answer = bring(visitor, *files)
    look(home)
    return room_of(home, answer), text_of(visitor.get(answer.url))


def test_a_visitor_without_an_account_brings_a_file_and_sees_what_its_columns_are(visitor: Door, home: Path) -> None:
    assert "Analyse a CSV without an account" in text_of(visitor.get("/sign-in"))
    answer = bring(visitor, file(SALES))
    assert "Looking at the files" in text_of(visitor.get(answer.url))

    look(home)

    page = text_of(visitor.get(answer.url))
    assert "sales.csv" in page
    assert "3 rows" in page
    for name, field in (("f0.c0", "date"), ("f0.c1", "item"), ("f0.c2", "quantity")):
        html = visitor.get(answer.url).content.decode()
        select = html.split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
        assert f'value="{field}" selected' in select


def test_the_part_that_follows_the_work_says_when_it_has_ended(visitor: Door, home: Path) -> None:
    answer = bring(visitor, file(SALES))
    before = visitor.get(f"{answer.url}/state")
    assert "data-ended" not in before.content.decode()
    assert visitor.get(f"{answer.url}/state", headers={"If-None-Match": before["ETag"]}).status_code == 304

    look(home)

    after = visitor.get(f"{answer.url}/state", headers={"If-None-Match": before["ETag"]})
    assert "data-ended" in after.content.decode()


def test_a_date_that_can_be_read_in_two_ways_is_asked_about_and_the_answer_counts(visitor: Door, home: Path) -> None:
    room, page = seen_after(visitor, home, file("date,item,quantity\n02/03/04,A,5\n03/04/05,A,4\n"))
    assert "To be answered:" in page

    chosen = {"f0.table": "demand", "f0.c0": "date", "f0.c1": "item", "f0.c2": "quantity", "f0.o0": "dmy", "again": "1"}
    visitor.send(f"/analyse/{room.key}/run", **chosen)
    look(home)

    assert "To be answered:" not in text_of(visitor.get(f"/analyse/{room.key}"))
    assert (room.note("seen") or {})["files"][0]["orders"] == {"date": "dmy"}


def test_one_thing_said_of_two_columns_is_refused_and_names_both(visitor: Door, home: Path) -> None:
    room, _page = seen_after(visitor, home, file("date,item,quantity,sold\n2026-01-05,A,5,5\n2026-01-06,A,4,4\n"))

    answer = visitor.post(f"/analyse/{room.key}/run", {"f0.c2": "quantity", "f0.c3": "quantity"})

    assert answer.status_code == 422
    assert "“quantity” and “sold” are both said to be “Quantity sold or used”" in text_of(answer)
    assert room.note("wanted") is None


def test_an_assumption_that_cannot_be_is_refused_with_what_it_may_be(visitor: Door, home: Path) -> None:
    room, _page = seen_after(visitor, home, file(SALES))

    for typed in ("x", "nan", "-1", "1e999", "101"):
        answer = visitor.post(f"/analyse/{room.key}/run", {"carrying_rate": typed})

        assert answer.status_code == 422
        assert "is a number from 0 to 100" in text_of(answer)


def test_a_pasted_table_is_a_file_too(visitor: Door, home: Path) -> None:
    answer = visitor.post("/analyse", {"pasted": SALES.replace(",", "\t")})
    look(home)

    assert "pasted.csv" in text_of(visitor.get(answer.url))
    assert (room_of(home, answer).note("seen") or {})["files"][0]["kind"] == "demand"


def test_a_second_file_comes_beside_the_first(visitor: Door, home: Path) -> None:
    room, _page = seen_after(visitor, home, file(SALES))

    stock = file("item,on hand,unit cost\nA,5,1.5\nB,3,2\n", "stock.csv")
    visitor.send(f"/analyse/{room.key}/add", files=[stock])
    look(home)

    assert [(one["name"], one["kind"]) for one in (room.note("seen") or {})["files"]] == [
        ("sales.csv", "demand"), ("stock.csv", "stock"),
    ]  # fmt: skip


def test_what_is_no_table_is_told_in_a_sentence(visitor: Door, home: Path) -> None:
    contents = {
        "blank": b"   \n",
        "one": b"one\n1\n2\n",
        "bomb": gzip.compress(b"a,b\n" + b"0,0\n" * 20_000_000),
        "letter": b"%PDF-1.7 x",
        "bytes": b"\x00\x01\x02" * 99,
    }

    _room, page = seen_after(visitor, home, *[file(content, f"{name}.csv") for name, content in contents.items()])

    for said in (
        "blank.csv is empty.",
        "one.csv has one column",
        "more than a table would",
        "letter.csv is a PDF",
        "bytes.csv",
    ):
        assert said in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose a file that is not empty, or paste a table."),
        ([b""], "Choose a file that is not empty, or paste a table."),
        ([b"a,b\n"] * 9, "Bring 8 files at most."),
    ],
)
def test_nothing_and_too_much_are_refused(visitor: Door, home: Path, files: list[bytes], said: str) -> None:
    answer = bring(visitor, *[file(content, f"{number}.csv") for number, content in enumerate(files)])

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not list(home.glob("analyses/*"))


def test_no_more_rooms_than_there_is_space_for(visitor: Door, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_ROOMS", 2)
    assert [bring(visitor, file(SALES)).status_code for _ in range(3)] == [302, 302, 409]


def test_a_room_is_gone_an_hour_after_its_last_step_and_at_once_when_asked(visitor: Door, home: Path) -> None:
    old, asked, kept = (room_of(home, bring(visitor, file(SALES))) for _ in range(3))
    ago = time.time() - rooms.KEPT_SECONDS - 1
    os.utime(old.folder, (ago, ago))

    visitor.send(f"/analyse/{asked.key}/remove")
    look(home)

    assert [path.name for path in home.glob("analyses/*")] == [kept.key]
    assert visitor.get(f"/analyse/{old.key}").status_code == visitor.get(f"/analyse/{asked.key}").status_code == 404


@pytest.mark.parametrize("key", ["..", "%2e%2e", "x" * 22, "../analyses", ""])
def test_only_the_whole_key_opens_a_room(visitor: Door, home: Path, key: str) -> None:
    bring(visitor, file(SALES))

    assert find_room(home, key) is None
    if key and "/" not in key:
        assert visitor.get(f"/analyse/{key}").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\data\\Lager März.csv", "Lager März.csv"), ("..", "table.csv"),
     ("", "table.csv"),
     ("a\nb;rm -rf.csv", "a_b_rm -rf.csv"), (".bashrc", "bashrc"), ("x" * 300 + ".csv", "x" * 56 + ".csv")],
)  # fmt: skip
def test_a_name_from_outside_never_decides_where_a_file_lies(given: str, kept: str) -> None:
    assert fitting(given) == kept


def test_hostile_text_in_a_file_is_only_text_on_the_page(visitor: Door, home: Path) -> None:
    head = '<script>alert(1)</script>,"<img src=x onerror=alert(2)>",{{7*7}}\n'
    hostile = head + "A,5,2026-01-05\nB,<b>x</b>,2026-01-06\n"

    answer = bring(visitor, file(hostile, "<b>x.csv"))
    look(home)

    html = visitor.get(answer.url).content.decode()
    for raw in ("<script>alert", "<img src=x", "<b>x"):
        assert raw not in html


def test_the_process_that_reads_the_file_knows_no_secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from milkrun.jobs import analyses

    monkeypatch.setenv("MILKRUN_SECRET_KEY", "s3cret")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")

    passed = analyses._environment(rooms.open_room(home))

    assert not {"MILKRUN_SECRET_KEY", "DATABASE_URL"} & set(passed)
    assert "s3cret" not in repr(passed)


def test_what_is_wanted_while_another_worker_is_at_it_is_left_to_that_one(
    visitor: Door, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_of(home, bring(visitor, file(SALES)))
    with room.alone():
        assert Analyses(home, "look")(datetime.now(UTC)) == {}
        assert room.note("ended") is None

    look(home)

    assert (room.note("ended") or {})["exit"] == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [("import time; time.sleep(60)", "took_too_long"), ("import os; os.kill(os.getpid(), 9)", "took_too_much")],
)
def test_a_file_that_takes_too_much_ends_its_own_process_only(
    visitor: Door, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoil: str, code: str
) -> None:
    from milkrun.jobs import analyses

    bad = tmp_path / "bad"
    (bad / "polars").mkdir(parents=True)
    (bad / "polars" / "__init__.py").write_text(spoil)
    monkeypatch.setenv("PYTHONPATH", str(bad))
    monkeypatch.setitem(analyses.SECONDS, "look", 2)
    answer = bring(visitor, file(SALES))

    look(home)

    assert (room_of(home, answer).note("ended") or {})["code"] == code
    assert "more time or memory than a page may" in text_of(visitor.get(answer.url))


def test_the_samples_can_be_taken_and_are_understood(visitor: Door, home: Path) -> None:
    taken = [visitor.get(f"/analyse/sample/{name}") for name in SAMPLES]
    files = [file(b"".join(answer.streaming_content), name) for answer, name in zip(taken, SAMPLES, strict=True)]

    room, page = seen_after(visitor, home, *files)

    assert "To be answered:" not in page
    assert {one["kind"] for one in (room.note("seen") or {})["files"]} == {"demand", "stock", "receipts"}
    assert visitor.get("/analyse/sample/../views.py").status_code == 404


def samples() -> list[SimpleUploadedFile]:
    folder = Path(analyse.__file__).parent / "samples"
    return [file((folder / name).read_bytes(), name) for name in SAMPLES]


def test_the_samples_are_analysed_and_everything_can_be_taken_away(visitor: Door, home: Path) -> None:
    room, _page = seen_after(visitor, home, *samples())
    visitor.send(f"/analyse/{room.key}/run", carrying_rate="30")
    assert "Analysing" in text_of(visitor.get(f"/analyse/{room.key}"))

    Analyses(home, "run")(datetime.now(UTC))

    page = text_of(visitor.get(f"/analyse/{room.key}"))
    assert "What was found" in page
    assert "12 items" in page
    assert "MOTR-1" in page
    report = visitor.get(f"/analyse/{room.key}/result/report.html")
    assert "default-src 'none'" in report["Content-Security-Policy"]
    found = json.loads(b"".join(visitor.get(f"/analyse/{room.key}/result/report.json").streaming_content))
    assert (found["items"], len(found["metrics"])) == (12, 8)
    rate = next(one for one in found["assumptions"] if one["name"] == "carrying_rate")
    assert (rate["value"], rate["assumed"]) == (0.3, False)
    for name in ("items.csv", "refused.csv", "mapping.json"):
        assert b"".join(visitor.get(f"/analyse/{room.key}/result/{name}").streaming_content)
    assert visitor.get(f"/analyse/{room.key}/result/seen.json").status_code == 404


def test_columns_and_assumptions_can_be_changed_after_the_result(visitor: Door, home: Path) -> None:
    room, _page = seen_after(visitor, home, *samples())
    visitor.send(f"/analyse/{room.key}/run", service_level="98")
    Analyses(home, "run")(datetime.now(UTC))

    page = visitor.send(f"/analyse/{room.key}/run", back="1").content.decode()

    assert 'id="service_level"' in page
    assert 'value="98"' in page


def test_rows_that_cannot_be_read_are_said_and_handed_out(visitor: Door, home: Path) -> None:
    rows = "".join(f"2026-{month:02}-{day:02},A,{day}\n" for month in range(1, 7) for day in range(1, 28))
    room, _page = seen_after(visitor, home, file(f"date,item,quantity\n{rows}2026-07-01,A,=cmd\n"))
    visitor.send(f"/analyse/{room.key}/run")

    Analyses(home, "run")(datetime.now(UTC))

    assert "Some rows could not be read" in text_of(visitor.get(f"/analyse/{room.key}"))
    refused = b"".join(visitor.get(f"/analyse/{room.key}/result/refused.csv").streaming_content).decode()
    assert refused.splitlines()[1:] == ["sales.csv,164,quantity,'=cmd,is no number"]


def test_what_cannot_be_analysed_comes_back_to_the_columns_with_a_sentence(visitor: Door, home: Path) -> None:
    room, _page = seen_after(visitor, home, file("date,item,quantity\n02/03/04,A,5\n03/04/05,A,4\n"))
    visitor.send(f"/analyse/{room.key}/run")

    Analyses(home, "run")(datetime.now(UTC))

    page = text_of(visitor.get(f"/analyse/{room.key}"))
    assert "What the columns are" in page
    assert "Traceback" not in page


def test_two_files_of_one_name_are_two_files(visitor: Door, home: Path) -> None:
    room = room_of(home, bring(visitor, file(SALES, "销售.csv"), file(SALES, "库存.csv"), file(SALES, "库存.csv")))

    assert [path.name for path in room.files] == ["库存-2.csv", "库存.csv", "销售.csv"]


def test_what_an_earlier_run_found_never_stands_for_other_answers(
    visitor: Door, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room, _page = seen_after(visitor, home, *samples())
    visitor.send(f"/analyse/{room.key}/run")
    Analyses(home, "run")(datetime.now(UTC))
    assert (room.report / "report.html").exists()
    (tmp_path / "bad" / "polars").mkdir(parents=True)
    (tmp_path / "bad" / "polars" / "__init__.py").write_text("raise RuntimeError('a fault of ours')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "bad"))

    visitor.send(f"/analyse/{room.key}/run", service_level="99")
    Analyses(home, "run")(datetime.now(UTC))

    page = text_of(visitor.get(f"/analyse/{room.key}"))
    assert "What was found" not in page
    assert "The files could not be analysed." in page
    assert not room.report.exists()


def test_a_room_that_is_removed_while_it_is_worked_on_ends_the_work_and_stops_no_other(
    visitor: Door, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bad" / "polars").mkdir(parents=True)
    (tmp_path / "bad" / "polars" / "__init__.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "bad"))
    room = room_of(home, bring(visitor, file(SALES)))
    removing = threading.Timer(1.0, room.remove)
    removing.start()

    assert Analyses(home, "look")(datetime.now(UTC)) == {}

    removing.join()
    assert not list(home.glob("analyses/*"))


def test_more_columns_than_a_page_can_ask_about_are_told(visitor: Door, home: Path) -> None:
    wide = ",".join(f"c{number}" for number in range(61)) + "\n" + ",".join("1" * 61) + "\n"

    _room, page = seen_after(visitor, home, file(wide))

    assert "61 columns" in page


def test_a_room_and_its_name_are_for_nobody_else_on_the_machine(visitor: Door, home: Path) -> None:
    room = room_of(home, bring(visitor, file(SALES)))

    assert [oct(path.stat().st_mode & 0o777) for path in (room.folder.parent, room.folder)] == ["0o700", "0o700"]


def test_a_body_larger_than_any_form_is_refused_before_it_is_read(visitor: Door, home: Path) -> None:
    answer = visitor.generic("POST", "/analyse", b"x", CONTENT_LENGTH=str(80 << 20))

    assert answer.status_code == 413


def test_what_lies_in_a_room_counts_with_what_is_added(
    visitor: Door, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from milkrun.web.analyse import views

    room, _page = seen_after(visitor, home, file(SALES))
    monkeypatch.setattr(views, "LARGEST", room.size + 10)

    answer = visitor.post(f"/analyse/{room.key}/add", {"files": [file(SALES, "more.csv")]})

    assert answer.status_code == 422
    assert len(room.files) == 1


def test_the_page_has_words_for_all_that_the_analysis_knows_and_names_its_usual_numbers() -> None:
    assert set(asking.KINDS) == set(KINDS)
    assert set(asking.FIELDS) == set(FIELDS)
    assert set(found.WAYS) == set(VERDICTS)
    usual = Settings()
    assert [float(one.usual) for one in asking.ASSUMPTIONS] == [
        getattr(usual, one.name) * one.parts for one in asking.ASSUMPTIONS
    ]
