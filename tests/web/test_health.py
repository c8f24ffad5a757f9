"""What monitoring is told, and whom the figures are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from milkrun.kernel.tasks import HEARTBEAT, TaskReport, report
from milkrun.partners.commands.create_token import create_token
from tests.world import build_world

pytestmark = pytest.mark.django_db


def beat(seconds_ago: int = 0) -> None:
    """Let a worker have been seen."""
    report([TaskReport(HEARTBEAT, datetime.now(UTC) - timedelta(seconds=seconds_ago))])


def test_alive_needs_no_database_and_no_sign_in(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_when_database_worker_and_disk_are(client: Client) -> None:
    beat()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "worker": "ok", "disk": "ok"}


@pytest.mark.parametrize("ago", [None, 31])
def test_not_ready_without_a_living_worker(ago: int | None, client: Client) -> None:
    if ago:
        beat(ago)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["worker"] != "ok"


def test_metrics_tell_what_waits_and_what_is_broken(client: Client) -> None:
    beat()
    now = datetime.now(UTC)
    report([TaskReport("verify", now, result={"verified_at": now.isoformat(), "violations": 2})])
    client.get("/healthz")

    told = client.get("/metrics").content.decode()

    assert 'milkrun_outbox_messages{state="queued"} 0.0' in told
    assert 'milkrun_inbound_messages{state="waiting"} 0.0' in told
    assert "milkrun_outbox_oldest_seconds 0.0" in told
    assert "milkrun_verify_violations 2.0" in told
    assert "milkrun_worker_heartbeat_age_seconds" in told
    assert 'milkrun_http_requests_total{method="GET",route="healthz",status="200"}' in told


@pytest.mark.parametrize(
    "asking", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, {"REMOTE_ADDR": ""}]
)
def test_metrics_are_not_for_strangers(asking: dict[str, str], client: Client) -> None:
    answer = client.get("/metrics", **asking)

    assert answer.status_code == 403


@pytest.mark.parametrize(("scope", "status"), [("read", 200), ("confirm_job", 403)])
def test_metrics_are_for_a_token_that_may_read(scope: str, status: int, client: Client) -> None:
    world = build_world()
    now = datetime.now(UTC)
    made = create_token(
        name="Prometheus", scopes=[scope], expires_at=now + timedelta(days=1), actor=world.actor, at=now
    )

    answer = client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=f"Bearer {made.token}")

    assert answer.status_code == status
