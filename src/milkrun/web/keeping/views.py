"""What expires, stands too long, ends or was wasted: lists with quantity and value, each as a file too."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.insight.queries.life_cycle import run_outs
from milkrun.measure.wording import amount, day, quantity, zone_of
from milkrun.stock.queries import dwell as standing
from milkrun.stock.queries import lots
from milkrun.stock.queries import waste as wasted
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.tables import Cell, Column, Table, cell, download

WASTE_DAYS = 366


def today(request: StaffRequest) -> date:
    """Return the site's calendar day."""
    return timezone.now().astimezone(zone_of(request.zone)).date()


def money(minor: int | None, currency: str) -> str:
    """Write an amount; an empty text where there is no standard cost."""
    return "" if minor is None else amount(minor, currency)


def item_cell(number: str, public_id: str) -> Cell:
    """Lead to an item."""
    return Cell(number, reverse("item", args=[public_id]))


@permit("view_stock")
@require_safe
def expiry(request: StaffRequest) -> HttpResponse:
    """List lots that expire within twelve weeks, by week."""
    columns = (
        Column(_("Item")), Column(_("Lot")), Column(_("Expires")), Column(_("Days left"), True),
        Column(_("Quantity"), True), Column(_("Value"), True), Column(_("Where")), Column(_("State")),
    )  # fmt: skip
    found = lots.expiry_risk(request.site.id, today(request))
    weeks = []
    whole = Table((Column(_("Week from")), *columns))
    for week in found:
        rows = [_expiring(lot) for lot in week.lots]
        title = _("Expired already") if week.from_day is None else _("Week from %s") % day(week.from_day)
        weeks.append({"title": title, "late": week.from_day is None, "table": Table(columns, rows),
                      "values": [amount(value, currency) for currency, value in week.values]})  # fmt: skip
        whole.rows.extend([cell(day(week.from_day)), *row] for row in rows)
    if request.GET.get("file"):
        return download(whole, "expiry")
    return pages.page(request, "keeping/expiry.html", {"weeks": weeks, "here": "expiry"})


def _expiring(lot: lots.ExpiringLot) -> list[Cell]:
    tone, word = words.state("lot", lot.state)
    return [
        item_cell(lot.part_number, lot.part_public_id), cell(lot.lot), cell(day(lot.expires_on)), cell(lot.days_left),
        cell(quantity(lot.qty, lot.unit), plain=f"{lot.qty:f}"), cell(money(lot.value_minor, lot.currency)),
        cell(", ".join(lot.locations)), cell(word, tone=tone),
    ]  # fmt: skip


@permit("view_stock")
@require_safe
def waste(request: StaffRequest) -> HttpResponse:
    """Add up what was written off in the last year, by month, item and cause."""
    now = timezone.now()
    sums = wasted.waste_sums(request.site.id, request.zone, now - timedelta(days=WASTE_DAYS))
    table = Table(
        (Column(_("Month")), Column(_("Item")), Column(_("Cause")), Column(_("Quantity"), True),
         Column(_("Value"), True), Column(_("Times"), True)),
        [
            [cell(one.month), item_cell(one.part_number, one.part_public_id), cell(words.word("cause", one.cause)),
             cell(quantity(one.qty, one.unit), plain=f"{one.qty:f}"), cell(money(one.value_minor, one.currency)),
             cell(one.times)]
            for one in sums
        ],
    )  # fmt: skip
    if request.GET.get("file"):
        return download(table, "waste")
    causes = [(words.word("cause", cause), amount(value, currency)) for cause, currency, value in wasted.by_cause(sums)]
    return pages.page(request, "keeping/waste.html", {"table": table, "causes": causes, "here": "waste"})


@permit("view_stock")
@require_safe
def dwell(request: StaffRequest) -> HttpResponse:
    """List how long goods have stood, and what stands beyond its limit."""
    only_over = request.GET.get("over") == "1"
    found = standing.dwelling(request.site.id, timezone.now(), only_over)
    table = Table(
        (Column(_("Item")), Column(_("On hand"), True), Column(_("Oldest from")), Column(_("Days"), True),
         Column(_("Limit"), True), Column(_("Beyond it"), True), Column(_("Value beyond it"), True),
         Column(_("Usual days"), True)),
        [
            [item_cell(row.part_number, row.part_public_id), cell(quantity(row.on_hand, row.unit)),
             cell(day(row.oldest_at.astimezone(zone_of(request.zone)).date())),
             cell(row.oldest_days, tone="watch" if row.over_qty else ""), cell(row.limit_days),
             cell(quantity(row.over_qty, row.unit) if row.over_qty else ""),
             cell(money(row.over_value_minor, row.currency) if row.over_qty else ""), cell(row.median_days)]
            for row in found
        ],
    )  # fmt: skip
    if request.GET.get("file"):
        return download(table, "dwell")
    return pages.page(request, "keeping/dwell.html", {"table": table, "only_over": only_over, "here": "dwell"})


@permit("view_stock")
@require_safe
def life_cycle(request: StaffRequest) -> HttpResponse:
    """List items that end: how far they reach, what is left in money, what comes after them."""
    found = run_outs(request.site.id, timezone.now(), today(request))
    table = Table(
        (Column(_("Item")), Column(_("Stage")), Column(_("Ends")), Column(_("On hand"), True),
         Column(_("On order"), True), Column(_("Used a day"), True), Column(_("Lasts until")),
         Column(_("To clear"), True), Column(_("Value at risk"), True), Column(_("Successor")),
         Column(_("Its stock"), True)),
        [
            [item_cell(one.number, one.public_id), cell(words.word("stage", one.stage)), cell(day(one.obsolete_on)),
             cell(quantity(one.on_hand, one.unit)), cell(quantity(one.on_order, one.unit)),
             cell(quantity(one.per_day, one.unit)),
             cell(day(one.lasts_until) or (_("not used") if one.on_hand else "")),
             cell(quantity(one.left_qty, one.unit)),
             cell(money(one.risk_minor, one.currency), tone="act" if one.risk_minor else ""),
             item_cell(one.successor, one.successor_public_id) if one.successor else cell(""),
             cell(quantity(one.successor_on_hand + one.successor_on_order, one.unit) if one.successor else "")]
            for one in found
        ],
    )  # fmt: skip
    if request.GET.get("file"):
        return download(table, "life-cycle")
    sums: dict[str, int] = {}
    for one in found:
        if one.risk_minor:
            sums[one.currency] = sums.get(one.currency, 0) + one.risk_minor
    context = {"table": table, "risk": [amount(v, c) for c, v in sorted(sums.items())], "here": "life_cycle"}
    return pages.page(request, "keeping/life_cycle.html", context)
