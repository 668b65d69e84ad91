"""A report on paper, in Excel and as text: the very same figures, and no name that a spreadsheet would count."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.documents.builders import OFFICE
from tests.gui.reports import MAKERS, PEOPLE, a_report
from tests.gui.values import NOW
from vending_app.documents import report_tables
from vending_app.documents.papers import Papers
from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Cell, Report, Unit
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.report_words import said_report

KINDS = list(MAKERS)
LONG = "Wilhelmina Alexandra Featherstonehaugh-Cholmondeley and Daughters Cooperative Bakery"


def of(kind: ReportKind) -> Report:
    period = {ReportKind.YEAR: "2025", ReportKind.LOSSES: ""}.get(kind, "2025-11")
    return a_report(ReportAsked(kind, period))


def text_of(pdf: bytes) -> str:
    """The minus of the font is read back as a dash."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\N{EN DASH}", "\N{MINUS SIGN}")


@pytest.mark.parametrize("kind", KINDS)
def test_paper_says_every_cell_that_the_screen_says(kind: ReportKind) -> None:
    said = said_report(of(kind))
    text = text_of(Papers().report(said, office=OFFICE, at=NOW))
    for table in said.tables:
        for row in (*table.rows, table.sums or ()):
            for cell, is_figure in zip(row, table.is_figure, strict=False):
                assert not is_figure or " ".join(cell.split()) in text
    assert said.title in text


def test_more_rows_than_a_sheet_holds_go_on_on_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_tables, "SHEET_ROWS", 3)
    report = of(ReportKind.ARREARS)
    (table,) = report.tables
    assert len(table.rows) == 4
    book = CalamineWorkbook.from_filelike(io.BytesIO(report_tables.xlsx_of(report, CAPTIONS)))
    assert book.sheet_names == ["Arrears", "Arrears 2"]
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(rows) for rows in sheets] == [1 + 3 + 1, 1 + 1 + 1]
    assert sheets[0][0] == sheets[1][0]
    told = [row[0] for rows in sheets for row in rows[1:-1]]
    assert told == [row[0] for row in table.rows]


def test_a_long_list_goes_on_with_its_head_on_every_page() -> None:
    report = of(ReportKind.ARREARS)
    (table,) = report.tables
    many = replace(report, tables=(replace(table, rows=table.rows * 40),))
    pages = PdfReader(io.BytesIO(Papers().report(said_report(many), office=OFFICE, at=NOW))).pages
    assert len(pages) > 2
    assert all("Customer" in page.extract_text() for page in pages)
    assert str(Money(sum(21_500 - at * 4_000 for at in range(4)) * 40)).replace("\u202f", "") in (
        pages[-1].extract_text().replace("\u202f", "").replace(" ", "")
    )


def runs_of(pdf: bytes) -> list[tuple[float, str]]:
    """Left edge, in dots, and words of each piece of text on the first page."""
    found: list[tuple[float, str]] = []

    def visit(text: str, _: list[float], at: list[float], *__: object) -> None:
        if text.strip():
            found.append((at[4], text.strip()))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return found


def test_a_long_name_goes_on_below_itself_instead_of_being_cut() -> None:
    report = of(ReportKind.ARREARS)
    (table,) = report.tables
    who, where = table.place_of("customer"), table.place_of("area")
    rows = tuple(tuple(LONG if at in {who, where} else cell for at, cell in enumerate(row)) for row in table.rows)
    said = said_report(replace(report, tables=(replace(table, rows=rows),)))
    # Without its picture, whose names are told in full by the table.
    text = text_of(Papers().report(replace(said, bars=()), office=OFFICE, at=NOW))
    assert text.count("Cooperative Bakery") == 2 * len(rows)
    assert "\N{HORIZONTAL ELLIPSIS}" not in text


def test_sentences_and_names_beside_lines_stay_on_the_paper() -> None:
    said = said_report(of(ReportKind.LOSSES))
    (first, *lines) = said.lines
    long = replace(
        said, alerts=(f"{LONG}: {said.alerts[0]}",), lines=(replace(first, label=LONG, is_strong=True), *lines)
    )
    runs = runs_of(Papers().report(long, office=OFFICE, at=NOW))
    beside = [words for x, words in runs if x > 1000 and any(part in words for part in LONG.split())]
    assert len(beside) == 3
    assert not any(long.alerts[0] in words for _, words in runs)


