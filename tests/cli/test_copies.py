"""A copy is made while everything runs and comes back whole: into an empty database only, with everything held."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.cli.commandline import milkrun, spoken
from tests.world import build_world


def empty_database(url: str, folder: Path) -> str:
    """Make an empty database beside the test's own; returns its address."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder}/restored.sqlite3"
    from django.db import connection

    name = f"restored_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def test_a_copy_comes_back_whole_with_everything_held(committed_db, tmp_path: Path) -> None:
    from milkrun.exchange.models import OutboxMessage
    from milkrun.partners.models import ApiToken
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue
    from tests.api.machine import machine

    world = build_world()
    delivery = world.picked(*world.packed(world.summarized("DON1")))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    machine("*")
    waiting = OutboxMessage.objects.filter(state="queued").count()
    copy, target = tmp_path / "copy.milkrun", empty_database(committed_db.url, tmp_path)

    made = milkrun("backup", str(copy), "--json")
    twice = milkrun("backup", str(copy))
    back = milkrun("restore", str(copy), "--json", DATABASE_URL=target)
    again = milkrun("restore", str(copy), DATABASE_URL=target)
    whole = milkrun("export", "calls", DATABASE_URL=target)

    assert made.returncode == 0, made.stderr
    assert copy.stat().st_mode & 0o077 == 0
    assert (twice.returncode, twice.stderr.split(":")[1].strip()) == (2, "file_exists")
    assert back.returncode == 0, back.stderr
    said = spoken(back)
    assert (said["ok"], said["held"]["outbox"], said["held"]["tokens"]) == (True, waiting, 1)
    assert waiting > 0
    assert (again.returncode, again.stderr.split(":")[1].strip()) == (2, "not_empty")
    assert "DON1" in whole.stdout
    # The installation that was copied goes on as it was.
    assert OutboxMessage.objects.filter(state="queued").count() == waiting
    assert ApiToken.objects.get().revoked_at is None


def test_what_is_no_copy_is_not_brought_back(committed_db, tmp_path: Path) -> None:
    (tmp_path / "odd").write_text("nothing")
    target = f"sqlite:///{tmp_path}/none.sqlite3"

    odd = milkrun("restore", str(tmp_path / "odd"), DATABASE_URL=target)
    gone = milkrun("restore", str(tmp_path / "gone"), DATABASE_URL=target)

    assert (odd.returncode, odd.stderr.split(":")[1].strip()) == (2, "wrong_copy")
    assert (gone.returncode, gone.stderr.split(":")[1].strip()) == (2, "no_copy")
