"""Things that wait for somebody, the most urgent first, each with the button that does something about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look, tone

TOP, ROW, LOW_ROW, LOW_BELOW = 45, 61, 53, 440
"""In a low card the rows stand closer."""
MORE_HIGH = 36
DISC = 18.0
BUTTON = 72
TO_FIRST = "back to the first"


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

    def __init__(
        self, look: Look, *, title: str, empty: str, leads: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, title=title, parent=parent)
        self.empty, self.leads = empty, leads
        """Whether its first verb is the next right step; else another card of the page has it."""
        self.rows: tuple[VerbRow, ...] | None = None
        self.begins = 0
        """Which row is shown first."""
        self.buttons: list[Button] = []
        self.more = Button(
            look, "", kind=Kind.LINK, icon="caret-right", face=Face.SMALL_STRONG, tone="accent", parent=self
        )
        self.more.hide()
        self.more.clicked.connect(self._on_more)

    def show_rows(self, rows: Sequence[VerbRow]) -> None:
        """Others, the most urgent first; as many as have room."""
        self.rows = tuple(rows)
        self.setAccessibleDescription("; ".join(f"{row.title}, {row.line}" for row in rows) or self.empty)
        self._show_from(0)

    def _show_from(self, begins: int) -> None:
        self.begins = begins
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        for row in self.shown():
            self.buttons.append(self._button(row))
        after = len(self.rows or ()) - begins - len(self.buttons)
        self.more.set_words(f"and {after} more" if after else TO_FIRST)
        self.more.setVisible(begins > 0 or after > 0)
        for before, following in pairwise((*self.buttons, self.more)):
            self.setTabOrder(before, following)
        self._place()
        self.update()

    def _on_more(self) -> None:
        """The next ones, and after the last ones the first."""
        following = self.begins + max(1, self.seen)
        self._show_from(following if following < len(self.rows or ()) else 0)

    def _button(self, row: VerbRow) -> Button:
        is_first = self.leads and row.is_open and not any(button.kind is Kind.PRIMARY for button in self.buttons)
        kind = Kind.PRIMARY if is_first and row.verb else Kind.SECONDARY
        button = Button(self.look, row.verb or "Look", kind=kind, face=Face.SMALL_STRONG, parent=self)
        button.setAccessibleName(f"{row.verb}: {row.title}, {row.line}")
        button.clicked.connect(lambda: self.wanted.emit(row.what))
        button.setVisible(bool(row.verb))
        return button

    @property
    def row_high(self) -> int:
        return LOW_ROW if self.height() < LOW_BELOW else ROW

    @property
    def seen(self) -> int:
        """Rows that have room."""
        room = self.height() - TOP - self.FOOT - PADDING
        has_all = len(self.rows or ()) * self.row_high <= room
        # Below those that have room stands the button that leads to the others.
        return max(0, int((room if has_all else room - MORE_HIGH) // self.row_high))

    def shown(self) -> tuple[VerbRow, ...]:
        """Those that are seen."""
        return (self.rows or ())[self.begins : self.begins + self.seen]

    @property
    def first(self) -> QWidget | None:
        """The button of the most urgent."""
        return next((button for button in self.buttons if not button.isHidden()), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.rows is not None and len(self.shown()) != len(self.buttons):
            self._show_from(0)
        self._place()

    def _place(self) -> None:
        high = self.row_high
        for at, button in enumerate(self.buttons):
            wide = max(BUTTON, button.content_width() + 24)
            place(button, self.width() - PADDING - wide, TOP + at * high + (high - 33) // 2, wide, 32)
        place(self.more, PADDING, TOP + len(self.buttons) * high + 4, self.more.content_width(), 30)

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        if self.rows is None:
            return
        shown = self.shown()
        if not shown:
            calm = QRectF(PADDING, TOP + 8, self.width() - 2 * PADDING, 40)
            ink.text(calm, self.empty, colour=ink.t.muted)
        for at, row in enumerate(shown):
            self._draw_row(ink, TOP + at * self.row_high, row, self.buttons[at])

    def _draw_row(self, ink: Ink, top: float, row: VerbRow, button: Button) -> None:
        strong, soft = (ink.t.muted, ink.t.sunken) if row.tone == "muted" else tone(ink.t, row.tone)[:2]
        high = self.row_high
        middle = QPointF(PADDING + DISC, top + high / 2)
        ink.disc(middle, DISC, fill=soft)
        ink.icon(QRectF(middle.x() - 9, middle.y() - 9, 18, 18), row.icon, strong)
        left = PADDING + 2 * DISC + 12
        room = self.width() - PADDING - left - (button.width() + 8 if row.verb else 0)
        text = top + (high - 41) / 2
        ink.text(QRectF(left, text, room, 22), row.title, face=Face.STRONG, may_elide=True)
        ink.text(QRectF(left, text + 20, room, 20), row.line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        ink.rule(PADDING, self.width() - PADDING, top + high - 1)
