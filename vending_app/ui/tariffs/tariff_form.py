"""The prices as they are typed, and what they mean: pure values, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from vending_app.domain.energy import Energy
from vending_app.domain.errors import OperatorError, VendingError
from vending_app.domain.money import Money, parse_decimal
from vending_app.domain.tariff import (
    TAXABLE,
    BadTariff,
    Levy,
    LineKind,
    Price,
    Rounding,
    Step,
    Tariff,
    TariffField,
    Tax,
)
from vending_app.domain.tariff_entry import LAST_YEAR, TariffLife, check_day, check_entry, first_day
from vending_app.ui.sell.form import typed
from vending_app.ui.supply.asks import as_day
from vending_app.ui.words import trouble

Place = tuple[TariffField, int]
"""A field, and in which of its rows, from 0."""
MISSING = "Type it."
PRICE_DIGITS, RATE_DIGITS = 6, 2
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class TaxText:
    """A tax as it is typed."""

    name: str = ""
    rate: str = ""
    on: frozenset[LineKind] = TAXABLE


@dataclass(frozen=True, slots=True)
class TariffForm:
    """All fields of the editor. The last step has no end; what stands there is not read."""

    code: str = ""
    name: str = ""
    valid_from: str = ""
    steps: tuple[tuple[str, str], ...] = (("", ""),)
    """End and price of each."""
    levies: tuple[tuple[str, str], ...] = ()
    """Name and price of each."""
    taxes: tuple[TaxText, ...] = ()
    fixed: str = "0"
    minimum: str = ""
    maximum: str = ""
    rounding: Rounding = Rounding.NEAREST
    card_fee: str = "0"
    connection_fee: str = "0"


@dataclass(frozen=True, slots=True)
class Understood:
    """The tariff that is meant, or what is wrong and where."""

    tariff: Tariff | None
    wrong: Mapping[Place, str]


def form_of(tariff: Tariff, *, valid_from: date) -> TariffForm:
    """A tariff to begin with, for another day."""
    return TariffForm(
        code=tariff.code,
        name=tariff.name,
        valid_from=typed_day(valid_from),
        steps=tuple((typed(step.up_to) if step.up_to else "", str(step.price)) for step in tariff.steps),
        levies=tuple((levy.name, str(levy.price)) for levy in tariff.levies),
        taxes=tuple(TaxText(tax.name, _typed_rate(tax.rate_basis_points), tax.applies_to) for tax in tariff.taxes),
        fixed=tariff.fixed_per_month.plain,
        minimum=tariff.minimum.plain,
        maximum=tariff.maximum.plain,
        rounding=tariff.rounding,
        card_fee=tariff.card_fee.plain,
        connection_fee=tariff.connection_fee.plain,
    )


def typed_day(day: date) -> str:
    """`01.01.2027`."""
    return day.strftime("%d.%m.%Y")


def day_to_begin_with(life: TariffLife | None, *, today: date) -> date:
    """The first of a month after the newest version, which the new one begins with; of a new tariff today."""
    if life is None:
        return first_day(is_known=False, today=today)
    newest = life.versions[-1].tariff.valid_from
    return _next_first(max(today, newest if newest.year < LAST_YEAR else today))


def _next_first(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _typed_rate(basis_points: int) -> str:
    return typed(Money(basis_points))


# --- understood ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """Reads fields one by one, and remembers what could not be read."""

    wrong: dict[Place, str] = field(default_factory=dict)

    def read(self, text: str, how: Callable[[str], Read], place: Place, otherwise: Read) -> Read:
        """What is meant, or `otherwise` where nobody can tell."""
        if not text.strip():
            self.wrong[place] = MISSING
            return otherwise
        try:
            return how(text.strip())
        except VendingError as error:
            self.wrong[place] = trouble(error).sentence
            return otherwise

    def text(self, text: str, field: TariffField, row: int = 0) -> str:
        return self.read(text, str.strip, (field, row), "")

    def money(self, text: str, field: TariffField) -> Money:
        return self.read(text, Money.parse, (field, 0), Money(0))


def understood(form: TariffForm, known: Collection[date], *, today: date) -> Understood:
    """What is typed, by the rules of tariffs; `known` are the days of all versions of its code."""
    reader = _Reader()
    try:
        tariff = _tariff(form, reader)
        if not reader.wrong:
            check_entry(tariff)
            check_day(tariff, known, today=today)
    except BadTariff as bad:
        # What could not be read is told first: the rest may only follow from it.
        reader.wrong = reader.wrong or {(bad.field, bad.row): f"{bad.why[:1].upper()}{bad.why[1:]}."}
        return Understood(None, reader.wrong)
    except OperatorError as error:
        # The prices have a meaning, but not for that day: their preview goes on.
        return Understood(tariff, {(TariffField.VALID_FROM, 0): trouble(error).sentence})
    return Understood(None if reader.wrong else tariff, reader.wrong)


def _tariff(form: TariffForm, reader: _Reader) -> Tariff:
    day = reader.read(form.valid_from, as_day, (TariffField.VALID_FROM, 0), None)
    return Tariff(
        code=reader.text(form.code, TariffField.CODE),
        name=reader.text(form.name, TariffField.NAME),
        valid_from=day or date.max,
        steps=tuple(_step(form, row, reader) for row in range(len(form.steps))),
        fixed_per_month=reader.money(form.fixed, TariffField.FIXED),
        taxes=tuple(_tax(tax, row, reader) for row, tax in enumerate(form.taxes)),
        levies=tuple(
            Levy(
                reader.text(name, TariffField.LEVY_NAME, row),
                reader.read(price, _price, (TariffField.LEVY_PRICE, row), Price(1)),
            )
            for row, (name, price) in enumerate(form.levies)
        ),
        minimum=reader.money(form.minimum, TariffField.MINIMUM),
        maximum=reader.money(form.maximum, TariffField.MAXIMUM),
        rounding=form.rounding,
        card_fee=reader.money(form.card_fee, TariffField.CARD_FEE),
        connection_fee=reader.money(form.connection_fee, TariffField.CONNECTION_FEE),
    )


def _step(form: TariffForm, row: int, reader: _Reader) -> Step:
    end, price = form.steps[row]
    is_last = row == len(form.steps) - 1
    up_to = None if is_last else reader.read(end, Energy.parse, (TariffField.STEP_END, row), Energy(row + 1))
    return Step(up_to, reader.read(price, _price, (TariffField.STEP_PRICE, row), Price(1)))


def _tax(tax: TaxText, row: int, reader: _Reader) -> Tax:
    rate = reader.read(tax.rate, lambda text: parse_decimal(text, digits=RATE_DIGITS), (TariffField.TAX_RATE, row), 0)
    return Tax(reader.text(tax.name, TariffField.TAX_NAME, row), rate, tax.on)


def _price(text: str) -> Price:
    return Price(parse_decimal(text, digits=PRICE_DIGITS))
