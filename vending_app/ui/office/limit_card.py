"""From where on somebody is told (cash, odd counts, silent customers, blank cards), and what no desk decides alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Limits, Rule
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, place
from vending_app.ui.fonts import Face
from vending_app.ui.office.rule_card import FOOT, TOP, RuleCard
from vending_app.ui.office.rule_words import COUNTING
from vending_app.ui.paint import Ink
from vending_app.ui.theme import Look

FIELD, REMARK, APART, CLOSE, WAYS = 48, 22, 8, 4, 40
FIELDS: dict[str, tuple[str, str]] = {
    "drawer_most": ("Most cash in a drawer", "Above it the desk asks to bring cash to the safe. 0 for no limit."),
    "count_difference": ("A count may differ by", "Above it the difference stands among what is odd. 0 for any."),
    "silent_days": ("A customer is silent after, days", "Where the report of silent customers begins."),
    "low_cards": ("Blank cards are few below", "Where the stock of a desk says that somebody should order."),
    "lock_minutes": ("A desk locks itself after, minutes", "Without a key or a click. 0 for never."),
}
"""Label and remark of each."""


class LimitsCard(RuleCard):
    """Five figures, and how a drawer is counted."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Limits", parent=parent)
        self.fields = {name: self._field(label) for name, (label, _) in FIELDS.items()}
        ways = [Choice(is_blind, said[:1].upper() + said[1:]) for is_blind, said in COUNTING.items()]
        self.blind = Segmented(look, ways, name="A drawer is counted", parent=self)
        self.blind.chosen.connect(self.note_change)
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
            bool(self.blind.key),
            _whole(typed["lock_minutes"], "lock_minutes"),
        )

    def fill(self, rule: Rule) -> None:
        for name, field in self.fields.items():
            value = getattr(rule, name)
            field.setText(value.plain if isinstance(value, Money) else str(value))
        assert isinstance(rule, Limits), "this card is about them"
        self.blind.choose(rule.blind_count)

    def lay_out(self, width: float) -> None:
        y, self._remarks = float(TOP), []
        whole = len(self.fields) * (FIELD + REMARK + APART) + REMARK + WAYS
        # A low window has room for the fields alone.
        below, apart = (REMARK, APART) if TOP + whole + FOOT <= self.height() else (0, CLOSE)
        for name, field in self.fields.items():
            place(field, PADDING, y, width, FIELD)
            if below:
                self._remarks.append((QRectF(PADDING + 2, y + FIELD + 2, width, REMARK), FIELDS[name][1]))
            y += FIELD + below + apart
        self._remarks.append((QRectF(PADDING + 2, y, width, REMARK), "A drawer is counted"))
        place(self.blind, PADDING, y + REMARK, width, WAYS)

    def draw(self, ink: Ink) -> None:
        super().draw(ink)
        for rect, text in self._remarks:
            ink.text(rect, text, face=Face.SMALL, colour=ink.t.muted, may_elide=True)


def _whole(text: str, field: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise OperatorError(Code.RULE_REFUSED, field=field)
    return int(text)
