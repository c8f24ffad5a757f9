"""How customers' racks are built: slots in a rack, racks on a frame."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milkrun.demand import queries as demand
from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text


@permit("specify_rack")
@require_http_methods(["GET", "HEAD", "POST"])
def specs(request: StaffRequest) -> HttpResponse:
    """List rack specifications; a form sets one."""
    if request.method != "POST":
        return _page(request)
    try:
        partner = partners.partner_by_code(request.POST.get("partner", ""))
        if partner is None:
            raise Invalid([Problem("partner", _("Choose a customer."))])
        specify_rack(
            partner_id=partner.id, family=typed_text(request, "family", longest=12), slots=_whole(request, "slots"),
            package_type=typed_text(request, "package_type", longest=17) or "RACK", racks=_whole(request, "racks"),
            frame_type=typed_text(request, "frame_type", longest=17) or "FRAME", **doing(request, "specify_rack"),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, refusal)
    messages.success(request, _("Saved. Racks that are released for packing from now on are built so."))
    return redirect("rack_specs")


def _whole(request: StaffRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Invalid([Problem(name, _("Write a whole number such as 6."))])
    return int(text)


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    context = {"rows": demand.rack_specs(), "customers": partners.customers()}
    return pages.page(request, "packing/specs.html", context, refusal=refusal)
