"""The middle of the page while a card is written, after it, and when it was torn out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.ui.components.reader_picture import ReaderPicture, Shows
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.components.write_strip import Step, WriteStrip
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink, text_width
from vending_app.ui.theme import Look, tone


@dataclass(frozen=True, slots=True)
class WriteShown:
    """What the write card shows; `note` is tone, icon and words."""

    title: str
    remark: str
    shows: Shows
    steps: tuple[Step, Step, Step]
    facts: tuple[tuple[str, str], ...]
    note: tuple[str, str, str]
    office: str
    number: str
    """The card's number, masked."""
    brief: str = ""
    """The title where there is little room."""


class WriteCard(Surface):
    """568 high: picture 232, strip 72, three facts, one note."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Writing card", parent=parent)
        self.shown: WriteShown | None = None
        self.picture = ReaderPicture(look, self)
        self.strip = WriteStrip(look, self)

    def show_write(self, shown: WriteShown) -> None:
        """Show where the write stands."""
        self.shown = shown
        self._retitle()
        self.picture.show_card(shown.shows, office=shown.office, number=f"•••• •••• {shown.number}")
        self.strip.show_steps(shown.steps)
        self.update()

    def show_steps(self, steps: tuple[Step, Step, Step]) -> None:
        """The write went on."""
        self.strip.show_steps(steps)

    def show_share(self, done: int, of: int) -> None:
        """The running step has come so far."""
        self.strip.show_share(done, of)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # In the low form of the practice counter the picture gives way first.
        spare = min(self.height() - 568, 0)
        self.picture.setGeometry(0, 50, self.width(), 232 + spare)
        self.strip.setGeometry(8, 294 + spare, self.width() - 16, 74)
        self._retitle()

    def _retitle(self) -> None:
        shown = self.shown
        if shown is not None:
            room = self.width() - 2 * PADDING - text_width(shown.remark, Face.SMALL) - 12
            fits = not shown.brief or text_width(shown.title, Face.CARD_TITLE) <= room
            self.set_title(shown.title if fits else shown.brief, shown.remark)

    def draw(self, ink: Ink) -> None:
        shown = self.shown
        if shown is None:
            return
        right, bottom = self.width() - PADDING, self.height()
        note = QRectF(PADDING, bottom - 75, right - PADDING, 58)
        for at, (label, value) in enumerate(shown.facts):
            middle = bottom - 177 + 37 * at
            used = ink.text(QRectF(PADDING, middle - 12, 240, 24), label, colour=ink.t.muted)
            room = QRectF(PADDING + used + 12, middle - 12, right - PADDING - used - 12, 24)
            ink.text(room, value, face=Face.VALUE, align=RIGHT, may_elide=True)
            if at < len(shown.facts) - 1:
                ink.rule(PADDING, right, middle + 18)
        if shown.note[2]:
            self._draw_note(ink, note, shown.note)

    def _draw_note(self, ink: Ink, rect: QRectF, note: tuple[str, str, str]) -> None:
        name, icon, words = note
        strong, soft, _ = tone(ink.t, name)
        ink.box(rect, fill=soft)
        ink.icon(QRectF(rect.left() + 17, rect.center().y() - 11, 22, 22), icon, strong)
        face = Face.SMALL if self.width() < 400 else Face.BODY
        ink.paragraph(rect.adjusted(52, 0, -12, 0), words, face=face)
