"""From a dropped file to a report, for anybody: bring, check what the columns are, analyse, read, take away.

Nothing is stored beyond an hour and nothing reaches the database; the address of a room is the only key to it.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from milkrun.gateway.errors import NoRoom
from milkrun.gateway.rooms import Room, find_room, is_full, open_room
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.web import pages
from milkrun.web.access import public
from milkrun.web.analyse import asking, showing

MOST_FILES = 8
LARGEST = 64 * 1024 * 1024
# What can be taken away, and as what.
RESULTS = {
    "report.html": "text/html; charset=utf-8",
    "report.json": "application/json",
    "items.csv": "text/csv; charset=utf-8",
    "refused.csv": "text/csv; charset=utf-8",
    "mapping.json": "application/json",
}
# The report is a page of its own: it loads nothing, runs nothing and stands in no other page.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-downloads"
)
_DROP = {"most": MOST_FILES, "samples": showing.SAMPLES}


@public
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest) -> HttpResponse:
    """Ask for files, or take them and look at them."""
    if request.method != "POST":
        return pages.page(request, "analyse/drop.html", _DROP)
    try:
        brought = _brought(request)
        _refuse_when_full()
    except Refusal as refusal:
        return pages.page(request, "analyse/drop.html", _DROP, refusal=refusal)
    room = open_room(_home())
    return _look_at(room, brought)


@public
@require_POST
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Bring further files into a room."""
    room = _room(key)
    try:
        brought = _brought(request, len(room.files), room.size)
        _refuse_when_full()
        return _look_at(room, brought)
    except Refusal as refusal:
        return _page(request, room, refusal)


def _refuse_when_full() -> None:
    if is_full(_home()):
        raise NoRoom(_("Too many analyses are open at this moment. Try again in some minutes."))


def _look_at(room: Room, brought: list[tuple[str, bytes]]) -> HttpResponse:
    for name, content in brought:
        room.bring(name, content)
    room.want("look")
    return redirect("analysis_room", room.key)


def _brought(request: HttpRequest, there: int = 0, bytes_there: int = 0) -> list[tuple[str, bytes]]:
    """Return the files of a form, and what was pasted as one more.

    Raises:
        Invalid: nothing was brought, too much, or too many.
    """
    given: list[UploadedFile[Any]] = [file for file in request.FILES.getlist("files") if file.size]
    pasted = request.POST.get("pasted", "").strip()
    if not given and not pasted:
        raise Invalid([Problem("files", _("Choose a file that is not empty, or paste a table."))])
    if len(given) + bool(pasted) + there > MOST_FILES:
        raise Invalid(
            [Problem("files", ngettext("Bring %d file at most.", "Bring %d files at most.", MOST_FILES) % MOST_FILES)]
        )
    if bytes_there + len(pasted) + sum(file.size or 0 for file in given) > LARGEST:
        raise Invalid(
            [
                Problem(
                    "files",
                    _("The files are larger than 64 MB. Pack them, or use the command line."),
                )
            ]
        )
    files = [(file.name or "table.csv", file.read()) for file in given]
    return [*files, ("pasted.csv", pasted.encode())] if pasted else files


@public
@require_GET
def room(request: HttpRequest, key: str) -> HttpResponse:
    """Show a room as it stands: being looked at, waiting for answers, being analysed, done."""
    return _page(request, _room(key))


@public
@require_GET
def state(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the part of the page that follows the work; it says to load the page once the work has ended."""
    room = _room(key)
    shown = showing.state(room)
    tag = f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = pages.page(request, "analyse/state.html", {"state": shown, "room": room})
    answer["ETag"] = tag
    return answer


@public
@require_POST
def run(request: HttpRequest, key: str) -> HttpResponse:
    """Take the answers, and analyse; or only look again where an answer changes what is seen."""
    room = _room(key)
    if "back" in request.POST:
        room.forget("ended")
        return redirect("analysis_room", room.key)
    try:
        answers = asking.answers(request.POST, room.note("seen") or {})
    except Refusal as refusal:
        return _page(request, room, refusal)
    room.write("answers", answers)
    room.want("look" if "again" in request.POST else "run")
    return redirect("analysis_room", room.key)


@public
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Remove everything now."""
    _room(key).remove()
    return redirect("analyse")


@public
@require_GET
def result(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """Hand out one file of the result."""
    path = _room(key).report / name
    if name not in RESULTS or not path.is_file():
        raise Http404
    shown = name == "report.html" and "download" not in request.GET
    answer = FileResponse(path.open("rb"), content_type=RESULTS[name], as_attachment=not shown, filename=name)
    if shown:
        answer["Content-Security-Policy"] = REPORT_POLICY
    answer["Cache-Control"] = "no-store"
    return answer


@public
@require_GET
def sample(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand out a small table to try with."""
    path = Path(__file__).parent / "samples" / name
    if name not in showing.SAMPLES or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="text/csv; charset=utf-8", as_attachment=True, filename=name)


def _home() -> Path:
    return Path(settings.MILKRUN_HOME)


def _room(key: str) -> Room:
    room = find_room(_home(), key)
    if room is None:
        raise Http404
    return room


def _page(request: HttpRequest, room: Room, refusal: Refusal | None = None) -> HttpResponse:
    template, context = showing.page(room)
    return pages.page(request, template, {"room": room, "most": MOST_FILES, **context}, refusal=refusal)
