"""The supply line at work: fifty calls released at once, and a goods issue until its shipping notice is a file."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.plant import NOW, Plant

SELECTION = 50
ON_A_TRUCK = 10
COMPONENTS = 5


def release(plant: Plant, quick: bool) -> Iterator[Row]:
    """Fifty calls that stock covers, in one selection and one by one."""
    chosen: list[int] = []

    def before() -> None:
        chosen[:] = received(plant, SELECTION)

    yield Row(
        "release",
        f"bulk release of {SELECTION} calls with {COMPONENTS} components each",
        "selection",
        [
            Contender("Milkrun", "milkrun", lambda: released(plant, chosen), before, note="one answer a call"),
            Contender("one by one", "peer", lambda: _each(plant, chosen), before),
        ],
        [Goal("one by one", 2)],
    )


def issue(plant: Plant, quick: bool) -> Iterator[Row]:
    """Goods issue of a truck, alone and until the notice lies in the customer's folder."""
    waiting: list[int] = []
    latencies: tuple[list[float], list[float]] = ([], [])

    def before() -> None:
        waiting[:] = [loaded(plant)]

    def posted() -> int:
        began = time.perf_counter()
        issued(plant, waiting)
        latencies[0].append(time.perf_counter() - began)
        return 1

    def sent() -> int:
        from milkrun.gateway.send import send_due

        began = time.perf_counter()
        issued(plant, waiting)
        send_due(home=Path(os.environ["MILKRUN_HOME"]), actor=plant.actor, at=NOW + timedelta(days=1))
        latencies[1].append(time.perf_counter() - began)
        return 1

    yield Row(
        "issue",
        f"goods issue of {ON_A_TRUCK} calls with {COMPONENTS} components each",
        "truck",
        [
            Contender(
                "Milkrun", "milkrun", posted, before, note="stock, calls, notice in the outbox", latencies=latencies[0]
            ),
            Contender(
                "until the DESADV is a file", "page", sent, before, note="the same and sending", latencies=latencies[1]
            ),
        ],
    )


def received(plant: Plant, count: int, components: int = COMPONENTS) -> list[int]:
    """Take in calls that are new; returns their keys."""
    from milkrun.demand.commands.receive_jit_calls import receive_jit_calls

    done = receive_jit_calls(
        calls=tuple(plant.call(components) for _ in range(count)),
        site_id=plant.site_id, partner_id=plant.partner_id, source="api", actor=plant.actor, at=NOW,
    )  # fmt: skip
    return _keys(plant, [outcome.public_id for outcome in done.outcomes])


def _keys(plant: Plant, public_ids: list[str]) -> list[int]:
    from milkrun.demand.queries import call_ids

    return list(call_ids(plant.site_id, public_ids))


def released(plant: Plant, calls: list[int]) -> int:
    """Release a selection."""
    from milkrun.production.commands.release_calls import release_calls

    done = release_calls(call_ids=calls, actor=plant.actor, at=NOW)
    assert all(answer.outcome in ("ready", "released") for answer in done.answers), done.answers[:3]
    return 1


def _each(plant: Plant, calls: list[int]) -> int:
    for call in calls:
        released(plant, [call])
    return 1


def loaded(plant: Plant) -> int:
    """Bring new calls onto a picked delivery; returns its key."""
    from milkrun.demand.models import Component
    from milkrun.shipping.commands.confirm_packing import confirm_packing
    from milkrun.shipping.commands.create_delivery import create_delivery
    from milkrun.shipping.commands.pick_delivery import pick_delivery
    from milkrun.shipping.commands.release_for_packing import release_for_packing

    who: Any = {"actor": plant.actor, "at": NOW}
    calls = received(plant, ON_A_TRUCK)
    released(plant, calls)
    release_for_packing(call_ids=calls, **who)
    parts = Component.objects.filter(group__call_id__in=calls).order_by("group__slot__position", "line_no")
    for rack, number, qty in parts.values_list("group__slot__packing_group_id", "customer_part_no", "qty"):
        confirm_packing(packing_group_id=rack, scan=number, qty=qty, **who)
    delivery = create_delivery(call_ids=calls, **who).delivery_id
    pick_delivery(delivery_id=delivery, **who)
    return delivery


def issued(plant: Plant, deliveries: list[int]) -> int:
    """Post the goods issue."""
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    for delivery in deliveries:
        post_goods_issue(delivery_id=delivery, actor=plant.actor, at=NOW)
    return len(deliveries)
