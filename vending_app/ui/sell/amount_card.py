"""How much: the amount field, money or kWh, and quick amounts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.energy import Energy
from vending_app.domain.errors import VendingError
from vending_app.domain.money import Money
from vending_app.services.choices import QUICK_AMOUNTS
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink, cap_width
from vending_app.ui.sell.form import Unit, typed
from vending_app.ui.theme import Look

QUICK_ENERGY = ("20", "50", "100", "150", "200")


class AmountCard(Surface):
    """Signals: edited(), forward() — Enter in the field."""

    edited = Signal()
    forward = Signal()

    def __init__(
        self, look: Look, *, currency: str, quick: tuple[Money, ...] = QUICK_AMOUNTS, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, title="Amount", parent=parent)
        self.currency = currency
        self.quick = tuple(map(typed, quick))
        self._last: dict[Unit, str] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        self.field = FigureField(
            self.look, label=f"{self.currency}  to spend", name="Amount", face=Face.AMOUNT, key="F2", parent=self
        )
        self._buddy = QLabel("&Amount", self)
        self._buddy.setBuddy(self.field)
        self._buddy.hide()
        choices = (Choice(Unit.MONEY, "Money"), Choice(Unit.ENERGY, "kWh"))
        self.unit = Segmented(self.look, choices, name="Money or kWh", parent=self)
        self.quick_buttons = [Button(self.look, text, parent=self) for text in self.quick]
        self.last_button = Button(self.look, "Last", parent=self)
        self.last_button.setEnabled(False)

    def _connect(self) -> None:
        self.field.edited.connect(self._on_edited)
        self.field.returnPressed.connect(self.forward)
        self.unit.chosen.connect(self._on_unit)
        for button in (*self.quick_buttons, self.last_button):
            button.clicked.connect(self._on_quick)

    # --- shown ------------------------------------------------------------------------------------------

    def set_amount(self, text: str, unit: Unit) -> None:
        """Fill the field without telling."""
        self.unit.choose(unit)
        self._show_unit()
        self.field.setText(text)
        self._mark_quick()

    def set_currency(self, currency: str) -> None:
        """The office's currency, known after the greeting."""
        self.currency = currency
        self._show_unit()

    def set_quick(self, amounts: tuple[Money, ...]) -> None:
        """Other amounts on the buttons, as many as there are buttons."""
        self.quick = tuple(map(typed, amounts))
        self._show_unit()
        self._mark_quick()

    def set_last(self, money: Money | None, energy: Energy | None) -> None:
        """The last purchase as one more quick amount."""
        self._last = {}
        if money is not None and energy is not None:
            self._last = {Unit.MONEY: str(money), Unit.ENERGY: str(energy)}
        self._show_unit()

    def set_open(self, is_open: bool) -> None:
        """Off while there is nothing to sell to."""
        for widget in (self.field, self.unit, *self.quick_buttons):
            widget.setEnabled(is_open)
        self.last_button.setEnabled(is_open and bool(self._last))

    def set_narrow(self, narrow: bool) -> None:
        super().set_narrow(narrow)
        self.field.set_face(Face.AMOUNT, self._label())
        self.last_button.setVisible(not narrow)
        self._lay_out()

    @property
    def chosen_unit(self) -> Unit:
        """Money or energy."""
        key = self.unit.key
        assert isinstance(key, Unit)
        return key

    def toggle_unit(self) -> None:
        """F4."""
        self.unit.choose(Unit.ENERGY if self.chosen_unit is Unit.MONEY else Unit.MONEY)
        self._on_unit()

    # --- inside -----------------------------------------------------------------------------------------

    def _label(self) -> str:
        if self.chosen_unit is Unit.ENERGY:
            return "kWh" if self.is_narrow else "kWh  to buy"
        return self.currency if self.is_narrow else f"{self.currency}  to spend"

    def _show_unit(self) -> None:
        self.field.label = self._label()
        words = self.quick if self.chosen_unit is Unit.MONEY else QUICK_ENERGY
        for button, text in zip(self.quick_buttons, words, strict=True):
            button.set_words(text)
        last = self._last.get(self.chosen_unit)
        self.last_button.set_words(f"Last  {last}" if last else "Last")
        self.last_button.setEnabled(bool(last) and self.field.isEnabled())
        self._lay_out()
        self.field.update()

    def _mark_quick(self) -> None:
        text = self.field.text()
        for button in self.quick_buttons:
            button.set_chosen(_same(text, button.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        right = self.width() - PADDING
        place(self.unit, right - 152, 9, 152, 32)
        height = 56 if self.is_narrow else 64
        top = 48 if self.is_narrow else 52
        place(self.field, PADDING, top, right - PADDING, height)
        self._lay_out_quick(top + height + (7 if self.is_narrow else 11), right)

    def _lay_out_quick(self, top: float, right: float) -> None:
        room = right - PADDING
        count = len(self.quick_buttons)
        if self.is_narrow:
            width = (room - 8 * (count - 1)) / count
        else:
            last = max(101, self.last_button.content_width() + 22)
            place(self.last_button, right - last, top, last, 40)
            width = (room - last - 8 * count) / count
        for at, button in enumerate(self.quick_buttons):
            left = round(PADDING + at * (width + 8))
            place(button, left, top, round(PADDING + at * (width + 8) + width) - left, 40)

    def draw(self, ink: Ink) -> None:
        ink.cap(self.width() - PADDING - 152 - 8 - cap_width("F4"), 25, "F4")

    # --- what a person does -----------------------------------------------------------------------------

    def _on_edited(self, _text: str) -> None:
        self._mark_quick()
        self.edited.emit()

    def _on_unit(self, _key: object = None) -> None:
        self.field.clear()
        self._show_unit()
        self._mark_quick()
        self.field.setFocus()
        self.edited.emit()

    def _on_quick(self) -> None:
        button = self.sender()
        if not isinstance(button, Button):
            return
        text = self._last.get(self.chosen_unit, "") if button is self.last_button else button.text()
        self.field.setText("".join(text.split()))
        self._mark_quick()
        self.edited.emit()
        self.forward.emit()


def _same(text: str, quick: str) -> bool:
    """Whether both mean the same amount: `50`, `50.00` and `50,0` do."""
    try:
        return Money.parse(text) == Money.parse(quick)
    except VendingError:
        return False
