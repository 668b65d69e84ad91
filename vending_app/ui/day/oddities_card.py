"""What is odd about a day, the most urgent first, each with the verb that does something about it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import DayOddity, DayReport
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.day.day_words import ODDITIES, need_you, said_oddity
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.theme import Look, tone

TOP, ROW, NOTE = 45, 61, 58
DISC = 18.0
BUTTON, CHECK = 72, 72


class OdditiesCard(Surface):
    """Signals: wanted(DayOddity) — its verb; checked() — check the journal now."""

    wanted = Signal(object)
    checked = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Exceptions", parent=parent)
        self.report: DayReport | None = None
        self.note = ("accent", "shield-check", "The journal was not checked since this page was opened.")
        self.buttons: list[Button] = []
        self.check = Button(look, "Check", face=Face.SMALL_STRONG, parent=self)
        self.check.setAccessibleName("Check the journal")
        self.check.clicked.connect(self.checked)

    def show_report(self, report: DayReport) -> None:
        """Another day."""
        self.report = report
        for button in self.buttons:
            button.deleteLater()
        self.buttons = []
        for odd in self._shown():
            self.buttons.append(self._button(odd))
        titles = "; ".join(", ".join(said_oddity(odd)) for odd in report.oddities)
        self.setAccessibleDescription(titles or "Nothing is odd")
        self._place()
        self.update()

    def show_note(self, note: tuple[str, str, str]) -> None:
        """What came of the check."""
        self.note = note
        self.update()

    def _button(self, odd: DayOddity) -> Button:
        verb = ODDITIES[odd.kind][2]
        is_first = not any(button.kind is Kind.PRIMARY for button in self.buttons) and odd.needs_somebody
        button = Button(
            self.look, verb or "Look", kind=Kind.PRIMARY if is_first else Kind.SECONDARY,
            face=Face.SMALL_STRONG, parent=self,
        )  # fmt: skip
        button.setAccessibleName(f"{verb}: {', '.join(said_oddity(odd))}")
        button.clicked.connect(lambda: self.wanted.emit(odd))
        button.setVisible(bool(verb))
        return button

    @property
    def seen(self) -> int:
        """Rows that have room."""
        room = int((self.height() - TOP - NOTE - PADDING) // ROW)
        count = len(self.report.oddities) if self.report else 0
        # The last row gives way to the number of those that have no room.
        return room if count <= room else max(0, room - 1)

    def _shown(self) -> tuple[DayOddity, ...]:
        return self.report.oddities[: self.seen] if self.report else ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.report is not None and len(self._shown()) != len(self.buttons):
            self.show_report(self.report)
        self._place()

    def _place(self) -> None:
        for at, button in enumerate(self.buttons):
            place(button, self.width() - PADDING - BUTTON, TOP + at * ROW + 14, BUTTON, 32)
        note = self.height() - NOTE - PADDING + 1
        place(self.check, self.width() - PADDING - CHECK - 10, note + (NOTE - 32) / 2, CHECK, 32)

    # --- drawing ----------------------------------------------------------------------------------------

    def draw(self, ink: Ink) -> None:
        if self.report is None:
            return
        needed = need_you(self.report)
        if needed:
            row = QRectF(PADDING, 13, self.width() - 2 * PADDING, 24)
            ink.text(row, needed, face=Face.SMALL_STRONG, colour=ink.t.bad, align=RIGHT)
        shown = self._shown()
        if not shown:
            calm = QRectF(PADDING, TOP + 8, self.width() - 2 * PADDING, 40)
            ink.text(calm, "Nothing is odd about this day.", colour=ink.t.muted)
        for at, odd in enumerate(shown):
            self._draw_row(ink, TOP + at * ROW, odd)
        hidden = len(self.report.oddities) - len(shown)
        if hidden:
            line = QRectF(PADDING, TOP + len(shown) * ROW + 4, self.width() - 2 * PADDING, 24)
            ink.text(line, f"and {hidden} more", face=Face.SMALL, colour=ink.t.muted)
        self._draw_note(ink)

    def _draw_row(self, ink: Ink, top: float, odd: DayOddity) -> None:
        icon, name, verb = ODDITIES[odd.kind]
        strong, soft = (ink.t.muted, ink.t.sunken) if name == "muted" else tone(ink.t, name)[:2]
        middle = QPointF(PADDING + DISC, top + ROW / 2)
        ink.disc(middle, DISC, fill=soft)
        ink.icon(QRectF(middle.x() - 9, middle.y() - 9, 18, 18), icon, strong)
        title, line = said_oddity(odd)
        left = PADDING + 2 * DISC + 12
        room = self.width() - PADDING - left - (BUTTON + 8 if verb else 0)
        ink.text(QRectF(left, top + 10, room, 22), title, face=Face.STRONG, may_elide=True)
        ink.text(QRectF(left, top + 30, room, 20), line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        ink.rule(PADDING, self.width() - PADDING, top + ROW - 1)

    def _draw_note(self, ink: Ink) -> None:
        name, icon, words = self.note
        strong, soft, _ = tone(ink.t, name)
        box = QRectF(PADDING, self.height() - NOTE - PADDING + 1, self.width() - 2 * PADDING, NOTE)
        ink.box(box, fill=soft, radius=8)
        ink.icon(QRectF(box.left() + 18, box.center().y() - 10, 20, 20), icon, strong)
        ink.paragraph(box.adjusted(48, 2, -CHECK - 18, -2), words, face=Face.SMALL)
