"""Rows that every domain app shares: the journal, request keys, number series and how background tasks do."""

from django.db import models


class JournalEntry(models.Model):
    """One thing that happened to one row: who, by which door, what, when, with which facts. Append-only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    user_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=12)
    request_id = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=48)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    site_id = models.BigIntegerField(null=True)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="journal_subject"),
            models.Index(fields=["at"], name="journal_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.subject_kind} {self.subject_id}"


class RequestKey(models.Model):
    """A write request that took effect, with the result it gave."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    result = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="request_key_once")]
        indexes = [models.Index(fields=["at"], name="request_key_at")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Series(models.Model):
    """A counter without gaps: its row is raised in the transaction that uses the number."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=64, unique=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=0), name="series_counts_up")]

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class NumberFormat(models.Model):
    """How the numbers of a kind of document are written here, where that differs from the product's own way."""

    kind = models.CharField(max_length=24, primary_key=True)
    prefix = models.CharField(max_length=6, blank=True)
    digits = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.prefix}{'0' * self.digits}"


class TaskStatus(models.Model):
    """How a background task of the worker does; the row "worker" is the worker's heartbeat."""

    name = models.CharField(max_length=24, primary_key=True)
    seen_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)
    result = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
