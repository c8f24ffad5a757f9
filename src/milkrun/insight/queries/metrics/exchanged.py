"""What can go wrong with files: not understood, not sent, not acknowledged in time."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from milkrun.exchange.models import Agreement, Interchange, Message, OutboxMessage
from milkrun.insight.queries.metrics.calls import minutes
from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.partners.models import Site

# A customer who never acknowledges would otherwise be told of for ever.
FORGOTTEN = timedelta(days=3)


def _sites() -> dict[int, int]:
    """Return the site that a partner's files are for, by partner; files of nobody we know go to the first site."""
    return dict(Agreement.objects.values_list("partner_id", "site_id"))


def _first_site() -> int:
    return Site.objects.order_by("id").values_list("id", flat=True).first() or 0


def _here(found: Sequence[Finding], wanted: Wanted) -> list[Finding]:
    return [one for one in found if one.site_id in wanted.sites]


def _failed_messages(wanted: Wanted) -> Sequence[Finding]:
    # The messages of a file that was refused as a whole share its one cause, and that is another metric's.
    rows = Message.objects.filter(
        state="failed", interchange__state="processed", **wanted.narrow(partner="interchange__partner_id")
    )
    rows = rows.select_related("interchange__partner").defer("interchange__content", "interchange__findings")
    sites, otherwise = _sites(), _first_site()
    found = []
    for row in rows.order_by("id")[:MOST]:
        file = row.interchange
        facts = {"message": f"{row.type} {row.reference}".strip(), "customer": file.partner.code,
                 "why": _first_text(row.findings)}  # fmt: skip
        found.append(Finding("message", row.pk, facts["message"], sites.get(file.partner_id, otherwise),
                             file.received_at, file.public_id, facts, None, file.partner_id))  # fmt: skip
    return _here(found, wanted)


def _first_text(findings: Sequence[dict[str, object]]) -> str:
    texts = [str(one.get("text", "")) for one in findings if one.get("severity", "error") == "error"]
    return next((text for text in texts if text), "")


def _refused_files(wanted: Wanted) -> Sequence[Finding]:
    """Find files that were refused or put aside within so many minutes; the customer must send them again."""
    rows = Interchange.objects.filter(
        state__in=("rejected", "quarantined"), received_at__gt=wanted.at - minutes(wanted.threshold),
        **wanted.narrow(partner="partner_id"),
    )  # fmt: skip
    sites, otherwise = _sites(), _first_site()
    found = [
        Finding("received", row.pk, row.control or row.file_name, sites.get(row.partner_id, otherwise),
                row.received_at, row.public_id,
                {"file": row.control or row.file_name, "customer": row.partner.code, "why": row.reason},
                None, row.partner_id)
        for row in rows.select_related("partner").defer("content", "findings").order_by("id")[:MOST]
    ]  # fmt: skip
    return _here(found, wanted)


def _outgoing(row: OutboxMessage, site_id: int) -> Finding:
    facts = {"document": f"{row.document_type} {row.document_number or row.control}", "customer": row.partner.code,
             "why": row.answer or row.last_error, "sent_at": row.created_at.isoformat()}  # fmt: skip
    return Finding("outbox", row.pk, facts["document"], site_id, row.created_at, row.public_id, facts, None,
                   row.partner_id)  # fmt: skip


def _unsent(wanted: Wanted) -> Sequence[Finding]:
    rows = OutboxMessage.objects.filter(state__in=("held", "rejected"), **wanted.narrow(partner="partner_id"))
    tried = OutboxMessage.objects.filter(
        state="queued", attempts__gt=int(wanted.threshold), **wanted.narrow(partner="partner_id")
    )
    sites, otherwise = _sites(), _first_site()
    both = {
        row.pk: row
        for part in (rows, tried)
        for row in part.select_related("partner").defer("payload").order_by("id")[:MOST]
    }
    found = [_outgoing(both[key], sites.get(both[key].partner_id, otherwise)) for key in sorted(both)[:MOST]]
    return _here(found, wanted)


def _unacknowledged(wanted: Wanted) -> Sequence[Finding]:
    rows = OutboxMessage.objects.filter(
        document_type="DESADV", state__in=("queued", "sent"), created_at__lt=wanted.at - minutes(wanted.threshold),
        created_at__gt=wanted.at - FORGOTTEN,
        **wanted.narrow(partner="partner_id"),
    )  # fmt: skip
    sites, otherwise = _sites(), _first_site()
    found = [
        _outgoing(row, sites.get(row.partner_id, otherwise))
        for row in rows.select_related("partner").defer("payload").order_by("id")[:MOST]
    ]
    return _here(found, wanted)


EXCHANGE_METRICS = (
    Metric(
        "message_failed", _("Message not taken over"), "count", "above", _failed_messages,
        _("Message %(message)s of %(customer)s was not taken over: %(why)s"),
        _("What the customer called for in it is not known to anybody."),
        _("Retry"), "receive_interchange", ("partner",),
        Standard(Decimal(0), "material_planner", "act", 60, 120, "supervisor"), _("Failed messages."),
    ),
    Metric(
        "file_refused", _("File refused or put aside"), "minutes", "below", _refused_files,
        _("File %(file)s of %(customer)s was not taken in: %(why)s"),
        _("The customer believes that it was received."),
        _("Look"), "", ("partner",), Standard(Decimal(1440), "material_planner"),
        _("Minutes after its receipt until this is forgotten."),
    ),
    Metric(
        "asn_failed", _("ASN or other file not sent"), "count", "above", _unsent,
        _("%(document)s for %(customer)s was not sent or was rejected: %(why)s"),
        _("The customer does not know what is on the way; the truck may be turned away."),
        _("Retry"), "send_again", ("partner",), Standard(Decimal(0), "shipping", "act", 60, 60, "material_planner"),
        _("Failed tries before it counts."),
    ),
    Metric(
        "asn_not_acknowledged", _("ASN not acknowledged in time"), "minutes", "above", _unacknowledged,
        _("%(document)s for %(customer)s of %(sent_at)s is not acknowledged yet."),
        _("Nobody can tell whether the customer has it."),
        _("Retry"), "send_again", ("partner",), Standard(Decimal(60), "shipping", "watch"),
        _("Minutes since it was made."),
    ),
)  # fmt: skip
