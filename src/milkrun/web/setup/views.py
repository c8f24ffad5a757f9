"""The set-up's first page, and what is called, numbered and done by itself."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.configuration import queries as configuration
from milkrun.configuration.commands.configure_numbers import configure_numbers
from milkrun.configuration.commands.rename_states import rename_states
from milkrun.configuration.commands.set_automatic_steps import set_automatic_steps
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text

RENAMED = ("call", "job", "rack", "unit", "delivery", "outbox")


@permit("view_setup")
@require_safe
def setup(request: StaffRequest) -> HttpResponse:
    """Show what can be set up, each with one sentence."""
    parts = [
        ("people", _("People"), _("Who may sign in, and with which roles.")),
        ("roles", _("Roles"), _("What each role may see and do.")),
        ("state_words", _("Words of states"), _("What states are called on the pages.")),
        ("extra_fields", _("Extra fields"), _("Fields of your own on calls, parts, deliveries, jobs and partners.")),
        ("number_formats", _("Numbers"), _("How deliveries, invoices, jobs and waves are numbered.")),
        ("shifts", _("Shifts"), _("When this site works, and who takes its alerts in each shift.")),
        ("streams", _("Sequences"), _("How vehicles are numbered, what a gap does, numbers that never come.")),
        ("call_rules", _("Rules for calls"), _("What becomes of changes, and what a customer's status words mean.")),
        ("automatic_steps", _("Automatic steps"), _("What is done by itself for a customer's calls.")),
    ]
    shown = [{"url": reverse(name), "title": title, "text": text} for name, title, text in parts]
    return pages.page(request, "setup/setup.html", {"parts": shown})


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language") or request.POST.get("language") or get_language() or "en"
    return wanted if wanted in dict(settings.LANGUAGES) else "en"


@permit("view_setup")
@require_safe
def words_page(request: StaffRequest) -> HttpResponse:
    """Show the states with the product's words and those used here."""
    return _words(request)


def _words(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    language = _language(request)
    own = configuration.state_words(language)
    with override(language):
        nouns = [
            {
                "noun": noun,
                "title": words.word("noun", noun),
                "rows": [
                    {"state": state, "word": str(word), "own": own.get((noun, state), "")}
                    for state, (_tone, word) in words.STATES[noun].items()
                ],
            }
            for noun in RENAMED
        ]
    return pages.page(request, "setup/words.html", {"nouns": nouns, "chosen": language}, refusal=refusal)


@permit("rename_states")
@require_POST
def save_words(request: StaffRequest) -> HttpResponse:
    """Keep the words of one noun."""
    noun, language = request.POST.get("noun", ""), _language(request)
    if noun not in RENAMED:
        raise Invalid([Problem("noun", _("Choose what the words are for."))])
    given = {state: request.POST.get(f"word_{state}", "") for state in words.STATES[noun]}
    try:
        rename_states(noun=noun, language=language, words=given, **doing(request, "rename_states"))
    except Refusal as refusal:
        return _words(request, refusal)
    words.forget()
    messages.success(request, _("Saved. The pages say so from now on."))
    return redirect(f"{reverse('state_words')}?language={language}#{noun}")


@permit("view_setup")
@require_safe
def numbers(request: StaffRequest) -> HttpResponse:
    """Show how numbers are written."""
    return _numbers(request)


def _numbers(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    return pages.page(request, "setup/numbers.html", {"rows": configuration.numbers()}, refusal=refusal)


@permit("configure_numbers")
@require_POST
def save_numbers(request: StaffRequest) -> HttpResponse:
    """Write numbers of one kind in another way."""
    try:
        digits = typed_text(request, "digits", _("Say how many digits."), 2)
        if not digits.isdecimal():
            raise Invalid([Problem("digits", _("Say how many digits, as 8."))])
        done = configure_numbers(
            kind=request.POST.get("kind", ""), prefix=typed_text(request, "prefix", longest=6), digits=int(digits),
            **doing(request, "configure_numbers"),
        )  # fmt: skip
    except Refusal as refusal:
        return _numbers(request, refusal)
    messages.success(request, _("Saved. New numbers look like %(example)s.") % {"example": done.example})
    return redirect("number_formats")


@permit("view_setup")
@require_safe
def steps(request: StaffRequest) -> HttpResponse:
    """Show the customers and what is done by itself for each."""
    chosen = configuration.automatic_steps()
    kinds = {step: words.happened(step) for step in configuration.AUTOMATIC_STEPS}
    rows = [{"customer": row, "steps": chosen.get(row.code, frozenset())} for row in partners.customers()]
    return pages.page(request, "setup/steps.html", {"rows": rows, "kinds": kinds})


@permit("set_automatic_steps")
@require_POST
def save_steps(request: StaffRequest) -> HttpResponse:
    """Keep the automatic steps of one customer."""
    customer = partners.partner_by_code(request.POST.get("customer", ""))
    if customer is None:
        raise Invalid([Problem("customer", _("Choose the customer."))])
    set_automatic_steps(
        partner_code=customer.code, steps=request.POST.getlist("steps"), **doing(request, "set_automatic_steps")
    )
    messages.success(request, _("Saved for %(customer)s.") % {"customer": customer.name})
    return redirect("automatic_steps")
