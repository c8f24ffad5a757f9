"""What a customer may write in a DELJIT, and what becomes of it."""

import pytest

from milkrun.demand.models import JitCall
from milkrun.exchange.models import Interchange, Message
from milkrun.gateway.receive import IngestReport, take_in
from milkrun.kernel.journal import history
from milkrun.partners.commands.create_site import create_site
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.world import SEAT, World, build_world

pytestmark = pytest.mark.django_db

UNB = "UNB+UNOC:3+OEM01:ZZ+SUPP01:ZZ+261121:1948+{control}++DELJIT'"
HEAD = "NAD+BY+OEM01::92'NAD+SE+000012345::92'NAD+ST+21::92'"


@pytest.fixture
def world() -> World:
    return build_world()


def summarised(reference: str, call_no: str, function: str = "9", lines: str = "") -> str:
    body = lines or f"LIN+1++{SEAT}:IN'RFF+ON:5500012345'QTY+131:48:PCE'DTM+2:202611221000:203'"
    return message(reference, f"BGM+242+{call_no}+{function}'DTM+137:20261121194800:204'{HEAD}SEQ+1'{body}")


def vehicle(sequence: str, number: str = "", action: str = "1") -> str:
    return (
        f"SEQ+{action}+{sequence}'DTM+2:202611221015:203'GIR+4+{number or '26112' + sequence}:AN+SV:XA+03:XN'"
        f"LIN+1++{SEAT}:IN'QTY+131:1:PCE'"
    )


def sequenced(reference: str, *vehicles: str, head: str = "LOC+11+TOR 7'") -> str:
    start = f"BGM+242:::JIS+CALL1+9'DTM+137:20261121194800:204'RFF+ON:5500012345'{HEAD}{head}"
    return message(reference, start + "".join(vehicles), "DELJIT:D:04A:UN:GAJS12")


def message(reference: str, body: str, kind: str = "DELJIT:D:04A:UN") -> str:
    return f"UNH+{reference}+{kind}'{body}UNT+{body.count(chr(39)) + 2}+{reference}'"


def send(world: World, *messages: str, control: str = "1") -> IngestReport:
    text = f"UNA:+.? '{UNB.format(control=control)}{''.join(messages)}UNZ+{len(messages)}+{control}'"
    (report,) = take_in(
        text.encode("latin-1"),
        partner_code="OEM01",
        file_name="file.edi",
        source="cli",
        actor=world.actor,
        at=world.later(),
    )
    return report


def states() -> dict[str, str]:
    return dict(JitCall.objects.values_list("external_no", "state"))


def codes(report: IngestReport) -> list[str]:
    return [finding["code"] for message in report.messages for finding in message.findings]


def test_a_cancellation_behind_its_call_in_the_same_file_cancels_it(world: World) -> None:
    report = send(world, summarised("1", "DON1"), summarised("2", "DON1", function="1"))

    assert states() == {"DON1": "cancelled"}
    assert [message.verdict for message in report.messages] == ["accepted", "accepted"]
    assert set(Message.objects.values_list("state", flat=True)) == {"taken"}


def test_a_vehicle_marked_as_deleted_is_cancelled(world: World) -> None:
    send(world, sequenced("1", vehicle("0471"), vehicle("0472")))

    send(world, sequenced("1", vehicle("0471", action="2")), control="2")

    assert states() == {"CALL1/261120471": "cancelled", "CALL1/261120472": "created"}


def test_the_same_cancellation_again_changes_nothing_and_is_no_error(world: World) -> None:
    send(world, summarised("1", "DON1"))
    send(world, summarised("1", "DON1", function="1"), control="2")

    report = send(world, summarised("1", "DON1", function="1"), control="3")

    assert codes(report) == []


def test_a_cancellation_of_a_call_under_way_waits_for_the_word_of_a_planner(world: World) -> None:
    send(world, summarised("1", "DON1"))
    world.release(JitCall.objects.get().pk)

    report = send(world, summarised("1", "DON1", function="1"), control="2")

    assert codes(report) == ["cancel_requested"]
    assert states() == {"DON1": "cancel_requested"}


def test_a_cancellation_that_comes_too_late_stands_in_the_history_of_the_call(world: World) -> None:
    send(world, summarised("1", "DON1"))
    call = JitCall.objects.get()
    world.finish([call.pk])
    world.pack(call.pk)
    post_goods_issue(delivery_id=world.picked(call.pk), actor=world.actor, at=world.later())

    report = send(world, summarised("1", "DON1", function="1"), control="2")

    assert codes(report) == ["too_late_to_cancel"]
    assert states() == {"DON1": "issued"}
    assert history([("call", call.pk)])[0].action == "refuse_cancel"


def test_a_cancellation_reaches_the_site_the_file_is_for(world: World) -> None:
    other = create_site(code="TWO", name="Plant Two", zone="UTC", actor=world.actor, at=world.now)
    first = world.site_id
    world.site_id = other.site_id
    world.call(world.summarized("DON1"))
    world.site_id = first
    send(world, summarised("1", "DON1"))

    send(world, summarised("1", "DON1", function="1"), control="2")

    assert dict(JitCall.objects.values_list("site__code", "state")) == {"TWO": "created", "MAIN": "cancelled"}


def test_a_vehicle_numbered_only_in_its_references_keeps_its_own_call_and_place(world: World) -> None:
    vehicles = [
        f"SEQ+1'DTM+2:202611221015:203'GIR+4+SV:XA+03:XN+{number}:XO'LIN+1++{SEAT}:IN'QTY+131:1:PCE'"
        for number in ("000471", "000472")
    ]

    send(world, sequenced("1", *vehicles))

    assert dict(JitCall.objects.values_list("external_no", "position")) == {"CALL1/000471": 471, "CALL1/000472": 472}


def test_a_dock_named_at_the_line_is_the_calls_dock(world: World) -> None:
    lines = f"LIN+1++{SEAT}:IN'RFF+ON:5500012345'LOC+11+TOR 7'QTY+131:48:PCE'DTM+2:202611221000:203'"

    report = send(world, summarised("1", "DON1", lines=lines))

    assert codes(report) == []

    assert JitCall.objects.get().unloading_point == "TOR 7"


def test_one_odd_call_does_not_stop_the_good_ones(world: World) -> None:
    odd = "\N{SUPERSCRIPT TWO}"

    report = send(world, sequenced("1", vehicle("0471"), vehicle(odd)), summarised("2", "DON1"))

    assert {"CALL1/261120471", "DON1"} <= set(states())
    assert report.messages[1].verdict == "accepted"


def test_a_file_that_is_partly_refused_is_shown_as_accepted_with_errors(world: World) -> None:
    send(world, summarised("1", "DON9", function="1"), summarised("2", "DON1"))

    assert Interchange.objects.get().verdict == "accepted_with_errors"
