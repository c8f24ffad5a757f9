"""One answer for each call of a selection: what was done, or why not. A refused call does not stop the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.demand.steps.advance import lock_groups


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What became of one call; where it was refused, `code` and `message` say why.

    Where it was done, `message` may warn.
    """

    call_id: int
    number: str
    outcome: str
    code: str = ""
    message: str = ""

    @property
    def done(self) -> bool:
        """Tell whether it was not refused."""
        return self.outcome != "refused"


class Selection:
    """The chosen calls, held, with their groups; collects an answer for each, in the order they were chosen."""

    def __init__(self, call_ids: Sequence[int]) -> None:
        self._order = list(dict.fromkeys(call_ids))
        self._answers: dict[int, CallAnswer] = {}
        self.groups: dict[int, list[ComponentGroup]] = {}
        self.calls: dict[int, JitCall] = {}
        for group in lock_groups(ComponentGroup.objects.filter(call_id__in=self._order)):
            self.groups.setdefault(group.call_id, []).append(group)
            self.calls[group.call_id] = group.call
        for key in self._order:
            if key not in self.calls:
                self._answers[key] = CallAnswer(
                    key, "", "refused", "not_found", _("This call does not exist any more.")
                )

    def open(self) -> list[JitCall]:
        """List the calls that have no answer yet."""
        return [self.calls[key] for key in self._order if key not in self._answers]

    def waits(self, call: JitCall) -> bool:
        """Tell whether a call has no answer yet."""
        return call.pk not in self._answers

    def groups_of(self, calls: Iterable[JitCall]) -> list[ComponentGroup]:
        """List the live groups of calls."""
        return [group for call in calls for group in self.groups[call.pk] if group.state != "cancelled"]

    def done(self, calls: Iterable[JitCall], outcome: str, warnings: Mapping[int, str] | None = None) -> None:
        """Answer that something was done; `warnings` by the call's key."""
        for call in calls:
            warning = (warnings or {}).get(call.pk, "")
            self._answers[call.pk] = CallAnswer(call.pk, call.external_no, outcome, message=warning)

    def refuse(self, call: JitCall, code: str, message: str) -> None:
        """Answer why nothing was done."""
        self._answers[call.pk] = CallAnswer(call.pk, call.external_no, "refused", code, message)

    def answers(self) -> tuple[CallAnswer, ...]:
        """Give the answers in the order the calls were chosen."""
        return tuple(self._answers[key] for key in self._order)
