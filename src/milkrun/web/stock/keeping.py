"""Setting how an item is kept at a site."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Refusal
from milkrun.parts import queries as parts
from milkrun.planning.commands.set_item_policy import set_item_policy
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.stock.views import item_page


@permit("set_item_policy")
@require_POST
def save(request: StaffRequest, public_id: str) -> HttpResponse:
    """Set the policy of an item at the site that is looked at."""
    try:
        part = parts.part(public_id)
        point, target = request.POST.get("reorder_point", "").strip(), request.POST.get("target_qty", "").strip()
        set_item_policy(
            site_id=request.site.id,
            part_id=part.id,
            method=request.POST.get("method", ""),
            reorder_point=typed_quantity(point, "reorder_point") if point else None,
            target_qty=typed_quantity(target, "target_qty") if target else None,
            why=typed_text(request, "why", _("Say why: whoever comes after reads it here.")),
            **doing(request, "set_item_policy"),
        )
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("The policy is set."))
    return redirect("item", public_id=public_id)
