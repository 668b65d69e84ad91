"""What new prices mean for usual buyers, now and then: by the quote of a sale and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import ZERO, Money
from vending_app.domain.quote import Buyer, quote_for_energy
from vending_app.domain.tariff import Levy, Rounding, Step, Tariff, TariffField, Tax

USUAL = tuple(Energy(kwh * 1000) for kwh in (50, 100, 300, 600))
"""From a small household to a large one, in a month."""
TOLD = Energy(300_000)
"""The household of the sentence that is approved."""


@dataclass(frozen=True, slots=True)
class Pays:
    """What a purchase costs, or why it cannot be made by these prices."""

    total: Money | None
    refused: Code | None = None
    limit: Money | None = None
    """The smallest or the largest sale that stands in its way."""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One buyer: the first purchase of a month, with its fixed charge and without arrears."""

    energy: Energy
    now: Pays | None
    """None where there are no prices yet."""
    then: Pays

    @property
    def more(self) -> Money | None:
        """What he pays more then, below zero what he pays less; None where one of the two cannot be said."""
        if self.now is None or self.now.total is None or self.then.total is None:
            return None
        return self.then.total - self.now.total

    @property
    def more_basis_points(self) -> int | None:
        """The same in hundredths of a per cent of what he pays now, half a one away from zero."""
        if self.more is None or self.now is None or not self.now.total:
            return None
        size = (abs(self.more.minor) * 10_000 * 2 + self.now.total.minor) // (2 * self.now.total.minor)
        return size if self.more.minor >= 0 else -size


def pays(tariff: Tariff, energy: Energy, *, on: date) -> Pays:
    """The first purchase of a month by these prices; `on` is a day of that month."""
    buyer = Buyer(on, bought_this_month=NO_ENERGY, charged_until=None, arrears=ZERO, arrears_share_percent=0)
    try:
        return Pays(quote_for_energy(tariff, buyer, energy).total)
    except OperatorError as refused:
        limits = {Code.AMOUNT_BELOW_MINIMUM: tariff.minimum, Code.AMOUNT_OVER_MAXIMUM: tariff.maximum}
        return Pays(None, refused.code, limits.get(refused.code))


def preview(now: Tariff | None, then: Tariff, energies: Iterable[Energy], *, today: date) -> tuple[PreviewLine, ...]:
    """A line for each of the energies, in their order."""
    return tuple(
        PreviewLine(
            energy,
            pays(now, energy, on=today) if now is not None else None,
            pays(then, energy, on=then.valid_from),
        )
        for energy in energies
    )


# --- field by field --------------------------------------------------------------------------------------

Value = str | Money | Step | Levy | Tax | Rounding


@dataclass(frozen=True, slots=True)
class TariffChange:
    """One part of a tariff; `row` counts steps, levies and taxes from 1 and is 0 for all others."""

    field: TariffField
    before: Value | None
    """None for what is new."""
    after: Value | None
    """None for what is no more."""
    row: int = 0


def compared(before: Tariff | None, after: Tariff) -> tuple[TariffChange, ...]:
    """Every part beside what it was, in the order of the page; what is there no more stands behind its like."""
    old, new = _parts(before), _parts(after)
    order = list(TariffField)
    keys = sorted({*old, *new}, key=lambda key: (order.index(key[0]), key[1]))
    return tuple(TariffChange(field, old.get((field, row)), new.get((field, row)), row) for field, row in keys)


def changes(before: Tariff | None, after: Tariff) -> tuple[TariffChange, ...]:
    """What differs; everything where nothing was before."""
    return tuple(part for part in compared(before, after) if part.before != part.after)


def _parts(tariff: Tariff | None) -> dict[tuple[TariffField, int], Value]:
    if tariff is None:
        return {}
    single: dict[TariffField, Value] = {
        TariffField.NAME: tariff.name,
        TariffField.FIXED: tariff.fixed_per_month,
        TariffField.MINIMUM: tariff.minimum,
        TariffField.MAXIMUM: tariff.maximum,
        TariffField.ROUNDING: tariff.rounding,
        TariffField.CARD_FEE: tariff.card_fee,
        TariffField.CONNECTION_FEE: tariff.connection_fee,
    }
    rows: tuple[tuple[TariffField, tuple[Value, ...]], ...] = (
        (TariffField.STEPS, tariff.steps),
        (TariffField.LEVIES, tariff.levies),
        (TariffField.TAXES, tariff.taxes),
    )
    parts: dict[tuple[TariffField, int], Value] = {(field, 0): value for field, value in single.items()}
    return parts | {(field, row): each for field, values in rows for row, each in enumerate(values, start=1)}
