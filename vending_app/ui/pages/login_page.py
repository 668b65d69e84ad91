"""Who is at the counter: tiles by arrow key, PIN or passphrase, Enter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator
from vending_app.services.use_cases import Greeting, LogIn
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import PinField, TextField
from vending_app.ui.components.surface import place
from vending_app.ui.fonts import Face, font
from vending_app.ui.pages.login_picture import WIDTH as PICTURE
from vending_app.ui.pages.login_picture import LoginPicture
from vending_app.ui.pages.own_secret import OwnSecret
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.phrases import greeting, initials, long_moment
from vending_app.ui.theme import Look
from vending_app.ui.words import HEALTH, ROLES

FORM = 440
OPEN = "Open the counter"
TILES = 3
"""In one row; more operators come by arrow key or "Someone else"."""


class _Tile(QAbstractButton):
    """One operator, 136 × 136."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.operator: Operator | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_operator(self, operator: Operator | None, *, chosen: bool) -> None:
        self.operator = operator
        self.setVisible(operator is not None)
        self.setCheckable(True)
        self.setChecked(chosen)
        if operator is not None:
            self.setAccessibleName(f"{operator.full_name}, {ROLES[operator.role]}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.operator is None:
            return
        with Ink(self, self.look) as ink:
            t, chosen = ink.t, self.isChecked()
            hover = t.edge if self.underMouse() else t.line
            ink.box(
                QRectF(self.rect()),
                fill=t.accent_soft if chosen else t.card,
                line=t.accent if chosen else hover,
                radius=10,
            )
            middle = self.width() / 2
            ink.disc(QPointF(middle, 48), 24, fill=t.accent if chosen else t.sunken)
            disc = QRectF(middle - 24, 24, 48, 48)
            colour = t.on if chosen else t.muted
            ink.text(disc, initials(self.operator.full_name), face=Face.CARD_TITLE, colour=colour, align=CENTRE)
            name = QRectF(6, 76, self.width() - 12, 22)
            ink.text(name, self.operator.full_name, face=Face.STRONG, align=CENTRE, may_elide=True)
            ink.text(name.translated(0, 19), ROLES[self.operator.role], face=Face.SMALL, colour=t.muted, align=CENTRE)


class LoginPage(QWidget):
    """Signals: wanted(LogIn or ChangeSecret), practice_wanted()."""

    wanted = Signal(object)
    practice_wanted = Signal()

    def __init__(self, look: Look, *, offers_practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.greeting: Greeting | None = None
        self.offers_practice = offers_practice
        self.chosen = 0
        self.sentence = ""
        self.waiting: Operator | None = None
        """Who locked the desk in the middle of a sale."""
        self.own: OwnSecret | None = None
        """The step after a log-in with somebody else's secret."""
        self._typed = ""
        self._is_warned = False
        self._build()
        self._connect()

    def _build(self) -> None:
        self.picture = LoginPicture(self.look, self)
        self.tiles = [_Tile(self.look, self) for _ in range(TILES)]
        self.pin = PinField(self.look, self)
        self.passphrase = TextField(name="Passphrase", hint="Passphrase", parent=self)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setFont(font(Face.CARD_TITLE))
        self._buddy = QLabel("&PIN", self)
        self._buddy.setBuddy(self.pin)
        self._buddy.hide()
        self._other_buddy = QLabel("&Passphrase", self)
        self._other_buddy.setBuddy(self.passphrase)
        self._other_buddy.hide()
        self.button = Button(self.look, OPEN, kind=Kind.PRIMARY, key="Enter", face=Face.CARD_TITLE, parent=self)
        self.other = Button(self.look, "Someone else", kind=Kind.LINK, icon="user", face=Face.VALUE, parent=self)
        self.practice = Button(
            self.look, "Practice counter", kind=Kind.LINK, icon="flask", face=Face.VALUE, tone="practice", parent=self
        )
        self.practice.setVisible(self.offers_practice)

    def _connect(self) -> None:
        for tile in self.tiles:
            tile.clicked.connect(self._on_tile)
        for field in (self.pin, self.passphrase):
            field.returnPressed.connect(self._on_enter)
            field.textEdited.connect(self._on_typed)
        self.button.clicked.connect(self._on_enter)
        self.other.clicked.connect(self._on_other)
        self.practice.clicked.connect(self.practice_wanted)

    # --- shown ------------------------------------------------------------------------------------------

    def show_greeting(self, shown: Greeting, *, desk: str) -> None:
        """Who may log in, and how the desk is."""
        self.greeting = shown
        self.chosen = min(self.chosen, max(len(shown.operators) - 1, 0))
        self.picture.show_office(shown.office.name, desk)
        self.other.setVisible(len(shown.operators) > TILES)
        self.button.setEnabled(True)
        self._show_operators()

    def show_now(self, now: datetime) -> None:
        """The time goes on while nobody comes."""
        if self.greeting is not None and long_moment(now) != long_moment(self.greeting.now):
            self.greeting = replace(self.greeting, now=now)
            self.update()

    def show_refused(self, sentence: str) -> None:
        """It was not the right secret, or too often the wrong one."""
        self.sentence = sentence
        self.pin.clear()
        self.passphrase.clear()
        self.pin.wrong = True
        self.passphrase.set_wrong(True)
        self.button.setEnabled(True)
        self._field.setFocus()
        self.update()

    def ask_own(self, operator: Operator) -> None:
        """The secret was right, and somebody else chose it: now his own."""
        self.own = OwnSecret(operator, self._typed)
        self._show_step()

    def show_not_kept(self, sentence: str) -> None:
        """His choice was refused: another one."""
        if self.own is not None:
            self.own.first = ""
        self._show_step(sentence)

    def _show_step(self, sentence: str = "") -> None:
        self._show_field()
        self.sentence = sentence
        self.passphrase.set_wrong(bool(sentence))
        self.button.setText(self.own.button if self.own else OPEN)
        self.button.setEnabled(True)
        self.update()

    def show_waiting(self, operator: Operator | None) -> None:
        """The desk is locked; a half-typed sale of this person waits, if there is one."""
        self.waiting = operator

    def reset(self) -> None:
        """Empty fields for the next person; the same tile stays chosen."""
        self.own, self._typed, self._is_warned = None, "", False
        self.button.setText(OPEN)
        self._show_field()
        self.pin.clear()
        self.passphrase.clear()
        self.button.setEnabled(True)
        self._field.setFocus()

    def choose(self, name: OperatorName) -> None:
        """Choose the tile of this operator."""
        operators = self.greeting.operators if self.greeting else ()
        for at, operator in enumerate(operators):
            if operator.name == name:
                self._choose_at(at)
        self._show_operators()

    def _choose_at(self, at: int) -> None:
        """Another tile leaves the step and the warning of the one before."""
        if at != self.chosen:
            self.own, self._is_warned = None, False
            self.button.setText(OPEN)
        self.chosen = at

    @property
    def operator(self) -> Operator | None:
        """Whose tile is chosen."""
        operators = self.greeting.operators if self.greeting else ()
        return operators[self.chosen] if self.chosen < len(operators) else None

    @property
    def _field(self) -> QLineEdit:
        is_pin = self.own is None and (self.operator is None or self.operator.pin_figures)
        return self.pin if is_pin else self.passphrase

    def _show_operators(self) -> None:
        operators = self.greeting.operators if self.greeting else ()
        first = self.chosen // TILES * TILES
        for at, tile in enumerate(self.tiles, first):
            operator = operators[at] if at < len(operators) else None
            tile.show_operator(operator, chosen=at == self.chosen)
        self._show_field()
        self.update()

    def _show_field(self) -> None:
        operator = self.operator
        if operator is None:
            return
        self.sentence = ""
        if operator.pin_figures:
            self.pin.set_figures(operator.pin_figures)
        self.passphrase.clear()
        self.passphrase.set_wrong(False)
        kind = f"New {self.own.kind}" if self.own else "Passphrase"
        self.passphrase.setPlaceholderText(kind)
        self.passphrase.setAccessibleName(kind)
        self.pin.setVisible(self._field is self.pin)
        self.passphrase.setVisible(self._field is self.passphrase)
        self._field.setFocus()

    # --- places -----------------------------------------------------------------------------------------

    @property
    def _origin(self) -> QPointF:
        """Upper left of the form: it stands in the middle of what the picture leaves."""
        x = PICTURE + (self.width() - PICTURE - FORM) / 2
        return QPointF(round(x), max(round((self.height() - 768) / 2), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        at = self._origin
        x, y = at.x(), at.y()
        self.picture.setGeometry(0, 0, PICTURE, self.height())
        for column, tile in enumerate(self.tiles):
            place(tile, x + 152 * column, y + 247, 136, 136)
        place(self.pin, x, y + 432, FORM, 64)
        place(self.passphrase, x, y + 432, FORM, 64)
        place(self.button, x, y + 512, FORM, 56)
        place(self.other, x, y + 580, 140, 26)
        width = self.practice.content_width()
        place(self.practice, x + FORM - width, y + 580, width, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.window, radius=0)
            if self.greeting is not None:
                self._paint_form(ink, self.greeting)
                self._paint_health(ink, self.greeting)

    def _paint_form(self, ink: Ink, shown: Greeting) -> None:
        at, t = self._origin, ink.t
        x, y = at.x(), at.y()
        title, line = self._head(shown)
        ink.text(QRectF(x, y + 138, FORM, 44), title, face=Face.AMOUNT)
        ink.text(QRectF(x, y + 180, FORM, 20), line, colour=t.muted, may_elide=True)
        ink.text(QRectF(x, y + 221, FORM, 20), "Who is at the counter?", face=Face.STRONG)
        operator = self.operator
        if operator is None:
            return
        label, hint = self._asked(operator)
        ink.text(QRectF(x, y + 406, FORM - 125, 20), label, face=Face.STRONG, may_elide=True)
        ink.text(QRectF(x, y + 406, FORM, 20), hint, face=Face.SMALL, colour=t.muted, align=RIGHT)
        if self.sentence:
            colour = t.warn if self._is_warned else t.bad
            ink.paragraph(QRectF(x, y + 612, FORM, 44), self.sentence, face=Face.VALUE, colour=colour)
        elif shown.practice_pin:
            self._paint_hint(ink, QRectF(x, y + 616, FORM, 40), shown.practice_pin)

    def _head(self, shown: Greeting) -> tuple[str, str]:
        """Title and the line below it."""
        if self.own is not None:
            return f"Your own {self.own.kind}", "The other was given to you. Only you know this one."
        if self.waiting is not None:
            return "Locked", f"What {self.waiting.full_name} has typed is kept."
        return greeting(shown.now), long_moment(shown.now)

    def _asked(self, operator: Operator) -> tuple[str, str]:
        """The label of the field and what stands at its right."""
        if self.own is not None:
            return self.own.label, self.own.hint
        kind = "PIN" if operator.pin_figures else "Passphrase"
        return f"{kind} of {operator.full_name}", f"{operator.pin_figures} figures" if operator.pin_figures else ""

    def _paint_hint(self, ink: Ink, rect: QRectF, pin: str) -> None:
        ink.box(rect, fill=ink.t.practice_soft, line=ink.t.practice_line)
        ink.icon(QRectF(rect.left() + 14, rect.top() + 11, 18, 18), "flask-fill", ink.t.practice)
        ink.text(rect.adjusted(44, 0, -8, 0), f"Here the PIN of everybody is {pin}.")

    def _paint_health(self, ink: Ink, shown: Greeting) -> None:
        top = self.height() - 45
        ink.rule(PICTURE, self.width(), top)
        marks = [self._mark(item.name, item.is_ok, item.detail) for item in shown.health]
        wide = sum(text_width(words, Face.SMALL) + 20 for words, _ in marks) + 27 * max(len(marks) - 1, 0)
        x = PICTURE + (self.width() - PICTURE - wide) / 2
        for words, is_ok in marks:
            icon, colour = ("check-circle-fill", ink.t.ok) if is_ok else ("warning-fill", ink.t.warn)
            ink.icon(QRectF(x, top + 14, 14, 14), icon, colour)
            width = text_width(words, Face.SMALL)
            ink.text(QRectF(x + 20, top + 11, width, 20), words, face=Face.SMALL, colour="" if is_ok else colour)
            x += 20 + width + 27

    def _mark(self, name: str, is_ok: bool, detail: str) -> tuple[str, bool]:
        good, bad = HEALTH.get(name, (name, name))
        words = good if is_ok else bad
        shows_detail = name == "backup" and is_ok and detail
        return (f"{words} {detail}" if shows_detail else words), is_ok

    # --- what a person does -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        move = step.get(Qt.Key(event.key()))
        if move is not None and self.greeting is not None:
            count = len(self.greeting.operators)
            self._choose_at((self.chosen + move) % max(count, 1))
            self._show_operators()
            return
        super().keyPressEvent(event)

    def _on_tile(self) -> None:
        tile = self.sender()
        if isinstance(tile, _Tile) and tile.operator is not None:
            self.choose(tile.operator.name)

    def _on_other(self) -> None:
        count = len(self.greeting.operators) if self.greeting else 0
        following = (self.chosen // TILES + 1) * TILES
        self._choose_at(following if following < count else 0)
        self._show_operators()

    def _on_typed(self, _text: str) -> None:
        self.sentence, self._is_warned = "", False
        self.passphrase.set_wrong(False)
        self.update()

    def _on_enter(self) -> None:
        operator, secret = self.operator, self._field.text()
        if operator is None or not secret or not self.button.isEnabled():
            return
        if self.own is not None:
            self._take_own(self.own, secret)
        elif self._drops_a_sale(operator) and not self._is_warned:
            self._warn(operator)
        else:
            self.button.setEnabled(False)
            self._typed = secret
            self.wanted.emit(LogIn(operator.name, secret))

    def _take_own(self, own: OwnSecret, typed: str) -> None:
        taken = own.take(typed)
        if isinstance(taken, str):
            self._show_step(taken)
        else:
            self.button.setEnabled(False)
            self.wanted.emit(taken)

    def _drops_a_sale(self, operator: Operator) -> bool:
        return self.waiting is not None and operator.name != self.waiting.name

    def _warn(self, operator: Operator) -> None:
        assert self.waiting is not None, "somebody's sale is dropped"
        self._is_warned = True
        self.sentence = (
            f"{self.waiting.full_name} has a sale half typed here. Enter once more drops it and opens the counter"
            f" for {operator.full_name}."
        )
        self.update()
