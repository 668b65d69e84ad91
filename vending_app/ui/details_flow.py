"""Between the page of a card's details and the desk: looking at the card, and the file for support."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from vending_app.services.diagnosis_cases import DiagnoseCard, Diagnosis
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.toast import Note
from vending_app.ui.details.diagnosis_words import support_shape
from vending_app.ui.saving import saved
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.domain.ids import ReaderName
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.details_page import DetailsPage

DETAILS = "details"
AskFile = Callable[[QWidget, str], str]


def ask_file(parent: QWidget, name: str) -> str:
    """Ask the person where to save; empty if he changed his mind."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save for support", name, "JSON (*.json)")
    return chosen


class DetailsFlow(QObject):
    """What the page wants, and what comes of it."""

    def __init__(self, window: CounterPages, page: DetailsPage, *, ask: AskFile = ask_file) -> None:
        super().__init__(window)
        self.window, self.page, self.ask = window, page, ask
        page.support_wanted.connect(self._on_support)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def look(self, reader: ReaderName | None = None) -> None:
        """At the card in the reader; the page opens once it was read."""
        self.window.bridge.submit(DiagnoseCard(reader))

    def _on_finished(self, done: Finished) -> None:
        if isinstance(done.use_case, DiagnoseCard) and isinstance(done.answer, Diagnosis):
            self.page.show_found(done.answer)
            if self.window.shell.current != DETAILS:
                self.window.open_page(DETAILS)

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, DiagnoseCard):
            said = trouble(failed.error)
            self.window.say(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="details"))

    def _on_support(self, found: object) -> None:
        assert isinstance(found, Diagnosis), "the page shows one"
        path = self.ask(self.page, f"Card-{found.at:%Y-%m-%d-%H%M}.json")
        if path:
            content = json.dumps(support_shape(found), ensure_ascii=False, indent=1).encode()
            self.window.say(saved(path, content))
