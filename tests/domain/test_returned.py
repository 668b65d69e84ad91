"""What returned energy is worth: to the minor unit what was paid for it, and each part to whom it belonged."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy
from vending_app.domain.errors import OperatorError
from vending_app.domain.money import ZERO, Money
from vending_app.domain.quote import Buyer, Quote, quote_for_money
from vending_app.domain.returned import Worth, worth_of_owed, worth_of_returned, worth_of_unsold
from vending_app.domain.tariff import Levy, LineKind, Price, Rounding, Step, Tariff, Tax

TODAY = date(2025, 11, 14)
KINDS = st.frozensets(st.sampled_from([LineKind.FIXED, LineKind.STEP, LineKind.LEVY]))


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """One or two steps, up to two levies and two taxes on anything."""
    first, second = draw(st.integers(1_000, 400_000)), draw(st.integers(1_000, 400_000))
    taxes = tuple(
        Tax(name, draw(st.integers(0, 2_500)), draw(KINDS))
        for name in draw(st.sampled_from([(), ("VAT",), ("VAT", "Relief")]))
    )
    levies = tuple(
        Levy(name, Price(draw(st.integers(0, 50_000)))) for name in draw(st.sampled_from([(), ("Fund", "Road")]))
    )
    return Tariff(
        code="H2",
        name="Household",
        valid_from=date(2025, 1, 1),
        steps=(Step(Energy(60_000), Price(first)), Step(None, Price(second))),
        fixed_per_month=Money(draw(st.integers(0, 500))),
        taxes=taxes,
        levies=levies,
        minimum=Money(1),
        maximum=Money(10_000_000),
        rounding=draw(st.sampled_from(list(Rounding))),
    )


def bought(tariff: Tariff, minor: int, *, arrears: int = 0, before: int = 0) -> Quote:
    try:
        buyer = Buyer(TODAY, Energy(before), None, Money(arrears), 20)
        return quote_for_money(tariff, buyer, Money(minor))
    except OperatorError:
        assume(False)
        raise


def of(quote: Quote, *kinds: LineKind) -> Money:
    return sum((line.amount for line in quote.lines if line.kind in kinds), ZERO)


def part(worth: Worth, kind: LineKind, name: str) -> Money:
    return sum((line.amount for line in worth.lines if (line.kind, line.name) == (kind, name)), ZERO)


@given(tariffs(), st.integers(1, 500_000), st.integers(0, 9_000))
def test_all_of_a_purchase_leaves_only_what_the_fixed_charge_left(tariff: Tariff, minor: int, arrears: int) -> None:
    quote = bought(tariff, minor, arrears=arrears)
    worth = worth_of_returned(quote.energy, [(quote, tariff)])
    assert part(worth, LineKind.STEP, "Energy") == of(quote, LineKind.STEP)
    assert part(worth, LineKind.ROUNDING, "Rounding") == of(quote, LineKind.ROUNDING)
    for levy in tariff.levies:
        assert part(worth, LineKind.LEVY, levy.name) == sum(
            (line.amount for line in quote.lines if line.name == levy.name), ZERO
        )
    fixed = of(quote, LineKind.FIXED)
    for tax in tariff.taxes:
        paid = sum((line.amount for line in quote.lines if line.name == tax.name), ZERO)
        stays = paid - part(worth, LineKind.TAX, tax.name)
        on_fixed = fixed.minor * tax.rate_basis_points / 10_000 if LineKind.FIXED in tax.applies_to else 0
        # Each line is rounded once, and what is left of a unit stays.
        assert abs(stays.minor - on_fixed) <= (2 if on_fixed else 0)


@given(tariffs(), st.lists(st.integers(1, 200_000), min_size=1, max_size=4), st.integers(0, 10**6))
def test_the_parts_add_up_and_nobody_gets_more_than_he_paid(tariff: Tariff, sums: list[int], share: int) -> None:
    quotes = [bought(tariff, minor) for minor in sums]
    held = sum((quote.energy for quote in quotes), NO_ENERGY)
    back = Energy(held.wh * share // 10**6)
    worth = worth_of_returned(back, [(quote, tariff) for quote in quotes])
    assert sum((line.amount for line in worth.lines), ZERO) == worth.total >= ZERO
    assert len({(line.kind, line.name) for line in worth.lines}) == len(worth.lines)
    assert worth.total <= sum(
        (of(q, LineKind.STEP, LineKind.LEVY, LineKind.TAX, LineKind.ROUNDING) for q in quotes), ZERO
    )
    for kind, name in {(line.kind, line.name) for line in worth.for_others}:
        paid = sum((line.amount for q in quotes for line in q.lines if (line.kind, line.name) == (kind, name)), ZERO)
        assert ZERO <= part(worth, kind, name) <= paid


@given(tariffs(), st.integers(1, 200_000), st.integers(1, 10**6))
def test_owed_energy_costs_what_it_would_be_worth_and_less_than_a_unit_more(
    tariff: Tariff, minor: int, wh: int
) -> None:
    quote = bought(tariff, minor)
    owed = worth_of_owed(Energy(wh), (quote, tariff))
    assert owed.total <= ZERO
    whole, exact = of(quote, LineKind.STEP, LineKind.LEVY, LineKind.TAX, LineKind.ROUNDING), wh / quote.energy.wh
    assert -owed.total.minor <= whole.minor * exact + 1 + 1e-6 * wh
    assert all(line.amount <= ZERO for line in owed.for_others)


@given(tariffs(), st.integers(1, 10**5))
def test_what_was_never_sold_costs_as_much_as_if_it_were(tariff: Tariff, units: int) -> None:
    energy = Energy(units * CARD_UNIT_WH)
    owed = worth_of_unsold(energy, tariff)
    assert -owed.total.minor >= 0
    net = sum(-line.amount.minor for line in owed.lines if line.kind is LineKind.STEP)
    assert net <= energy.wh * max(step.price.micro_per_kwh for step in tariff.steps) / 10**7 + 1


def test_the_page_of_the_books_worked_by_hand() -> None:
    tariff = Tariff(
        code="H2",
        name="Household",
        valid_from=date(2025, 1, 1),
        steps=(Step(Energy(60_000), Price(105_000)), Step(None, Price(215_000))),
        fixed_per_month=Money(180),
        taxes=(Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP})),),
        levies=(),
        minimum=Money(100),
        maximum=Money(100_000),
    )
    quote = quote_for_money(tariff, Buyer(TODAY, NO_ENERGY, None, Money(5_000), 20), Money(5_000))
    # 35.24 for 194.61 kWh, and of the tax of 2.96 on 37.04 the part on energy: 2.81. 38.05 × 82.40 / 194.61 = 16.11.
    worth = worth_of_returned(Energy(82_400), [(quote, tariff)])
    assert [(line.kind, str(line.amount)) for line in worth.lines] == [(LineKind.STEP, "14.93"), (LineKind.TAX, "1.18")]


def test_a_tax_that_is_not_on_the_fixed_charge_goes_back_whole() -> None:
    tariff = Tariff(
        code="H2",
        name="Household",
        valid_from=date(2025, 1, 1),
        steps=(Step(None, Price(100_000)),),
        fixed_per_month=Money(500),
        taxes=(Tax("VAT", 1_000, frozenset({LineKind.STEP})),),
        levies=(),
        minimum=Money(1),
        maximum=Money(100_000),
    )
    quote = quote_for_money(tariff, Buyer(TODAY, NO_ENERGY, None, ZERO, 0), Money(1_600))
    worth = worth_of_returned(quote.energy, [(quote, tariff)])
    assert [(line.kind, str(line.amount)) for line in worth.lines] == [(LineKind.STEP, "10.00"), (LineKind.TAX, "1.00")]


@pytest.mark.parametrize("energy", [NO_ENERGY, Energy(-1)])
def test_nothing_is_worth_nothing(energy: Energy) -> None:
    assert worth_of_returned(energy, []).lines == ()
