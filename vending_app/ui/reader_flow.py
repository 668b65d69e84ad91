"""Between the readers and the pages where cards are made: with two of them, which card lies in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.ports import ReaderState
from vending_app.services.reader_cases import LookInReaders, ReadersLooked
from vending_app.ui.bridge import Finished
from vending_app.ui.components.rail import CARDS, TOOLS
from vending_app.ui.reader_words import lines_of

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.cards_page import CardsPage
    from vending_app.ui.pages.tools_page import ToolsPage
    from vending_app.ui.shell import Shell


class ReaderFlow(QObject):
    """Asked when a card or a reader comes or goes, when such a page is opened, and after a card was written."""

    def __init__(self, window: CounterPages, shell: Shell, cards: CardsPage, tools: ToolsPage) -> None:
        super().__init__(window)
        self.window, self.shell = window, shell
        self.pages: dict[str, CardsPage | ToolsPage] = {CARDS.key: cards, TOOLS.key: tools}
        self._has_more = False
        window.bridge.card_changed.connect(self._on_card_changed)
        window.bridge.finished.connect(self._on_finished)
        shell.page_shown.connect(self._look)
        for page in (cards, tools):
            page.writing_changed.connect(self._on_writing)

    def _on_card_changed(self, states: tuple[ReaderState, ...]) -> None:
        had_more, self._has_more = self._has_more, len(states) > 1
        if had_more and not self._has_more:
            for page in self.pages.values():
                page.show_readers(())
        self._look(self.shell.current)

    def _on_writing(self, is_writing: object) -> None:
        if not is_writing:
            self._look(self.shell.current)

    def _look(self, page: str) -> None:
        if self._has_more and page in self.pages and not self.window.is_locked and not self.window.is_busy:
            self.window.bridge.submit(LookInReaders())

    def _on_finished(self, done: Finished) -> None:
        # An answer that comes after a reader was unplugged tells of one that is gone.
        if isinstance(done.answer, ReadersLooked) and self._has_more:
            for page in self.pages.values():
                page.show_readers(lines_of(done.answer))
