"""What the office says on paper: who it is, the lines of its receipts, and its picture."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.office_rules import (
    BIGGEST_LOGO,
    LINES_ABOVE,
    LINES_BELOW,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_TEXT,
    Identity,
    ReceiptTexts,
    Rule,
)
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import PADDING, place
from vending_app.ui.fonts import Face
from vending_app.ui.office.rule_card import TOP, RuleCard
from vending_app.ui.office.rule_words import IDENTITY
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

AskPicture = Callable[[QWidget], str]
FIELD, LINE = 36, 34
"""Heights of a field with its label, and of one line among others."""


def ask_picture(parent: QWidget) -> str:
    """Ask the person which file; empty if he changed his mind."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "A picture for the head of papers", "", "PNG (*.png)")
    return chosen


class IdentityCard(RuleCard):
    """The utility as papers name it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="The office on paper", parent=parent)
        self.fields = {
            name: self.text_field(label, most=LONGEST_NAME if name == "name" else LONGEST_TEXT)
            for name, label in IDENTITY.items()
        }

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.fields["name"]

    def wanted(self) -> Identity:
        return Identity(**{name: field.text().strip() for name, field in self.fields.items()})

    def fill(self, rule: Rule) -> None:
        for name, field in self.fields.items():
            field.setText(getattr(rule, name))
            field.setCursorPosition(0)

    def lay_out(self, width: float) -> None:
        y = float(TOP)
        for name, field in self.fields.items():
            y = self.label(IDENTITY[name], y, width)
            place(field, PADDING, y, width, FIELD)
            y += FIELD + 8


class TextsCard(RuleCard):
    """Lines of the receipt, and the logo. `png` is the picture that stands for `wanted().logo`."""

    def __init__(self, look: Look, *, ask: AskPicture = ask_picture, parent: QWidget | None = None) -> None:
        super().__init__(look, title="On every receipt", parent=parent)
        self._ask = ask
        self.png = self._png_was = b""
        self._logo_top = 0.0
        self.above = [self.text_field(f"Line {at + 1} at the top", most=LONGEST_LINE) for at in range(LINES_ABOVE)]
        self.below = [self.text_field(f"Line {at + 1} at the foot", most=LONGEST_LINE) for at in range(LINES_BELOW)]
        self.choose = Button(look, "Logo", icon="image", parent=self)
        self.choose.setAccessibleName("Choose a logo")
        self.remove = Button(look, "None", icon="x", parent=self)
        self.remove.setAccessibleName("No logo")
        self.choose.clicked.connect(self._on_choose)
        self.remove.clicked.connect(lambda: self._set_picture(b""))

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.above[0]

    def wanted(self) -> ReceiptTexts:
        above, below = (tuple(field.text().strip() for field in fields) for fields in (self.above, self.below))
        return ReceiptTexts(above, below, sha256(self.png).hexdigest() if self.png else "")

    def show_picture(self, png: bytes) -> None:
        """The logo of the rule that is shown next."""
        self._png_was = png

    def fill(self, rule: Rule) -> None:
        assert isinstance(rule, ReceiptTexts)
        self.png = self._png_was
        for fields, lines in ((self.above, rule.above), (self.below, rule.below)):
            for at, field in enumerate(fields):
                field.setText(lines[at] if at < len(lines) else "")
                field.setCursorPosition(0)
        self.remove.setEnabled(bool(self.png))

    def lay_out(self, width: float) -> None:
        y = float(TOP)
        for label, fields in (("At the top", self.above), ("At the foot", self.below)):
            y = self.label(label, y, width)
            for field in fields:
                place(field, PADDING, y, width, LINE)
                y += LINE + 4
            y += 4
        self._logo_top = y + 2
        wide = self.choose.content_width() + 26
        place(self.choose, PADDING, self._logo_top, wide, 36)
        place(self.remove, PADDING + wide + 8, self._logo_top, self.remove.content_width() + 26, 36)

    def draw(self, ink: Ink) -> None:
        super().draw(ink)
        left = self.remove.geometry().right() + 8
        room = QRectF(left, self._logo_top, self.width() - PADDING - left, 36)
        picture = QPixmap()
        if self.png and picture.loadFromData(self.png, "PNG"):
            ink.box(room, fill="#ffffff", line=ink.t.line, radius=4)
            scaled = picture.scaled(room.size().toSize() * 0.9, Qt.AspectRatioMode.KeepAspectRatio)
            at = room.center() - QRectF(scaled.rect()).center()
            ink.painter.drawPixmap(at, scaled)
        elif not self.png:
            ink.text(room, "The usual mark", face=Face.SMALL, colour=ink.t.muted, may_elide=True)

    def _on_choose(self) -> None:
        path = self._ask(self)
        if not path:
            return
        try:
            with Path(path).open("rb") as file:
                self._set_picture(file.read(BIGGEST_LOGO + 1))
        except OSError:
            self.say(OperatorError(Code.LOGO_REFUSED))

    def _set_picture(self, png: bytes) -> None:
        self.png = png
        self.remove.setEnabled(bool(png))
        self.note_change()
