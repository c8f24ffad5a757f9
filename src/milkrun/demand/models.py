"""Rows of demand: supply agreements, sequence streams, calls, component groups, components and racks with slots."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from milkrun.demand.states import (
    CHANGE_RULES,
    CHANGE_STATES,
    GAP_RULES,
    GROUP_STATES,
    INDICATORS,
    PACKING_GROUP_STATES,
    PRIORITIES,
    REQUEST_KINDS,
    REQUEST_STATES,
    STATUS_ACTIONS,
)
from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id


class SupplyAgreement(models.Model):
    """A customer's order line that calls draw on: a part at a price, from a date on."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    order_no = models.CharField(max_length=35)
    customer_part = models.ForeignKey("parts.CustomerPart", models.PROTECT)
    price_minor = models.BigIntegerField()
    price_basis = models.PositiveIntegerField(default=1)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "order_no", "customer_part", "valid_from"], name="supply_agreement_once"
            ),
            models.CheckConstraint(condition=Q(price_minor__gte=0, price_basis__gte=1), name="supply_price_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.order_no} {self.customer_part}"


class RackSpec(models.Model):
    """How many slots a customer's rack for a module family has; family "" serves all others.

    A frame holds so many such racks and leaves with all of them; where `racks` is 1 there are no frames.
    """

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    family = models.CharField(max_length=12, blank=True)
    slots = models.PositiveIntegerField()
    package_type = models.CharField(max_length=17, default="RACK")
    racks = models.PositiveIntegerField(default=1, db_default=1)
    frame_type = models.CharField(max_length=17, default="FRAME", db_default="FRAME")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(racks__gte=1), name="rack_spec_frame_has_racks"),
            models.UniqueConstraint(fields=["partner", "family"], name="rack_spec_once"),
            models.CheckConstraint(condition=Q(slots__gte=1), name="rack_spec_has_slots"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.family} x{self.slots}"


class SequenceStream(models.Model):
    """A numbered stream of vehicles to one line of one customer plant; numbers wrap after `largest`.

    A position is the number with its turn of the counter: turn * largest + number. It grows for ever.
    """

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    ship_to = models.ForeignKey("partners.ShipTo", models.PROTECT)
    code = models.CharField(max_length=20, blank=True)
    largest = models.PositiveIntegerField(default=9999)
    # What a gap does at each step: at release, at packing, when a delivery is made, when it leaves.
    release_rule = models.CharField(max_length=5, default="none", db_default="none")
    packing_rule = models.CharField(max_length=5, default="none", db_default="none")
    gap_rule = models.CharField(max_length=5, default="block")
    issue_rule = models.CharField(max_length=5, default="block", db_default="block")
    # Deliveries made before this moment were not bound by the rule.
    blocking_since = models.DateTimeField(null=True)
    takt_minutes = models.PositiveIntegerField(null=True)
    last_seen = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "ship_to", "code"], name="sequence_stream_once"),
            *[
                models.CheckConstraint(condition=Q(**{f"{rule}__in": GAP_RULES}), name=f"sequence_{rule}")
                for rule in ("release_rule", "packing_rule", "gap_rule", "issue_rule")
            ],
            models.CheckConstraint(condition=Q(largest__gte=1), name="sequence_largest_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.ship_to} {self.code}"


class JitCall(models.Model):
    """What a customer's system calls for: quantities (summarised) or one vehicle in a sequence (sequenced)."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    ship_to = models.ForeignKey("partners.ShipTo", models.PROTECT, null=True, db_index=False)
    kind = models.CharField(max_length=10)
    external_no = models.CharField(max_length=80)
    transmission_no = models.CharField(max_length=40, blank=True)
    ship_to_code = models.CharField(max_length=35, blank=True)
    unloading_point = models.CharField(max_length=35, blank=True)
    line_feed = models.CharField(max_length=35, blank=True)
    vin = models.CharField(max_length=40, blank=True)
    production_no = models.CharField(max_length=40, blank=True)
    stream = models.ForeignKey(SequenceStream, models.PROTECT, null=True)
    stream_code = models.CharField(max_length=20, blank=True)
    sequence_text = models.CharField(max_length=20, blank=True)
    position = models.BigIntegerField(null=True)
    required_at = models.DateTimeField()
    required_text = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=40, default="UTC")
    state = models.CharField(max_length=16, default="created")
    held = models.BooleanField(default=False, db_default=False)
    priority = models.PositiveSmallIntegerField(default=0, db_default=0)
    content_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=12)
    interchange_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["site", "required_at", "id"], name="call_required"),
            # A customer looks at its own calls, the newest first.
            models.Index(fields=["partner", "id"], name="call_of_partner"),
            models.Index(fields=["site", "state", "required_at", "id"], name="call_state_required"),
            # Few at any time: calls that somebody stopped or hurried.
            models.Index(fields=["site", "state", "required_at"], condition=Q(held=True), name="call_held"),
            models.Index(fields=["site", "state", "required_at"], condition=Q(priority__gt=0), name="call_urgent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["site", "partner", "external_no"], name="call_external_no_once"),
            models.UniqueConstraint(
                fields=["site", "stream", "position"],
                condition=Q(stream__isnull=False) & ~Q(state="cancelled"),
                name="call_sequence_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=["summarized", "sequenced"]), name="call_kind_known"),
            models.CheckConstraint(condition=Q(state__in=GROUP_STATES), name="call_state_known"),
            models.CheckConstraint(condition=Q(priority__in=PRIORITIES), name="call_priority_known"),
        ]

    def __str__(self) -> str:
        return self.external_no


def _indicator(name: str) -> Any:
    return models.CharField(max_length=12, default=INDICATORS[name][0] if name == "matching" else "none")


class ComponentGroup(models.Model):
    """The unit of work of a call; it carries the state and the indicators."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    call = models.ForeignKey(JitCall, models.PROTECT, related_name="groups")
    code = models.CharField(max_length=12, blank=True)
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=16, default="created")
    matching = _indicator("matching")
    production = _indicator("production")
    stock_posting = _indicator("stock_posting")
    packing = _indicator("packing")
    picking = _indicator("picking")
    delivery = _indicator("delivery")
    issue = _indicator("issue")
    asn = _indicator("asn")
    billing = _indicator("billing")

    class Meta:
        indexes = [
            models.Index(fields=["site", "state", "id"], name="group_state"),
            # Few at any time, and every page of the monitor counts them.
            models.Index(fields=["site", "call"], condition=Q(state="created", matching="unmatched"), name="unmatched"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GROUP_STATES), name="group_state_known"),
            *[
                models.CheckConstraint(condition=Q(**{f"{name}__in": words}), name=f"group_{name}_known")
                for name, words in INDICATORS.items()
            ],
        ]

    def __str__(self) -> str:
        return f"{self.call.external_no} {self.code}".strip()


