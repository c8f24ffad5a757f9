"""Calls into the database, in bulk: a call, its group, five components and its journal entry.

All contenders write the same rows into the same tables, indexes and checks included. Milkrun also checks each call,
looks for it among the known ones and matches every component; the others are given the result of that.
"""

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.plant import NOW, Plant

COMPONENTS = 5
ROWS_A_CALL = 1 + COMPONENTS
CALLS = (
    "site_id, partner_id, ship_to_id, public_id, kind, external_no, transmission_no, ship_to_code, unloading_point, "
    "line_feed, vin, production_no, stream_code, sequence_text, required_at, required_text, zone, state, "
    "content_hash, source, "
    "received_at"
)
GROUPS = (
    "site_id, call_id, code, state, matching, production, stock_posting, packing, picking, delivery, issue, asn, "
    "billing"
)
PARTS = (
    "site_id, group_id, line_no, customer_part_no, order_no, entered_qty, entered_unit, part_id, agreement_id, qty, "
    "matching_reason, matching_code, packed_qty, issued_qty, billed_qty"
)
ENTRIES = "at, actor, via, request_id, action, subject_kind, subject_id, site_id, before, after, reason, facts"


def rows(plant: Plant, quick: bool) -> Iterator[Row]:
    """Prepare the row."""
    count = 300 if quick else 2_000
    known = _Known(plant)
    given: list[Any] = []

    def describe(number: int) -> Any:
        def before() -> None:
            given[:] = [plant.call(COMPONENTS) for _ in range(number)]

        return before

    def milkrun() -> int:
        from milkrun.demand.commands.receive_jit_calls import receive_jit_calls

        # As the EDI door does: 5,000 lines a transaction.
        for start in range(0, len(given), 1_000):
            done = receive_jit_calls(
                calls=tuple(given[start : start + 1_000]),
                site_id=plant.site_id,
                partner_id=plant.partner_id,
                source="edi",
                actor=plant.actor,
                at=NOW,
            )
            assert all(outcome.outcome == "created" and not outcome.unmatched for outcome in done.outcomes)
        return len(given) * ROWS_A_CALL

    def copy() -> int:
        for start in range(0, len(given), 1_000):
            _copy(plant, known, given[start : start + 1_000])
        return len(given) * ROWS_A_CALL

    def bulk() -> int:
        for start in range(0, len(given), 1_000):
            _bulk_create(plant, known, given[start : start + 1_000])
        return len(given) * ROWS_A_CALL

    def save() -> int:
        _save(plant, known, given)
        return len(given) * ROWS_A_CALL

    yield Row(
        "calls",
        f"calls into the database, {count} a run",
        "row",
        [
            Contender("Milkrun", "milkrun", milkrun, describe(count)),
            Contender("COPY", "limit", copy, describe(count)),
            Contender("bulk_create", "peer", bulk, describe(count)),
            Contender("save()", "peer", save, describe(60 if quick else 150), note="fewer calls"),
        ],
        [Goal("COPY", 0.5, 0.8), Goal("bulk_create", 2), Goal("save()", 25)],
        ["a unit is a call or a component; group and journal entry are written by every contender."],
    )


class _Known:
    """What matching would find: part and agreement by the customer's number."""

    def __init__(self, plant: Plant) -> None:
        from milkrun.demand.models import SupplyAgreement
        from milkrun.partners.models import ShipTo

        self.ship_to = ShipTo.objects.get(partner_id=plant.partner_id).pk
        found = SupplyAgreement.objects.filter(partner_id=plant.partner_id).select_related("customer_part")
        self.match = {row.customer_part.number: (row.customer_part.part_id, row.pk) for row in found}


