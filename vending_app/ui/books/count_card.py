"""Counting a drawer: how many of each note and coin, or the sum alone. What is expected is nowhere here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.cash import DENOMINATIONS, CashCount
from vending_app.domain.errors import VendingError
from vending_app.domain.money import ZERO, Money
from vending_app.services.book_cases import CountCash
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

ROWS = 8
"""Below each other; notes left, coins right."""
FIRST_COIN = Money(200)
TOP, PITCH, LOW_PITCH = 52, 40, 34
LOW = 580
"""Below this height, beside the practice dock, the rows move together."""
NOTES = tuple(piece for piece in DENOMINATIONS if piece > FIRST_COIN)
COINS = tuple(piece for piece in DENOMINATIONS if piece <= FIRST_COIN)


class PieceField(FigureField):
    """How many of one note or coin; arrows lead to the next one. Signals: moved(int) — by so many."""

    moved = Signal(int)

    def __init__(self, look: Look, piece: Money, parent: QWidget) -> None:
        super().__init__(look, label="", name=f"How many of {piece}", face=Face.STRONG, parent=parent)
        self.piece = piece
        self.right_pad = 10
        self.says_inside = False
        self.setMaxLength(6)

    @property
    def number(self) -> int | None:
        """As typed; nothing is none, and None is not a number."""
        text = self.text().strip()
        if not text:
            return 0
        return int(text) if text.isascii() and text.isdigit() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}
        move = step.get(Qt.Key(event.key()))
        if move is not None:
            self.moved.emit(move)
            return
        super().keyPressEvent(event)


class CountCard(Surface):
    """Signals: counted(CountCash), left()."""

    counted = Signal(object)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Count the drawer", parent=parent)
        self.remark = "Enter moves on"
        self.note: tuple[str, str, str] = ("", "", "")
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.pieces = [PieceField(look, piece, self) for piece in (*NOTES, *COINS)]
        self.total = FigureField(look, label="Or the sum alone", name="Or the sum alone", face=Face.CASH, parent=self)
        for field in (*self.pieces, self.total):
            buddy = QLabel(field.accessibleName(), self)
            buddy.setBuddy(field)
            buddy.hide()
        self.button = Button(
            look, "Keep this count", kind=Kind.PRIMARY, icon="wallet", key="Enter", face=Face.CARD_TITLE, parent=self
        )
        self.back = Button(look, "Back", key="Esc", parent=self)

    def _connect(self) -> None:
        for field in self.pieces:
            field.moved.connect(self._on_moved)
            field.edited.connect(self._on_typed)
        self.total.edited.connect(self._on_typed)
        self.total.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.back.clicked.connect(self.left)

    # --- shown ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """An empty count, cursor at the largest note."""
        for field in (*self.pieces, self.total):
            field.clear()
            field.set_wrong("")
        self.note = ("", "", "")
        self.set_resting(False)
        self.pieces[0].setFocus()
        self._on_typed("")

    def set_resting(self, resting: bool, /) -> None:
        """While it is being stored."""
        for widget in (*self.pieces, self.total, self.button, self.back):
            widget.setEnabled(not resting)

    def show_trouble(self, error: VendingError) -> None:
        """It was refused."""
        said = trouble(error)
        self.note = ("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}")
        self.set_resting(False)
        self.update()

    @property
    def count(self) -> CashCount | None:
        """What the pieces come to; None while one of them is not a number."""
        numbers = [(field.piece, field.number) for field in self.pieces]
        known = tuple((piece, number) for piece, number in numbers if number is not None)
        if len(known) < len(numbers):
            return None
        try:
            return CashCount.of_pieces(known)
        except VendingError:
            return None

    # --- what a person does -----------------------------------------------------------------------------

    def submit(self) -> None:
        """Keep what was counted; it cannot be taken back, only counted again."""
        if not self.button.isEnabled():
            return
        if self.total.text().strip():
            self._submit_total()
            return
        count = self.count
        if count is None:
            self._mark_wrong()
            return
        self.set_resting(True)
        self.counted.emit(CountCash(pieces=count.pieces))

    def _submit_total(self) -> None:
        try:
            total = Money.parse(self.total.text())
        except VendingError as error:
            self.total.set_wrong(trouble(error).sentence)
            self.total.setFocus()
            return
        self.set_resting(True)
        self.counted.emit(CountCash(total=total))

    def _mark_wrong(self) -> None:
        for field in self.pieces:
            field.set_wrong("This is not a number of pieces." if field.number is None else "")
        wrong = [field for field in self.pieces if field.wrong]
        (wrong or self.pieces)[0].setFocus()
        self.note = ("bad", "warning-circle-fill", "This is not how many notes or coins lie in a drawer.")
        self.update()

    def _on_moved(self, by: int) -> None:
        sender = self.sender()
        at = next((number for number, field in enumerate(self.pieces) if field is sender), 0) + by
        if at == len(self.pieces):
            self.button.setFocus()
        elif at < 0:
            self.total.setFocus()
        else:
            self.pieces[at].setFocus()
            self.pieces[at].selectAll()

    def _on_typed(self, _text: str) -> None:
        self.note = ("", "", "")
        for field in (*self.pieces, self.total):
            field.set_wrong("")
        for field in self.pieces:
            field.setEnabled(not self.total.text())
        self.update()

    # --- places -----------------------------------------------------------------------------------------

    @property
    def _pitch(self) -> int:
        return PITCH if self.height() >= LOW else LOW_PITCH

    @property
    def _half(self) -> float:
        return (self.width() - 2 * PADDING - 20) / 2

    def _row(self, at: int) -> QRectF:
        """Where one note or coin stands."""
        column, row = (0, at) if at < len(NOTES) else (1, at - len(NOTES))
        return QRectF(PADDING + column * (self._half + 20), TOP + self._pitch * row, self._half, self._pitch)

    @property
    def _below(self) -> float:
        return TOP + self._pitch * ROWS + 6

    def resizeEvent(self, event: QResizeEvent) -> None:
        for at, field in enumerate(self.pieces):
            row = self._row(at)
            place(field, row.left() + 58, row.top() + 2, 62, row.height() - 4)
        width, below = self.width() - 2 * PADDING, self._below
        place(self.total, PADDING, below + 70, width, 48)
        back = self.back.content_width() + 30
        place(self.back, PADDING, below + 128, back, 56)
        place(self.button, PADDING + back + 8, below + 128, width - back - 8, 56)

    def draw(self, ink: Ink) -> None:
        for at, field in enumerate(self.pieces):
            row = self._row(at)
            ink.text(QRectF(row.left(), row.top(), 54, row.height()), str(field.piece), colour=ink.t.muted, align=RIGHT)
            if field.number:
                room = row.adjusted(126, 0, 0, 0)
                ink.text(room, str(field.piece * field.number), face=Face.SMALL_VALUE, align=RIGHT, may_elide=True)
        if self.note[2]:
            draw_note(ink, QRectF(PADDING, self._below, self.width() - 2 * PADDING, 58), self.note)
        else:
            self._draw_sum(ink)

    def _draw_sum(self, ink: Ink) -> None:
        box = QRectF(PADDING, self._below, self.width() - 2 * PADDING, 60)
        ink.box(box, fill=ink.t.sunken)
        ink.text(box.adjusted(16, 0, -16, 0), "Counted", face=Face.CARD_TITLE, colour=ink.t.muted)
        if self.total.text():
            return
        count = self.count
        total = count.total if count is not None else ZERO
        ink.text(box.adjusted(120, 0, -16, 0), str(total), face=Face.AMOUNT, align=RIGHT)
