"""The partners' folders: complete plain files only, removed when stored, put aside when refused."""

import os
import stat

import pytest

from milkrun.demand.models import JitCall
from milkrun.exchange.models import Interchange
from milkrun.gateway import folders
from tests.gateway.files import sample, two_vehicles

pytestmark = pytest.mark.django_db
GOOD = sample("deljit_jis_two_vehicles.edi")


def test_a_taken_file_is_gone_and_its_bytes_are_kept(inbox, tick) -> None:
    (inbox / "call.edi").write_bytes(GOOD)

    (report,) = tick()

    assert (report.verdict, list(inbox.iterdir())) == ("accepted", [])
    assert bytes(Interchange.objects.get().content) == GOOD


def test_a_refused_file_is_put_aside_and_never_over_another_one(home, inbox, tick) -> None:
    bad = [two_vehicles(("UNT+24+1'", f"UNT+{count}+1'")) for count in (22, 23)]
    for data in bad:
        (inbox / "call.edi").write_bytes(data)
        tick()

    aside = home / "quarantine" / "OEM01"
    assert sorted(path.name for path in aside.iterdir()) == ["2-call.edi", "call.edi"]
    assert sorted(path.read_bytes() for path in aside.iterdir()) == sorted(bad)
    assert list(inbox.iterdir()) == []


def test_files_are_taken_oldest_first(inbox, tick) -> None:
    for name, age, control in (("b.edi", 100, "1"), ("a.edi", 50, "2"), ("c.edi", 200, "3")):
        (inbox / name).write_bytes(two_vehicles(control=f"0000000000000{control}"))
        os.utime(inbox / name, (1_700_000_000 - age, 1_700_000_000 - age))

    tick()

    names = Interchange.objects.order_by("pk").values_list("file_name", flat=True)
    assert list(names) == ["c.edi", "b.edi", "a.edi"]


@pytest.mark.parametrize("name", ["call.edi.tmp", ".call.edi"])
def test_an_unfinished_file_is_left_alone(inbox, tick, name: str) -> None:
    (inbox / name).write_bytes(GOOD)

    tick()

    assert (inbox / name).exists()
    assert not Interchange.objects.exists()


def test_links_pipes_and_folders_are_passed_over_and_nothing_hangs(inbox, tick, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(GOOD)
    (inbox / "link.edi").symlink_to(secret)
    (inbox / "up.edi").symlink_to("../../secret")
    os.mkfifo(inbox / "pipe.edi")
    (inbox / "folder.edi").mkdir()

    tick()

    assert not Interchange.objects.exists()
    assert secret.read_bytes() == GOOD
    assert stat.S_ISFIFO((inbox / "pipe.edi").stat().st_mode)


@pytest.mark.parametrize("name", ["a..%2f..%2fx.edi", "a b;rm -rf.edi", "ü\n.edi", "CON", "-rf", "x" * 250])
def test_a_strange_name_is_only_a_name(home, inbox, tick, name: str) -> None:
    (inbox / name).write_bytes(b"rubbish")
    (home / "neighbour").write_bytes(b"untouched")

    tick()

    assert [path.read_bytes() for path in (home / "quarantine" / "OEM01").iterdir()] == [b"rubbish"]
    assert (home / "neighbour").read_bytes() == b"untouched"
    assert Interchange.objects.get().file_name == name[:200]


@pytest.mark.parametrize("code", ["../../etc", "/etc/passwd", "..", ".", "a/b", "\x00", ""])
def test_no_partner_code_leads_out_of_the_data_folder(home, code: str) -> None:
    for folder in (folders.inbox_folder, folders.outbox_folder, folders.quarantine_folder):
        assert home.resolve() in folder(home, code).resolve().parents


def test_an_oversized_file_is_put_aside_without_being_read(home, inbox, tick) -> None:
    with (inbox / "huge.edi").open("wb") as file:
        file.truncate(folders.LARGEST + 1)

    (report,) = tick()

    assert (report.verdict, "is larger than 64 MB" in report.reason) == ("rejected", True)
    assert [path.name for path in (home / "quarantine" / "OEM01").iterdir()] == ["huge.edi"]
    assert not JitCall.objects.exists()


def test_a_poor_file_does_not_stop_the_ones_behind_it(inbox, tick) -> None:
    (inbox / "1.edi").write_bytes(b"rubbish")
    os.utime(inbox / "1.edi", (1, 1))
    (inbox / "2.edi").write_bytes(GOOD)

    reports = tick()

    assert [report.verdict for report in reports] == ["rejected", "accepted"]
    assert JitCall.objects.count() == 2


def test_the_same_file_dropped_again_is_removed_and_changes_nothing(inbox, tick) -> None:
    for _ in range(3):
        (inbox / "call.edi").write_bytes(GOOD)
        tick()

    assert (Interchange.objects.get().copies, JitCall.objects.count(), list(inbox.iterdir())) == (3, 2, [])
