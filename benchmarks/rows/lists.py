"""The call monitor at 100,000 calls: the first page and one deep in the list, through the whole web stack."""

import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.plant import NOW, Plant

PAGE = 50


def rows(plant: Plant, quick: bool) -> Iterator[Row]:
    """Prepare the row."""
    from django.urls import reverse

    calls = 5_000 if quick else 100_000
    calls = _fill(plant, calls)
    planner = browser(plant)
    first = reverse("calls")
    deep = f"{first}?after={_deep_cursor(plant, calls // 2)}"
    times = 5 if quick else 40

    def pages(address: str, latencies: list[float]) -> Callable[[], int]:
        def work() -> int:
            for _ in range(times):
                began = time.perf_counter()
                answer = planner.get(address, follow=True)
                latencies.append(time.perf_counter() - began)
                assert answer.status_code == 200, answer.status_code
                assert answer.content.count(b"data-row=") == PAGE
            return times

        return work

    def offset() -> int:
        for _ in range(max(times // 5, 2)):
            _offset_page(plant, calls // 2)
        return max(times // 5, 2)

    contenders = [
        Contender("Milkrun", "milkrun", lambda: 0, note="first page"),
        Contender("deep page", "page", lambda: 0, note="half way down"),
        Contender("OFFSET and count", "peer", offset, note="plain ORM, the same rows, no page around them"),
    ]
    contenders[0].work = pages(first, contenders[0].latencies)
    contenders[1].work = pages(deep, contenders[1].latencies)
    yield Row(
        "list",
        f"list page over {calls:,} calls",
        "page",
        contenders,
        [Goal("OFFSET and count", 50)],
        ["goals: at most 5 ms of processor a page; the deep page within 1.2 times the first."],
    )


def browser(plant: Plant) -> Any:
    """Return a client of the web stack in which a planner is signed in."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(_planner(plant), "django.contrib.auth.backends.ModelBackend")
    return client


def _fill(plant: Plant, calls: int) -> int:
    from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
    from milkrun.demand.models import JitCall

    there = JitCall.objects.filter(site_id=plant.site_id).count()
    while there < calls:
        receive_jit_calls(
            calls=tuple(plant.call(1) for _ in range(2_000)),
            site_id=plant.site_id,
            partner_id=plant.partner_id,
            source="api",
            actor=plant.actor,
            at=NOW,
        )
        there += 2_000
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return there


def _planner(plant: Plant) -> Any:
    from milkrun.partners.commands.create_user import create_user
    from milkrun.partners.models import User

    found = User.objects.first()
    if found is None:
        create_user(
            email="planner@plant.example",
            name="Planner",
            password=secrets.token_urlsafe(20),
            roles=("admin",),
            actor=plant.actor,
            at=NOW,
        )
        found = User.objects.get()
    return found


def _deep_cursor(plant: Plant, place: int) -> str:
    from milkrun.demand.models import JitCall
    from milkrun.kernel.paging import cursor

    row = JitCall.objects.filter(site_id=plant.site_id).order_by("required_at", "id")[place]
    return cursor(row.required_at, row.pk)


def _offset_page(plant: Plant, start: int) -> None:
    from milkrun.demand.models import JitCall

    rows = JitCall.objects.filter(site_id=plant.site_id).order_by("required_at", "id")
    assert rows.count()
    assert len(rows.select_related("partner", "ship_to").prefetch_related("groups__components")[start : start + PAGE])
