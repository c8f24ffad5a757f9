"""The steps of test_once for production, in an order in which each is possible."""

from collections.abc import Callable
from typing import Any

from tests.api.machine import Machine, call_body
from tests.api.test_path import SITE
from tests.world import World

Step = tuple[str, str, Any]


def make_steps(mes: Machine, world: World) -> list[tuple[str, Callable[[], Step]]]:
    """Name every POST of production with what makes its path and body."""
    known: dict[str, str] = {}
    why = {"reason": "because"}

    def to(path: str, body: Any = None) -> Step:
        return path, "application/json", body

    def on_job(verb: str, body: Any) -> Callable[[], Step]:
        def step() -> Step:
            given = {"signal": "stock", "signal_text": "target 40", "part": "SEAT-105A", "qty": "5"}
            given |= {"due_at": "2026-12-01T10:00:00+01:00"}
            known["job"] = mes.do(f"{SITE}/jobs", given)["job_id"]
            return to(f"{SITE}/jobs/{known['job']}/{verb}", body)

        return step

    def steps_of_job() -> Step:
        from decimal import Decimal

        from milkrun.parts.commands.create_work_centre import create_work_centre
        from milkrun.parts.commands.set_routing import StepInput, set_routing

        who = {"site_id": world.site_id, "actor": world.actor, "at": world.later()}
        create_work_centre(code="SEW", **who)
        plan = tuple(StepInput(n, "SEW", Decimal(1), Decimal(1)) for n in (10, 20))
        set_routing(part_id=world.parts["SEAT-105A"], steps=plan, **who)
        return on_job("steps", {"position": 1, "step_no": 10, "qty": "2", "source": "MES line 4"})()

    def take_back() -> Step:
        path, _, body = on_job("confirm", {"reports": [{"position": 1, "good": "1"}]})()
        made = mes.do(path, body)["confirmations"][0]["confirmation_id"]
        return to(f"{SITE}/confirmations/{made}/reverse", why)

    def retry() -> Step:
        job = mes.do(f"{SITE}/calls", call_body(world, "MANY", qty="100000"))["call_id"]
        job = mes.do(f"{SITE}/calls/release", {"call_ids": [job]})["jobs"][0]["job_id"]
        body = {"reports": [{"position": 1, "good": "100"}, {"position": 1, "good": "100"}][:1]}
        body["reports"][0]["good"] = "90000"
        made = mes.do(f"{SITE}/jobs/{job}/confirm", body)["confirmations"][0]
        assert not made["posted"]
        return to(f"{SITE}/confirmations/reprocess", {"confirmation_ids": [made["confirmation_id"]]})

    run = {"part": "SEAT-105A", "good": "7", "scrap": "1", "source": "MES line 4"}
    run |= {"from_at": "2026-11-21T06:00:00+01:00", "to_at": "2026-11-21T14:00:00+01:00"}
    job = {"signal": "kanban", "signal_text": "KB-7", "part": "SEAT-105A", "qty": "5"}
    later = {"due_at": "2026-12-03T10:00:00+01:00", **why}
    return [
        ("create_job", lambda: to(f"{SITE}/jobs", {**job, "due_at": "2026-12-01T10:00:00+01:00"})),
        ("start_job", on_job("start", {"source": "MES line 4"})),
        ("pause_job", on_job("pause", {"source": "MES line 4", "reason": "break"})),
        ("reschedule_job", on_job("reschedule", later)),
        ("cancel_job", on_job("cancel", why)),
        ("close_job", on_job("close", why)),
        ("confirm_step", steps_of_job),
        ("report_production", lambda: to(f"{SITE}/production-runs", run)),
        ("reverse_confirmation", take_back),
        ("reprocess_postings", retry),
    ]  # fmt: skip
