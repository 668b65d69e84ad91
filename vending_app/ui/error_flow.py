"""From an answer of the error desk to what it names, for the supply at hand or one that is found first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vending_app.services.supply_cases import LifeShown, ShowLife
from vending_app.services.use_cases import ShowHistory
from vending_app.ui.bridge import Finished
from vending_app.ui.components.rail import SELL, SUPPLIES, TOOLS
from vending_app.ui.components.toast import Note
from vending_app.ui.meter_words import STEPS, Step

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.error_page import ErrorPage
    from vending_app.ui.pages.supply_page import SupplyPage

ON_THE_SUPPLY = frozenset({Step.REISSUE, Step.PARAMETERS, Step.METER, Step.NOTE})
"""Procedures that begin on the page of a supply."""


class ErrorFlow(QObject):
    """Signals: place_wanted(str), said(Note), read_wanted(), arrears_wanted(SupplyNo)."""

    place_wanted = Signal(str)
    said = Signal(object)
    read_wanted = Signal()
    arrears_wanted = Signal(object)

    def __init__(self, window: CounterPages, page: ErrorPage, supply: SupplyPage) -> None:
        super().__init__(window)
        self.window, self.page, self.supply = window, page, supply
        self.begins: Step | None = None
        """What is begun once somebody has found the supply."""
        page.opened.connect(self._on_opened)
        page.wanted.connect(self._on_wanted)
        window.bridge.finished.connect(self._on_finished)

    def forget(self, *_: object) -> None:
        """Somebody went elsewhere."""
        self.begins = None

    def _on_opened(self) -> None:
        self.page.show_for(self.window.operator, self.window.supply_at_hand())

    def _on_wanted(self, step: Step) -> None:
        """Begin a step, for the supply at hand if there is one."""
        self.begins, supply = None, self.window.supply_at_hand()
        if step in {Step.READ, Step.SELL}:
            self.place_wanted.emit(SELL.key)
            if step is Step.READ:
                self.read_wanted.emit()
        elif step is Step.TOOLS:
            self.place_wanted.emit(TOOLS.key)
        elif supply is None:
            self._find_first(step)
        elif step is Step.ARREARS:
            self.arrears_wanted.emit(supply)
        elif step is Step.HISTORY:
            self.window.bridge.submit(ShowHistory(supply))
        else:
            self.begins = step if step in ON_THE_SUPPLY else None
            self.window.bridge.submit(ShowLife(supply))

    def _find_first(self, step: Step) -> None:
        self.place_wanted.emit(SUPPLIES.key)
        self.begins = step if step in ON_THE_SUPPLY else None
        word = STEPS[step][0]
        line = f"Enter on him: {word}." if self.begins else f"Then {word}."
        self.said.emit(Note("Find the customer", line, "accent", about="meter"))

    def _on_finished(self, done: Finished) -> None:
        """The window has shown the supply by now: it was connected before."""
        step = self.begins
        if step is None or not (isinstance(done.answer, LifeShown) and isinstance(done.use_case, ShowLife)):
            return
        self.begins = None
        if step is Step.NOTE:
            self.supply.begin_note()
            return
        button = {Step.REISSUE: self.supply.card, Step.PARAMETERS: self.supply.parameters}.get(step, self.supply.meter)
        if not button.isHidden():
            button.click()
