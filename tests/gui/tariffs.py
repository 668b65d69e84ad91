"""Tariffs of the pictures: one with a past and a future, one for trade, one that begins later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.gui import values
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, Role
from vending_app.domain.tariff import Levy, Price, Step, Tariff
from vending_app.domain.tariff_entry import TariffLife, TariffVersion
from vending_app.services.tariff_cases import TariffsShown

IRENE = Operator(OperatorName("irene"), "Irene Sato", Role.ADMINISTRATOR)
_ENTERED = datetime(2025, 9, 18, 14, 5, tzinfo=UTC)
LONG = "Wholesale bakeries, cold stores and other nightly users of energy"[:60]


def _since(tariff: Tariff, day: date, *, dearer: int = 0) -> TariffVersion:
    steps = tuple(Step(step.up_to, Price(step.price.micro_per_kwh + dearer)) for step in tariff.steps)
    return TariffVersion(replace(tariff, valid_from=day, steps=steps), _ENTERED, values.DANIEL.name, IRENE.name)


def some_tariffs() -> TariffsShown:
    household = values.TARIFF
    first = TariffVersion(replace(household, valid_from=date(2023, 1, 1)), datetime(2023, 1, 1, 8, tzinfo=UTC))
    trade = replace(
        household, code="COM-3", name=LONG, levies=(Levy("Street light", Price(2_000)),), card_fee=Money(500)
    )
    lives = (
        TariffLife("COM-3", (_since(trade, date(2024, 4, 1)),), 38),
        TariffLife(
            "H2",
            (
                first,
                _since(household, date(2025, 10, 1), dearer=7_000),
                _since(household, date(2026, 7, 1), dearer=9_000),
            ),
            1412,
        ),
        TariffLife("SUN", (_since(replace(household, code="SUN", name="Sunday"), date(2026, 1, 1)),), 0),
    )
    return TariffsShown(lives, values.NOW, "€")


def with_version(shown: TariffsShown, tariff: Tariff) -> TariffsShown:
    """After it was put in force."""
    version = TariffVersion(tariff, values.NOW, values.DANIEL.name, IRENE.name)
    lives = {life.code: life for life in shown.lives}
    before = lives.get(tariff.code, TariffLife(tariff.code, (), 0))
    versions = sorted((*before.versions, version), key=lambda each: each.tariff.valid_from)
    lives[tariff.code] = replace(before, versions=tuple(versions))
    return replace(shown, lives=tuple(lives[code] for code in sorted(lives)))


def without_version(shown: TariffsShown, code: str, day: date) -> TariffsShown:
    """The same, as the desk answers once prices are withdrawn."""
    lives = tuple(
        replace(
            life, versions=tuple(each for each in life.versions if (life.code, each.tariff.valid_from) != (code, day))
        )
        for life in shown.lives
    )
    return replace(shown, lives=lives)
