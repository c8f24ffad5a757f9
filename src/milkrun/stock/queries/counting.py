"""Count lists: what is to count without the book, and what was counted beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.money import line_amount
from milkrun.measure.quantity import to_micro
from milkrun.measure.wording import moment
from milkrun.stock.models import CountEntry, CountLine, CountList


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count list with how far it is."""

    id: int
    public_id: str
    number: str
    title: str
    state: str
    created: str
    lines: int
    left: int
    differ: int
    posted: int


@dataclass(frozen=True, slots=True)
class CountLineRow:
    """A place that was or is to be counted; quantities and value are empty while it is open."""

    id: int
    location_id: int
    location: str
    part_id: int
    part_number: str
    part_public_id: str
    description: str
    unit: str
    lot_id: int | None
    lot: str
    state: str
    round: int
    counted: Decimal | None
    book: Decimal | None
    difference: Decimal | None
    value_minor: int | None
    currency: str
    counted_by: str
    counted_at: str
    reason: str
    earlier: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class CountView:
    """A count list with its places and the value of what differs, by currency."""

    row: CountRow
    lines: tuple[CountLineRow, ...]
    values: tuple[tuple[str, int], ...]


def counts(site_id: int, zone: str, state: str = "open", after: str = "", limit: int = 50) -> Page[CountRow]:
    """List count lists, the newest first."""
    rows = _counted().filter(site_id=site_id).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_row(row, zone) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def count(site_id: int, public_id: str, zone: str) -> CountView:
    """Read one count list with what was counted.

    Raises:
        NotFound: there is none at this site.
    """
    row = _counted().filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This count list does not exist at this site."), public_id=public_id)
    lines = CountLine.objects.filter(count=row).select_related("location", "part", "lot")
    earlier: dict[int, list[tuple[str, Decimal]]] = {}
    for entry in CountEntry.objects.filter(line__count=row).order_by("round"):
        earlier.setdefault(entry.line_id, []).append((entry.counted_by, entry.qty))
    shown = [
        _line(line, zone, earlier.get(line.pk, []))
        for line in lines.order_by("location__pick_sequence", "location__code", "part__number", "id")
    ]
    sums: dict[str, int] = {}
    for line in shown:
        if line.value_minor is not None and line.state in ("differs", "posted"):
            sums[line.currency] = sums.get(line.currency, 0) + line.value_minor
    return CountView(_row(row, zone), tuple(shown), tuple(sorted(sums.items())))


def count_id(site_id: int, public_id: str) -> int:
    """Return the key of a count list.

    Raises:
        NotFound: there is none at this site.
    """
    found = CountList.objects.filter(site_id=site_id, public_id=public_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("This count list does not exist at this site."), public_id=public_id)
    return found


def _counted() -> QuerySet[Any]:
    return CountList.objects.annotate(
        n=Count("lines"),
        left=Count("lines", filter=Q(lines__state="open")),
        differ=Count("lines", filter=Q(lines__state="differs")),
        posted=Count("lines", filter=Q(lines__state="posted")),
    )


def _row(row: Any, zone: str) -> CountRow:
    return CountRow(
        row.pk, row.public_id, row.number, row.title, row.state, moment(row.created_at, zone), row.n, row.left,
        row.differ, row.posted,
    )  # fmt: skip


def _line(row: CountLine, zone: str, earlier: list[tuple[str, Decimal]]) -> CountLineRow:
    part, difference, worth = row.part, None, None
    if row.state != "open" and row.counted_qty is not None and row.book_qty is not None:
        difference = row.counted_qty - row.book_qty
        if part.cost_minor is not None:
            worth = line_amount(to_micro(difference), part.cost_minor, part.cost_basis)
    shown = row.state != "open"
    return CountLineRow(
        row.pk, row.location_id, row.location.code, part.pk, part.number, part.public_id, part.description,
        part.base_unit, row.lot_id, row.lot.number if row.lot else "", row.state, row.round,
        row.counted_qty if shown else None, row.book_qty if shown else None, difference, worth,
        part.cost_currency if worth is not None else "", row.counted_by, moment(row.counted_at, zone), row.reason,
        tuple(earlier),
    )  # fmt: skip
