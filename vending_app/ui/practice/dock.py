"""The dock of the practice counter: tray, meter, load, faults."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from vending_app.services.practice_cases import CardFault, PracticeAct, PracticeState
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.practice.controls import Chip, Chooser, LoadSlider, Option
from vending_app.ui.practice.device import HEIGHT as DEVICE
from vending_app.ui.practice.device import MeterDevice
from vending_app.ui.practice.tray import Tray
from vending_app.ui.theme import Look

WIDTH, USUAL_HEIGHT = 320, 698
USUAL_SPEED = 600
"""Meter time runs so much faster than the clock on the wall: an evening in half a minute."""
TICK_MS = 1000
OPEN_KEY = "Ctrl+M"
CARD_FAULTS = (
    Option(CardFault.NONE, "stays where it is"),
    Option(CardFault.UNWRITTEN, "leaves before it is written"),
    Option(CardFault.TORN, "is torn out while written"),
    Option(CardFault.UNCHECKED, "leaves before it is checked"),
    Option(CardFault.SWAPPED, "is another one"),
)
"""What happens to the next card that is written."""
_LEFT = 17


class PracticeDock(QWidget):
    """Signals: acted(PracticeAct), meter_wanted() — the meter is to be seen large; shown(PracticeState)."""

    acted = Signal(object)
    meter_wanted = Signal()
    shown = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.state: PracticeState | None = None
        self.speed = USUAL_SPEED
        self._is_waiting = False
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.tray = Tray(look, self)
        self.earlier = Button(look, "", kind=Kind.LINK, icon="caret-left", parent=self)
        self.earlier.setAccessibleName("Cards before")
        self.later = Button(look, "", kind=Kind.LINK, icon="caret-right", parent=self)
        self.later.setAccessibleName("More cards")
        self.pull = Button(look, "Pull out", icon="eject", face=Face.VALUE, parent=self)
        self.to_meter = Button(look, "Put in meter", icon="gauge", face=Face.VALUE, parent=self)
        self.open = Button(look, "", kind=Kind.LINK, icon="arrows-out", parent=self)
        self.open.setAccessibleName(f"Open the meter, {OPEN_KEY}")
        self.open.setToolTip(f"Open the meter ({OPEN_KEY})")
        self.device = MeterDevice(look, parent=self)
        self.slider = LoadSlider(look, self)
        self.card_fault = Chooser(look, "Next card", CARD_FAULTS, self)
        self.paper = Chip(look, "No paper", name="Printer out of paper", parent=self)
        self.reader = Chip(look, "No reader", name="Reader unplugged", parent=self)
        self.books = Chip(look, "No books", name="Another program holds the books", parent=self)
        self.chips = {"paper-out": self.paper, "reader-off": self.reader, "books-locked": self.books}
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._open_key = QShortcut(QKeySequence(OPEN_KEY), self)
        self._open_key.setContext(Qt.ShortcutContext.WindowShortcut)

    def _connect(self) -> None:
        self.tray.wanted.connect(self._on_card)
        self.tray.turned.connect(self.update)
        self.earlier.clicked.connect(self._on_earlier)
        self.later.clicked.connect(self._on_later)
        self.pull.clicked.connect(self._on_pull)
        self.to_meter.clicked.connect(self._on_meter)
        self.open.clicked.connect(self.meter_wanted)
        self._open_key.activated.connect(self.meter_wanted)
        self.slider.chosen.connect(self._on_load)
        self.card_fault.chosen.connect(self._on_card_fault)
        for chip in self.chips.values():
            chip.clicked.connect(self._on_chip)
        self._tick.timeout.connect(self._on_tick)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, USUAL_HEIGHT)

    def start(self) -> None:
        """Ask for the tray, and let the meter's time pass."""
        self.acted.emit(PracticeAct("show"))
        self._tick.start()

    def stop(self) -> None:
        """The window closes."""
        self._tick.stop()

    def set_speed(self, speed: int) -> None:
        """How many seconds of meter time pass in one."""
        self.speed = speed
        self.update()

    def show_state(self, state: PracticeState) -> None:
        """Show what the tray and the meter are like now."""
        self._is_waiting = False
        self.state = state
        self.tray.show_state(state)
        self.pull.setEnabled(state.in_reader is not None)
        self.to_meter.setEnabled(state.meter is not None)
        self.device.show_meter(
            state.meter, insertion=state.insertion, load_w=state.load_w, card_colour=colour_in_meter(state)
        )
        self.slider.show_load(state.load_w, limit_w=state.meter.overload_w if state.meter else 0)
        self.card_fault.choose(state.faults.card)
        self.paper.setChecked(state.faults.is_paper_out)
        self.reader.setChecked(state.faults.is_reader_unplugged)
        self.books.setChecked(state.faults.are_books_locked)
        for turner in (self.earlier, self.later):
            turner.setVisible(self.tray.pages > 1)
        self.update()
        self.shown.emit(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width() - 32
        place(self.tray, _LEFT - 4, 36, 300, 164)
        place(self.earlier, _LEFT + width - 74, 12, 28, 24)
        place(self.later, _LEFT + width - 19, 12, 28, 24)
        half = (width - 8) / 2
        place(self.pull, _LEFT, 212, half, 36)
        place(self.to_meter, _LEFT + half + 8, 212, half, 36)
        place(self.open, _LEFT + width - 19, 273, 28, 24)
        device, up = width * (DEVICE - self._missing) // DEVICE, self._missing
        self.device.setGeometry(_LEFT + (width - device) // 2, 301, device, DEVICE - up)
        self.slider.setGeometry(_LEFT - 8, 548 - up, width + 16, 42)
        self.card_fault.setGeometry(_LEFT, 631 - up, width, 26)
        third = (width - 16) // 3
        for at, chip in enumerate(self.chips.values()):
            chip.setGeometry(_LEFT + at * (third + 8), 663 - up, third, 26)

    @property
    def _missing(self) -> int:
        """In a low window the device gives way."""
        return min(max(USUAL_HEIGHT - self.height(), 0), DEVICE // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            t = ink.t
            ink.box(QRectF(self.rect()), fill=t.practice_soft, radius=0)
            ink.box(QRectF(0, 0, 1, self.height()), fill=t.practice_line, radius=0)
            self._paint_cards(ink)
            right = self.width() - 15
            ink.rule(_LEFT, right, 260, colour=t.practice_line)
            owner = self.state.meter_of if self.state else ""
            title = QRectF(_LEFT, 273, right - _LEFT - 28, 24)
            words = f"Meter of {owner}" if owner else "Meter"
            ink.text(title, words, face=Face.CARD_TITLE, may_elide=True)
            self._paint_load(ink, right)
            ink.rule(_LEFT, right, 597 - self._missing, colour=t.practice_line)
            ink.text(QRectF(_LEFT, 604 - self._missing, 200, 24), "Faults", face=Face.CARD_TITLE)

    def _paint_cards(self, ink: Ink) -> None:
        row = QRectF(_LEFT, 12, self.width() - 32, 24)
        ink.text(row, "Card tray", face=Face.CARD_TITLE)
        if self.tray.pages > 1:
            words, place_ = f"{self.tray.page + 1}/{self.tray.pages}", row.adjusted(0, 0, -27, 0)
        else:
            count = len(self.state.tray) if self.state else 0
            words, place_ = f"{count} practice cards" if count else "", row
        ink.text(place_, words, face=Face.SMALL, colour=ink.t.muted, align=RIGHT)

    def _paint_load(self, ink: Ink, right: float) -> None:
        row = QRectF(_LEFT, 525 - self._missing, right - _LEFT, 24)
        used = ink.text(row, "Load", face=Face.STRONG)
        load = kilowatts(self.state.load_w if self.state else 0)
        ink.text(row.adjusted(used + 11, 0, 0, 0), load, face=Face.STRONG, colour=ink.t.practice)
        ink.text(row, f"time ×{self.speed}", face=Face.SMALL, colour=ink.t.muted, align=RIGHT)

    # --- what a person does -----------------------------------------------------------------------------

    def _on_card(self, key: str) -> None:
        self.acted.emit(PracticeAct("insert", card=key))

    def _on_earlier(self) -> None:
        self.tray.turn(-1)

    def _on_later(self) -> None:
        self.tray.turn(1)

    def _on_pull(self) -> None:
        self.acted.emit(PracticeAct("pull"))

    def _on_meter(self) -> None:
        self.acted.emit(PracticeAct("meter"))

    def _on_load(self, watts: int) -> None:
        self.acted.emit(PracticeAct("load", number=watts))

    def _on_card_fault(self, fault: str) -> None:
        self.acted.emit(PracticeAct("card-fault", card=fault))

    def _on_chip(self) -> None:
        chip = self.sender()
        verb = next(verb for verb, each in self.chips.items() if each is chip)
        self.acted.emit(PracticeAct(verb, number=int(self.chips[verb].isChecked())))

    def _on_tick(self) -> None:
        """One tick at a time: a desk that is busy writing is not flooded."""
        if self.state is not None and self.state.meter is not None and not self._is_waiting:
            self._is_waiting = True
            self.acted.emit(PracticeAct("pass-time", number=self.speed * TICK_MS // 1000))


def colour_in_meter(state: PracticeState) -> str:
    """Of the card in the slot; empty if there is none."""
    return next((card.colour for card in state.tray if card.key == state.in_meter), "")


def kilowatts(watts: int) -> str:
    """`1.8 kW`, `0.06 kW`."""
    figures = f"{watts // 1000}.{watts % 1000 // 10:02d}"
    return f"{figures.removesuffix('0')} kW"
