"""Reads of notifications: what waits for a person, what partners were told and whether it arrived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.exchange.models import Contact, Mail, Notification, Reading
from milkrun.exchange.states import NOTIFICATION_KINDS
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment

# What nobody read for a month no longer counts as waiting; it stays in the list.
WAITS = timedelta(days=30)
COUNTED = 100


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy of a notification: to whom, whether the mail server took it, whether its address was opened."""

    address: str
    state: str
    outbox_public_id: str
    last_error: str
    sent: str
    read: str


@dataclass(frozen=True, slots=True)
class NotificationView:
    """What somebody was told. `unread` is about the person who asks; `readers` names staff with their times."""

    public_id: str
    kind: str
    subject: str
    body: str
    partner: str
    role: str
    user: str
    document_kind: str
    document_id: int | None
    actor: str
    at: str
    unread: bool
    copies: tuple[CopyView, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    """An e-mail address of a partner; kind "" takes everything."""

    id: int
    partner: str
    name: str
    email: str
    kind: str


def mine(user_id: int, roles: Sequence[str], site_id: int) -> QuerySet[Notification]:
    """Select what was told to a person, or to one of the person's roles at a site."""
    here = Q(site_id=site_id) | Q(site=None)
    return Notification.objects.filter(Q(user_id=user_id) | (Q(role__in=list(roles)) & ~Q(role="") & here))


def unread(user_id: int, roles: Sequence[str], site_id: int, at: datetime) -> QuerySet[Notification]:
    """Select what the person has not read yet and what is not older than a month."""
    read = Reading.objects.filter(notification=OuterRef("pk"), user_id=user_id)
    return mine(user_id, roles, site_id).filter(~Exists(read), at__gt=at - WAITS)


def unread_count(user_id: int, roles: Sequence[str], site_id: int, at: datetime) -> int:
    """Count what waits to be read, up to a hundred."""
    return len(unread(user_id, roles, site_id, at).values_list("pk", flat=True)[:COUNTED])


def my_notifications(
    user_id: int, roles: Sequence[str], site_id: int, zone: str, after: str = "", limit: int = 50
) -> Page[NotificationView]:
    """List what was told to a person, newest first."""
    rows = mine(user_id, roles, site_id).order_by("-id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    return _page(rows, limit, zone, user_id)


def partner_notifications(
    zone: str,
    partner: str = "",
    kind: str = "",
    state: str = "",
    after: str = "",
    limit: int = 50,
) -> Page[NotificationView]:
    """List what partners were told, newest first.

    Args:
        zone: the time zone for instants.
        partner: a partner's code; "" for all.
        kind: one kind; "" for all.
        state: "held", "waiting", "delivered", "read" or "no_address"; "" for all.
        after: the cursor of the page before.
        limit: rows of a page.
    """
    rows = Notification.objects.filter(partner__isnull=False).order_by("-id")
    rows = rows.filter(partner__code=partner) if partner else rows
    rows = rows.filter(kind=kind) if kind else rows
    copies = Mail.objects.filter(notification=OuterRef("pk"))
    wanted = {
        "held": Exists(copies.filter(outbox__state="held")),
        "waiting": Exists(copies.filter(outbox__state="queued")),
        "delivered": Exists(copies.filter(outbox__state="sent", read_at=None)),
        "read": Exists(copies.filter(read_at__isnull=False)),
        "no_address": ~Exists(copies),
    }
    rows = rows.filter(wanted[state]) if state in wanted else rows
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    return _page(rows, limit, zone, None)


def notifications_of(document_kind: str, document_id: int, zone: str, limit: int = 50) -> list[NotificationView]:
    """List what anybody was told about one document, newest first."""
    rows = Notification.objects.filter(document_kind=document_kind, document_id=document_id).order_by("-id")
    return list(_page(rows, limit, zone, None).rows)


def notification(public_id: str, zone: str, user_id: int | None = None) -> NotificationView:
    """Read one notification.

    Raises:
        NotFound: there is none.
    """
    found = _page(Notification.objects.filter(public_id=public_id), 1, zone, user_id).rows
    if not found:
        raise NotFound(_("This notification does not exist. Look for it in the list."), public_id=public_id)
    return found[0]


def is_mine(public_id: str, user_id: int, roles: Sequence[str], site_id: int) -> bool:
    """Tell whether a notification was meant for a person."""
    return mine(user_id, roles, site_id).filter(public_id=public_id).exists()


def partner_kinds() -> tuple[str, ...]:
    """List the kinds of notification that a partner's address can be for."""
    return NOTIFICATION_KINDS


def contacts(partner: str = "") -> tuple[ContactView, ...]:
    """List the e-mail addresses of all partners, or of one by its code."""
    rows = Contact.objects.select_related("partner").order_by("partner__code", "email", "kind")
    rows = rows.filter(partner__code=partner) if partner else rows
    return tuple(ContactView(row.id, row.partner.code, row.name, row.email, row.kind) for row in rows)


def _page(rows: QuerySet[Notification], limit: int, zone: str, user_id: int | None) -> Page[NotificationView]:
    mails = Mail.objects.select_related("outbox").defer("outbox__payload").order_by("address")
    readings = Reading.objects.select_related("user").order_by("at")
    whole = rows.select_related("partner", "user").prefetch_related(
        Prefetch("mails", mails), Prefetch("readings", readings)
    )
    found = list(whole[: limit + 1])
    return page_of([_view(row, zone, user_id) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def _view(row: Notification, zone: str, user_id: int | None) -> NotificationView:
    readings = list(row.readings.all())
    return NotificationView(
        row.public_id, row.kind, row.subject, row.body, row.partner.code if row.partner else "", row.role,
        row.user.name if row.user else "", row.document_kind, row.document_id, row.actor, moment(row.at, zone),
        user_id is not None and all(reading.user_id != user_id for reading in readings),
        tuple(_copies(row.mails.all(), zone)),
        tuple(f"{reading.user.name}, {moment(reading.at, zone)}" for reading in readings),
    )  # fmt: skip


def _copies(rows: Iterable[Mail], zone: str) -> Iterable[CopyView]:
    for row in rows:
        out = row.outbox
        yield CopyView(
            row.address, "read" if row.read_at else out.state, out.public_id, out.last_error, moment(out.sent_at, zone),
            moment(row.read_at, zone),
        )  # fmt: skip
