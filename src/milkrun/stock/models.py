"""Rows of stock: locations, lots, handling units, reservations, the movement ledger and its balances.

The ledger is append-only: triggers on both databases refuse update and delete of postings and movements.
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from milkrun.kernel.fields import QuantityField
from milkrun.kernel.identity import new_public_id
from milkrun.stock.states import (
    COUNT_LINE_STATES,
    COUNT_STATES,
    HANDLING_UNIT_STATES,
    LOT_STATES,
    REAL_LOCATION_KINDS,
    RESERVATION_STATES,
    SCAN_STATES,
    VIRTUAL_LOCATION_KINDS,
    WASTE_CAUSES,
)

LARGEST_BALANCE = Decimal(10**12)


class Location(models.Model):
    """A place goods can be, or a far end they come from or go to (supplier, customer, production, scrap).

    What a place can take is told in pallet places and floor space; 0 stands for "nobody set it". `cost_minor` is what
    a square metre costs a month, `risk_limit_minor` the value of goods that may stand there, both in `currency`.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12)
    zone = models.CharField(max_length=24, blank=True, default="")
    pick_sequence = models.PositiveIntegerField(default=0)
    pallet_places = models.PositiveIntegerField(default=0)
    area_m2 = QuantityField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    risk_limit_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="location_code_once"),
            models.CheckConstraint(
                condition=Q(area_m2__gte=0, cost_minor__gte=0, risk_limit_minor__gte=0),
                name="location_limits_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=REAL_LOCATION_KINDS + VIRTUAL_LOCATION_KINDS), name="location_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StorageRule(models.Model):
    """How a part is kept at a site: its own bin, whether receipts are inspected, how many fill a pallet place."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    fixed_location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+", db_index=False)
    inspect = models.BooleanField(default=False)
    per_place = QuantityField(null=True)
    dwell_limit_days = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "part"], name="storage_rule_once"),
            models.CheckConstraint(condition=Q(per_place=None) | Q(per_place__gt=0), name="storage_rule_fills"),
        ]

    def __str__(self) -> str:
        return f"{self.part} at {self.site}"


class Lot(models.Model):
    """A batch of one part that is kept apart; its number is also what a tag carries.

    `supplier_lot` and `heat` are the supplier's own words for it: what a complaint or a recall names.
    """

    id = models.BigAutoField(primary_key=True)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    number = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    supplier = models.ForeignKey("partners.Partner", models.PROTECT, null=True, blank=True, db_index=False)
    supplier_lot = models.CharField(max_length=40, blank=True, default="")
    heat = models.CharField(max_length=40, blank=True, default="")
    made_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default="free")
    state_reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["expires_on", "id"], name="lot_by_expiry", condition=Q(expires_on__isnull=False)),
            models.Index(fields=["supplier_lot"], name="lot_by_supplier_lot", condition=~Q(supplier_lot="")),
            models.Index(fields=["heat"], name="lot_by_heat", condition=~Q(heat="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="lot_number_once"),
            models.CheckConstraint(condition=Q(state__in=LOT_STATES), name="lot_state_known"),
            models.CheckConstraint(
                condition=Q(made_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("made_on")),
                name="lot_expires_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Sscc(models.Model):
    """The company-wide register of shipping container codes: a code is given out once, for ever."""

    id = models.BigAutoField(primary_key=True)
    sscc = models.CharField(max_length=18, unique=True)
    given_at = models.DateTimeField()
    # Another system made it, with its own prefix.
    made_outside = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.sscc


class HandlingUnit(models.Model):
    """A rack, pallet or box with an SSCC; it may stand inside another one."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    sscc = models.CharField(max_length=18, unique=True)
    kind = models.CharField(max_length=12, default="rack")
    state = models.CharField(max_length=12, default="open")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    location = models.ForeignKey(Location, models.PROTECT)
    handled_by = models.CharField(max_length=120, blank=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="handling_unit_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HANDLING_UNIT_STATES), name="handling_unit_state_known"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="handling_unit_not_in_itself"),
        ]

    def __str__(self) -> str:
        return self.sscc


class Balance(models.Model):
    """What stands where, a cache of the ledger: one row for part, location, lot, owner and handling unit."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, db_index=False)
    owner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, db_index=False)
    hu = models.ForeignKey(HandlingUnit, models.PROTECT, null=True, related_name="contents")
    on_hand = QuantityField(default=0)
    reserved = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "site",
                "part",
                "location",
                Coalesce("lot", 0),
                Coalesce("owner", 0),
                Coalesce("hu", 0),
                name="balance_once",
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="balance_not_negative"),
            # Far below the 64-bit limit, so that no sum turns into a float on SQLite.
            models.CheckConstraint(condition=Q(on_hand__lte=LARGEST_BALANCE), name="balance_not_too_large"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="balance_reserved_not_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="balance_reserved_within"),
        ]

    def __str__(self) -> str:
        return f"{self.part} at {self.location}: {self.on_hand}"


class Reservation(models.Model):
    """Goods at one balance kept for one purpose; posted or voided exactly once."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    balance = models.ForeignKey(Balance, models.PROTECT)
    qty = QuantityField()
    state = models.CharField(max_length=8, default="open")
    purpose_kind = models.CharField(max_length=16)
    purpose_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "purpose_kind", "purpose_id"], name="reservation_purpose")]
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="reservation_positive"),
            models.CheckConstraint(condition=Q(state__in=RESERVATION_STATES), name="reservation_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.qty} for {self.purpose_kind} {self.purpose_id}"


class Posting(models.Model):
    """The head of movements that were posted together, for one document."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    kind = models.CharField(max_length=24)
    document_kind = models.CharField(max_length=16, blank=True)
    document_id = models.BigIntegerField(null=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "document_kind", "document_id"], name="posting_document")]
        constraints = [models.CheckConstraint(condition=~Q(reverses=F("id")), name="posting_not_its_own_contra")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Movement(models.Model):
    """One immutable movement: so much of a part from one place to another. Debit and credit are the same row."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="movements")
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, db_index=False)
    owner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, db_index=False)
    from_location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    from_hu = models.ForeignKey(HandlingUnit, models.PROTECT, null=True, related_name="+", db_index=False)
    to_location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False)
    to_hu = models.ForeignKey(HandlingUnit, models.PROTECT, null=True, related_name="+", db_index=False)
    qty = QuantityField()
    entered_qty = QuantityField(null=True)
    entered_unit = models.CharField(max_length=3, blank=True)
    reservation = models.OneToOneField(Reservation, models.PROTECT, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "part", "id"], name="movement_part"),
            models.Index(fields=["site", "to_hu", "id"], condition=~Q(to_hu=None), name="movement_into_unit"),
            models.Index(fields=["site", "from_hu", "id"], condition=~Q(from_hu=None), name="movement_from_unit"),
            # A trace looks lots up in the whole ledger; most movements have none.
            models.Index(fields=["site", "lot", "id"], condition=Q(lot__isnull=False), name="movement_lot"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="movement_positive"),
            models.CheckConstraint(
                condition=~Q(from_location=F("to_location")) | ~Q(Exact(Coalesce("from_hu", 0), Coalesce("to_hu", 0))),
                name="movement_goes_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qty} {self.part} {self.from_location} > {self.to_location}"


class DaySummary(models.Model):
    """Moved quantity of a day by part and kind of posting, written in the posting's transaction."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=24)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    qty = QuantityField(default=0)
    movements = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "day", "kind", "part"], name="day_summary_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.part}: {self.qty}"


class CountList(models.Model):
    """Places to be counted together; whoever counts does not see what the book says."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    number = models.CharField(max_length=24)
    title = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, default="open")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="count_list_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="count_list_number_once"),
            models.CheckConstraint(condition=Q(state__in=COUNT_STATES), name="count_list_state_known"),
        ]

    def __str__(self) -> str:
        return self.number


