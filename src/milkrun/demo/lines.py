"""The lines of the demo: work centres with routings, causes of scrap, jobs for other signals, a reported period."""

from datetime import timedelta
from decimal import Decimal

from milkrun.demo.goods import PRODUCTS
from milkrun.demo.story import Story
from milkrun.kernel.identity import Actor
from milkrun.parts.commands.create_work_centre import create_work_centre
from milkrun.parts.commands.set_making import set_making
from milkrun.parts.commands.set_routing import StepInput, set_routing
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.create_job import create_job
from milkrun.production.commands.report_production import report_production
from milkrun.production.commands.set_scrap_reason import set_scrap_reason
from milkrun.production.commands.start_job import start_job

CENTRES = {"SEW": ("Sewing", 480), "ASSY1": ("Seat assembly", 960), "ASSY2": ("Benches and tables", 480)}
REASONS = {"TORN": "Seam is torn", "SCRATCH": "Surface is scratched", "FIT": "Does not fit", "SETUP": "Set-up piece"}
# Minutes to set up and for one piece, by the beginning of the part's number.
TIMES = {
    "SEAT": (("SEW", "15", "1.2"), ("ASSY1", "10", "2.5")), "REST": (("SEW", "15", "0.8"), ("ASSY1", "5", "1.5")),
    "CUSH": (("SEW", "10", "1"),), "ARM": (("ASSY1", "5", "1.4"),), "CONS": (("ASSY1", "20", "6"),),
    "HEAD": (("SEW", "5", "0.6"), ("ASSY1", "5", "0.5")), "BACK": (("ASSY1", "5", "0.9"),),
    "LEVER": (("ASSY1", "5", "0.4"),), "BENCH": (("SEW", "20", "4"), ("ASSY2", "30", "14")),
    "TABLE": (("ASSY2", "20", "9"),),
}  # fmt: skip
MADE_TO_ORDER = "CONS-140B"


def set_up_lines(story: Story) -> None:
    """Make work centres and causes of scrap, and say by which steps each product is made."""
    for code, (name, minutes) in CENTRES.items():
        days = (minutes,) * 5 + (minutes // 2, minutes // 4)
        create_work_centre(
            site_id=story.site_id, code=code, name=name, day_minutes=days, **story.by("production_planner")
        )
    for code, name in REASONS.items():
        set_scrap_reason(site_id=story.site_id, code=code, name=name, **story.by("supervisor"))
    for product in PRODUCTS:
        steps = TIMES.get(product.number.partition("-")[0], ())
        plan = tuple(
            StepInput(10 * n, code, Decimal(setup), Decimal(each)) for n, (code, setup, each) in enumerate(steps, 1)
        )
        if plan:
            set_routing(
                site_id=story.site_id, part_id=story.parts[product.number], steps=plan, **story.by("production_planner")
            )
    set_making(part_id=story.parts[MADE_TO_ORDER], made_here=True, make_to_order=True, **story.by("production_planner"))


def run_lines(story: Story) -> None:
    """Make to stock: a card, a stock target, a job by hand with scrap from the line's own system, a reported shift."""
    card = _job(story, "LEVER-130A", 60, 4, "kanban", "KB-0042")
    start_job(job_id=card, source="MES line 4", actor=Actor("token Demo MES", "demo"), at=story.by("operator")["at"])
    confirm_job(
        job_id=card, reports=(JobReport(1, Decimal(24), Decimal(2), "FIT"),), source="MES line 4",
        actor=Actor("token Demo MES", "demo"), at=story.by("operator")["at"],
    )  # fmt: skip
    _job(story, "BENCH-2", 40, 200, "stock", "Stock target 40")
    _job(story, "BENCH-3", 220, 390, "release", "NT-2208 release 14")
    _job(story, "TABLE-1", 60, 60, "manual", "", "Trade fair in Hanover")
    who = story.by("supervisor")
    report_production(
        site_id=story.site_id, part_id=story.parts["CUSH-121A"], good=Decimal(36), scrap=Decimal(3),
        scrap_reason="TORN", from_at=who["at"] - timedelta(hours=2), to_at=who["at"], **who,
    )  # fmt: skip


def _job(story: Story, part: str, qty: int, hours: int, signal: str, text: str, reason: str = "") -> int:
    return create_job(
        site_id=story.site_id, part_id=story.parts[part], qty=Decimal(qty),
        due_at=story.today + timedelta(hours=hours), signal=signal, signal_text=text, reason=reason,
        **story.by("production_planner"),
    ).job_id  # fmt: skip
