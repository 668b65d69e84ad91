"""The one coloured sentence on top: a verdict on soft ground, or a solid command for hands."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.plastic import draw_plastic
from vending_app.ui.components.surface import RING
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink, text_width
from vending_app.ui.theme import Look, tone


@dataclass(frozen=True, slots=True)
class Says:
    """What a banner says. `tone`: accent, ok, warn, bad, or signal (command only)."""

    title: str
    sentence: str
    tone: str
    icon: str
    is_command: bool = False
    button: str = ""
    key: str = ""
    short: str = ""
    """The code for the phone."""
    shows_card: str = ""
    """Colour of the card at the right; empty for none."""
    brief: str = ""
    """The sentence for a narrow window."""


class Banner(QWidget):
    """Signals: pressed() — its one button."""

    pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.says = Says("", "", "accent", "info")
        self.button = Button(look, "", kind=Kind.PRIMARY, parent=self)
        self.button.hide()
        self.button.clicked.connect(self.pressed)

    def show_says(self, says: Says) -> None:
        """Say something else, at once: banners do not keep a person waiting."""
        self.says = says
        self.setAccessibleName(f"{says.title}. {says.sentence}")
        self.button.setVisible(bool(says.button))
        if says.button:
            self.button.set_words(says.button, key=says.key)
        self._lay_out()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(1262, 72)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.button.sizeHint().width()
        self.button.setGeometry(self.width() - 17 - width + RING, 16 - RING, width, 40 + 2 * RING)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            if self.says.is_command:
                self._paint_command(ink)
            else:
                self._paint_verdict(ink)

    def _paint_verdict(self, ink: Ink) -> None:
        says, rect = self.says, QRectF(self.rect())
        strong, soft, line = tone(ink.t, says.tone)
        ink.box(rect, fill=soft, line=line, radius=10)
        ink.icon(QRectF(22, 21, 30, 30), says.icon, strong)
        room = self._room()
        ink.text(QRectF(69, 15, room, 24), says.title, face=Face.VERDICT, colour=strong, may_elide=True)
        ink.text(QRectF(69, 39, room, 22), self._fitting(room))
        if says.shows_card:
            draw_plastic(ink.painter, QRectF(self.width() - 81, 16, 64, 40), says.shows_card)

    def _fitting(self, room: float) -> str:
        brief = self.says.brief
        return brief if brief and text_width(self.says.sentence, Face.BODY) > room else self.says.sentence

    def _room(self) -> float:
        taken = self.button.width() if self.says.button else 88 if self.says.shows_card else 0
        return self.width() - 69 - 24 - taken

    def _paint_command(self, ink: Ink) -> None:
        says, t = self.says, ink.t
        fill = t.signal if says.tone == "signal" else tone(t, says.tone)[0]
        colour = t.on_signal if says.tone == "signal" else t.on
        ink.box(QRectF(self.rect()), fill=fill, radius=10)
        ink.icon(QRectF(22, 17, 38, 38), says.icon, colour)
        short = 150 if says.short else 0
        room = self.width() - 77 - 24 - short
        face = Face.COMMAND if self.width() > 1000 else Face.COMMAND_NARROW
        ink.text(QRectF(77, 8, room, 38), says.title, face=face, colour=colour)
        ink.text(QRectF(77, 46, room, 20), says.sentence, colour=colour)
        if says.short:
            right = QRectF(self.width() - 167, 17, 150, 20)
            ink.text(right, "Code for the phone", face=Face.SMALL_VALUE, colour=colour, align=RIGHT)
            ink.text(right.translated(0, 18), says.short, face=Face.CARD_TITLE, colour=colour, align=RIGHT)
