"""Rows of production: jobs, their lines pegged to components, and confirmations with the state of their posting."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id
from milkrun.production.states import JOB_STATES, POSTING_STATES


class Job(models.Model):
    """Something to make: a rack's parts in call order, or a quantity of one part."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    packing_group = models.ForeignKey("demand.PackingGroup", models.PROTECT, null=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="open")

    class Meta:
        indexes = [models.Index(fields=["site", "state", "due_at", "id"], name="job_due")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="job_number_once"),
            models.CheckConstraint(condition=Q(state__in=JOB_STATES), name="job_state_known"),
        ]

    def __str__(self) -> str:
        return self.number


class JobLine(models.Model):
    """A quantity to make for one component, in the order it is made."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    component = models.ForeignKey("demand.Component", models.PROTECT)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    qty = QuantityField()
    good_qty = QuantityField(default=0)
    scrap_qty = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "job", "position"], name="job_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="job_line_positive"),
            models.CheckConstraint(
                condition=Q(good_qty__gte=0, scrap_qty__gte=0, good_qty__lte=models.F("qty")), name="job_line_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} line {self.position}"


class Confirmation(models.Model):
    """What the floor reported for a job line, and whether stock followed."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    line = models.ForeignKey(JobLine, models.PROTECT, related_name="confirmations")
    good_qty = QuantityField()
    scrap_qty = QuantityField(default=0)
    scrap_reason = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default="pending")
    posting_id = models.BigIntegerField(null=True)
    tries = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure = models.CharField(max_length=400, blank=True)
    failure_facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="confirmation_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(good_qty__gte=0, scrap_qty__gte=0) & (Q(good_qty__gt=0) | Q(scrap_qty__gt=0)),
                name="confirmation_reports_something",
            ),
            models.CheckConstraint(condition=Q(state__in=POSTING_STATES), name="confirmation_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.good_qty} good for {self.line}"
