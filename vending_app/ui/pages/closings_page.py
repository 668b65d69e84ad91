"""For the supervisor: what was closed and what may be, and whether the journal still proves itself."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import ShiftNo, spaced
from vending_app.domain.money import grouped
from vending_app.domain.report import Opens
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ports import LedgerProof
from vending_app.services.book_cases import Closings, ListClosings, ShowShiftReport
from vending_app.services.use_cases import VerifyLedger
from vending_app.ui.book_words import CLOSINGS, said_period
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.closing_asks import ask_close_period
from vending_app.ui.bridge import Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, RING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import Ink
from vending_app.ui.phrases import clock, counted, full_day
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

NUMBER, PERIOD, SALES, KWH, TOTAL, BOOKS = range(6)
NARROW_BELOW = 1100
SEGMENTS = 400
_REPORTS = {
    ClosingKind.DAY: ReportKind.DAY,
    ClosingKind.MONTH: ReportKind.MONTH,
    ClosingKind.YEAR: ReportKind.YEAR,
}
UNCHECKED = ("accent", "shield-check", "Chains, signatures, balances and numbers are checked row by row.")


def said_number(closing: Closing) -> str:
    """`2-000041` of a shift, `12` of a day."""
    return f"{closing.desk}-{closing.number:06d}" if closing.desk is not None else str(closing.number)


def said_proof(proof: LedgerProof, at: str) -> tuple[str, str, str]:
    """What the check found, in words."""
    entries = grouped(proof.entries, digits=0)
    if proof.is_ok:
        return "ok", "shield-check", f"Journal checked at {at}: all {entries} entries in order."
    number = counted(len(proof.problems), "thing does", "things do")
    return "bad", "warning-circle-fill", f"{number} not add up. Call the help desk and read this out."


class JournalCard(Surface):
    """Whether the books prove themselves. Signals: wanted()."""

    wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="The journal", parent=parent)
        self.note: tuple[str, str, str] = UNCHECKED
        self.problems: tuple[str, ...] = ()
        self.button = Button(look, "Check the journal", icon="shield-check", parent=self)
        self.button.clicked.connect(self.wanted)

    def show_note(self, note: tuple[str, str, str], problems: tuple[str, ...] = ()) -> None:
        """What came of it."""
        self.note, self.problems = note, problems
        self.setAccessibleDescription("; ".join((note[2], *problems)))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        place(self.button, PADDING, 52, self.width() - 2 * PADDING, 40)

    def draw(self, ink: Ink) -> None:
        width = self.width() - 2 * PADDING
        draw_note(ink, QRectF(PADDING, 108, width, 58), self.note)
        top = 198.0
        for problem in self.problems[:6]:
            ink.paragraph(QRectF(PADDING, top, width, 52), problem, face=Face.SMALL, from_top=True)
            top += 60


class ClosingsPage(Page):
    """Signals: asked(ListClosings | ClosePeriod | VerifyLedger | ShowShiftReport); opened(Opens) — its report."""

    asked = Signal(object)
    opened = Signal(object)

    def __init__(self, look: Look, *, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Day", parent=parent)
        self._clock = clock
        self.kind = ClosingKind.DAY
        self.closings: Closings | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        kinds = [Choice(kind, CLOSINGS[kind][1]) for kind in ClosingKind]
        self.kinds = Segmented(look, kinds, name="What was closed", parent=self)
        self.kinds.choose(ClosingKind.DAY)
        self.close_button = Button(look, "Close the day", kind=Kind.PRIMARY, icon="lock-simple", parent=self)
        self.sales_button = Button(look, "Its sales", icon="list-bullets", parent=self)
        self.verbs = (self.sales_button, self.close_button)
        self.list_card = Surface(look, title="Closed", parent=self)
        columns: list[Column[Closing]] = [
            Column("Number", said_number, 108, strong=True),
            Column("Period", lambda row: said_period(row.kind, row.period)),
            Column("Sales", lambda row: str(row.totals.count), 72, right=True),
            Column("kWh", lambda row: str(row.totals.energy_sold), 120, right=True),
            Column("Total", lambda row: str(row.totals.sold), 120, right=True, strong=True),
            Column("Books", lambda row: spaced(row.fingerprint), 124, right=True, muted=True),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Closed", parent=self)
        self.table.empty = ("", "", "")
        self.table.shows_focus = True
        self.column = ActColumn(look, self)
        self.journal = JournalCard(look)
        self.column.add_home(self.journal)
        order = (self.kinds, self.sales_button, self.close_button, self.table)
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._on_kind)
        self.close_button.clicked.connect(self._on_close)
        self.sales_button.clicked.connect(self._on_sales)
        self.journal.wanted.connect(self._on_check)
        self.table.opened.connect(self._on_opened)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._on_left)

    # --- shown ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask what was closed."""
        self.column.go_home()
        self.asked.emit(ListClosings(self.kind))

    def show_closings(self, closings: Closings) -> None:
        """The list, and what may be closed now; an answer about another kind came too late."""
        if closings.kind is not self.kind:
            return
        self.closings = closings
        one, many, word = CLOSINGS[self.kind]
        self.model.show_rows(closings.closings)
        if closings.closings:
            self.table.selectRow(0)
        step = f"The first {word} that is closed will stand here."
        self.table.empty = ("calendar-check", f"No {word} is closed yet", step)
        self.table.viewport().update()
        hint = "Enter shows the Z" if self.kind is ClosingKind.SHIFT else "Enter shows its report"
        self.list_card.set_title(f"{many} that are closed", hint if closings.closings else "")
        # A Z is a paper: what it adds up is told as a list. Reports of longer periods lead to theirs by themselves.
        self.sales_button.setVisible(self.kind is ClosingKind.SHIFT)
        self.sales_button.setEnabled(bool(closings.closings))
        closable = closings.closable
        self.close_button.setVisible(self.kind is not ClosingKind.SHIFT)
        self.close_button.setEnabled(bool(closable))
        self.close_button.set_words(f"Close the {word}")
        self.set_title(one, said_period(self.kind, closable) + " is open" if closable else "")
        self.lay_out_verbs()

    def show_proof(self, proof: LedgerProof) -> None:
        """The journal was checked."""
        self.journal.button.setEnabled(True)
        self.journal.show_note(said_proof(proof, clock(self._clock.now())), proof.problems)

    def show_trouble(self, error: VendingError) -> None:
        """The check could not be made."""
        said = trouble(error)
        self.journal.button.setEnabled(True)
        self.journal.show_note(("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}"))

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    # --- what a person does -----------------------------------------------------------------------------

    def _on_kind(self, kind: object) -> None:
        assert isinstance(kind, ClosingKind)
        self.kind = kind
        self.model.show_rows(())
        self.table.empty = ("", "", "")
        self.begin()

    def _on_close(self) -> None:
        if self.closings is None or not self.closings.closable:
            return
        kind, period = self.closings.kind, self.closings.closable
        last = said_number(self.model.rows[0]) if self.model.rows else "none yet"
        self.close_button.setEnabled(False)
        facts = (("Last number", last, ""),)
        self.column.open(ask_close_period(kind, period, facts=facts, now=self._clock.now()))

    def _on_check(self) -> None:
        self.journal.button.setEnabled(False)
        self.journal.show_note(("accent", "clock-clockwise", "Checking every row. This may take a while."))
        self.asked.emit(VerifyLedger())

    def _on_sales(self) -> None:
        z = self.table.chosen
        if isinstance(z, Closing):
            day = z.at.astimezone().date().isoformat()
            self.opened.emit(Opens("report", asked=ReportAsked(ReportKind.SALES, day, by="shift", of=z.period)))

    def _on_opened(self, row: object) -> None:
        if not isinstance(row, Closing):
            return
        if row.kind is ClosingKind.SHIFT:
            self.asked.emit(ShowShiftReport(ShiftNo(int(row.period))))
        else:
            self.opened.emit(Opens("report", asked=ReportAsked(_REPORTS[row.kind], row.period)))

    def _on_done(self, done: Finished) -> None:
        if isinstance(done.answer, Closing):
            closing = done.answer
            self.column.go_home()
            words = f"{said_period(closing.kind, closing.period)} is closed. Books {spaced(closing.fingerprint)}"
            self.journal.show_note(("ok", "check-circle-fill", f"{words}, at {full_day(closing.at)}."))
            self.asked.emit(ListClosings(self.kind))
            self.table.setFocus()

    def _on_left(self) -> None:
        self.close_button.setEnabled(self.closings is not None and bool(self.closings.closable))
        self.close_button.setFocus()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        narrow = area.width() < NARROW_BELOW
        right = 320 if narrow else 376
        left = area.adjusted(0, 0, -right - 16, 0)
        self.list_card.setGeometry(left.toRect())
        place_table(self.table, left.adjusted(5, 44, -5, -5))
        for column in (SALES, KWH):
            self.table.setColumnHidden(column, narrow)
        self.column.setGeometry(area.adjusted(area.width() - right, 0, 0, 0).toRect())
        taken = sum(button.width() + 8 for button in self.verbs if not button.isHidden())
        wide = min(SEGMENTS, area.width() - taken - 300)
        place(self.kinds, self.width() - RING - taken - wide - 8, RING, wide, 40)
