"""Rows of exchange: trading agreements, interchanges as received, their messages, the outbox, and who was told what."""

from django.db import models
from django.db.models import Q

from milkrun.exchange.states import INTERCHANGE_STATES, MESSAGE_STATES, OUTBOX_STATES
from milkrun.kernel.identity import new_public_id


class Agreement(models.Model):
    """How we exchange files with a partner: identifiers, dialect, what is checked and what is answered."""

    id = models.BigAutoField(primary_key=True)
    partner = models.OneToOneField("partners.Partner", models.PROTECT)
    site = models.ForeignKey("partners.Site", models.PROTECT)
    their_id = models.CharField(max_length=35)
    their_qualifier = models.CharField(max_length=4, blank=True)
    our_id = models.CharField(max_length=35)
    our_qualifier = models.CharField(max_length=4, blank=True)
    dialect = models.CharField(max_length=10, default="edifact")
    count_errors = models.CharField(max_length=8, default="reject")
    acknowledges = models.BooleanField(default=True)
    despatch_advice_version = models.CharField(max_length=6, default="D07A")
    invoice_version = models.CharField(max_length=6, default="D07A")
    accepts_test = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["their_id", "their_qualifier", "our_id", "our_qualifier"], name="agreement_parties_once"
            ),
            models.CheckConstraint(condition=Q(count_errors__in=["reject", "accept"]), name="agreement_count_errors"),
        ]

    def __str__(self) -> str:
        return self.their_id


class Interchange(models.Model):
    """One file as received: its bytes first, then what was found in it."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    sender = models.CharField(max_length=40, blank=True)
    recipient = models.CharField(max_length=40, blank=True)
    control = models.CharField(max_length=35, blank=True)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    size = models.BigIntegerField()
    file_name = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=12)
    dialect = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=12, default="stored")
    verdict = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    findings = models.JSONField(default=list)
    received_at = models.DateTimeField()
    copies = models.PositiveIntegerField(default=1)
    last_copy_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["received_at", "id"], name="interchange_received")]
        constraints = [
            # Only a file that was taken in holds its reference; a refused one may be corrected and sent again.
            models.UniqueConstraint(
                fields=["sender", "recipient", "control"],
                condition=Q(state__in=["stored", "processed"]),
                name="interchange_once",
            ),
            models.UniqueConstraint(
                fields=["partner", "sender", "recipient", "control", "sha256"], name="interchange_content_once"
            ),
            models.CheckConstraint(condition=Q(state__in=INTERCHANGE_STATES), name="interchange_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.control}"


class Message(models.Model):
    """One message of an interchange, with what came of it."""

    id = models.BigAutoField(primary_key=True)
    interchange = models.ForeignKey(Interchange, models.PROTECT, related_name="messages", db_index=False)
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=35, blank=True)
    type = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default="waiting")
    verdict = models.CharField(max_length=24)
    findings = models.JSONField(default=list)
    outcome = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interchange", "position"], name="message_position_once"),
            models.CheckConstraint(condition=Q(state__in=MESSAGE_STATES), name="message_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.reference}"


class OutboxMessage(models.Model):
    """Bytes that must reach a partner: fixed when the business effect was committed, sent until it is done.

    A lease (`leased_until`, `lease`) survives the death of the worker that took it; a late finisher whose lease
    number is old changes nothing.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    channel = models.CharField(max_length=12, default="folder")
    address = models.CharField(max_length=254, blank=True)
    document_type = models.CharField(max_length=12)
    document_kind = models.CharField(max_length=16)
    document_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    document_number = models.CharField(max_length=40, blank=True)
    control = models.CharField(max_length=35)
    file_name = models.CharField(max_length=120)
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="queued")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="outbox_due"),
            models.Index(fields=["partner", "state", "id"], name="outbox_partner"),
            models.Index(fields=["document_kind", "document_id"], name="outbox_document"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document_type", "document_kind", "document_id", "version"], name="outbox_document_once"
            ),
            models.UniqueConstraint(fields=["partner", "control"], name="outbox_control_once"),
            models.CheckConstraint(condition=~Q(channel="email") | ~Q(address=""), name="outbox_email_address"),
            models.CheckConstraint(condition=Q(state__in=OUTBOX_STATES), name="outbox_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.document_type} {self.control}"


class Contact(models.Model):
    """An e-mail address of a partner, for one kind of notification or ("") for all of them."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="contacts", db_index=False)
    name = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=254)
    kind = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "email", "kind"], name="contact_once"),
            models.CheckConstraint(condition=~Q(email=""), name="contact_has_address"),
        ]

    def __str__(self) -> str:
        return self.email


class Notification(models.Model):
    """What somebody was told: a partner, everybody with a role, or one person."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, db_index=False)
    role = models.CharField(max_length=24, blank=True)
    user = models.ForeignKey("partners.User", models.PROTECT, null=True, db_index=False)
    site = models.ForeignKey("partners.Site", models.PROTECT, null=True, db_index=False)
    document_kind = models.CharField(max_length=24, blank=True)
    document_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "id"], condition=Q(partner__isnull=False), name="notification_partner"),
            models.Index(fields=["role", "at"], condition=~Q(role=""), name="notification_role"),
            models.Index(fields=["user", "at"], condition=Q(user__isnull=False), name="notification_user"),
            models.Index(fields=["document_kind", "document_id"], name="notification_document"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | ~Q(role="") | Q(user__isnull=False), name="notification_has_reader"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Mail(models.Model):
    """One copy of a notification to one address; `token` is the address to read it by, and nobody can guess it."""

    id = models.BigAutoField(primary_key=True)
    notification = models.ForeignKey(Notification, models.PROTECT, related_name="mails")
    outbox = models.OneToOneField(OutboxMessage, models.PROTECT, related_name="mail")
    address = models.CharField(max_length=254)
    token = models.CharField(max_length=32, unique=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address


class Reading(models.Model):
    """A member of staff has read a notification to a role or to this person."""

    id = models.BigAutoField(primary_key=True)
    notification = models.ForeignKey(Notification, models.PROTECT, related_name="readings", db_index=False)
    user = models.ForeignKey("partners.User", models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "user"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.user} read {self.notification}"
