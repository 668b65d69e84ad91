"""Between the start page and everything it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.domain.ids import SaleId, SupplyNo
from vending_app.domain.permissions import Act, may
from vending_app.domain.start import OpenEnd, Todo
from vending_app.services.book_cases import ShowReversal
from vending_app.services.start_cases import ShowStart, StartShown
from vending_app.services.supply_cases import ShowLife
from vending_app.services.use_cases import PrintReceipt
from vending_app.ui.begin.start_words import Next
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.rail import CARDS, DAY, INSPECT, RECORDS, SHIFT, START, SUPPLIES, TOOLS
from vending_app.ui.doors import OPERATORS, TARIFFS

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.start_page import StartPage

_PLACES = {
    Todo.DAY_OPEN: DAY.key,
    Todo.ODD: DAY.key,
    Todo.SHIFT_OPEN: SHIFT.key,
    Todo.UNPRINTED: SHIFT.key,
    Todo.PREPARED: CARDS.key,
    Todo.ENDING: SUPPLIES.key,
    Todo.BLANK_CARDS: RECORDS.key,
    Todo.TOOLS_OUT: TOOLS.key,
    Todo.ROUTE: INSPECT.key,
}
_DOORS = {Todo.LOCKED: OPERATORS, Todo.NEW_SECRET: OPERATORS, Todo.TARIFF: TARIFFS}
"""Pages behind Set-up: Esc leads back."""


class StartFlow(QObject):
    """What the page wants, and what comes of it."""

    def __init__(self, window: CounterPages, page: StartPage) -> None:
        super().__init__(window)
        self.window, self.page = window, page
        page.asked.connect(window.bridge.submit)
        page.wanted.connect(self._on_wanted)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def _on_wanted(self, wanted: object) -> None:
        """The button of a row, or of what is next."""
        if isinstance(wanted, Next) and wanted.end is None:
            self.window.go(wanted.place)
            return
        end = wanted.end if isinstance(wanted, Next) else wanted
        assert isinstance(end, OpenEnd), "a row is about one"
        alone = _ALONE.get(end.what)
        if end.key and alone is not None:
            self.window.bridge.submit(alone(end.key))
        elif end.what in _DOORS:
            self.window.open_page(_DOORS[end.what])
            self.window.rooms.pages[_DOORS[end.what]].begin()
        else:
            self.window.go(self._place_of(end))

    def _place_of(self, end: OpenEnd) -> str:
        """Several sales that wait stand on the page of the shift; who has none looks for their supplies."""
        if end.what is Todo.WAITING:
            return SHIFT.key if may(self.window.operator, Act.SHIFT) else SUPPLIES.key
        return _PLACES[end.what]

    def _on_finished(self, done: Finished) -> None:
        if isinstance(done.answer, StartShown):
            self.page.show_start(done.answer)
        elif isinstance(done.use_case, PrintReceipt) and self.window.shell.current == START.key:
            self.page.begin()

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, ShowStart):
            self.page.show_trouble(failed.error)


_ALONE: dict[Todo, Callable[[str], object]] = {
    Todo.WAITING: lambda key: ShowReversal(SaleId(key)),
    Todo.UNPRINTED: lambda key: PrintReceipt(SaleId(key)),
    Todo.ENDING: lambda key: ShowLife(SupplyNo(key)),
}
"""What is asked of the desk for one alone."""