def _copy(plant: Plant, known: _Known, calls: Sequence[Any]) -> None:
    from django.db import connection, transaction

    from milkrun.kernel.identity import new_public_id

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('demand_jitcall_id_seq') FROM generate_series(1, %s)", [len(calls)])
        call_ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT nextval('demand_componentgroup_id_seq') FROM generate_series(1, %s)", [len(calls)])
        group_ids = [row[0] for row in cursor.fetchall()]
        now = NOW.isoformat()
        heads, groups, parts, entries = io.StringIO(), io.StringIO(), io.StringIO(), io.StringIO()
        for call, call_id, group_id in zip(calls, call_ids, group_ids, strict=True):
            heads.write(
                f"{call_id}\t{plant.site_id}\t{plant.partner_id}\t{known.ship_to}\t{new_public_id()}\tsummarized\t"
                f"{call.external_no}\t\t21\tTOR 7\t\t\t\t\t\t{call.required_at.isoformat()}\t\tEurope/Berlin\tcreated\t"
                f"{call.external_no:0>64}\tedi\t{now}\n"
            )
            groups.write(
                f"{group_id}\t{plant.site_id}\t{call_id}\t\tcreated\tmatched\t" + "\t".join(["none"] * 8) + "\n"
            )
            for one in call.groups[0].components:
                part, agreement = known.match[one.customer_part_no]
                micro = int(one.qty) * 1_000_000
                parts.write(
                    f"{plant.site_id}\t{group_id}\t{one.line_no}\t{one.customer_part_no}\t{one.order_no}\t{micro}\tPCE\t"
                    f"{part}\t{agreement}\t{micro}\t\t\t0\t0\t0\n"
                )
            entries.write(
                f"{now}\tBenchmark\tcli\t\treceive_jit_call\tcall\t{call_id}\t{plant.site_id}\t\tcreated\t\t"
                f"{json.dumps({'interchange': None, 'unmatched': []})}\n"
            )
        for table, columns, buffer in (
            ("demand_jitcall", f"id, {CALLS}", heads),
            ("demand_componentgroup", f"id, {GROUPS}", groups),
            ("demand_component", PARTS, parts),
            ("kernel_journalentry", ENTRIES, entries),
        ):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                stream.write(buffer.getvalue())


def _models(plant: Plant, known: _Known, call: Any) -> tuple[Any, Any, list[Any], Any]:
    from milkrun.demand.models import Component, ComponentGroup, JitCall
    from milkrun.kernel.models import JournalEntry

    head = JitCall(
        site_id=plant.site_id,
        partner_id=plant.partner_id,
        ship_to_id=known.ship_to,
        kind="summarized",
        external_no=call.external_no,
        ship_to_code="21",
        unloading_point="TOR 7",
        required_at=call.required_at,
        zone="Europe/Berlin",
        content_hash=f"{call.external_no:0>64}",
        source="edi",
        received_at=NOW,
    )
    group = ComponentGroup(site_id=plant.site_id, call=head)
    components = [
        Component(
            site_id=plant.site_id,
            group=group,
            line_no=one.line_no,
            customer_part_no=one.customer_part_no,
            order_no=one.order_no,
            entered_qty=one.qty,
            entered_unit=one.unit,
            part_id=known.match[one.customer_part_no][0],
            agreement_id=known.match[one.customer_part_no][1],
            qty=one.qty,
        )
        for one in call.groups[0].components
    ]
    entry = JournalEntry(
        at=NOW,
        actor="Benchmark",
        via="cli",
        action="receive_jit_call",
        subject_kind="call",
        site_id=plant.site_id,
        after="created",
        facts={"interchange": None, "unmatched": []},
    )
    return head, group, components, entry


def _bulk_create(plant: Plant, known: _Known, calls: Sequence[Any]) -> None:
    from django.db import transaction

    from milkrun.demand.models import Component, ComponentGroup, JitCall
    from milkrun.kernel.models import JournalEntry

    made = [_models(plant, known, call) for call in calls]
    with transaction.atomic():
        JitCall.objects.bulk_create([head for head, _, _, _ in made])
        ComponentGroup.objects.bulk_create([group for _, group, _, _ in made])
        Component.objects.bulk_create([one for _, _, components, _ in made for one in components])
        for head, _, _, entry in made:
            entry.subject_id = head.pk
        JournalEntry.objects.bulk_create([entry for _, _, _, entry in made])


def _save(plant: Plant, known: _Known, calls: Sequence[Any]) -> None:
    from django.db import transaction

    for call in calls:
        head, group, components, entry = _models(plant, known, call)
        with transaction.atomic():
            head.save()
            group.call = head
            group.save()
            for one in components:
                one.group = group
                one.save()
            entry.subject_id = head.pk
            entry.save()
