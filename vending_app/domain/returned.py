"""What energy that goes back to the office is worth, and whose money that was: the office's, a tax's or a levy's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.money import ZERO, Money
from vending_app.domain.pricing import exact_parts, rounded
from vending_app.domain.quote import Quote, QuoteLine
from vending_app.domain.tariff import LineKind, Tariff

Bought = tuple[Quote, Tariff]
"""A purchase that stands, and the tariff that it was priced by."""
ENERGY = LineKind.STEP, "Energy"
_PAID_FOR_ENERGY = frozenset({LineKind.STEP, LineKind.LEVY, LineKind.TAX, LineKind.ROUNDING})


@dataclass(frozen=True, slots=True)
class Worth:
    """A price in parts, like that of a sale; below zero for energy that the customer owes."""

    lines: tuple[QuoteLine, ...] = ()
    """Energy first; none of nothing, and one for each name."""

    @property
    def total(self) -> Money:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def for_others(self) -> tuple[QuoteLine, ...]:
        """Taxes and levies: what the office only collected."""
        return tuple(line for line in self.lines if line.kind in {LineKind.TAX, LineKind.LEVY})


NOTHING = Worth()


def worth_of_returned(energy: Energy, purchases: Iterable[Bought]) -> Worth:
    """Purchase by purchase from the newest backwards; nobody gets more back than he paid.

    Of each purchase the average price, without what was not paid for energy: fixed charge, arrears, and the taxes on
    the fixed charge. Parts of a minor unit stay with the office, and what the parts of a tax or levy leave over is
    energy's: the lines add up to the price.
    """
    parts, left = dict[tuple[LineKind, str], Money](), energy
    for quote, tariff in purchases:
        if left <= NO_ENERGY:
            break
        part = min(left, quote.energy)
        _add(parts, _share(part, quote, tariff))
        left -= part
    return _worth(parts)


def worth_of_owed(energy: Energy, newest: Bought) -> Worth:
    """Of energy that was used and not paid yet, at the average price of the newest purchase; below zero."""
    return _worth(_share(-energy, *newest))


def worth_of_unsold(energy: Energy, tariff: Tariff) -> Worth:
    """Of energy that was used where nothing was ever sold: as if it were sold now; below zero."""
    parts = dict[tuple[LineKind, str], Money]()
    exact = 0
    for part in exact_parts(tariff, fixed_minor=0, bought_wh=0, energy=energy):
        before = rounded(exact, tariff.rounding)
        exact += part.exact
        key = ENERGY if part.kind is LineKind.STEP else (part.kind, part.name)
        _add(parts, {key: Money(before - rounded(exact, tariff.rounding))})
    return _worth(parts)


def _share(energy: Energy, quote: Quote, tariff: Tariff) -> dict[tuple[LineKind, str], Money]:
    """What so much of this purchase cost; energy below zero is charged, so it is rounded up then."""
    paid = _paid_for_energy(quote, tariff)
    total = Money(energy.wh * sum(amount.minor for amount in paid.values()) // quote.energy.wh)
    parts = {key: _part(amount, energy, quote.energy) for key, amount in paid.items() if key != ENERGY}
    return {ENERGY: total - sum(parts.values(), ZERO), **parts}


def _part(amount: Money, energy: Energy, whole: Energy) -> Money:
    """Towards zero: nobody is given or charged a part of a unit for somebody else."""
    product = amount.minor * energy.wh
    part = abs(product) // whole.wh
    return Money(part if product >= 0 else -part)


def _paid_for_energy(quote: Quote, tariff: Tariff) -> dict[tuple[LineKind, str], Money]:
    """The lines of a purchase by whose they are, without the fixed charge and what is taxed of it."""
    fixed = sum(line.amount.minor for line in quote.lines if line.kind is LineKind.FIXED)
    on_fixed = {tax.name for tax in tariff.taxes if LineKind.FIXED in tax.applies_to}
    paid = dict[tuple[LineKind, str], Money]()
    for line in quote.lines:
        if line.kind not in _PAID_FOR_ENERGY:
            continue
        amount = line.amount
        if line.kind is LineKind.TAX and line.name in on_fixed and line.base:
            amount = Money(amount.minor * (line.base.minor - fixed) // line.base.minor)
        _add(paid, {ENERGY if line.kind is LineKind.STEP else (line.kind, line.name): amount})
    return paid


def _add(parts: dict[tuple[LineKind, str], Money], more: dict[tuple[LineKind, str], Money]) -> None:
    for key, amount in more.items():
        parts[key] = parts.get(key, ZERO) + amount


def _worth(parts: dict[tuple[LineKind, str], Money]) -> Worth:
    return Worth(tuple(QuoteLine(kind, name, amount) for (kind, name), amount in parts.items() if amount))
