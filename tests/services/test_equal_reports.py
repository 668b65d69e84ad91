"""Every figure of every report is the same on the screen, on paper, as text, for Excel and for programs, and it is what
the books of two desks come to when they are asked directly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication, QWidget
from python_calamine import CalamineWorkbook

from tests.services.real_books import SHOP, RealBooks, real_books
from vending_app.commands.report import report_shape
from vending_app.documents.papers import Papers
from vending_app.domain.closing import ShiftReport
from vending_app.domain.day import CashierSums, DaySums
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, ShiftNo
from vending_app.domain.money import Money
from vending_app.domain.report import Cell, Column, Opens, Report, Table, Unit
from vending_app.domain.report_asked import ON_PAGE, ReportAsked, ReportKind
from vending_app.services.book_cases import ReportPdf, ShowShiftReport, ShowZ
from vending_app.services.day_cases import DayPaperShown, DayShown, ShowDay, ShowDayPaper
from vending_app.services.report_cases import MakeTables, ShowReport, TableForm, TablesMade
from vending_app.services.shift_tables import as_report
from vending_app.services.statement_cases import ShowStatement, StatementShown
from vending_app.ui.components.table import RowsModel
from vending_app.ui.day.day_words import whole
from vending_app.ui.day.tiles import tiles_of
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.report_table import make_table
from vending_app.ui.reports.report_words import said_report
from vending_app.ui.reports.said_rows import said_table
from vending_app.ui.reports.shift_words import said_shift
from vending_app.ui.theme import make_look

MARCH, APRIL, TODAY = "2026-03-02", "2026-04-01", "2026-05-03"
ASKED = {
    **{f"day-{day}": ReportAsked(ReportKind.DAY, day) for day in (MARCH, APRIL, TODAY)},
    "day-of-a-desk": ReportAsked(ReportKind.DAY, MARCH, desk=2),
    "month": ReportAsked(ReportKind.MONTH, "2026-03"),
    "month-running": ReportAsked(ReportKind.MONTH, "2026-05"),
    "year": ReportAsked(ReportKind.YEAR, "2026"),
    "sales": ReportAsked(ReportKind.SALES, "2026"),
    "sales-of-a-tender": ReportAsked(ReportKind.SALES, "2026", by="tender", of="mobile"),
    "sales-of-a-shift": ReportAsked(ReportKind.SALES, MARCH, by="shift", of="1"),
    "refunds": ReportAsked(ReportKind.SALES, "2026", by="refund", of="card"),
    "booked": ReportAsked(ReportKind.SALES, "2026", by="account", of="tax:VAT"),
    "arrears-paid": ReportAsked(ReportKind.SALES, "2026", by="account", of="arrears"),
    "every-refund": ReportAsked(ReportKind.SALES, "2026", by="refund", of="all"),
    "every-charge": ReportAsked(ReportKind.SALES, "2026", by="account", of="lines"),
    "every-line": ReportAsked(ReportKind.SALES, "2026-03", by="line", of="all"),
    "closed-days": ReportAsked(ReportKind.SALES, "2026-03", by="weekday", of="all"),
    "every-supply": ReportAsked(ReportKind.ENERGY, area="*"),
    "steps": ReportAsked(ReportKind.STEPS, "2026-03"),
    "step": ReportAsked(ReportKind.SALES, "2026-03", by="line", of="H2/2024-01-01/step/105000/Step 1"),
    "taxes": ReportAsked(ReportKind.TAXES, "2026-04"),
    "arrears": ReportAsked(ReportKind.ARREARS),
    "silent": ReportAsked(ReportKind.SILENT, days=1),
    "energy": ReportAsked(ReportKind.ENERGY),
    "energy-of-an-area": ReportAsked(ReportKind.ENERGY, area="E1"),
    "energy-nowhere": ReportAsked(ReportKind.ENERGY, area=""),
    "losses": ReportAsked(ReportKind.LOSSES),
    "losses-of-an-area": ReportAsked(ReportKind.LOSSES, area="E1"),
    "gaps": ReportAsked(ReportKind.GAPS),
    "operators": ReportAsked(ReportKind.OPERATORS, "2026-03"),
    "operator": ReportAsked(ReportKind.OPERATORS, "2026-03", by="cashier", of="cashier"),
    "approvals": ReportAsked(ReportKind.APPROVALS, "2026-04"),
    "approvals-of-an-act": ReportAsked(ReportKind.APPROVALS, "2026-04", by="act", of="close-supply"),
    "cards": ReportAsked(ReportKind.CARDS, "2026-03"),
    "statement": ReportAsked(ReportKind.STATEMENT),
    "shift": ReportAsked(ReportKind.SHIFT),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBooks]:
    """Played once for all of them."""
    with real_books(tmp_path_factory.mktemp("office")) as played:
        yield played


def made(books: RealBooks, asked: ReportAsked) -> Report:
    if asked.kind is ReportKind.STATEMENT:
        return books.asks(ShowStatement(SHOP), StatementShown).report
    if asked.kind is ReportKind.SHIFT:
        z = books.asks(ShowZ(ShiftNo(1)), ShiftReport)
        return as_report(z, currency="€", at=books.hall.time.now)
    return books.asks(ShowReport(asked), Report)


def test_every_kind_of_report_is_compared() -> None:
    assert {asked.kind for asked in ASKED.values()} == {*ON_PAGE, ReportKind.STATEMENT, ReportKind.SHIFT}


@pytest.mark.parametrize("name", ASKED)
def test_a_figure_is_the_same_wherever_it_is_told(books: RealBooks, name: str, qapp: QApplication) -> None:
    report = made(books, ASKED[name])
    exact = {table.key: [_figures(row, table.columns) for row in table.rows] for table in report.tables}
    assert any(exact.values()), "there is something to compare"
    assert _on_screen(report) == exact
    assert _as_text(books, report) == exact
    assert _for_excel(books, report) == exact
    assert _for_programs(report) == exact
    if report.asked.kind in ON_PAGE:
        _stands_on_paper(books, report)


Figures = list[Decimal | None]


def _figures(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> Figures:
    return [_exact(cell, column) for cell, column in zip(row, columns, strict=True) if column.unit.is_figure]


def _exact(cell: Cell, column: Column) -> Decimal | None:
    match cell:
        case Money():
            return Decimal(cell.minor).scaleb(-2)
        case Energy():
            return Decimal(cell.wh).scaleb(-3)
        case int():
            return Decimal(cell).scaleb(-2 if column.unit is Unit.PERCENT else 0)
    return None


def _read(text: str) -> Decimal | None:
    """A figure as a person reads it."""
    plain = text.replace("\N{NARROW NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-")
    return Decimal(plain) if plain else None


def _on_screen(report: Report) -> dict[str, list[Figures]]:
    """What the cells of the tables on the page say, and the line of their sums above them."""
    look, parent = make_look(dark=False, less_motion=True), QWidget()
    shown = {}
    for table in report.tables:
        model = make_table(look, said_table(table), empty="", parent=parent).rows_model
        at = [place for place, column in enumerate(table.columns) if column.unit.is_figure]
        lines = [_line(model, row, at) for row in range(model.rowCount())]
        if table.sums is not None:
            assert lines.pop(0) == _figures(table.sums, table.columns), "the sums stand first"
        shown[table.key] = lines
    return shown


def _line(model: RowsModel[tuple[str, ...]], row: int, at: list[int]) -> Figures:
    return [_read(str(model.index(row, column, QModelIndex()).data())) for column in at]


def _as_text(books: RealBooks, report: Report) -> dict[str, list[Figures]]:
    content = books.asks(MakeTables("r", report, CAPTIONS, TableForm.CSV), TablesMade).content
    lines = iter(list(csv.reader(io.StringIO(content.decode("utf-8-sig")))))
    found = {}
    for table in report.tables:
        assert next(lines) == [CAPTIONS[table.key]]
        assert len(next(lines)) == len(table.columns)
        found[table.key] = [_told(next(lines), table) for _ in table.rows]
        assert next(lines, []) == []
    return found


def _told(cells: list[str], table: Table) -> Figures:
    told = zip(cells, table.columns, strict=True)
    return [Decimal(cell) if cell else None for cell, column in told if column.unit.is_figure]


def _for_excel(books: RealBooks, report: Report) -> dict[str, list[Figures]]:
    content = books.asks(MakeTables("r", report, CAPTIONS, TableForm.XLSX), TablesMade).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = {}
    for table, name in zip(report.tables, book.sheet_names, strict=True):
        # An empty row at the end is none of the sheet's.
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)[1:]
        told = [_of_sheet(row, table) for row in rows[: len(table.rows)]]
        if table.sums is not None:
            assert _of_sheet(rows[len(table.rows)], table) == _figures(table.sums, table.columns)
        found[table.key] = told
    return found


def _of_sheet(row: Sequence[object], table: Table) -> Figures:
    cells = [*row, *[""] * (len(table.columns) - len(row))]
    told = zip(cells, table.columns, strict=True)
    return [
        None if cell == "" else Decimal(repr(round(float(str(cell)), 3)))
        for cell, column in told
        if column.unit.is_figure
    ]


def _for_programs(report: Report) -> dict[str, list[Figures]]:
    """Minor units, Wh and hundredths of a per cent, by the names of their columns."""
    shape, found = report_shape(report), {}
    for table in report.tables:
        rows = shape[table.key]
        assert isinstance(rows, list)
        found[table.key] = [_of_shape(row, table) for row in rows]
    return found


_ENDINGS = {Unit.MONEY: ("_minor", -2), Unit.ENERGY: ("_wh", -3), Unit.PERCENT: ("_bp", -2), Unit.COUNT: ("", 0)}


def _of_shape(row: dict[str, int | None], table: Table) -> Figures:
    found: Figures = []
    for column in table.columns:
        if column.unit.is_figure:
            ending, scale = _ENDINGS[column.unit]
            value = row[column.key.replace("-", "_") + ending]
            found.append(None if value is None else Decimal(value).scaleb(scale))
    return found


def _stands_on_paper(books: RealBooks, report: Report) -> None:
    """In the order of the tables, row by row; sums below them."""
    said, text, at = said_report(report), _paper(books, report), 0
    for place in said.filled:
        table = said.tables[place]
        for row in (*table.rows, *([table.sums] if table.sums else [])):
            for cell, is_figure in zip(row, table.is_figure, strict=True):
                if is_figure and cell:
                    plain = "".join(cell.split())
                    at = text.find(plain, at)
                    assert at >= 0, f"{plain} of {table.title}"
                    at += len(plain)


def _paper(books: RealBooks, report: Report) -> str:
    office = books.hall.counter.outside.ledger.letterhead()
    return _text_of(Papers().report(said_report(report), office=office, at=books.hall.time.now))


def _text_of(pdf: bytes) -> str:
    """Without spaces; the minus of the font is read back as a dash."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    return text.replace("\N{EN DASH}", "\N{MINUS SIGN}")