def test_a_report_without_rows_says_so() -> None:
    nothing = said_report(a_report(ReportAsked(ReportKind.MONTH, "1999-01")))
    text = text_of(Papers().report(nothing, office=OFFICE, at=NOW))
    assert "Nothing was sold in this month." in text


# --- other programs --------------------------------------------------------------------------------------


def plain(cell: Cell, unit: Unit) -> object:
    """What another program should find."""
    if unit is Unit.PERCENT and isinstance(cell, int):
        return Decimal(cell) / 100
    match cell:
        case Money():
            return Decimal(cell.minor) / 100
        case Energy():
            return Decimal(cell.wh) / 1000
    return cell


@pytest.mark.parametrize("kind", KINDS)
def test_excel_finds_the_figures_of_the_books(kind: ReportKind) -> None:
    report = of(kind)
    book = CalamineWorkbook.from_filelike(io.BytesIO(Papers().report_xlsx(report, CAPTIONS)))
    assert book.sheet_names == [CAPTIONS[table.key] for table in report.tables]
    for table in report.tables:
        lines = book.get_sheet_by_name(CAPTIONS[table.key]).to_python(skip_empty_area=False)
        for row, line in zip(table.rows, lines[1:], strict=False):
            for cell, found, column in zip(row, line, table.columns, strict=True):
                if cell is None:
                    assert found == ""
                elif column.unit.is_figure:
                    assert isinstance(found, int | float)
                    assert Decimal(repr(found)).quantize(Decimal("0.001")) == Decimal(str(plain(cell, column.unit)))
                elif column.unit is Unit.DAY:
                    assert isinstance(found, date)
                    assert found == cell


@pytest.mark.parametrize("kind", KINDS)
def test_text_tells_the_same_figures(kind: ReportKind) -> None:
    report = of(kind)
    content = Papers().report_csv(report, CAPTIONS).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    for table in report.tables:
        at = lines.index([CAPTIONS[table.key]]) + 2
        for row, line in zip(table.rows, lines[at:], strict=False):
            for cell, found, column in zip(row, line, table.columns, strict=True):
                if cell is None:
                    assert found == ""
                elif column.unit in {Unit.MONEY, Unit.ENERGY, Unit.PERCENT}:
                    assert Decimal(found) == plain(cell, column.unit)
                elif column.unit is Unit.COUNT:
                    assert int(found) == cell


@pytest.mark.parametrize("name", ["=1+1", "+491701234", "-2+3", "@SUM(A1)", "\tx", '=HYPERLINK("http://x","y")'])
def test_no_name_is_ever_a_formula(name: str) -> None:
    report = of(ReportKind.ARREARS)
    (table,) = report.tables
    hostile = replace(report, tables=(replace(table, rows=((PEOPLE[0][0], name, *table.rows[0][2:]),)),))
    lines = list(csv.reader(io.StringIO(Papers().report_csv(hostile, CAPTIONS).decode("utf-8-sig"))))
    assert lines[2][1] == f"'{name}"
    book = CalamineWorkbook.from_filelike(io.BytesIO(Papers().report_xlsx(hostile, CAPTIONS)))
    assert book.get_sheet_by_index(0).to_python()[1][1] == name


def test_the_same_report_gives_the_same_bytes() -> None:
    report = of(ReportKind.MONTH)
    assert Papers().report_xlsx(report, CAPTIONS) == Papers().report_xlsx(report, CAPTIONS)
    said = said_report(report)
    assert Papers().report(said, office=OFFICE, at=NOW) == Papers().report(said, office=OFFICE, at=NOW)


def read_back(figure: str) -> str:
    """As it is read back from paper."""
    return figure.replace("\u202f", " ")


@pytest.mark.parametrize("kind", [ReportKind.TAXES, ReportKind.ENERGY, ReportKind.ARREARS])
def test_the_picture_is_on_paper_with_its_names_and_figures(kind: ReportKind) -> None:
    said = said_report(a_report(ReportAsked(kind, "2025-11")))
    text = text_of(Papers().report(said, office=OFFICE, at=NOW))
    without = text_of(Papers().report(replace(said, bars=(), pair=()), office=OFFICE, at=NOW))
    assert said.picture in text
    assert said.picture not in without
    for bar in said.bars[:2]:
        assert text.count(bar.label.split()[0]) > without.count(bar.label.split()[0])
        assert f" {read_back(bar.figure)} " in text
    for name in said.pair:
        assert text.count(name) > without.count(name)
