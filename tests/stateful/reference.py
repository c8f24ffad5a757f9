"""What the plant should look like: plain dictionaries of whole numbers, written without a look at the product's steps.

Each method is asked before the product is: it returns the refusal that is right, or None and then has changed itself.
Quantities are micro-units; goods are counted by (part, place).
"""

from collections import Counter
from dataclasses import dataclass, field

from milkrun.demand.errors import CallGone, CallUnderWay, SequenceTaken
from milkrun.kernel.errors import IllegalMove, NotFound, Refusal
from milkrun.production.errors import TooMuchConfirmed
from milkrun.shipping.errors import RackIncomplete
from milkrun.stock.errors import AlreadyReversed, ShortStock

ONE = 1_000_000
RECIPE = {"FOAM": 300_000, "FRAME": ONE}
Answer = type[Refusal] | None


@dataclass
class Line:
    """A part on a call: what is wanted, kept in storage, packed, still to be reported, and what could not be posted."""

    part: str
    wanted: int
    stored: int = 0
    packed: int = 0
    to_make: int = 0
    failed: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Call:
    """A call with its lines in order; `at` is where its packed goods stand, `delivery` what it is on."""

    number: str
    kind: str
    lines: list[Line]
    position: int | None
    state: str = "created"
    stock_posting: str = "none"
    at: str = "PACK"
    delivery: int | None = None
    key: int = 0
    rack: int = 0


@dataclass
class Delivery:
    """A delivery with its calls."""

    calls: list[Call]
    state: str


