"""Say which steps are done by themselves for a customer's calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.configuration.errors import UnknownStep
from milkrun.configuration.models import AUTOMATIC_STEPS, AutomaticStep
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request


@dataclass(frozen=True, slots=True)
class AutomaticStepsSet:
    """The steps that are done by themselves now."""

    partner_code: str
    steps: tuple[str, ...]


@command
def set_automatic_steps(
    *, partner_code: str, steps: Sequence[str], actor: Actor, at: datetime, request: Request | None = None
) -> AutomaticStepsSet:
    """Keep the automatic steps of a customer; the worker does them as soon as they can be done.

    Args:
        partner_code: the customer; the caller has looked it up.
        steps: release_call, release_for_packing.

    Raises:
        UnknownStep: a step cannot be automatic.
    """
    unknown = sorted(set(steps) - set(AUTOMATIC_STEPS))
    if unknown:
        sentence = _("{unknown} cannot be automatic. Choose among {automatic_steps}.").format(
            unknown=", ".join(unknown), automatic_steps=", ".join(AUTOMATIC_STEPS)
        )
        raise UnknownStep([Problem("steps", sentence, "unknown_step")])
    wanted = tuple(step for step in AUTOMATIC_STEPS if step in steps)
    rows = AutomaticStep.objects.filter(partner_code=partner_code)
    old = sorted(rows.values_list("step", flat=True))

    rows.exclude(step__in=wanted).delete()
    AutomaticStep.objects.bulk_create(
        [AutomaticStep(partner_code=partner_code, step=step) for step in wanted if step not in old]
    )

    facts = {"partner": partner_code, "before": old, "after": list(wanted)}
    journal.write([journal.Entry("set_automatic_steps", "configuration", 0, facts=facts)], actor=actor, at=at)
    return AutomaticStepsSet(partner_code, wanted)
