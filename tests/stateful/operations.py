"""The operations of the line as rules of a state machine, each compared with the reference and followed by `verify`."""

import copy
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.commands.receive_jit_call import receive_jit_call
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.models import ComponentGroup, PackingSlot, SequenceStream
from milkrun.exchange.models import OutboxMessage
from milkrun.gateway.receive import take_in
from milkrun.gateway.send import send_due
from milkrun.insight.queries import verify
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Request
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.release_calls import release_calls
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.models import JobLine
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.errors import NothingToPack, WrongPart
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.stock.models import Balance, Posting
from tests.database_copies import DatabaseCopies
from tests.gateway.files import two_vehicles
from tests.stateful.reference import ONE, Answer, Call, Line, Reference
from tests.world import REST, SEAT, UNKNOWN, World, build_world

THEIRS = {"SEAT-105A": SEAT, "REST-106B": REST}
PARTS = st.sampled_from([("SEAT-105A",), ("REST-106B",), ("SEAT-105A", "REST-106B")])
ANY = st.integers(0, 9999)
MOST_CALLS = 7


class Start:
    """Opens copies of the plant."""

    _world: ClassVar[World]

    def __init__(self, copies: DatabaseCopies) -> None:
        self.copies = copies
        self.template = copies.template("stateful", self._fill)

    @classmethod
    def _fill(cls) -> None:
        from milkrun.demand.commands.specify_rack import specify_rack
        from milkrun.partners.models import ShipTo

        world = build_world()
        specify_rack(partner_id=world.partner_id, slots=2, actor=world.actor, at=world.later())
        SequenceStream.objects.create(
            site_id=world.site_id, ship_to=ShipTo.objects.get(), code="03", gap_rule="none", issue_rule="none"
        )
        # So little that components run short and postings fail.
        for part in ("FOAM", "FRAME"):
            move_stock(
                site_id=world.site_id, part_id=world.parts[part], from_location_id=world.places["LINE1"],
                to_location_id=world.places["FG"], qty=Decimal(990), actor=world.actor, at=world.later(),
            )  # fmt: skip
        cls._world = world

    def world(self) -> World:
        """Return what is known of the plant in a fresh copy."""
        return copy.deepcopy(self._world)


@dataclass
class Kept:
    """A command that took effect, to be asked once more."""

    function: Callable[..., Any]
    given: dict[str, Any]
    result: Any


# A hundred statements to another process take their time: there the invariants are looked at after every fifth
# operation and at the end; the operations are the same ones that the embedded database is verified after one by one.
CANCELLED_AT_ONCE_OR_NEVER = ("created", "cancelled", "issued", "billed", "completed")
VERIFY_EVERY = {"sqlite": 1, "postgresql": 5}


