"""Labels on one core: the global transport label, each with its own code, as PDF (a file each) and as ZPL.

What was written is read back after each run: every barcode of every PDF by pdfium and zxing, and of some ZPL labels by
a renderer of ZPL, which takes half a second for each.
"""

import io
from collections.abc import Iterator

from benchmarks.measure import Contender, Row


def rows(quick: bool) -> Iterator[Row]:
    """Prepare both rows."""
    from milkrun.labels import SAMPLES, Scene, place, shipped, write_pdf, write_zpl
    from tests.labels.decoding import barcodes, pages_of_pdf, pictures_of_zpl

    count, rendered = (50, 2) if quick else (400, 10)
    layout = shipped("gtl")
    numbers = iter(range(10**9))
    pdfs: list[tuple[set[str], bytes]] = []
    prints: list[tuple[set[str], bytes]] = []

    def scenes() -> Iterator[Scene]:
        # New data each time, so that nothing is answered from memory.
        for _ in range(count):
            number = next(numbers)
            own = {"sscc": f"{number:018d}", "quantity": str(number % 997), "lot": f"L{number}"}
            yield place(layout, {**SAMPLES, **own})

    def pdf() -> int:
        pdfs[:] = [(set(scene.barcodes), write_pdf([scene])) for scene in scenes()]
        return count

    def zpl() -> int:
        prints[:] = [(set(scene.barcodes), write_zpl([scene])) for scene in scenes()]
        return count

    def read_pdfs() -> None:
        for wanted, written in pdfs:
            (page,) = pages_of_pdf(written)
            assert {text for _, text in barcodes(page)} == wanted, "a barcode was not read back"

    def read_prints() -> None:
        chosen = prints[:: len(prints) // rendered][:rendered]
        pictures = pictures_of_zpl([(layout, written) for _, written in chosen])
        for (wanted, _), picture in zip(chosen, pictures, strict=True):
            assert {text for _, text in barcodes(picture)} == wanted, "a barcode was not read back"

    def empty_pages() -> int:
        from reportlab.pdfgen.canvas import Canvas

        for _ in range(count):
            canvas = Canvas(io.BytesIO(), invariant=1)
            canvas.showPage()
            canvas.save()
        return count

    yield Row(
        "labels",
        "global transport label to PDF, a file each",
        "label",
        [
            Contender("Milkrun", "milkrun", pdf, after=read_pdfs),
            Contender("ReportLab, empty page", "limit", empty_pages),
        ],
        remarks=[f"Every barcode of {count} PDFs is read back after each run. The goal is 200 labels/s."],
    )
    yield Row(
        "labels",
        "global transport label to ZPL",
        "label",
        [Contender("Milkrun", "milkrun", zpl, after=read_prints)],
        remarks=[
            f"{rendered} of {count} labels are rendered and read back after each run; the goal is 1,000 labels/s."
        ],
    )
