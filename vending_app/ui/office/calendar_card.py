"""When the office works: seven days to mark, and a list of holidays."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.office_rules import LONGEST_LINE, Calendar, Holiday, Rule
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import PADDING, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.office.rule_card import FOOT, TOP, RuleCard
from vending_app.ui.phrases import WEEKDAYS, day_and_year
from vending_app.ui.theme import Look

DAY_HIGH, FIELD, DAY_WIDE = 36, 36, 132
LONGEST_DAY = 10
"""`2027-01-01`."""


class HolidayTable(Table):
    """Signals: removed(Holiday) — the Delete key on it."""

    removed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        columns: list[Column[Holiday]] = [
            Column("Day", lambda row: f"{WEEKDAYS[row.day.weekday()][:3]} {day_and_year(row.day)}", 160),
            Column("Holiday", lambda row: row.name),
        ]
        self.holidays: RowsModel[Holiday] = RowsModel(columns)
        super().__init__(look, self.holidays, name="Holidays", parent=parent)
        self.shows_focus = True
        self.empty = ("calendar-blank", "No holidays yet", "Enter a day and its name below.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.chosen is not None:
            self.removed.emit(self.chosen)
            return
        super().keyPressEvent(event)


class CalendarCard(RuleCard):
    """Weekdays are buttons that stay down; a holiday is added below the list and removed by its key."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="When the office works", parent=parent)
        self.holidays: tuple[Holiday, ...] = ()
        self.days = [self._day(at) for at in range(len(WEEKDAYS))]
        self.table = HolidayTable(look, self)
        self.table.removed.connect(self._on_removed)
        self.day = self.text_field("Day of a holiday", most=LONGEST_DAY, hint="2027-01-01")
        self.name = self.text_field("Name of the holiday", most=LONGEST_LINE, hint="Its name")
        self.name.returnPressed.disconnect()
        self.name.returnPressed.connect(self._on_add)
        self.add = Button(look, "Add", icon="plus", parent=self)
        self.remove = Button(look, "Remove", icon="trash", key="Del", parent=self)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(lambda: self._on_removed(self.table.chosen))

    def _day(self, at: int) -> Button:
        button = Button(self.look, WEEKDAYS[at][:3], parent=self)
        button.setAccessibleName(WEEKDAYS[at])
        button.setCheckable(True)
        button.toggled.connect(button.set_chosen)
        button.clicked.connect(self.note_change)
        return button

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.days[0]

    def wanted(self) -> Calendar:
        return Calendar(tuple(at for at, day in enumerate(self.days) if day.isChecked()), self.holidays)

    def fill(self, rule: Rule) -> None:
        assert isinstance(rule, Calendar)
        for at, day in enumerate(self.days):
            day.setChecked(at in rule.weekdays)
        self._show(rule.holidays)
        self.day.clear()
        self.name.clear()

    def _show(self, holidays: tuple[Holiday, ...]) -> None:
        self.holidays = tuple(sorted(holidays, key=lambda each: each.day))
        self.table.holidays.show_rows(self.holidays)
        self.remove.setEnabled(bool(holidays))
        if holidays:
            self.table.selectRow(0)

    def _on_add(self) -> None:
        if not self.day.text().strip() and self.keep.isEnabled():
            self.submit()
            return
        try:
            holiday = Holiday(_day_of(self.day.text()), self.name.text().strip())
        except OperatorError as error:
            self.say(error)
            self.day.setFocus()
            return
        self._show((*(each for each in self.holidays if each.day != holiday.day), holiday))
        self.day.clear()
        self.name.clear()
        self.day.setFocus()
        self.note_change()

    def _on_removed(self, gone: Holiday | None) -> None:
        self._show(tuple(each for each in self.holidays if each != gone))
        self.note_change()

    def lay_out(self, width: float) -> None:
        y = self.label("Works on", TOP, width)
        wide = (width - 6 * 8) / 7
        for at, day in enumerate(self.days):
            place(day, PADDING + at * (wide + 8), y, wide, DAY_HIGH)
        y += DAY_HIGH + 12
        bottom = self.height() - FOOT - 12 - FIELD
        place_table(self.table, QRectF(5, y, width + 2 * PADDING - 10, bottom - y - 8))
        add, remove = self.add.content_width() + 26, self.remove.content_width() + 26
        place(self.day, PADDING, bottom, DAY_WIDE, FIELD)
        name = width - DAY_WIDE - add - remove - 3 * 8
        place(self.name, PADDING + DAY_WIDE + 8, bottom, name, FIELD)
        place(self.add, PADDING + DAY_WIDE + name + 16, bottom, add, FIELD)
        place(self.remove, PADDING + width - remove, bottom, remove, FIELD)


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as cause:
        raise OperatorError(Code.RULE_REFUSED, field="day") from cause
