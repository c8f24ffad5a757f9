"""Parts of pages that follow the plant: asked for again and again, sent again only when something happened.

The journal is the one log of changes, so its newest entry tells whether anything can look different. The asker's
address, person, language and site belong to the tag, and a slice of time, so that nothing stands still for ever.
"""

import hashlib
from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from milkrun import __version__
from milkrun.kernel import journal
from milkrun.web.access import StaffRequest

FRESH_SECONDS = 20


def following(request: StaffRequest, render: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer with the part and its tag, or with "not modified" where the asker holds this tag already."""
    slice_of_time = int(timezone.now().timestamp()) // FRESH_SECONDS
    state = f"{__version__} {journal.latest()} {slice_of_time} {request.actor.user_id} {request.site.id} "
    state += f"{get_language()} "
    tag = f'"{hashlib.sha256((state + request.get_full_path()).encode()).hexdigest()[:24]}"'
    answer = HttpResponse(status=304) if request.headers.get("If-None-Match") == tag else render()
    answer["ETag"] = tag
    return answer
