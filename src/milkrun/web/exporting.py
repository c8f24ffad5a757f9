"""Lists as files: CSV for programs, XLSX for people. Text never becomes a formula, numbers stay numbers."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound

Cell = str | int | Decimal
FORMATS = ("csv", "xlsx")


class _Line:
    """A file that gives back what is written to it, for streaming CSV."""

    def write(self, text: str) -> str:
        return text


def download(name: str, form: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponseBase:
    """Answer with a list as a file.

    Args:
        name: of the file, without its ending.
        form: csv or xlsx.
        head: the titles of the columns.
        rows: the cells; read one by one, so that a long list never stands in memory whole.

    Raises:
        NotFound: another format.
    """
    if form == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(_csv(head, rows), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        answer = _xlsx(head, rows)
    else:
        raise NotFound(_("There is no export as {form}. Choose CSV or XLSX.").format(form=form[:8]), format=form[:8])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([harmless(str(title)) for title in head])
    for row in rows:
        yield writer.writerow([harmless(cell) if isinstance(cell, str) else f"{cell:f}" for cell in map(_plain, row)])


def _plain(cell: Cell) -> str | Decimal:
    return cell if isinstance(cell, str) else Decimal(cell)


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula: such text gets an apostrophe before it."""
    return "'" + text if text.lstrip("\ufeff ")[:1] in tuple("=+-@\t\r\n＝＋－＠") and text else text


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponseBase:
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    # Rows go to the disk as they are written.
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, title in enumerate(head):
        sheet.write_string(0, column, str(title), bold)
        sheet.set_column(column, column, 18)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            else:
                sheet.write_number(number, column, cell)
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, content_type=kind)