def test_a_statement_and_a_z_say_the_same_on_their_own_paper(books: RealBooks) -> None:
    """Which leaves out what is nothing, and of a Z the energy of each tender and the hours."""
    shown = books.asks(ShowStatement(SHOP), StatementShown)
    z = books.asks(ShowShiftReport(ShiftNo(1)), ReportPdf)
    for report, pdf in ((shown.report, shown.pdf), (made(books, ASKED["shift"]), z.pdf)):
        text = _text_of(pdf)
        for table in (table for table in report.tables if table.key != "sold-hours"):
            for cell in (*(cell for row in table.rows for cell in row), *(table.sums or ())):
                if cell and (isinstance(cell, Money) or (isinstance(cell, Energy) and table.key == "statement")):
                    assert "".join(str(cell).split()) in text, f"{cell} of {table.key}"


def test_a_z_on_a4_says_what_its_tables_say_and_shows_its_hours(books: RealBooks) -> None:
    z, report = books.asks(ShowZ(ShiftNo(1)), ShiftReport), made(books, ASKED["shift"])
    said, out = said_shift(z, report), books.hall.counter.outside
    assert told(report, "sold-hours", "sales") == z.totals.count
    assert sum(bar.height for bar in said.bars) == told(report, "sold-hours", "sold-for") > 0
    text = _text_of(out.paper.report(said, office=out.ledger.letterhead(), at=out.clock()))
    assert all("".join(each.split()) in text for each in (said.title, said.about, said.picture))
    cells = [cell for table in report.tables for row in (*table.rows, table.sums or ()) for cell in row]
    figures = ["".join(str(cell).split()) for cell in cells if isinstance(cell, (Money, Energy))]
    assert [figure for figure in figures if figure not in text] == []


