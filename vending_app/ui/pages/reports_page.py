"""Reports: chosen at the left, shown with their picture and their tables; on paper, for Excel, as text (row P1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QRectF, QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.report import Opens, Report
from vending_app.domain.report_asked import ON_PAGE, USUAL_DAYS, ReportAsked, ReportKind, Span, period_beside, period_of
from vending_app.domain.said_report import SaidReport
from vending_app.services.report_cases import MakeTables, ShowReportPaper, TableForm
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import RING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import text_width
from vending_app.ui.reports.captions import CAPTIONS
from vending_app.ui.reports.chart_card import ChartCard
from vending_app.ui.reports.report_words import STOPPED, TITLES, file_name, said_asked, said_far, said_report
from vending_app.ui.reports.tables_card import ALL, TablesCard
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

LIST, NARROW_LIST, NARROW_BELOW, GAP = 232, 200, 1100, 16
DAYS = (30, 60, 90, 180)
DAYS_WIDE = 280


class ReportsPage(Page):
    """Signals: wanted(ReportAsked), stop_wanted(), asked(use case), opened(Opens) — what a line is made of."""

    wanted = Signal(object)
    stop_wanted = Signal()
    asked = Signal(object)
    opened = Signal(object)

    def __init__(self, look: Look, *, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Reports", can_go_back=True, parent=parent)
        self._clock = clock
        self.report: Report | None = None
        self.said: SaidReport | None = None
        self.at_work = ""
        """What is being done beside the counter, in words."""
        self.choice = ReportAsked(ReportKind.DAY)
        self._came_from: list[ReportAsked] = []
        """Reports whose lines led to this one: Esc goes back to them."""
        self.usual_days = USUAL_DAYS
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        column: Column[ReportKind] = Column("", lambda kind: TITLES[kind][0], mark=_icon_of)
        kinds: RowsModel[ReportKind] = RowsModel([column], self)
        kinds.show_rows(ON_PAGE)
        self.side = Surface(look, parent=self)
        self.kinds = Table(look, kinds, name="Reports", headed=False, parent=self)
        self.kinds.shows_focus = True
        # Now, because a table without a chosen row takes its first one with the focus, unmarked.
        self.kinds.selectRow(ON_PAGE.index(self.choice.kind))
        self.earlier = Button(look, "", icon="caret-left", parent=self)
        self.earlier.setAccessibleName("The period before")
        self.later = Button(look, "", icon="caret-right", parent=self)
        self.later.setAccessibleName("The period after")
        self.days = Segmented(look, [Choice(days, f"{days} days") for days in DAYS], name="Without a sign", parent=self)
        self.stop = Button(look, "Stop", icon="x", parent=self)
        self.pdf = Button(look, "PDF", icon="file-pdf", parent=self)
        self.xlsx = Button(look, "Excel", icon="table", parent=self)
        self.csv = Button(look, "CSV", icon="file-text", parent=self)
        self.verbs = (self.stop, self.csv, self.xlsx, self.pdf)
        self.chart = ChartCard(look, self)
        self.card = TablesCard(look, self)
        self._below = QRectF()
        self._is_going_down = False

    def _connect(self) -> None:
        self.kinds.selectionModel().currentRowChanged.connect(self._on_kind)
        self.kinds.opened.connect(self._on_again)
        self.earlier.clicked.connect(lambda: self._on_period(-1))
        self.later.clicked.connect(lambda: self._on_period(1))
        self.days.chosen.connect(self._on_days)
        self.stop.clicked.connect(self._on_stop)
        self.pdf.clicked.connect(self._on_pdf)
        self.card.opened.connect(self._on_opened)
        self.xlsx.clicked.connect(lambda: self._on_tables(TableForm.XLSX))
        self.csv.clicked.connect(lambda: self._on_tables(TableForm.CSV))
        self.chart.opened.connect(self._on_pointed)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.kinds

    def begin(self) -> None:
        """The same report as before, anew; at first that of today."""
        asked = self.choice
        self._ask(asked if asked.period else replace(asked, period=period_of(self._today(), asked.span)))

    def show_usual_days(self, days: int) -> None:
        """After how many days this office calls a customer silent: offered in place of the usual number."""
        offered = sorted({days, *DAYS} - ({USUAL_DAYS} if days not in DAYS else set()))
        self.days.set_choices([Choice(each, f"{each} days") for each in offered])
        self.usual_days = days

    def show_at_work(self, doing: str) -> None:
        """It is being read or written down beside the counter, or no more."""
        self.at_work = doing
        self._show_head()

    def show_far(self, done: int, of: int) -> None:
        """How far the reading is."""
        if self.at_work:
            self.set_title(TITLES[self.choice.kind][0], said_far(self.at_work, done, of))

    def step_back(self) -> bool:
        """Esc inside the page: from the sales of a line to the report that has it; False if there is none."""
        if not self._came_from:
            return False
        self.go_to(self._came_from.pop())
        return True

    def show_report(self, report: Report) -> None:
        """What was asked last; what came too late is not shown."""
        if report.asked != self.choice:
            return
        self.report, self.said, self.at_work = report, said_report(report), ""
        self.chart.show_report(self.said)
        self.card.show_report(self.said)
        self._lay_out_below()
        self._show_head()
        if self._is_going_down and self.card.table is not None and self.kinds.hasFocus():
            self.card.table.setFocus()
        self._is_going_down = False

    def show_trouble(self, error: VendingError) -> None:
        """It could not be read."""
        said = trouble(error)
        self.report, self.said, self.at_work = None, None, ""
        self._show_head()
        self.set_title(TITLES[self.choice.kind][0], f"{said.sentence} {said.remedy}")

    def _show_head(self) -> None:
        """Title, period, and what may be done with it."""
        is_there, span = self.said is not None, self.choice.span
        title = TITLES[self.choice.kind][0]
        said = self.said.about if self.said is not None else said_asked(self.choice)
        self.set_title(title, self.at_work or said)
        for button in (self.pdf, self.xlsx, self.csv):
            button.setEnabled(is_there and not self.at_work)
        self.stop.setVisible(bool(self.at_work))
        has_period = bool(self.choice.period) and span is not Span.NOW
        for button in (self.earlier, self.later):
            button.setVisible(has_period)
        self.later.setEnabled(has_period and self.choice.period < self._today().isoformat()[: len(self.choice.period)])
        self.days.setVisible(span is Span.DAYS)
        self.days.choose(self.choice.days)
        self.lay_out_verbs()
        self._lay_out_head()

    # --- what a person does -----------------------------------------------------------------------------

    def _on_kind(self, *_: object) -> None:
        kind = self.kinds.chosen
        if kind is not None:
            self._came_from.clear()
            asked = ReportAsked(kind)
            self._ask(ReportAsked(kind, period_of(self._today(), asked.span), self.usual_days))

    def _on_again(self, _kind: object) -> None:
        """Enter on the kind whose reading was stopped, or failed."""
        if self.said is None and not self.at_work:
            self._ask(self.choice)

    def _on_stop(self) -> None:
        self.stop_wanted.emit()
        if self.said is None:
            self.set_title(TITLES[self.choice.kind][0], STOPPED)

    def _on_period(self, step: int) -> None:
        self._ask(replace(self.choice, period=period_beside(self.choice.period, step)))

    def _on_days(self, days: object) -> None:
        self._ask(ReportAsked(self.choice.kind, days=int(str(days))))

    def _ask(self, asked: ReportAsked) -> None:
        if asked != self.choice or self.report is None:
            self.report = self.said = None
            self._clear()
        self.choice = asked
        self._show_head()
        self.wanted.emit(asked)

    def _clear(self) -> None:
        """Figures of another report never stand under this one's name, nor does the place of its picture stay."""
        self.card.clear()
        self._lay_out_below()

    def _on_pdf(self) -> None:
        if self.said is not None:
            self.asked.emit(ShowReportPaper(file_name(self.choice), self.said))

    def _on_tables(self, form: TableForm) -> None:
        if self.report is not None:
            self.asked.emit(MakeTables(file_name(self.choice), self.report, CAPTIONS, form))

    def _on_opened(self, table_at: int, row: int) -> None:
        """Down to what a line is made of: a day, a sale, a Z, the life of a supply, or another report."""
        if self.report is None:
            return
        told = self.report.tables[table_at]
        self._open(self.report.opened_all(table_at) if row == ALL else told.opened(row))

    def _on_pointed(self, at: int) -> None:
        """Down to what a bar or a line is made of."""
        if self.report is None or self.said is None:
            return
        if self.said.bars:
            self._open(self.said.bars[at].opens)
        else:
            self._open(Opens("report", asked=ReportAsked(ReportKind.LOSSES, area=self.said.lines[at].key)))

    def _open(self, opens: Opens | None) -> None:
        if opens is None or self.report is None:
            return
        if opens.what == "table":
            self.card.point_at([table.key for table in self.report.tables].index(opens.key))
        elif opens.what == "row":
            self.card.point_at(0, int(opens.key))
        elif opens.asked is None:
            self.opened.emit(opens)
        elif opens.asked != self.choice:
            self._came_from.append(self.choice)
            self._go_down(opens.asked)

    def go_down_to(self, asked: ReportAsked) -> None:
        """What a figure of another page is made of; nothing of this page led there."""
        self._came_from.clear()
        self._go_down(asked)

    def _go_down(self, asked: ReportAsked) -> None:
        # What was pointed at goes; the cursor waits beside it, for the table that takes its place.
        self._is_going_down = True
        self.kinds.setFocus()
        self.go_to(asked)

    def go_to(self, asked: ReportAsked) -> None:
        """A report that somebody did not choose at the left."""
        with QSignalBlocker(self.kinds.selectionModel()):
            self.kinds.selectRow(ON_PAGE.index(asked.kind))
        self.kinds.viewport().update()
        self._ask(asked)

    def _today(self) -> date:
        return self._clock.now().astimezone().date()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        wide = NARROW_LIST if area.width() < NARROW_BELOW else LIST
        left = QRectF(area.left(), area.top(), wide, area.height())
        self.side.setGeometry(left.toRect())
        place_table(self.kinds, left.adjusted(5, 9, -5, -9))
        self._below = area.adjusted(wide + GAP, 0, 0, 0)
        self._lay_out_head()
        self._lay_out_below()

    def _lay_out_below(self) -> None:
        below = self._below
        high = self.chart.height_in(below.height()) if self.said is not None else 0
        self.chart.setVisible(high > 0)
        self.chart.setGeometry(QRectF(below.left(), below.top(), below.width(), high).toRect())
        under = below.adjusted(0, high + GAP if high else 0, 0, 0)
        self.card.setGeometry(under.toRect())

    def _lay_out_head(self) -> None:
        """Arrows or days after the title and what it is about."""
        left = RING + 52 + text_width(self.title, Face.PAGE_TITLE) + 16
        if self.remark:
            left += text_width(self.remark, Face.BODY) + 16
        place(self.earlier, left, RING, 40, 40)
        place(self.later, left + 48, RING, 40, 40)
        place(self.days, left, RING, DAYS_WIDE, 40)


def _icon_of(kind: ReportKind) -> tuple[str, str]:
    return TITLES[kind][1], "text"
