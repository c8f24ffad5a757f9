"""A call typed by a planner: a customer telephones, or a line stands and needs parts at once."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.demand.queries.agreed import AgreedPart, agreed_parts, stream_codes
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.partners.queries import PartnerView
from milkrun.partners.queries.plants import PlantView, plants
from milkrun.shipping.commands.expedite_calls import expedite_calls
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_future, typed_quantity, typed_text

LINES = 8
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of the form as it was typed."""

    part: str = ""
    qty: str = ""
    unit: str = ""
    group: str = ""


@permit("receive_jit_call")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask for a call, or take one over."""
    if request.method != "POST":
        return _form(request, request.GET.get("customer", ""))
    if "more" in request.POST:
        return _form(request, request.POST.get("customer", ""), more=LINES)
    try:
        customer = _customer(request)
        done = receive_jit_call(
            call=_call(request, customer), site_id=request.site.id, partner_id=customer.id, source="manual",
            **doing(request, "receive_jit_call"),
        )  # fmt: skip
        if request.POST.get("urgent") == "1" and done.outcome == "created":
            expedite_calls(
                call_ids=(done.call_id,), priority=1, reason=typed_text(request, "reason") or _("Emergency call"),
                **doing(request, "expedite_calls"),
            )  # fmt: skip
    except Refusal as refusal:
        return _form(request, request.POST.get("customer", ""), refusal=refusal)
    said = {
        "created": _("Call %s is entered."),
        "updated": _("Call %s is changed."),
        "unchanged": _("Call %s is as it was."),
    }
    messages.success(request, said[done.outcome] % done.external_no)
    for note in (*done.unmatched, *done.notes):
        messages.warning(request, note)
    return redirect("call", public_id=done.public_id)


def _customer(request: StaffRequest) -> PartnerView:
    found = partners.partner_by_code(request.POST.get("customer", ""))
    if found is None or not found.is_customer:
        raise Invalid([Problem("customer", _("Choose the customer."))])
    return found


def _call(request: StaffRequest, customer: PartnerView) -> CallInput:
    plant = _plant(request, customer)
    kind = request.POST.get("kind", "")
    if kind not in words.KINDS:
        raise Invalid([Problem("kind", _("Choose what kind of call it is."))])
    at = typed_future(request.POST.get("required_at", ""), "required_at", plant.zone)
    number = typed_text(request, "number", longest=80) or f"TEL-{timezone.now():%y%m%d-%H%M%S}"
    groups = _groups(request, {part.number: part for part in agreed_parts(customer.id)})
    sequenced = kind == "sequenced"
    sequence = typed_text(
        request, "sequence", _("A vehicle of a sequence needs its number.") if sequenced else "", longest=18
    )
    return CallInput(
        external_no=number,
        kind=kind,
        required_at=at,
        required_text=request.POST.get("required_at", "")[:40],
        zone=plant.zone,
        groups=groups,
        ship_to_code=plant.code,
        unloading_point=typed_text(request, "dock", longest=35),
        line_feed=typed_text(request, "line_feed", longest=35),
        vin=typed_text(request, "vin", longest=40) if sequenced else "",
        production_no=typed_text(request, "production_no", longest=40) if sequenced else "",
        stream_code=typed_text(request, "line", longest=20) if sequenced else "",
        sequence_text=sequence if sequenced else "",
    )


def _plant(request: StaffRequest, customer: PartnerView) -> PlantView:
    code = request.POST.get("plant", "")
    found = next((plant for plant in plants(customer.id) if plant.code == code), None)
    if found is None:
        raise Invalid([Problem("plant", _("Choose a plant of this customer."))])
    return found


def _typed(request: StaffRequest, more: int = 0) -> list[Typed]:
    columns = [request.POST.getlist(name)[:MOST_LINES] for name in ("part", "qty", "unit", "group")]
    rows = [Typed(*(column[n] if n < len(column) else "" for column in columns)) for n in range(len(columns[0]))]
    return rows + [Typed()] * min(MOST_LINES - len(rows), more if rows else LINES)


def _groups(request: StaffRequest, agreed: dict[str, AgreedPart]) -> tuple[GroupInput, ...]:
    lines: dict[str, list[ComponentInput]] = {}
    problems = []
    for number, row in enumerate(_typed(request), 1):
        part = row.part.strip()
        if not part and not row.qty.strip():
            continue
        try:
            qty = typed_quantity(row.qty, f"qty-{number}")
        except Invalid as refusal:
            problems += list(refusal.problems)
            qty = Decimal(0)
        known = agreed.get(part)
        order_no = known.order_no if known else ""
        unit = row.unit.strip().upper() or (known.unit if known else "PCE")
        line = ComponentInput(sum(map(len, lines.values())) + 1, part, qty, unit, order_no)
        lines.setdefault(row.group.strip(), []).append(line)
    if problems:
        raise Invalid(problems)
    if not lines:
        raise Invalid([Problem("part", _("Write at least one part with its quantity."))])
    return tuple(GroupInput(code, tuple(rows)) for code, rows in lines.items())


def _form(request: StaffRequest, code: str, *, more: int = 0, refusal: Refusal | None = None) -> HttpResponse:
    customers = partners.customers()
    chosen = next((row for row in customers if row.code == code), customers[0] if len(customers) == 1 else None)
    context = {
        "customers": customers,
        "chosen": chosen,
        "plants": plants(chosen.id) if chosen else (),
        "parts": agreed_parts(chosen.id) if chosen else (),
        "lines_of_streams": stream_codes(request.site.id, chosen.id) if chosen else (),
        "kinds": words.KINDS,
        "rows": _typed(request, more),
    }
    return pages.page(request, "calls/new.html", context, refusal=refusal)
