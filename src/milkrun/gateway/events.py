"""Turn what happened into events for webhooks: read from the journal and the movements, none left out, none twice.

The business transaction writes its journal entry anyway; that row is the outbox. A feed is read up to where every
number is committed or never will be (`kernel.horizon`), and how far it was read moves on in the same transaction that
keeps the events. A worker that dies in between reads the same entries again.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from milkrun.billing.queries.told import invoices_told
from milkrun.connections.commands.record_events import EventInput, record_events
from milkrun.connections.errors import FeedMoved
from milkrun.connections.queries.webhooks import JOURNAL, anybody_wants, feed_position, movements_of, wanted_kinds
from milkrun.demand.queries.told import calls_told
from milkrun.kernel import journal
from milkrun.kernel.journal import Happening
from milkrun.kernel.paging import cursor, position
from milkrun.partners.queries import sites
from milkrun.production.queries.told import jobs_told
from milkrun.shipping.queries.told import deliveries_told
from milkrun.stock.queries.feed import MovementRecord, latest_movement, movement_feed

AT_ONCE = 500
SUBJECTS = ("call", "job", "delivery", "invoice", "alert")
JOURNAL_KINDS = frozenset(
    {
        "call.received", "call.changed", "call.state_changed", "job.confirmed", "delivery.issued",
        "delivery.issue_reversed", "invoice.issued", "alert.raised", "alert.reminded", "alert.escalated",
        "alert.closed",
    }
)  # fmt: skip
MOVED = "stock.moved"

# action of the journal -> kind of event, where the subject is the noun itself
_ACTIONS = {
    ("call", "receive_jit_call"): "call.received",
    ("call", "update_call"): "call.changed",
    ("call", "resequence_call"): "call.changed",
    ("job", "confirm_job"): "job.confirmed",
    ("delivery", "post_goods_issue"): "delivery.issued",
    ("delivery", "reverse_goods_issue"): "delivery.issue_reversed",
    ("invoice", "issue_invoice"): "invoice.issued",
    ("alert", "open_alert"): "alert.raised",
    ("alert", "remind_alert"): "alert.reminded",
    ("alert", "escalate_alert"): "alert.escalated",
    ("alert", "close_alert"): "alert.closed",
}
_TELLERS: dict[str, Callable[[Iterable[int]], dict[int, dict[str, object]]]] = {
    "call": calls_told,
    "job": jobs_told,
    "delivery": deliveries_told,
    "invoice": invoices_told,
}


def derive_events(*, at: datetime) -> int:
    """Read every feed on and keep the events that webhooks want; returns how many notes wait because of it."""
    # In this order: what a feed holds up to its end was committed before we ask who wants to know.
    ends = journal.feed_end(), latest_movement()
    wanted = wanted_kinds()
    return _from_journal(wanted, ends[0], at) + sum(
        _from_movements(site.id, site.code, wanted, ends[1], at) for site in sites()
    )


def kind_of(entry: Happening) -> str:
    """Tell which kind of event a journal entry is, "" where it is none."""
    known = _ACTIONS.get((entry.subject_kind, entry.action), "")
    moved = entry.subject_kind == "call" and entry.before != entry.after and entry.before
    return known or ("call.state_changed" if moved else "")


def _from_journal(wanted: frozenset[str], newest: int, at: datetime) -> int:
    start = feed_position(JOURNAL) or 0
    if not anybody_wants(JOURNAL_KINDS, wanted):
        return _skip(JOURNAL, start, newest, at)
    made = 0
    while True:
        found, end = journal.feed(start, SUBJECTS, AT_ONCE)
        if end == start:
            return made
        made += _keep(JOURNAL, start, end, _told(found), at)
        start = end


def _told(found: Sequence[Happening]) -> list[EventInput]:
    kinds = [(entry, kind_of(entry)) for entry in found]
    known = {
        subject: teller({entry.subject_id for entry, kind in kinds if kind and entry.subject_kind == subject})
        for subject, teller in _TELLERS.items()
    }
    return [_event(entry, kind, known.get(entry.subject_kind, {})) for entry, kind in kinds if kind]


def _event(entry: Happening, kind: str, known: dict[int, dict[str, object]]) -> EventInput:
    data: dict[str, Any] = dict(known.get(entry.subject_id, {}))
    if entry.before:
        data["before"] = entry.before
    if entry.after:
        data["state"] = entry.after
    if entry.reason:
        data["reason"] = entry.reason
    data["actor"] = entry.actor
    if kind in ("call.changed", "job.confirmed") or kind.startswith("alert."):
        data["facts"] = entry.facts
    return EventInput(kind, entry.id, entry.site_id, entry.at, written(kind, entry.at, data))


def written(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    """Write an event's bytes: type, timestamp and data, as Standard Webhooks recommends."""
    return json.dumps(
        {"type": kind, "timestamp": at.isoformat(), "data": data}, default=_plain, ensure_ascii=False,
        separators=(",", ":"),
    ).encode()  # fmt: skip


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _from_movements(site_id: int, code: str, wanted: frozenset[str], newest: int, at: datetime) -> int:
    name = movements_of(site_id)
    start = feed_position(name) or 0
    if not anybody_wants(frozenset({MOVED}), wanted):
        return _skip(name, start, newest, at)
    made = 0
    while True:
        page = movement_feed(site_id, cursor(start), AT_ONCE)
        if not page.rows:
            return made
        end = _number(page.next_cursor)
        events = [_movement(row, code, site_id) for row in page.rows]
        made += _keep(name, start, end, events, at)
        start = end


def _movement(row: MovementRecord, code: str, site_id: int) -> EventInput:
    data = {"site": code, **asdict(row)}
    return EventInput(MOVED, _number(row.cursor), site_id, row.at, written(MOVED, row.at, data))


def _number(text: str) -> int:
    found = position(text, int)
    return found[0] if found else 0


def _skip(feed: str, start: int, end: int, at: datetime) -> int:
    return _keep(feed, start, end, [], at) if end != start else 0


def _keep(feed: str, start: int, end: int, events: Sequence[EventInput], at: datetime) -> int:
    try:
        return record_events(feed=feed, read_from=start, read_to=end, events=events, at=at).notes
    except FeedMoved:
        return 0
