"""Between the page of the office's rules and the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.services.rule_cases import RulesShown, SetRule, ShowRules, ShowSpecimen, Specimen
from vending_app.services.use_cases import Session, ShowDesk
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.toast import Note

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.office_page import OfficePage


class OfficeFlow(QObject):
    """What it asks goes out with the other acts of the books (`BookFlow`); it takes the answers."""

    def __init__(self, window: CounterPages, page: OfficePage) -> None:
        super().__init__(window)
        self.window, self.page = window, page
        page.back.connect(window.go_back)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def _on_finished(self, done: Finished) -> None:
        """The window knows by now who is logged in: it was connected before."""
        answer = done.answer
        if isinstance(answer, Session):
            self.page.show_people(self.window.operator, self.window.people)
        elif isinstance(answer, RulesShown):
            self.page.show_rules(answer)
            if isinstance(done.use_case, SetRule):
                # The desk goes by it at once: when it locks itself is a rule too.
                self.window.bridge.submit(ShowDesk())
                self.window.say(Note("Kept", "It holds from now on, at every desk.", "ok", about="rule"))
        elif isinstance(answer, Specimen):
            self.page.show_specimen(answer)

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, ShowRules):
            self.page.show_trouble(failed.error)
        elif isinstance(failed.use_case, ShowSpecimen):
            self.page.say_of_papers(failed.error)
