"""What a purchase costs, line by line: a pure function both ways, money to energy and energy to money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.tariff import LineKind, Price, Tariff


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the price of a purchase depends on besides the tariff."""

    today: date
    bought_this_month: Energy
    charged_until: date | None
    """First day of the last month whose fixed charge was paid; None charges this month only."""
    arrears: Money
    arrears_share_percent: int


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One part of the price. The numbers of its arithmetic are kept, so that every page and paper can show them."""

    kind: LineKind
    name: str
    """`Step 2`, `VAT`, `Fixed charge` … in the words of the tariff."""
    amount: Money
    energy: Energy | None = None
    """Steps and levies: how much energy."""
    price: Price | None = None
    """Steps and levies: price per kWh."""
    months: int = 0
    """Fixed charge: how many months."""
    unit: Money | None = None
    """Fixed charge: per month. Arrears: what is still owed after this sale."""
    base: Money | None = None
    """Taxes: the sum of the lines it is on. Arrears: the amount it is a share of."""
    rate_basis_points: int = 0
    """Taxes and arrears: the rate in hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A computed offer, not stored as money; its lines add up to its total, to the minor unit."""

    tariff: str
    tariff_from: date
    total: Money
    energy: Energy
    lines: tuple[QuoteLine, ...]
    charged_until: date
    """First day of this month: what the supply's `charged_until` becomes."""
    tax: Money
    """The sum of the tax lines."""


def quote_for_money(tariff: Tariff, buyer: Buyer, total: Money) -> Quote:
    """The most energy that `total` buys."""
    raise AssertionError(tariff, buyer, total)


def quote_for_energy(tariff: Tariff, buyer: Buyer, energy: Energy) -> Quote:
    """The least total that buys `energy`."""
    raise AssertionError(tariff, buyer, energy)