class CountLine(models.Model):
    """One part (and lot) at one place: what was counted last, and what the ledger said at that very moment."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    count = models.ForeignKey(CountList, models.PROTECT, related_name="lines", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, db_index=False)
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, db_index=False)
    state = models.CharField(max_length=12, default="open")
    round = models.PositiveIntegerField(default=1)
    counted_qty = QuantityField(null=True)
    book_qty = QuantityField(null=True)
    counted_at = models.DateTimeField(null=True)
    counted_by = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    posting = models.OneToOneField(Posting, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("site", "count", "location", "part", Coalesce("lot", 0), name="count_line_once"),
            models.CheckConstraint(condition=Q(state__in=COUNT_LINE_STATES), name="count_line_state_known"),
            models.CheckConstraint(
                condition=Q(counted_qty=None) | Q(counted_qty__gte=0), name="count_line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} at {self.location}"


class CountEntry(models.Model):
    """What one person counted in one round; entries stay when a place is counted again."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    line = models.ForeignKey(CountLine, models.PROTECT, related_name="entries", db_index=False)
    round = models.PositiveIntegerField()
    qty = QuantityField()
    book_qty = QuantityField()
    counted_at = models.DateTimeField()
    counted_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "line", "round"], name="count_entry_once"),
            models.CheckConstraint(condition=Q(qty__gte=0), name="count_entry_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.qty}"


class WriteOff(models.Model):
    """Goods that became waste: why, and what they were worth by the standard cost of that moment."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="write_off")
    part = models.ForeignKey("parts.Part", models.PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, db_index=False)
    qty = QuantityField()
    cause = models.CharField(max_length=12)
    value_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "at", "id"], name="write_off_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="write_off_positive"),
            models.CheckConstraint(condition=Q(cause__in=WASTE_CAUSES), name="write_off_cause_known"),
        ]

    def __str__(self) -> str:
        return f"{self.qty} {self.part} {self.cause}"


class SetAsideScan(models.Model):
    """A scan that the plant refused and the phone set aside: kept as it came, until a planner has settled it."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    site = models.ForeignKey("partners.Site", models.PROTECT, db_index=False)
    mode = models.CharField(max_length=12)
    subject = models.CharField(max_length=80, blank=True)
    scan = models.CharField(max_length=80)
    content = models.JSONField(default=dict)
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=400, blank=True)
    # Who scanned it, and who handed it over: not the same where a queue was left behind on the phone.
    scanned_by = models.CharField(max_length=120)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="open")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "state", "id"], name="set_aside_scan_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SCAN_STATES), name="set_aside_scan_state_known"),
            models.CheckConstraint(condition=~Q(state="settled", note=""), name="set_aside_scan_settled_with_note"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.scan}"
