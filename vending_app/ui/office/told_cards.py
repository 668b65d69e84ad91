"""What stands beside the fields: a receipt as it will look, what a rule does, and a change in all its lines."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QWidget

from vending_app.domain.office_rules import RuleChange
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.office.rule_words import Difference, differences, said_subject
from vending_app.ui.paint import Ink, wrapped_height
from vending_app.ui.phrases import day_and_clock
from vending_app.ui.theme import Look

TOP = 52
LINE, UNDER, GAP = 22, 20, 10


class SpecimenCard(Surface):
    """A receipt that nobody was given."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="As it will look", parent=parent)
        self.document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self.view = QPdfView(self)
        self.view.setDocument(self.document)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setAccessibleName("A receipt as it will look")
        # Without a page it is a dark slab.
        self.view.hide()

    def show_pdf(self, pdf: bytes) -> None:
        """Another receipt, at the place that was looked at before."""
        ground = self.view.palette()
        ground.setColor(QPalette.ColorRole.Dark, QColor(self.look.tokens.card))
        self.view.setPalette(ground)
        bar = self.view.verticalScrollBar()
        at = bar.value()
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self.view.show()
        bar.setValue(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        place(self.view, 9, 46, self.width() - 18, self.height() - 55)


class AboutCard(Surface):
    """Sentences, each a paragraph."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="About", parent=parent)
        self.sentences: tuple[str, ...] = ()

    def show_about(self, title: str, sentences: tuple[str, ...]) -> None:
        """Other sentences."""
        self.set_title(title)
        self.sentences = sentences
        self.setAccessibleDescription(" ".join(sentences))

    def draw(self, ink: Ink) -> None:
        y, width = float(TOP), self.width() - 2 * PADDING
        for sentence in self.sentences:
            high = wrapped_height(sentence, Face.BODY, width) + 2
            ink.paragraph(QRectF(PADDING, y, width, high), sentence, colour=ink.t.muted, from_top=True)
            y += high + GAP


class ChangeCard(Surface):
    """One change: when, by whom, and each thing before and after."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="What was changed", parent=parent)
        self.change: RuleChange | None = None
        self.who = ""
        self.lines: tuple[Difference, ...] = ()

    def show_change(self, change: RuleChange | None, who: str) -> None:
        """Another one; None while there is none."""
        self.change, self.who = change, who
        self.lines = differences(change.before, change.after) if change else ()
        self.set_title(said_subject(change.subject) if change else "What was changed")
        self.setAccessibleDescription("; ".join([who, *map(str, self.lines)]))

    def draw(self, ink: Ink) -> None:
        if self.change is None:
            draw_empty(ink, QRectF(self.rect()), icon="clock-clockwise", title="Nothing was changed yet", step="")
            return
        width, y = self.width() - 2 * PADDING, float(TOP)
        for text in (day_and_clock(self.change.at), self.who):
            ink.text(QRectF(PADDING, y, width, LINE), text, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
            y += LINE
        for line in self.lines:
            y += GAP
            if y + LINE + 2 * UNDER > self.height() - 8:
                break
            ink.text(QRectF(PADDING, y, width, LINE), line.label, face=Face.STRONG, may_elide=True)
            before, after = QRectF(PADDING, y + LINE, width, UNDER), QRectF(PADDING, y + LINE + UNDER, width, UNDER)
            ink.text(before, line.before, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
            ink.text(after, f"→ {line.after}", face=Face.SMALL, may_elide=True)
            y += LINE + 2 * UNDER
