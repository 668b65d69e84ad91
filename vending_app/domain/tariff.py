"""Tariffs: dated prices with steps by calendar month, fixed charges, levies, taxes, limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.money import ZERO, Money

MICRO_PER_MAJOR = 1_000_000


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
        """Raises ValueError for prices that have no meaning; whoever enters a tariff is told which."""
        _check_steps(self.steps)
        _check_rates(self)
        if self.fixed_per_month.minor < 0:
            raise ValueError("the fixed charge is negative")
        if self.card_fee.minor < 0 or self.connection_fee.minor < 0:
            raise ValueError("a fee is negative")
        if not 0 <= self.minimum.minor <= self.maximum.minor:
            raise ValueError("the limits must be 0 ≤ minimum ≤ maximum")
        if self.last_price + sum(levy.price.micro_per_kwh for levy in self.levies) <= 0:
            raise ValueError("the last step costs nothing: no sum of money would say how much energy it buys")

    @property
    def last_price(self) -> int:
        """Of the last step, in millionths per kWh."""
        return self.steps[-1].price.micro_per_kwh


TAXABLE = frozenset({LineKind.FIXED, LineKind.STEP, LineKind.LEVY})


def _check_steps(steps: tuple[Step, ...]) -> None:
    if not steps:
        raise ValueError("a tariff has at least one step")
    ends = [step.up_to.wh for step in steps[:-1] if step.up_to is not None]
    if len(ends) != len(steps) - 1 or steps[-1].up_to is not None:
        raise ValueError("every step but the last has an end")
    if any(later <= earlier for earlier, later in zip([0, *ends], ends, strict=False)):
        raise ValueError("the ends of the steps must rise")


def _check_rates(tariff: Tariff) -> None:
    prices = [step.price for step in tariff.steps] + [levy.price for levy in tariff.levies]
    if any(price.micro_per_kwh < 0 for price in prices):
        raise ValueError("a price is negative")
    for tax in tariff.taxes:
        if tax.rate_basis_points < 0 or not tax.applies_to <= TAXABLE:
            raise ValueError(f"the tax {tax.name} is negative or on something that is not taxed")
