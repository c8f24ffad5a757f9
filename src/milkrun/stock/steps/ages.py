"""How old loose goods are: the stock of a bin taken apart into what came with each receipt.

The ledger keeps no receipts apart inside a bin, so it is played backwards: what stands in a bin is what came in last,
and what left it was the oldest. Goods that were moved from bin to bin, or out of a handling unit, keep the day they
came to the site. Reading stops as soon as everything is explained, so it costs what the present stock took to come in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from milkrun.measure.quantity import to_micro
from milkrun.stock.models import Balance, Movement
from milkrun.stock.states import REAL_LOCATION_KINDS

# A part whose present stock came in longer ago than these many movements is the oldest there is.
FURTHEST = 1_000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# location, handling unit (0 for loose goods)
Place = tuple[int, int]
# from and to within the queue of a place, in micro-units from its oldest on; the balance these goods stand at now
Slice = tuple[int, int, int]
Layer = tuple[datetime, int]


def layers(site_id: int, part_id: int, rows: Iterable[Balance]) -> dict[int, list[Layer]]:
    """Take balances of one part without lot and owner apart by the receipts their goods came with.

    Args:
        site_id: their site.
        part_id: their part.
        rows: the balances, held.

    Returns:
        By key of the balance (instant of receipt, micro-units), the oldest first; their sum is what is on hand.
    """
    queue = _Queues(site_id, part_id, rows)
    moves = Movement.objects.filter(site_id=site_id, part_id=part_id, lot=None, owner=None).order_by("-id")
    read = moves.values_list(
        "posting__at", "from_location_id", "from_hu_id", "from_location__kind", "to_location_id", "to_hu_id", "qty"
    )
    for at, from_id, from_hu, kind, to_id, to_hu, qty in read[:FURTHEST].iterator(chunk_size=500):
        if queue.explained:
            break
        origin = (from_id, from_hu or 0) if kind in REAL_LOCATION_KINDS else None
        queue.undo(at, origin, (to_id, to_hu or 0), to_micro(qty))
    return queue.found()


class _Queues:
    """The goods of one part at every place, as queues whose front leaves first, while movements are undone."""

    def __init__(self, site_id: int, part_id: int, rows: Iterable[Balance]) -> None:
        there = Balance.objects.filter(site_id=site_id, part_id=part_id, lot=None, owner=None, on_hand__gt=0)
        self.on_hand: defaultdict[Place, int] = defaultdict(int)
        for place, hu, qty in there.values_list("location_id", "hu_id", "on_hand"):
            self.on_hand[place, hu or 0] += to_micro(qty)
        self.open: defaultdict[Place, list[Slice]] = defaultdict(list)
        for row in rows:
            self.open[row.location_id, row.hu_id or 0].append((0, to_micro(row.on_hand), row.pk))
        self.aged: defaultdict[int, list[Layer]] = defaultdict(list)

    @property
    def explained(self) -> bool:
        return not any(self.open.values())

    def undo(self, at: datetime, origin: Place | None, target: Place, micro: int) -> None:
        """Take a movement back: its goods were the newest at its target and the oldest at its origin."""
        arrived, before = [], []
        start = self.on_hand[target] - micro
        for low, high, key in self.open.pop(target, []):
            if low < start:
                before.append((low, min(high, start), key))
            if high > start:
                arrived.append((max(low, start) - start, high - start, key))
        if before:
            self.open[target] = before
        self.on_hand[target] = start
        if origin is None:
            for low, high, key in arrived:
                self.aged[key].append((at, high - low))
            return
        # Before it left, it stood in front of what stands there now.
        behind = [(low + micro, high + micro, key) for low, high, key in self.open.pop(origin, [])]
        if arrived or behind:
            self.open[origin] = arrived + behind
        self.on_hand[origin] += micro

    def found(self) -> dict[int, list[Layer]]:
        for slices in self.open.values():
            for low, high, key in slices:
                self.aged[key].append((LONG_AGO, high - low))
        return {key: sorted(ages) for key, ages in self.aged.items()}


def free_layers(ages: Mapping[int, list[Layer]], row: Balance) -> list[Layer]:
    """Return what of a balance is free by age: what is kept for somebody already is the oldest of it."""
    kept = to_micro(row.reserved)
    free: list[Layer] = []
    for at, micro in ages.get(row.pk, [(LONG_AGO, to_micro(row.on_hand))]):
        gone = min(kept, micro)
        kept -= gone
        if micro > gone:
            free.append((at, micro - gone))
    return free
