"""Between the pages behind Set-up and the desk: tariffs and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vending_app.services.people_cases import ListOperators, OperatorList, OperatorShown, ShowOperator
from vending_app.services.tariff_cases import PutTariff, ShowTariffs, TariffsShown, WithdrawTariff
from vending_app.services.use_cases import Session
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.toast import Note
from vending_app.ui.phrases import long_day
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.operators_page import OperatorsPage
    from vending_app.ui.pages.setup_page import SetupPage
    from vending_app.ui.pages.tariffs_page import TariffsPage


class SetupFlow(QObject):
    """What the pages ask goes out with the other acts of the books (`BookFlow`); it takes the answers.

    Signals: people_changed(tuple of Operator) — everybody, after one was entered or changed.
    """

    people_changed = Signal(object)

    def __init__(self, window: CounterPages, setup: SetupPage, tariffs: TariffsPage, operators: OperatorsPage) -> None:
        super().__init__(window)
        self.window, self.setup, self.tariffs, self.operators = window, setup, tariffs, operators
        setup.door_wanted.connect(self._on_door)
        operators.said.connect(window.say)
        for page in (tariffs, operators):
            page.back.connect(window.go_back)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def _on_door(self, key: str) -> None:
        self.window.open_page(key)
        self.window.rooms.pages[key].begin()

    def _on_finished(self, done: Finished) -> None:
        """The window knows by now who is logged in: it was connected before."""
        asked, answer = done.use_case, done.answer
        if isinstance(answer, Session):
            self.setup.show_operator(self.window.operator)
            self.tariffs.show_operator(self.window.operator, self.window.people)
            self.operators.show_staff(self.window.operator, self.window.people)
        elif isinstance(answer, TariffsShown):
            self.tariffs.show_tariffs(answer)
        elif isinstance(answer, OperatorList):
            self.operators.show_people(answer)
            self.people_changed.emit(answer.operators)
            self.tariffs.show_operator(self.window.operator, answer.operators)
            self.operators.show_staff(self.window.operator, answer.operators)
        elif isinstance(answer, OperatorShown):
            self.operators.show_operator(answer)
        if isinstance(asked, PutTariff):
            line = f"In force from {long_day(asked.tariff.valid_from)}."
            self.window.say(Note(f"Tariff {asked.tariff.code} is entered", line, "ok", about="tariff"))
        elif isinstance(asked, WithdrawTariff):
            line = f"Its prices from {long_day(asked.valid_from)} never begin."
            self.window.say(Note(f"Tariff {asked.code} goes on", line, "ok", about="tariff"))

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, ShowTariffs | ListOperators | ShowOperator):
            said = trouble(failed.error)
            self.window.say(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="setup"))
