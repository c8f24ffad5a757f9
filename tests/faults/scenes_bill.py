"""Scenes of notifications, deliveries and bills."""

from typing import Any

from milkrun.exchange.models import Mail
from milkrun.exchange.steps import notify
from milkrun.shipping.models import DeliveryLine
from tests.faults.scenes import numbers, quantity, scene, who
from tests.world import World


@scene
def add_contact(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "email": f"desk{next(numbers)}@oem.example"}


@scene
def remove_contact(world: World) -> dict[str, Any]:
    return {"contact_id": _contact(world)}


def _contact(world: World) -> int:
    from milkrun.exchange.commands.add_contact import add_contact

    return add_contact(partner_id=world.partner_id, email=f"d{next(numbers)}@oem.example", **who(world)).contact_id


def _told(world: World, **reader: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        notify(kind="call_short", subject="Short", body="One seat is short.", **reader, **who(world))


@scene
def read_mail(world: World) -> dict[str, Any]:
    _contact(world)
    _told(world, partner_id=world.partner_id)
    return {"token": Mail.objects.latest("pk").token}


@scene
def read_notifications(world: World) -> dict[str, Any]:
    from milkrun.partners.commands.create_user import create_user

    number = next(numbers)
    user = create_user(
        email=f"r{number}@x.example", name="R", password="correct horse battery", roles=("shipping",), **who(world)
    ).user_id
    _told(world, role="shipping")
    return {"user_id": user, "site_id": world.site_id, "roles": ("shipping",)}


def _two_units(world: World) -> dict[str, Any]:
    delivery = world.deliver(*world.packed(quantity(world), quantity(world))).delivery_id
    return {
        "delivery_id": delivery,
        "handling_units": (DeliveryLine.objects.filter(delivery_id=delivery).latest("pk").hu.sscc,),
    }


@scene
def split_delivery(world: World) -> dict[str, Any]:
    return _two_units(world)


@scene
def remove_from_delivery(world: World) -> dict[str, Any]:
    return {**_two_units(world), "reason": "no room"}


@scene
def add_to_delivery(world: World) -> dict[str, Any]:
    delivery = world.picked(*world.packed(quantity(world)))
    return {"delivery_id": delivery, "call_ids": tuple(world.packed(quantity(world)))}


@scene
def set_shipping_rule(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "asn_by_hand": bool(next(numbers) % 2), "transit_minutes": next(numbers)}


def _billed(world: World) -> int:
    from milkrun.billing.commands.issue_invoice import issue_invoice
    from tests.faults.scenes import issued

    return issue_invoice(delivery_id=issued(world), **who(world)).invoice_id


@scene
def issue_invoices(world: World) -> dict[str, Any]:
    from tests.faults.scenes import issued

    issued(world)
    return {"site_id": world.site_id}


@scene
def issue_credit_note(world: World) -> dict[str, Any]:
    return {"invoice_id": _billed(world), "lines": (1,), "reason": "wrong price"}


@scene
def cancel_invoice(world: World) -> dict[str, Any]:
    return {"invoice_id": _billed(world), "reason": "wrong customer"}


@scene
def set_billing_rule(world: World) -> dict[str, Any]:
    number = next(numbers)
    return {"partner_id": world.partner_id, "grouping": "delivery", "channel": "edi", "terms_days": number % 300}


@scene
def mail_invoice(world: World) -> dict[str, Any]:
    from milkrun.billing.commands.set_billing_rule import set_billing_rule

    set_billing_rule(partner_id=world.partner_id, grouping="delivery", channel="email", **who(world))
    invoice = _billed(world)
    set_billing_rule(partner_id=world.partner_id, grouping="delivery", channel="edi", **who(world))
    return {"invoice_id": invoice, "attachments": (("R.pdf", "application/pdf", b"%PDF-"),)}


@scene
def release_held(world: World) -> dict[str, Any]:
    from milkrun.exchange.commands.claim_outbox import claim_outbox
    from milkrun.exchange.commands.record_failure import record_failure

    _contact(world)
    _told(world, partner_id=world.partner_id)
    parcel = claim_outbox(partner_id=world.partner_id, at=world.later(), channel="email", limit=1).parcels[0]
    record_failure(
        outbox_id=parcel.outbox_id, lease=parcel.lease, error="no server", permanent=True, actor=world.actor,
        at=world.later(),
    )  # fmt: skip
    return {}
