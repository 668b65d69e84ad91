"""What a card is, in a sentence and in facts; and room for its fields."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QScrollArea, QWidget

from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, elided, text_width, wrapped_height
from vending_app.ui.theme import Look

LABEL = 96
EDGE = 2
"""What the card keeps for its line, or for the ring of the cursor."""
SIDE = PADDING - EDGE
TOP, FOOT, BELOW = 44, 8, 12
"""Above the sentence, below the facts, and between the two."""
MOST, LEAST = 28.0, 17.0
MEANING = 52
NO_BREAK = "\u00a0"
Fact = tuple[str, str]
SCROLLED = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class FactsBody(QWidget):
    """The sentence, as high as it needs to be, and the facts below it; what it has no room for is scrolled to."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.sentence = ""
        self.facts: tuple[Fact, ...] = ()
        self._step = MOST
        """How high a fact of one line is."""

    def show_facts(self, sentence: str, facts: tuple[Fact, ...], room: float) -> None:
        """As far apart as this room allows."""
        self.sentence, self.facts = sentence, tuple((label, self._kept_together(value)) for label, value in facts)
        least = self.least_height(sentence, self.facts)
        self._step = min(MOST, LEAST + max(0.0, room - least) / max(len(facts), 1))
        self.resize(self.width(), ceil(max(room, least)))
        self.update()

    def least_height(self, sentence: str, facts: tuple[Fact, ...]) -> float:
        """How high they are when they stand as close as may be."""
        return self._sentence_height(sentence) + sum(LEAST + self._more(value) for _, value in facts)

    @property
    def text_wide(self) -> int:
        """How wide a line of the sentence is."""
        return self.width() - 2 * SIDE

    def _sentence_height(self, sentence: str) -> float:
        return wrapped_height(sentence, Face.VALUE, self.text_wide) + BELOW

    def _kept_together(self, value: str) -> str:
        """Broken behind a comma rather than within a date or a figure with its unit."""
        room = self.text_wide - LABEL
        parts = (f"{part}," for part in value.split(", "))
        kept = (part.replace(" ", NO_BREAK) if text_width(part, Face.SMALL_VALUE) <= room else part for part in parts)
        return " ".join(kept)[:-1]

    def _more(self, value: str) -> float:
        """What a value takes beyond its first line."""
        one, whole = (wrapped_height(text, Face.SMALL_VALUE, self.text_wide - LABEL) for text in ("–", value))
        return max(0.0, whole - one)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.card, radius=0)
            top = self._sentence_height(self.sentence)
            ink.paragraph(QRectF(SIDE, 0, self.text_wide, top), self.sentence, face=Face.VALUE, from_top=True)
            for label, value in self.facts:
                ink.text(QRectF(SIDE, top, LABEL, self._step), label, face=Face.SMALL, colour=ink.t.muted)
                row = QRectF(SIDE + LABEL, top, self.text_wide - LABEL, self._step + self._more(value))
                ink.paragraph(row, value, face=Face.SMALL_VALUE)
                top = row.bottom()


class FactsCard(Surface):
    """Label and value, one under the other, below one or two sentences; by the arrow keys where they must scroll."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="In words", parent=parent)
        self.sentence, self.name = "", ""
        self.facts: tuple[Fact, ...] = ()
        self.body = FactsBody(look)
        self.area = QScrollArea(self)
        self.area.setWidget(self.body)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_facts(self, sentence: str, facts: Sequence[Fact], *, name: str = "") -> None:
        """Another card, whose customer has this name in the sentence."""
        self.sentence, self.facts, self.name = sentence, tuple(facts), name
        self.setAccessibleDescription("; ".join((sentence, *(f"{label}: {value}" for label, value in facts))))
        self.area.verticalScrollBar().setValue(0)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.area.setGeometry(EDGE, TOP, self.width() - 2 * EDGE, self.height() - TOP - FOOT)
        self._lay_out()

    def _lay_out(self) -> None:
        # Beside the bar, which lies in the padding, the lines end where they end without it.
        self.body.resize(self.area.width(), self.body.height())
        room = self.area.height()
        self.body.show_facts(self._fitting(room), self.facts, room)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.body.height() > room else Qt.FocusPolicy.NoFocus)

    def _fitting(self, room: float) -> str:
        """The sentence; a long name ends in dots before anything else has to be scrolled to, or runs over the edge."""
        line = self.body.text_wide - text_width(",", Face.VALUE)
        is_wide = any(text_width(word, Face.VALUE) > line for word in self.name.split())
        if self.name and (is_wide or self.body.least_height(self.sentence, self.facts) > room):
            return self.sentence.replace(self.name, elided(self.name, Face.VALUE, line), 1)
        return self.sentence

    # --- keys -------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = SCROLLED.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
        else:
            self.area.verticalScrollBar().triggerAction(action)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def draw(self, ink: Ink) -> None:
        if self.hasFocus():
            ink.box(QRectF(self.rect()), line=ink.t.accent, radius=10, width=2)


class FieldsCard(Surface):
    """Room for the fields of a card, and below them what the one that is looked at means."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Field by field", parent=parent)
        self.meaning = ""

    def show_meaning(self, meaning: str) -> None:
        """Of another field."""
        self.meaning = meaning
        self.update()

    def draw(self, ink: Ink) -> None:
        top = self.height() - MEANING
        ink.rule(PADDING, self.width() - PADDING, top)
        row = QRectF(PADDING, top + 4, self.width() - 2 * PADDING, MEANING - 8)
        ink.paragraph(row, self.meaning, face=Face.SMALL, colour=ink.t.muted)
