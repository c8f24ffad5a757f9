"""What a customer may see of its own demand, for the portal: every read is of one customer, and of nobody else.

What stands here goes to another company: only what it told us or what we owe it, never a place, a person or a part
number of ours. What is not the customer's is not found, as if it did not exist.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, JitCall, SupplyAgreement
from milkrun.demand.queries.monitor import OPEN_STATES, step_of
from milkrun.exchange.models import Agreement
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.partners.models import Site
from milkrun.parts.models import CustomerPart
from milkrun.stock.queries.free import free_quantities

LOOKED_BACK = 200


@dataclass(frozen=True, slots=True)
class OwnItem:
    """A part that a customer calls, by its own number.

    `ready` is what is free in our storage now; empty where the part is made for other customers too, for what they
    take is not this customer's to see. `coming` is called and has not left yet; `last` was called last.
    """

    number: str
    description: str
    unit: str
    order_no: str
    ready: str
    coming: str
    last: str
    last_typed: str


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A call of a customer in a list."""

    public_id: str
    number: str
    state: str
    step: int
    contents: tuple[str, ...]
    required: str
    due: str
    place: str
    received: str
    source: str


@dataclass(frozen=True, slots=True)
class OwnComponent:
    """A line of a call: what was wanted, what is packed and what has left."""

    number: str
    order_no: str
    wanted: str
    packed: str
    left: str
    qty: str


@dataclass(frozen=True, slots=True)
class OwnCallView:
    """One call of a customer with its lines."""

    row: OwnCall
    id: int
    vehicle: str
    sequence: str
    cancel_asked: bool
    lines: tuple[OwnComponent, ...]


@dataclass(frozen=True, slots=True)
class Supplier:
    """A plant of ours that supplies a customer."""

    id: int
    code: str
    name: str


def suppliers(partner_id: int) -> tuple[Supplier, ...]:
    """List the plants of ours that supply a customer: by agreement, by its calls, or the only one there is."""
    own = Q(pk__in=Agreement.objects.filter(partner=partner_id).values("site"))
    own |= Q(pk__in=JitCall.objects.filter(partner=partner_id).values("site"))
    rows = list(Site.objects.filter(own).order_by("code")) or list(Site.objects.order_by("code")[:2])
    known = rows if len(rows) == 1 or Site.objects.filter(own).exists() else []
    return tuple(Supplier(row.pk, row.code, row.name) for row in known)


def own_items(partner_id: int, today: date, text: str = "", after: str = "", limit: int = 50) -> Page[OwnItem]:
    """List the parts that a customer can call, by its numbers."""
    rows = CustomerPart.objects.filter(pk__in=_agreed(partner_id, today)).select_related("part").order_by("number")
    if text.strip():
        key = "".join(text.split()).upper()
        rows = rows.filter(Q(number_key__contains=key) | Q(part__description__icontains=text.strip()))
    start = position(after, str)
    if start:
        rows = rows.filter(number__gt=start[0])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].number) if found else ""
    return page_of(_items(partner_id, found, today), limit, last)


def own_item(partner_id: int, number: str, today: date) -> OwnItem:
    """Read one part that a customer can call.

    Raises:
        NotFound: it is none of the customer's.
    """
    rows = CustomerPart.objects.filter(pk__in=_agreed(partner_id, today), number=number).select_related("part")
    found = _items(partner_id, list(rows), today)
    if not found:
        raise NotFound(_("This part is none of yours."))
    return found[0]


def _agreed(partner_id: int, today: date) -> QuerySet[SupplyAgreement, int]:
    rows = SupplyAgreement.objects.filter(partner=partner_id, valid_from__lte=today, customer_part__partner=partner_id)
    return rows.values_list("customer_part", flat=True)


def _items(partner_id: int, rows: list[CustomerPart], today: date) -> list[OwnItem]:
    keys = [row.part_id for row in rows]
    shared = set(CustomerPart.objects.filter(part__in=keys).exclude(partner=partner_id).values_list("part", flat=True))
    places = [site.id for site in suppliers(partner_id)]
    ready = free_quantities(places, keys, today)
    orders = dict(
        SupplyAgreement.objects.filter(partner=partner_id, customer_part__in=rows, valid_from__lte=today)
        .order_by("valid_from", "id").values_list("customer_part", "order_no")
    )  # fmt: skip
    coming, last = _coming(partner_id, places, keys), _last(partner_id, keys)
    return [
        OwnItem(
            row.number, row.part.description, row.part.base_unit, orders.get(row.pk, ""),
            "" if row.part_id in shared else quantity(ready.get(row.part_id, Decimal(0)), row.part.base_unit),
            quantity(coming[row.part_id], row.part.base_unit) if coming.get(row.part_id) else "",
            quantity(last[row.part_id], row.part.base_unit) if row.part_id in last else "",
            f"{last[row.part_id].normalize():f}" if row.part_id in last else "",
        )
        for row in rows
    ]  # fmt: skip


