"""Dwell: how long goods stay between receipt and issue, first in matched with first out.

Receipts are movements from outside (supplier, production) into a place of the site, issues those from a place to
outside (customer, production, scrap, back to the supplier); a posting that was taken back counts on neither side, and
count differences go in or out like any other goods.
"""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from django.db.models import Q, Sum

from milkrun.measure.money import line_amount
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.models import Part
from milkrun.stock.models import Balance, Movement, StorageRule
from milkrun.stock.states import REAL_LOCATION_KINDS, VIRTUAL_LOCATION_KINDS

# Where nobody set a limit for the part.
LIMIT_DAYS = 90
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Stay:
    """A receipt with what became of it: `days` from receipt to its last issue, or until now while some is left."""

    posting_id: int
    received_at: datetime
    qty: Decimal
    issued: Decimal
    left: Decimal
    last_issued_at: datetime | None
    days: int


@dataclass(frozen=True, slots=True)
class DwellRow:
    """A part with goods at a site: how long they have stood, and how much of them beyond the limit."""

    part_id: int
    part_public_id: str
    part_number: str
    description: str
    unit: str
    on_hand: Decimal
    oldest_at: datetime
    oldest_days: int
    limit_days: int
    over_qty: Decimal
    over_value_minor: int | None
    currency: str
    median_days: int | None


def stays(site_id: int, part_id: int, now: datetime, limit: int = 50) -> list[Stay]:
    """List the receipts of a part, the newest first, matched with issues first in, first out."""
    return list(reversed(_matched(site_id, [part_id], now).get(part_id, [])))[:limit]


def dwelling(site_id: int, now: datetime, only_over: bool = False) -> list[DwellRow]:
    """List parts with goods at a site by how long the oldest of them have stood, the longest first."""
    held = Balance.objects.filter(site_id=site_id, location__kind__in=REAL_LOCATION_KINDS, on_hand__gt=0)
    on_hand = dict(held.values_list("part_id").annotate(there=Sum("on_hand")).order_by())
    limits = dict(
        StorageRule.objects.filter(site_id=site_id, dwell_limit_days__isnull=False).values_list(
            "part_id", "dwell_limit_days"
        )
    )
    parts = Part.objects.in_bulk(list(on_hand))
    matched = _matched(site_id, set(on_hand), now)
    found = []
    for part_id, there in on_hand.items():
        row = _row(parts[part_id], there, matched.get(part_id, []), limits.get(part_id) or LIMIT_DAYS)
        if row and (row.over_qty > 0 or not only_over):
            found.append(row)
    return sorted(found, key=lambda row: (-row.oldest_days, row.part_number))


def _row(part: Part, there: Decimal, matched: list[Stay], limit_days: int) -> DwellRow | None:
    standing = [stay for stay in matched if stay.left > 0]
    if not standing:
        return None
    over = sum((stay.left for stay in standing if stay.days > limit_days), Decimal(0))
    worth = None if part.cost_minor is None else line_amount(to_micro(over), part.cost_minor, part.cost_basis)
    gone = [stay.days for stay in matched if stay.left == 0]
    return DwellRow(
        part.pk, part.public_id, part.number, part.description, part.base_unit, there, standing[0].received_at,
        standing[0].days, limit_days, over, worth, part.cost_currency if worth is not None else "",
        int(median(gone)) if gone else None,
    )  # fmt: skip


@dataclass(slots=True)
class _Receipt:
    """A receipt while issues are matched with it, in micro-units."""

    posting_id: int
    at: datetime
    micro: int
    gone: int = 0
    last: datetime | None = None


def _matched(site_id: int, part_ids: Collection[int], now: datetime) -> dict[int, list[Stay]]:
    """Match issues with the oldest receipts, by part, oldest receipt first."""
    came: dict[int, list[_Receipt]] = {}
    for part_id, posting_id, at, qty in _across(site_id, part_ids, inward=True):
        came.setdefault(part_id, []).append(_Receipt(posting_id, at, to_micro(qty)))
    waiting = {part_id: deque(receipts) for part_id, receipts in came.items()}
    for part_id, _, at, qty in _across(site_id, part_ids, inward=False):
        _take(waiting.get(part_id, deque()), to_micro(qty), at)
    return {part_id: [_stay(receipt, now) for receipt in receipts] for part_id, receipts in came.items()}


def _take(waiting: deque[_Receipt], micro: int, at: datetime) -> None:
    while micro and waiting:
        receipt = waiting[0]
        share = min(micro, receipt.micro - receipt.gone)
        receipt.gone += share
        receipt.last = at
        micro -= share
        if receipt.gone == receipt.micro:
            waiting.popleft()


def _stay(receipt: _Receipt, now: datetime) -> Stay:
    left = receipt.micro - receipt.gone
    until = now if left or receipt.last is None else receipt.last
    days = max(int((until - receipt.at).total_seconds()) // DAY, 0)
    return Stay(
        receipt.posting_id, receipt.at, from_micro(receipt.micro), from_micro(receipt.gone), from_micro(left),
        receipt.last, days,
    )  # fmt: skip


def _across(site_id: int, part_ids: Collection[int], *, inward: bool) -> Iterator[tuple[int, int, datetime, Decimal]]:
    """Give what came in or went out, (part, posting, instant, quantity), in the order it happened."""
    real, far = REAL_LOCATION_KINDS, VIRTUAL_LOCATION_KINDS
    rows = Movement.objects.filter(
        Q(from_location__kind__in=far, to_location__kind__in=real)
        if inward
        else Q(from_location__kind__in=real, to_location__kind__in=far),
        site_id=site_id, part_id__in=part_ids, posting__reverses=None, posting__reversed_by=None,
    )  # fmt: skip
    values = rows.order_by("posting__at", "id").values_list("part_id", "posting_id", "posting__at", "qty")
    yield from values.iterator(chunk_size=5000)
