"""What is odd about a day, the most urgent first, each with the verb that does something about it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.day import DayReport
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import PADDING, place
from vending_app.ui.components.verb_rows import VerbRow, VerbRows
from vending_app.ui.day.day_words import ODDITIES, need_you, said_oddity
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.theme import Look, tone

NOTE, CHECK = 58, 72


class OdditiesCard(VerbRows):
    """Signals: wanted(DayOddity) — its verb; checked() — check the journal now."""

    checked = Signal()
    FOOT = NOTE

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Exceptions", empty="Nothing is odd about this day.", parent=parent)
        self.report: DayReport | None = None
        self.note = ("accent", "shield-check", "The journal was not checked since this page was opened.")
        self.check = Button(look, "Check", face=Face.SMALL_STRONG, parent=self)
        self.check.setAccessibleName("Check the journal")
        self.check.clicked.connect(self.checked)

    def show_report(self, report: DayReport) -> None:
        """Another day."""
        self.report = report
        rows = []
        for odd in report.oddities:
            icon, name, verb = ODDITIES[odd.kind]
            rows.append(VerbRow(icon, name, *said_oddity(odd, of=report.day), verb, odd, is_open=odd.needs_somebody))
        self.show_rows(rows)

    def show_note(self, note: tuple[str, str, str]) -> None:
        """What came of the check."""
        self.note = note
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
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
        super().draw(ink)
        self._draw_note(ink)

    def _draw_note(self, ink: Ink) -> None:
        name, icon, words = self.note
        strong, soft, _ = tone(ink.t, name)
        box = QRectF(PADDING, self.height() - NOTE - PADDING + 1, self.width() - 2 * PADDING, NOTE)
        ink.box(box, fill=soft, radius=8)
        ink.icon(QRectF(box.left() + 18, box.center().y() - 10, 20, 20), icon, strong)
        ink.paragraph(box.adjusted(48, 2, -CHECK - 18, -2), words, face=Face.SMALL)
