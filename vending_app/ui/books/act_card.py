"""One act to fill in: what it is, at most one choice, an amount, a reference, a reason, and the button that does it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.money import ZERO, Money
from vending_app.ports.progress import WriteShare
from vending_app.ui.books.ask import LONGEST_TEXT, REASON_HINT, Ask, Deed, Fact, Filled, Search
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import FigureField, TextField
from vending_app.ui.components.pick_list import PickList
from vending_app.ui.components.search_field import SearchField
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import ROW_HEIGHT
from vending_app.ui.components.write_strip import CHECKING, RUNNING, WriteStrip
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink, breakable, text_width, wrapped_height
from vending_app.ui.theme import Look, tone
from vending_app.ui.words import trouble

TOP = 52.0
LABEL, NOTE, STRIP = 24, 76, 74
LEAST_SIDES = 12
"""Of the words of a button, both together."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Heights of what stands on the card, and of the gap below each."""

    fact: int
    field: int
    amount: int
    button: int
    gap: int


ROOMY, DENSE = Measures(32, 40, 52, 56, 14), Measures(22, 36, 44, 44, 7)
"""As the design has them, and where a low window would cut the buttons off."""
BESIDE_LABEL, LINES_SIDES = 12, 14
"""Between the label of a fact and its value; above and below a value of several lines, both together."""
MOST_CHOICES = 8
NARROW_NOTE = 340
"""Below this width a note is told in smaller words."""
AGAIN = "The same once more"