class Component(models.Model):
    """A part of a group: what the customer wrote, and what it was matched to."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    group = models.ForeignKey(ComponentGroup, models.PROTECT, related_name="components")
    line_no = models.PositiveIntegerField()
    customer_part_no = models.CharField(max_length=40)
    order_no = models.CharField(max_length=35, blank=True)
    entered_qty = QuantityField()
    entered_unit = models.CharField(max_length=8)
    part = models.ForeignKey("parts.Part", models.PROTECT, null=True, db_index=False)
    agreement = models.ForeignKey(SupplyAgreement, models.PROTECT, null=True, db_index=False)
    qty = QuantityField(null=True)
    matching_code = models.CharField(max_length=24, blank=True)
    matching_reason = models.CharField(max_length=200, blank=True)
    packed_qty = QuantityField(default=0)
    issued_qty = QuantityField(default=0)
    billed_qty = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "group", "line_no"], name="component_line_once"),
            models.CheckConstraint(condition=Q(entered_qty__gt=0), name="component_positive"),
            models.CheckConstraint(condition=Q(qty=None) | Q(qty__gt=0), name="component_qty_positive"),
            models.CheckConstraint(
                condition=Q(packed_qty=0) | Q(packed_qty__gte=0, packed_qty__lte=F("qty")),
                name="component_packed_within",
            ),
            models.CheckConstraint(
                condition=Q(issued_qty=0) | Q(issued_qty__gte=0, issued_qty__lte=F("qty")),
                name="component_issued_within",
            ),
            models.CheckConstraint(
                condition=Q(billed_qty__gte=0, billed_qty__lte=F("issued_qty")), name="component_billed_within"
            ),
        ]

    def __str__(self) -> str:
        return self.customer_part_no


class RackFrame(models.Model):
    """A frame that racks of one family stand on, in the order of their numbers; its unit holds theirs."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    stream = models.ForeignKey(SequenceStream, models.PROTECT, db_index=False)
    family = models.CharField(max_length=12, blank=True)
    frame_no = models.BigIntegerField()
    load_no = models.PositiveIntegerField(default=1)
    racks_total = models.PositiveIntegerField()
    hu = models.OneToOneField("stock.HandlingUnit", models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "stream", "family", "frame_no", "load_no"], name="rack_frame_once"),
            models.CheckConstraint(condition=Q(racks_total__gte=2), name="rack_frame_holds_racks"),
        ]

    def __str__(self) -> str:
        return f"{self.family or 'Rack'} frame {self.frame_no}"


