"""The 256 bytes of a card, each in the colour of its field; the field that is looked at stands out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.card_fields import CardField, FieldUse
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look, Tokens

ROW_BYTES, TOP = 16, 46
ADDRESS_WIDE = 30
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class BytesView(Surface):
    """Signals: pointed(int) — the number of the field whose byte was clicked."""

    pointed = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="In bytes", parent=parent)
        self.fields: tuple[CardField, ...] = ()
        self.chosen = -1
        self._of: tuple[int, ...] = ()
        """By address the number of its field."""

    def show_fields(self, fields: Sequence[CardField]) -> None:
        """Another card; nothing is looked at."""
        self.fields, self.chosen = tuple(fields), -1
        self._of = tuple(at for at, field in enumerate(fields) for _ in field.raw)
        self.set_title("In bytes", "" if fields else "No bytes could be read")

    def choose(self, number: int) -> None:
        """Look at one field."""
        self.chosen = number
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._address_at(event.position())
        if at is not None:
            self.pointed.emit(self._of[at])

    # --- painting ---------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        tints = tints_of(self.fields, ink.t)
        for address, number in enumerate(self._of):
            cell, field = self._cell(address), self.fields[number]
            is_chosen = number == self.chosen
            ink.box(self._joined(cell, address), fill=ink.t.accent if is_chosen else tints[number], radius=0)
            text = f"{field.raw[address - field.address]:02X}"
            ink.text(cell, text, face=Face.CAPTION, colour=ink.t.on if is_chosen else ink.t.text, align=CENTRE)
            if address % ROW_BYTES == 0:
                side = QRectF(PADDING, cell.top(), ADDRESS_WIDE, cell.height())
                ink.text(side, f"{address:02X}", face=Face.CAPTION_STRONG, colour=ink.t.muted)

    def _joined(self, cell: QRectF, address: int) -> QRectF:
        """Bytes of one field touch; the next one begins after a gap."""
        ends = address + 1 == len(self._of) or self._of[address + 1] != self._of[address]
        at_edge = address % ROW_BYTES == ROW_BYTES - 1
        return cell.adjusted(0, 1, -2 if ends and not at_edge else 0, -1)

    def _cell(self, address: int) -> QRectF:
        wide, high = self._grid()
        left = PADDING + ADDRESS_WIDE + address % ROW_BYTES * wide
        return QRectF(left, TOP + address // ROW_BYTES * high, wide, high)

    def _grid(self) -> tuple[float, float]:
        wide = (self.width() - 2 * PADDING - ADDRESS_WIDE) / ROW_BYTES
        return wide, (self.height() - TOP - PADDING) / ROW_BYTES

    def _address_at(self, point: QPointF) -> int | None:
        wide, high = self._grid()
        column = int((point.x() - PADDING - ADDRESS_WIDE) // wide)
        row = int((point.y() - TOP) // high)
        address = row * ROW_BYTES + column
        return address if 0 <= column < ROW_BYTES and 0 <= address < len(self._of) else None


def tints_of(fields: Sequence[CardField], tokens: Tokens) -> list[str]:
    """A colour for each record, in two strengths for neighbours; a stronger one for what proves it, none for spare."""
    pairs = (
        (tokens.accent_soft, tokens.accent_line),
        (tokens.ok_soft, tokens.ok_line),
        (tokens.practice_soft, tokens.practice_line),
        (tokens.warn_soft, tokens.warn_line),
        (tokens.bad_soft, tokens.bad_line),
    )
    places = list(dict.fromkeys(field.place for field in fields if field.place not in {"chip", "scratch"}))
    tints = []
    for at, field in enumerate(fields):
        if field.place not in places or field.use is FieldUse.SPARE:
            tints.append(tokens.sunken)
        else:
            tints.append(pairs[places.index(field.place) % len(pairs)][at % 2])
    return tints
