"""What a purchase costs, line by line: a pure function both ways, money to energy and energy to money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from vending_app.domain.energy import CARD_UNIT_WH, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import ZERO, Money
from vending_app.domain.pricing import ExactPart, exact_parts, most_energy, rounded
from vending_app.domain.tariff import LineKind, Price, Tariff

SMALLEST = Money(1)


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
    """One part of the price, with the numbers of its arithmetic for every page and paper to show."""

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

    def reversed(self) -> Quote:
        """The same, taken back: every sum and all energy below zero, the arithmetic as it was."""
        lines = tuple(
            replace(line, amount=-line.amount, energy=-line.energy if line.energy else None) for line in self.lines
        )
        return replace(self, total=-self.total, energy=-self.energy, lines=lines, tax=-self.tax)


def quote_for_money(tariff: Tariff, buyer: Buyer, total: Money) -> Quote:
    """The most energy that `total` buys.

    Raises OperatorError amount-not-positive, amount-below-minimum, amount-over-maximum, amount-below-charges.
    """
    _check_limits(tariff, total)
    fixed, share = _fixed_due(tariff, buyer), _arrears_share(buyer, total)
    energy = most_energy(
        tariff,
        fixed_minor=fixed.minor,
        bought_wh=buyer.bought_this_month.wh,
        pays_minor=(total - share).minor,
    )
    if not energy:
        raise OperatorError(Code.AMOUNT_BELOW_CHARGES, least=_least_total(tariff, buyer))
    return _quote(tariff, buyer, total=total, energy=energy)


def quote_for_energy(tariff: Tariff, buyer: Buyer, energy: Energy) -> Quote:
    """The least total that buys `energy`, which is a multiple of 0.01 kWh.

    Raises OperatorError amount-not-positive, amount-too-precise, amount-below-minimum, amount-over-maximum.
    """
    if energy.wh <= 0:
        raise OperatorError(Code.AMOUNT_NOT_POSITIVE)
    if energy.wh % CARD_UNIT_WH:
        raise OperatorError(Code.AMOUNT_TOO_PRECISE, digits=2)
    total = _total_for(buyer, _charges(tariff, buyer, energy))
    if not total:
        raise OperatorError(Code.AMOUNT_BELOW_MINIMUM, minimum=max(tariff.minimum, SMALLEST))
    _check_limits(tariff, total)
    return _quote(tariff, buyer, total=total, energy=energy)


def months_due(buyer: Buyer) -> int:
    """How many fixed charges are due: from the month after the last one paid to this month."""
    if buyer.charged_until is None:
        return 1
    paid, today = buyer.charged_until, buyer.today
    return max(0, (today.year - paid.year) * 12 + today.month - paid.month)


def _check_limits(tariff: Tariff, total: Money) -> None:
    if total <= ZERO:
        raise OperatorError(Code.AMOUNT_NOT_POSITIVE)
    if total < tariff.minimum:
        raise OperatorError(Code.AMOUNT_BELOW_MINIMUM, minimum=tariff.minimum)
    if total > tariff.maximum:
        raise OperatorError(Code.AMOUNT_OVER_MAXIMUM, maximum=tariff.maximum)


def _fixed_due(tariff: Tariff, buyer: Buyer) -> Money:
    return tariff.fixed_per_month * months_due(buyer)


def _parts(tariff: Tariff, buyer: Buyer, energy: Energy) -> tuple[ExactPart, ...]:
    fixed = _fixed_due(tariff, buyer).minor
    return exact_parts(tariff, fixed_minor=fixed, bought_wh=buyer.bought_this_month.wh, energy=energy)


def _charges(tariff: Tariff, buyer: Buyer, energy: Energy) -> Money:
    """All but the arrears: exact, then rounded once."""
    return Money(rounded(sum(part.exact for part in _parts(tariff, buyer, energy)), tariff.rounding))


def _arrears_share(buyer: Buyer, total: Money) -> Money:
    return max(ZERO, min(buyer.arrears, Money(total.minor * buyer.arrears_share_percent // 100)))


def _total_for(buyer: Buyer, charges: Money) -> Money:
    """The least total that leaves `charges`: with all arrears on top, or with the share of a larger total."""
    on_top = charges + max(ZERO, buyer.arrears)
    kept_percent = 100 - buyer.arrears_share_percent
    if kept_percent <= 0 or not charges:
        return on_top if charges else ZERO
    return min(on_top, Money(100 * (charges.minor - 1) // kept_percent + 1))


def _least_total(tariff: Tariff, buyer: Buyer) -> Money:
    """The least total that buys anything at all."""
    first = _total_for(buyer, _charges(tariff, buyer, Energy(CARD_UNIT_WH)))
    return max(first, tariff.minimum, SMALLEST)


def _quote(tariff: Tariff, buyer: Buyer, *, total: Money, energy: Energy) -> Quote:
    lines = _lines(tariff, buyer, total=total, energy=energy)
    this_month = buyer.today.replace(day=1)
    return Quote(
        tariff=tariff.code,
        tariff_from=tariff.valid_from,
        total=total,
        energy=energy,
        lines=lines,
        charged_until=max(this_month, buyer.charged_until or this_month),
        tax=_sum(lines, frozenset({LineKind.TAX})),
    )


def _lines(tariff: Tariff, buyer: Buyer, *, total: Money, energy: Energy) -> tuple[QuoteLine, ...]:
    priced = _rounded_lines(tariff, buyer, _parts(tariff, buyer, energy))
    fixed = [line for line in priced if line.kind is LineKind.FIXED]
    rest = [line for line in priced if line.kind is not LineKind.FIXED]
    arrears = _arrears_lines(buyer, total)
    left = total - _sum((*priced, *arrears), frozenset(LineKind))
    rounding = [QuoteLine(LineKind.ROUNDING, "Rounding", left)] if left else []
    return (*fixed, *arrears, *rest, *rounding)


def _rounded_lines(tariff: Tariff, buyer: Buyer, parts: tuple[ExactPart, ...]) -> list[QuoteLine]:
    """Each line is the rounded running sum less the one before: they add up to the sum rounded once."""
    lines: list[QuoteLine] = []
    exact = 0
    for part in parts:
        before = rounded(exact, tariff.rounding)
        exact += part.exact
        lines.append(_line(tariff, buyer, part, Money(rounded(exact, tariff.rounding) - before), lines))
    return lines


def _line(tariff: Tariff, buyer: Buyer, part: ExactPart, amount: Money, before: list[QuoteLine]) -> QuoteLine:
    line = QuoteLine(part.kind, part.name, amount, part.energy, part.price)
    if part.kind is LineKind.FIXED:
        return replace(line, months=months_due(buyer), unit=tariff.fixed_per_month)
    if part.kind is LineKind.TAX:
        return replace(line, base=_sum(before, part.applies_to), rate_basis_points=part.rate_basis_points)
    return line


def _arrears_lines(buyer: Buyer, total: Money) -> list[QuoteLine]:
    share = _arrears_share(buyer, total)
    if not share:
        return []
    line = QuoteLine(LineKind.ARREARS, "Arrears share", share, unit=buyer.arrears - share, base=total)
    return [replace(line, rate_basis_points=buyer.arrears_share_percent * 100)]


def _sum(lines: Iterable[QuoteLine], kinds: frozenset[LineKind]) -> Money:
    return sum((line.amount for line in lines if line.kind in kinds), ZERO)
