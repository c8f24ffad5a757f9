"""Reads of alerts: the list with its filters, one alert, the count for the bell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.insight.models import Alert
from milkrun.insight.queries.metrics import BY_NAME
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment

SHOWN = ("open", "snoozed", "closed")


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What the list of alerts shows.

    Args:
        show: open, snoozed or closed.
        mine: only those of these roles or this person; () and None for everybody's.
        user_id: the person.
        metric: one metric, or "".
        tone: act or watch, or "".
        text: in what the alert is about, or the customer's code.
    """

    show: str = "open"
    mine: tuple[str, ...] = ()
    user_id: int | None = None
    metric: str = ""
    tone: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as people read it."""

    id: int
    public_id: str
    rule_public_id: str
    title: str
    metric: str
    cause: str
    stake: str
    tone: str
    subject_kind: str
    subject_id: int
    subject_public_id: str
    subject: str
    since: str
    since_iso: str
    due: str
    owner_role: str
    owner: str
    action: str
    button: str
    times_told: int
    escalated: str
    snoozed_until: str
    closed: str
    closed_why: str


def alerts(site_id: int, wanted: AlertFilter, zone: str, after: str = "", limit: int = 50) -> Page[AlertView]:
    """List alerts, what is to be acted on before what is to be watched, the newest first; one statement a page."""
    rows = _shown(Alert.objects.filter(site_id=site_id), wanted).order_by("tone", "-id")
    start = position(after, str, int)
    if start:
        rows = rows.filter(Q(tone__gt=start[0]) | Q(tone=start[0], id__lt=start[1]))
    found = list(_whole(rows)[: limit + 1])
    last = cursor(found[:limit][-1].tone, found[:limit][-1].pk) if found else ""
    return page_of([view(row, zone) for row in found], limit, last)


def _shown(rows: QuerySet[Alert], wanted: AlertFilter) -> QuerySet[Alert]:
    if wanted.show == "closed":
        rows = rows.filter(closed_at__isnull=False)
    else:
        rows = rows.filter(closed_at=None, snoozed_until__isnull=wanted.show != "snoozed")
    if wanted.mine or wanted.user_id:
        rows = rows.filter(_whose(wanted.mine, wanted.user_id))
    if wanted.metric:
        rows = rows.filter(rule__metric=wanted.metric)
    if wanted.tone:
        rows = rows.filter(tone=wanted.tone)
    text = wanted.text.strip()
    if text:
        rows = rows.filter(Q(subject_label__icontains=text) | Q(partner__code__iexact=text))
    return rows


def _whose(roles: tuple[str, ...], user_id: int | None) -> Q:
    """Keep what belongs to a person: assigned to them, or to one of their roles and to nobody in person."""
    return Q(owner_id=user_id) if not roles else Q(owner_id=user_id) | Q(owner_id=None, owner_role__in=roles)


def _whole(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    return rows.select_related("rule", "owner", "partner")


def alert(site_id: int, public_id: str, zone: str) -> AlertView:
    """Read one alert.

    Raises:
        NotFound: there is none at this site.
    """
    row = _whole(Alert.objects.filter(site_id=site_id, public_id=public_id)).first()
    if row is None:
        raise NotFound(_("This alert does not exist at this site."), public_id=public_id)
    return view(row, zone)


def alerts_of(site_id: int, subjects: Mapping[str, list[int]], zone: str) -> list[AlertView]:
    """List the open alerts about some rows, as their own pages show them.

    Args:
        site_id: the site.
        subjects: kind -> keys.
        zone: for the instants.
    """
    about = Q(pk=None)
    for kind, keys in subjects.items():
        about |= Q(subject_kind=kind, subject_id__in=keys)
    rows = Alert.objects.filter(about, site_id=site_id, closed_at=None).order_by("id")
    return [view(row, zone) for row in _whole(rows)[:50]]


def bell(site_id: int, roles: tuple[str, ...], user_id: int | None) -> tuple[int, int]:
    """Count a person's open alerts: (to act on, to watch). Counting ends at a hundred."""
    rows = Alert.objects.filter(_whose(roles, user_id), site_id=site_id, closed_at=None, snoozed_until=None)
    tones = list(rows.values_list("tone", flat=True)[:100])
    return tones.count("act"), tones.count("watch")


def open_count(site_id: int) -> dict[str, int]:
    """Count a site's open alerts by metric."""
    counted: dict[str, int] = {}
    rows = Alert.objects.filter(site_id=site_id, closed_at=None).annotate(name=F("rule__metric"))
    for name in rows.values_list("name", flat=True)[:10_000]:
        counted[name] = counted.get(name, 0) + 1
    return counted


def view(row: Alert, zone: str) -> AlertView:
    """Put an alert into words, in the reader's language; times in the customer's zone where one is known."""
    metric = BY_NAME.get(row.rule.metric)
    facts = spoken(row.facts, zone)
    return AlertView(
        row.pk, row.public_id, row.rule.public_id, row.rule.title, row.rule.metric,
        sentence(str(metric.cause), facts) if metric else row.rule.title,
        sentence(str(metric.stake), facts) if metric else "", row.tone,
        row.subject_kind, row.subject_id, row.subject_public_id, row.subject_label, moment(row.since, zone),
        row.since.isoformat(), row.due_at.isoformat() if row.due_at else "", row.owner_role,
        row.owner.name if row.owner else "", metric.action if metric else "", str(metric.button) if metric else "",
        row.times_told, moment(row.escalated_at, zone), moment(row.snoozed_until, zone), moment(row.closed_at, zone),
        row.closed_why,
    )  # fmt: skip


def spoken(facts: Mapping[str, str], zone: str) -> dict[str, str]:
    """Turn the instants among facts into words, in the facts' own zone or the reader's."""
    own = facts.get("zone") or zone
    return {
        name: moment(datetime.fromisoformat(value), own) if name.endswith("_at") and value else value
        for name, value in facts.items()
    }


class _Known(dict[str, str]):
    """Facts that answer with a dash for what an older alert does not know."""

    def __missing__(self, name: str) -> str:
        return "-"


def sentence(template: str, facts: Mapping[str, str]) -> str:
    """Fill a metric's sentence; facts an older alert lacks stay open instead of failing."""
    return template % _Known(facts)
