"""Reads of alert rules: the list, one rule for its form, and the trial before a rule is saved."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.insight.models import AlertRule
from milkrun.insight.queries.alerts import sentence, spoken
from milkrun.insight.queries.metrics import BY_NAME, METRICS, Finding, Metric
from milkrun.insight.queries.settling import findings_of, open_alerts
from milkrun.kernel.errors import NotFound
from milkrun.measure.wording import moment, quantity

TRIED = 5


@dataclass(frozen=True, slots=True)
class RuleInput:
    """What a person says about a rule.

    Args:
        title: what people call it.
        metric: a name of the registry.
        comparison: below or above.
        threshold: in the metric's unit.
        site_id: one site, None for all.
        partner_id: one customer or supplier, None for all.
        part_id: one part, None for all.
        place: a work centre, a location or a stream, "" for all.
        tone: act or watch.
        channel: in_app, notice for a notification as well, email for that and an e-mail.
        owner_role: the role that is told, "" where a person is.
        owner_id: the person who is told.
        repeat_minutes: tell again after so long, 0 for never.
        escalate_minutes: tell somebody else after so long, 0 for never.
        escalate_role: whom.
        working_time: these times, and silence, count the site's working time only.
        active: whether it watches.
    """

    title: str
    metric: str
    comparison: str
    threshold: Decimal
    site_id: int | None = None
    partner_id: int | None = None
    part_id: int | None = None
    place: str = ""
    tone: str = "act"
    channel: str = "in_app"
    owner_role: str = ""
    owner_id: int | None = None
    repeat_minutes: int = 0
    escalate_minutes: int = 0
    escalate_role: str = ""
    working_time: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as people read it."""

    id: int
    public_id: str
    title: str
    metric: str
    metric_title: str
    unit: str
    comparison: str
    threshold: str
    site: str
    partner: str
    part: str
    place: str
    tone: str
    channel: str
    owner_role: str
    owner: str
    owner_id: int | None
    repeat_minutes: int
    escalate_minutes: int
    escalate_role: str
    working_time: bool
    active: bool
    built_in: bool
    muted_until: str
    muted_why: str
    muted_by: str
    open_alerts: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would raise at this moment.

    Args:
        count: how many alerts.
        first: the sentences of the first few.
    """

    count: int
    first: tuple[str, ...]


def metrics() -> tuple[Metric, ...]:
    """List the figures that rules can watch."""
    return METRICS


def metric(name: str) -> Metric:
    """Find a metric by its name.

    Raises:
        NotFound: there is none.
    """
    if name not in BY_NAME:
        raise NotFound(_("There is no figure {name} to watch.").format(name=f"{name!r}"), metric=name)
    return BY_NAME[name]


def alert_rules(at: datetime, zone: str) -> list[RuleView]:
    """List every rule by its title, with the number of its open alerts; two statements."""
    rows = list(AlertRule.objects.select_related("site", "partner", "part", "owner").order_by("title", "id"))
    alerts = open_alerts([row.pk for row in rows])
    return [_view(row, len(alerts[row.pk]), at, zone) for row in rows]


def alert_rule(public_id: str, at: datetime, zone: str) -> RuleView:
    """Read one rule.

    Raises:
        NotFound: there is none.
    """
    row = AlertRule.objects.select_related("site", "partner", "part", "owner").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("This rule does not exist."), public_id=public_id)
    return _view(row, len(open_alerts([row.pk])[row.pk]), at, zone)


def _view(row: AlertRule, count: int, at: datetime, zone: str) -> RuleView:
    known = BY_NAME.get(row.metric)
    muted = row.muted_until is not None and row.muted_until > at
    return RuleView(
        row.pk, row.public_id, row.title, row.metric, str(known.title) if known else row.metric,
        known.unit if known else "count", row.comparison, quantity(row.threshold).replace(",", ""),
        row.site.code if row.site else "", row.partner.code if row.partner else "",
        row.part.number if row.part else "", row.place, row.tone, row.channel, row.owner_role,
        row.owner.name if row.owner else "", row.owner_id, row.repeat_minutes, row.escalate_minutes,
        row.escalate_role, row.working_time, row.active, bool(row.built_in),
        moment(row.muted_until, zone) if muted else "",
        row.muted_why if muted else "", row.muted_by if muted else "", count,
    )  # fmt: skip


def try_rule(given: RuleInput, at: datetime, zone: str) -> Trial:
    """Tell what a rule would raise now, without saving anything."""
    rule = AlertRule(
        site_id=given.site_id, metric=given.metric, comparison=given.comparison, threshold=given.threshold,
        partner_id=given.partner_id, part_id=given.part_id, place=given.place,
    )  # fmt: skip
    found = findings_of(rule, at)
    return Trial(len(found), tuple(_sentence(metric(given.metric), one, zone) for one in found[:TRIED]))


def _sentence(known: Metric, one: Finding, zone: str) -> str:
    return sentence(str(known.cause), spoken(one.facts, zone))
