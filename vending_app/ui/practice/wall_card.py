"""What a household has on its wall: appliances and load, mains and cover, and how fast its time runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.services.practice_cases import APPLIANCES, PracticeAct, PracticeState
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.phrases import status_moment
from vending_app.ui.practice.controls import Chip, LoadSlider, Switch
from vending_app.ui.practice.dock import USUAL_SPEED, kilowatts
from vending_app.ui.theme import Look

GAP = 8
MONTH_A_MINUTE = 30 * 24 * 60
SPEEDS = (
    Choice(1, "Real"),
    Choice(60, "×60"),
    Choice(USUAL_SPEED, f"×{USUAL_SPEED}"),
    Choice(3600, "×3600"),
    Choice(MONTH_A_MINUTE, "Month/min"),
)


class LoadCard(Surface):
    """Signals: acted(PracticeAct)."""

    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Load", parent=parent)
        self.chips = {
            each.key: Chip(
                look, each.name, name=f"{each.name}, {each.power_w} W", remark=watts(each.power_w), parent=self
            )
            for each in APPLIANCES
        }
        self.slider = LoadSlider(look, self)
        for chip in self.chips.values():
            chip.clicked.connect(self._on_chip)
        self.slider.chosen.connect(self._on_load)

    def show_state(self, state: PracticeState) -> None:
        """Show what is on, and how far it is to the limit."""
        limit_w = state.meter.overload_w if state.meter else 0
        for key, chip in self.chips.items():
            chip.setChecked(key in state.appliances)
        self.slider.show_load(state.load_w, limit_w=limit_w)
        self.set_title("Load", kilowatts(state.load_w) + (f", limit {kilowatts(limit_w)}" if limit_w else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - 2 * PADDING
        width = (room - (len(self.chips) - 1) * GAP) / len(self.chips)
        for at, chip in enumerate(self.chips.values()):
            chip.setGeometry(round(PADDING + at * (width + GAP)), 46, round(width), 46)
        self.slider.setGeometry(PADDING - GAP, 106, room + 2 * GAP, 42)

    def _on_chip(self) -> None:
        chip = self.sender()
        key = next(key for key, each in self.chips.items() if each is chip)
        self.acted.emit(PracticeAct("appliance", key, int(self.chips[key].isChecked())))

    def _on_load(self, power_w: int) -> None:
        self.acted.emit(PracticeAct("load", number=power_w))


def watts(power_w: int) -> str:
    """`60 W`, `2.4 kW`."""
    return f"{power_w} W" if power_w < 1000 else kilowatts(power_w)


class WallCard(Surface):
    """Signals: acted(PracticeAct), speed_chosen(int)."""

    acted = Signal(object)
    speed_chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Mains, cover and time", parent=parent)
        self.mains = Switch(look, "Mains", self)
        self.cover = Switch(look, "Cover open", self)
        self.speed = Segmented(look, SPEEDS, name="How fast time runs", parent=self)
        self.speed.choose(USUAL_SPEED)
        self.mains.clicked.connect(self._on_mains)
        self.cover.clicked.connect(self._on_cover)
        self.speed.chosen.connect(self._on_speed)

    def show_state(self, state: PracticeState) -> None:
        """Show the switches and the meter's own time."""
        if state.meter is None:
            return
        self.mains.setChecked(state.meter.has_power)
        self.cover.setChecked(state.meter.is_cover_open)
        self.set_title(self.title, f"meter time {status_moment(state.meter.time)}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - 2 * PADDING
        half = (room - 40) // 2
        self.mains.setGeometry(PADDING, 52, half, 30)
        self.cover.setGeometry(PADDING + half + 40, 52, half, 30)
        self.speed.setGeometry(PADDING, self.height() - PADDING - 38, room, 38)

    def _on_mains(self) -> None:
        self.acted.emit(PracticeAct("mains", number=int(self.mains.isChecked())))

    def _on_cover(self) -> None:
        self.acted.emit(PracticeAct("cover", number=int(self.cover.isChecked())))

    def _on_speed(self, speed: object) -> None:
        assert isinstance(speed, int), "the keys of the speeds are numbers"
        self.speed_chosen.emit(speed)
