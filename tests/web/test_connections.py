"""The pages of connections: last sync, lag and errors; webhooks; tables by hand."""

import re
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from milkrun.connections.models import ImportRun, Note, Webhook
from tests.api.machine import call_body, machine
from tests.web.door import Door
from tests.world import World


def test_a_connection_shows_its_last_sync_its_lag_and_its_errors(world: World, admin: Door) -> None:
    mes = machine("*", name="ERP north")
    early = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    mes.post("/sites/MAIN/calls", call_body(world, "K1"), **{"Event-Time": early})
    mes.post("/sites/MAIN/calls", {"partner": "OEM01"})

    listed = admin.get("/connections").content.decode()
    where = re.search(r"/connections/token-[0-9a-f]{8}", listed)
    assert where
    one = admin.get(where[0]).content.decode()

    row = listed[listed.index("ERP north") :]
    assert "Late" in row[:600]
    assert "3 h 0 min" in row[:1500]
    assert "receive_jit_call" in one
    assert "invalid" in one
    assert admin.get("/connections/token-00000000").status_code == 404


def test_a_webhook_is_made_tested_and_its_secret_shown_once(world: World, admin: Door) -> None:
    given = {"name": "ERP", "url": "https://8.8.8.8/hooks", "all": "1", "where": "all"}
    inside = admin.send("/connections/webhooks/new", **{**given, "url": "https://127.0.0.1/"})
    made = admin.send("/connections/webhooks/new", **given)
    page = f"/connections/webhooks/{Webhook.objects.get().public_id}"
    admin.send(f"{page}/test")

    assert inside.status_code == 422
    assert "private network" in inside.content.decode()
    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", made.content.decode())
    assert made.headers["Cache-Control"] == "no-store"
    assert "whsec_" not in admin.get(page).content.decode()
    assert Note.objects.get().event.kind == "webhook.test"


def test_a_webhook_is_changed_rotated_paused_and_told_again(world: World, admin: Door) -> None:
    admin.send("/connections/webhooks/new", name="ERP", url="https://8.8.8.8/hooks", all="1", where="site")
    page = f"/connections/webhooks/{Webhook.objects.get().public_id}"

    changed = admin.send(f"{page}/change", name="ERP 2", url="https://8.8.4.4/", kind=["call.received"])
    rotated = admin.send(f"{page}/rotate")
    again = admin.send(f"{page}/replay", since="2026-01-01T00:00")
    wrong = admin.send(f"{page}/replay", since="soon")
    paused = admin.send(f"{page}/switch", switch="pause")
    twice = admin.send(f"{page}/switch", switch="pause")
    gone = admin.send(f"{page}/switch", switch="remove")

    assert "8.8.4.4" in changed.content.decode()
    assert "whsec_" in rotated.content.decode()
    assert "0 events are sent again" in again.content.decode()
    assert [one.status_code for one in (wrong, paused, twice, gone)] == [422, 200, 409, 200]
    assert Webhook.objects.get().state == "removed"
    assert admin.get(page).status_code == 404


def test_a_table_is_taken_in_by_hand_and_its_bad_rows_downloaded(world: World, admin: Door) -> None:
    file = SimpleUploadedFile("items.csv", b"part;base_unit\nNEW;PCE\nBAD;XXX\n")
    page = admin.post("/connections/imports/upload", {"kind": "items", "file": file}).content.decode()
    run = ImportRun.objects.get()
    aside = admin.get(f"/connections/imports/{run.public_id}/set-aside.csv").content.decode("utf-8-sig")

    assert "Unit XXX is not known." in page
    assert aside == "part;base_unit\r\nBAD;XXX\r\n"
    assert "items.csv" in admin.get("/connections/imports?kind=items").content.decode()
    assert admin.get("/connections/imports/sample/calls.csv").content.decode("utf-8-sig").startswith("customer;call;")
    empty = admin.post("/connections/imports/upload", {"kind": "moons"})
    assert empty.status_code == 422


def test_late_data_raise_an_alert_that_closes_by_itself(world: World) -> None:
    from milkrun.connections.commands.note_sync import note_sync
    from milkrun.insight.queries.metrics import BY_NAME, Wanted
    from milkrun.partners.models import ApiToken

    machine("*", name="ERP")

    key, now = ApiToken.objects.get().prefix, datetime.now(UTC)
    metric = BY_NAME["connection_late"]
    note_sync(kind="token", key=key, at=now, done=1, event_at=now - timedelta(hours=2))
    found = metric.search(Wanted(now, "above", metric.standard.threshold, (world.site_id,)))  # type: ignore[union-attr]
    note_sync(kind="token", key=key, at=now, done=1, event_at=now - timedelta(minutes=1))
    after = metric.search(Wanted(now, "above", metric.standard.threshold, (world.site_id,)))  # type: ignore[union-attr]

    assert [(one.label, one.facts["minutes"]) for one in found] == [("ERP", "120")]
    assert list(after) == []
