"""Say what becomes of goods in quarantine: they may be used, go back to the supplier, or are scrapped."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.quantity import trouble_with
from milkrun.stock import steps
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location, Lot
from milkrun.stock.queries import first_place
from milkrun.stock.states import LOT_MOVES

VERDICTS = ("release", "return", "scrap")


@dataclass(frozen=True, slots=True)
class StockInspected:
    """What became of the goods."""

    posting_id: int
    verdict: str
    location: str
    value_minor: int | None = None


@command
def inspect_stock(
    *,
    site_id: int,
    part_id: int,
    location_id: int,
    qty: Decimal,
    verdict: str,
    reason: str,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    cause: str = "damaged",
    request: Request | None = None,
) -> StockInspected:
    """Post goods out of a quarantine place by a verdict, in base units.

    Args:
        verdict: "release" (the lot becomes free, the goods wait to be put away), "return" (to the supplier), "scrap".
        cause: why goods are scrapped: damaged, obsolete, expired or unsold.

    Raises:
        UnknownLocation: this is no quarantine place of the site.
        Invalid: names a missing reason, an unknown verdict or an impossible quantity.
        ShortStock: less stands there.
    """
    place = Location.objects.filter(site_id=site_id, pk=location_id, kind="quarantine").first()
    if place is None:
        raise UnknownLocation(_("Goods are judged in a quarantine place: choose one of this site."))
    trouble = trouble_with(qty)
    problems = [Problem("qty", trouble, "not_positive")] if trouble else []
    if verdict not in VERDICTS:
        problems.append(Problem("verdict", _("{verdict} is no verdict.").format(verdict=verdict), "unknown_verdict"))
    if not reason.strip():
        problems.append(Problem("reason", _("Say what was found."), "reason_missing"))
    if problems:
        raise Invalid(problems)
    lots = lock(Lot.objects.filter(pk=lot_id, part_id=part_id)) if lot_id else []

    target = _target(site_id, verdict)
    line = steps.Line(part_id, qty, place.pk, target.pk, lot_id=lot_id)
    value = None
    if verdict == "scrap":
        gone = steps.waste(line, cause, site_id=site_id, kind="scrap", actor=actor, at=at, reason=reason)
        posting_id, value = gone.posting_id, gone.value_minor
    else:
        if verdict == "release" and lots and lots[0].state == "quarantine":
            move(lots, LOT_MOVES, "release", noun="Lot", state_reason="")
        kind = "release" if verdict == "release" else "supplier_return"
        posting_id = steps.post([line], site_id=site_id, kind=kind, actor=actor, at=at, reason=reason).posting_id

    facts = {"posting": posting_id, "qty": str(qty), "verdict": verdict, "lot": lots[0].number if lots else ""}
    subjects = [("part", part_id)] + [("lot", lot.pk) for lot in lots]
    journal.write(
        [journal.Entry("inspect_stock", kind, key, site_id=site_id, reason=reason, facts=facts)
         for kind, key in subjects],
        actor=actor, at=at,
    )  # fmt: skip
    return StockInspected(posting_id, verdict, target.code, value)


def _target(site_id: int, verdict: str) -> Location:
    if verdict == "return":
        return first_place(site_id, "supplier")
    if verdict == "scrap":
        return first_place(site_id, "scrap")
    waiting = Location.objects.filter(site_id=site_id, kind="staging").order_by("pk").first()
    return waiting or first_place(site_id, "storage")
