"""What can go wrong with labels: one that did not come out."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from milkrun.insight.queries.metrics.metric import MOST, Finding, Metric, Standard, Wanted
from milkrun.printing.models import PrintJob

# Older ones are looked for by nobody any more.
NEWEST = 2_000


def _failed_prints(wanted: Wanted) -> Sequence[Finding]:
    """Find labels that failed or whose printer does not answer, unless a newer one of the same unit came out."""
    newest = PrintJob.objects.filter(**wanted.narrow(site="site_id")).order_by("-id").values("id")[:NEWEST]
    newer = PrintJob.objects.filter(
        site=OuterRef("site"), hu=OuterRef("hu"), template=OuterRef("template"), pk__gt=OuterRef("pk")
    )
    stuck = Q(state="failed") | Q(state="queued", attempts__gt=int(wanted.threshold))
    rows = PrintJob.objects.filter(stuck, ~Exists(newer), pk__in=list(newest.values_list("id", flat=True)))
    return [
        Finding(
            "print_job", row.pk, row.hu.sscc, row.site_id, row.created_at, row.public_id,
            {"unit": row.hu.sscc, "printer": row.printer.code if row.printer else "-", "why": row.error,
             "who": row.created_by},
        )
        for row in rows.select_related("hu", "printer").order_by("id")[:MOST]
    ]  # fmt: skip


PRINT_METRICS = (
    Metric(
        "print_failed", _("Label not printed"), "count", "above", _failed_prints,
        _("The label of %(unit)s that %(who)s asked for did not come out of %(printer)s: %(why)s"),
        _("Goods without a label do not leave, or are not recognised."),
        _("Retry"), "print_label", (), Standard(Decimal(0), "shipping", "act", 60, 60, "supervisor"),
        _("Failed tries before it counts."),
    ),
)  # fmt: skip
