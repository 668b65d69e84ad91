"""Which meters to inspect: the list in order of priority, the evidence, the route, and what was found (row S11)."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.money import grouped
from vending_app.services import inspection_cases as ask
from vending_app.services.inspection_cases import InspectionShown, Listed
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.inspect.evidence_card import EvidenceCard, said_route
from vending_app.ui.inspect.inspect_asks import ask_criteria, ask_finding
from vending_app.ui.inspect.inspect_words import said_why
from vending_app.ui.inspect.kept_lists import BY_PRIORITY, other_of, remark_of, said_other, title_of
from vending_app.ui.inspect.priority_list import PriorityList
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.phrases import counted, when
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

LIST_WIDTH, NARROW_LIST, NARROW_BELOW = 552, 440, 1100
OTHER_HEIGHT = 40
EVERYWHERE = "All areas"


class EmptyList(Surface):
    """What stands there before a list was counted, and when nothing stands out."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title=BY_PRIORITY, parent=parent)
        self.told = ("shield-check", "No list is counted yet", "It is counted from all purchases and write-backs.")

    def draw(self, ink: Ink) -> None:
        icon, title, step = self.told
        draw_empty(ink, QRectF(self.rect()), icon=icon, title=title, step=step)


class InspectPage(Page):
    """Signals: asked(use case); count_wanted() — a list, counted beside the counter; stop_wanted() — not any more;
    check_wanted(str) — a check card for the area of this code.
    """

    asked = Signal(object)
    count_wanted = Signal()
    stop_wanted = Signal()
    check_wanted = Signal(str)

    def __init__(self, look: Look, *, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Inspection", parent=parent)
        self._clock = clock
        self.shown: InspectionShown | None = None
        self.area = EVERYWHERE
        self.is_counting = False
        self._left = QRectF()
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.areas = Button(look, EVERYWHERE, icon="map-pin", parent=self)
        self.criteria = Button(look, "Criteria", icon="sliders-horizontal", parent=self)
        self.count = Button(look, "Count anew", icon="clock-clockwise", parent=self)
        self.sheet = Button(look, said_route(0), kind=Kind.PRIMARY, icon="printer", parent=self)
        self.check = Button(look, "Check card", icon="identification-card", parent=self)
        self.verbs = (self.areas, self.criteria, self.count, self.check, self.sheet)
        self.list = PriorityList(look, self)
        self.empty = EmptyList(look, self)
        self.other = Button(look, "", icon="clipboard-text", parent=self)
        self.other.hide()
        self.evidence = EvidenceCard(look)
        self.column = ActColumn(look, self)
        self.column.add_home(self.evidence)

    def _connect(self) -> None:
        self.areas.clicked.connect(self._on_area)
        self.criteria.clicked.connect(self._on_criteria)
        self.count.clicked.connect(self._on_count)
        self.sheet.clicked.connect(self._on_sheet)
        self.check.clicked.connect(self._on_check)
        self.other.clicked.connect(self._on_other)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _: self._on_finding())
        self.evidence.finding_wanted.connect(self._on_finding)
        self.evidence.route_wanted.connect(self._on_route)
        self.column.asked.connect(self.asked)
        self.column.done.connect(lambda _: self._leave())
        self.column.left.connect(self._leave)

    # --- shown ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the newest list: a new one is counted once a day, if nothing is still to come of this one."""
        self.column.go_home()
        self.asked.emit(ask.ShowInspection())

    def show_inspection(self, shown: InspectionShown) -> None:
        """A list, with its routes and findings as they are now."""
        self.shown = shown
        if self.area != EVERYWHERE and self.area not in self._areas():
            self.area = EVERYWHERE
        self._show_rows()

    def show_counting(self, is_counting: bool) -> None:
        """While it is counted beside the counter."""
        self.is_counting = is_counting
        words = ("Stop counting", "x") if is_counting else ("Count anew", "clock-clockwise")
        self.count.set_words(words[0], icon=words[1])
        self._say()

    def show_far(self, done: int, of: int) -> None:
        """How far the counting is."""
        if self.is_counting:
            self._remark(*_said_counting(done, of))

    def show_trouble(self, error: VendingError) -> None:
        """It could not be counted or shown."""
        said = trouble(error)
        self.show_counting(False)
        self.set_title("Inspection", f"{said.sentence} {said.remedy}")

    def _rows(self) -> tuple[Listed, ...]:
        lines = self.shown.lines if self.shown else ()
        return tuple(line for line in lines if self.area in {EVERYWHERE, line.area})

    def _areas(self) -> list[str]:
        return sorted({line.area for line in self.shown.lines if line.area}) if self.shown else []

    def _show_rows(self) -> None:
        rows = self._rows()
        sample = self.shown.sample if self.shown else None
        title, remark = title_of(self.shown, today=self._today()), remark_of(self.shown, len(rows), today=self._today())
        self.list.show_rows(rows, title=title, remark=remark)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if sample is not None and not rows:
            step = f"{counted(sample.looked_at, 'supply was', 'supplies were')} looked at."
            self.empty.told = ("shield-check", "Nothing stands out", step)
        self._show_other()
        route = self.shown.route if self.shown else ()
        self.sheet.set_words(said_route(len(route)))
        self.sheet.setEnabled(bool(route))
        self.check.setVisible(bool(self._without_card()))
        self.areas.set_words(self.area)
        self.areas.setEnabled(bool(self._areas()))
        self.criteria.setEnabled(self.shown is not None)
        self._say()

    def _show_other(self) -> None:
        """The way to another list, where there is one."""
        self.other.set_words(said_other(self.shown, today=self._today()))
        self.other.setVisible(other_of(self.shown) is not None)
        self._lay_out_left()

    def _say(self) -> None:
        sample = self.shown.sample if self.shown else None
        self.lay_out_verbs()
        if self.is_counting:
            self._remark(*_said_counting(0, 1))
        elif sample is not None:
            counted_when = f"Counted {when(sample.at, today=self._today())}."
            of_all = counted(sample.looked_at, "supply stands", "supplies stand")
            self._remark(f"{grouped(sample.standing_out, digits=0)} of {of_all} out. {counted_when}", counted_when)
        else:
            self.set_title("Inspection")

    def _remark(self, *told: str) -> None:
        """The longest that has room; what has none is not painted."""
        room = self.title_room - text_width("Inspection", Face.PAGE_TITLE) - 16
        self.set_title("Inspection", next((each for each in told if text_width(each, Face.BODY) < room), told[-1]))

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.list if not self.list.isHidden() else self.count

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    # --- what a person does -----------------------------------------------------------------------------

    def _on_area(self) -> None:
        """The next area, and after the last one all."""
        places = [EVERYWHERE, *self._areas()]
        self.area = places[(places.index(self.area) + 1) % len(places)]
        self._show_rows()

    def _on_count(self) -> None:
        (self.stop_wanted if self.is_counting else self.count_wanted).emit()

    def _on_criteria(self) -> None:
        if self.shown is not None:
            self.column.open(ask_criteria(self.shown))

    def _on_chosen(self, row: object) -> None:
        self.evidence.show_row(row if isinstance(row, Listed) else None, today=self._today())

    def _on_finding(self) -> None:
        row, sample = self.list.current, self.shown.sample if self.shown else None
        if row is not None and sample is not None:
            self.column.open(ask_finding(sample, row, today=self._today()))

    def _on_route(self, is_on: bool) -> None:
        row, sample = self.list.current, self.shown.sample if self.shown else None
        if row is not None and sample is not None:
            self.asked.emit(ask.MarkRoute(sample.number, row.line.supply, is_on))

    def _on_sheet(self) -> None:
        if self.shown is not None and self.shown.sample is not None:
            self.asked.emit(ask.ShowRouteSheet(self.shown.sample.number, said_why(self.shown)))

    def _on_other(self) -> None:
        self.asked.emit(ask.ShowInspection(other_of(self.shown)))

    def _on_check(self) -> None:
        """For the area of the chosen meter, if it is on the route; else for the first that has no card out."""
        areas = self._without_card()
        current = self.list.current
        if current is not None and current.area_code in areas:
            self.check_wanted.emit(current.area_code)
        elif areas:
            self.check_wanted.emit(areas[0])

    def _without_card(self) -> list[str]:
        """Areas of the route where a meter waits to be read and no check card is out that still counts."""
        route = self.shown.route if self.shown else ()
        waiting = [each for each in route if each.read is None and each.line.finding is None and each.area_code]
        today = self._today()
        return list(
            dict.fromkeys(each.area_code for each in waiting if each.card is None or each.card.expires_on < today)
        )

    def _leave(self) -> None:
        self.column.go_home()
        self.first.setFocus()

    def _today(self) -> date:
        return self._clock.now().astimezone().date()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._left = QRectF(area.left(), area.top(), self._wide(area), area.height())
        self._lay_out_left()
        self.column.setGeometry(area.adjusted(self._left.width() + 16, 0, 0, 0).toRect())

    def _wide(self, area: QRectF) -> float:
        return NARROW_LIST if area.width() < NARROW_BELOW else LIST_WIDTH

    def _lay_out_left(self) -> None:
        """The list, and below it the way to another one."""
        left = self._left
        foot = 0 if self.other.isHidden() else OTHER_HEIGHT + 8
        for each in (self.list, self.empty):
            each.setGeometry(left.adjusted(0, 0, 0, -foot).toRect())
        place(self.other, left.left(), left.bottom() - OTHER_HEIGHT, left.width(), OTHER_HEIGHT)


def _said_counting(done: int, of: int) -> tuple[str, ...]:
    """How far it is, from the longest."""
    percent = f"{done * 100 // max(of, 1)} %"
    return f"Counting, {percent}. You can go on working.", f"Counting, {percent}.", percent
