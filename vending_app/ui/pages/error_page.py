"""The error desk: what a customer reports from his meter, what it means, what to say, and the button that begins."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.ids import SupplyNo, spaced
from vending_app.domain.people import Operator
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.fields import TextField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.meter_words import STEPS, MeterAnswer, Step, answers_for
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import CENTRE, Ink
from vending_app.ui.theme import Look

LIST_WIDE, LIST_NARROW = 520, 336
NARROW_BELOW = 1000
MOST_STEPS = 3
SECTION_WIDE, SECTION_NARROW = 92, 110
"""A label and at most two or three lines below it."""
WIDE_FROM = 640


class AnswerCard(Surface):
    """Cause, words for the customer, and the next step of one answer. Signals: wanted(Step)."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.answer: MeterAnswer | None = None
        self.steps: tuple[Step, ...] = ()
        self.buttons = tuple(
            Button(look, "", kind=Kind.SECONDARY if at else Kind.PRIMARY, key="" if at else "Enter", parent=self)
            for at in range(MOST_STEPS)
        )
        for button in self.buttons:
            button.hide()
            button.clicked.connect(self._on_clicked)

    def show_answer(self, answer: MeterAnswer | None, operator: Operator | None) -> None:
        """Another code or symptom; None while nothing fits."""
        self.answer = answer
        self.steps = answer.steps_of(operator) if answer else ()
        for at, button in enumerate(self.buttons):
            button.setVisible(at < len(self.steps))
            if at < len(self.steps):
                word, icon, _ = STEPS[self.steps[at]]
                button.set_words(word, icon=icon)
        told = f"{answer.code} {answer.title}. {answer.cause} {answer.say} {answer.next}" if answer else ""
        self.setAccessibleName(told.strip())
        self._place_buttons()
        self.update()

    def begin(self) -> None:
        """Enter: the first step."""
        if self.steps:
            self.wanted.emit(self.steps[0])

    def _on_clicked(self) -> None:
        sender = self.sender()
        for button, step in zip(self.buttons, self.steps, strict=False):
            if button is sender:
                self.wanted.emit(step)

    @property
    def _section(self) -> int:
        section = SECTION_WIDE if self.width() >= WIDE_FROM else SECTION_NARROW
        # In a low window the parts move together, so that the buttons stay on the card.
        return min(section, (self.height() - 104 - 40 - 12) // 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_buttons()

    def _place_buttons(self) -> None:
        x: float = PADDING
        for button in self.buttons:
            width = button.content_width() + 26
            place(button, x, 104 + 3 * self._section, width, 40)
            x += width + 8

    def draw(self, ink: Ink) -> None:
        answer, room = self.answer, self.width() - 2 * PADDING
        if answer is None:
            whom = "Ask what exactly the display shows, and whether a lamp blinks."
            draw_empty(ink, QRectF(self.rect()), icon="gauge", title="No answer to that", step=whom)
            return
        self._draw_display(ink, answer)
        head = QRectF(PADDING + 148, 17, room - 148, 56)
        ink.paragraph(head, answer.title, face=Face.VERDICT)
        ink.rule(PADDING, PADDING + room, 84)
        parts = (("Cause", answer.cause), ("Say to the customer", answer.say), ("Next step", answer.next))
        for at, (label, words) in enumerate(parts):
            area = QRectF(PADDING, 98 + self._section * at, room, self._section - 12)
            if at == 1:
                ink.box(area.adjusted(0, -2, 0, 0), fill=ink.t.accent_soft)
            colour = ink.t.accent if at == 1 else ink.t.muted
            ink.text(area.adjusted(12, 6, -12, 26 - area.height()), label, face=Face.SMALL_STRONG, colour=colour)
            ink.paragraph(area.adjusted(12, 30, -12, 0), words, from_top=True)

    def _draw_display(self, ink: Ink, answer: MeterAnswer) -> None:
        """The display of the meter with its code, or the picture of a symptom."""
        rect = QRectF(PADDING, 17, 132, 56)
        ink.box(rect, fill=ink.t.sunken, line=ink.t.edge)
        if answer.code:
            ink.text(rect, answer.code, face=Face.TILE, align=CENTRE)
        else:
            ink.icon(QRectF(rect.center().x() - 14, rect.center().y() - 14, 28, 28), answer.icon, ink.t.muted)


class ErrorPage(Page):
    """Signals: opened() — somebody looks; wanted(Step) — what the person at the desk begins."""

    opened = Signal()
    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="What does the meter show?", can_go_back=True, parent=parent)
        self.operator: Operator | None = None
        self.card = Surface(look, parent=self)
        self.field = TextField(name="Shows", hint="A code such as E-03, or what the customer says", parent=self)
        self._buddy = QLabel("&Shows", self)
        self._buddy.setBuddy(self.field)
        self._buddy.hide()
        columns: list[Column[MeterAnswer]] = [
            Column("Code", lambda row: row.code, 72, strong=True),
            Column("What the customer says", lambda row: row.title),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Codes and symptoms", parent=self)
        self.table.empty = ("magnifying-glass", "Nothing fits", "Type less, or another word for it.")
        self.answer = AnswerCard(look, self)
        self.field.installEventFilter(self)
        self.field.textEdited.connect(self._on_typed)
        self.field.returnPressed.connect(self.answer.begin)
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.answer.wanted.connect(self.wanted)
        QWidget.setTabOrder(self.field, self.table)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.field

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.opened.emit()

    def show_for(self, operator: Operator | None, supply: SupplyNo | None) -> None:
        """Everything anew: who asks, and about which supply the buttons are."""
        self.operator = operator
        self.set_title(self.title, f"about supply {spaced(supply)}" if supply else "")
        self.field.clear()
        self._on_typed("")

    def _on_typed(self, text: str) -> None:
        self.model.show_rows(answers_for(text))
        self.table.selectRow(0)
        self._on_row()

    def _on_row(self, *_: object) -> None:
        chosen = self.table.chosen
        self.answer.show_answer(chosen if isinstance(chosen, MeterAnswer) else None, self.operator)

    def _on_opened(self, _: object) -> None:
        self.answer.begin()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the field move along the list."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if move is not None:
                last = len(self.model.rows) - 1
                self.table.selectRow(max(0, min(self.table.currentIndex().row() + move, last)))
                return True
        return super().eventFilter(watched, event)

    def lay_out(self, area: QRectF) -> None:
        wide = LIST_WIDE if area.width() >= NARROW_BELOW else LIST_NARROW
        left = QRectF(area.left(), area.top(), wide, area.height())
        self.card.setGeometry(left.toRect())
        place(self.field, left.left() + 17, left.top() + 17, wide - 34, 48)
        place_table(self.table, left.adjusted(5, 77, -5, -5))
        self.answer.setGeometry(area.adjusted(wide + 16, 0, 0, 0).toRect())
