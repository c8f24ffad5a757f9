"""How far a call is, step by step, with the time each step was taken and who took it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from milkrun.demand.queries import CallView
from milkrun.kernel import journal
from milkrun.measure.wording import moment

# step: its word, the actions that take it, the state of the path that has it behind it
STEPS = (
    ("received", _("Received"), ("receive_jit_call", "reorder_component"), 0),
    ("released", _("Released"), ("release_call",), 1),
    ("produced", _("Produced"), ("confirm_job", "reserve_stock", "reprocess_posting", "report_production"), 2),
    ("packed", _("Packed"), ("confirm_packing", "confirm_pick"), 4),
    ("delivered", _("On delivery"), ("create_delivery", "add_to_delivery"), 5),
    ("picked", _("Picked"), ("pick_delivery", "confirm_pick"), 5),
    ("issued", _("Issued"), ("post_goods_issue",), 6),
    ("asn", _("ASN"), ("post_goods_issue",), 6),
    ("billed", _("Billed"), ("issue_invoice",), 7),
)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: taken when and by whom, not needed, or still to come."""

    name: str
    word: str
    done: bool
    needed: bool
    at: str
    by: str


def progress(call: CallView, zone: str) -> list[StepView]:
    """Read the steps of a call from its state and its history."""
    subjects = [("call", call.id), *(("group", group.id) for group in call.groups)]
    lines = journal.history(subjects)
    return [_step(call, name, str(word), actions, step, lines, zone) for name, word, actions, step in STEPS]


def _step(
    call: CallView, name: str, word: str, actions: tuple[str, ...], step: int, lines: Iterable[journal.Line], zone: str
) -> StepView:
    said = {dict(group.indicators).get("picking" if name == "picked" else name, "") for group in call.groups
            if group.state != "cancelled"}  # fmt: skip
    done, needed = call.step >= step, True
    if name == "picked":
        needed = said != {"not_needed"}
        done = done and bool(said) and said <= {"picked", "not_needed"}
    if name == "asn":
        done = "announced" in said
        needed = call.step < 6 or done
    line = next((one for one in lines if one.action in actions), None) if done and needed else None
    return StepView(name, word, done, needed, moment(line.at, zone) if line else "", line.actor if line else "")
