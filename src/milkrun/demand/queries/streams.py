"""Sequence streams as people set them up: the rules, what was skipped, what is held and why; the rules for changes."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from milkrun.demand.models import CallRule, ChangeRule, ExternalStatus, JitCall, SequenceStream, SkippedNumber
from milkrun.demand.states import CHANGE_STATES
from milkrun.demand.steps.sequence import NAMED, sequence_gaps
from milkrun.kernel.errors import NotFound
from milkrun.measure.wording import moment

# By the rule of a stream: the state in which calls wait for its step.
WAITING = {"release_rule": "created", "packing_rule": "ready", "gap_rule": "packed", "issue_rule": "on_delivery"}
SHOWN = 50
LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream and its rules; `next_number` is the one expected after the head."""

    id: int
    partner: str
    partner_name: str
    plant: str
    code: str
    largest: int
    release_rule: str
    packing_rule: str
    gap_rule: str
    issue_rule: str
    takt_minutes: int | None
    last_number: int | None
    next_number: int | None


@dataclass(frozen=True, slots=True)
class SkippedView:
    """A number that never comes."""

    number: int
    reason: str
    source: str
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """A number that others wait for: its call where there is one, None where it was never received."""

    number: str
    call_number: str
    call_public_id: str
    state: str


@dataclass(frozen=True, slots=True)
class HeldView:
    """A step at which calls of a stream wait for missing numbers, or are only warned of them."""

    rule: str
    word: str
    waiting: int
    missing: tuple[MissingView, ...]


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """What becomes of a customer's changes: in general, by state, and by sequence and state."""

    partner: str
    change_after_release: str
    by_state: dict[str, str]
    by_stream: tuple[tuple[StreamView, dict[str, str]], ...]
    statuses: tuple[tuple[str, str], ...]


def streams(site_id: int) -> list[StreamView]:
    """List the streams of a site by customer, plant and line."""
    rows = SequenceStream.objects.filter(site_id=site_id).select_related("ship_to__partner")
    return [_stream(row) for row in rows.order_by("ship_to__partner__code", "ship_to__code", "code")]


def stream(site_id: int, *, partner: str, plant: str, code: str) -> StreamView:
    """Find one stream.

    Raises:
        NotFound: there is none at this site.
    """
    rows = SequenceStream.objects.filter(site_id=site_id, ship_to__partner__code=partner, ship_to__code=plant)
    row = rows.filter(code=code).select_related("ship_to__partner").first()
    if row is None:
        raise NotFound(_("This sequence does not exist at this site. Choose it from the list."))
    return _stream(row)


def _stream(row: SequenceStream) -> StreamView:
    partner = row.ship_to.partner
    last = None if row.last_seen is None else (row.last_seen - 1) % row.largest + 1
    return StreamView(
        row.pk, partner.code, partner.name, row.ship_to.code, row.code, row.largest, row.release_rule,
        row.packing_rule, row.gap_rule, row.issue_rule, row.takt_minutes, last,
        None if last is None else last % row.largest + 1,
    )  # fmt: skip


def skipped(stream_id: int, zone: str) -> list[SkippedView]:
    """List the numbers of a stream that were skipped, the latest first."""
    rows = SkippedNumber.objects.filter(stream_id=stream_id).select_related("stream").order_by("-id")[:SHOWN]
    return [
        SkippedView(
            (row.position - 1) % row.stream.largest + 1, row.reason, row.source, moment(row.at, zone), row.actor
        )
        for row in rows
    ]


def held(stream_id: int) -> list[HeldView]:
    """Tell, step by step, how many calls wait behind missing numbers, and which numbers those are."""
    found = []
    for rule, state in WAITING.items():
        calls = list(JitCall.objects.filter(stream=stream_id, state=state).order_by("position")[:LOOKED_AT])
        for gap in sequence_gaps(calls, rule=rule):
            first = gap.positions[:NAMED]
            waiting = sum((call.position or 0) > first[0] for call in calls)
            word = getattr(gap.stream, rule)
            found.append(HeldView(rule, word, waiting, _missing(stream_id, first, gap.numbers)))
    return found


def _missing(stream_id: int, positions: tuple[int, ...], numbers: list[str]) -> tuple[MissingView, ...]:
    known = {
        row.position: row
        for row in JitCall.objects.filter(stream=stream_id, position__in=positions).exclude(state="cancelled")
    }
    return tuple(
        MissingView(number, row.external_no, row.public_id, row.state) if row else MissingView(number, "", "", "")
        for position, number in zip(positions, numbers, strict=False)
        for row in [known.get(position)]
    )


def change_rules_of(site_id: int, partner_id: int, partner: str) -> ChangeRules:
    """Read what becomes of a customer's changes and what its status words mean."""
    general = CallRule.objects.filter(partner=partner_id).values_list("change_after_release", flat=True).first()
    by_stream: dict[int, dict[str, str]] = {}
    by_state: dict[str, str] = {}
    for row in ChangeRule.objects.filter(partner=partner_id):
        (by_state if row.stream_id is None else by_stream.setdefault(row.stream_id, {}))[row.state] = row.rule
    own = [view for view in streams(site_id) if view.partner == partner]
    words = ExternalStatus.objects.filter(partner=partner_id).order_by("transmitted")
    return ChangeRules(
        partner, general or "refuse", {state: by_state.get(state, "") for state in CHANGE_STATES},
        tuple((view, {s: by_stream.get(view.id, {}).get(s, "") for s in CHANGE_STATES}) for view in own),
        tuple(words.values_list("transmitted", "action")),
    )  # fmt: skip
