"""The widgets of the editor, row by row: what is typed in them, and where what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from vending_app.domain.tariff import LineKind, TariffField
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.fields import FigureField, TextField
from vending_app.ui.components.surface import place
from vending_app.ui.components.toggle import Toggle
from vending_app.ui.fonts import Face
from vending_app.ui.tariffs.tariff_form import MISSING
from vending_app.ui.tariffs.tariff_words import TAXED
from vending_app.ui.theme import Look

FIELD, PITCH, GAP = 40, 46, 8
Group = TariffField
"""Steps, levies or taxes."""


@dataclass(slots=True)
class Row:
    """One line of fields, and for a row of a group the button that takes it away."""

    fields: tuple[QWidget, ...]
    places: tuple[TariffField, ...]
    """Where each of them stands in a tariff."""
    remove: Button | None = None
    more: tuple[Toggle, ...] = ()
    """On a second line below them."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What is typed."""
        return tuple(each.text() for each in self.fields if isinstance(each, QLineEdit))

    def set_texts(self, *texts: str) -> None:
        for each, text in zip(self.fields, texts, strict=True):
            assert isinstance(each, QLineEdit), "texts stand in fields"
            each.setText(text)

    def set_end(self, *, is_last: bool) -> None:
        """Of a step: the last one has none."""
        end = self.fields[0]
        assert isinstance(end, FigureField), "a step begins with its end"
        end.setEnabled(not is_last)
        end.label = "beyond" if is_last else "to kWh"

    def widgets(self) -> Iterator[QWidget]:
        """In the order of work."""
        yield from self.fields
        yield from self.more
        if self.remove is not None:
            yield self.remove

    def show(self, is_shown: bool, /) -> None:
        for widget in self.widgets():
            widget.setVisible(is_shown)

    def lay_out(self, x: float, y: float, width: float) -> float:
        """Put it there; returns where the next one begins. The remove button stands behind the width."""
        each = (width - GAP * (len(self.fields) - 1)) / len(self.fields)
        for at, widget in enumerate(self.fields):
            place(widget, x + at * (each + GAP), y, each, FIELD)
        if self.remove is not None:
            place(self.remove, x + width + GAP, y, FIELD, FIELD)
        if self.more:
            y += PITCH
            part = (width - GAP * (len(self.more) - 1)) / len(self.more)
            for at, toggle in enumerate(self.more):
                place(toggle, x + at * (part + GAP), y, part, FIELD)
        return y + PITCH

    def set_wrong(self, place_of: TariffField, sentence: str) -> None:
        """Mark one of its fields."""
        for each, where in zip(self.fields, self.places, strict=True):
            if where is place_of and isinstance(each, FigureField):
                # What is wrong stands where the label stood: what is missing keeps its name.
                each.set_wrong(f"{each.label}: type it" if sentence == MISSING else sentence)
            elif where is place_of and isinstance(each, TextField):
                each.set_wrong(bool(sentence))
                each.setAccessibleDescription(sentence)


@dataclass(slots=True)
class RowMaker:
    """Makes rows whose fields tell when somebody types."""

    look: Look
    parent: QWidget
    on_typed: Callable[[], None]
    on_forward: Callable[[], None]
    made: list[Row] = field(default_factory=list)

    def figure(self, label: str, name: str, *, keypad_only: bool = True) -> FigureField:
        made = FigureField(self.look, label=label, name=name, face=Face.BODY, parent=self.parent)
        made.keypad_only = keypad_only
        self._connect(made)
        return made

    def text(self, name: str, *, hint: str, most: int) -> TextField:
        made = TextField(name=name, hint=hint, parent=self.parent)
        made.setMaxLength(most)
        self._connect(made)
        return made

    def _connect(self, made: QLineEdit) -> None:
        made.textEdited.connect(lambda _: self.on_typed())
        made.returnPressed.connect(self.on_forward)
        buddy = QLabel(made.accessibleName(), self.parent)
        buddy.setBuddy(made)
        buddy.hide()

    def remover(self, what: str) -> Button:
        made = Button(self.look, "", icon="x", parent=self.parent)
        made.setAccessibleName(f"Take {what} away")
        return made

    def step(self, row: int) -> Row:
        name = f"step {row + 1}"
        end, price = self.figure("to kWh", f"End of {name}, kWh"), self.figure("per kWh", f"Price of {name}, per kWh")
        return Row((end, price), (TariffField.STEP_END, TariffField.STEP_PRICE), self.remover(name))

    def levy(self, row: int) -> Row:
        name = f"levy {row + 1}"
        called = self.text(f"Name of {name}", hint="Name", most=24)
        price = self.figure("per kWh", f"Price of {name}, per kWh")
        return Row((called, price), (TariffField.LEVY_NAME, TariffField.LEVY_PRICE), self.remover(name))

    def tax(self, row: int) -> Row:
        name = f"tax {row + 1}"
        called = self.text(f"Name of {name}", hint="Name", most=24)
        rate = self.figure("per cent", f"Rate of {name}, per cent")
        on = tuple(
            Toggle(self.look, words.split()[0], name=f"Tax {row + 1} on {words.lower()}", parent=self.parent)
            for words in TAXED.values()
        )
        for toggle in on:
            toggle.clicked.connect(self.on_typed)
        return Row((called, rate), (TariffField.TAX_NAME, TariffField.TAX_RATE), self.remover(name), more=on)


def kinds_on(row: Row) -> frozenset[LineKind]:
    """What the tax of this row is on."""
    return frozenset(kind for kind, toggle in zip(TAXED, row.more, strict=True) if toggle.isChecked())


def set_kinds(row: Row, kinds: frozenset[LineKind]) -> None:
    for kind, toggle in zip(TAXED, row.more, strict=True):
        toggle.setChecked(kind in kinds)
