"""Writes of production: post what a confirmation reports, and bring the groups it serves along."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import machine
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.queries import explode
from milkrun.production.models import Confirmation, JobLine
from milkrun.production.states import POSTING_MOVES
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import Balance, Location
from milkrun.stock.queries import first_place, place
from milkrun.stock.steps import Line


def post_confirmation(confirmation: Confirmation, *, actor: Actor, at: datetime) -> bool:
    """Post finished goods and the components used for them; keep the confirmation with its cause where stock refuses.

    The posting runs in a savepoint: it happens whole or not at all, and the confirmation stays either way.

    Returns:
        True when posted.
    """
    tries = confirmation.tries + 1
    try:
        with transaction.atomic():
            posting_id = _post(confirmation, actor, at)
    except Refusal as refusal:
        machine.move(
            [confirmation],
            POSTING_MOVES,
            "fail",
            noun="Confirmation",
            tries=tries,
            failure_code=refusal.code,
            failure=refusal.message[:400],
            failure_facts=refusal.facts,
        )
        return False
    machine.move(
        [confirmation],
        POSTING_MOVES,
        "post",
        noun="Confirmation",
        tries=tries,
        posting_id=posting_id,
        failure_code="",
        failure="",
        failure_facts={},
    )
    return True


def _post(confirmation: Confirmation, actor: Actor, at: datetime) -> int:
    line = confirmation.line
    made, output = first_place(line.site_id, "production"), first_place(line.site_id, "storage")
    lines = []
    if confirmation.good_qty:
        lines.append(Line(line.part_id, confirmation.good_qty, made.pk, output.pk))
    if confirmation.scrap_qty:
        lines.append(Line(line.part_id, confirmation.scrap_qty, made.pk, first_place(line.site_id, "scrap").pk))
    for need in explode(line.part_id, confirmation.good_qty + confirmation.scrap_qty):
        source = (
            place(line.site_id, need.supply_location) if need.supply_location else first_place(line.site_id, "line")
        )
        lines += _use_up(need.component_id, need.qty, source, made)
    posted = stock_steps.post(
        lines, site_id=line.site_id, kind="production", document=("confirmation", confirmation.pk), actor=actor, at=at
    )
    if confirmation.good_qty:
        stock_steps.reserve_at(
            (line.part_id, output.pk, 0, 0, 0),
            confirmation.good_qty,
            ("component", line.component_id),
            site_id=line.site_id,
            at=at,
        )
    return posted.posting_id


def _use_up(part_id: int, qty: Decimal, source: Location, made: Location) -> list[Line]:
    """Take components of free lots, first to expire first; what no lot covers is asked of loose stock."""
    lines: list[Line] = []
    open_micro = to_micro(qty)
    lots = Balance.objects.filter(
        site_id=source.site_id, part_id=part_id, location=source, lot__state="free", hu=None, owner=None
    ).order_by(F("lot__expires_on").asc(nulls_last=True), "lot_id")
    for row in lots:
        share = min(open_micro, to_micro(row.on_hand) - to_micro(row.reserved))
        if share > 0:
            lines.append(Line(part_id, from_micro(share), source.pk, made.pk, lot_id=row.lot_id))
            open_micro -= share
    if open_micro:
        lines.append(Line(part_id, from_micro(open_micro), source.pk, made.pk))
    return lines


def follow_up(groups: list[ComponentGroup], *, action: str, actor: Actor, at: datetime) -> None:
    """Make groups ready whose job lines are all confirmed, and show on each whether stock followed."""
    short = set(
        JobLine.objects.filter(component__group__in=groups, good_qty__lt=F("qty")).values_list(
            "component__group_id", flat=True
        )
    )
    failed = set(
        Confirmation.objects.filter(line__component__group__in=groups, state="failed").values_list(
            "line__component__group_id", flat=True
        )
    )
    for words, members in (
        ("failed", [g for g in groups if g.pk in failed]),
        ("posted", [g for g in groups if g.pk not in failed]),
    ):
        ComponentGroup.objects.filter(pk__in=[g.pk for g in members]).update(stock_posting=words)
    done = [group for group in groups if group.pk not in short and group.state == "released"]
    demand_steps.advance(done, "make_ready", action=action, actor=actor, at=at, production="confirmed")
