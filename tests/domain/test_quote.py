"""What a purchase costs: the office's worked example, then the laws of every tariff."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import ZERO, Money
from vending_app.domain.pricing import last_cost
from vending_app.domain.quote import Buyer, Quote, quote_for_energy, quote_for_money
from vending_app.domain.tariff import Levy, LineKind, Price, Rounding, Step, Tariff, Tax

TODAY = date(2025, 11, 14)
PRICED = frozenset({LineKind.FIXED, LineKind.STEP, LineKind.LEVY})


def a_tariff(
    *,
    steps: tuple[Step, ...] = (
        Step(Energy.parse("60"), Price(105_000)),
        Step(Energy.parse("150"), Price(148_000)),
        Step(None, Price(215_000)),
    ),
    fixed: str = "1.80",
    taxes: tuple[Tax, ...] = (Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP})),),
    levies: tuple[Levy, ...] = (),
    minimum: str = "1.00",
    maximum: str = "1000.00",
    rounding: Rounding = Rounding.NEAREST,
) -> Tariff:
    return Tariff(
        code="H2",
        name="Household",
        valid_from=date(2025, 1, 1),
        steps=steps,
        fixed_per_month=Money.parse(fixed),
        taxes=taxes,
        levies=levies,
        minimum=Money.parse(minimum),
        maximum=Money.parse(maximum),
        rounding=rounding,
    )


def a_buyer(*, bought: str = "0", until: date | None = date(2025, 11, 1), arrears: str = "0", share: int = 0) -> Buyer:
    return Buyer(TODAY, Energy.parse(bought), until, Money.parse(arrears), share)


def amounts(quote: Quote) -> list[tuple[str, str]]:
    return [(line.name, str(line.amount)) for line in quote.lines]


def refusal(tariff: Tariff, buyer: Buyer, amount: str) -> OperatorError:
    with pytest.raises(OperatorError) as caught:
        quote_for_money(tariff, buyer, Money.parse(amount))
    return caught.value


# --- examples worked by hand -----------------------------------------------------------------------------


def test_fifty_buys_what_the_receipt_of_the_office_shows() -> None:
    buyer = a_buyer(until=date(2025, 9, 1), arrears="64.30", share=20)
    quote = quote_for_money(a_tariff(), buyer, Money.parse("50.00"))
    assert quote.energy == Energy.parse("214.28")
    assert amounts(quote) == [
        ("Fixed charge", "3.60"),
        ("Arrears share", "10.00"),
        ("Step 1", "6.30"),
        ("Step 2", "13.32"),
        ("Step 3", "13.82"),
        ("VAT", "2.96"),
    ]
    fixed, arrears, *_, vat = quote.lines
    assert (fixed.months, str(fixed.unit)) == (2, "1.80")
    assert str(arrears.unit) == "54.30"
    assert (str(vat.base), vat.rate_basis_points) == ("37.04", 800)
    assert quote.charged_until == date(2025, 11, 1)
    assert str(quote.tax) == "2.96"


def test_what_is_missing_costs_the_last_step_with_its_levies_and_taxes() -> None:
    levy = Levy("Rural electrification", Price(10_000))
    tax = Tax("VAT", 1_000, frozenset({LineKind.FIXED, LineKind.STEP}))
    # 100 kWh at 0.215 with 10 % on it, and at 0.01 without: 23.65 and 1.00.
    assert last_cost(a_tariff(taxes=(tax,), levies=(levy,)), Energy.parse("100")) == Money(24_65)
    assert last_cost(a_tariff(), Energy(-5)) == Money(0)


def test_steps_continue_from_what_was_bought_this_month() -> None:
    quote = quote_for_energy(a_tariff(), a_buyer(bought="140"), Energy.parse("20"))
    assert [(line.name, str(line.energy)) for line in quote.lines if line.kind is LineKind.STEP] == [
        ("Step 2", "10.00"),
        ("Step 3", "10.00"),
    ]
    assert str(quote.total) == "3.92"  # 10 × 0.1480 + 10 × 0.2150 = 3.63, and 8 % of it is 0.2904


def test_levies_are_priced_per_kilowatt_hour_and_taxed_if_the_tax_says_so() -> None:
    tariff = a_tariff(
        steps=(Step(None, Price(100_000)),),
        taxes=(Tax("VAT", 1000, frozenset({LineKind.LEVY})),),
        levies=(Levy("Rural fund", Price(50_000)),),
    )
    quote = quote_for_energy(tariff, a_buyer(), Energy.parse("100"))
    assert amounts(quote) == [("Step 1", "10.00"), ("Rural fund", "5.00"), ("VAT", "0.50")]


def test_what_no_quantum_of_energy_can_take_is_a_rounding_line() -> None:
    dear = a_tariff(steps=(Step(None, Price(300_000_000)),), taxes=())  # 0.01 kWh costs 3.00
    quote = quote_for_money(dear, a_buyer(), Money.parse("10.00"))
    assert str(quote.energy) == "0.03"
    assert amounts(quote) == [("Step 1", "9.00"), ("Rounding", "1.00")]


@pytest.mark.parametrize(
    ("until", "months"),
    [
        (None, 1),
        (date(2025, 11, 1), 0),
        (date(2025, 10, 1), 1),
        (date(2024, 11, 1), 12),
        (date(2026, 1, 1), 0),
    ],
)
def test_missed_months_are_caught_up(until: date | None, months: int) -> None:
    quote = quote_for_money(a_tariff(), a_buyer(until=until), Money.parse("50.00"))
    assert sum(line.months for line in quote.lines) == months


def test_a_month_paid_ahead_stays_paid() -> None:
    quote = quote_for_money(a_tariff(), a_buyer(until=date(2026, 1, 1)), Money.parse("50.00"))
    assert quote.charged_until == date(2026, 1, 1)


def test_the_last_of_the_arrears_is_taken_and_no_more() -> None:
    quote = quote_for_money(a_tariff(), a_buyer(arrears="2.50", share=20), Money.parse("50.00"))
    line = next(line for line in quote.lines if line.kind is LineKind.ARREARS)
    assert (str(line.amount), str(line.unit)) == ("2.50", "0.00")


def test_a_quarter_more_kilowatt_hours_than_a_card_counts_is_refused() -> None:
    with pytest.raises(OperatorError) as caught:
        quote_for_energy(a_tariff(), a_buyer(), Energy(12_345))
    assert caught.value.code is Code.AMOUNT_TOO_PRECISE


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_nothing_and_less_is_not_an_amount(amount: str) -> None:
    assert refusal(a_tariff(), a_buyer(), amount).code is Code.AMOUNT_NOT_POSITIVE
    with pytest.raises(OperatorError) as caught:
        quote_for_energy(a_tariff(), a_buyer(), Energy.parse(amount))
    assert caught.value.code is Code.AMOUNT_NOT_POSITIVE


def test_limits_are_told_with_the_limit() -> None:
    assert refusal(a_tariff(), a_buyer(), "0.99").facts == {"minimum": Money(100)}
    assert refusal(a_tariff(), a_buyer(), "1000.01").facts == {"maximum": Money(100_000)}
    with pytest.raises(OperatorError) as caught:
        quote_for_energy(a_tariff(), a_buyer(), Energy.parse("90000"))
    assert caught.value.code is Code.AMOUNT_OVER_MAXIMUM


def test_money_that_the_fixed_charge_eats_is_refused_with_the_least_that_helps() -> None:
    buyer = a_buyer(until=date(2025, 1, 1), arrears="500.00", share=50)
    error = refusal(a_tariff(), buyer, "20.00")
    assert error.code is Code.AMOUNT_BELOW_CHARGES
    least = error.facts["least"]
    assert isinstance(least, Money)
    assert quote_for_money(a_tariff(), buyer, least).energy
    assert refusal(a_tariff(), buyer, (least - Money(1)).plain).code is Code.AMOUNT_BELOW_CHARGES


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": ()},
        {"steps": (Step(Energy.parse("60"), Price(1)),)},
        {"steps": (Step(None, Price(1)), Step(None, Price(1)))},
        {"steps": (Step(Energy(60), Price(1)), Step(Energy(60), Price(1)), Step(None, Price(1)))},
        {"steps": (Step(None, Price(-1)),)},
        {"steps": (Step(None, Price(0)),)},
        {"fixed": "-1"},
        {"minimum": "5", "maximum": "4"},
        {"taxes": (Tax("on arrears", 100, frozenset({LineKind.ARREARS})),)},
        {"levies": (Levy("gift", Price(-5)),)},
    ],
)
def test_a_tariff_without_meaning_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        a_tariff(**wrong)  # type: ignore[arg-type]


# --- laws of every tariff --------------------------------------------------------------------------------

prices = st.integers(0, 3_000_000).map(Price)
taxes = st.builds(Tax, st.just("VAT"), st.integers(0, 3000), st.frozensets(st.sampled_from(sorted(PRICED))))


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    ends = sorted(draw(st.sets(st.integers(1, 40_000), max_size=4)))
    last = Step(None, Price(draw(st.integers(1, 3_000_000) | st.integers(1, 900_000_000))))
    return a_tariff(
        steps=(*(Step(Energy(end * 10), draw(prices)) for end in ends), last),
        fixed=Money(draw(st.integers(0, 2_000))).plain,
        taxes=tuple(draw(st.lists(taxes, max_size=2))),
        levies=tuple(Levy("Fund", price) for price in draw(st.lists(prices, max_size=2))),
        minimum="0",
        maximum="100000000",
        rounding=draw(st.sampled_from(Rounding)),
    )


buyers = st.builds(
    Buyer,
    st.just(TODAY),
    st.integers(0, 50_000).map(Energy.from_card_units),
    st.none() | st.dates(date(2023, 1, 1), date(2026, 2, 1)).map(lambda day: day.replace(day=1)),
    st.integers(0, 20_000).map(Money),
    st.integers(0, 100),
)
totals = st.integers(1, 200_000).map(Money)
energies = st.integers(1, 100_000).map(Energy.from_card_units)


def bought(tariff: Tariff, buyer: Buyer, total: Money) -> Energy:
    try:
        return quote_for_money(tariff, buyer, total).energy
    except OperatorError as error:
        if error.code is not Code.AMOUNT_BELOW_CHARGES:
            raise
        return Energy(0)


def priced(tariff: Tariff, buyer: Buyer, energy: Energy) -> Quote:
    try:
        return quote_for_energy(tariff, buyer, energy)
    except OperatorError as error:
        assume(error.code is not Code.AMOUNT_BELOW_MINIMUM)  # free energy: nothing to quote
        raise


def quantum_costs(tariff: Tariff) -> int:
    """More than one quantum costs anywhere, in minor units."""
    dearest = max(step.price.micro_per_kwh for step in tariff.steps)
    dearest += sum(levy.price.micro_per_kwh for levy in tariff.levies)
    return dearest * (10_000 + sum(tax.rate_basis_points for tax in tariff.taxes)) // 10**10 + 1


@given(tariffs(), buyers, totals)
def test_lines_add_up_to_the_total_whatever_is_paid(tariff: Tariff, buyer: Buyer, total: Money) -> None:
    assume(bought(tariff, buyer, total))
    quote = quote_for_money(tariff, buyer, total)
    assert quote.total == total
    assert sum((line.amount for line in quote.lines), ZERO) == total
    assert all(line.amount >= ZERO for line in quote.lines)
    left = sum((line.amount for line in quote.lines if line.kind is LineKind.ROUNDING), ZERO)
    assert left.minor < quantum_costs(tariff)


@given(tariffs(), buyers, energies)
def test_lines_add_up_to_the_total_whatever_is_bought(tariff: Tariff, buyer: Buyer, energy: Energy) -> None:
    quote = priced(tariff, buyer, energy)
    assert quote.energy == energy
    assert sum((line.amount for line in quote.lines), ZERO) == quote.total
    steps = [line.energy for line in quote.lines if line.kind is LineKind.STEP and line.energy]
    assert sum((part for part in steps), Energy(0)) == energy
    assert all(line.kind is not LineKind.ROUNDING for line in quote.lines)


@given(tariffs(), buyers, totals, totals)
def test_more_money_never_buys_less(tariff: Tariff, buyer: Buyer, one: Money, other: Money) -> None:
    less, more = sorted([one, other])
    assert bought(tariff, buyer, less) <= bought(tariff, buyer, more)


@given(tariffs(), buyers, energies, energies)
def test_more_energy_never_costs_less(tariff: Tariff, buyer: Buyer, one: Energy, other: Energy) -> None:
    less, more = sorted([one, other])
    assert priced(tariff, buyer, less).total <= priced(tariff, buyer, more).total


@given(tariffs(), buyers, energies)
def test_the_price_of_an_energy_buys_it_and_one_unit_less_does_not(
    tariff: Tariff, buyer: Buyer, energy: Energy
) -> None:
    total = priced(tariff, buyer, energy).total
    assert bought(tariff, buyer, total) >= energy
    if total > Money(1):
        assert bought(tariff, buyer, total - Money(1)) < energy


@given(tariffs(), buyers, totals)
def test_the_energy_of_a_sum_costs_no_more_than_it_and_no_more_fits(tariff: Tariff, buyer: Buyer, total: Money) -> None:
    energy = bought(tariff, buyer, total)
    if energy:
        assert priced(tariff, buyer, energy).total <= total
    assert priced(tariff, buyer, energy + Energy(10)).total > total


def after(buyer: Buyer, quote: Quote) -> Buyer:
    """The same buyer once the sale is posted."""
    paid = sum((line.amount for line in quote.lines if line.kind is LineKind.ARREARS), ZERO)
    return Buyer(
        buyer.today,
        buyer.bought_this_month + quote.energy,
        quote.charged_until,
        buyer.arrears - paid,
        buyer.arrears_share_percent,
    )


def without_arrears(quote: Quote) -> Money:
    return quote.total - sum((line.amount for line in quote.lines if line.kind is LineKind.ARREARS), ZERO)


@given(tariffs(), buyers, st.lists(energies, min_size=2, max_size=6))
def test_splitting_an_energy_costs_at_most_one_unit_per_sale(tariff: Tariff, buyer: Buyer, parts: list[Energy]) -> None:
    whole = priced(tariff, buyer, sum(parts, Energy(0)))
    split, at = ZERO, buyer
    for part in parts:
        quote = priced(tariff, at, part)
        split, at = split + without_arrears(quote), after(at, quote)
    assert abs((split - without_arrears(whole)).minor) <= len(parts)


@given(tariffs(), buyers, st.lists(st.integers(1_000, 50_000).map(Money), min_size=2, max_size=6))
@settings(max_examples=60)
def test_splitting_a_sum_buys_the_same_but_for_one_unit_and_one_quantum_per_sale(
    tariff: Tariff, buyer: Buyer, parts: list[Money]
) -> None:
    debtless = Buyer(buyer.today, buyer.bought_this_month, buyer.charged_until, ZERO, 0)
    assume(bought(tariff, debtless, parts[0]))
    at, split = debtless, Energy(0)
    for part in parts:
        energy = bought(tariff, at, part)
        assume(energy)
        quote = quote_for_money(tariff, at, part)
        split, at = split + energy, after(at, quote)
    slack = Money(len(parts) * quantum_costs(tariff))
    whole = sum(parts, ZERO)
    assert split <= bought(tariff, debtless, whole + slack)
    assert split >= bought(tariff, debtless, max(Money(1), whole - slack))
