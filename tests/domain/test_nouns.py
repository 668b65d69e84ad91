"""Money, energy and numbers: integers with a name, read and shown the same way everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import is_ulid, masked, spaced, ulid
from vending_app.domain.money import Money
from vending_app.domain.tariff import Price


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("50", 5000),
        ("50.5", 5050),
        ("50,00", 5000),
        ("1 086.40", 108_640),
        (".5", 50),
        ("-3", -300),
        ("007", 700),
        ("1.50000", 150),
    ],
)
def test_money_is_read_as_cashiers_type_it(text: str, minor: int) -> None:
    assert Money.parse(text) == Money(minor)


@pytest.mark.parametrize("text", ["", ".", "-", "1.2.3", "1,2,3", "ten", "1e5", "٣", "½", "9" * 13, "0x10", "+1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(OperatorError) as refused:
        Money.parse(text)
    assert refused.value.code is Code.AMOUNT_NOT_A_NUMBER


@given(st.text(max_size=30))
def test_any_text_is_money_or_a_typed_error(text: str) -> None:
    try:
        read = Money.parse(text)
    except OperatorError as refused:
        assert refused.code in {Code.AMOUNT_NOT_A_NUMBER, Code.AMOUNT_TOO_PRECISE}
    else:
        assert isinstance(read.minor, int)


@given(st.integers(-(10**11), 10**11))
def test_what_is_shown_is_read_again(minor: int) -> None:
    assert Money.parse(Money(minor).plain) == Money(minor)
    assert Money.parse(str(Money(minor))) == Money(minor)


@pytest.mark.parametrize("wrong", [1.0, "1", True, None])
def test_only_whole_numbers_are_amounts(wrong: object) -> None:
    for noun in (Money, Energy):
        with pytest.raises(TypeError):
            noun(wrong)  # type: ignore[arg-type]


def test_energy_shows_hundredths_of_a_kilowatt_hour_towards_zero() -> None:
    assert str(Energy(5_026_889)) == "5\u202f026.88"
    assert str(Energy(-15)) == "−0.01"
    assert Energy.parse("12.5") == Energy(12_500)
    with pytest.raises(OperatorError) as refused:
        Energy.parse("0.001")
    assert refused.value.code is Code.AMOUNT_TOO_PRECISE


def test_a_price_shows_at_least_four_decimals() -> None:
    assert [str(Price(p)) for p in (105_000, 148_000, 1_234_567)] == ["0.1050", "0.1480", "1.234567"]


def test_a_ulid_keeps_the_order_of_time_and_of_its_published_alphabet() -> None:
    # The example of github.com/ulid/spec: 1469918176385 ms is the time part 01ARYZ6S41.
    assert ulid(1_469_918_176_385, bytes(10)) == "01ARYZ6S41" + "0" * 16
    assert is_ulid("01ARYZ6S410000000000000000")
    assert not is_ulid("81ARYZ6S410000000000000000")
    assert not is_ulid("01ARYZ6S41000000000000000U")


def test_numbers_are_masked_and_spaced() -> None:
    assert masked("041170000287") == "•••• 0287"
    assert spaced("000012345678") == "0000 1234 5678"
