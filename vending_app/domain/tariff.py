"""Tariffs: dated prices with steps by calendar month, fixed charges, levies, taxes, limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.money import ZERO, Money

MICRO_PER_MAJOR = 1_000_000

WITHDRAWN_PREFIX = "withdrawn:"
"""How the journal calls a version that two people withdrew before its day: its code and its day follow."""


class LineKind(StrEnum):
    """What a part of a price is; taxes say by these to what they apply."""

    FIXED = "fixed"
    ARREARS = "arrears"
    STEP = "step"
    LEVY = "levy"
    TAX = "tax"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True, order=True)
class Price:
    """A price of energy in millionths of the currency per kWh: 0.1050 is 105 000."""

    micro_per_kwh: int

    def __str__(self) -> str:
        """`0.1050`, at least four decimals."""
        text = f"{self.micro_per_kwh // MICRO_PER_MAJOR}.{self.micro_per_kwh % MICRO_PER_MAJOR:06d}"
        return text[:-2] + text[-2:].rstrip("0")


@dataclass(frozen=True, slots=True)
class Step:
    """One block of energy bought within a calendar month."""

    up_to: Energy | None
    """Bought in this month, where the block ends; None for the last block."""
    price: Price


@dataclass(frozen=True, slots=True)
class Levy:
    """A charge per kWh that is not the price of energy."""

    name: str
    price: Price


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax in hundredths of a per cent on the named kinds of line."""

    name: str
    rate_basis_points: int
    applies_to: frozenset[LineKind]


class TariffField(StrEnum):
    """What a person enters of a tariff; what is wrong is told at it."""

    CODE = "code"
    NAME = "name"
    VALID_FROM = "valid-from"
    STEPS = "steps"
    STEP_END = "step-end"
    STEP_PRICE = "step-price"
    FIXED = "fixed-charge"
    LEVIES = "levies"
    LEVY_NAME = "levy-name"
    LEVY_PRICE = "levy-price"
    TAXES = "taxes"
    TAX_NAME = "tax-name"
    TAX_RATE = "tax-rate"
    TAX_ON = "tax-on"
    MINIMUM = "smallest-sale"
    MAXIMUM = "largest-sale"
    ROUNDING = "rounding"
    CARD_FEE = "card-fee"
    CONNECTION_FEE = "connection-fee"


class BadTariff(ValueError):
    """Prices that have no meaning: in which field, in which of its rows (from 0), and why in a few words."""

    def __init__(self, field: TariffField, why: str, *, row: int = 0) -> None:
        super().__init__(why)
        self.field, self.why, self.row = field, why, row


class Rounding(StrEnum):
    """How the exact price of energy becomes minor units."""

    NEAREST = "nearest"
    """Half a unit goes up."""
    DOWN = "down"
    """In the customer's favour."""
    UP = "up"


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices valid from a date, until a later tariff of the same code."""

    code: str
    name: str
    valid_from: date
    steps: tuple[Step, ...]
    fixed_per_month: Money
    taxes: tuple[Tax, ...]
    levies: tuple[Levy, ...]
    minimum: Money
    maximum: Money
    rounding: Rounding = Rounding.NEAREST
    card_fee: Money = ZERO
    """Of a card that replaces another one."""
    connection_fee: Money = ZERO
    """Of the first card of a supply."""

    def __post_init__(self) -> None:
        """Raises BadTariff for prices that have no meaning; whoever enters a tariff is told which."""
        _check_steps(self.steps)
        _check_rates(self)
        for field, amount in _charges(self):
            if amount.minor < 0:
                raise BadTariff(field, "it is negative")
        if not 0 <= self.minimum.minor <= self.maximum.minor:
            field = TariffField.MINIMUM if self.minimum.minor < 0 else TariffField.MAXIMUM
            raise BadTariff(field, "the limits must be 0 ≤ smallest ≤ largest")
        if self.last_price + sum(levy.price.micro_per_kwh for levy in self.levies) <= 0:
            why = "the last step costs nothing: no sum of money would say how much energy it buys"
            raise BadTariff(TariffField.STEP_PRICE, why, row=len(self.steps) - 1)

    @property
    def last_price(self) -> int:
        """Of the last step, in millionths per kWh."""
        return self.steps[-1].price.micro_per_kwh


TAXABLE = frozenset({LineKind.FIXED, LineKind.STEP, LineKind.LEVY})


def _charges(tariff: Tariff) -> tuple[tuple[TariffField, Money], ...]:
    return (
        (TariffField.FIXED, tariff.fixed_per_month),
        (TariffField.CARD_FEE, tariff.card_fee),
        (TariffField.CONNECTION_FEE, tariff.connection_fee),
    )


def _check_steps(steps: tuple[Step, ...]) -> None:
    if not steps:
        raise BadTariff(TariffField.STEPS, "a tariff has at least one step")
    before = 0
    for row, step in enumerate(steps):
        is_last = row == len(steps) - 1
        if (step.up_to is None) != is_last:
            raise BadTariff(TariffField.STEP_END, "every step but the last has an end", row=row)
        if step.up_to is not None:
            if step.up_to.wh <= before:
                raise BadTariff(TariffField.STEP_END, "the ends of the steps must rise", row=row)
            before = step.up_to.wh


def _check_rates(tariff: Tariff) -> None:
    rows = [(TariffField.STEP_PRICE, row, step.price) for row, step in enumerate(tariff.steps)]
    rows += [(TariffField.LEVY_PRICE, row, levy.price) for row, levy in enumerate(tariff.levies)]
    for field, row, price in rows:
        if price.micro_per_kwh < 0:
            raise BadTariff(field, "a price is negative", row=row)
    for row, tax in enumerate(tariff.taxes):
        if tax.rate_basis_points < 0:
            raise BadTariff(TariffField.TAX_RATE, f"the tax {tax.name} is negative", row=row)
        if not tax.applies_to <= TAXABLE:
            raise BadTariff(TariffField.TAX_ON, f"the tax {tax.name} is on something that is not taxed", row=row)
