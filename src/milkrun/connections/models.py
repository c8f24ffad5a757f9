"""Rows of connections: webhooks with their events, imported tables, and how each connection does day by day."""

from django.db import models
from django.db.models import Q

from milkrun.connections.states import CONNECTION_KINDS, IMPORT_KINDS, NOTE_STATES, WEBHOOK_STATES
from milkrun.kernel.identity import new_public_id


class Webhook(models.Model):
    """An address of another system that is told what happens here.

    The signing secret is not kept: it is made from the installation's key, the public id and `secret_version`. After a
    rotation the former version signs too, until `former_until`.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=400)
    kinds = models.JSONField(default=list)
    site = models.ForeignKey("partners.Site", models.PROTECT, null=True)
    state = models.CharField(max_length=12, default="active")
    secret_version = models.PositiveIntegerField(default=1)
    former_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=WEBHOOK_STATES), name="webhook_state_known")]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something that happened, with the bytes that tell of it; made once from one entry of one feed."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    kind = models.CharField(max_length=40)
    site = models.ForeignKey("partners.Site", models.PROTECT, null=True)
    feed = models.CharField(max_length=40)
    entry = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "entry", "kind"], name="event_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Note(models.Model):
    """An event on its way to one webhook. A lease survives the death of the worker that took it."""

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, models.PROTECT, db_index=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="notes", db_index=False)
    state = models.CharField(max_length=12, default="queued")
    attempts = models.PositiveIntegerField(default=0)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    last_status = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="note_once"),
            models.CheckConstraint(condition=Q(state__in=NOTE_STATES), name="note_state_known"),
        ]
        indexes = [
            models.Index(fields=["webhook", "id"], condition=Q(state="queued"), name="note_queue"),
            models.Index(fields=["webhook", "state", "id"], name="note_state"),
            models.Index(fields=["event"], name="note_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"


class FeedPosition(models.Model):
    """How far a feed was read: moved on in the transaction that keeps what was read."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.position}"


class ImportRun(models.Model):
    """One table that was taken in: each of its rows is counted once, as new, changed, unchanged or refused."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    reading = models.JSONField(default=dict)
    rows_read = models.PositiveIntegerField()
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=400, blank=True)
    header = models.JSONField(default=list)
    actor = models.CharField(max_length=120)
    event_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["site", "kind", "sha256", "id"], name="import_run_content"),
            models.Index(fields=["site", "id"], name="import_run_site"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IMPORT_KINDS), name="import_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    rows_read=models.F("rows_new")
                    + models.F("rows_changed")
                    + models.F("rows_same")
                    + models.F("rows_refused")
                ),
                name="import_rows_accounted_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class SetAside(models.Model):
    """A row of a table that was refused, as it came, with everything that is wrong with it."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="set_aside", db_index=False)
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="set_aside_once")]

    def __str__(self) -> str:
        return f"line {self.line}"


class ConnectionDay(models.Model):
    """How one connection did on one day (UTC): how much came or went, how late, what went wrong."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=60)
    day = models.DateField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    last_failed_at = models.DateTimeField(null=True)
    event_at = models.DateTimeField(null=True)
    lag_seconds = models.BigIntegerField(null=True)
    worst_lag_seconds = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "day"], name="connection_day_once"),
            models.CheckConstraint(condition=Q(kind__in=CONNECTION_KINDS), name="connection_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.day}"


class ConnectionFault(models.Model):
    """Something that went wrong at a connection, as people look it up; kept for a month."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    what = models.CharField(max_length=80)
    code = models.CharField(max_length=48)
    detail = models.CharField(max_length=400)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "id"], name="connection_fault_newest"),
            models.Index(fields=["at"], name="connection_fault_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.code}"
