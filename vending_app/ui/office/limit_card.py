"""From where on somebody is told: cash in a drawer, odd counts, silent customers, few blank cards."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Limits, Rule
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.surface import PADDING, place
from vending_app.ui.fonts import Face
from vending_app.ui.office.rule_card import TOP, RuleCard
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

FIELD, REMARK = 48, 24
FIELDS: dict[str, tuple[str, str]] = {
    "drawer_most": ("Most cash in a drawer", "Above it the desk asks to bring cash to the safe. 0 for no limit."),
    "count_difference": ("A count may differ by", "Above it the difference stands among what is odd. 0 for any."),
    "silent_days": ("A customer is silent after, days", "Where the report of silent customers begins."),
    "low_cards": ("Blank cards are few below", "Where the stock of a desk says that somebody should order."),
}
"""Label and remark of each."""


class LimitsCard(RuleCard):
    """Four figures."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Limits", parent=parent)
        self.fields = {name: self._field(label) for name, (label, _) in FIELDS.items()}
        self._remarks: list[tuple[QRectF, str]] = []

    def _field(self, label: str) -> FigureField:
        field = FigureField(self.look, label=label, name=label, face=Face.CARD_TITLE, parent=self)
        self.join(field, label)
        field.edited.connect(self.note_change)
        return field

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.fields["drawer_most"]

    def wanted(self) -> Limits:
        typed = {name: field.text() for name, field in self.fields.items()}
        return Limits(
            Money.parse(typed["drawer_most"]),
            Money.parse(typed["count_difference"]),
            _whole(typed["silent_days"], "silent_days"),
            _whole(typed["low_cards"], "low_cards"),
        )

    def fill(self, rule: Rule) -> None:
        for name, field in self.fields.items():
            value = getattr(rule, name)
            field.setText(value.plain if isinstance(value, Money) else str(value))

    def lay_out(self, width: float) -> None:
        y, self._remarks = float(TOP), []
        for name, field in self.fields.items():
            place(field, PADDING, y, width, FIELD)
            self._remarks.append((QRectF(PADDING + 2, y + FIELD + 2, width, REMARK), FIELDS[name][1]))
            y += FIELD + REMARK + 12

    def draw(self, ink: Ink) -> None:
        super().draw(ink)
        for rect, text in self._remarks:
            ink.text(rect, text, face=Face.SMALL, colour=ink.t.muted, may_elide=True)


def _whole(text: str, field: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise OperatorError(Code.RULE_REFUSED, field=field)
    return int(text)
