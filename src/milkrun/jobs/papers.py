"""The task that renders invoices which go by e-mail: outside every transaction, from the snapshot of the bill."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from milkrun import edi
from milkrun.billing.commands.mail_invoice import mail_invoice
from milkrun.billing.queries import customer_of, snapshot_of, to_prepare
from milkrun.kernel.identity import Actor
from milkrun.kernel.spoken import paper_word
from milkrun.labels.documents import in_words, write_paper
from milkrun.labels.documents_billing import invoice_paper
from milkrun.partners.queries import writing_to

LOG = logging.getLogger("milkrun.worker")
_DOCUMENT = TypeAdapter(edi.InvoiceDocument)


def prepare_invoices(at: datetime) -> Mapping[str, Any]:
    """Render and queue what waits; one invoice that cannot be rendered does not stop the others."""
    failed: Exception | None = None
    for invoice_id in to_prepare():
        try:
            snapshot = snapshot_of(invoice_id)
            document, parties = snapshot["document"], snapshot["parties"]
            with writing_to(customer_of(invoice_id)):
                paper = in_words(invoice_paper(document, parties), paper_word)
            files = [(f"{document['number']}.pdf", "application/pdf", write_paper(paper))]
            if snapshot.get("channel") == "ubl":
                xml = edi.write_ubl(_DOCUMENT.validate_python(document), edi.InvoiceParties(**parties))
                files.append((f"{document['number']}.xml", "application/xml", xml))
            mail_invoice(invoice_id=invoice_id, attachments=files, actor=Actor("worker", "worker"), at=at)
        except Exception as problem:
            LOG.error("invoice not rendered", extra={"invoice": invoice_id, "error": str(problem)}, exc_info=problem)
            failed = problem
    if failed is not None:
        raise failed
    return {}
