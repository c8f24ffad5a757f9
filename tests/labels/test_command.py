"""`milkrun label`: data in a file, a label on stdout, no database."""

import json
from pathlib import Path

import pytest

from milkrun.cli.main import main
from milkrun.labels import SAMPLES, plain, shipped


def run(capfdbinary: pytest.CaptureFixture, tmp_path: Path, document: object, *options: str) -> tuple[int, bytes, str]:
    file = tmp_path / "label.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    code = main(["label", str(file), *options])
    out, err = capfdbinary.readouterr()
    return code, out, err.decode()


@pytest.mark.parametrize(("form", "first"), [("zpl", b"^XA^CI28"), ("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_a_label_is_written_in_each_form(capfdbinary, tmp_path: Path, form: str, first: bytes) -> None:
    code, out, err = run(capfdbinary, tmp_path, {"data": SAMPLES}, "--as", form, "--template", "gtl")

    assert (code, err) == (0, "")
    assert out.startswith(first)


def test_many_labels_are_pages_of_one_pdf_and_labels_of_one_job(capfdbinary, tmp_path: Path) -> None:
    document = {"template": "tag", "labels": [{"sscc": f"{n:018d}"} for n in range(7)]}

    code, out, _ = run(capfdbinary, tmp_path, document, "--as", "zpl")

    assert (code, out.count(b"^XA")) == (0, 7)


def test_a_layout_of_ones_own_is_taken_from_the_file(capfdbinary, tmp_path: Path) -> None:
    layout = {**plain(shipped("tag")), "fields": [{"kind": "text", "x": 1, "y": 1, "w": 50, "h": 5, "source": "lot"}]}

    code, out, _ = run(capfdbinary, tmp_path, {"layout": layout, "data": {"lot": "L7"}}, "--as", "zpl")

    assert code == 0
    assert out.count(b"^FD") == 1


def test_what_cannot_be_shown_is_said_and_the_label_written_all_the_same(capfdbinary, tmp_path: Path) -> None:
    code, out, err = run(capfdbinary, tmp_path, {"data": {"sscc": "1" * 18, "link": "x" * 4000}}, "--as", "zpl")

    assert (code, out[:3]) == (1, b"^XA")
    assert err.startswith("milkrun: not_shown: label 1: Field")


@pytest.mark.parametrize(
    ("document", "options", "code"),
    [
        ("{", (), "not_json"),
        ("[]", (), "not_a_label"),
        ({"data": {"nothing": "x"}}, (), "not_a_label"),
        ({"labels": []}, (), "not_a_label"),
        ({"data": {}}, ("--template", "../secret"), "unknown_template"),
        ({"layout": {"fields": []}}, (), "not_a_layout"),
    ],
)
def test_what_is_no_label_ends_in_one_line(capfdbinary, tmp_path: Path, document, options, code: str) -> None:
    exit_code, out, err = run(capfdbinary, tmp_path, document, "--as", "pdf", *options)

    assert (exit_code, out) == (2, b"")
    assert err.startswith(f"milkrun: {code}: ")
    assert err.count("\n") == 1


def test_a_picture_shows_one_label(capfdbinary, tmp_path: Path) -> None:
    code, _, err = run(capfdbinary, tmp_path, {"labels": [{}, {}]}, "--as", "png")

    assert (code, err.split(":")[1]) == (2, " one_picture")


def test_a_file_that_is_not_there_is_said(capfdbinary) -> None:
    assert main(["label", "/no/such/file", "--as", "zpl"]) == 2
    assert b"unreadable_file" in capfdbinary.readouterr().err
