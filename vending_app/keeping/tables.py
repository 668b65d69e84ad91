"""Tables from CSV or Excel as rows of text: any bytes give rows or EnvironmentFault table-unreadable.

CSV: UTF-8, UTF-16 or Windows' western code page, whichever the bytes are; semicolon, comma or tab, whichever the first
line has most of. Excel: the first sheet of a workbook, read by calamine.
"""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.importing import TableRow

BIGGEST_FILE = 256 * 1024 * 1024
BIGGEST_WORKBOOK = 1024 * 1024 * 1024
"""Unpacked: a small file that unpacks to more was not made by an office program."""
MOST_COLUMNS = 256
DELIMITERS = ";,\t"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_table(path: Path) -> Iterator[TableRow]:
    """The rows of a file, empty ones included. Raises EnvironmentFault file-unreadable, table-unreadable."""
    try:
        if path.stat().st_size > BIGGEST_FILE:
            raise _unreadable(path.name, "it is too big")
        content = path.read_bytes()
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
    return rows_of(content, path.name)


def rows_of(content: bytes, name: str) -> Iterator[TableRow]:
    """As read_table, of bytes."""
    rows = workbook_rows(content, name) if content.startswith(b"PK\x03\x04") else csv_rows(content, name)
    for number, cells in enumerate(rows, start=1):
        if len(cells) > MOST_COLUMNS:
            raise _unreadable(name, f"row {number} has {len(cells)} columns")
        yield TableRow(number, cells)


def _unreadable(name: str, why: str) -> EnvironmentFault:
    return EnvironmentFault(Code.TABLE_UNREADABLE, file=name, why=why)


# --- CSV -------------------------------------------------------------------------------------------------


def csv_rows(content: bytes, name: str) -> Iterator[tuple[str, ...]]:
    """Every record of a CSV file."""
    told = decoded(content, name)
    reader = csv.reader(StringIO(told, newline=""), delimiter=delimiter_of(told), strict=True)
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as cause:
        raise _unreadable(name, f"line {reader.line_num}: {cause}") from cause


def decoded(content: bytes, name: str) -> str:
    """The text of a file, by its mark, else by what its bytes can be."""
    for encoding in (*_encodings_by_look(content), "utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(name, "its letters are in no code that is known here")


def _encodings_by_look(content: bytes) -> list[str]:
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    if marked or b"\x00" not in content[:4096]:
        return marked
    # Without a mark: letters of most languages have a zero as their second half, and headings are such letters.
    first, second = content[:4096:2].count(0), content[1:4096:2].count(0)
    return ["utf-16-be" if first > second else "utf-16-le"]


def delimiter_of(told: str) -> str:
    """What the headings are parted by: they have none of these inside."""
    first = told.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


# --- Excel -----------------------------------------------------------------------------------------------


def workbook_rows(content: bytes, name: str) -> Iterator[tuple[str, ...]]:
    """Every row of the first sheet."""
    _check_size(content, name)
    # Loaded with the first workbook: most tables are CSV, and most starts read no table.
    import python_calamine as calamine  # noqa: PLC0415 - see above

    try:
        with calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            if not book.sheet_names:
                raise _unreadable(name, "it has no sheet")
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError) as cause:
        raise _unreadable(name, "it is no workbook of Excel, or it is locked") from cause
    yield from (tuple(map(cell_text, row)) for row in rows)


def _check_size(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as cause:
        raise _unreadable(name, "it is no workbook of Excel") from cause
    if unpacked > BIGGEST_WORKBOOK:
        raise _unreadable(name, "it is too big")


def cell_text(cell: Any) -> str:
    """A cell as somebody would type it. Numbers have the fifteen figures that Excel keeps, days no time."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell if isinstance(cell, str) else _figures(f"{cell:.15g}")


def _figures(told: str) -> str:
    """`1.2e+11` in full."""
    if "e" not in told:
        return told
    mantissa, _, exponent = told.partition("e")
    whole, _, part = mantissa.partition(".")
    shift = int(exponent)
    return whole + part.ljust(shift, "0") if 0 <= shift <= 30 and len(part) <= shift else told
