"""Rows of insight: rules that watch a figure, the alerts they raise, stockouts, and the customers' rhythm of calls."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id

COMPARISONS = ("below", "above")
# On screen only, or a notification as well, of which is kept who has read it, or that and an e-mail.
CHANNELS = ("in_app", "notice", "email")
TOLD_CHANNELS = ("notice", "email")
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
    # Repeating, escalating and silence count the site's working time only, not the clock.
    working_time = models.BooleanField(default=False)
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


class Stockout(models.Model):
    """Due demand for a part that nothing could meet, from when it was due until it could be met.

    `unmet_qty` is what is missing now (0 once it is closed), `peak_qty` the most that was ever missing at once, and
    `demands` names the calls with what each of them lacked when it was seen first.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT)
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    unmet_qty = QuantityField()
    peak_qty = QuantityField()
    demands = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["site", "id"], name="stockout_by_site")]
        constraints = [
            models.UniqueConstraint(fields=["site", "part"], condition=Q(closed_at=None), name="stockout_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at=None, unmet_qty__gt=0) | Q(closed_at__isnull=False, unmet_qty=0),
                name="stockout_open_while_unmet",
            ),
            models.CheckConstraint(condition=Q(peak_qty__gt=0), name="stockout_missed_something"),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.unmet_qty} unmet"


class CallHour(models.Model):
    """How often calls came from a customer within an hour: transmissions, however many calls each of them held."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    hour = models.DateTimeField()
    arrivals = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "partner", "hour"], name="call_hour_once"),
            models.CheckConstraint(condition=Q(arrivals__gte=1), name="call_hour_heard_something"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.hour:%Y-%m-%d %H}: {self.arrivals}"


class CallPulse(models.Model):
    """When a customer was heard last, and the rhythm in which calls usually come.

    `rhythm` holds arrivals an hour in millionths, for the 168 hours of a week from Monday 00:00 in `zone`; it is empty
    until there is enough to learn from.
    """

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    zone = models.CharField(max_length=40)
    last_at = models.DateTimeField()
    last_call_id = models.BigIntegerField()
    rhythm = models.JSONField(default=list)
    learnt_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "partner"], name="call_pulse_once")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.last_at}"


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
