"""Where a working day begins: what is open, what is odd, what to do next; the day so far beside the usual (row P1)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import DayReport, DaySums
from vending_app.domain.errors import VendingError
from vending_app.domain.money import grouped
from vending_app.domain.people import Operator
from vending_app.domain.start import OpenEnd
from vending_app.services.start_cases import ShowStart, StartShown
from vending_app.ui.begin.next_card import NextCard
from vending_app.ui.begin.start_words import LOOKS, next_of, said_end, verb_of
from vending_app.ui.components.verb_rows import VerbRow, VerbRows
from vending_app.ui.day.day_words import beside_usual, count_beside_usual, share_of, usual_day
from vending_app.ui.day.hours_card import HoursCard
from vending_app.ui.day.leads import arrears, sales_of, sold_until
from vending_app.ui.day.tiles import Tile, Told
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import counted, day_and_year, greeting
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

TILES, TILE_HIGH, GAP = 4, 96, 16
RIGHT, NARROW_RIGHT, NARROW_BELOW = 376, 320, 1100
NEXT_HIGH = 212
LOW, LOW_GAP, LOW_TILE, LOW_NEXT = 480, 12, 82, 112
"""Below this height what is next lies wide above the day, and what is open has the whole height at the right."""
CALM = "Nothing is open. Everything is in order."


class StartPage(Page):
    """Signals: asked(ShowStart); wanted(OpenEnd or Next) — its button; opened(Opens) — what a figure adds up."""

    asked = Signal(object)
    opened = Signal(object)
    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Start", parent=parent)
        self.shown: StartShown | None = None
        self.tiles = [Tile(look, self) for _ in range(TILES)]
        self.hours = HoursCard(look, self)
        self.open = VerbRows(look, title="What is open", empty=CALM, leads=False, parent=self)
        self.next = NextCard(look, self)
        self.open.wanted.connect(self.wanted)
        self.next.wanted.connect(self.wanted)
        for card in (*self.tiles, self.hours):
            card.opened.connect(self.opened)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.next.button

    def begin(self) -> None:
        """Look anew."""
        self.asked.emit(ShowStart())

    def show_start(self, shown: StartShown) -> None:
        """What is open now."""
        self.shown = shown
        now = shown.now.astimezone()
        first = shown.operator.full_name.split(" ")[0]
        self.set_title(f"{greeting(now)}, {first}", _remark(shown))
        following = next_of(shown)
        self.next.show_next(following)
        others = [end for end in shown.ends if end is not following.end]
        self.open.empty = CALM if following.end is None else "Nothing else is open."
        self.open.set_title("What is open" if following.end is None else "What else is open")
        self.open.show_rows([_row(end, shown.operator) for end in others])
        if shown.day is not None:
            for tile, told in zip(self.tiles, tiles_so_far(shown.day, now.hour), strict=True):
                tile.show_told(told)
            self.hours.show_report(shown.day, running=None if shown.day.is_closed else now.hour)
        self.resizeEvent(None)  # type: ignore[arg-type]  # what is shown depends on the role

    def show_trouble(self, error: VendingError) -> None:
        """It could not be read."""
        said = trouble(error)
        self.set_title("Start", f"{said.sentence} {said.remedy}")

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        """The day at the left where the role sees it; else what is open takes its place."""
        has_day = self.shown is not None and self.shown.day is not None
        right = NARROW_RIGHT if area.width() < NARROW_BELOW else RIGHT
        left = area.adjusted(0, 0, -right - GAP, 0)
        aside = QRectF(area.right() - right, area.top(), right, area.height())
        self.hours.setVisible(has_day)
        if has_day and area.height() < LOW:
            self.next.setGeometry(QRectF(left.left(), left.top(), left.width(), LOW_NEXT).toRect())
            self.open.setGeometry(aside.toRect())
            self._lay_out_day(left.adjusted(0, LOW_NEXT + LOW_GAP, 0, 0), LOW_TILE, LOW_GAP)
            return
        self.next.setGeometry(QRectF(aside.left(), aside.top(), right, NEXT_HIGH).toRect())
        below = aside.adjusted(0, NEXT_HIGH + GAP, 0, 0)
        self.open.setGeometry((below if has_day else left).toRect())
        self._lay_out_day(left, TILE_HIGH, GAP)

    def _lay_out_day(self, area: QRectF, tile_high: float, gap: float) -> None:
        """Tiles, and the hours below them."""
        shown = TILES if self.width() >= NARROW_BELOW else TILES - 1
        wide = (area.width() - (shown - 1) * gap) / shown
        for at, tile in enumerate(self.tiles):
            tile.setVisible(at < shown and not self.hours.isHidden())
            tile.setGeometry(QRectF(area.left() + at * (wide + gap), area.top(), wide, tile_high).toRect())
        self.hours.setGeometry(area.adjusted(0, tile_high + gap, 0, 0).toRect())


def _row(end: OpenEnd, operator: Operator) -> VerbRow:
    icon, name, _ = LOOKS[end.what]
    return VerbRow(icon, name, *said_end(end), verb_of(end, operator), end)


def _whole_day(day: DayReport) -> str:
    return f"{usual_day(day.day)} {day.usual.takings}" if day.usual else "nothing usual yet"


def _remark(shown: StartShown) -> str:
    parts = [day_and_year(shown.now.astimezone().date())]
    if shown.shift is not None:
        parts.append(f"shift {shown.shift.number} is open, {counted(shown.sold, 'sale', 'sales')} so far")
    return ", ".join(parts)


def tiles_so_far(day: DayReport, hour: int) -> tuple[Told, ...]:
    """Until the last full hour beside the same weekday until then; energy and arrears of the day as a whole."""
    so_far, now = day.until(hour), day.sums
    usual = day.usual_by_hour[hour] if day.usual_by_hour else DaySums()
    clock = f"until {hour:02d}:00"
    sales = count_beside_usual(so_far.sales, usual.sales) if day.usual_by_hour else ("", "nothing usual yet")
    told = (
        Told(f"Sold {clock}", str(so_far.takings), "", *beside_usual(so_far.takings.minor, usual.takings.minor)),
        Told(f"Sales {clock}", grouped(so_far.sales, digits=0), "", *sales),
        Told("Today by now", str(now.takings), "", "", _whole_day(day)),
        Told("Arrears recovered", str(now.arrears), "", "", share_of(now.arrears.minor, now.takings.minor)),
    )
    leads = (sold_until(day, hour), sold_until(day, hour), sales_of(day), arrears(day))
    return tuple(replace(each, opens=opens) for each, opens in zip(told, leads, strict=True))
