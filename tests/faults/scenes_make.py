"""Scenes of production: jobs for any signal, their ends, reports by period, postings in bulk, work centres."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from milkrun.partners.models import User
from milkrun.parts.commands.create_part import Ingredient, create_part
from milkrun.parts.commands.create_work_centre import create_work_centre as new_work_centre
from milkrun.parts.commands.set_capacity import DayMinutes
from milkrun.parts.commands.set_routing import StepInput
from milkrun.parts.commands.set_routing import set_routing as give_routing
from milkrun.production.commands.confirm_job import JobReport
from milkrun.production.commands.confirm_job import confirm_job as confirm
from milkrun.production.commands.keep_refused_report import keep_refused_report as keep
from milkrun.production.models import Confirmation
from milkrun.stock.models import Balance
from tests.faults.scenes import numbers, quantity, scene, who
from tests.world import World


def job_of_call(world: World, qty: str = "5") -> int:
    """Release a call for more than lies free, so that so many have to be made; returns its job."""
    rows = Balance.objects.filter(part_id=world.parts["SEAT-105A"], location__kind="storage")
    free = sum((row.on_hand - row.reserved for row in rows), Decimal(0))
    return world.release(world.call(quantity(world, str(free + Decimal(qty))))).jobs[0].job_id


def centre(world: World) -> tuple[int, str]:
    """Make a work centre; returns its key and code."""
    made = new_work_centre(site_id=world.site_id, code=f"WC{next(numbers)}", **who(world))
    return made.work_centre_id, made.code


@scene
def create_job(world: World) -> dict[str, Any]:
    return {
        "site_id": world.site_id, "part_id": world.parts["SEAT-105A"], "qty": Decimal(5),
        "due_at": world.now + timedelta(days=1), "signal": "kanban", "signal_text": f"KB-{next(numbers)}",
    }  # fmt: skip


@scene
def start_job(world: World) -> dict[str, Any]:
    return {"job_id": job_of_call(world), "source": "MES"}


@scene
def pause_job(world: World) -> dict[str, Any]:
    return {"job_id": job_of_call(world), "reason": "shift ends"}


@scene
def close_job(world: World) -> dict[str, Any]:
    job = job_of_call(world)
    world.make(job, "2")
    return {"job_id": job, "reason": "the tool broke"}


@scene
def cancel_job(world: World) -> dict[str, Any]:
    return {"job_id": job_of_call(world), "reason": "not now"}


@scene
def reschedule_job(world: World) -> dict[str, Any]:
    return {"job_id": job_of_call(world), "due_at": world.now + timedelta(days=3), "reason": "material is late"}


@scene
def confirm_step(world: World) -> dict[str, Any]:
    code = centre(world)[1]
    steps = (StepInput(10, code, Decimal(5), Decimal(1)), StepInput(20, code, Decimal(0), Decimal("0.5")))
    number = f"STEP{next(numbers)}"
    part = create_part(number=number, made_here=True, bom=(Ingredient("FRAME", Decimal(1)),), **who(world)).part_id
    give_routing(site_id=world.site_id, part_id=part, steps=steps, **who(world))
    from milkrun.production.commands.create_job import create_job as make_job

    job = make_job(
        site_id=world.site_id, part_id=part, qty=Decimal(9), due_at=world.now, signal="stock", signal_text="20",
        **who(world),
    ).job_id  # fmt: skip
    return {"job_id": job, "position": 1, "step_no": 10, "qty": Decimal(4)}


@scene
def report_production(world: World) -> dict[str, Any]:
    job_of_call(world, "2")
    return {
        "site_id": world.site_id, "part_id": world.parts["SEAT-105A"], "good": Decimal(90), "scrap": Decimal(1),
        "from_at": world.now - timedelta(hours=8), "to_at": world.now,
    }  # fmt: skip


@scene
def set_scrap_reason(world: World) -> dict[str, Any]:
    # Not in use, so that the other scenes may name what they like.
    return {"site_id": world.site_id, "code": f"R{next(numbers)}", "name": "Torn", "active": False}


@scene
def reverse_confirmation(world: World) -> dict[str, Any]:
    world.make(job_of_call(world), "5")
    return {"confirmation_id": Confirmation.objects.latest("pk").pk, "reason": "wrong job"}


def failed(world: World) -> int:
    """Let a posting fail."""
    confirm(job_id=job_of_call(world, "20000"), reports=(JobReport(1, Decimal(19000)),), **who(world))
    return Confirmation.objects.latest("pk").pk


@scene
def reprocess_postings(world: World) -> dict[str, Any]:
    key = failed(world)
    world.receive("FRAME", "19000", "LINE1")
    world.receive("FOAM", "19000", "LINE1")
    return {"confirmation_ids": (key, 0)}


@scene
def assign_postings(world: World) -> dict[str, Any]:
    from milkrun.partners.commands.create_user import create_user

    email = f"sup{next(numbers)}@x.example"
    create_user(email=email, name="Sven", password="correct horse battery", roles=("supervisor",), **who(world))
    return {"confirmation_ids": (failed(world),), "user_id": User.objects.get(email=email).pk}


def refused(world: World) -> dict[str, Any]:
    """Describe a report that was refused."""
    return {
        "job_id": job_of_call(world), "what": "confirm_job", "content": {"reports": []}, "code": "illegal_move",
        "message": "The job is cancelled.", "source": "MES line 4",
    }  # fmt: skip


@scene
def keep_refused_report(world: World) -> dict[str, Any]:
    return refused(world)


@scene
def settle_refused_report(world: World) -> dict[str, Any]:
    return {"report_id": keep(**refused(world), **who(world)).report_id, "note": "Taken to stock."}


@scene
def create_work_centre(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "code": f"WC{next(numbers)}", "name": "Seats"}


@scene
def set_capacity(world: World) -> dict[str, Any]:
    return {
        "work_centre_id": centre(world)[0], "day_minutes": (960,) * 5 + (0, 0),
        "days": (DayMinutes(date(2026, 12, 24), 0),),
    }  # fmt: skip


@scene
def set_routing(world: World) -> dict[str, Any]:
    steps = (StepInput(10, centre(world)[1], Decimal(5), Decimal("1.5")),)
    return {"site_id": world.site_id, "part_id": world.parts["SEAT-105A"], "steps": steps}


@scene
def set_making(world: World) -> dict[str, Any]:
    part = create_part(number=f"MTO{next(numbers)}", **who(world)).part_id
    return {"part_id": part, "made_here": True, "make_to_order": True}
