"""What is asked about blank cards leads to the deed that was meant."""

from __future__ import annotations

from vending_app.domain.card_stock import CardStock
from vending_app.domain.ids import DeskNo
from vending_app.services.stock_cases import RetireCard
from vending_app.ui.books.ask import Ask, Deed, Filled
from vending_app.ui.records.stock_asks import ask_stock


def test_a_card_that_came_back_is_made_blank_in_two_steps() -> None:
    asked = ask_stock(CardStock(DeskNo(1), here=5, office=5, is_counted=True))
    assert "retire" in {option.key for option in asked.choices}
    next_one = asked.make(Filled(choice="retire"))
    assert isinstance(next_one, Ask)
    assert next_one.facts == (("Card", "the one in the reader", ""),)
    deed = next_one.make(Filled())
    assert isinstance(deed, Deed)
    assert deed.request == RetireCard()
    assert "blank one" in deed.sentence
