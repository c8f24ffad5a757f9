"""Rows of the configuration: renamed states, extra fields with their values, automatic steps of a customer."""

from django.db import models
from django.db.models import Q

NOUNS = ("call", "part", "delivery", "job", "partner")
KINDS = ("text", "number", "date", "choice", "yes_no")
AUTOMATIC_STEPS = ("release_call", "release_for_packing")


class StateWord(models.Model):
    """What the interface calls a state here, in one language; the state itself stays what it is."""

    id = models.BigAutoField(primary_key=True)
    noun = models.CharField(max_length=24)
    state = models.CharField(max_length=24)
    language = models.CharField(max_length=8)
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "state", "language"], name="state_word_once")]

    def __str__(self) -> str:
        return f"{self.noun} {self.state} ({self.language}): {self.word}"


class ExtraField(models.Model):
    """A field of this company's own on every row of a noun."""

    id = models.BigAutoField(primary_key=True)
    noun = models.CharField(max_length=12)
    key = models.CharField(max_length=24)
    label = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    choices = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["noun", "key"], name="extra_field_once"),
            models.CheckConstraint(condition=Q(noun__in=NOUNS), name="extra_field_noun_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="extra_field_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.noun}: {self.label}"


class ExtraValue(models.Model):
    """What a row says in an extra field; an empty value has no row."""

    id = models.BigAutoField(primary_key=True)
    field = models.ForeignKey(ExtraField, models.PROTECT, related_name="values", db_index=False)
    row_id = models.BigIntegerField()
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "row_id"], name="extra_value_once")]

    def __str__(self) -> str:
        return f"{self.field} of {self.row_id}: {self.value}"


class AutomaticStep(models.Model):
    """A step that is done by itself for a customer's calls, as soon as it can be done."""

    id = models.BigAutoField(primary_key=True)
    partner_code = models.CharField(max_length=20)
    step = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner_code", "step"], name="automatic_step_once"),
            models.CheckConstraint(condition=Q(step__in=AUTOMATIC_STEPS), name="automatic_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_code}: {self.step}"