@pytest.mark.parametrize("shift", range(1, 7))
def test_a_z_and_an_x_lead_to_their_sales(books: RealBooks, shift: int) -> None:
    totals = books.asks(ShowZ(ShiftNo(shift)), ShiftReport).totals
    sales = made(books, ReportAsked(ReportKind.SALES, MARCH, by="shift", of=str(shift)))
    assert told(sales, "each-sale", "takings") == totals.sold.minor
    assert told(sales, "each-sale", "energy") == totals.energy_sold.wh


@pytest.mark.parametrize("day", [MARCH, APRIL, TODAY])
@pytest.mark.parametrize("desk", [None, DeskNo(2)])
def test_the_page_of_a_day_and_its_paper_say_the_same(books: RealBooks, day: str, desk: DeskNo | None) -> None:
    on = date.fromisoformat(day)
    report = books.asks(ShowDay(on, desk), DayShown).report
    text = _text_of(books.asks(ShowDayPaper(on, desk), DayPaperShown).pdf)
    lines: tuple[CashierSums | DaySums, ...] = (*report.cashiers, report.sums)
    rows = [(line.sales, line.energy, line.takings) for line in lines]
    figures = [
        *(tile.figure for tile in tiles_of(report)),
        *(whole(hour.sold.minor, 100) for hour in report.hours),
        *(str(figure) for row in rows for figure in row),
        *(str(amount) for amount in (*report.tenders.values(), report.taken_back) if amount),
    ]
    assert [figure for figure in figures if "".join(figure.split()) not in text] == []
    assert sum(amount.minor for amount in (*report.tenders.values(), report.taken_back)) == report.sums.takings.minor


