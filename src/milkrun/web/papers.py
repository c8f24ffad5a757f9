"""A PDF as an answer: to keep or to look at, never run by the browser as a page of ours."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_answer(name: str, content: bytes) -> HttpResponse:
    """Answer with a PDF under a plain file name."""
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-120:]
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=safe)
    return answer
