"""Sending a file to a partner again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.exchange import queries as exchange
from milkrun.exchange.commands.send_again import send_again
from milkrun.kernel.errors import Refusal
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing
from milkrun.web.messages.views import sent_page


@permit("send_again")
@require_POST
def again(request: StaffRequest, public_id: str) -> HttpResponse:
    """Queue a file again: the same bytes; held ones are released with it."""
    try:
        row = exchange.outbox_message(public_id, request.zone)
        send_again(outbox_id=row.id, **doing(request, "send_again"))
    except Refusal as refusal:
        return sent_page(request, public_id, refusal)
    messages.success(request, _("%(type)s %(control)s will be sent again, byte for byte.")
                     % {"type": row.document_type, "control": row.control})  # fmt: skip
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(back)
    return redirect("sent", public_id=public_id)
