"""For what the office wants a second person although one might do it alone: a list to mark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.office_rules import Demands, Rule
from vending_app.domain.people import Role
from vending_app.domain.permissions import DEMANDABLE, Act, can_be_demanded
from vending_app.ui.components.surface import PADDING
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.office.rule_card import TOP, RuleCard
from vending_app.ui.office.rule_words import ACTS, ALONE, TWO
from vending_app.ui.theme import Look
from vending_app.ui.words import ROLES

PAIRS = tuple((role, act) for act in DEMANDABLE for role in Role if can_be_demanded(role, act))
"""All that can be marked, in the order of the acts."""
ROLE_WIDE, NEEDS_WIDE = 130, 150


@dataclass(frozen=True, slots=True)
class Pair:
    """One line."""

    role: Role
    act: Act
    is_demanded: bool


class DemandTable(Table):
    """Signals: toggled(Pair) — Space, Enter or a click."""

    toggled = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        columns: list[Column[Pair]] = [
            Column("Act", lambda row: ACTS[row.act]),
            Column("Who", lambda row: ROLES[row.role], ROLE_WIDE, muted=True),
            Column("Needs", lambda row: TWO if row.is_demanded else ALONE, NEEDS_WIDE, right=True, mark=_mark_of),
        ]
        self.pairs: RowsModel[Pair] = RowsModel(columns)
        super().__init__(look, self.pairs, name="What needs two people", parent=parent)
        self.shows_focus = True
        self.clicked.connect(self._on_clicked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.chosen is not None:
            self.toggled.emit(self.chosen)
            return
        super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.toggled.emit(self.pairs.rows[index.row()])


def _mark_of(pair: Pair) -> tuple[str, str]:
    return ("shield-check", "accent") if pair.is_demanded else ("", "muted")


class DemandsCard(RuleCard):
    """A list of acts and roles; what is marked needs somebody else's approval."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="What needs two people", parent=parent)
        self.marked: set[tuple[Role, Act]] = set()
        self.table = DemandTable(look, self)
        self.table.toggled.connect(self._on_toggled)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    def wanted(self) -> Demands:
        return Demands(tuple(sorted(self.marked)))

    def fill(self, rule: Rule) -> None:
        assert isinstance(rule, Demands)
        self.marked = set(rule.pairs)
        self._show()

    def _show(self) -> None:
        at = max(self.table.currentIndex().row(), 0)
        self.table.pairs.show_rows([Pair(role, act, (role, act) in self.marked) for role, act in PAIRS])
        self.table.selectRow(at)

    def _on_toggled(self, pair: Pair) -> None:
        self.marked ^= {(pair.role, pair.act)}
        self._show()
        self.note_change()

    def lay_out(self, width: float) -> None:
        place_table(self.table, QRectF(5, TOP - 4, width + 2 * PADDING - 10, self.height() - TOP))