def _coming(partner_id: int, site_ids: list[int], part_ids: list[int]) -> dict[int, Decimal]:
    """Sum what is called and has not left, by part."""
    rows = Component.objects.filter(
        group__call__site__in=site_ids, group__call__state__in=OPEN_STATES, group__call__partner=partner_id,
        part__in=part_ids,
    ).exclude(group__state="cancelled")  # fmt: skip
    return dict(rows.order_by().values_list("part").annotate(Sum("qty")))


def _last(partner_id: int, part_ids: list[int]) -> dict[int, Decimal]:
    """Tell how much of each part was called last, looking at the newest calls only."""
    calls = list(JitCall.objects.filter(partner=partner_id).order_by("-id").values_list("pk", flat=True)[:LOOKED_BACK])
    rows = Component.objects.filter(group__call__in=calls, part__in=part_ids).exclude(qty=None).order_by("pk")
    return {part: qty for part, qty in rows.values_list("part", "qty") if part is not None and qty is not None}


def own_calls(
    partner_id: int, only_open: bool = True, text: str = "", after: str = "", limit: int = 50
) -> Page[OwnCall]:
    """List a customer's calls, the newest first."""
    rows = JitCall.objects.filter(partner=partner_id)
    if only_open:
        rows = rows.filter(state__in=OPEN_STATES)
    if text.strip():
        wanted = text.strip()
        parts = Component.objects.filter(group__call__partner=partner_id, customer_part_no__icontains=wanted)
        rows = rows.filter(
            Q(external_no__icontains=wanted) | Q(vin__icontains=wanted) | Q(pk__in=parts.values("group__call"))
        )
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows.order_by("-id")[: limit + 1])
    last = cursor(found[:limit][-1].id) if found else ""
    return page_of(_calls(found), limit, last)


def own_call(partner_id: int, public_id: str) -> OwnCallView:
    """Read one call of a customer.

    Raises:
        NotFound: it is none of the customer's.
    """
    row = JitCall.objects.filter(partner=partner_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This call is none of yours."))
    lines = Component.objects.filter(group__call=row).exclude(group__state="cancelled").select_related("part")
    return OwnCallView(
        _calls([row])[0], row.pk, row.vin, row.sequence_text, row.state == "cancel_requested",
        tuple(_line(line) for line in lines.order_by("group", "line_no")),
    )  # fmt: skip


def _line(row: Component) -> OwnComponent:
    unit = row.part.base_unit if row.part else row.entered_unit
    return OwnComponent(
        row.customer_part_no, row.order_no, quantity(row.entered_qty, row.entered_unit), quantity(row.packed_qty, unit),
        quantity(row.issued_qty, unit), f"{row.entered_qty.normalize():f}",
    )  # fmt: skip


def _calls(rows: list[JitCall]) -> list[OwnCall]:
    contents: dict[int, dict[tuple[str, str], Decimal]] = {}
    lines = Component.objects.filter(group__call__in=rows).exclude(group__state="cancelled").order_by("id")
    for call, number, qty, unit in lines.values_list(
        "group__call_id", "customer_part_no", "entered_qty", "entered_unit"
    ):
        sums = contents.setdefault(call, {})
        sums[number, unit] = sums.get((number, unit), Decimal(0)) + qty
    return [
        OwnCall(
            row.public_id, row.external_no, row.state, step_of(row.state),
            tuple(f"{quantity(qty, unit)} {number}" for (number, unit), qty in contents.get(row.pk, {}).items()),
            moment(row.required_at, row.zone), row.required_at.isoformat(),
            " ".join(filter(None, [row.ship_to_code, row.unloading_point])), moment(row.received_at, row.zone),
            row.source,
        )
        for row in rows
    ]  # fmt: skip


def last_place(partner_id: int) -> tuple[str, str]:
    """Tell where a customer called goods to last: plant and unloading point; empty where it never did."""
    row = JitCall.objects.filter(partner=partner_id).order_by("-id").first()
    return (row.ship_to_code, row.unloading_point) if row else ("", "")
