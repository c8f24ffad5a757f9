"""Rows of production: jobs with lines pegged to what asks for them, confirmations with the state of their posting."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id
from milkrun.production.states import JOB_STATES, POSTING_STATES, REFUSED_STATES, SIGNALS


class Job(models.Model):
    """Something to make: a rack's parts in call order, or a quantity of one part."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    packing_group = models.ForeignKey("demand.PackingGroup", models.PROTECT, null=True)
    due_at = models.DateTimeField()
    priority = models.PositiveSmallIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=12, default="open")
    # What asks for the job; one made by hand says why.
    signal = models.CharField(max_length=12, default="call")
    signal_text = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    started_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "due_at", "id"], name="job_due")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="job_number_once"),
            models.CheckConstraint(condition=Q(state__in=JOB_STATES), name="job_state_known"),
            models.CheckConstraint(condition=Q(signal__in=SIGNALS), name="job_signal_known"),
            models.CheckConstraint(condition=~Q(signal="manual", reason=""), name="job_by_hand_says_why"),
        ]

    def __str__(self) -> str:
        return self.number


class JobLine(models.Model):
    """A quantity to make, for one component of a call or for stock, in the order it is made.

    `rework_qty` waits to be worked on again; `dropped_qty` is what a component still misses
    because the job ended early.
    """

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    component = models.ForeignKey("demand.Component", models.PROTECT, null=True)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    qty = QuantityField()
    good_qty = QuantityField(default=0)
    scrap_qty = QuantityField(default=0)
    rework_qty = QuantityField(default=0)
    dropped_qty = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "job", "position"], name="job_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="job_line_positive"),
            models.CheckConstraint(
                condition=Q(good_qty__gte=0, scrap_qty__gte=0, good_qty__lte=models.F("qty")), name="job_line_within"
            ),
            models.CheckConstraint(
                condition=Q(
                    rework_qty__gte=0,
                    dropped_qty__gte=0,
                    qty__gte=models.F("good_qty") + models.F("rework_qty") + models.F("dropped_qty"),
                ),
                name="job_line_parts_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} line {self.position}"


class Confirmation(models.Model):
    """What the floor or an outside system (`source`) reported for a job line, and whether stock followed.

    `rework_qty` was made and waits to be worked on again; `from_rework_qty` of the good and scrap pieces came
    from there and used up nothing anew. `lot_no` is the batch the pieces belong to, where the part is kept by lot.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    line = models.ForeignKey(JobLine, models.PROTECT, related_name="confirmations")
    good_qty = QuantityField()
    scrap_qty = QuantityField(default=0)
    rework_qty = QuantityField(default=0)
    from_rework_qty = QuantityField(default=0)
    scrap_reason = models.CharField(max_length=120, blank=True)
    lot_no = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=60, blank=True)
    run = models.ForeignKey("production.ProductionRun", models.PROTECT, null=True, related_name="confirmations")
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default="pending")
    posting_id = models.BigIntegerField(null=True)
    tries = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure = models.CharField(max_length=400, blank=True)
    failure_facts = models.JSONField(default=dict)
    owner = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["site", "state", "id"], name="confirmation_state"),
            models.Index(fields=["site", "at"], name="confirmation_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(good_qty__gte=0, scrap_qty__gte=0, rework_qty__gte=0, from_rework_qty__gte=0)
                & (Q(good_qty__gt=0) | Q(scrap_qty__gt=0) | Q(rework_qty__gt=0))
                & Q(from_rework_qty__lte=models.F("good_qty") + models.F("scrap_qty")),
                name="confirmation_reports_something",
            ),
            models.CheckConstraint(condition=Q(state__in=POSTING_STATES), name="confirmation_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.good_qty} good for {self.line}"


class ScrapReason(models.Model):
    """A cause of scrap that a site knows; once there are any, scrap is reported under one of them."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="scrap_reason_once")]

    def __str__(self) -> str:
        return self.code


class ProductionRun(models.Model):
    """What a line made of one part in a period, reported at once: open jobs in due order, the rest to stock."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=20)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    work_centre = models.ForeignKey("parts.WorkCentre", models.PROTECT, null=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    good_qty = QuantityField()
    scrap_qty = QuantityField(default=0)
    source = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["site", "at", "id"], name="run_at")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="run_number_once"),
            models.CheckConstraint(
                condition=Q(good_qty__gte=0, scrap_qty__gte=0) & (Q(good_qty__gt=0) | Q(scrap_qty__gt=0)),
                name="run_made_something",
            ),
            models.CheckConstraint(condition=Q(to_at__gte=models.F("from_at")), name="run_period_forward"),
        ]

    def __str__(self) -> str:
        return self.number


class StepReport(models.Model):
    """Progress of a job line at a step before the last; the last one is confirmed with stock."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    line = models.ForeignKey(JobLine, models.PROTECT, related_name="step_reports")
    step_no = models.PositiveIntegerField()
    work_centre = models.ForeignKey("parts.WorkCentre", models.PROTECT)
    qty = QuantityField()
    source = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(qty__gt=0), name="step_report_positive")]

    def __str__(self) -> str:
        return f"{self.line} step {self.step_no}: {self.qty}"


class RefusedReport(models.Model):
    """What an outside system reported and we could not take: kept as it came, until somebody has settled it."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="refused_reports")
    what = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    content = models.JSONField(default=dict)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=400)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default="open")
    owner = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="refused_report_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=REFUSED_STATES), name="refused_report_state_known"),
            models.CheckConstraint(condition=~Q(state="settled", note=""), name="refused_report_settled_with_note"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.job}"
