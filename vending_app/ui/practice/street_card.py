"""The ten houses of the street, each with what its meter has left; arrow keys go along, Enter goes in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from vending_app.domain.meter import MeterView, RelayState
from vending_app.services.practice_cases import House, PracticeState
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look, Tokens

COLUMNS = 5
GAP = 8
_TOP = 46


class HouseTile(QAbstractButton):
    """One house: name, what remains, and a lamp for light, alarm or dark."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.house: House | None = None
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_house(self, house: House, *, is_here: bool) -> None:
        """Show a house, and whether its meter is the one that is looked at."""
        self.house = house
        self.setChecked(is_here)
        self.setAccessibleName(f"{house.name}, {house.meter.remaining} kWh, {light_of(house.meter)}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.house is None:
            return
        with Ink(self, self.look) as ink:
            t, rect, on = ink.t, QRectF(self.rect()), self.isChecked()
            edge = t.practice if on else t.edge if self.underMouse() else t.line2
            ink.box(rect, fill=t.practice_soft if on else t.card, line=edge)
            if self.hasFocus():
                ink.box(rect, line=t.accent, width=2)
            self._paint_name(ink, QRectF(9, 6, rect.width() - 14, rect.height() - 34), self.house.name)
            ink.disc(QPointF(14, rect.height() - 14), 4.5, fill=lamp_of(t, self.house.meter))
            left = QRectF(25, rect.height() - 24, rect.width() - 29, 20)
            ink.text(left, str(self.house.meter.remaining), face=Face.SMALL, colour=t.muted, may_elide=True)

    def _paint_name(self, ink: Ink, rect: QRectF, name: str) -> None:
        if ink.has_room(rect, name, face=Face.CAPTION_STRONG):
            ink.paragraph(rect, name, face=Face.CAPTION_STRONG)
        else:
            ink.text(rect, name, face=Face.CAPTION_STRONG, may_elide=True)


def light_of(view: MeterView) -> str:
    """Whether there is light in the house, in words."""
    if not view.has_power:
        return "no mains"
    if view.relay is RelayState.OPEN:
        return "relay open"
    return "low" if view.is_alarm else "light"


def lamp_of(tokens: Tokens, view: MeterView) -> str:
    """Green with light, orange at the alarm, red where the relay is open, grey without mains."""
    return {"light": tokens.ok, "low": tokens.warn, "relay open": tokens.bad, "no mains": tokens.edge}[light_of(view)]


class StreetCard(Surface):
    """Signals: wanted(str) — number of the supply whose meter is to be looked at."""

    wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="The street", parent=parent)
        self.tiles: list[HouseTile] = []

    def show_state(self, state: PracticeState) -> None:
        """Show the houses; a meter that is not of the street has no tile."""
        while len(self.tiles) < len(state.street):
            tile = HouseTile(self.look, self)
            tile.clicked.connect(self._on_tile)
            tile.show()
            self.tiles.append(tile)
            self._lay_out()
        here = state.meter.meter if state.meter else None
        for tile, house in zip(self.tiles, state.street, strict=False):
            tile.show_house(house, is_here=house.meter.meter == here)
        dark = sum(light_of(house.meter) in {"relay open", "no mains"} for house in state.street)
        self.set_title("The street", f"kWh left; {dark} without light" if dark else "kWh left; all with light")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = (self.width() - 2 * PADDING - (COLUMNS - 1) * GAP) / COLUMNS
        height = (self.height() - _TOP - PADDING - GAP) // 2
        for at, tile in enumerate(self.tiles):
            x = PADDING + at % COLUMNS * (width + GAP)
            tile.setGeometry(round(x), _TOP + at // COLUMNS * (height + GAP), round(width), height)

    def _on_tile(self) -> None:
        tile = self.sender()
        if isinstance(tile, HouseTile) and tile.house is not None:
            tile.setChecked(True)
            self.wanted.emit(str(tile.house.supply))
