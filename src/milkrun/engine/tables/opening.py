"""From a path or bytes to the bytes of a table, within limits: what unpacks to far more than it is ends here."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from milkrun.engine.tables.faults import Unreadable

CHUNK = 1 << 20
# Tables pack to a tenth, very regular ones to a hundredth; deflate ends at a thousandth, where only bombs are.
RATIO_FROM = 32 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be.

    Args:
        unpacked: most bytes after unpacking.
        ratio: most bytes unpacked for each packed one, once a file is larger than 32 MiB.
        columns: most columns.
        rows: most rows.
    """

    unpacked: int = 4 << 30
    ratio: int = 400
    columns: int = 1000
    rows: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its name, and where its bytes are."""

    name: str
    content: Path | bytes

    def read(self, limits: Limits) -> bytes:
        """Return the bytes as they lie there.

        Raises:
            Unreadable: there is no such file, or it is empty or too large.
        """
        data = self.content if isinstance(self.content, bytes) else _of_path(self.content, limits)
        if not data.strip():
            raise Unreadable("empty_file", f"{self.name} is empty.")
        return data


def _of_path(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.unpacked:
            raise Unreadable("file_too_large", f"{path.name} is larger than {limits.unpacked >> 20} MiB.")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unreadable_file", f"{path}: {error.strerror or error}.") from error


def unpack(name: str, data: bytes, limits: Limits) -> tuple[str, bytes]:
    """Return the kind of table (text, workbook, parquet) and its bytes, unpacked where it was gzip.

    The content decides, not the name.

    Raises:
        Unreadable: it unpacks to more than the limits, or is of a kind that is no table.
    """
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(name, data, limits)
        if not data.strip():
            raise Unreadable("empty_file", f"{name} is empty.")
    if data[:4] == b"PK\x03\x04":
        _check_workbook(name, data, limits)
        return "workbook", data
    if data[:4] == b"PAR1":
        return "parquet", data
    for magic, kind in NO_TABLES.items():
        if data.lstrip()[: len(magic)].lower() == magic:
            raise Unreadable("not_a_table", f"{name} is {kind}; save the table as CSV, XLSX or Parquet.")
    return "text", data


NO_TABLES = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one with a password",
    b"%pdf": "a PDF",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
    b"{\\rtf": "a text document",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
}  # fmt: skip


def _gunzip(name: str, data: bytes, limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    waiting = data
    while waiting:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                part = member.decompress(waiting, CHUNK)
            except zlib.error as error:
                raise Unreadable("damaged_file", f"{name} is a damaged gzip file.") from error
            waiting = member.unconsumed_tail
            if not part and not waiting and not member.eof:
                raise Unreadable("damaged_file", f"{name} ends in the middle of its gzip data.")
            parts.append(part)
            size += len(part)
            _check_size(name, size, len(data), limits)
        # Zeros may follow a member, and more members; anything else is no data.
        waiting = member.unused_data.lstrip(b"\0")
        if waiting[:2] != b"\x1f\x8b":
            break
    return b"".join(parts)


def _check_size(name: str, unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.unpacked or (unpacked > RATIO_FROM and unpacked > packed * limits.ratio):
        raise Unreadable(
            "unpacks_too_large",
            f"{name} has {packed:,} bytes and unpacks to more than {unpacked - 1:,}: more than a table would.",
        )


def _check_workbook(name: str, data: bytes, limits: Limits) -> None:
    """Unpack every part of a workbook once and throw it away: what its headers say about sizes may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parcel:
            parts = parcel.infolist()
            size = 0
            for part in parts:
                size += _unpacked_size(name, data, part, size, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("damaged_file", f"{name} is a damaged workbook.") from error
    if not any(part.filename.startswith(("xl/", "content.xml")) for part in parts):
        raise Unreadable("not_a_table", f"{name} is a ZIP file without a workbook; unpack it first.")


def _unpacked_size(name: str, data: bytes, part: zipfile.ZipInfo, before: int, limits: Limits) -> int:
    start = part.header_offset + 30
    start += int.from_bytes(data[start - 4 : start - 2], "little") + int.from_bytes(data[start - 2 : start], "little")
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    reader = zlib.decompressobj(wbits=-15)
    size = 0
    while packed and not reader.eof:
        size += len(reader.decompress(packed, CHUNK))
        packed = reader.unconsumed_tail
        _check_size(name, before + size, len(data), limits)
    return size
