"""The supervisor's day: figures beside the usual, what was sold by hour, cashiers, tenders, what is odd (row P1)."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.day import DayReport
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import DeskNo, ShiftNo
from vending_app.domain.people import Shift
from vending_app.ports import LedgerProof
from vending_app.services.book_cases import ShowShiftReport
from vending_app.services.day_cases import DayShown, ShowDay, ShowDayPaper
from vending_app.services.use_cases import VerifyLedger
from vending_app.ui.book_words import said_period
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.closing_asks import ask_close_period
from vending_app.ui.bridge import Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import RING, place
from vending_app.ui.day.hours_card import HoursCard
from vending_app.ui.day.oddities_card import OdditiesCard
from vending_app.ui.day.share_cards import CashiersCard, TendersCard
from vending_app.ui.day.tiles import Tile, tiles_of
from vending_app.ui.fonts import Face
from vending_app.ui.pages.closings_page import said_proof
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import text_width
from vending_app.ui.phrases import WEEKDAYS, clock, day_and_month, day_and_year
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

TILES, TILE_HIGH, GAP = 5, 96, 16
RIGHT, NARROW_RIGHT, NARROW_BELOW = 376, 300, 1100
CHART_HIGH, TENDERS = 256, 336
LOW, LOW_GAP, LOW_TILE, LOW_SHARE = 480, 12, 82, 0.52
"""Below this height everything stands closer, and the chart has a share of what is there."""
MOST_DESKS, DESK_WIDE, ALL_DESKS, ONE_DESK = 3, 76, 92, 120
"""More desks than this, or less room than they need, and one button goes through them."""
AROUND_TITLE = 52 + 12 + 40 + 12
"""The arrows and their gaps."""


class DayPage(Page):
    """Signals: asked(use case); closings_wanted() — what is closed; oddity_wanted(DayOddity) — its verb;
    opened(Opens) — what a figure adds up."""

    asked = Signal(object)
    opened = Signal(object)
    closings_wanted = Signal()
    oddity_wanted = Signal(object)

    def __init__(self, look: Look, *, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Day", parent=parent)
        self._clock = clock
        self.report: DayReport | None = None
        self.desk: DeskNo | None = None
        self.shift: Shift | None = None
        """Of this desk, for its X."""
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.earlier = Button(look, "", icon="caret-left", parent=self)
        self.earlier.setAccessibleName("The day before")
        self.later = Button(look, "", icon="caret-right", parent=self)
        self.later.setAccessibleName("The day after")
        self.desks = Segmented(look, (Choice(None, "All desks"),), name="Desks", parent=self)
        self.desks.hide()
        self.next_desk = Button(look, "All desks", icon="storefront", parent=self)
        self.next_desk.hide()
        self.pdf = Button(look, "PDF", icon="file-pdf", parent=self)
        self.x_report = Button(look, "X report", icon="receipt", parent=self)
        self.closings = Button(look, "Closings", icon="list-bullets", parent=self)
        self.close_day = Button(look, "Close day", icon="lock-simple", parent=self)
        self.verbs = (self.pdf, self.x_report, self.closings, self.close_day)
        self.tiles = [Tile(look, self) for _ in range(TILES)]
        self.hours = HoursCard(look, self)
        self.cashiers = CashiersCard(look, self)
        self.tenders = TendersCard(look, self)
        self.oddities = OdditiesCard(look)
        self.column = ActColumn(look, self)
        self.column.add_home(self.oddities)

    def _connect(self) -> None:
        self.earlier.clicked.connect(lambda: self._on_day(-1))
        self.later.clicked.connect(lambda: self._on_day(1))
        self.next_desk.clicked.connect(self._on_next_desk)
        self.pdf.clicked.connect(self._on_pdf)
        self.x_report.clicked.connect(self._on_x)
        self.closings.clicked.connect(self.closings_wanted)
        self.close_day.clicked.connect(self._on_close)
        for card in (*self.tiles, self.hours, self.cashiers, self.tenders):
            card.opened.connect(self.opened)
        self.oddities.wanted.connect(self.oddity_wanted)
        self.oddities.checked.connect(self._on_check)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._leave)

    # --- shown ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Today, anew."""
        self.column.go_home()
        self._ask(None)

    def refresh(self) -> None:
        """The same day once more: something was done about it."""
        self._ask(self.report.day if self.report else None)

    def _ask(self, day: date | None) -> None:
        self.asked.emit(ShowDay(day, self.desk))

    def show_day(self, shown: DayShown) -> None:
        """A day as it stands."""
        report = self.report = shown.report
        now = shown.now.astimezone()
        is_today = report.day == now.date()
        for tile, told in zip(self.tiles, tiles_of(report), strict=True):
            tile.show_told(told)
        self.hours.show_report(report, running=now.hour if is_today and not report.is_closed else None)
        self.cashiers.show_report(report)
        self.tenders.show_report(report)
        self.oddities.show_report(report)
        self._show_desks(report)
        self.later.setEnabled(report.day < now.date())
        self._show_close(report, is_today=is_today)
        self._lay_out_head()

    def _show_close(self, report: DayReport, *, is_today: bool) -> None:
        """Days are closed one after the other: today leads to the one that was left open, if any may be closed."""
        is_next = report.day == report.closable
        self.close_day.setVisible(is_next or (is_today and report.closable is not None))
        is_settled = not any(odd.needs_somebody for odd in report.oddities)
        self.close_day.kind = Kind.PRIMARY if is_next and is_settled else Kind.SECONDARY

    def show_shift(self, shift: Shift | None) -> None:
        """Whose X may be looked at."""
        self.shift = shift
        self.x_report.setEnabled(shift is not None)

    def _show_desks(self, report: DayReport) -> None:
        if len(report.desks) < 2 or [choice.key for choice in self.desks.choices] == [None, *report.desks]:
            return
        shown = report.desks[:MOST_DESKS]
        self.desks.deleteLater()
        choices = (Choice(None, "All desks"), *(Choice(desk, f"Desk {desk}") for desk in shown))
        self.desks = Segmented(self.look, choices, name="Desks", parent=self)
        self.desks.choose(self.desk)
        self.desks.chosen.connect(self._on_desk)
        self.desks.show()

    def show_proof(self, proof: LedgerProof) -> None:
        """The journal was checked."""
        self.oddities.check.setEnabled(True)
        self.oddities.show_note(said_proof(proof, clock(self._clock.now())))

    def show_trouble(self, error: VendingError) -> None:
        """It could not be shown or checked."""
        said = trouble(error)
        self.oddities.check.setEnabled(True)
        self.oddities.show_note(("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}"))

    @property
    def first(self) -> QWidget:
        """Where the cursor begins: the first thing that needs somebody."""
        shown = zip(self.oddities.shown(), self.oddities.buttons, strict=False)
        return next((button for row, button in shown if row.is_open), self.earlier)

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    # --- what a person does -----------------------------------------------------------------------------

    def _on_day(self, days: int) -> None:
        if self.report is not None:
            self._ask(self.report.day + timedelta(days=days))

    def _on_desk(self, desk: object) -> None:
        self.desk = DeskNo(desk) if isinstance(desk, int) else None
        self.refresh()

    def _on_next_desk(self) -> None:
        """All, then one after the other."""
        if self.report is not None:
            places = [None, *self.report.desks]
            self._on_desk(places[(places.index(self.desk) + 1) % len(places)] if self.desk in places else None)

    def _on_pdf(self) -> None:
        if self.report is not None:
            self.asked.emit(ShowDayPaper(self.report.day, self.desk))

    def _on_x(self) -> None:
        if self.shift is not None:
            self.asked.emit(ShowShiftReport(ShiftNo(self.shift.number)))

    def _on_check(self) -> None:
        self.oddities.check.setEnabled(False)
        self.oddities.show_note(("accent", "clock-clockwise", "Checking every row. This may take a while."))
        self.asked.emit(VerifyLedger())

    def _on_close(self) -> None:
        if self.report is None:
            return
        if self.report.day != self.report.closable:
            self._ask(self.report.closable)
            return
        period = self.report.day.isoformat()
        facts = (("Takings", str(self.report.sums.takings), ""), ("Z", str(self.report.number), ""))
        self.column.open(ask_close_period(ClosingKind.DAY, period, facts=facts, now=self._clock.now()))

    def _on_done(self, done: Finished) -> None:
        if isinstance(done.answer, Closing):
            self.column.go_home()
            self.refresh()

    def _leave(self) -> None:
        self.column.go_home()
        self.close_day.setFocus()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._lay_out_head()
        low = area.height() < LOW
        gap, tile_high = (LOW_GAP, LOW_TILE) if low else (GAP, TILE_HIGH)
        self._lay_out_tiles(area, gap, tile_high)
        below = area.adjusted(0, tile_high + gap, 0, 0)
        right = NARROW_RIGHT if area.width() < NARROW_BELOW else RIGHT
        left = below.adjusted(0, 0, -right - gap, 0)
        chart = round((left.height() - gap) * LOW_SHARE) if low else CHART_HIGH
        self.hours.setGeometry(QRectF(left.left(), left.top(), left.width(), chart).toRect())
        foot = left.adjusted(0, chart + gap, 0, 0)
        tenders = min(TENDERS, foot.width() * 0.42)
        self.cashiers.setGeometry(foot.adjusted(0, 0, -tenders - gap, 0).toRect())
        self.tenders.setGeometry(QRectF(foot.right() - tenders, foot.top(), tenders, foot.height()).toRect())
        self.column.setGeometry(QRectF(below.right() - right, below.top(), right, below.height()).toRect())

    def _lay_out_tiles(self, area: QRectF, gap: int, high: int) -> None:
        wide = (area.width() - (TILES - 1) * gap) / TILES
        for at, tile in enumerate(self.tiles):
            left = round(area.left() + at * (wide + gap))
            tile.setGeometry(left, round(area.top()), round(area.left() + at * (wide + gap) + wide) - left, high)

    def _lay_out_head(self) -> None:
        """Arrows at both sides of the title, then the desks; the title gives way, then the desks to one button."""
        self.title_indent = 52
        place(self.earlier, RING, RING, 40, 40)
        is_narrow = self.width() < NARROW_BELOW
        if self.report is not None:
            self.close_day.set_words(_said_close(self.report, is_narrow=is_narrow))
        self.lay_out_verbs()
        taken = sum(button.width() + 8 for button in self.verbs if not button.isHidden())
        room = self.width() - 2 * RING - taken - AROUND_TITLE
        desks, wide = self._desks_in(room)
        title = self._entitle(room - wide)
        place(self.later, RING + 52 + title + 12, RING, 40, 40)
        for widget in (self.desks, self.next_desk):
            widget.setVisible(widget is desks)
        left = RING + title + AROUND_TITLE
        if desks is self.next_desk:
            place(desks, left, RING, wide, 40)
        elif desks is not None:
            desks.setGeometry(round(left), RING, round(wide), 40)

    def _desks_in(self, room: float) -> tuple[QWidget | None, float]:
        """What tells the desks apart beside the short title, and how wide it is; nothing where there is one."""
        if self.report is None or len(self.report.desks) < 2:
            return None, 0
        self.next_desk.set_words("All desks" if self.desk is None else f"Desk {self.desk}")
        wide = ALL_DESKS + DESK_WIDE * (len(self.desks.choices) - 1)
        short = text_width(short_period(self.report.day), Face.PAGE_TITLE)
        if len(self.report.desks) <= MOST_DESKS and short + wide <= room:
            return self.desks, wide
        return self.next_desk, max(ONE_DESK, self.next_desk.content_width() + 26)

    def _entitle(self, room: float) -> float:
        """The longest of the titles that has room; answers how wide it is."""
        if self.report is not None:
            day = self.report.day
            whole, short = said_period(ClosingKind.DAY, day.isoformat()), short_period(day)
            self.set_title(whole if text_width(whole, Face.PAGE_TITLE) <= room else short)
        return min(text_width(self.title, Face.PAGE_TITLE), max(120, room))


def short_period(day: date) -> str:
    """`Fri 14 Nov 2025`."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day_and_year(day)}"


def _said_close(report: DayReport, *, is_narrow: bool) -> str:
    """`Close day, Z 291`; of a day that must wait for one before it, `Close 27 Nov first`."""
    if report.closable not in {None, report.day}:
        return f"Close {day_and_month(report.closable)} first"
    return "Close day" if is_narrow else f"Close day, Z {report.number}"
