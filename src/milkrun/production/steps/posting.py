"""Post what a confirmation reports, whole or not at all, and take it back the same way."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from milkrun.kernel import machine
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.queries import explode
from milkrun.production.models import Confirmation
from milkrun.production.states import POSTING_MOVES
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import Balance, Location, Posting, Reservation
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


def _post(confirmation: Confirmation, actor: Actor, at: datetime) -> int | None:
    line = confirmation.line
    made, output = first_place(line.site_id, "production"), first_place(line.site_id, "storage")
    lot_id = _lot(confirmation, at)
    lines = []
    if confirmation.good_qty:
        lines.append(Line(line.part_id, confirmation.good_qty, made.pk, output.pk, lot_id=lot_id))
    if confirmation.scrap_qty:
        scrap = first_place(line.site_id, "scrap")
        lines.append(Line(line.part_id, confirmation.scrap_qty, made.pk, scrap.pk, lot_id=lot_id))
    for need in explode(line.part_id, begun(confirmation)):
        source = (
            place(line.site_id, need.supply_location) if need.supply_location else first_place(line.site_id, "line")
        )
        lines += _use_up(need.component_id, need.qty, source, made)
    if not lines:
        return None
    posted = stock_steps.post(
        lines, site_id=line.site_id, kind="production", document=("confirmation", confirmation.pk), actor=actor, at=at
    )
    if confirmation.good_qty and _wanted(confirmation):
        stock_steps.reserve_at(
            (line.part_id, output.pk, lot_id or 0, 0, 0),
            confirmation.good_qty,
            ("component", line.component_id or 0),
            site_id=line.site_id,
            at=at,
        )
    return posted.posting_id


def _wanted(confirmation: Confirmation) -> bool:
    """Tell whether a call still waits for the pieces; what was made for a cancelled one is free."""
    component = confirmation.line.component
    return component is not None and component.group.state != "cancelled"


def begun(confirmation: Confirmation) -> Decimal:
    """Return how many pieces used up components: those that came out of rework did so before."""
    figures = (confirmation.good_qty, confirmation.scrap_qty, confirmation.rework_qty, -confirmation.from_rework_qty)
    return from_micro(sum(to_micro(qty) for qty in figures))


def _lot(confirmation: Confirmation, at: datetime) -> int | None:
    """Find or begin the batch that the pieces belong to."""
    if not confirmation.lot_no:
        return None
    part = confirmation.line.part
    return stock_steps.take_up(
        part, confirmation.lot_no, stock_steps.LotFacts(made_on=confirmation.at.date()), at=at
    ).pk


def _use_up(part_id: int, qty: Decimal, source: Location, made: Location) -> list[Line]:
    """Take components of free lots, first to expire first; what no lot covers is asked of loose stock."""
    lines: list[Line] = []
    open_micro = to_micro(qty)
    if not open_micro:
        return []
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


def reverse_confirmation(confirmation: Confirmation, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a confirmation back: what was posted is posted the other way round, and nothing stays kept for the call.

    Raises:
        ShortStock: the pieces are no longer where they came to.
    """
    if confirmation.posting_id:
        posting = Posting.objects.get(pk=confirmation.posting_id)
        kept = _kept_of(confirmation)
        stock_steps.void(kept)
        stock_steps.reverse(posting, actor=actor, at=at, reason=reason)
        _keep_the_others(confirmation, kept, at)
    machine.move([confirmation], POSTING_MOVES, "reverse", noun="Confirmation")


def _kept_of(confirmation: Confirmation) -> list[Reservation]:
    """Find what is kept for the component where the pieces came to."""
    line = confirmation.line
    if not line.component_id or not confirmation.good_qty:
        return []
    output = first_place(line.site_id, "storage")
    balance = Balance.objects.filter(site_id=line.site_id, part_id=line.part_id, location=output, hu=None, owner=None)
    balance = balance.filter(lot__number=confirmation.lot_no) if confirmation.lot_no else balance.filter(lot=None)
    return list(
        Reservation.objects.filter(
            balance__in=balance, purpose_kind="component", purpose_id=line.component_id, state="open"
        )
    )


def _keep_the_others(confirmation: Confirmation, kept: list[Reservation], at: datetime) -> None:
    """Keep again what other confirmations brought for the same component."""
    rest = sum(to_micro(row.qty) for row in kept) - to_micro(confirmation.good_qty)
    if rest > 0:
        line = confirmation.line
        balance = kept[0].balance
        stock_steps.reserve_at(
            (line.part_id, balance.location_id, balance.lot_id or 0, 0, 0),
            from_micro(rest),
            ("component", line.component_id or 0),
            site_id=line.site_id,
            at=at,
        )
