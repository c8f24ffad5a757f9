"""Say how an item is kept at a site, and why."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold
from milkrun.partners.queries import sites
from milkrun.parts.models import Part
from milkrun.planning.errors import PolicyNotUnderstood
from milkrun.planning.models import METHODS, ItemPolicy
from milkrun.stock.models import LARGEST_BALANCE


@dataclass(frozen=True, slots=True)
class ItemPolicySet:
    """The policy holds from now on; `changed` names what is other than before."""

    policy_id: int
    changed: tuple[str, ...]


@command
def set_item_policy(
    *,
    site_id: int,
    part_id: int,
    method: str,
    why: str,
    actor: Actor,
    at: datetime,
    reorder_point: Decimal | None = None,
    target_qty: Decimal | None = None,
    request: Request | None = None,
) -> ItemPolicySet:
    """Set a policy; who, when, old, new and why stay in the item's history.

    Args:
        site_id: where.
        part_id: what.
        method: one of `METHODS`.
        why: the reason, for whoever comes after.
        actor: who.
        at: when.
        reorder_point: in base units; below it an alert is raised. None for none.
        target_qty: in base units; what is aimed at. None for none.
        request: the request.

    Raises:
        NotFound: no such part or site.
        PolicyNotUnderstood: every problem is named.
    """
    hold("item_policy", part_id)
    if site_id not in {site.id for site in sites()} or not Part.objects.filter(pk=part_id).exists():
        raise NotFound(_("This part or site does not exist."), part_id=part_id, site_id=site_id)
    problems = _problems(method, reorder_point, target_qty, why)
    if problems:
        raise PolicyNotUnderstood(problems)

    row = ItemPolicy.objects.filter(site_id=site_id, part_id=part_id).first()
    row = row or ItemPolicy(site_id=site_id, part_id=part_id)
    old = _told(row) if row.pk else {}
    row.method, row.reorder_point, row.target_qty, row.set_at = method, reorder_point, target_qty, at
    row.save()

    new = _told(row)
    changed = {name: f"{old.get(name, '-')} > {value}" for name, value in new.items() if old.get(name) != value}
    entry = journal.Entry("set_item_policy", "item_policy", row.pk, site_id=site_id, reason=why, facts=changed)
    journal.write([entry], actor=actor, at=at)
    return ItemPolicySet(row.pk, tuple(changed))


def _told(row: ItemPolicy) -> dict[str, str]:
    return {
        "method": row.method,
        "reorder_point": _plain(row.reorder_point),
        "target": _plain(row.target_qty),
    }


def _plain(qty: Decimal | None) -> str:
    return "-" if qty is None else f"{Decimal(qty):f}"


def _problems(method: str, reorder_point: Decimal | None, target: Decimal | None, why: str) -> list[Problem]:
    found: list[Problem] = []
    if method not in METHODS:
        found.append(
            Problem(
                "method",
                _("“{method}” is no method. Known are {methods}.").format(method=method, methods=", ".join(METHODS)),
                "method",
            )
        )
    if not why.strip():
        found.append(Problem("why", _("Say why: whoever comes after reads it on the item's page."), "reason"))
    if method == "reorder_point" and reorder_point is None:
        found.append(Problem("reorder_point", _("Give the reorder point."), "reorder_point"))
    for name, qty in (("reorder_point", reorder_point), ("target_qty", target)):
        if qty is not None and not 0 <= qty <= LARGEST_BALANCE:
            found.append(Problem(name, _("Give a quantity from 0 on."), "quantity"))
    if reorder_point is not None and target is not None and target < reorder_point:
        found.append(Problem("target_qty", _("The target is below the reorder point."), "target"))
    return found
