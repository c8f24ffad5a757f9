"""What the demo data promise: every stage of the work, nothing broken, room for the tour."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from milkrun import edi
from milkrun.demand.models import Component, ComponentGroup, JitCall
from milkrun.demand.states import GROUP_ORDER
from milkrun.demo.build import DatabaseInUse, build
from milkrun.demo.company import EDI_CUSTOMER
from milkrun.demo.samples import NEW_PART
from milkrun.exchange.models import Interchange, Mail, OutboxMessage
from milkrun.gateway.receive import take_in
from milkrun.insight.queries import verify
from milkrun.kernel.identity import Actor
from milkrun.kernel.models import JournalEntry
from milkrun.partners.models import ApiToken, Dock, Role, Site, User
from milkrun.partners.queries.rights import ROLES
from milkrun.parts.models import BomLine, CustomerPart, Part, PartUnit
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.models import Confirmation
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.models import Balance, Location
from tests.demo.day import PASSWORD, TODAY

pytestmark = pytest.mark.usefixtures("demo")
ANNA = Actor("Anna Test", "cli")


def test_the_demo_keeps_every_invariant() -> None:
    report = verify()

    assert report.ok, [found for found in report.invariants if found.violations]


def test_there_are_calls_of_both_kinds_at_every_stage() -> None:
    groups = ComponentGroup.objects.values_list("state", "call__kind")
    ended = {"billed"}  # a billed call is completed in the same step

    for kind in ("sequenced", "summarized"):
        assert {state for state, of in groups if of == kind} >= set(GROUP_ORDER) - ended | {"cancelled"}


def test_calls_that_cannot_be_matched_say_why() -> None:
    reasons = set(Component.objects.exclude(matching_reason="").values_list("matching_reason", flat=True))

    assert reasons == {
        "Part 5N0 881 777 X is not known for this customer.",
        "Order 5500099999 is not agreed for part 5N0 881 140 B.",
    }


def test_the_site_the_parts_and_the_stock_are_there() -> None:
    site = Site.objects.get()

    assert (site.code, site.zone) == ("MAIN", "Europe/Berlin")
    assert set(Dock.objects.values_list("code", flat=True)) == {"D1", "D2"}
    assert Part.objects.count() == 60
    assert BomLine.objects.exists()
    assert PartUnit.objects.exists()
    assert {"FG", "LINE1", "LINE2", "PACK", "DOCK1", "DOCK2"} <= set(Location.objects.values_list("code", flat=True))
    assert Balance.objects.filter(lot__isnull=False).exists()


def test_the_customer_s_parts_are_known_but_for_the_one_of_the_story() -> None:
    numbers = set(CustomerPart.objects.values_list("number", flat=True))

    assert {"5N0 881 105 A", "5N0 881 106 B"} <= numbers
    assert NEW_PART not in numbers


def test_numbers_of_sample_files_are_free() -> None:
    calls = JitCall.objects.filter(partner__code=EDI_CUSTOMER)

    assert not calls.filter(external_no__startswith="CALL000").exists()
    assert not calls.filter(external_no__in=["DON4711", "DON4712", "DON4713"]).exists()
    assert not calls.filter(sequence_text__in=["0471", "0472"]).exists()
    assert set(calls.filter(kind="sequenced").values_list("stream__code", flat=True)) == {"01"}
    assert not Interchange.objects.filter(control__in=[f"{n:014d}" for n in (123, 124, 125, 201, 202, 203)]).exists()


def test_the_failed_posting_goes_through_once_the_stock_was_moved() -> None:
    failed = Confirmation.objects.get(state="failed")
    caps = Part.objects.get(number="CHROME-CAP")
    places = dict(Location.objects.values_list("code", "pk"))
    at = TODAY + timedelta(minutes=1)
    move_stock(
        site_id=failed.site_id, part_id=caps.pk, from_location_id=places["RAW"], to_location_id=places["LINE1"],
        qty=Decimal(100), actor=ANNA, at=at,
    )  # fmt: skip

    (done,) = reprocess_postings(confirmation_ids=(failed.pk,), actor=ANNA, at=at).answers

    assert "CHROME-CAP at LINE1" in failed.failure
    assert done.outcome == "posted"
    assert verify().ok, [found for found in verify().invariants if found.violations]


def test_files_came_and_went_and_some_were_wrong(demo_home: Path) -> None:
    states = Counter(Interchange.objects.values_list("state", flat=True))
    sent = OutboxMessage.objects.filter(channel="folder").exclude(state="queued")

    assert states["rejected"] >= 1
    assert states["quarantined"] >= 1
    assert states["processed"] >= 10
    assert OutboxMessage.objects.filter(state="acknowledged").exists()
    for message in sent:
        assert (demo_home / "outbox" / EDI_CUSTOMER / message.file_name).read_bytes() == bytes(message.payload)


def test_there_is_a_person_for_each_role_and_a_machine() -> None:
    roles = dict(Role.objects.values_list("role", "user__email"))

    assert roles == {role: f"{role}@demo.milkrun.example" for role in ROLES}
    assert list(User.objects.exclude(realm="staff").values_list("email", "partner__code")) == [
        ("buyer@demo.milkrun.example", "NORTH01")
    ]
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert len(PASSWORD) >= 12
    assert ApiToken.objects.filter(revoked_at=None, expires_at__gt=TODAY).exists()


def test_customers_were_told_by_e_mail_and_nobody_outside_heard_of_it(demo_home: Path) -> None:
    mails = Mail.objects.select_related("outbox")

    assert {mail.address.rpartition(".")[2] for mail in mails} == {"example"}
    assert set(OutboxMessage.objects.filter(channel="email").values_list("state", flat=True)) == {"sent"}
    assert len(list((demo_home / "mail" / "sent").glob("*.eml"))) == mails.count() > 20


def test_a_second_build_changes_nothing(tmp_path: Path) -> None:
    before = JournalEntry.objects.count(), JitCall.objects.count(), Balance.objects.count()

    again = build(at=TODAY + timedelta(days=1), seed=2, home=tmp_path, password=PASSWORD)

    assert not again.made
    assert (JournalEntry.objects.count(), JitCall.objects.count(), Balance.objects.count()) == before
    assert len(again.users) == len(ROLES) + 1


def test_a_database_with_other_data_is_refused(tmp_path: Path) -> None:
    User.objects.filter(email__startswith="auditor").update(email="somebody@plant.example")

    with pytest.raises(DatabaseInUse):
        build(at=TODAY, seed=1, home=tmp_path, password=PASSWORD)


def test_the_samples_are_new_to_the_demo_and_can_be_brought_to_the_customer(demo_home: Path) -> None:
    at = TODAY + timedelta(minutes=5)

    reports = [
        take_in(path.read_bytes(), partner_code=EDI_CUSTOMER, file_name=path.name, source="inbox", actor=ANNA, at=at)[0]
        for path in sorted((demo_home / "samples").iterdir())
    ]

    outcomes = [made["outcome"] for report in reports for message in report.messages for made in message.created]
    assert outcomes == ["created"] * 4
    assert all(not report.duplicate for report in reports)
    assert Component.objects.filter(customer_part_no=NEW_PART).exclude(matching_reason="").count() == 1
    seats = Component.objects.get(group__call__external_no="DON4712", customer_part_no="5N0 881 105 A")
    frames = Balance.objects.get(part__number="FRAME-S", location__code="LINE1")
    assert frames.on_hand - frames.reserved >= seats.qty + 2


def test_the_samples_are_dated_for_the_next_day(demo_home: Path) -> None:
    read = edi.read((demo_home / "samples" / "two_vehicles.edi").read_bytes())

    assert read.verdict == "accepted"
    call = read.interchanges[0].messages[0].body
    assert isinstance(call, edi.DelJit)
    assert [sequence.required.text for sequence in call.sequences if sequence.required] == [
        "202611221015",
        "202611221016",
    ]
