"""The records page between window and desk: what it finds, whom it may serve, and the supply it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from vending_app.domain.card_stock import CardStock
from vending_app.domain.ids import SupplyNo, masked
from vending_app.services.area_cases import EnterReading, Readings, ShowReadings
from vending_app.services.record_cases import FindRecords, RecordsFound, RecordShown, ShowRecord
from vending_app.services.stock_cases import CardRetired, ShowCardStock
from vending_app.services.supply_cases import ShowLife
from vending_app.services.use_cases import CardReading, SaleDone, Session
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.rail import RECORDS
from vending_app.ui.components.toast import Note
from vending_app.ui.records.stock_words import said_level, tone_of
from vending_app.ui.words import trouble

if TYPE_CHECKING:
    from vending_app.ui.counter_pages import CounterPages
    from vending_app.ui.pages.cards_page import CardsPage
    from vending_app.ui.pages.records_page import RecordsPage


class RecordFlow(QObject):
    """What it asks goes out with the other acts of the books (`BookFlow`); it takes the answers."""

    def __init__(self, window: CounterPages, page: RecordsPage, cards: CardsPage) -> None:
        super().__init__(window)
        self.window, self.page = window, page
        self.cards = cards
        self._after_issue: ShowCardStock | None = None
        """What was asked because a card was issued."""
        cards.strip.wanted.connect(self._on_stock)
        cards.retire_wanted.connect(self._on_retire)
        page.life_wanted.connect(self._on_life)
        page.said.connect(window.say)
        window.bridge.finished.connect(self._on_finished)
        window.bridge.failed.connect(self._on_failed)

    def _on_life(self, number: SupplyNo) -> None:
        self.window.bridge.submit(ShowLife(number))

    def _on_stock(self) -> None:
        self.window.go(RECORDS.key)
        self.page.open_stock()

    def _on_retire(self, read: CardReading) -> None:
        self.window.go(RECORDS.key)
        self.page.open_retiring(read)

    def _on_finished(self, done: Finished) -> None:
        """The window knows by now who is logged in: it was connected before."""
        answer = done.answer
        if isinstance(answer, Session):
            self.page.show_operator(self.window.operator)
            self.page.column.show_people(self.window.operator, self.window.people)
        elif isinstance(answer, RecordsFound):
            self.page.show_found(answer)
        elif isinstance(answer, RecordShown):
            self.page.show_record(answer)
        elif isinstance(answer, Readings):
            self.page.show_readings(answer, area=area_of(done.use_case))
        elif isinstance(answer, CardStock):
            self.page.show_stock(answer)
            self.cards.strip.show_stock(answer)
            if done.use_case is self._after_issue:
                self._warn(answer)
        elif isinstance(answer, CardRetired):
            self.page.show_stock(answer.stock)
            self.cards.strip.show_stock(answer.stock)
            said = f"Card {masked(answer.card)} is a blank one again; {said_level(answer.stock)}"
            self.window.say(Note("Card retired", said, "ok", about="stock"))
        elif isinstance(answer, SaleDone) and answer.sale.intent.write.issues_card:
            self._after_issue = ShowCardStock()
            self.window.bridge.submit(self._after_issue)

    def _warn(self, stock: CardStock) -> None:
        """A card was issued: it is told where the box runs out; an office that never counted is left alone."""
        if stock.is_counted and tone_of(stock)[0]:
            title = "Count the cards" if stock.needs_count else "Few blank cards left"
            self.window.say(Note(title, said_level(stock), "warn", about="stock"))

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, FindRecords | ShowRecord | ShowReadings | ShowCardStock):
            said = trouble(failed.error)
            self.window.say(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="record"))


def area_of(asked: object) -> str:
    """Whose readings answer this."""
    return asked.area if isinstance(asked, ShowReadings | EnterReading) else ""
