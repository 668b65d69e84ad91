"""Operators: everybody who ever worked here, how he stands, and what was changed about him by whom (row P2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator
from vending_app.services.people_cases import ListOperators, OperatorList, OperatorShown, ShowOperator
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Ask
from vending_app.ui.bridge import Finished
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import Surface
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.components.toast import Note
from vending_app.ui.operators import operator_asks as asks
from vending_app.ui.operators.operator_words import facts_of, history_of, said_moment, state_of
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import counted
from vending_app.ui.records.told_card import ToldCard
from vending_app.ui.theme import Look
from vending_app.ui.words import ROLES

SIDE, NARROW_SIDE, NARROW_BELOW = 400, 356, 1100
LOGIN_COLUMN, LAST_COLUMN = 1, 4


class OperatorsPage(Page):
    """Signals: asked(use case), said(Note)."""

    asked = Signal(object)
    said = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Operators", can_go_back=True, parent=parent)
        self.let_in: Mapping[OperatorName, datetime] = {}
        self._wanted: OperatorName | None = None
        """Who was entered or changed just now: the cursor goes to him."""
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.side = Surface(look, parent=self)
        columns: list[Column[Operator]] = [
            Column("Name", lambda one: one.full_name, strong=True),
            Column("Log-in name", lambda one: one.name, 132, muted=True),
            Column("Role", lambda one: ROLES[one.role], 128),
            Column("", lambda one: state_of(one)[0], 192, mark=lambda one: state_of(one)[1:]),
            Column("Last let in", lambda one: said_moment(self.let_in.get(one.name)), 164, muted=True),
        ]
        self.people: RowsModel[Operator] = RowsModel(columns, self)
        self.table = Table(look, self.people, name="Operators", parent=self)
        self.table.shows_focus = True
        self.secret = Button(look, "New secret", icon="key", parent=self)
        self.lock = Button(look, "Lock", icon="lock-simple", parent=self)
        self.change = Button(look, "Change", icon="note-pencil", parent=self)
        self.enter = Button(look, "New operator", kind=Kind.PRIMARY, icon="user-plus", parent=self)
        self.verbs = (self.secret, self.lock, self.change, self.enter)
        self.column = ActColumn(look, self)
        self.card = ToldCard(look, title="Operator", icon="users")
        self.column.add_home(self.card)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.opened.connect(lambda _: self._open(asks.ask_change))
        self.enter.clicked.connect(self._on_enter)
        self.change.clicked.connect(lambda: self._open(asks.ask_change))
        self.secret.clicked.connect(lambda: self._open(asks.ask_secret))
        self.lock.clicked.connect(lambda: self._open(asks.ask_lock))
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self.table.setFocus)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    @property
    def chosen(self) -> Operator | None:
        """Whose row the cursor is in."""
        found: Operator | None = self.table.chosen
        return found

    def begin(self) -> None:
        """Everybody, as he stands now."""
        self.column.go_home()
        self.asked.emit(ListOperators())

    def show_staff(self, operator: Operator | None, people: Sequence[Operator]) -> None:
        """Who is at work, and who might approve."""
        self.column.show_people(operator, people)

    def show_people(self, listed: OperatorList) -> None:
        """Other rows; the chosen one stays chosen."""
        wanted = self._wanted or (self.chosen.name if self.chosen else None)
        self._wanted = None
        self.let_in = listed.let_in
        self.people.show_rows(listed.operators)
        names = [one.name for one in listed.operators]
        if names:
            self.table.selectRow(names.index(wanted) if wanted in names else 0)
        locked = sum(not one.is_active for one in listed.operators)
        said = counted(len(names), "person", "people")
        self.set_title("Operators", f"{said}, {locked} locked" if locked else said)
        self._on_row()

    def show_operator(self, shown: OperatorShown) -> None:
        """The history of the one that is chosen."""
        if self.chosen is not None and self.chosen.name == shown.name:
            names = {one.name: one.full_name for one in self.people.rows}
            self.card.show_history(history_of(shown.events, names))

    def _on_row(self, *_: object) -> None:
        one = self.chosen
        for button in (self.secret, self.lock, self.change):
            button.setEnabled(one is not None)
        if one is None:
            self.card.show_nothing()
            return
        words = ("Lock", "lock-simple") if one.is_active else ("Unlock", "lock-simple-open")
        self.lock.set_words(words[0], icon=words[1])
        self.lay_out_verbs()
        word, icon, tone = state_of(one)
        self.card.show_facts(
            one.full_name, facts_of(one, self.let_in.get(one.name)), (word, icon, tone) if word else None
        )
        self.asked.emit(ShowOperator(one.name))

    # --- what a person does -----------------------------------------------------------------------------

    def _on_enter(self) -> None:
        self.column.open(asks.ask_new([one.name for one in self.people.rows]))

    def _open(self, make: Callable[[Operator], Ask]) -> None:
        if self.chosen is not None:
            self.column.open(make(self.chosen))

    def _on_done(self, done: Finished) -> None:
        """It holds: the list and the history show it."""
        self.column.go_home()
        self.table.setFocus()
        assert isinstance(done.answer, Operator), "every act here leaves an operator"
        self._wanted = done.answer.name
        self.asked.emit(ListOperators())
        line = "He chooses his own secret at the next log-in." if done.answer.must_change else "It holds at once."
        self.said.emit(Note(done.answer.full_name, line, "ok", about="operator"))

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        is_narrow = area.width() < NARROW_BELOW
        side = NARROW_SIDE if is_narrow else SIDE
        left = area.adjusted(0, 0, -side - 16, 0)
        self.side.setGeometry(left.toRect())
        place_table(self.table, left.adjusted(5, 5, -5, -5))
        for column in (LOGIN_COLUMN, LAST_COLUMN):
            self.table.setColumnHidden(column, is_narrow)
        self.column.setGeometry(area.adjusted(area.width() - side, 0, 0, 0).toRect())
