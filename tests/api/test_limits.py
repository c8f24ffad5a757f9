"""A token's rate, its sites, and what is counted of a machine."""

import pytest

from milkrun.api.limits import Buckets
from milkrun.connections.models import ConnectionDay, ConnectionFault
from tests.api.machine import Machine, call_body, machine
from tests.world import World

SITE = "/sites/MAIN"


def test_a_bucket_holds_a_minutes_worth_and_fills_evenly() -> None:
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])

    burst = [buckets.take("a", 60) for _ in range(61)]
    now[0] = 1.0
    after = buckets.take("a", 60), buckets.take("a", 60)

    assert burst[:60] == [0.0] * 60
    assert burst[60] == pytest.approx(1.0)
    assert (after[0], after[1] > 0) == (0.0, True)
    assert buckets.take("b", 60) == 0.0


def test_a_token_that_asks_too_often_is_told_how_long_to_wait(world: World) -> None:
    mes = machine("*", name="Fast", requests_per_minute=2)

    statuses = [mes.get("/sites").status_code for _ in range(2)]
    refused = mes.get("/sites")

    assert statuses == [200, 200]
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 31


def test_a_token_of_one_site_opens_that_site_only(world: World) -> None:
    from milkrun.partners.commands.create_site import create_site

    create_site(code="TWO", name="Two", zone="UTC", docks=(), actor=world.actor, at=world.later())
    mes = machine("*", name="Two", site_codes=["TWO"])

    assert [site["code"] for site in mes.read("/sites")["items"]] == ["TWO"]
    assert mes.get("/sites/TWO/calls").status_code == 200
    for path in (f"{SITE}/calls", "/outbox", "/interchanges", "/webhooks"):
        assert mes.get(path).status_code == 403, path
    taken = mes.send("/partners/OEM01/interchanges", b"UNB", "application/edifact")
    assert (taken.status_code, taken.json()["code"]) == (403, "forbidden")
    assert mes.post(f"{SITE}/calls", call_body(world, "K1")).status_code == 403


def test_what_counts_at_every_site_needs_a_token_for_every_site(world: World) -> None:
    from milkrun.partners.commands.create_site import create_site

    one, rule = machine("*", name="One", site_codes=["MAIN"]), {"partner": "OEM01", "change_after_release": "ask"}
    status = {"partner": "OEM01", "transmitted": "B", "action": "skip"}
    alone = [one.post(f"{SITE}/call-rules", rule).status_code, one.post(f"{SITE}/call-statuses", status).status_code]
    create_site(code="TWO", name="Two", zone="UTC", docks=(), actor=world.actor, at=world.later())
    both = machine("*", name="Both", site_codes=["MAIN", "TWO"])
    world.call(world.sequenced(471))
    stream = {"plant": "21", "stream": "03", "state": "released"}

    for path, body in (("call-rules", rule), ("call-statuses", status)):
        refused = one.post(f"{SITE}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), path
        assert "this is about the whole company" in refused.json()["detail"]
        assert both.post(f"{SITE}/{path}", body).status_code == 200
    assert alone == [200, 200]
    assert one.post(f"{SITE}/call-rules", {**rule, **stream}).status_code == 200


def test_a_machine_is_counted_with_its_lag_and_its_refusals(world: World, mes: Machine) -> None:
    prefix = mes.token.partition(".")[0]
    mes.post(f"{SITE}/calls", call_body(world, "K1"), key="one", **{"Event-Time": "2026-01-01T00:00:00+01:00"})
    mes.post(f"{SITE}/calls", call_body(world, "K1"), key="one")
    mes.post(f"{SITE}/calls", {"partner": "OEM01"})
    mes.read(f"{SITE}/calls")

    (day,) = ConnectionDay.objects.filter(kind="token", key=prefix)
    (fault,) = ConnectionFault.objects.filter(kind="token", key=prefix)

    assert (day.done, day.failed) == (1, 1)
    assert day.lag_seconds is not None
    assert day.lag_seconds > 3600
    assert (fault.what, fault.code) == ("receive_jit_call", "invalid")
    odd = mes.post(f"{SITE}/calls", call_body(world, "K2"), **{"Event-Time": "yesterday"})
    assert (odd.status_code, odd.json()["code"]) == (400, "malformed_request")


def test_old_request_keys_are_forgotten_and_those_of_delivery_notes_never(world: World, mes: Machine) -> None:
    from datetime import timedelta

    from milkrun.kernel.models import RequestKey
    from milkrun.kernel.once import forget

    mes.do(f"{SITE}/calls", call_body(world, "K1"))
    at = RequestKey.objects.get().at
    RequestKey.objects.create(scope="drop:MAIN:receipts", key="DN1/1", body_hash="", result="{}", at=at)

    assert forget(at + timedelta(days=29)) == 0
    assert forget(at + timedelta(days=31)) == 1
    assert RequestKey.objects.get().scope == "drop:MAIN:receipts"