class Reference:
    """The whole plant."""

    def __init__(self, stock: dict[tuple[str, str], int]) -> None:
        self.on_hand: Counter[tuple[str, str]] = Counter(stock)
        self.reserved: Counter[tuple[str, str]] = Counter()
        self.calls: dict[str, Call] = {}
        self.deliveries: dict[int, Delivery] = {}
        self.postings: dict[int, tuple[str, str | None, str, int]] = {}
        self.reversed: set[int] = set()
        self.documents = 0

    def free(self, part: str, place: str) -> int:
        """Tell what is neither reserved nor gone; goods in racks are all reserved."""
        return self.on_hand[part, place] - self.reserved[part, place]

    def receive_call(self, number: str, kind: str, lines: list[tuple[str, int]], position: int | None) -> Answer:
        old = self.calls.get(number)
        holder = next(
            (c.number for c in self.calls.values() if position and c.position == position and c.state != "cancelled"),
            number,
        )
        if old is None and holder != number:
            return SequenceTaken
        if old is None:
            self.calls[number] = Call(number, kind, [Line(part, qty) for part, qty in lines], position)
            return None
        if old.state == "cancelled":
            return CallGone
        if old.position == position and [(line.part, line.wanted) for line in old.lines] == lines:
            return None
        if old.state != "created":
            return CallUnderWay
        if holder != number:
            return SequenceTaken
        old.position = position
        old.lines = [Line(part, qty) for part, qty in lines]
        return None

    def cancel_call(self, call: Call) -> tuple[str, str]:
        """Cancel a call that is not under way; returns outcome and code."""
        if call.state == "cancelled":
            return "unchanged", ""
        if call.state != "created":
            return "refused", "too_late_to_cancel"
        call.state = "cancelled"
        return "cancelled", ""

    def release(self, call: Call) -> str:
        """Release a call; returns the code of the refusal, "" where it goes."""
        if call.state != "created":
            return "illegal_move"
        for line in call.lines:
            line.stored = min(line.wanted, self.free(line.part, "FG"))
            line.to_make = line.wanted - line.stored
            self.reserved[line.part, "FG"] += line.stored
        call.state = "released" if any(line.to_make for line in call.lines) else "ready"
        return ""

    def job_is_done(self, call: Call, line: Line) -> bool:
        """Tell whether the job of a line is done: one job a sequenced call, one a part otherwise."""
        return not any(other.to_make for other in (call.lines if call.kind == "sequenced" else [line]))

    def make(self, call: Call, line: Line, good: int, scrap: int, confirmation: int) -> Answer:
        if self.job_is_done(call, line):
            return IllegalMove
        if good > line.to_make:
            return TooMuchConfirmed
        line.to_make -= good
        if not self._post(line, good, scrap):
            line.failed[confirmation] = (good, scrap)
        self._follow(call)
        return None

    def reprocess(self, call: Call, line: Line, confirmation: int) -> bool:
        good, scrap = line.failed[confirmation]
        if self._post(line, good, scrap):
            del line.failed[confirmation]
        self._follow(call)
        return confirmation not in line.failed

    def _post(self, line: Line, good: int, scrap: int) -> bool:
        needs = {part: each * ((good + scrap) // ONE) for part, each in RECIPE.items()}
        if any(self.free(part, "LINE1") < need for part, need in needs.items()):
            return False
        for part, need in needs.items():
            self.on_hand[part, "LINE1"] -= need
        self.on_hand[line.part, "FG"] += good
        self.reserved[line.part, "FG"] += good
        line.stored += good
        return True

    def _follow(self, call: Call) -> None:
        call.stock_posting = "failed" if any(line.failed for line in call.lines) else "posted"
        if call.state == "released" and not any(line.to_make for line in call.lines):
            call.state = "ready"

    def release_for_packing(self, call: Call) -> Answer:
        if call.state != "ready":
            return NotFound if call.state == "cancelled" else IllegalMove
        call.state = "in_packing"
        return None

    def next_to_pack(self, call: Call) -> Line | None:
        """Tell the first part of this call that is not in the rack yet."""
        return next((line for line in call.lines if line.packed < line.wanted), None)

    def pack(self, call: Call, line: Line) -> Answer:
        qty = line.wanted - line.packed
        if line.stored < qty:
            return ShortStock
        line.stored -= qty
        line.packed += qty
        self._carry(line.part, qty, "FG", "PACK")
        if self.next_to_pack(call) is None:
            call.state = "packed"
        return None

    def _carry(self, part: str, qty: int, source: str, target: str) -> None:
        for counts in (self.on_hand, self.reserved):
            counts[part, source] -= qty
            counts[part, target] += qty

    def deliver(self, calls: list[Call], key: int) -> Answer:
        if any(call.state == "cancelled" for call in calls):
            return NotFound
        if any(call.state != "packed" for call in calls):
            return IllegalMove
        racks = {call.rack for call in calls}
        if any(c.rack in racks and c.state in ("in_packing", "packed") and c not in calls for c in self.calls.values()):
            return RackIncomplete
        picking = any(call.kind == "summarized" for call in calls)
        self.deliveries[key] = Delivery(calls, "open" if picking else "picked")
        for call in calls:
            call.state, call.delivery = "on_delivery", key
        return None

    def _deliver_move(self, key: int, states: dict[str, str], group: str | None) -> Answer:
        delivery = self.deliveries[key]
        if delivery.state not in states:
            return IllegalMove
        delivery.state = states[delivery.state]
        for call in delivery.calls:
            call.state = group or call.state
        return None

    def cancel_delivery(self, key: int) -> Answer:
        return self._deliver_move(key, {"open": "cancelled", "picked": "cancelled"}, "packed")

    def pick(self, key: int) -> Answer:
        answer = self._deliver_move(key, {"open": "picked"}, None)
        for call in self.deliveries[key].calls if answer is None else []:
            if call.at == "PACK":
                for line in call.lines:
                    self._carry(line.part, line.packed, "PACK", "DOCK1")
                call.at = "DOCK1"
        return answer

    def issue(self, key: int) -> Answer:
        answer = self._deliver_move(key, {"picked": "issued"}, "issued")
        if answer is None:
            self._leave(key, -1)
        return answer

    def reverse_issue(self, key: int) -> Answer:
        answer = self._deliver_move(key, {"issued": "picked"}, "on_delivery")
        if answer is None:
            self._leave(key, 1)
        return answer

    def _leave(self, key: int, sign: int) -> None:
        self.documents += 1
        for call in self.deliveries[key].calls:
            for line in call.lines:
                self.on_hand[line.part, call.at] += sign * line.packed
                self.reserved[line.part, call.at] += sign * line.packed

    def bill(self, key: int) -> Answer:
        answer = self._deliver_move(key, {"issued": "billed"}, "completed")
        self.documents += answer is None
        return answer

    def receive_stock(self, part: str, place: str, qty: int) -> Answer:
        self.on_hand[part, place] += qty
        return None

    def move_stock(self, part: str, source: str, target: str, qty: int) -> Answer:
        if self.free(part, source) < qty:
            return ShortStock
        self.on_hand[part, source] -= qty
        self.on_hand[part, target] += qty
        return None

    def reverse_posting(self, posting: int) -> Answer:
        part, source, target, qty = self.postings[posting]
        if posting in self.reversed:
            return AlreadyReversed
        if self.free(part, target) < qty:
            return ShortStock
        self.reversed.add(posting)
        self.on_hand[part, target] -= qty
        if source is not None:
            self.on_hand[part, source] += qty
        return None
