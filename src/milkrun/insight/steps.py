"""Writes of insight, for use inside its commands: opening and closing alerts, telling whose they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.steps import notify
from milkrun.insight.errors import AlertClosed
from milkrun.insight.models import TOLD_CHANNELS, Alert, AlertRule
from milkrun.insight.queries.alerts import view
from milkrun.insight.queries.metrics import Finding
from milkrun.kernel import bulk, journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock_one
from milkrun.partners.queries import mail_of
from milkrun.planning.queries.shifts import Calendar


def held_open(alert_id: int) -> Alert:
    """Load and hold an open alert.

    Raises:
        NotFound: no such alert.
        AlertClosed: its cause is gone already.
    """
    row = lock_one(Alert.objects.filter(pk=alert_id).select_related("rule"), noun="alert")
    if row.closed_at is not None:
        raise AlertClosed(_("This alert has closed by itself: its cause is gone."), alert_id=alert_id)
    return row


def open_alerts(
    rule: AlertRule, findings: Sequence[Finding], times: Mapping[int, Calendar], *, at: datetime
) -> list[Alert]:
    """Open an alert for each finding; it is the rule's owner's, or his whom the shift has on duty for the role."""
    keys = bulk.take_keys(Alert._meta.db_table, len(findings))
    return Alert.objects.bulk_create(
        [
            Alert(
                id=key,
                site_id=one.site_id,
                rule=rule,
                subject_kind=one.kind,
                subject_id=one.id,
                subject_public_id=one.public_id,
                subject_label=one.label[:80],
                partner_id=one.partner_id,
                part_id=one.part_id,
                facts=dict(one.facts),
                mark=one.mark,
                tone=rule.tone,
                since=one.since,
                due_at=one.due_at,
                owner_role=rule.owner_role,
                owner_id=rule.owner_id or times[one.site_id].on_duty(rule.owner_role, at),
                opened_at=at,
                told_at=at,
            )
            for key, one in zip(keys, findings, strict=True)
        ]
    )


def close_alerts(alerts: Sequence[Alert], why: str, *, actor: Actor, at: datetime) -> None:
    """Close alerts for one reason; a closed one stays to be read."""
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts], closed_at=None).update(closed_at=at, closed_why=why)
    journal.write([_entry("close_alert", alert, reason=why) for alert in alerts], actor=actor, at=at)


def tell(alerts: Sequence[Alert], action: str, *, actor: Actor, at: datetime) -> None:
    """Write into the log that people were told of alerts, and why."""
    journal.write([_entry(action, alert) for alert in alerts], actor=actor, at=at)


def notify_owners(alerts: Sequence[Alert], *, site_zone: str, actor: Actor, at: datetime) -> None:
    """Send the owners a notification, where the rule asks for one; many at once become one for each owner and site.

    Args:
        alerts: opened, worse, due again or escalated, with their owners as they are now.
        site_zone: for the instants in the sentences.
        actor: who.
        at: when.
    """
    by_owner: dict[tuple[int, str, int | None], list[Alert]] = {}
    for alert in alerts:
        if alert.rule.channel in TOLD_CHANNELS:
            role = "" if alert.owner_id else alert.owner_role
            by_owner.setdefault((alert.site_id, role, alert.owner_id), []).append(alert)
    for (site_id, role, user_id), mine in by_owner.items():
        lines = [view(alert, site_zone).cause for alert in mine[:20]]
        more = len(mine) - len(lines)
        notify(
            kind="alert",
            subject=mine[0].rule.title if len(mine) == 1 else f"{mine[0].rule.title} ({len(mine)})",
            body="\n".join([*lines, f"... {more}"] if more else lines),
            role=role,
            user_id=user_id,
            site_id=site_id,
            document_kind="alert",
            document_id=mine[0].pk,
            actor=actor,
            at=at,
            mail_to=mail_of(role, user_id, site_id) if mine[0].rule.channel == "email" else (),
        )


def _entry(action: str, alert: Alert, reason: str = "") -> journal.Entry:
    facts = {"rule": alert.rule.title, "subject": alert.subject_label, "owner": alert.owner_role}
    return journal.Entry(action, "alert", alert.pk, site_id=alert.site_id, reason=reason, facts=facts)
