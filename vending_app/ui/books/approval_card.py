"""Somebody else's word, on the same page: who approves, his secret, and in one sentence exactly what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator
from vending_app.domain.permissions import APPROVERS
from vending_app.services.people_cases import GrantApproval, made_stronger
from vending_app.ui.books.act_card import LABEL, draw_note
from vending_app.ui.books.ask import Deed
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.choice_list import Option
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.fields import PinField, TextField
from vending_app.ui.components.pick_list import PickList
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import ROW_HEIGHT
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, breakable, wrapped_height
from vending_app.ui.theme import Look
from vending_app.ui.words import ROLES, trouble

MOST_SHOWN = 4
NOBODY = "Nobody else here may approve"
SENTENCE, MARGIN = 78, 14
"""How much room what is approved has at least: four lines; and below it."""
GAP, BUTTON, LOW_GAP, LOW_BUTTON = 16, 56, 8, 44
"""And where a low window would cut the buttons off."""
FIELD = 48
BESIDE, RIGHT_OF_IT = {Face.VALUE: 52, Face.SMALL: 14}, 12
"""What stands left of what is approved: its icon, where there is room for it; and right of it."""


def approvers_for(operators: Sequence[Operator], asking: Operator | None, request: object) -> tuple[Operator, ...]:
    """Who may approve this for him: never he himself nor whose own word it would open, nobody who is locked."""
    concerned = {asking.name if asking else None, made_stronger(request)}
    return tuple(each for each in operators if each.role in APPROVERS and each.is_active and each.name not in concerned)


class ApprovalCard(Surface):
    """Signals: asked(GrantApproval), left()."""

    asked = Signal(object)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Approval", parent=parent)
        self.deed: Deed | None = None
        self.approvers: tuple[Operator, ...] = ()
        self.sentence = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.people = PickList(look, name="Who approves", parent=self)
        self.pin = PinField(look, self)
        self.pin.setAccessibleName("PIN of who approves")
        self.passphrase = TextField(name="Passphrase of who approves", hint="Passphrase", parent=self)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        for field, name in ((self.pin, "&PIN"), (self.passphrase, "&Passphrase")):
            buddy = QLabel(name, self)
            buddy.setBuddy(field)
            buddy.hide()
        self.button = Button(look, "Approve", kind=Kind.PRIMARY, icon="shield-check", key="Enter", parent=self)
        self.back = Button(look, "Back", key="Esc", parent=self)

    def _connect(self) -> None:
        self.people.opened.connect(self._on_person)
        self.people.selectionModel().currentRowChanged.connect(self._on_row)
        for field in (self.pin, self.passphrase):
            field.returnPressed.connect(self.submit)
            field.textEdited.connect(self._on_typed)
        self.button.clicked.connect(self.submit)
        self.back.clicked.connect(self.left)

    # --- shown ------------------------------------------------------------------------------------------

    def show_deed(self, deed: Deed, approvers: tuple[Operator, ...]) -> None:
        """Ask for the word of one of these people for exactly this."""
        self.deed, self.approvers, self.sentence = deed, approvers, ""
        self.set_title("Needs a supervisor’s approval")
        # Where all have one role, names need its room more.
        has_roles = len({each.role for each in approvers}) > 1
        self.people.show_options(
            [Option(each.name, each.full_name, "user", ROLES[each.role] if has_roles else "") for each in approvers]
        )
        self.setAccessibleDescription(deed.sentence)
        self.set_resting(not approvers)
        self.back.setEnabled(True)
        self._show_field()
        (self._field if len(approvers) == 1 else self.people if approvers else self.back).setFocus()

    def set_resting(self, resting: bool, /) -> None:
        """While the secret is being checked."""
        for widget in (self.people, self.pin, self.passphrase, self.button, self.back):
            widget.setEnabled(not resting)

    def show_trouble(self, error: VendingError) -> None:
        """The secret was not his, or he may not."""
        said = trouble(error)
        self.set_resting(False)
        self._show_field()
        self.sentence = f"{said.sentence} {said.remedy}"
        self.pin.wrong = True
        self.passphrase.set_wrong(True)
        self._field.setFocus()
        self.update()

    def forget(self) -> None:
        """No secret stays in a field that nobody looks at."""
        self.pin.clear()
        self.passphrase.clear()

    @property
    def approver(self) -> Operator | None:
        """Whose row is chosen."""
        return next((each for each in self.approvers if each.name == self.people.key), None)

    @property
    def _field(self) -> QLineEdit:
        return self.pin if self.approver is not None and self.approver.pin_figures else self.passphrase

    def _show_field(self) -> None:
        person = self.approver
        if person is not None and person.pin_figures:
            self.pin.set_figures(person.pin_figures)
        self.forget()
        self.pin.wrong, self.sentence = False, ""
        self.passphrase.set_wrong(False)
        self._lay_out()

    # --- what a person does -----------------------------------------------------------------------------

    def submit(self) -> None:
        """The secret is typed."""
        person, secret = self.approver, self._field.text()
        if person is None or self.deed is None or not secret or not self.button.isEnabled():
            return
        self.set_resting(True)
        self.asked.emit(GrantApproval(self.deed.request, OperatorName(person.name), secret))

    def _on_person(self, _row: object) -> None:
        self._field.setFocus()

    def _on_row(self, *_: object) -> None:
        self._show_field()

    def _on_typed(self, _text: str) -> None:
        self.pin.wrong, self.sentence = False, ""
        self.passphrase.set_wrong(False)
        self.update()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    @property
    def _told(self) -> tuple[str, Face, float]:
        """What is approved, in smaller words where they need more than their room; and how high it is."""
        sentence = self.deed.sentence if self.deed else ""
        for face, beside in BESIDE.items():
            room = self.width() - 2 * PADDING - beside - RIGHT_OF_IT
            words = breakable(sentence, face, room)
            high = wrapped_height(words, face, room)
            if high <= SENTENCE:
                break
        return words, face, high

    @property
    def _box(self) -> QRectF:
        """Of what is approved, as high as its sentence."""
        _, _, high = self._told
        return QRectF(PADDING, 52, self.width() - 2 * PADDING, max(SENTENCE, high + 12))

    @property
    def _people_top(self) -> float:
        return self._box.bottom() + MARGIN + LABEL

    @property
    def _measures(self) -> tuple[int, int]:
        """Of a gap and of the buttons."""
        needed = self._people_top + self.people.height_for(1) + self._below(GAP, BUTTON)
        return (GAP, BUTTON) if needed <= self.height() else (LOW_GAP, LOW_BUTTON)

    @staticmethod
    def _below(gap: int, button: int) -> int:
        """How much the secret and the buttons take."""
        return gap + LABEL + FIELD + gap + button + PADDING

    @property
    def _people_high(self) -> int:
        """Of as many as there is room for; the others come by arrow key."""
        gap, button = self._measures
        rows = int(self.height() - self._people_top - self._below(gap, button)) // ROW_HEIGHT
        return self.people.height_for(max(1, min(MOST_SHOWN, rows)))

    @property
    def _field_top(self) -> float:
        return self._people_top + self._people_high + self._measures[0] + LABEL

    def _lay_out(self) -> None:
        width, high = self.width() - 2 * PADDING, self._people_high
        self.people.setGeometry(QRectF(PADDING, self._people_top, width, high).toRect())
        for field in (self.pin, self.passphrase):
            place(field, PADDING, self._field_top, width, FIELD)
            field.setVisible(bool(self.approvers) and field is self._field)
        self.people.setVisible(bool(self.approvers))
        self.button.setVisible(bool(self.approvers))
        gap, high = self._measures
        y = self._field_top + FIELD + gap
        back = self.back.content_width() + 30
        place(self.back, PADDING, y, back, high)
        place(self.button, PADDING + back + 8, y, width - back - 8, high)
        self.update()

    def draw(self, ink: Ink) -> None:
        if self.deed is None:
            return
        right = self.width() - PADDING
        box = self._box
        ink.box(box, fill=ink.t.accent_soft, line=ink.t.accent_line)
        words, face, _ = self._told
        if face is Face.VALUE:
            ink.icon(QRectF(box.left() + 17, box.center().y() - 11, 22, 22), "shield-check", ink.t.accent)
        ink.paragraph(box.adjusted(BESIDE[face], 0, -RIGHT_OF_IT, 0), words, face=face)
        if not self.approvers:
            area = QRectF(0, box.bottom() + MARGIN, self.width(), 150)
            draw_empty(ink, area, icon="users", title=NOBODY, step="A supervisor or an administrator is needed.")
            return
        ink.text(QRectF(PADDING, self._people_top - LABEL, 200, 20), "Who approves?", face=Face.STRONG)
        person = self.approver
        kind = "PIN" if person is not None and person.pin_figures else "Passphrase"
        words = f"{kind} of {person.full_name}" if person else kind
        row = QRectF(PADDING, self._field_top - LABEL, right - PADDING, 20)
        ink.text(row, words, face=Face.STRONG, may_elide=True)
        note = ("bad", "warning-circle-fill", self.sentence)
        draw_note(ink, QRectF(PADDING, self._field_top + 136, right - PADDING, 58), note)
