"""A scan at the rack."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Refusal
from milkrun.measure.wording import quantity
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.packing.views import rack_page


@permit("confirm_packing")
@require_POST
def confirm(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put the scanned part into the next slot, or stop."""
    try:
        rack = demand.rack(request.site.id, public_id, request.zone)
        scan = typed_text(request, "scan", _("Scan or type a part number."), longest=80)
        typed = request.POST.get("qty", "").strip()
        done = confirm_packing(
            packing_group_id=rack.id, scan=scan, qty=typed_quantity(typed, "qty") if typed else None,
            **doing(request, "confirm_packing"),
        )  # fmt: skip
    except Refusal as refusal:
        return rack_page(request, public_id, refusal)
    facts = {"slot": done.slot, "part": done.part_number, "qty": quantity(done.qty), "n": done.remaining}
    if done.remaining:
        text = ngettext("Right. %(qty)s × %(part)s in slot %(slot)d, %(n)d place left.",
                        "Right. %(qty)s × %(part)s in slot %(slot)d, %(n)d places left.", done.remaining)  # fmt: skip
    else:
        text = _("Right. %(qty)s × %(part)s in slot %(slot)d. Everything here is packed.")
    messages.success(request, text % facts)
    return redirect("rack", public_id=public_id)