class PackingGroup(models.Model):
    """What is packed together: a rack of a sequence stream, or the load of a summarised call.

    A rack that had to leave with empty slots comes again as the next load: late numbers keep their slot in it.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT)
    stream = models.ForeignKey(SequenceStream, models.PROTECT, null=True, db_index=False)
    family = models.CharField(max_length=12, blank=True)
    rack_no = models.BigIntegerField()
    load_no = models.PositiveIntegerField(default=1)
    slots_total = models.PositiveIntegerField()
    package_type = models.CharField(max_length=17)
    state = models.CharField(max_length=12, default="planned")
    hu = models.OneToOneField("stock.HandlingUnit", models.PROTECT, null=True)
    frame = models.ForeignKey(RackFrame, models.PROTECT, null=True, related_name="racks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "stream", "family", "rack_no", "load_no"],
                condition=Q(stream__isnull=False),
                name="rack_once",
            ),
            models.CheckConstraint(condition=Q(state__in=PACKING_GROUP_STATES), name="packing_group_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.family or 'Rack'} {self.rack_no}"


class PackingSlot(models.Model):
    """A place in a packing group, taken by one component group."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    packing_group = models.ForeignKey(PackingGroup, models.PROTECT, related_name="slots")
    position = models.PositiveIntegerField()
    group = models.OneToOneField(ComponentGroup, models.PROTECT, null=True, related_name="slot")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "packing_group", "position"], name="packing_slot_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="packing_slot_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.packing_group} slot {self.position}"


class MissingPart(models.Model):
    """A slot whose part was not there when it was its turn; gone as soon as the slot is packed."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    slot = models.OneToOneField(PackingSlot, models.CASCADE, related_name="missing")
    reason = models.CharField(max_length=400, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.slot} missing"


class Cumulative(models.Model):
    """Shipped quantity since the start of an era, by customer plant and part; one era is open at a time."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    ship_to = models.ForeignKey("partners.ShipTo", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    shipped_qty = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "ship_to", "part"], condition=Q(ended_at=None), name="cumulative_one_open_era"
            ),
            models.CheckConstraint(condition=Q(shipped_qty__gte=0), name="cumulative_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.ship_to} {self.part}: {self.shipped_qty}"


class SlotHistory(models.Model):
    """What stood in a slot before: the group that left it, and why."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    packing_group = models.ForeignKey(PackingGroup, models.PROTECT, related_name="history")
    position = models.PositiveIntegerField()
    group = models.ForeignKey(ComponentGroup, models.PROTECT, related_name="slots_left")
    left_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="slot_history_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.packing_group} slot {self.position}: {self.group}"


class CallRequest(models.Model):
    """A wish about a call that is under way (cancel it, change it), until a planner has decided.

    `was` keeps the state of each group, so that a declined cancellation leads back; `wanted` is what the call should
    become and `changed` the difference, field by field: [old, new].
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    call = models.ForeignKey(JitCall, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default="open")
    reason = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=12)
    was = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    interchange_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "id"], condition=Q(state="open"), name="request_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "call", "kind"], condition=Q(state="open"), name="call_request_open_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=REQUEST_KINDS), name="call_request_kind_known"),
            models.CheckConstraint(condition=Q(state__in=REQUEST_STATES), name="call_request_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.call}"


class CallRule(models.Model):
    """What a customer may still change in a call after its release."""

    id = models.BigAutoField(primary_key=True)
    partner = models.OneToOneField("partners.Partner", models.PROTECT)
    change_after_release = models.CharField(max_length=6, default="refuse")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(change_after_release__in=CHANGE_RULES), name="call_rule_known"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.change_after_release}"


class ChangeRule(models.Model):
    """The rule for one state a call is in, for all calls of a customer or for those of one stream."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    stream = models.ForeignKey(SequenceStream, models.PROTECT, null=True)
    state = models.CharField(max_length=16)
    rule = models.CharField(max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "state"], condition=Q(stream=None), name="change_rule_once"),
            models.UniqueConstraint(
                fields=["partner", "stream", "state"], condition=Q(stream__isnull=False), name="change_rule_stream_once"
            ),
            models.CheckConstraint(condition=Q(state__in=CHANGE_STATES), name="change_rule_state_known"),
            models.CheckConstraint(condition=Q(rule__in=CHANGE_RULES), name="change_rule_known"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.state}: {self.rule}"


class SkippedNumber(models.Model):
    """A number of a stream that never comes: a blocked car, a number the customer left out or gave away."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    stream = models.ForeignKey(SequenceStream, models.PROTECT, db_index=False, related_name="skipped")
    position = models.BigIntegerField()
    reason = models.CharField(max_length=400)
    source = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "stream", "position"], name="skipped_number_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="skipped_number_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.position}"


class ExternalStatus(models.Model):
    """What a customer's own status word, as it is sent, means to us."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, db_index=False)
    transmitted = models.CharField(max_length=35)
    action = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "transmitted"], name="external_status_once"),
            models.CheckConstraint(condition=Q(action__in=STATUS_ACTIONS), name="external_status_action_known"),
        ]

    def __str__(self) -> str:
        return f"{self.transmitted}: {self.action}"
