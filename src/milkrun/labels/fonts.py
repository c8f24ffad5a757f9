"""Letters for paper and picture: Helvetica where it has them, else a font of the machine that does.

ReportLab brings Bitstream Vera; DejaVu, which most systems have, has far more letters and is taken where it is found.
"""

from functools import lru_cache
from pathlib import Path

_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/Library/Fonts",
)


def font_for(text: str, bold: bool) -> str:
    """Name the PDF font for a text."""
    if _western(text):
        return "Helvetica-Bold" if bold else "Helvetica"
    return _registered(bold)


@lru_cache(maxsize=4000)
def _western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=2)
def _registered(bold: bool) -> str:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    name = "MilkrunBold" if bold else "Milkrun"
    registerFont(TTFont(name, str(font_file(bold))))
    return name


@lru_cache(maxsize=2)
def font_file(bold: bool) -> Path:
    """Return the file of the TrueType font to draw with."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    for folder in _FOLDERS:
        if (found := Path(folder) / name).exists():
            return found
    import reportlab

    return Path(reportlab.__file__).parent / "fonts" / ("VeraBd.ttf" if bold else "Vera.ttf")
