"""The rules that raise alerts: the list, the form, the trial before saving, muting."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from milkrun.insight import queries as insight
from milkrun.insight.commands.mute_alert_rule import mute_alert_rule
from milkrun.insight.commands.save_alert_rule import save_alert_rule
from milkrun.insight.queries import RuleInput, RuleView, Trial
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.parts import queries as parts
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.alerts.actions import typed_minutes
from milkrun.web.history import history

_FIELDS = ("title", "metric", "comparison", "threshold", "partner", "part", "place", "site", "tone", "channel",
           "owner", "repeat_minutes", "escalate_minutes", "escalate_role")  # fmt: skip


@permit("view_alerts")
@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """List every rule."""
    found = insight.alert_rules(timezone.now(), request.zone)
    return pages.page(request, "alerts/rules.html", {"rules": found})


@permit("save_alert_rule")
@require_safe
def new(request: StaffRequest) -> HttpResponse:
    """Show an empty form."""
    return rule_page(request, None, {"owner": f"role:{request.access.roles[0]}", **request.GET.dict()})


@permit("view_alerts")
@require_safe
def rule(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one rule with its form."""
    found = insight.alert_rule(public_id, timezone.now(), request.zone)
    return rule_page(request, found, typed_of(found))


def typed_of(found: RuleView) -> dict[str, str]:
    """Put a rule's values into the fields of the form."""
    owner = f"user:{found.owner_id}" if found.owner_id else f"role:{found.owner_role}"
    values: dict[str, Any] = {name: getattr(found, name, "") for name in _FIELDS}
    return {name: str(value) for name, value in values.items()} | {
        "owner": owner, "active": "yes" if found.active else "",
        "working_time": "yes" if found.working_time else ""}  # fmt: skip


def rule_page(
    request: StaffRequest,
    found: RuleView | None,
    typed: dict[str, str],
    refusal: Refusal | None = None,
    trial: Trial | None = None,
) -> HttpResponse:
    """Render the form; after a refusal or a trial with what was typed."""
    context = {
        "rule": found,
        "given": typed,
        "metrics": insight.metrics(),
        "customers": partners.customers(),
        "roles": words.ROLES,
        "people": [{"id": person.id, "name": person.name, "key": f"user:{person.id}"} for person in partners.staff()],
        "trial": trial,
        "history": history([("alert_rule", found.id)], request.zone) if found else [],
    }
    return pages.page(request, "alerts/rule.html", context, refusal=refusal)


@permit("save_alert_rule")
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Try a rule, or save it; a rule is tried before it can be saved."""
    found: RuleView | None = None
    typed = request.POST.dict()
    try:
        if request.POST.get("rule"):
            found = insight.alert_rule(request.POST["rule"], timezone.now(), request.zone)
        given = _given(request, found)
        trial = insight.try_rule(given, timezone.now(), request.zone)
        if "save" not in request.POST:
            return rule_page(request, found, typed, trial=trial)
        done = save_alert_rule(rule=given, rule_id=found.id if found else None, **doing(request, "save_alert_rule"))
    except Refusal as refusal:
        return rule_page(request, found, typed, refusal)
    text = ngettext("Saved. It raises %(n)d alert now.", "Saved. It raises %(n)d alerts now.", trial.count)
    messages.success(request, text % {"n": trial.count})
    return redirect("alert_rule", public_id=done.public_id)


def _given(request: StaffRequest, found: RuleView | None) -> RuleInput:
    post = request.POST
    metric = insight.metric(post.get("metric", ""))
    whom, _colon, key = post.get("owner", "").partition(":")
    person = key if key.isascii() and key.isdigit() and len(key) < 19 else ""
    return RuleInput(
        title=typed_text(request, "title", longest=120) or str(metric.title),
        metric=metric.name,
        comparison=post.get("comparison") or metric.comparison,
        threshold=typed_quantity(post.get("threshold", "") or "0", "threshold"),
        site_id=request.site.id if post.get("site") else None,
        partner_id=_partner(post.get("partner", "")),
        part_id=_part(post.get("part", "")),
        place=typed_text(request, "place", longest=24),
        tone=post.get("tone", "act"),
        channel=post.get("channel", "in_app"),
        owner_role=key if whom == "role" else "",
        owner_id=int(person) if whom == "user" and person else None,
        repeat_minutes=typed_minutes(request, "repeat_minutes", 0),
        escalate_minutes=typed_minutes(request, "escalate_minutes", 0),
        escalate_role=post.get("escalate_role", ""),
        working_time=post.get("working_time") == "yes",
        active=found is None or post.get("active") == "yes",
    )


def _partner(code: str) -> int | None:
    if not code:
        return None
    found = partners.partner_by_code(code)
    if found is None:
        raise Invalid([Problem("partner", _("Choose the customer from the list."))])
    return found.id


def _part(number: str) -> int | None:
    if not number.strip():
        return None
    hits = [hit for hit in parts.find(number.strip()) if hit.exact]
    if not hits:
        raise Invalid([Problem("part", _("No part has the number “%s”.") % number.strip()[:40])])
    return parts.part(hits[0].public_id).id


@permit("mute_alert_rule")
@require_POST
def mute(request: StaffRequest, public_id: str) -> HttpResponse:
    """Keep the rule quiet for some minutes, or let it speak again."""
    found = insight.alert_rule(public_id, timezone.now(), request.zone)
    try:
        minutes = typed_minutes(request, "minutes", 0)
        until = timezone.now() + timedelta(minutes=minutes) if minutes else None
        why = typed_text(request, "why", longest=200)
        mute_alert_rule(rule_id=found.id, until=until, why=why, **doing(request, "mute_alert_rule"))
    except Refusal as refusal:
        return rule_page(request, found, typed_of(found), refusal)
    messages.success(request, _("The rule is quiet now.") if until else _("The rule speaks again."))
    return redirect("alert_rule", public_id=public_id)
