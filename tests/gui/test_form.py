"""The live offer: any text gives an offer or a trouble at its field, never an exception."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from tests.gui import values
from vending_app.domain.errors import Code
from vending_app.domain.ids import SaleId
from vending_app.domain.money import Money
from vending_app.domain.sale import TenderKind
from vending_app.ui.sell.form import Form, Unit, make_offer, make_sell

typed = some.one_of(some.text(max_size=14), some.from_regex(r"\A[0-9]{0,7}[.,]?[0-9]{0,3}\Z"))


@given(amount=typed, cash=typed, unit=some.sampled_from(Unit), tender=some.sampled_from(TenderKind))
def test_any_text_is_an_offer_or_a_trouble(amount: str, cash: str, unit: Unit, tender: TenderKind) -> None:
    form = Form(values.SUPPLY, unit, amount, tender, cash)
    offer = make_offer(form, values.a_reading())
    if offer.is_complete:
        assert offer.quote is not None
        assert sum(line.amount.minor for line in offer.quote.lines) == offer.quote.total.minor
        sold = make_sell(form, offer, sale=SaleId("1"), reader=None)
        assert (sold.amount is None) != (sold.energy is None)
        assert sold.tender is not None
        assert sold.tender.received >= offer.quote.total
    if offer.change is not None:
        assert offer.change.minor >= 0


def test_cash_below_the_total_gives_no_change() -> None:
    offer = make_offer(Form(values.SUPPLY, amount="50", cash="20"), values.a_reading())
    assert offer.cash_trouble is not None
    assert offer.cash_trouble.code is Code.TENDER_SHORT
    assert offer.change is None


def test_change_is_what_was_given_less_the_total() -> None:
    offer = make_offer(Form(values.SUPPLY, amount="50", cash="100"), values.a_reading())
    assert offer.change == Money(5000)
