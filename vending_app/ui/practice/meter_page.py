"""The meter on screen: the device as it hangs on a wall, what it has counted, its house and its street."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.meter import MeterView
from vending_app.services.practice_cases import PracticeAct, PracticeState
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.practice.device import HEIGHT, WIDTH, MeterDevice
from vending_app.ui.practice.dock import colour_in_meter, kilowatts
from vending_app.ui.practice.street_card import StreetCard
from vending_app.ui.practice.wall_card import LoadCard, WallCard
from vending_app.ui.theme import Look

LEFT, LEFT_LEAST, RIGHT_LEAST = 388, 250, 500
"""The device gives way first: it can be drawn smaller, the names of a street cannot."""
_GAP = 16
_ROW, _ROW_LEAST = 26, 16
_LOW = 540
"""Below this height the right column moves together."""
_LOWEST = 470
"""Below this height the load is left to the dock, which has it too."""


def counters_of(view: MeterView) -> tuple[tuple[str, str], ...]:
    """What a card carries home beside the energies (row S4)."""
    return (
        ("Overload trips", str(view.overload_trips)),
        ("Trips at low credit", str(view.low_credit_trips)),
        ("Cover opened", str(view.tamper_events)),
        ("Power failures", str(view.power_failures)),
        ("Illegal cards", str(view.illegal_cards)),
        ("Used last month", f"{view.last_month} kWh"),
        ("Highest load", kilowatts(view.power_max_w)),
    )


class DeviceCard(Surface):
    """The device, its slot and its counters. Signals: acted(PracticeAct)."""

    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self.setAccessibleName("The meter")
        self.counters: tuple[tuple[str, str], ...] = ()
        self.device = MeterDevice(look, cycles=True, parent=self)
        self.put = Button(look, "Put card in", icon="arrow-square-in", face=Face.VALUE, parent=self)
        self.pull = Button(look, "Pull out", icon="eject", face=Face.VALUE, parent=self)
        self.put.clicked.connect(self._on_put)
        self.pull.clicked.connect(self._on_pull)

    def show_state(self, state: PracticeState) -> None:
        """Show the meter, and whether a card is in its slot."""
        self.device.show_meter(
            state.meter, insertion=state.insertion, load_w=state.load_w, card_colour=colour_in_meter(state)
        )
        self.pull.setEnabled(state.in_meter is not None)
        self.counters = counters_of(state.meter) if state.meter else ()
        self.setAccessibleDescription(", ".join(f"{label} {value}" for label, value in self.counters))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - 2 * PADDING
        self.device.setGeometry(PADDING, PADDING, room, room * HEIGHT // WIDTH + 1)
        top, half = self._below_device, (room - 8) / 2
        place(self.put, PADDING, top, half, 36)
        place(self.pull, PADDING + half + 8, top, half, 36)

    @property
    def _below_device(self) -> int:
        return self.device.geometry().bottom() + 13

    def draw(self, ink: Ink) -> None:
        top = self._below_device + 48
        ink.rule(PADDING, self.width() - PADDING, top)
        room = self.height() - top - PADDING
        shown = self.counters[: max(0, room // _ROW_LEAST)]
        height = min(_ROW, room // max(len(shown), 1))
        for at, (label, value) in enumerate(shown):
            row = QRectF(PADDING, top + 9 + at * height, self.width() - 2 * PADDING, height)
            ink.text(row, label, face=Face.SMALL, colour=ink.t.muted)
            ink.text(row, value, face=Face.SMALL_VALUE, align=RIGHT)

    def _on_put(self) -> None:
        self.acted.emit(PracticeAct("meter"))

    def _on_pull(self) -> None:
        self.acted.emit(PracticeAct("meter-pull"))


class MeterPage(Page):
    """Signals: acted(PracticeAct), speed_chosen(int)."""

    acted = Signal(object)
    speed_chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Meter", can_go_back=True, parent=parent)
        self.card = DeviceCard(look, self)
        self.street = StreetCard(look, self)
        self.load = LoadCard(look, self)
        self.wall = WallCard(look, self)
        self.device = self.card.device
        for part in (self.card, self.load, self.wall):
            part.acted.connect(self.acted)
        self.wall.speed_chosen.connect(self.speed_chosen)
        self.street.wanted.connect(self._on_house)

    def show_state(self, state: PracticeState) -> None:
        """Show what the meter is like now."""
        card = next((card.label for card in state.tray if card.key == state.in_meter), "")
        self.set_title(f"Meter of {state.meter_of}", f"card in: {card}" if card else "no card in the slot")
        for part in (self.card, self.street, self.load, self.wall):
            part.show_state(state)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.device

    def lay_out(self, area: QRectF) -> None:
        x, y, height = round(area.left()), round(area.top()), round(area.height())
        left = max(LEFT_LEAST, min(LEFT, round(area.width()) - _GAP - RIGHT_LEAST))
        self.card.setGeometry(x, y, left, height)
        beside, width = x + left + _GAP, round(area.width()) - left - _GAP
        street, load = (206, 164) if height >= _LOW else (176, 156)
        self.street.setGeometry(beside, y, width, street)
        self.load.setGeometry(beside, y + street + _GAP, width, load)
        self.load.setVisible(height >= _LOWEST)
        below = street + _GAP + (load + _GAP if height >= _LOWEST else 0)
        self.wall.setGeometry(beside, y + below, width, height - below)

    def _on_house(self, supply: str) -> None:
        self.acted.emit(PracticeAct("house", card=supply))