@pytest.mark.parametrize("name", [name for name, asked in ASKED.items() if asked.kind in ON_PAGE])
def test_a_line_opens_what_adds_up_to_it(books: RealBooks, name: str) -> None:
    """Under the columns that both have."""
    for table in made(books, ASKED[name]).tables:
        for at, row in enumerate(table.rows):
            opens = table.opened(at)
            if opens is None or opens.asked is None:
                continue
            (below, *_) = made(books, opens.asked).tables
            for column, cell in zip(table.columns, row, strict=True):
                key = "takings" if column.key == "sold-for" else column.key
                if column.unit.is_figure and cell is not None and key in [each.key for each in below.columns]:
                    found = sum(_whole(line[below.place_of(key)]) for line in below.rows)
                    assert found == _whole(cell), f"{key} of {row[:2]} in {table.key}"


SUMS_BELOW = {
    *("hours", "days", "months", "cashiers", "desks", "tariffs", "tenders", "sold-hours", "weekdays", "refunds"),
    *("lines", "taxes", "levies", "charges", "steps", "areas"),
}


@pytest.mark.parametrize("name", [name for name, asked in ASKED.items() if asked.kind in ON_PAGE])
def test_the_sums_of_a_table_open_what_adds_up_to_them(books: RealBooks, name: str) -> None:
    """Under the columns that both have, of every table that one list adds up to."""
    report, compared = made(books, ASKED[name]), set()
    for at, table in enumerate(report.tables):
        opens = report.opened_all(at)
        if opens is None or opens.asked is None or table.sums is None:
            continue
        (below, *_) = made(books, opens.asked).tables
        for column, cell in zip(table.columns, table.sums, strict=True):
            key = "takings" if column.key == "sold-for" else column.key
            if column.adds and key in [each.key for each in below.columns]:
                compared.add(table.key)
                assert sum(_whole(line[below.place_of(key)]) for line in below.rows) == _whole(cell), table.key
            if column.key == "sales" and opens.asked.by == "sold-until":
                assert len(below.rows) == cell
    if ASKED[name].area is None and not ASKED[name].by:
        assert compared == SUMS_BELOW & {table.key for table in report.tables if table.rows}


def test_the_sums_of_people_open_all_sales_and_all_approvals(books: RealBooks) -> None:
    report = made(books, ASKED["operators"])
    did, held = (report.opened_all(at) for at in range(2))
    assert did == Opens("report", asked=ReportAsked(ReportKind.SALES, "2026-03", by="sold-until", of="24"))
    assert held == Opens("report", asked=ReportAsked(ReportKind.APPROVALS, "2026-03"))


def test_weekdays_of_a_month_that_runs_open_its_closed_days_alone(books: RealBooks) -> None:
    report = made(books, ASKED["month-running"])
    at = [table.key for table in report.tables].index("weekdays")
    assert not report.is_closed
    all_of_them = told(report, "days", "takings")
    assert told(report, "weekdays", "takings") < all_of_them
    opens = report.opened_all(at)
    assert opens is not None
    assert opens.asked is not None
    assert told(made(books, opens.asked), "each-sale", "takings") == told(report, "weekdays", "takings")


