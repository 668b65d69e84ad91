"""A report for other programs: CSV (RFC 4180) and Excel, with the very figures of the books and no float."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Cell, Column, Report, Row, Table, Unit
from vending_app.ports.telling import Tally, Tell, untold

Captions = Mapping[str, str]
_TAKEN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHEET_ROWS = 1_048_576 - 2
"""Of a sheet of Excel, without its head and its sums (Microsoft, Excel specifications and limits)."""
LONGEST_NAME = 31
"""Of a sheet."""
WIDEST, NARROWEST = 40, 10
"""Of a column in Excel, in characters."""


def csv_of(report: Report, captions: Captions, tell: Tell = untold) -> bytes:
    """UTF-8 with its mark, because Excel takes it for another alphabet without; tables follow one another.

    A dot before the decimals and no separator of thousands; days as `2026-11-25`. The sums are left to the reader.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    told = Tally(tell, sum(len(table.rows) for table in report.tables))
    for number, table in enumerate(report.tables):
        writer.writerows([[]] if number else [])
        writer.writerow([captions[table.key]])
        writer.writerow([_head(column, report, captions) for column in table.columns])
        rows = told.each(table.rows)
        writer.writerows([_plain(cell, column, captions) for cell, column in _cells(row, table)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cells(row: Row, table: Table) -> Iterator[tuple[Cell, Column]]:
    return zip(row, table.columns, strict=True)


def _head(column: Column, report: Report, captions: Captions) -> str:
    """With its unit, which the cells do not carry."""
    unit = {Unit.MONEY: report.currency, Unit.ENERGY: "kWh"}.get(column.unit, "")
    caption = captions[column.key]
    return f"{caption} ({unit})" if unit and unit not in caption else caption


def _plain(cell: Cell, column: Column, captions: Captions) -> str:
    match cell:
        case None:
            return ""
        case Money() | Energy():
            return str(_decimal(cell))
        case int() if column.unit is Unit.PERCENT:
            return str(_hundredths(cell))
        case datetime():
            return cell.astimezone().strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
    said = _said(cell, column, captions)
    # What a customer is called must never be counted by a spreadsheet (OWASP, CSV injection).
    return f"'{said}" if said.startswith(_TAKEN_AS_FORMULA) else said


def _said(cell: str, column: Column, captions: Captions) -> str:
    return captions.get(column.word(cell), cell) if column.unit is Unit.WORD else cell


def _decimal(cell: Money | Energy) -> Decimal:
    return Decimal(cell.minor).scaleb(-2) if isinstance(cell, Money) else Decimal(cell.wh).scaleb(-3)


def _hundredths(cell: int) -> Decimal:
    """A share in per cent."""
    return Decimal(cell).scaleb(-2)


# --- Excel -----------------------------------------------------------------------------------------------

_FORMATS = {
    Unit.MONEY: {"num_format": "#,##0.00"},
    Unit.ENERGY: {"num_format": "#,##0.000"},
    Unit.COUNT: {"num_format": "#,##0"},
    Unit.PERCENT: {"num_format": "0.00"},
    Unit.DAY: {"num_format": "yyyy-mm-dd", "align": "left"},
    Unit.MOMENT: {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}


def xlsx_of(report: Report, captions: Captions, tell: Tell = untold) -> bytes:
    """A sheet for each table, its head frozen, its sums as formulas with their result."""
    into = io.BytesIO()
    # Column by column, because each is as wide as its longest cell.
    told = Tally(tell, sum(len(table.columns) * len(table.rows) for table in report.tables))
    with xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": report.at.astimezone().replace(tzinfo=None)})
        for table in report.tables:
            for number, part in enumerate(_parts(table), start=1):
                _write_sheet(book, part, report, captions, told, number=number)
    return into.getvalue()


def _parts(table: Table) -> Iterator[Table]:
    """The rows that a sheet can hold, each part with sums of its own: a longer sheet would lose them without a word."""
    for at in range(0, max(len(table.rows), 1), SHEET_ROWS):
        yield replace(table, rows=table.rows[at : at + SHEET_ROWS], opens=())


def _write_sheet(book: Workbook, table: Table, report: Report, captions: Captions, told: Tally, *, number: int) -> None:
    tail = f" {number}" if number > 1 else ""
    sheet = book.add_worksheet(captions[table.key][: LONGEST_NAME - len(tail)] + tail)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(table.columns):
        head = _head(column, report, captions)
        align = "right" if column.unit.is_figure else "left"
        sheet.write_string(0, at, head, book.add_format({"bold": True, "bottom": 1, "align": align}))
        shown = book.add_format(_FORMATS.get(column.unit, {}))
        cells = [row[at] for row in table.rows]
        for line, cell in enumerate(told.each(cells), start=1):
            _write(sheet, (line, at), _figure(cell, column, captions), shown)
        longest = max([len(head), *(len(_plain(cell, column, captions)) for cell in cells)])
        sheet.set_column(at, at, max(NARROWEST, min(WIDEST, longest + 3)))
    _write_sums(book, sheet, table)


def _figure(cell: Cell, column: Column, captions: Captions) -> Cell | Decimal:
    """A cell as Excel takes it: words told, shares in per cent."""
    if isinstance(cell, str):
        return _said(cell, column, captions)
    return _hundredths(cell) if isinstance(cell, int) and column.unit is Unit.PERCENT else cell


def _write(sheet: Worksheet, where: tuple[int, int], cell: Cell | Decimal, shown: Format) -> None:
    """`where` is line and column."""
    match cell:
        case None:
            return
        case Money() | Energy():
            _write(sheet, where, _decimal(cell), shown)
        case Decimal():
            # Its stubs forget Decimal, which it writes as it is (docs, Worksheet.write_number).
            sheet.write_number(*where, cell, shown)  # type: ignore[call-overload]
        case datetime():
            sheet.write_datetime(*where, cell.astimezone().replace(tzinfo=None), shown)
        case date():
            sheet.write_datetime(*where, datetime.combine(cell, time()), shown)
        case int():
            sheet.write_number(*where, cell, shown)
        case str():
            sheet.write_string(*where, cell, shown)


def _write_sums(book: Workbook, sheet: Worksheet, table: Table) -> None:
    """Formulas, so that whoever filters or corrects sees what comes of it; their result is there without counting."""
    if table.sums is None:
        return
    last = len(table.rows)
    for at, (column, cell) in enumerate(zip(table.columns, table.sums, strict=True)):
        shown = book.add_format({**_FORMATS.get(column.unit, {}), "bold": True, "top": 1})
        if cell is None:
            sheet.write_blank(last + 1, at, None, shown)
            continue
        value = _decimal(cell) if isinstance(cell, Money | Energy) else _figure(cell, column, {})
        sheet.write_formula(last + 1, at, _formula(table, column, last), shown, value)


def _formula(table: Table, column: Column, last: int) -> str:
    """The sum above it; of a share, that of the sums beside it in per cent."""
    if column.share_of[0]:
        part, whole = (f"{_letter(table, key)}{last + 2}" for key in column.share_of)
        return f"=IF({whole}=0,0,ROUND({part}/{whole}*100,2))"
    letter = _letter(table, column.key)
    return f"=SUM({letter}2:{letter}{last + 1})"


def _letter(table: Table, key: str) -> str:
    return chr(ord("A") + table.place_of(key))
