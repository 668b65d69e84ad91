"""The dock of the practice counter: tray, meter, load, faults."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.services.use_cases import PracticeAct, PracticeState
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.practice.controls import LoadSlider, Switch
from vending_app.ui.practice.device import HEIGHT as DEVICE
from vending_app.ui.practice.device import MeterDevice
from vending_app.ui.practice.tray import Tray
from vending_app.ui.theme import Look

WIDTH = 320
TIME_FACTOR = 600
"""Meter time runs so much faster than the clock on the wall: an evening in half a minute."""
TICK_MS = 1000
_LEFT = 17


class PracticeDock(QWidget):
    """Signals: acted(PracticeAct)."""

    acted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.state: PracticeState | None = None
        self._is_waiting = False
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.tray = Tray(look, self)
        self.pull = Button(look, "Pull out", icon="eject", face=Face.VALUE, parent=self)
        self.to_meter = Button(look, "Put in meter", icon="gauge", face=Face.VALUE, parent=self)
        self.device = MeterDevice(look, self)
        self.slider = LoadSlider(look, self)
        self.tear = Switch(look, "Tear the card out while writing", self)
        self.paper = Switch(look, "Printer out of paper", self)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)

    def _connect(self) -> None:
        self.tray.wanted.connect(self._on_card)
        self.pull.clicked.connect(self._on_pull)
        self.to_meter.clicked.connect(self._on_meter)
        self.slider.chosen.connect(self._on_load)
        self.tear.clicked.connect(self._on_tear)
        self.paper.clicked.connect(self._on_paper)
        self._tick.timeout.connect(self._on_tick)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 698)

    def start(self) -> None:
        """Ask for the tray, and let the meter's time pass."""
        self.acted.emit(PracticeAct("show"))
        self._tick.start()

    def stop(self) -> None:
        """The window closes."""
        self._tick.stop()

    def show_state(self, state: PracticeState) -> None:
        """Show what the tray and the meter are like now."""
        self._is_waiting = False
        self.state = state
        self.tray.show_cards(state.tray, in_reader=state.in_reader)
        self.pull.setEnabled(state.in_reader is not None)
        self.to_meter.setEnabled(bool(state.meter_of))
        self.device.show_meter(state.meter, insertion=state.insertion, load_w=state.load_w)
        self.slider.show_load(state.load_w, limit_w=state.meter.overload_w if state.meter else 0)
        self.tear.setChecked(state.tears_next_write)
        self.paper.setChecked(state.is_paper_out)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width() - 32
        place(self.tray, _LEFT - 4, 36, 300, 164)
        half = (width - 8) / 2
        place(self.pull, _LEFT, 212, half, 36)
        place(self.to_meter, _LEFT + half + 8, 212, half, 36)
        self.device.setGeometry(_LEFT, 301, width, DEVICE)
        self.slider.setGeometry(_LEFT - 8, 548, width + 16, 42)
        self.tear.setGeometry(_LEFT, 632, width, 26)
        self.paper.setGeometry(_LEFT, 662, width, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            t = ink.t
            ink.box(QRectF(self.rect()), fill=t.practice_soft, radius=0)
            ink.box(QRectF(0, 0, 1, self.height()), fill=t.practice_line, radius=0)
            row = QRectF(_LEFT, 12, self.width() - 32, 24)
            count = len(self.state.tray) if self.state else 0
            ink.text(row, "Card tray", face=Face.CARD_TITLE)
            ink.text(row, f"{count} practice cards" if count else "", face=Face.SMALL, colour=t.muted, align=RIGHT)
            right = self.width() - 15
            ink.rule(_LEFT, right, 260, colour=t.practice_line)
            owner = self.state.meter_of if self.state else ""
            title = QRectF(_LEFT, 273, right - _LEFT, 24)
            words = f"Meter of {owner}" if owner else "Meter"
            ink.text(title, words, face=Face.CARD_TITLE, may_elide=True)
            self._paint_load(ink, right)
            ink.rule(_LEFT, right, 597, colour=t.practice_line)
            ink.text(QRectF(_LEFT, 606, 200, 24), "Faults", face=Face.CARD_TITLE)

    def _paint_load(self, ink: Ink, right: float) -> None:
        row = QRectF(_LEFT, 525, right - _LEFT, 24)
        used = ink.text(row, "Load", face=Face.STRONG)
        watts = self.state.load_w if self.state else 0
        load = f"{watts // 1000}.{watts % 1000 // 100} kW"
        ink.text(row.adjusted(used + 11, 0, 0, 0), load, face=Face.STRONG, colour=ink.t.practice)
        ink.text(row, f"time ×{TIME_FACTOR}", face=Face.SMALL, colour=ink.t.muted, align=RIGHT)

    # --- what a person does -----------------------------------------------------------------------------

    def _on_card(self, key: str) -> None:
        self.acted.emit(PracticeAct("insert", card=key))

    def _on_pull(self) -> None:
        self.acted.emit(PracticeAct("pull"))

    def _on_meter(self) -> None:
        self.acted.emit(PracticeAct("meter"))

    def _on_load(self, watts: int) -> None:
        self.acted.emit(PracticeAct("load", number=watts))

    def _on_tear(self) -> None:
        self.acted.emit(PracticeAct("tear", number=int(self.tear.isChecked())))

    def _on_paper(self) -> None:
        self.acted.emit(PracticeAct("paper-out", number=int(self.paper.isChecked())))

    def _on_tick(self) -> None:
        """One tick at a time: a desk that is busy writing is not flooded."""
        if self.state is not None and self.state.meter is not None and not self._is_waiting:
            self._is_waiting = True
            self.acted.emit(PracticeAct("pass-time", number=TIME_FACTOR * TICK_MS // 1000))
