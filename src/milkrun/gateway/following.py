"""Take the steps of a customer's messages in the order the customer wrote them, one command each."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.demand.commands.hold_calls import CallAnswer, hold_calls
from milkrun.demand.commands.receive_jit_calls import CallInput, CallOutcome, receive_jit_calls
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.commands.resume_calls import resume_calls
from milkrun.demand.commands.skip_number import skip_number
from milkrun.demand.queries import calls_by_id, calls_by_number
from milkrun.demand.queries.wanted import VehicleLine, call_of_vehicle
from milkrun.gateway.mappers import Cancellation, Step, Wish
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor, Request
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.shipping.commands.update_calls import MOST, CallChange, update_calls

LINES_PER_TRANSACTION = 5_000
# What the customer's message is told to have done; a cancellation that came before is as good as a new one.
OUTCOMES = {"cancelled": "cancelled", "unchanged": "cancelled", "requested": "cancel requested"}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one message."""

    state: str
    created: tuple[dict[str, Any], ...]
    findings: tuple[edi.Finding, ...]


@dataclass
class Following:
    """The messages of one customer on their way, with what came of each so far."""

    results: dict[int, Result]
    site_id: int
    partner_id: int
    actor: Actor
    at: datetime

    def follow(self, steps: Sequence[Step]) -> None:
        """Take steps: calls together, up to the next that is no call."""
        batch: list[CallInput] = []
        lines = 0
        for step in steps:
            if isinstance(step, CallInput):
                batch.append(step)
                lines += sum(len(group.components) for group in step.groups)
                if lines < LINES_PER_TRANSACTION:
                    continue
            self._receive(batch)
            batch, lines = [], 0
            if isinstance(step, Cancellation):
                self._cancel(step)
            elif isinstance(step, Wish):
                self._grant(step)
        self._receive(batch)

    # Calls, new and changed.

    def _receive(self, calls: Sequence[CallInput]) -> None:
        if not calls:
            return
        try:
            outcomes = self._batch(calls)
        except (DataError, IntegrityError, ValueError):
            # One odd call must not stop the good ones: they go one at a time, and only the odd one is refused.
            outcomes = [self._alone(call) for call in calls]
        for outcome in outcomes:
            if outcome.outcome != "under_way":
                self._add(outcome)
        changed = [
            (call, outcome) for call, outcome in zip(calls, outcomes, strict=True) if outcome.outcome == "under_way"
        ]
        if changed:
            self._update(changed)

    def _alone(self, call: CallInput) -> CallOutcome:
        try:
            return self._batch([call])[0]
        except (DataError, IntegrityError, ValueError):
            return CallOutcome(
                call.external_no, "refused", code="call_not_understood", message_id=call.message_id,
                message=_not_kept(call),
            )  # fmt: skip

    def _batch(self, calls: Sequence[CallInput]) -> list[CallOutcome]:
        done = receive_jit_calls(
            calls=calls, site_id=self.site_id, partner_id=self.partner_id, source="edi", by_rule=True,
            actor=self.actor, at=self.at,
        )  # fmt: skip
        return list(done.outcomes)

    def _add(self, outcome: CallOutcome) -> None:
        key = outcome.message_id or 0
        if outcome.outcome == "refused":
            self._fail(key, outcome.code, outcome.message)
            return
        notes = [("LIN", "unmatched", text) for text in outcome.unmatched]
        notes += [("SEQ", "sequence_unfit", text) for text in outcome.notes]
        self._done(key, outcome.external_no, outcome.outcome, outcome.public_id, notes)

    def _update(self, changed: Sequence[tuple[CallInput, CallOutcome]]) -> None:
        """Go on by the customer's rule with calls that were released."""
        # A file may hold one call more than once; the last word counts.
        wanted = {outcome.call_id or 0: call for call, outcome in changed}
        keys = list(wanted)
        parts = [keys[start : start + MOST] for start in range(0, len(keys), MOST)]
        answers = [answer for part in parts for answer in self._change({key: wanted[key] for key in part})]
        links = calls_by_id(wanted)
        for answer in answers:
            key = wanted[answer.call_id].message_id or 0
            text = _("Call {call} is under way: a planner decides whether it changes.").format(call=answer.number)
            notes = [("BGM", "change_asked", text)] if answer.outcome == "asked" else []
            self._answered(key, answer, answer.outcome, links[answer.call_id].public_id, notes)

    def _change(self, wanted: Mapping[int, CallInput]) -> Sequence[CallAnswer]:
        """Change calls together, or where one of them stands in the way one at a time, so that only it is refused."""
        try:
            return update_calls(
                changes=[CallChange(key, wanted=call) for key, call in wanted.items()], reason="", source="edi",
                interchange_id=next(iter(wanted.values())).interchange_id, actor=self.actor, at=self.at,
            ).answers  # fmt: skip
        except (DataError, IntegrityError, ValueError, Refusal) as failure:
            if len(wanted) == 1:
                ((key, call),) = wanted.items()
                return [_not_changed(key, call, failure)]
            return [answer for key, call in wanted.items() for answer in self._change({key: call})]

    # Cancelled, held, skipped, ordered again.

    def _cancel(self, wish: Cancellation) -> None:
        call_id = self._find(wish.external_no)
        if not call_id and wish.number:
            self._skip(wish, _("Left out by the customer"))
            return
        if not call_id:
            text = _("Call {number} is to be cancelled, but was never received.").format(number=wish.external_no)
            self._fail(wish.message_id, "unknown_call", text)
            return
        (answer,) = request_cancel(
            call_ids=(call_id,), reason=_("Cancelled by the customer"), source="edi", actor=self.actor, at=self.at
        ).answers
        text = _("Call {number} is under way: a planner decides whether it is cancelled.")
        notes = [("BGM", "cancel_requested", text.format(number=answer.number))]
        asked = notes if answer.outcome == "requested" else []
        self._answered(wish.message_id, answer, OUTCOMES.get(answer.outcome, ""), "", asked)

    def _grant(self, wish: Wish) -> None:
        if wish.action == "skip":
            self._skip(wish, _("Said by the customer never to come"))
        elif wish.action == "reorder":
            self._reorder(wish)
        else:
            self._hold(wish)

    def _skip(self, wish: Wish | Cancellation, reason: str) -> None:
        try:
            skip_number(
                site_id=self.site_id, partner_id=self.partner_id, ship_to_code=wish.ship_to,
                stream_code=wish.stream_code, number=wish.number, reason=reason, source="edi", actor=self.actor,
                at=self.at,
            )  # fmt: skip
        except Refusal as refusal:
            self._fail(wish.message_id, refusal.code, refusal.message)
            return
        text = _("Number {number} is skipped: nobody waits for it.").format(number=wish.number)
        self._done(wish.message_id, wish.external_no, "skipped", "", [("SEQ", "number_skipped", text)])

    def _hold(self, wish: Wish) -> None:
        call_id = self._find(wish.external_no)
        if not call_id:
            text = _("Call {number} was never received.").format(number=wish.external_no)
            self._fail(wish.message_id, "unknown_call", text)
            return
        step = hold_calls if wish.action == "hold" else resume_calls
        done = step(call_ids=(call_id,), reason=_("Said by the customer"), actor=self.actor, at=self.at)
        (answer,) = done.answers
        self._answered(wish.message_id, answer, answer.outcome, "", [])

    def _reorder(self, wish: Wish) -> None:
        """Supply parts of a vehicle again; the customer's key makes it happen once, however often it is sent."""
        call = call_of_vehicle(self.site_id, self.partner_id, production_no=wish.production_no, vin=wish.vin)
        lines = _lines(call.lines, wish) if call else {}
        if call is None or not lines:
            text = _("Parts of vehicle {vehicle} are ordered again, but it has no such parts here.")
            vehicle = wish.production_no or wish.vin or wish.external_no
            self._fail(wish.message_id, "unknown_call", text.format(vehicle=vehicle))
            return
        body = hashlib.sha256(repr(sorted(wish.parts)).encode()).hexdigest()
        reason = _("Ordered again by the customer, key {key}").format(key=wish.key)
        for code, numbers in lines.items():
            try:
                done = reorder_component(
                    call_id=call.id, group_code=code, line_nos=numbers, reason=reason, lost=False, actor=self.actor,
                    at=self.at, request=Request(f"edi:{self.partner_id}:reorder", f"{wish.key}:{code}"[:120], body),
                )  # fmt: skip
            except Refusal as refusal:
                self._fail(wish.message_id, refusal.code, refusal.message)
            else:
                self._done(wish.message_id, done.external_no, "reordered", done.public_id, [])

    def _find(self, number: str) -> int:
        return calls_by_number(self.site_id, self.partner_id, [number]).get(number, (0, ""))[0]

    # What is said about the message.

    def _answered(
        self, key: int, answer: CallAnswer, outcome: str, public_id: str, notes: Sequence[tuple[str, str, str]]
    ) -> None:
        if answer.done:
            self._done(key, answer.number, outcome, public_id, notes)
        else:
            self._fail(key, answer.code, answer.message)

    def _fail(self, key: int, code: str, text: str) -> None:
        before = self.results[key]
        finding = edi.Finding("BGM", 0, "", code, "12", "error", text)
        self.results[key] = Result("failed", before.created, (*before.findings, finding))

    def _done(self, key: int, number: str, outcome: str, public_id: str, notes: Sequence[tuple[str, str, str]]) -> None:
        before = self.results[key]
        created: dict[str, Any] = {"kind": "call", "number": number, "outcome": outcome}
        if public_id:
            created["id"] = public_id
        findings = tuple(edi.Finding(segment, 0, "", code, "", "warning", text) for segment, code, text in notes)
        self.results[key] = Result(before.state, (*before.created, created), (*before.findings, *findings))


def _not_kept(call: CallInput) -> str:
    sentence = _("Call {external_no} has a value that cannot be kept. Compare it with the customer's guide.")
    return sentence.format(external_no=call.external_no)


def _not_changed(call_id: int, call: CallInput, failure: Exception) -> CallAnswer:
    code, text = "call_not_understood", _not_kept(call)
    if isinstance(failure, Refusal):
        code, text = failure.code, failure.message
    return CallAnswer(call_id, call.external_no, "refused", code, text)


def _lines(known: Sequence[VehicleLine], wish: Wish) -> dict[str, list[int]]:
    """Find the lines of a call that are ordered again, by family; a part without a family is sought in all of them."""
    found: dict[str, list[int]] = {}
    for family, part in wish.parts:
        for line in known:
            if line.customer_part_no == part and (not family or family == line.group_code):
                found.setdefault(line.group_code, []).append(line.line_no)
    return found
