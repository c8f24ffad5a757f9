"""What the item page says beside balances: lots, cover, value, how long goods stood, cost and life."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from milkrun.insight.queries.life_cycle import run_outs, use
from milkrun.measure.money import line_amount
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import amount, day, moment, quantity, zone_of
from milkrun.parts import queries as parts
from milkrun.purchasing.queries import on_order
from milkrun.stock import queries as stock
from milkrun.stock.queries import dwell, lots, records, space
from milkrun.web import words
from milkrun.web.access import StaffRequest

LOTS, STAYS = 12, 8


def keeping(request: StaffRequest, part: parts.PartView, balances: list[stock.BalanceRow]) -> dict[str, Any]:
    """Make the part of the item page's context that tells how the item is kept."""
    now, site = timezone.now(), request.site.id
    life, rule = parts.life(part.id), space.storage_rule(site, part.id)
    there = records.item_record(site, part.public_id).item.on_hand
    per_day = use(site, [part.id], now).get(part.id)
    worth = None if life.cost_minor is None else line_amount(to_micro(there), life.cost_minor, life.cost_basis)
    coming = on_order(site, [part.id]).get(part.id)
    limit = timedelta(days=rule.dwell_limit_days or dwell.LIMIT_DAYS).days
    return {
        "life": life, "life_word": words.word("stage", life.stage), "rule": rule,
        "stages": list(words.STAGES.items()), "causes": list(words.CAUSES.items()),
        "lots": lots.lot_views(site, part.id, limit=LOTS).rows if part.lot_tracked or balances else (),
        "stays": [
            {"at": moment(stay.received_at, request.zone), "qty": quantity(stay.qty, part.base_unit),
             "issued": quantity(stay.issued, part.base_unit), "left": quantity(stay.left, part.base_unit),
             "days": str(stay.days), "over": bool(stay.left) and stay.days > limit}
            for stay in dwell.stays(site, part.id, now, STAYS)
        ],
        "velocity": quantity(from_micro(round((per_day or 0) / 1000) * 1000), part.base_unit),
        "reach": str(int(to_micro(there) / per_day)) if per_day else _("not used") if there else "",
        "value": "" if worth is None else amount(worth, life.currency),
        "on_order": quantity(coming, part.base_unit) if coming else "",
        "cost_typed": "" if life.cost_minor is None else f"{Decimal(life.cost_minor).scaleb(-2):f}",
        **_risk(site, part.id, life, now.astimezone(zone_of(request.zone)).date()),
    }  # fmt: skip


def _risk(site_id: int, part_id: int, life: parts.PartLife, today: date) -> dict[str, str]:
    if life.obsolete_on is None:
        return {"risk": "", "obsolete_on": ""}
    found = run_outs(site_id, timezone.now(), today, [part_id])
    risk = amount(found[0].risk_minor, found[0].currency) if found and found[0].risk_minor else ""
    return {"risk": risk, "obsolete_on": day(life.obsolete_on)}
