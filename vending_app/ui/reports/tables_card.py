"""The tables of a report, one at a time: a tab for each, or arrows between them where tabs have no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.said_report import SaidReport, SaidTable
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.paint import text_width
from vending_app.ui.reports.report_table import make_table, show_from
from vending_app.ui.theme import Look

HEAD, TAB_SIDES, LEAST_SIDES = 64, 16, 8
TOP, HIGH = 12, 40
ALL = -1
FIRST = 1
SIDEWAYS_WIDE = 124
SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ARROWS = (105, 57)
"""Of their left edges from the right one."""


class TablesCard(Surface):
    """Signals: opened(int, int) — a line of a table, by their places in the report; ALL for the sums of it."""

    opened = Signal(int, int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.said: SaidReport | None = None
        self.at = 0
        self.first = FIRST
        """The column that stands beside the first one: Right and Left go through those that have no room at once."""
        self._hidden = 0
        self.tabs = Segmented(look, (Choice(0, "All"),), name="Table", parent=self)
        self.before = Button(look, "", icon="caret-left", parent=self)
        self.before.setAccessibleName("The table before")
        self.after = Button(look, "", icon="caret-right", parent=self)
        self.after.setAccessibleName("The table after")
        self.before.clicked.connect(lambda: self._on_arrow(-1))
        self.after.clicked.connect(lambda: self._on_arrow(1))
        self.sideways = Button(look, "Columns", icon="caret-right", parent=self)
        self.sideways.setAccessibleName("More columns")
        self.sideways.clicked.connect(self._on_sideways)
        self.table: Table | None = None
        self.clear()

    def clear(self) -> None:
        """Figures of another report never stand under this one's name."""
        self.said = None
        for widget in (self.tabs, self.before, self.after, self.sideways):
            widget.hide()
        if self.table is not None:
            self.table.hide()
        self.set_title("")

    def show_report(self, said: SaidReport) -> None:
        """Another report, by its first table that has something in it."""
        self.said = said
        self.tabs.hide()
        self.tabs.deleteLater()
        choices = [Choice(at, _tab(said.tables[at])) for at in said.filled]
        self.tabs = Segmented(self.look, choices, name="Table", parent=self)
        self.tabs.chosen.connect(self._on_tab)
        self.show_table(said.filled[0])

    def show_table(self, at: int) -> None:
        """Another table of the same report."""
        assert self.said is not None, "a report is shown"
        self.at, self.first = at, FIRST
        if self.table is not None:
            self.table.hide()
            self.table.deleteLater()
        said = self.said.tables[at]
        self.table = make_table(self.look, said, empty=self.said.empty, parent=self)
        self.table.opened.connect(self._on_opened)
        self.table.installEventFilter(self)
        self.table.show()
        self._lay_out()

    def point_at(self, at: int, row: int | None = None) -> None:
        """Put the cursor into a table, on its first line or on one of its rows."""
        assert self.said is not None, "a report is shown"
        if at != self.at:
            self.tabs.choose(at)
            self.show_table(at)
        assert self.table is not None, "one of its tables is shown"
        self.table.setFocus()
        has_sums = self.said.tables[at].sums is not None
        self.table.selectRow(row + has_sums if row is not None else 0)

    # --- what a person does -----------------------------------------------------------------------------

    def _on_tab(self, at: object) -> None:
        self.show_table(int(str(at)))

    def _on_arrow(self, step: int) -> None:
        assert self.said is not None, "arrows stand beside a report"
        filled = self.said.filled
        self.show_table(filled[(filled.index(self.at) + step) % len(filled)])

    def _on_opened(self, _: object) -> None:
        """The sums, where there are any, stand first."""
        assert self.said is not None, "a report is shown"
        assert self.table is not None, "one of its tables is shown"
        has_sums = self.said.tables[self.at].sums is not None
        self.opened.emit(self.at, self.table.currentIndex().row() - has_sums)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rows are chosen whole: Right and Left have nothing to do in the table but this."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in SIDEWAYS:
            self.go_sideways(SIDEWAYS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def _on_sideways(self) -> None:
        """On to the columns that have no room, and from the last of them back to the first."""
        self.go_sideways(1 if self._hidden else FIRST - self.first)

    def go_sideways(self, step: int) -> None:
        """One column further, as long as some have no room; or back."""
        if self.first + step >= FIRST and (step < 0 or self._hidden):
            self.first += step
            self._lay_out()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        if self.said is None or self.table is None:
            return
        filled = self.said.filled
        longest = max(text_width(choice.text, Face.STRONG) for choice in self.tabs.choices)
        self._hidden = show_from(self.table, self.width() - 2 * PADDING, self.first)
        is_wide = self._hidden > 0 or self.first > FIRST
        aside = SIDEWAYS_WIDE + 8 if is_wide else 0
        tab = min(longest + TAB_SIDES, (self.width() - 2 * PADDING - aside) // len(filled))
        has_room = tab >= longest + LEAST_SIDES
        place(self.tabs, PADDING, TOP, len(filled) * tab, HIGH)
        self.tabs.setVisible(len(filled) > 1 and has_room)
        for arrow, left in zip((self.before, self.after), ARROWS, strict=True):
            place(arrow, self.width() - left, TOP, HIGH, HIGH)
            arrow.setVisible(len(filled) > 1 and not has_room)
        right = self.width() - (PADDING if has_room else ARROWS[0] + 8)
        place(self.sideways, right - SIDEWAYS_WIDE, TOP, SIDEWAYS_WIDE, HIGH)
        self.sideways.setVisible(is_wide)
        self._say(is_alone=len(filled) == 1, has_room=has_room)
        place_table(self.table, QRectF(5, HEAD, self.width() - 10, self.height() - HEAD - 5))

    def _say(self, *, is_alone: bool, has_room: bool) -> None:
        """The title of the table where no tab has it, and which of them it is."""
        assert self.said is not None, "a report is shown"
        said, filled = self.said.tables[self.at], self.said.filled
        if has_room:
            self.set_title(said.title if is_alone else "")
        else:
            self.set_title(f"{said.title}, {filled.index(self.at) + 1} of {len(filled)}")


def _tab(said: SaidTable) -> str:
    """`Cashier` of `By cashier`; only its first letter is made large."""
    name = said.title.removeprefix("By ")
    return name[:1].upper() + name[1:]
