"""Things that wait for somebody, the most urgent first, each with the button that does something about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look, tone

TOP, ROW = 45, 61
DISC = 18.0
BUTTON = 72


@dataclass(frozen=True, slots=True)
class VerbRow:
    """One of them."""

    icon: str
    tone: str
    title: str
    line: str
    verb: str
    """Of its button; empty where there is nothing to do."""
    what: object
    """What the signal carries."""
    is_open: bool = True
    """False for what is only told."""


class VerbRows(Surface):
    """Signals: wanted(object) — the button of a row, with what the row is about."""

    wanted = Signal(object)
    FOOT = 0
    """Room below the rows."""

    def __init__(self, look: Look, *, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(look, title=title, parent=parent)
        self.empty = empty
        self.rows: tuple[VerbRow, ...] | None = None
        self.buttons: list[Button] = []

    def show_rows(self, rows: Sequence[VerbRow]) -> None:
        """Others, the most urgent first; as many as have room."""
        self.rows = tuple(rows)
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        for row in self.shown():
            self.buttons.append(self._button(row))
        self.setAccessibleDescription("; ".join(f"{row.title}, {row.line}" for row in rows) or self.empty)
        self._place()
        self.update()

    def _button(self, row: VerbRow) -> Button:
        is_first = row.is_open and not any(button.kind is Kind.PRIMARY for button in self.buttons)
        kind = Kind.PRIMARY if is_first and row.verb else Kind.SECONDARY
        button = Button(self.look, row.verb or "Look", kind=kind, face=Face.SMALL_STRONG, parent=self)
        button.setAccessibleName(f"{row.verb}: {row.title}, {row.line}")
        button.clicked.connect(lambda: self.wanted.emit(row.what))
        button.setVisible(bool(row.verb))
        return button

    @property
    def seen(self) -> int:
        """Rows that have room."""
        room = int((self.height() - TOP - self.FOOT - PADDING) // ROW)
        count = len(self.rows or ())
        # The last row gives way to the number of those that have no room.
        return room if count <= room else max(0, room - 1)

    def shown(self) -> tuple[VerbRow, ...]:
        """Those that are seen."""
        return (self.rows or ())[: self.seen]

    @property
    def first(self) -> QWidget | None:
        """The button of the most urgent."""
        return next((button for button in self.buttons if not button.isHidden()), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.rows is not None and len(self.shown()) != len(self.buttons):
            self.show_rows(self.rows)
        self._place()

    def _place(self) -> None:
        for at, button in enumerate(self.buttons):
            wide = max(BUTTON, button.content_width() + 24)
            place(button, self.width() - PADDING - wide, TOP + at * ROW + 14, wide, 32)

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        if self.rows is None:
            return
        shown = self.shown()
        if not shown:
            calm = QRectF(PADDING, TOP + 8, self.width() - 2 * PADDING, 40)
            ink.text(calm, self.empty, colour=ink.t.muted)
        for at, row in enumerate(shown):
            self._draw_row(ink, TOP + at * ROW, row, self.buttons[at])
        hidden = len(self.rows) - len(shown)
        if hidden:
            line = QRectF(PADDING, TOP + len(shown) * ROW + 4, self.width() - 2 * PADDING, 24)
            ink.text(line, f"and {hidden} more", face=Face.SMALL, colour=ink.t.muted)

    def _draw_row(self, ink: Ink, top: float, row: VerbRow, button: Button) -> None:
        strong, soft = (ink.t.muted, ink.t.sunken) if row.tone == "muted" else tone(ink.t, row.tone)[:2]
        middle = QPointF(PADDING + DISC, top + ROW / 2)
        ink.disc(middle, DISC, fill=soft)
        ink.icon(QRectF(middle.x() - 9, middle.y() - 9, 18, 18), row.icon, strong)
        left = PADDING + 2 * DISC + 12
        room = self.width() - PADDING - left - (button.width() + 8 if row.verb else 0)
        ink.text(QRectF(left, top + 10, room, 22), row.title, face=Face.STRONG, may_elide=True)
        ink.text(QRectF(left, top + 30, room, 20), row.line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        ink.rule(PADDING, self.width() - PADDING, top + ROW - 1)
