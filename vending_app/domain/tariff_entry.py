"""What a new version of a tariff must keep besides meaning something: short names, few rows, and never the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vending_app.domain.energy import CARD_UNIT_WH, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.tariff import BadTariff, Price, Tariff, TariffField

LONGEST_CODE, LONGEST_NAME, LONGEST_WORD = 12, 60, 24
"""Letters of a code, of a name, and of the name of a levy or a tax: what has room on a receipt and on a page."""
MOST_STEPS, MOST_LEVIES, MOST_TAXES = 8, 4, 4
DEAREST = Price(1_000 * 1_000_000)
LARGEST = Money(10**9)
FARTHEST = Energy(10**9)
"""Beyond them somebody mistyped: per kWh, a sum, the end of a step."""
LAST_YEAR = 2199
"""Nobody knows prices of the century after the next."""
WHOLE = 10_000
"""A tax of 100 per cent, in hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """Prices from a day on, and by whose word they stand in the books."""

    tariff: Tariff
    entered_at: datetime
    operator: OperatorName | None = None
    """None for prices that the office was made with."""
    approver: OperatorName | None = None


@dataclass(frozen=True, slots=True)
class TariffLife:
    """All versions of one code that were not withdrawn, the oldest first; nothing of them is ever changed."""

    code: str
    versions: tuple[TariffVersion, ...]
    supplies: int
    """How many living supplies buy by it."""
    withdrawn: tuple[TariffVersion, ...] = ()
    """Those that never came into force; each stays in the books, so that its day is taken."""

    @property
    def days(self) -> tuple[date, ...]:
        """Those that other prices cannot have."""
        return tuple(each.tariff.valid_from for each in (*self.versions, *self.withdrawn))

    def on(self, day: date) -> TariffVersion | None:
        """What is in force on that day."""
        return next((each for each in reversed(self.versions) if each.tariff.valid_from <= day), None)

    def after(self, day: date) -> TariffVersion | None:
        """The next one that comes into force after that day."""
        return next((each for each in self.versions if each.tariff.valid_from > day), None)

    def before(self, tariff: Tariff) -> TariffVersion | None:
        """What this one follows."""
        return self.on(tariff.valid_from - timedelta(days=1))


def first_day(*, is_known: bool, today: date) -> date:
    """The earliest day of new prices: of a known code the day after today, of a new one today."""
    return today + timedelta(days=1) if is_known else today


def check_day(tariff: Tariff, known: Iterable[date], *, today: date) -> None:
    """Never the past: `known` are the days of all versions of this code.

    Raises OperatorError tariff-not-ahead, tariff-exists.
    """
    days = frozenset(known)
    first = first_day(is_known=bool(days), today=today)
    if tariff.valid_from < first:
        raise OperatorError(Code.TARIFF_NOT_AHEAD, first=first)
    if tariff.valid_from in days:
        raise OperatorError(Code.TARIFF_EXISTS, tariff=tariff.code, on=tariff.valid_from)


def check_withdrawal(life: TariffLife, day: date, *, today: date) -> None:
    """Whether the version of that day may be withdrawn. Raises OperatorError tariff-missing, -begun, -fee-differs."""
    version = next((each for each in life.versions if each.tariff.valid_from == day), None)
    if version is None:
        raise OperatorError(Code.TARIFF_MISSING, tariff=life.code, on=day)
    if day <= today:
        raise OperatorError(Code.TARIFF_BEGUN, tariff=life.code, on=day)
    others = tuple(each for each in life.versions if each is not version)
    check_fees(replace(life, versions=others, withdrawn=(*life.withdrawn, version)))


def check_fees(life: TariffLife) -> None:
    """Whether cards are free, or not, by the prices in force as they are by the newest version, withdrawn or not.

    The database judges by that one who may give a card away, from a day after its day on. Raises OperatorError
    tariff-fee-differs, with the day from which other prices would part them.
    """
    for version in life.withdrawn:
        following = version.tariff.valid_from + timedelta(days=1)
        held = life.on(following)
        is_last = following not in life.days and held is not None
        if is_last and held is not None and bool(held.tariff.card_fee) != bool(version.tariff.card_fee):
            raise OperatorError(Code.TARIFF_FEE_DIFFERS, tariff=life.code, first=following)


def check_entry(tariff: Tariff) -> None:
    """What would have no room, or was mistyped. Raises BadTariff."""
    _check_code(tariff.code)
    _check_name(tariff.name, TariffField.NAME, LONGEST_NAME)
    if tariff.valid_from.year > LAST_YEAR:
        raise BadTariff(TariffField.VALID_FROM, f"no later than {LAST_YEAR}")
    _check_rows(tariff)
    for row, step in enumerate(tariff.steps):
        _check_price(step.price, TariffField.STEP_PRICE, row)
        if step.up_to is not None and (step.up_to > FARTHEST or step.up_to.wh % CARD_UNIT_WH):
            raise BadTariff(TariffField.STEP_END, "a step ends at no more than 1 000 000 kWh, in hundredths", row=row)
    for row, levy in enumerate(tariff.levies):
        _check_name(levy.name, TariffField.LEVY_NAME, LONGEST_WORD, row)
        _check_price(levy.price, TariffField.LEVY_PRICE, row)
    for row, tax in enumerate(tariff.taxes):
        _check_name(tax.name, TariffField.TAX_NAME, LONGEST_WORD, row)
        if tax.rate_basis_points > WHOLE:
            raise BadTariff(TariffField.TAX_RATE, "a tax is 100 per cent at most", row=row)
        if not tax.applies_to:
            raise BadTariff(TariffField.TAX_ON, "a tax is on something", row=row)
    _check_sums(tariff)


def _check_code(code: str) -> None:
    if not 0 < len(code) <= LONGEST_CODE or not all(letter.isalnum() or letter == "-" for letter in code):
        raise BadTariff(TariffField.CODE, f"1 to {LONGEST_CODE} letters, figures or hyphens")


def _check_name(name: str, field: TariffField, most: int, row: int = 0) -> None:
    if not 0 < len(name) <= most or not name.isprintable() or name != name.strip():
        raise BadTariff(field, f"1 to {most} letters, no space around them", row=row)


def _check_price(price: Price, field: TariffField, row: int) -> None:
    if price > DEAREST:
        raise BadTariff(field, "a kWh costs 1 000 at most", row=row)


def _check_rows(tariff: Tariff) -> None:
    counts = (
        (TariffField.STEPS, len(tariff.steps), MOST_STEPS),
        (TariffField.LEVIES, len(tariff.levies), MOST_LEVIES),
        (TariffField.TAXES, len(tariff.taxes), MOST_TAXES),
    )
    for field, count, most in counts:
        if count > most:
            raise BadTariff(field, f"at most {most}")
    _check_once([levy.name for levy in tariff.levies], TariffField.LEVY_NAME)
    _check_once([tax.name for tax in tariff.taxes], TariffField.TAX_NAME)


def _check_once(names: list[str], field: TariffField) -> None:
    for row, name in enumerate(names):
        if name in names[:row]:
            raise BadTariff(field, "this name is there twice", row=row)


def _check_sums(tariff: Tariff) -> None:
    sums = (
        (TariffField.FIXED, tariff.fixed_per_month),
        (TariffField.MAXIMUM, tariff.maximum),
        (TariffField.CARD_FEE, tariff.card_fee),
        (TariffField.CONNECTION_FEE, tariff.connection_fee),
    )
    for field, amount in sums:
        if amount > LARGEST:
            raise BadTariff(field, "10 000 000 at most")
    if not tariff.maximum:
        raise BadTariff(TariffField.MAXIMUM, "nothing could be sold")
