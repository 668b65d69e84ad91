"""Between the page of the master keys and the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.domain.card import CardKind
from vending_app.services.allowance_cases import AllowancesShown, ListAllowances
from vending_app.services.key_cases import KeysShown, ShowKeys
from vending_app.services.people_cases import OperatorList
from vending_app.services.use_cases import LogOut, Session
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.rail import TOOLS

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.keys_page import KeysPage


class KeysFlow(QObject):
    """What it asks goes out with the other acts of the books (`BookFlow`); it takes the answers."""

    def __init__(self, window: CounterPages, page: KeysPage) -> None:
        super().__init__(window)
        self.window, self.page = window, page
        page.back.connect(window.go_back)
        page.said.connect(window.say)
        page.key_card_wanted.connect(self._on_key_card)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def _on_finished(self, done: Finished) -> None:
        """The window knows by now who is logged in: it was connected before."""
        answer = done.answer
        if isinstance(answer, Session):
            self.page.show_staff(self.window.operator, self.window.people)
        elif isinstance(answer, OperatorList):
            self.page.show_staff(self.window.operator, answer.operators)
        elif isinstance(answer, KeysShown):
            self.page.show_keys(answer)
        elif isinstance(answer, AllowancesShown):
            self.page.show_allowances(answer)
        elif isinstance(done.use_case, LogOut):
            self.page.forget()

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, ShowKeys | ListAllowances):
            self.page.show_trouble(failed.error)

    def _on_key_card(self) -> None:
        """Where tool cards are written."""
        self.window.go(TOOLS.key)
        self.window.tools.begin_issue(CardKind.KEY)
