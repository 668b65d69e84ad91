"""New prices: what a household pays by them, what becomes another, never the past, and any file is one or none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from tests.domain.test_quote import a_tariff
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.tariff import BadTariff, Levy, LineKind, Price, Rounding, Step, Tariff, TariffField, Tax
from vending_app.domain.tariff_entry import check_day, check_entry
from vending_app.domain.tariff_file import fields_of_tariff, read_tariff
from vending_app.domain.tariff_preview import USUAL, Pays, changes, preview

TODAY, NEW_YEAR = date(2025, 11, 14), date(2026, 1, 1)
NOW = a_tariff()
STEPS = (NOW.steps[0], NOW.steps[1], Step(None, Price(225_000)))
THEN = replace(NOW, valid_from=NEW_YEAR, steps=STEPS)


def test_a_household_pays_what_a_receipt_would_say() -> None:
    """By hand: 1.80 + 60 × 0.105 + 90 × 0.148 + 150 × 0.215 = 53.67, with 8 % VAT 57.96; then 59.58."""
    line = preview(NOW, THEN, [Energy(300_000)], today=TODAY)[0]
    assert (line.now, line.then) == (Pays(Money(5796)), Pays(Money(5958)))
    assert (line.more, line.more_basis_points) == (Money(162), 280)


def test_who_buys_little_pays_the_same_and_a_new_tariff_has_no_now() -> None:
    lines = preview(NOW, THEN, USUAL, today=TODAY)
    assert [line.energy for line in lines] == list(USUAL)
    assert lines[0].more == Money(0)
    assert [line.now for line in preview(None, THEN, USUAL, today=TODAY)] == [None] * len(USUAL)


def test_what_cannot_be_bought_says_by_which_limit() -> None:
    small = replace(THEN, maximum=Money(5000))
    line = preview(NOW, small, [Energy(300_000)], today=TODAY)[0]
    assert line.then == Pays(None, Code.AMOUNT_OVER_MAXIMUM, Money(5000))
    assert (line.more, line.more_basis_points) == (None, None)


def test_only_what_becomes_another_is_a_change() -> None:
    told = replace(THEN, taxes=(), card_fee=Money(500))
    assert [(each.field, each.row, each.before, each.after) for each in changes(NOW, told)] == [
        (TariffField.STEPS, 3, NOW.steps[2], STEPS[2]),
        (TariffField.TAXES, 1, NOW.taxes[0], None),
        (TariffField.CARD_FEE, 0, Money(0), Money(500)),
    ]


# --- never the past --------------------------------------------------------------------------------------


def refusal(day: date, known: list[date]) -> Code | None:
    try:
        check_day(replace(NOW, valid_from=day), known, today=TODAY)
    except OperatorError as error:
        return error.code
    return None


def test_new_prices_are_for_a_day_of_their_own_that_is_to_come() -> None:
    known, tomorrow = [date(2025, 1, 1), NEW_YEAR], TODAY + timedelta(days=1)
    assert refusal(TODAY, known) is Code.TARIFF_NOT_AHEAD
    assert refusal(date(2025, 1, 1), known) is Code.TARIFF_NOT_AHEAD
    assert refusal(NEW_YEAR, known) is Code.TARIFF_EXISTS
    assert refusal(tomorrow, known) is None
    assert refusal(TODAY, []) is None, "a new code changes nobody's price"
    assert refusal(TODAY - timedelta(days=1), []) is Code.TARIFF_NOT_AHEAD


# --- where it is wrong -----------------------------------------------------------------------------------

WRONG = [
    ({"code": "H 2"}, TariffField.CODE, 0),
    ({"valid_from": date(9999, 12, 31)}, TariffField.VALID_FROM, 0),
    ({"name": " Household"}, TariffField.NAME, 0),
    ({"steps": (Step(Energy(10**12), Price(1)), Step(None, Price(1)))}, TariffField.STEP_END, 0),
    ({"steps": (Step(Energy(5), Price(1)), Step(None, Price(1)))}, TariffField.STEP_END, 0),
    ({"steps": (NOW.steps[0], Step(None, Price(2 * 10**9)))}, TariffField.STEP_PRICE, 1),
    ({"levies": (Levy("Light", Price(1)), Levy("Light", Price(2)))}, TariffField.LEVY_NAME, 1),
    ({"taxes": (Tax("VAT", 20_000, frozenset({LineKind.STEP})),)}, TariffField.TAX_RATE, 0),
    ({"taxes": (Tax("VAT", 800, frozenset()),)}, TariffField.TAX_ON, 0),
    ({"minimum": Money(0), "maximum": Money(0)}, TariffField.MAXIMUM, 0),
    # What no tariff may have, told by the tariff itself.
    (
        {"steps": (Step(Energy(60_000), Price(1)), Step(Energy(60_000), Price(1)), NOW.steps[2])},
        TariffField.STEP_END,
        1,
    ),
    ({"levies": (Levy("Light", Price(-1)),)}, TariffField.LEVY_PRICE, 0),
    ({"connection_fee": Money(-1)}, TariffField.CONNECTION_FEE, 0),
]


@pytest.mark.parametrize(("fields", "field", "row"), WRONG)
def test_what_is_wrong_is_told_at_its_field(fields: dict[str, object], field: TariffField, row: int) -> None:
    with pytest.raises(BadTariff) as caught:
        check_entry(replace(NOW, **fields))  # type: ignore[arg-type]
    assert (caught.value.field, caught.value.row) == (field, row)


# --- files -----------------------------------------------------------------------------------------------

wholes = some.integers(0, 10**6)
tariffs = some.builds(
    lambda ends, prices, rate, fee, rule, on: replace(
        NOW,
        steps=(*(Step(Energy(end * 10), Price(1)) for end in sorted(ends)), Step(None, Price(prices))),
        taxes=(Tax("VAT", rate, on),),
        levies=(Levy("Licht", Price(prices)),),
        card_fee=Money(fee),
        rounding=rule,
    ),
    some.sets(some.integers(1, 10**6), max_size=4),
    some.integers(1, 10**6),
    wholes,
    wholes,
    some.sampled_from(Rounding),
    some.frozensets(some.sampled_from([LineKind.FIXED, LineKind.STEP, LineKind.LEVY])),
)


@given(tariffs)
def test_a_file_is_read_back_as_it_was_written(tariff: Tariff) -> None:
    assert read_tariff(json.dumps(fields_of_tariff(tariff)).encode()) == tariff


GOOD = json.dumps(fields_of_tariff(NOW))


@given(
    some.one_of(
        some.binary(max_size=200),
        some.builds(
            lambda at, new: GOOD.encode()[:at] + new + GOOD.encode()[at + 1 :],
            some.integers(0, len(GOOD)),
            some.binary(max_size=3),
        ),
    )
)
@example(b"[" * 50_000)
@example(b"1" * 90_000)
@example(GOOD.replace("180", "1.80").encode())
@example(GOOD.replace("180", "NaN").encode())
@example(GOOD.replace('"code"', '"\\ud800": 1, "code"').encode())
@example(
    GOOD.replace('"fixed_per_month_minor": 180', '"fixed_per_month_minor": 180, "fixed_per_month_minor": 0').encode()
)
@example(b"0" * 100_001)
def test_any_bytes_are_a_tariff_or_a_refusal(content: bytes) -> None:
    try:
        assert isinstance(read_tariff(content), Tariff)
    except OperatorError as refused:
        assert refused.code is Code.TARIFF_REFUSED
        assert refused.facts["why"]
        str(refused.facts).encode()


def test_a_file_says_which_part_of_it_is_wrong() -> None:
    fields = fields_of_tariff(NOW)
    for changed, field in (
        ({"maximum_minor": 1.5}, "maximum_minor"),
        ({"maximum_minor": True}, "maximum_minor"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"rounding": "sideways"}, "rounding"),
        ({"price": 1}, "the tariff"),
        ({"steps": {}}, "steps"),
        ({"steps": []}, TariffField.STEPS),
    ):
        with pytest.raises(OperatorError) as caught:
            read_tariff(json.dumps({**fields, **changed}).encode())
        assert caught.value.facts["field"] == field, changed
