"""What an administrator changes without code, and what a plug-in adds, door to door."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from milkrun.demand.models import JitCall
from milkrun.jobs.stepping import Stepping
from milkrun.kernel.plugins import filled
from milkrun.printing.models import LabelTemplate
from tests.kernel.test_plugins import sample
from tests.web.door import Door, public_id_of_call, text_of
from tests.web.test_labels import sent
from tests.world import World


@pytest.fixture(autouse=True)
def _words_of_this_test_only() -> Iterator[None]:
    from milkrun.web import words

    words.forget()
    yield
    words.forget()


@pytest.mark.requirement("SAP-36")
def test_states_steps_fields_numbers_and_labels_are_changed_on_pages_and_code_comes_by_plug_ins(
    world: World, door: Callable[[str], Door], tmp_path: Path
) -> None:
    admin, planner, billing = door("admin"), door("material_planner"), door("billing")
    key = world.call(world.sequenced(471))
    call = public_id_of_call(key)

    admin.send("/setup/words/save", noun="call", language="en", word_released="With the line")
    admin.send("/setup/steps/save", customer="OEM01", steps=["release_call"])
    admin.send("/setup/fields/save", noun="call", field="gate", label="Gate code", kind="text")
    admin.send("/setup/numbers/save", kind="delivery", prefix="LS-", digits="6")
    Stepping()(world.later())
    planner.send("/setup/fields/fill", noun="call", row=call, extra_gate="N 12")

    # The step was taken without a hand, its state has the plant's own word, and the field stands beside it.
    page = text_of(planner.get(f"/calls/{call}"))
    assert JitCall.objects.get(pk=key).state == "released"
    assert "With the line" in page
    assert "Gate code" in page
    assert "With the line" in text_of(planner.get("/calls"))

    (packed,) = world.packed(world.summarized("DON1", qty="4"))
    world.picked(packed)
    assert "LS-000001" in text_of(door("shipping").get("/deliveries"))
    assert billing.get("/setup").status_code == 403

    editor = admin.get("/labels/templates/tag")
    assert editor.status_code == 200
    fields = sent([{"kind": "text", "source": "part.number", "x": "1,5", "y": 1, "w": 50, "h": 6}])
    admin.send(
        "/labels/templates/tag/save", base="tag", based_on="0", title="Our tag", width="60", height="40",
        reason="a smaller label", **fields,
    )  # fmt: skip
    assert LabelTemplate.objects.get().layout["title"] == "Our tag"

    added = filled([str(sample(tmp_path))])
    assert added.metrics
    assert added.placeholders
    assert added.call_mappers
    assert added.exports
