"""The pages of supplies between window and desk: what is found there leads to a price, a history, a life, a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.domain.ids import SupplyNo
from vending_app.domain.people import SupplyLine
from vending_app.services.supply_cases import LifeShown, Records, ShowLife, ShowRecords
from vending_app.ui.bridge import Finished
from vending_app.ui.components.rail import CARDS, SELL

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.cards_page import CardsPage
    from vending_app.ui.pages.supplies_page import SuppliesPage
    from vending_app.ui.pages.supply_page import SupplyPage


class SupplyFlow(QObject):
    """What they ask goes out with the other acts of the books (`BookFlow`); it takes the answers."""

    def __init__(self, window: CounterPages, supplies: SuppliesPage, supply: SupplyPage, cards: CardsPage) -> None:
        super().__init__(window)
        self.window, self.supplies, self.supply, self.cards = window, supplies, supply, cards
        supplies.trial_wanted.connect(self._on_trial)
        supplies.history_wanted.connect(lambda line: window.show_history(line.number))
        supplies.arrears_wanted.connect(lambda line: window.ask_arrears(line.number))
        supplies.life_wanted.connect(lambda line: window.bridge.submit(ShowLife(line.number)))
        supplies.said.connect(window.say)
        supply.said.connect(window.say)
        supply.issue_wanted.connect(self._on_first_card_wanted)
        window.bridge.finished.connect(self._on_finished)

    def _on_trial(self, line: SupplyLine) -> None:
        self.window.go(SELL.key)
        self.window.flow.open_supply(line.number)

    def _on_first_card_wanted(self, number: SupplyNo) -> None:
        self.window.go(CARDS.key)
        self.cards.look_for(number)

    def _on_finished(self, done: Finished) -> None:
        if isinstance(done.answer, Records) and isinstance(done.use_case, ShowRecords):
            self.supplies.show_records(done.answer)
        elif isinstance(done.answer, LifeShown) and isinstance(done.use_case, ShowLife):
            self.supply.show_life(done.answer)
            self.window.open_page("supply")