@pytest.mark.parametrize("name", [name for name, asked in ASKED.items() if asked.kind in ON_PAGE])
def test_every_line_opens_something(books: RealBooks, name: str) -> None:
    for table in made(books, ASKED[name]).tables:
        assert all(table.opened(at) is not None for at in range(len(table.rows))), table.key


# --- the books, asked directly ---------------------------------------------------------------------------

_POSTED = """
FROM postings JOIN journal ON journal.id = postings.journal
JOIN sale_events AS event ON event.journal = postings.journal AND event.state = 'posted'
JOIN sales ON sales.id = event.sale AND purpose IN ('sale', 'reversal')
"""
TAKEN = f"""
SELECT -sum(amount) {_POSTED} WHERE commodity = 'money' AND account NOT LIKE 'suspense:%'
AND account NOT LIKE 'refund-due:%' AND event.at LIKE ?
"""
SOLD = f"SELECT -sum(amount) {_POSTED} WHERE commodity = 'energy' AND account = 'office' AND event.at LIKE ?"
BOOKED = (
    "SELECT sum(amount) FROM postings JOIN journal ON journal.id = postings.journal WHERE account = ? AND at LIKE ?"
)
PAID = f"""
SELECT sum(amount) FROM postings WHERE commodity = 'money' AND account LIKE ? AND journal IN (
    SELECT sales.journal {_POSTED} WHERE event.at LIKE ?
    UNION SELECT tender_corrections.journal FROM tender_corrections)
"""
REFUNDED = """
SELECT -sum(amount) FROM postings JOIN payments ON payments.journal = postings.journal AND payments.kind = 'refund'
WHERE account LIKE ? AND at LIKE ?
"""
RECOVERED = """
SELECT -sum(amount) FROM postings JOIN journal ON journal.id = postings.journal WHERE account LIKE 'arrears:%'
AND at LIKE ? AND NOT EXISTS
    (SELECT 1 FROM postings AS other WHERE other.journal = postings.journal AND other.account = 'opening')
"""
HELD = "SELECT sum(amount) FROM postings WHERE account LIKE ?"
COUNTED_OUT = """
SELECT -sum(amount) FROM postings JOIN journal ON journal.id = postings.journal
WHERE journal.kind = 'shift-close' AND account = 'till:1' AND at LIKE ?
"""


def told(report: Report, table: str, column: str, **where: str) -> int:
    """The sum of a column over the rows whose cells say so, in minor units, Wh or pieces."""
    found = next(each for each in report.tables if each.key == table)
    at = {each.key: place for place, each in enumerate(found.columns)}
    rows = [row for row in found.rows if all(str(row[at[key.replace("_", "-")]]) == is_ for key, is_ in where.items())]
    return sum(_whole(row[at[column]]) for row in rows)


def _whole(cell: Cell) -> int:
    match cell:
        case Money():
            return cell.minor
        case Energy():
            return cell.wh
        case int():
            return cell
    return 0


