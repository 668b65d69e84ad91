"""One rule of the office to change: its fields, what is wrong with them, and the button that leads to two people."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.office_rules import Rule, checked
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.fields import TextField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.office.rule_words import said_wrong
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

TOP = 56
LABEL = 20
FOOT = 30
"""Where it is said what is wrong."""


class RuleCard(Surface):
    """Signals: changed() — something is typed; keep_wanted(Rule) — it is to hold from now on."""

    changed = Signal()
    keep_wanted = Signal(object)

    def __init__(self, look: Look, *, title: str, parent: QWidget | None = None) -> None:
        super().__init__(look, title=title, parent=parent)
        self.was: Rule | None = None
        """What holds, as far as this desk knows."""
        self.sentence = ""
        self.labels: list[tuple[QRectF, str]] = []
        self.keep = Button(look, "Keep", parent=self)
        self.keep.setAccessibleName(f"Keep: {title}")
        self.keep.setEnabled(False)
        self.keep.clicked.connect(self.submit)

    # --- what a kind of card says for itself ------------------------------------------------------------

    def wanted(self) -> Rule:
        """What stands in the fields. Raises VendingError for what cannot be meant."""
        assert self.was is not None, "a rule is shown before it is changed"
        return self.was

    def fill(self, rule: Rule) -> None:
        """Put a rule into the fields."""

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.keep

    # --- shown ------------------------------------------------------------------------------------------

    def show_rule(self, rule: Rule) -> None:
        """What holds now; what somebody is typing stays as long as it takes the place of the same."""
        if rule != self.was:
            self.was = rule
            self.put_back()

    def put_back(self) -> None:
        """What is typed is forgotten."""
        if self.was is not None:
            self.fill(self.was)
        self.note_change()

    @property
    def is_changed(self) -> bool:
        """Something else stands in the fields than holds."""
        if self.was is None:
            return False
        try:
            return checked(self.wanted()) != self.was
        except VendingError:
            return True

    def note_change(self) -> None:
        """After every key: whether there is something to keep."""
        self.sentence = ""
        self.keep.setEnabled(self.is_changed)
        self.update()
        self.changed.emit()

    def submit(self) -> None:
        """Enter in the last field, or the button."""
        if not self.is_changed:
            return
        try:
            self.keep_wanted.emit(checked(self.wanted()))
        except VendingError as error:
            self.say(error)

    def say(self, error: VendingError) -> None:
        """What is wrong, under the fields."""
        self.sentence = said_wrong(error)
        self.setAccessibleDescription(self.sentence)
        self.update()

    # --- places -----------------------------------------------------------------------------------------

    def text_field(self, name: str, *, most: int, hint: str = "") -> TextField:
        """A field of this card, with its buddy for those who hear the page."""
        field = TextField(name=name, hint=hint, parent=self)
        field.setMaxLength(most)
        self.join(field, name)
        field.textEdited.connect(self.note_change)
        return field

    def join(self, field: QLineEdit, name: str) -> None:
        """Enter goes to the next field, and out of the last to the button."""
        buddy = QLabel(f"&{name}", self)
        buddy.setBuddy(field)
        buddy.hide()
        field.returnPressed.connect(self._on_enter)

    def _on_enter(self) -> None:
        fields = [field for field in self.findChildren(QLineEdit) if field.isVisible()]
        at = fields.index(self.sender())  # type: ignore[arg-type]  # a field of this card
        if at + 1 < len(fields):
            fields[at + 1].setFocus()
            fields[at + 1].selectAll()
        elif self.keep.isEnabled():
            self.submit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.keep.content_width() + 26
        place(self.keep, self.width() - PADDING - width, 9, width, 32)
        self.labels = []
        self.lay_out(self.width() - 2 * PADDING)
        self.update()

    def lay_out(self, width: float) -> None:
        """Put the fields where they belong."""

    def label(self, text: str, y: float, width: float) -> float:
        """A label over what comes next; returns where that begins."""
        self.labels.append((QRectF(PADDING, y, width, LABEL), text))
        return y + LABEL + 2

    def draw(self, ink: Ink) -> None:
        for rect, text in self.labels:
            ink.text(rect, text, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
        if self.sentence:
            foot = QRectF(PADDING, self.height() - FOOT - 12, self.width() - 2 * PADDING, FOOT + 8)
            ink.paragraph(foot, self.sentence, face=Face.SMALL, colour=ink.t.bad)