class Line1(RuleBasedStateMachine):
    """One plant, acted on at random."""

    start: ClassVar[Start]
    operations: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._stack.enter_context(self.start.copies.copy(self.start.template))
        self.home = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.world = self.start.world()
        self.model = Reference(
            {(part, place): qty * ONE for part in ("FOAM", "FRAME") for place, qty in (("LINE1", 10), ("FG", 990))}
        )
        self.kept: list[Kept] = []
        self.files: list[bytes] = []
        self.steps = 0

    def teardown(self) -> None:
        """See once more that every invariant holds, and close the copy."""
        try:
            self.verified()
        finally:
            self._stack.close()

    def act(self, expected: Answer, function: Callable[..., Any], **given: Any) -> Any:
        """Run a command under a new request key; it must do what the reference said."""
        self.operations[function.__name__] += 1
        request = Request("stateful", str(sum(self.operations.values())), "body")
        given = {**given, "actor": self.world.actor, "at": self.world.later(), "request": request}
        try:
            result = function(**given)
        except Refusal as refusal:
            answer: Answer = type(refusal)
            if answer is not expected:
                raise AssertionError(f"{function.__name__} refused, {expected} was expected") from refusal
            return None
        assert expected is None, f"{function.__name__} went through, {expected} was expected"
        self.kept.append(Kept(function, given, result))
        return result

    def some(self, which: int) -> Call:
        """Choose a call."""
        calls = list(self.model.calls.values())
        return calls[which % len(calls)]

    # Calls.

    @precondition(lambda self: len(self.model.calls) < MOST_CALLS)
    @rule(number=st.integers(1, 4), position=st.integers(1, 6), parts=PARTS)
    def receive_sequenced(self, number: int, position: int, parts: tuple[str, ...]) -> None:
        lines = [(part, ONE) for part in parts]
        expected = self.model.receive_call(f"V{number}", "sequenced", lines, position)
        given = self.world.sequenced(position, tuple(THEIRS[part] for part in parts), f"V{number}")
        self._receive(expected, given, f"V{number}")

    @precondition(lambda self: len(self.model.calls) < MOST_CALLS)
    @rule(number=st.integers(1, 4), qty=st.integers(1, 9), parts=PARTS)
    def receive_summarised(self, number: int, qty: int, parts: tuple[str, ...]) -> None:
        lines = [(part, qty * ONE) for part in parts]
        expected = self.model.receive_call(f"Q{number}", "summarized", lines, None)
        given = self.world.summarized(f"Q{number}", tuple(THEIRS[part] for part in parts), str(qty))
        self._receive(expected, given, f"Q{number}")

    def _receive(self, expected: Answer, given: Any, number: str) -> None:
        from dataclasses import replace

        given = replace(given, required_at=given.required_at.replace(minute=0))
        done = self.act(
            expected, receive_jit_call, call=given, site_id=self.world.site_id, partner_id=self.world.partner_id,
            source="api",
        )  # fmt: skip
        if done:
            self.model.calls[number].key = done.call_id

    @precondition(lambda self: len(self.model.calls) < MOST_CALLS - 1)
    @rule(position=st.integers(1, 5))
    def take_file(self, position: int) -> None:
        name = f"F{len(self.files)}"
        data = two_vehicles(
            ("CALL000123", name), ("+0471'", f"+{position:04d}'"), ("+0472'", f"+{position + 1:04d}'"),
            ("000471:XO", f"{position:06d}:XO"), ("000472:XO", f"{position + 1:06d}:XO"),
            control=f"{len(self.files):014d}",
        )  # fmt: skip
        self.files.append(data)
        self.model.documents += 1
        expected = [
            self.model.receive_call(f"{name}/{vehicle}", "sequenced", [(part, ONE) for part in parts], place)
            for vehicle, parts, place in (
                ("2611220471", ("SEAT-105A", "REST-106B"), position), ("2611220472", ("SEAT-105A",), position + 1)
            )
        ]  # fmt: skip
        (report,) = self._take(data)
        assert len(report.messages[0].created) == expected.count(None)
        for group in ComponentGroup.objects.filter(call__external_no__startswith=f"{name}/").select_related("call"):
            self.model.calls[group.call.external_no].key = group.call_id

    @precondition(lambda self: self.files)
    @rule(which=ANY)
    def take_file_again(self, which: int) -> None:
        (report,) = self._take(self.files[which % len(self.files)])
        assert report.duplicate

    def _take(self, data: bytes) -> Any:
        self.operations["take_in"] += 1
        return take_in(
            data, partner_code="OEM01", file_name="f.edi", source="inbox", actor=self.world.actor, at=self.world.later()
        )

    @precondition(lambda self: self._cancellable())
    @rule(which=ANY)
    def cancel(self, which: int) -> None:
        call = self._cancellable()[which % len(self._cancellable())]
        expected = self.model.cancel_call(call)
        (answer,) = self.act(None, request_cancel, call_ids=(call.key,), reason="x", source="manual").answers
        assert (answer.outcome, answer.code) == expected

    def _cancellable(self) -> list[Call]:
        return [call for call in self.model.calls.values() if call.state in CANCELLED_AT_ONCE_OR_NEVER]

    # Production.

    @precondition(lambda self: self.model.calls)
    @rule(which=ANY)
    def release(self, which: int) -> None:
        call = self.some(which)
        expected = self.model.release(call)
        (answer,) = self.act(None, release_calls, call_ids=(call.key,)).answers
        assert answer.code == expected

    @precondition(lambda self: self._job_lines())
    @rule(which=ANY, good=st.integers(0, 6), scrap=st.integers(0, 2), all_of_it=st.booleans())
    def make(self, which: int, good: int, scrap: int, all_of_it: bool) -> None:
        call, line, row = self._job_lines()[which % len(self._job_lines())]
        good_micro = line.to_make if all_of_it else good * ONE
        if not good_micro + scrap:
            return
        known = set(row.confirmations.values_list("pk", flat=True))
        report = JobReport(row.position, from_micro(good_micro), Decimal(scrap))
        before = copy.deepcopy(line.failed)
        expected = self.model.make(call, line, good_micro, scrap * ONE, 0)
        done = self.act(expected, confirm_job, job_id=row.job_id, reports=(report,))
        if done:
            (made,) = done.confirmations
            assert made.confirmation_id not in known
            assert made.posted == (line.failed == before)
            if not made.posted:
                line.failed[made.confirmation_id] = line.failed.pop(0)

    def _job_lines(self) -> list[tuple[Call, Line, JobLine]]:
        calls = {call.key: call for call in self.model.calls.values()}
        rows = JobLine.objects.select_related("component__group", "part").order_by("pk")
        return [
            (call, next(line for line in call.lines if line.part == row.part.number), row)
            for row in rows
            for call in [calls[row.component.group.call_id]]
        ]

    @precondition(lambda self: self._failed())
    @rule(which=ANY)
    def reprocess(self, which: int) -> None:
        call, line, key = self._failed()[which % len(self._failed())]
        posted = self.model.reprocess(call, line, key)
        (answer,) = self.act(None, reprocess_postings, confirmation_ids=(key,)).answers
        assert answer.outcome == ("posted" if posted else "failed")

    def _failed(self) -> list[tuple[Call, Line, int]]:
        return [(c, line, key) for c in self.model.calls.values() for line in c.lines for key in line.failed]

    # Shipping and billing.

    @precondition(lambda self: self.model.calls)
    @rule(which=ANY)
    def open_for_packing(self, which: int) -> None:
        call = self.some(which)
        if self.act(self.model.release_for_packing(call), release_for_packing, call_ids=(call.key,)):
            call.rack = PackingSlot.objects.get(group__call_id=call.key).packing_group_id

    @precondition(lambda self: self._in_packing())
    @rule(which=ANY, wrong=st.integers(0, 5))
    def pack(self, which: int, wrong: int) -> None:
        waiting = self._in_packing()
        rack = waiting[which % len(waiting)].rack
        call = min((c for c in waiting if c.rack == rack), key=lambda c: c.position or 0)
        line = self.model.next_to_pack(call)
        assert line is not None
        if wrong == 0:
            self.act(WrongPart, confirm_packing, packing_group_id=rack, scan=UNKNOWN)
            return
        self.act(self.model.pack(call, line), confirm_packing, packing_group_id=rack, scan=THEIRS[line.part])

    def _in_packing(self) -> list[Call]:
        return [call for call in self.model.calls.values() if call.state == "in_packing"]

    @precondition(lambda self: any(call.state == "packed" for call in self.model.calls.values()))
    @rule(which=ANY)
    def pack_once_more(self, which: int) -> None:
        packed = [call for call in self.model.calls.values() if call.state == "packed"]
        call = packed[which % len(packed)]
        still_open = [c for c in self._in_packing() if c.rack == call.rack]
        closed = ComponentGroup.objects.get(call_id=call.key).slot.packing_group.state != "packing"
        if not still_open and not closed:
            self.act(NothingToPack, confirm_packing, packing_group_id=call.rack, scan=SEAT)

    @precondition(lambda self: self.model.calls)
    @rule(which=ANY, with_mates=st.booleans())
    def deliver(self, which: int, with_mates: bool) -> None:
        call = self.some(which)
        mates = [c for c in self.model.calls.values() if c.rack == call.rack and c.state == "packed" and c is not call]
        calls = [call, *(mates if with_mates and call.state == "packed" else [])]
        key = max([0, *self.model.deliveries]) + 1
        expected = self.model.deliver(calls, key)
        done = self.act(expected, create_delivery, call_ids=tuple(c.key for c in calls))
        if done:
            self.model.deliveries[done.delivery_id] = self.model.deliveries.pop(key)
            for one in calls:
                one.delivery = done.delivery_id

    @precondition(lambda self: self.model.deliveries)
    @rule(which=ANY, step=st.sampled_from(["cancel_delivery", "pick", "issue", "reverse_issue", "bill"]))
    def go_on_with_a_delivery(self, which: int, step: str) -> None:
        key = sorted(self.model.deliveries)[which % len(self.model.deliveries)]
        self._delivery_step(key, step)

    def _delivery_step(self, key: int, step: str) -> None:
        commands: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
            "cancel_delivery": (cancel_delivery, {"reason": "x"}),
            "pick": (pick_delivery, {}),
            "issue": (post_goods_issue, {}),
            "reverse_issue": (reverse_goods_issue, {"reason": "x"}),
            "bill": (issue_invoice, {}),
        }
        function, more = commands[step]
        self.act(getattr(self.model, step)(key), function, delivery_id=key, **more)

    # The step that is natural next, so that many calls reach their end.

    def _go_on(self, which: int, more: int) -> None:
        call = self.some(which)
        waiting = [index for index, (one, _, _) in enumerate(self._failed()) if one is call]
        if waiting and more % 2:
            self.reprocess(waiting[0])
        elif call.state == "created":
            self.release(which)
        elif call.state == "released":
            rows = [i for i, (c, line, _) in enumerate(self._job_lines()) if c is call and line.to_make]
            self.make(rows[more % len(rows)], 0, 0, True)
        elif call.state == "ready":
            self.open_for_packing(which)
        elif call.state == "in_packing":
            self.pack(self._in_packing().index(call), 1)
        elif call.state == "packed":
            self.deliver(which, True)
        elif call.delivery in self.model.deliveries and call.state in ("on_delivery", "issued"):
            state = self.model.deliveries[call.delivery].state
            forth = {"open": "pick", "picked": "issue", "issued": "bill"}
            back = {"open": "cancel_delivery", "picked": "cancel_delivery", "issued": "reverse_issue"}
            self._delivery_step(call.delivery, (back if more % 4 == 1 else forth)[state])

    @precondition(lambda self: self.model.calls)
    @rule(which=ANY, more=ANY, steps=st.integers(1, 9))
    def go_on(self, which: int, more: int, steps: int) -> None:
        for step in range(steps):
            self._go_on(which, more + step)
            self.every_invariant_holds()
            self.the_plant_is_as_the_reference_says()

    @precondition(lambda self: self.model.calls)
    @rule(which=ANY)
    def go_to_the_end(self, which: int) -> None:
        self.go_on(which, which, 12)

    # Stock.

    @rule(part=st.sampled_from(["FOAM", "FRAME", "SEAT-105A", "REST-106B"]), qty=st.integers(1, 5_000_000))
    def receive_goods(self, part: str, qty: int) -> None:
        # Finished goods come whole, so that calls in pieces can be served from them.
        place, qty = ("LINE1", qty) if part in ("FOAM", "FRAME") else ("FG", (qty // ONE + 1) * ONE)
        done = self.act(
            self.model.receive_stock(part, place, qty), receive_stock, site_id=self.world.site_id,
            part_id=self.world.parts[part], location_id=self.world.places[place], qty=from_micro(qty),
        )  # fmt: skip
        self.model.postings[done.posting_id] = (part, None, place, qty)

    @rule(part=st.sampled_from(["FOAM", "FRAME", "SEAT-105A"]), back=st.booleans(), qty=st.integers(1, 9_000_000))
    def move_goods(self, part: str, back: bool, qty: int) -> None:
        qty = (qty // ONE + 1) * ONE if part == "SEAT-105A" else qty
        source, target = ("LINE1", "FG") if back else ("FG", "LINE1")
        done = self.act(
            self.model.move_stock(part, source, target, qty), move_stock, site_id=self.world.site_id,
            part_id=self.world.parts[part], from_location_id=self.world.places[source],
            to_location_id=self.world.places[target], qty=from_micro(qty),
        )  # fmt: skip
        if done:
            self.model.postings[done.posting_id] = (part, source, target, qty)

    @precondition(lambda self: self.model.postings)
    @rule(which=ANY)
    def take_a_posting_back(self, which: int) -> None:
        key = sorted(self.model.postings)[which % len(self.model.postings)]
        self.act(self.model.reverse_posting(key), reverse_posting, posting_id=key, reason="x")

    # Repeats and the outbox.

    @precondition(lambda self: self.kept)
    @rule(which=ANY)
    def ask_once_more(self, which: int) -> None:
        kept = self.kept[which % len(self.kept)]
        before = Posting.objects.count(), OutboxMessage.objects.count()
        self.operations["replay"] += 1
        assert kept.function(**{**kept.given, "at": self.world.later()}) == kept.result
        assert (Posting.objects.count(), OutboxMessage.objects.count()) == before

    @precondition(lambda self: self.unsent)
    @rule()
    def hand_the_outbox_over(self) -> None:
        self.operations["send_due"] += 1
        send_due(home=self.home, actor=self.world.actor, at=self.world.later())
        files = {path.name: path.read_bytes() for path in self.home.glob("outbox/OEM01/*")}
        assert files == {row.file_name: bytes(row.payload) for row in OutboxMessage.objects.all()}
        assert not OutboxMessage.objects.exclude(state="sent").exists()

    @property
    def unsent(self) -> bool:
        """Tell whether a file waits."""
        return OutboxMessage.objects.filter(state="queued").exists()

    # What holds after each step.

    @invariant()
    def every_invariant_holds(self) -> None:
        self.steps += 1
        if not self.steps % VERIFY_EVERY[connection.vendor]:
            self.verified()

    def verified(self) -> None:
        """See that nothing is violated."""
        # Inside a transaction it reads by plain cursors, which is three times as fast where nobody writes beside it.
        with transaction.atomic():
            report = verify()
        assert report.ok, [(result.id, result.first) for result in report.invariants if result.violations]

    @invariant()
    def the_plant_is_as_the_reference_says(self) -> None:
        found: dict[str, Counter[tuple[str, str]]] = {"on_hand": Counter(), "reserved": Counter()}
        for part, place, *figures in Balance.objects.values_list(
            "part__number", "location__code", "on_hand", "reserved"
        ):
            for counts, figure in zip(found.values(), figures, strict=True):
                counts[part, place] += to_micro(figure)
        assert +found["on_hand"] == +self.model.on_hand
        assert +found["reserved"] == +self.model.reserved
        states = ComponentGroup.objects.values_list("call__external_no", "state", "call__state", "stock_posting")
        assert {(number, state, state, posting) for number, state, _, posting in states} == {
            (c.number, c.state, c.state, c.stock_posting) for c in self.model.calls.values()
        }
        assert all(state == call_state for _, state, call_state, _ in states)
        assert OutboxMessage.objects.count() == self.model.documents
