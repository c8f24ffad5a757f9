"""Extra fields: which there are, and what a row says in them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.configuration import queries as configuration
from milkrun.configuration.commands.define_field import define_field
from milkrun.configuration.commands.fill_fields import fill_fields
from milkrun.demand import queries as demand
from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.parts import queries as parts
from milkrun.production.queries import records as production
from milkrun.shipping.queries import records as shipping
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text


@permit("view_setup")
@require_safe
def fields(request: StaffRequest) -> HttpResponse:
    """List the extra fields."""
    return _fields(request)


def _fields(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "rows": configuration.fields(),
        "nouns": [(noun, words.word("noun", noun)) for noun in configuration.NOUNS],
        "kinds": [(kind, words.word("field", kind)) for kind in configuration.KINDS],
    }
    return pages.page(request, "setup/fields.html", context, refusal=refusal)


@permit("define_field")
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Make or change an extra field."""
    try:
        define_field(
            noun=request.POST.get("noun", ""), key=request.POST.get("field", "").strip(),
            label=typed_text(request, "label", longest=80), kind=request.POST.get("kind", ""),
            choices=typed_text(request, "choices", longest=2000).split(","),
            retired=request.POST.get("retired") == "yes", **doing(request, "define_field"),
        )  # fmt: skip
    except Refusal as refusal:
        return _fields(request, refusal)
    messages.success(request, _("Saved."))
    return redirect("extra_fields")


# noun -> (the action that opens it, its page, site and public id -> key)
ROWS: dict[str, tuple[str, str, Callable[[int, str], int]]] = {
    "call": ("view_calls", "call", lambda site, key: demand.call_ids(site, [key])[0]),
    "part": ("view_stock", "item", lambda _site, key: parts.part(key).id),
    "delivery": ("view_deliveries", "delivery", lambda site, key: shipping.delivery_id(site, key)),
    "job": ("view_jobs", "job", lambda site, key: production.job_id(site, key)),
}


@permit("fill_fields")
@require_POST
def fill(request: StaffRequest) -> HttpResponse:
    """Keep what a row says in its extra fields."""
    noun, public_id = request.POST.get("noun", ""), request.POST.get("row", "")
    if noun not in ROWS:
        raise Invalid([Problem("noun", _("Choose what the fields are for."))])
    needed, page, key_of = ROWS[noun]
    if needed not in request.access.actions:
        raise NotFound(_("This does not exist at this site."))
    known = {field.key for field in configuration.fields(noun) if not field.retired}
    values = {key: request.POST.get(f"extra_{key}", "") for key in known if f"extra_{key}" in request.POST}
    fill_fields(noun=noun, row_id=key_of(request.site.id, public_id), values=values, **doing(request, "fill_fields"))
    messages.success(request, _("Saved."))
    return redirect(page, public_id=public_id)
