"""Tasks of picking as other commands touch them: settled by a pick elsewhere, dropped with what they were for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from milkrun.demand.models import ComponentGroup
from milkrun.exchange.steps import notify
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.shipping.models import PickIssue, PickTask, Wave
from milkrun.shipping.states import PICK_TASK_MOVES, WAVE_MOVES


def settle_tasks(tasks: Sequence[PickTask], *, actor: Actor, at: datetime) -> None:
    """Mark tasks that are held as picked whole, and finish waves that have nothing left."""
    if not tasks:
        return
    move(
        tasks,
        PICK_TASK_MOVES,
        "pick",
        noun="Task",
        picked_qty=F("qty"),
        handled_by=actor.name,
        handled_via=actor.via,
        handled_at=at,
    )
    finish_waves({task.wave_id for task in tasks}, actor=actor, at=at)


def drop_tasks(tasks: Sequence[PickTask], *, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel tasks that are held because what they were for is gone."""
    if not tasks:
        return
    move(
        tasks,
        PICK_TASK_MOVES,
        "cancel",
        noun="Task",
        handled_by=actor.name,
        handled_via=actor.via,
        handled_at=at,
        reason=reason[:400],
    )
    finish_waves({task.wave_id for task in tasks}, actor=actor, at=at)


def finish_waves(wave_ids: Iterable[int], *, actor: Actor, at: datetime) -> list[Wave]:
    """Finish the waves among these that are open and have no open task."""
    waves = lock(Wave.objects.filter(pk__in=list(wave_ids), state="open"))
    busy = set(PickTask.objects.filter(wave__in=waves, state="open").values_list("wave_id", flat=True))
    done = [wave for wave in waves if wave.pk not in busy]
    if done:
        move(done, WAVE_MOVES, "finish", noun="Wave")
        journal.write(
            [
                journal.Entry("finish_wave", "wave", wave.pk, site_id=wave.site_id, before="open", after="done")
                for wave in done
            ],
            actor=actor,
            at=at,
        )
    return done


def note_short(
    task: PickTask, qty: Decimal, text: str, *, groups: Sequence[ComponentGroup], actor: Actor, at: datetime
) -> None:
    """Keep what is missing where people see it; where it makes groups short, tell those who promised the goods."""
    PickIssue.objects.create(
        site_id=task.site_id, kind="short", task=task, qty=qty, source=actor.name, text=text[:400], created_at=at
    )
    ComponentGroup.objects.filter(pk__in=[group.pk for group in groups]).update(picking="short")
    journal.write(
        [
            journal.Entry(
                "report_short_pick", "group", group.pk, site_id=task.site_id, reason=text, facts={"missing": str(qty)}
            )
            for group in groups
        ],
        actor=actor,
        at=at,
    )
    for call in {group.call_id: group.call for group in groups}.values():
        for reader in ({"role": "shipping"}, {"role": "material_planner"}, {"partner_id": call.partner_id}):
            notify(
                kind="short_pick",
                subject=_("Call {call} is short").format(call=call.external_no),
                body=text
                + "\n"
                + _("Call {call}, required {required_at} UTC.").format(
                    call=call.external_no, required_at=f"{call.required_at:%Y-%m-%d %H:%M}"
                ),
                at=at,
                actor=actor,
                site_id=task.site_id,
                document_kind="call",
                document_id=call.pk,
                **reader,
            )


def missing_balances(site_id: int, part_ids: Iterable[int]) -> set[int]:
    """List the balances where goods were not found and nobody has settled it yet: they are no offer."""
    issues = PickIssue.objects.filter(
        site_id=site_id, kind="short", state="open", task__balance__part_id__in=list(part_ids)
    )
    return {key for key in issues.values_list("task__balance_id", flat=True) if key is not None}
