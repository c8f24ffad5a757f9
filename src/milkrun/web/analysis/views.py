"""The three views of demand, stock and material: a table with bars in it, and the whole of it as CSV or XLSX."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.insight import queries as insight
from milkrun.insight.queries import AvailabilityRow, CoverageRow, DeviationRow
from milkrun.measure.wording import quantity
from milkrun.partners import queries as partners
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.exporting import Cell, download

# A page shows so many rows, the most urgent ones; the files hold all of them.
SHOWN = 100


def _text(request: StaffRequest) -> str:
    return request.GET.get("text", "").strip()[:40]


def _page(request: StaffRequest, template: str, rows: list[Any], total: int, **more: Any) -> HttpResponse:
    context = {"rows": rows, "total": total, "shown": SHOWN, "plain_query": request.GET.urlencode(),
               "text": _text(request), **more}  # fmt: skip
    return pages.page(request, template, context)


def _share(part: Decimal, whole: Decimal) -> int:
    """Tell how long a bar is, in whole percent."""
    return int(min(max(part * 100 / whole, Decimal(0)), Decimal(100))) if whole else 0


def _deviations(request: StaffRequest) -> list[DeviationRow]:
    customer = request.GET.get("customer", "")[:20]
    return insight.demand_deviation(request.site.id, timezone.now(), request.zone, customer, _text(request))


@permit("view_analysis")
@require_safe
def demand(request: StaffRequest) -> HttpResponse:
    """Show how demand changes."""
    found = _deviations(request)
    weeks = insight.week_days(timezone.now(), request.zone)
    rows = [
        {"row": row, "usual": quantity(row.usual, row.unit), "deviation": _signed(row.deviation, row.unit),
         "changed": _signed(row.changed, row.unit) if row.changes else "",
         "weeks": [{"day": day, "qty": quantity(qty, row.unit), "share": _share(qty, max(row.weeks)),
                    "now": n == insight.BEFORE}
                   for n, (day, qty) in enumerate(zip(weeks, row.weeks, strict=True))]}
        for row in found[:SHOWN]
    ]  # fmt: skip
    return _page(request, "analysis/demand.html", rows, len(found), customers=partners.customers(),
                 customer=request.GET.get("customer", ""), week=weeks[insight.BEFORE])  # fmt: skip


def _days(days: int | None) -> Cell:
    return "" if days is None else days


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _signed(qty: Decimal, unit: str) -> str:
    return f"{'+' if qty > 0 else ''}{quantity(qty, unit)}"


@permit("export_analysis")
@require_safe
def demand_file(request: StaffRequest, form: str) -> HttpResponseBase:
    """Download a row for each customer, part and week."""
    head = [_("customer"), _("part"), _("unit"), _("week from"), _("called for"), _("usual in a week"),
            _("deviation of this week"), _("changes of calls"), _("changed by")]  # fmt: skip
    weeks = insight.week_days(timezone.now(), request.zone)
    rows = (
        (row.customer, row.part, row.unit, day.isoformat(), qty, row.usual, row.deviation, row.changes, row.changed)
        for row in _deviations(request)
        for day, qty in zip(weeks, row.weeks, strict=True)
    )
    return download("demand-deviation", form, head, rows)


def _availability(request: StaffRequest) -> list[AvailabilityRow]:
    only = request.GET.get("only") == "short"
    return insight.stock_availability(request.site.id, timezone.now(), _text(request), only)


@permit("view_analysis")
@require_safe
def availability(request: StaffRequest) -> HttpResponse:
    """Show stock against demand by horizon."""
    found = _availability(request)
    names = [name for name, _hours in insight.HORIZONS]
    rows = [
        {"row": row, "on_hand": quantity(row.on_hand, row.unit), "ordered": quantity(row.ordered, row.unit),
         "short": words.HORIZONS.get(row.short, row.short), "share": _share(row.on_hand, row.demand[-1]),
         "left": [{"name": words.HORIZONS[name], "qty": quantity(qty, row.unit), "missing": qty < 0}
                  for name, qty in zip(names, row.left, strict=True)]}
        for row in found[:SHOWN]
    ]  # fmt: skip
    heads = [words.HORIZONS[name] for name in names]
    return _page(request, "analysis/availability.html", rows, len(found), heads=heads,
                 only=request.GET.get("only", ""))  # fmt: skip


@permit("export_analysis")
@require_safe
def availability_file(request: StaffRequest, form: str) -> HttpResponseBase:
    """Download stock, demand and what is left at each horizon, a row a part."""
    names = [str(words.HORIZONS[name]) for name, _hours in insight.HORIZONS]
    head = [_("part"), _("unit"), _("on hand"), _("on order"),
            *(_("demand: %s") % name for name in names), *(_("left: %s") % name for name in names),
            _("short from")]  # fmt: skip
    rows: Iterable[tuple[Cell, ...]] = (
        (row.part, row.unit, row.on_hand, row.ordered, *row.demand, *row.left, str(words.HORIZONS.get(row.short, "")))
        for row in _availability(request)
    )
    return download("stock-availability", form, head, rows)


def _coverage(request: StaffRequest) -> list[CoverageRow]:
    only = request.GET.get("only") == "missing"
    return insight.coverage(request.site.id, timezone.now(), request.zone, _text(request), only)


@permit("view_analysis")
@require_safe
def coverage(request: StaffRequest) -> HttpResponse:
    """Show for how long stock lasts and which material is missing."""
    found = _coverage(request)
    rows = [
        {"row": row, "there": quantity(row.there, row.unit), "a_day": quantity(row.a_day, row.unit),
         "required": quantity(row.required, row.unit), "ordered": quantity(row.ordered, row.unit),
         "missing": quantity(row.missing, row.unit) if row.missing else "",
         "share": min(row.cover_days * 100 // insight.COVER_DAYS, 100) if row.cover_days is not None else 0}
        for row in found[:SHOWN]
    ]  # fmt: skip
    return _page(request, "analysis/coverage.html", rows, len(found), only=request.GET.get("only", ""))


@permit("export_analysis")
@require_safe
def coverage_file(request: StaffRequest, form: str) -> HttpResponseBase:
    """Download cover and shortage, a row a part."""
    head = [_("part"), _("unit"), _("made here"), _("on hand"), _("used a day"), _("days of cover"),
            _("required by open calls"), _("on order"), _("missing"), _("needed first")]  # fmt: skip
    rows = (
        (row.part, row.unit, _yes(not row.material), row.there, row.a_day,
         _days(row.cover_days), row.required, row.ordered, row.missing, row.needed)
        for row in _coverage(request)
    )  # fmt: skip
    return download("coverage", form, head, rows)