class ActCard(Surface):
    """Signals: filled(Deed or the next Ask), searched(use case), left() — the other button."""

    filled = Signal(object)
    searched = Signal(object)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Act", parent=parent)
        self.ask: Ask | None = None
        self.note: tuple[str, str, str] = ("", "", "")
        self._looked_for, self._found = "", ""
        """What was last asked of the desk, and of what the choices are the answer."""
        self._labels: list[tuple[QRectF, str]] = []
        self._facts_top = self._sentence_top = 48.0
        self._note_top = 0.0
        self._high, self._wraps = ROOMY, True
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.choices = PickList(look, name="Choice", parent=self)
        self.search = SearchField(lambda: self.choices, hint="", parent=self)
        self.amount = FigureField(look, label="Amount", name="Amount", face=Face.CASH, parent=self)
        self.reference = TextField(name="Reference", parent=self)
        self.reason = TextField(name="Reason", hint=REASON_HINT, parent=self)
        self.secret = TextField(name="Secret", parent=self)
        self.again = TextField(name=AGAIN, parent=self)
        for typed in (self.secret, self.again):
            typed.setEchoMode(QLineEdit.EchoMode.Password)
        names = ("&Amount", "&Reference", "Rea&son", "Se&cret", "Once &more")
        typed_in = (self.amount, self.reference, self.reason, self.secret, self.again)
        for field, name in zip(typed_in, names, strict=True):
            buddy = QLabel(name, self)
            buddy.setBuddy(field)
            buddy.hide()
        self.reason.setMaxLength(LONGEST_TEXT)
        QWidget.setTabOrder(self.search, self.choices)
        self.strip = WriteStrip(look, self)
        self.strip.hide()
        self.button = Button(look, "Do it", kind=Kind.PRIMARY, key="Enter", face=Face.CARD_TITLE, parent=self)
        self.back = Button(look, "Back", key="Esc", parent=self)

    def _connect(self) -> None:
        self.choices.opened.connect(self._on_forward)
        self.search.wanted.connect(self._look)
        self.search.returnPressed.connect(self._on_forward)
        for field in (self.amount, self.reference, self.reason, self.secret, self.again):
            field.returnPressed.connect(self._on_forward)
            field.textEdited.connect(self._on_typed)
        self.button.clicked.connect(self.submit)
        self.back.clicked.connect(self.left)

    # --- shown ------------------------------------------------------------------------------------------

    def show_ask(self, ask: Ask) -> None:
        """Ask for another act, with empty fields and the cursor in the first."""
        self.ask, self.note = ask, ask.note
        self.strip.hide()
        self.set_title(ask.title)
        self.choices.show_options(ask.choices)
        self.choices.setAccessibleName(ask.choice or "Choice")
        self.amount.label = ask.amount
        self.amount.setAccessibleName(ask.amount or "Amount")
        self.amount.setText(ask.amount_is.plain if ask.amount_is is not None else "")
        self.reference.setAccessibleName(ask.reference or "Reference")
        self.reason.setAccessibleName(ask.reason or "Reason")
        self.secret.setAccessibleName(ask.secret or "Secret")
        self.forget()
        self.reference.setMaxLength(ask.reference_letters)
        self.reference.setText(ask.reference_is)
        self.reason.setText(ask.reason_is)
        self.reason.setPlaceholderText(ask.reason_hint)
        self._set_wrong("")
        self.button.set_words(ask.button, icon=ask.icon)
        self.back.set_words(ask.back)
        self.setAccessibleDescription(" ".join(part for part in (ask.sentence, ask.note[2]) if part))
        self.set_resting(False)
        self._lay_out()
        self.begin()
        self._begin_search(ask.search)

    def forget(self) -> None:
        """No secret stays in a field longer than it is being typed."""
        self.secret.clear()
        self.again.clear()

    def begin(self) -> None:
        """Cursor in the first field, or on the button if nothing is asked."""
        steps = self._steps()
        (steps[0] if steps else self.button).setFocus()
        if self.ask is not None and self.ask.amount:
            self.amount.selectAll()

    def _begin_search(self, search: Search | None) -> None:
        """Before anything is typed the first ones are found."""
        self.search.clear()
        if search is not None:
            self.search.setAccessibleName(search.label)
            self._look()

    def _look(self) -> None:
        if self.ask is not None and self.ask.search is not None:
            self._looked_for = self.search.asked
            self.searched.emit(self.ask.search.asks(self._looked_for))

    def show_found(self, answer: object) -> None:
        """Other choices: what was found for what was last looked for."""
        if self.ask is not None and self.ask.search is not None:
            self.choices.show_options(self.ask.search.options(answer))
            self._found = self._looked_for

    @property
    def _is_searching(self) -> bool:
        """What can be chosen is not yet the answer to what is typed."""
        return self.ask is not None and self.ask.search is not None and self._found != self.search.asked

    def set_resting(self, resting: bool, /) -> None:
        """While it is being done nothing can be changed."""
        for widget in (*self._fields, self.button, self.back):
            widget.setEnabled(not resting)

    def show_progress(self, step: str | WriteShare) -> None:
        """A card is being written by this act: how far that is, in the place of the note."""
        if self.strip.isHidden():
            self.strip.show_steps(RUNNING)
            self.strip.show()
            self._lay_out()
        if isinstance(step, WriteShare):
            self.strip.show_share(step.done, step.of)
        elif step == "checking":
            self.strip.show_steps(CHECKING)

    def show_trouble(self, error: VendingError) -> None:
        """It was refused: why, and what to do."""
        self.strip.hide()
        said = trouble(error)
        self.note = ("bad", "warning-circle-fill", f"{said.sentence} {said.remedy}")
        self.setAccessibleDescription(self.note[2])
        self.set_resting(False)
        self._lay_out()
        steps = self._steps()
        last = self.secret if self.ask is not None and self.ask.secret else steps[-1] if steps else self.button
        last.setFocus()

    @property
    def _fields(self) -> tuple[QWidget, ...]:
        return self.search, self.choices, self.amount, self.reference, self.reason, self.secret, self.again

    def _steps(self) -> list[QWidget]:
        """From field to field by Enter; while somebody searches, the arrow keys choose without leaving the field."""
        ask = self.ask
        if ask is None:
            return []
        if ask.search is not None:
            return [self.search]
        asked: list[tuple[QWidget, object]] = [
            (self.choices, ask.choices),
            (self.amount, ask.amount),
            (self.reference, ask.reference),
            (self.reason, ask.reason),
            (self.secret, ask.secret),
            (self.again, ask.secret and not ask.is_typed_once),
        ]
        return [widget for widget, wanted in asked if wanted]

    # --- what a person does -----------------------------------------------------------------------------

    def submit(self) -> None:
        """All is filled in."""
        ask = self.ask
        if ask is None or not self.button.isEnabled() or self._is_searching:
            return
        try:
            amount = Money.parse(self.amount.text()) if ask.amount else ZERO
        except VendingError as error:
            self._set_wrong(trouble(error).sentence)
            self.amount.setFocus()
            return
        texts = self.search.asked, amount, self.reference.text().strip(), self.reason.text().strip()
        secret, again = self.secret.text(), self.again.text()
        self.forget()
        try:
            if secret != again and not ask.is_typed_once:
                raise OperatorError(Code.SECRET_DIFFERS)
            made = ask.make(Filled(self.choices.key, *texts, secret=secret))
        except VendingError as error:
            self.show_trouble(error)
            return
        self.set_resting(isinstance(made, Deed))
        self.filled.emit(made)

    def _on_forward(self, *_: object) -> None:
        steps = self._steps()
        sender = self.sender()
        at = next((number for number, step in enumerate(steps) if step is sender), len(steps) - 1)
        if at + 1 < len(steps):
            following = steps[at + 1]
            following.setFocus()
            if isinstance(following, QLineEdit):
                following.selectAll()
        else:
            self.submit()

    def _on_typed(self, _text: str) -> None:
        self._set_wrong("")

    def _set_wrong(self, sentence: str) -> None:
        self.amount.set_wrong(sentence)

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """From top to bottom; the note below the buttons moves nothing."""
        if self.ask is None:
            return
        for self._high, self._wraps in ((ROOMY, True), (DENSE, True), (DENSE, False)):
            told = self._high.gap + NOTE if self.ask.note[2] else 8
            if self._place_all(self.ask, self.width() - 2 * PADDING) <= self.height() - told:
                break
        self.update()

    def _place_all(self, ask: Ask, width: float) -> float:
        """Where the buttons end."""
        high, self._labels = self._high, []
        shown = self._steps()
        for widget in self._fields:
            widget.setVisible(widget in shown or (widget is self.choices and bool(ask.choices)))
        y = self._sentence_top = TOP
        y += self._sentence_height(ask, width) + (high.gap if ask.sentence else 0)
        self._facts_top = y
        y += sum(self._fact_height(fact, width) for fact in ask.facts) + (high.gap if ask.facts else 0)
        y = self._place_steps(ask, y, width)
        self._place_buttons(ask, y, width)
        self._note_top = y + high.button + high.gap
        is_low = self._note_top + STRIP > self.height()
        place(self.strip, 8, TOP if is_low else self._note_top, self.width() - 16, STRIP)
        return y + high.button

    def _place_buttons(self, ask: Ask, y: float, width: float) -> None:
        """Where they have no room beside each other, the icon gives way, and then the cap of Esc."""
        back = 0
        for icon, self.back.key, sides in ((ask.icon, "Esc", 32), ("", "Esc", LEAST_SIDES), ("", "", LEAST_SIDES)):
            back = self.back.content_width() + 30
            self.button.set_words(ask.button, icon=icon)
            if self.button.content_width() + sides <= width - back - 8:
                break
        place(self.back, PADDING, y, back, self._high.button)
        place(self.button, PADDING + back + 8, y, width - back - 8, self._high.button)

    def _place_steps(self, ask: Ask, y: float, width: float) -> float:
        high = self._high
        if ask.search is not None:
            y = self._label(ask.search.label, y, width)
            place(self.search, PADDING, y, width, high.field)
            y += high.field + high.gap
        if ask.choices:
            y = self._label(ask.choice, y, width)
            most = self._choices_shown(ask, y)
            # Nothing below moves while somebody types.
            tall = ROW_HEIGHT * most if ask.search else self.choices.height_for(most)
            self.choices.setGeometry(QRectF(PADDING, y, width, tall).toRect())
            y += tall + high.gap
        if ask.amount:
            place(self.amount, PADDING, y, width, high.amount)
            y += high.amount + high.gap
        for field, label in self._texts(ask):
            if label:
                y = self._label(label, y, width)
                place(field, PADDING, y, width, high.field)
                y += high.field + high.gap
        return y

    def _texts(self, ask: Ask) -> tuple[tuple[QWidget, str], ...]:
        """The fields of text with their labels; those without one are not asked for."""
        again = AGAIN if ask.secret and not ask.is_typed_once else ""
        return (
            (self.reference, ask.reference),
            (self.reason, ask.reason),
            (self.secret, ask.secret),
            (self.again, again),
        )

    def _choices_shown(self, ask: Ask, y: float) -> int:
        """As many as leave room for all that comes below them, but two at least; the others come by arrow key."""
        texts = sum(bool(label) for _, label in self._texts(ask))
        high = self._high
        below = (high.amount + high.gap) * bool(ask.amount) + (LABEL + high.field + high.gap) * texts
        below += high.button + NOTE + 2 * high.gap
        return max(2, min(MOST_CHOICES, int(self.height() - y - below) // ROW_HEIGHT))

    def _label(self, text: str, y: float, width: float) -> float:
        if not text:
            return y
        self._labels.append((QRectF(PADDING, y, width, 20), text))
        return y + LABEL

    def _fact_height(self, fact: Fact, width: float) -> float:
        """Of one row, or of as many lines as its value needs beside its label; where a low window would cut the buttons
        off it is one row, and may end in dots."""
        lines = self._lines_of(fact, width)
        return self._high.fact if lines is None else wrapped_height(*lines) + LINES_SIDES

    def _lines_of(self, fact: Fact, width: float) -> tuple[str, Face, float] | None:
        """A value that has no room in one row: its words, and how wide they are."""
        label, value, _ = fact
        room = width - text_width(label, Face.BODY) - BESIDE_LABEL
        if not self._wraps or text_width(value, Face.STRONG) <= room:
            return None
        return breakable(value, Face.STRONG, room), Face.STRONG, room

    def _sentence_height(self, ask: Ask, width: float) -> float:
        if not ask.sentence:
            return 0
        return wrapped_height(ask.sentence, Face.BODY, width) + 2

    def draw(self, ink: Ink) -> None:
        ask = self.ask
        if ask is None:
            return
        right = self.width() - PADDING
        for rect, text in self._labels:
            ink.text(rect, text, face=Face.STRONG)
        if not self.strip.isHidden():
            if self.strip.y() > TOP:
                self._draw_told(ink, ask, right)
            return
        if self.note[2] and self._note_top + NOTE > self.height():
            # Low windows: what is wrong is told where the act was explained.
            draw_note(ink, QRectF(PADDING, TOP, right - PADDING, 58), self.note)
            return
        draw_note(ink, QRectF(PADDING, self._note_top, right - PADDING, 58), self.note)
        self._draw_told(ink, ask, right)

    def _draw_told(self, ink: Ink, ask: Ask, right: float) -> None:
        """The sentence and the facts."""
        top = self._facts_top
        for fact in ask.facts:
            self._draw_fact(ink, fact, top, right)
            top += self._fact_height(fact, right - PADDING)
            ink.rule(PADDING, right, top - 1)
        if ask.sentence:
            box = QRectF(PADDING, self._sentence_top, right - PADDING, self._sentence_height(ask, right - PADDING))
            ink.paragraph(box, ask.sentence, from_top=True)

    def _draw_fact(self, ink: Ink, fact: Fact, top: float, right: float) -> None:
        """The label at the left of the first line, the value at the right."""
        label, value, name = fact
        row, lines = self._high.fact, self._lines_of(fact, right - PADDING)
        used = ink.text(QRectF(PADDING, top, 200, row), label, colour=ink.t.muted)
        colour = getattr(ink.t, name) if name else ink.t.text
        if lines is None:
            room = QRectF(PADDING + used + BESIDE_LABEL, top, right - PADDING - used - BESIDE_LABEL, row)
            ink.text(room, value, face=Face.STRONG, colour=colour, align=RIGHT, may_elide=True)
            return
        words, face, wide = lines
        room = QRectF(right - wide, top + LINES_SIDES / 2, wide, wrapped_height(*lines))
        ink.paragraph(room, words, face=face, colour=colour, align=RIGHT, from_top=True)


def draw_note(ink: Ink, rect: QRectF, note: tuple[str, str, str]) -> None:
    """Soft ground, icon, at most two lines; nothing for a note without words."""
    name, icon, words = note
    if not words:
        return
    strong, soft, _ = tone(ink.t, name)
    face = Face.BODY if rect.width() >= NARROW_NOTE else Face.SMALL
    high = 58 if ink.has_room(rect.adjusted(52, 0, -12, 0), words, face=face) else 76
    box = QRectF(rect.left(), rect.top(), rect.width(), high)
    ink.box(box, fill=soft)
    ink.icon(QRectF(box.left() + 17, box.center().y() - 11, 22, 22), icon, strong)
    ink.paragraph(box.adjusted(52, 0, -12, 0), words, face=face)
