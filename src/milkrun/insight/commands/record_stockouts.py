"""Bring the record of stockouts in line with the due demand that is not met."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.insight.models import Stockout
from milkrun.insight.queries.shortage import Shortage
from milkrun.insight.queries.stockouts import current_shortages
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold, lock


@dataclass(frozen=True, slots=True)
class StockoutsRecorded:
    """How many stockouts began and ended, and how many lack more or less than before."""

    opened: int
    closed: int
    changed: int


@command
def record_stockouts(*, actor: Actor, at: datetime) -> StockoutsRecorded:
    """Open an event where due demand is not met, keep the most that was missing, close it once all of it is met."""
    hold("stockouts", 1)
    open_rows = {(row.site_id, row.part_id): row for row in lock(Stockout.objects.filter(closed_at=None))}
    found = {(short.site_id, short.part_id): short for short in current_shortages(at)}

    opened = Stockout.objects.bulk_create(
        [_begun(short, at) for key, short in found.items() if key not in open_rows], batch_size=500
    )
    ended = [row for key, row in open_rows.items() if key not in found]
    Stockout.objects.filter(pk__in=[row.pk for row in ended]).update(closed_at=at, unmet_qty=0)
    changed = [(row, found[key]) for key, row in open_rows.items() if key in found and _differs(row, found[key])]
    for row, short in changed:
        demands = {**_demands(short), **row.demands}
        peak = max(row.peak_qty, short.unmet)
        Stockout.objects.filter(pk=row.pk).update(unmet_qty=short.unmet, peak_qty=peak, demands=demands)

    journal.write(
        [
            journal.Entry(action, "stockout", row.pk, site_id=row.site_id, facts={"unmet": f"{row.unmet_qty:f}"})
            for action, rows in (("open_stockout", opened), ("close_stockout", ended))
            for row in rows
        ],
        actor=actor,
        at=at,
    )
    return StockoutsRecorded(len(opened), len(ended), len(changed))


def _begun(short: Shortage, at: datetime) -> Stockout:
    return Stockout(
        site_id=short.site_id,
        part_id=short.part_id,
        started_at=short.since,
        opened_at=at,
        unmet_qty=short.unmet,
        peak_qty=short.unmet,
        demands=_demands(short),
    )


def _differs(row: Stockout, short: Shortage) -> bool:
    return row.unmet_qty != short.unmet or bool(set(short.calls) - set(row.demands))


def _demands(short: Shortage) -> dict[str, list[str]]:
    return {call: [customer, f"{qty:f}"] for call, (customer, qty) in short.calls.items()}
