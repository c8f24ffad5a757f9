"""An outside warehouse system picks through the API: the program of the manual, cancelled work, units of its own."""

import os
import re
import subprocess
import sys

import pytest

from milkrun.demand.models import JitCall
from milkrun.measure.identifiers import sscc
from milkrun.shipping.commands.cancel_wave import cancel_wave
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.models import PickIssue, ShippingNotice
from tests.api.machine import Machine, machine
from tests.conftest import ROOT
from tests.shipping.picking import ready, walk, warehouse, wave_of, who
from tests.world import World, build_world

SITE = "/sites/MAIN"
THEIRS = sscc(1, "7612345", 42)
SCOPES = ("confirm_pick", "report_short_pick", "register_handling_unit", "read")


@pytest.fixture
def wms(world: World) -> Machine:
    return machine(*SCOPES, name="WMS")


def test_the_program_of_the_manual_picks_into_a_unit_of_its_own_and_its_code_is_in_the_notice(live_url: str) -> None:
    world = build_world()
    warehouse(world, mode="external", A1="3", B1="9")
    call = ready(world, "DON1", "5")
    wave_of(world, call)
    lost = wave_of(world, ready(world, "DON2", "2"))
    manual = (ROOT / "docs/how-to/connect-a-wms.md").read_text()
    program = re.search(r"```python\n(.*?)```", manual, re.S)
    assert program
    # The wave of the second call is given up between the program's reading and its picking.
    stop = "print('read', flush=True)\n__import__('sys').stdin.readline()\n"
    given = {"API": f"{live_url}/api/v1", "TOKEN": machine(*SCOPES, name="WMS").token, "PALLET": THEIRS}

    running = subprocess.Popen(
        [sys.executable, "-c", program[1].replace("PALLET = os", f"{stop}PALLET = os")], env=os.environ | given,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "read\n"
    cancel_wave(wave_id=lost.wave_id, reason="wrong truck", **who(world))
    said, problems = running.communicate("go\n", timeout=60)

    assert problems == ""
    assert said.splitlines() == [
        "unit 200 True",
        f"picked SEAT-105A 3 into {THEIRS}",
        f"picked SEAT-105A 2 into {THEIRS}",
        "bring back to B1 because Wave W000002 is given up: wrong truck",
        "again 200",
    ]
    assert JitCall.objects.get(pk=call).state == "packed"
    assert PickIssue.objects.get().source == "token WMS"
    made = world.deliver(call)
    post_goods_issue(delivery_id=made.delivery_id, **who(world))
    assert made.handling_units == (THEIRS,)
    assert [line["sscc"] for line in ShippingNotice.objects.get().snapshot["lines"]] == [THEIRS]


@pytest.mark.django_db
def test_confirming_what_was_cancelled_is_refused_with_facts_and_kept_once(world: World, wms: Machine) -> None:
    warehouse(world, mode="external", A1="5")
    wave = wave_of(world, ready(world, "DON1", "5"))
    (task,) = walk(wave.wave_id)
    cancel_wave(wave_id=wave.wave_id, reason="wrong truck", **who(world))
    path, body = f"{SITE}/picking/tasks/{task.public_id}/confirm", {"location": "A1", "item": "SEAT-105A"}

    first, again = wms.post(path, body, key="p1"), wms.post(path, body, key="p1")

    facts = first.json()["facts"]
    assert (first.status_code, again.status_code, first.json()["code"]) == (409, 409, "pick_task_ended")
    assert (facts["wave"], facts["by"], facts["location"]) == ("W000001", "Anna Test", "A1")
    (issue,) = wms.read(f"{SITE}/picking/issues")["items"]
    assert (issue["id"], issue["kind"], issue["source"]) == (facts["issue"], "late", "token WMS")
    assert "picked 5 of SEAT-105A from A1" in issue["text"]


@pytest.mark.django_db
def test_a_task_tells_an_outside_system_all_it_needs_and_who_picked_it(world: World, wms: Machine) -> None:
    warehouse(world, mode="external", A1="5")
    wave = wave_of(world, ready(world, "DON1", "5"))
    (task,) = wms.read(f"{SITE}/picking/tasks", wave=wave.number)["items"]
    assert (task["kind"], task["part"], task["qty"], task["unit"], task["from_location"], task["sscc"]) == (
        "goods", "SEAT-105A", "5", "PCE", "A1", "",
    )  # fmt: skip

    done = wms.do(f"{SITE}/picking/tasks/{task['id']}/confirm", {"location": "A1", "item": "SEAT-105A", "qty": "2"})
    short = wms.do(f"{SITE}/picking/tasks/{task['id']}/short", {"location": "A1", "found": "1"})

    assert (done["left"], done["state"], short["short"]) == ("3", "open", "2")
    whole = wms.read(f"{SITE}/picking/waves/{wave.public_id}")
    (row,) = whole["tasks"]
    assert (row["state"], row["picked_qty"], row["handled_by"], row["handled_via"]) == (
        "short", "3", "token WMS", "api"
    )  # fmt: skip
    assert row["sscc"] == done["sscc"]
    assert whole["external"]
    assert wms.post(f"{SITE}/picking/waves", {}).status_code == 403
