"""Rows of printing: printers, templates with their versions, and print jobs, which are the log of labels as well."""

from django.db import models
from django.db.models import Q

from milkrun.kernel.identity import new_public_id
from milkrun.printing.states import PRINT_STATES


class Printer(models.Model):
    """A label printer that takes ZPL on a TCP port."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    code = models.CharField(max_length=20)
    place = models.CharField(max_length=80, blank=True)
    host = models.CharField(max_length=120)
    port = models.PositiveIntegerField(default=9100)
    active = models.BooleanField(default=True)
    # Off where a printer keeps the line open: then the bytes count as printed once they are handed over.
    says_goodbye = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="printer_code_once"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="printer_port_possible"),
        ]

    def __str__(self) -> str:
        return self.code


class LabelTemplate(models.Model):
    """A version of a label's layout, for the company or for one customer; versions are added, never changed."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    layout = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"], condition=Q(partner=None), name="company_template_version_once"
            ),
            models.UniqueConstraint(fields=["name", "partner", "version"], name="customer_template_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="template_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class PrintJob(models.Model):
    """One copy of one label: what it says was fixed when it was asked for, it is drawn from that and nothing else.

    `unsure`: the bytes left us, but whether paper came out nobody knows. A lease survives the death of its worker.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    hu = models.ForeignKey("stock.HandlingUnit", models.PROTECT, db_index=False)
    printer = models.ForeignKey(Printer, models.PROTECT, null=True)
    template = models.CharField(max_length=40)
    template_version = models.PositiveIntegerField(default=0)
    layout = models.JSONField()
    data = models.JSONField()
    typed = models.JSONField(default=list)
    copy_no = models.PositiveIntegerField()
    reason = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, default="queued")
    unsure = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    device = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "hu", "id"], name="print_job_of_unit"),
            models.Index(fields=["site", "-id"], name="print_job_newest"),
            models.Index(fields=["site", "printer", "id"], condition=Q(state="queued"), name="print_job_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PRINT_STATES), name="print_job_state_known"),
            models.CheckConstraint(condition=Q(copy_no__gte=1), name="print_job_copy_counts_from_one"),
            # What failed for certain never came out, so its number is free again.
            models.UniqueConstraint(
                fields=["site", "hu", "template", "copy_no"],
                condition=~Q(state="failed") | Q(unsure=True),
                name="print_job_copy_once",
            ),
            models.CheckConstraint(condition=~Q(state="queued", printer=None), name="print_job_waits_for_a_printer"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.public_id}"
