"""Use cases of tariffs: looked at by everybody, put in force by two people (row P2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.ids import ApprovalId
from vending_app.domain.tariff import Tariff
from vending_app.domain.tariff_entry import TariffLife, TariffVersion
from vending_app.domain.tariff_preview import USUAL, PreviewLine, TariffChange


@dataclass(frozen=True, slots=True)
class ShowTariffs:
    """Every tariff with all its versions. Answer: TariffsShown."""


@dataclass(frozen=True, slots=True)
class TariffsShown:
    """By code."""

    lives: tuple[TariffLife, ...]
    now: datetime
    currency: str


@dataclass(frozen=True, slots=True)
class PreviewTariff:
    """What new prices would mean; nothing is written. Answer: TariffPreviewed. Refused as PutTariff."""

    tariff: Tariff
    energies: tuple[Energy, ...] = USUAL


@dataclass(frozen=True, slots=True)
class TariffPreviewed:
    """Beside what is in force today, and field by field beside what they follow."""

    asked: PreviewTariff
    lines: tuple[PreviewLine, ...]
    changes: tuple[TariffChange, ...]
    now: TariffVersion | None
    """What is in force today; with other prices on their way not what they follow."""
    follows: TariffVersion | None
    followed_by: TariffVersion | None
    """What comes after them, entered already."""
    currency: str


@dataclass(frozen=True, slots=True)
class PutTariff:
    """Prices for a day to come. Needs somebody else's approval. Answer: TariffsShown.

    Refused: tariff-refused, tariff-not-ahead, tariff-exists, approval-needed, approval-…
    """

    tariff: Tariff
    approval: ApprovalId | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class WithdrawTariff:
    """Prices that have not begun never do. Needs somebody else's approval. Answer: TariffsShown.

    Refused: tariff-missing, tariff-begun, tariff-fee-differs, approval-needed, approval-…
    """

    code: str
    valid_from: date
    approval: ApprovalId | None = field(default=None, kw_only=True)


Approvable = PutTariff | WithdrawTariff
