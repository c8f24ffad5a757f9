"""Rows of insight: rules that watch a figure, the alerts they raise, stockouts, and the customers' rhythm of calls."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id

COMPARISONS = ("below", "above")
CHANNELS = ("in_app", "email")
TONES = ("act", "watch")


class AlertRule(models.Model):
    """A figure that is watched: which one, from where on it is an alert, for what, and who is told.

    `site`, `partner` and `part` narrow the rule; where they are empty it watches all of them.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, null=True, db_index=False)
    # The metric that brought the rule with it; "" for a rule that a person made.
    built_in = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=120)
    metric = models.CharField(max_length=40)
    comparison = models.CharField(max_length=8)
    threshold = QuantityField()
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True)
    part = models.ForeignKey("parts.Part", models.PROTECT, null=True)
    place = models.CharField(max_length=24, blank=True)
    tone = models.CharField(max_length=8, default="act")
    channel = models.CharField(max_length=8, default="in_app")
    owner_role = models.CharField(max_length=24, blank=True)
    owner = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    repeat_minutes = models.PositiveIntegerField(default=0)
    escalate_minutes = models.PositiveIntegerField(default=0)
    escalate_role = models.CharField(max_length=24, blank=True)
    active = models.BooleanField(default=True)
    muted_until = models.DateTimeField(null=True)
    muted_why = models.CharField(max_length=200, blank=True)
    muted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["built_in"], condition=~Q(built_in=""), name="alert_rule_built_in_once"),
            models.CheckConstraint(condition=Q(comparison__in=COMPARISONS), name="alert_rule_comparison_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="alert_rule_channel_known"),
            models.CheckConstraint(condition=Q(tone__in=TONES), name="alert_rule_tone_known"),
            models.CheckConstraint(condition=~Q(owner_role="") | Q(owner__isnull=False), name="alert_rule_has_owner"),
            models.CheckConstraint(
                condition=Q(escalate_minutes=0) | ~Q(escalate_role=""), name="alert_rule_escalates_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Alert(models.Model):
    """One cause that somebody has to do something about; a rule has one open alert for a subject at most.

    The sentences are made of the metric's words and `facts` when they are read, in the reader's language and zone.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    rule = models.ForeignKey(AlertRule, models.PROTECT, related_name="alerts")
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    subject_public_id = models.CharField(max_length=16, blank=True)
    subject_label = models.CharField(max_length=80)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, null=True, db_index=False)
    facts = models.JSONField(default=dict)
    # What the owner is told of anew where it changes ("below", "zero").
    mark = models.CharField(max_length=24, blank=True)
    tone = models.CharField(max_length=8)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    owner_role = models.CharField(max_length=24, blank=True)
    owner = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    times_told = models.PositiveIntegerField(default=1)
    escalated_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "id"], condition=Q(closed_at=None), name="alert_open"),
            models.Index(fields=["site", "closed_at", "id"], name="alert_closed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "rule", "subject_kind", "subject_id"],
                condition=Q(closed_at=None),
                name="alert_one_open_for_a_cause",
            ),
            models.CheckConstraint(condition=Q(tone__in=TONES), name="alert_tone_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_why="") | (Q(closed_at__isnull=False) & ~Q(closed_why="")),
                name="alert_closed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject_label}"