Asking = tuple[str, str, str, dict[str, str], str, tuple[str, ...]]
SHARES = ("hours", "cashiers", "desks", "tariffs", "tenders")
DIRECTLY: list[Asking] = [
    *(
        (f"day-{day}", share, column, {}, query, (f"{day}%",))
        for day in (MARCH, APRIL, TODAY)
        for share in SHARES
        for column, query in (("takings", TAKEN), ("energy", SOLD))
    ),
    *(
        (f"day-{MARCH}", "desks", "takings", {"desk": d}, f"{TAKEN} AND journal.desk = {d}", (f"{MARCH}%",))
        for d in "12"
    ),
    *(("day-of-a-desk", s, "takings", {}, f"{TAKEN} AND journal.desk = 2", (f"{MARCH}%",)) for s in SHARES),
    (f"day-{MARCH}", "tenders", "takings", {"tender": "cash"}, PAID, ("till:%", f"{MARCH}%")),
    (f"day-{MARCH}", "tenders", "takings", {"tender": "mobile"}, PAID, ("clearing:mobile", f"{MARCH}%")),
    (f"day-{MARCH}", "tenders", "takings", {"tender": "card"}, PAID, ("clearing:card", f"{MARCH}%")),
    (
        f"day-{APRIL}",
        "tenders",
        "takings",
        {"tender": "taken-back"},
        f"{TAKEN} AND purpose = 'reversal'",
        (f"{APRIL}%",),
    ),
    (f"day-{APRIL}", "refunds", "amount", {"tender": "card"}, REFUNDED, ("clearing:card", f"{APRIL}%")),
    (f"day-{APRIL}", "refunds", "amount", {"tender": "cash"}, REFUNDED, ("till:%", f"{APRIL}%")),
    ("refunds", "each-refund", "amount", {}, REFUNDED, ("clearing:card", "2026%")),
    (f"day-{MARCH}", "lines", "amount", {"line": "VAT"}, f"SELECT -({BOOKED})", ("tax:VAT", f"{MARCH}%")),
    (f"day-{MARCH}", "lines", "amount", {"line": "Rural"}, f"SELECT -({BOOKED})", ("levy:Rural", f"{MARCH}%")),
    (f"day-{MARCH}", "lines", "amount", {"kind_of_line": "arrears"}, RECOVERED, (f"{MARCH}%",)),
    ("arrears-paid", "each-booking", "amount", {}, RECOVERED, ("2026%",)),
    ("booked", "each-booking", "amount", {}, f"SELECT -({BOOKED})", ("tax:VAT", "2026%")),
    ("taxes", "taxes", "amount", {}, f"SELECT -({BOOKED})", ("tax:VAT", "2026-04%")),
    ("taxes", "charges", "amount", {"charge": "energy-charge"}, f"SELECT -({BOOKED})", ("income:energy", "2026-04%")),
    (f"day-{MARCH}", "differences", "difference", {}, f"SELECT -({BOOKED})", ("cash-difference:1", f"{MARCH}%")),
    (f"day-{APRIL}", "differences", "difference", {}, f"SELECT -({BOOKED})", ("cash-difference:2", f"{APRIL}%")),
    ("operators", "operators-held", "difference", {}, f"SELECT -({BOOKED})", ("cash-difference:1", "2026-03%")),
    ("month", "days", "takings", {}, TAKEN, ("2026-03%",)),
    ("month", "days", "cash", {}, PAID, ("till:%", "2026-03%")),
    ("month", "days", "recovered", {}, RECOVERED, ("2026-03%",)),
    ("month-running", "days", "takings", {}, TAKEN, ("2026-05%",)),
    *(("year", "months", "takings", {"month": m}, TAKEN, (f"{m}%",)) for m in ("2026-03", "2026-04", "2026-05")),
    ("sales", "each-sale", "takings", {}, TAKEN, ("2026%",)),
    ("sales", "each-sale", "energy", {}, SOLD, ("2026%",)),
    ("steps", "steps", "amount", {}, TAKEN, ("2026-03%",)),
    ("every-line", "each-charge", "amount", {}, TAKEN, ("2026-03%",)),
    ("every-line", "each-charge", "energy", {}, SOLD, ("2026-03%",)),
    ("arrears", "arrears", "owed", {"supply": SHOP}, HELD, (f"arrears:{SHOP}",)),
    ("statement", "balances", "owed", {"balance": "closing"}, HELD, (f"arrears:{SHOP}",)),
    ("energy", "areas", "sold", {}, "SELECT -sum(amount) FROM postings WHERE account = ?", ("office",)),
    ("energy", "areas", "used", {}, HELD, ("used:%",)),
    ("energy", "areas", "on-cards", {}, HELD, ("card:%",)),
    ("energy", "areas", "in-meters", {}, HELD, ("meter:%",)),
    ("energy-nowhere", "energy-supplies", "on-cards", {}, HELD, (f"card:{SHOP}",)),
    ("losses-of-an-area", "loss-months", "sold", {"month": "2026-03"}, f"{SOLD} AND supply <> '{SHOP}'", ("2026-03%",)),
    ("shift", "shift-drawer", "amount", {"drawer_line": "expected"}, COUNTED_OUT, (f"{MARCH}%",)),
]


@pytest.mark.parametrize(
    ("name", "table", "column", "where", "query", "values"),
    DIRECTLY,
    ids=["-".join((name, table, column, *where.values())) for name, table, column, where, _, _ in DIRECTLY],
)
def test_a_figure_is_what_was_posted(
    books: RealBooks, name: str, table: str, column: str, where: dict[str, str], query: str, values: tuple[str, ...]
) -> None:
    posted = books.sql(query, *values)
    assert posted, "something was posted there"
    assert told(made(books, ASKED[name]), table, column, **where) == posted


def test_the_books_of_the_story_prove_themselves(books: RealBooks) -> None:
    assert books.hall.counter.outside.ledger.verify().problems == ()
