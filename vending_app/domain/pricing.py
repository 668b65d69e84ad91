"""The exact arithmetic of a tariff in whole numbers: what energy costs, how much a sum pays for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy
from vending_app.domain.money import Money
from vending_app.domain.tariff import LineKind, Price, Rounding, Tariff

PER_ENERGY = 10**7
"""Watt-hours × millionths per kWh, counted in minor units."""
PER_RATE = 10**4
"""One whole, in hundredths of a per cent."""
EXACT = PER_ENERGY * PER_RATE
"""Exact sums are whole numbers of 1/EXACT minor units: nothing is lost before the one rounding."""


@dataclass(frozen=True, slots=True)
class ExactPart:
    """One line of a price before rounding."""

    kind: LineKind
    name: str
    exact: int
    energy: Energy | None = None
    price: Price | None = None
    rate_basis_points: int = 0
    applies_to: frozenset[LineKind] = frozenset()


def exact_parts(tariff: Tariff, *, fixed_minor: int, bought_wh: int, energy: Energy) -> tuple[ExactPart, ...]:
    """Fixed charge, touched steps, levies and taxes, in the order of the page."""
    parts = []
    if fixed_minor:
        parts.append(ExactPart(LineKind.FIXED, "Fixed charge", fixed_minor * EXACT))
    parts += _step_parts(tariff, bought_wh, energy.wh)
    parts += [_energy_part(LineKind.LEVY, levy.name, energy.wh, levy.price) for levy in tariff.levies]
    return (*parts, *_tax_parts(tariff, parts))


def _step_parts(tariff: Tariff, bought_wh: int, energy_wh: int) -> list[ExactPart]:
    return [
        _energy_part(LineKind.STEP, f"Step {number}", min(room, energy_wh - before), price)
        for number, price, before, room in _blocks(tariff, bought_wh, energy_wh)
        if before < energy_wh
    ]


def _blocks(tariff: Tariff, bought_wh: int, wanted_wh: int) -> Iterator[tuple[int, Price, int, int]]:
    """Step number, price, energy of this purchase before it, and room in it; full steps are left out."""
    before = 0
    for number, step in enumerate(tariff.steps, start=1):
        room = step.up_to.wh - bought_wh - before if step.up_to else wanted_wh
        if room > 0:
            yield number, step.price, before, room
            before += room


def _energy_part(kind: LineKind, name: str, wh: int, price: Price) -> ExactPart:
    return ExactPart(kind, name, wh * price.micro_per_kwh * PER_RATE, Energy(wh), price)


def _tax_parts(tariff: Tariff, parts: list[ExactPart]) -> Iterator[ExactPart]:
    for tax in tariff.taxes:
        base = sum(part.exact for part in parts if part.kind in tax.applies_to)
        if base:
            exact = base * tax.rate_basis_points // PER_RATE
            yield ExactPart(
                LineKind.TAX,
                tax.name,
                exact,
                rate_basis_points=tax.rate_basis_points,
                applies_to=tax.applies_to,
            )


def last_cost(tariff: Tariff, energy: Energy) -> Money:
    """What this energy costs at the last step, with levies and taxes, and without any fixed charge."""
    per_wh = tariff.last_price * _whole(tariff, LineKind.STEP) + _levies_per_wh(tariff)
    return Money(rounded(max(0, energy.wh) * per_wh, Rounding.NEAREST))


def rounded(exact: int, rule: Rounding) -> int:
    """Whole minor units of an exact sum that is not negative."""
    extra = {Rounding.NEAREST: EXACT // 2, Rounding.DOWN: 0, Rounding.UP: EXACT - 1}[rule]
    return (exact + extra) // EXACT


def most_exact(minor: int, rule: Rounding) -> int:
    """The largest exact sum that is rounded to no more than `minor`."""
    extra = {Rounding.NEAREST: EXACT // 2, Rounding.DOWN: 0, Rounding.UP: EXACT - 1}[rule]
    return (minor + 1) * EXACT - 1 - extra


def most_energy(tariff: Tariff, *, fixed_minor: int, bought_wh: int, pays_minor: int) -> Energy:
    """The most energy, in whole card units, that `pays_minor` pays for together with the fixed charge."""
    fixed = fixed_minor * PER_ENERGY * _whole(tariff, LineKind.FIXED)
    budget = most_exact(pays_minor, tariff.rounding) - fixed
    if budget < 0:
        return NO_ENERGY
    bought, levies = 0, _levies_per_wh(tariff)
    for step in tariff.steps:
        per_wh = step.price.micro_per_kwh * _whole(tariff, LineKind.STEP) + levies
        room = step.up_to.wh - bought_wh - bought if step.up_to else None
        if room is not None and room <= 0:
            continue
        if room is None or room * per_wh > budget:
            bought += budget // per_wh
            break
        bought, budget = bought + room, budget - room * per_wh
    return Energy(bought // CARD_UNIT_WH * CARD_UNIT_WH)


def _levies_per_wh(tariff: Tariff) -> int:
    return sum(levy.price.micro_per_kwh for levy in tariff.levies) * _whole(tariff, LineKind.LEVY)


def _whole(tariff: Tariff, kind: LineKind) -> int:
    """One whole and the taxes on it, in hundredths of a per cent."""
    return PER_RATE + sum(tax.rate_basis_points for tax in tariff.taxes if kind in tax.applies_to)
