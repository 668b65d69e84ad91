"""Making an office: its records from a description, the first operators with their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from vending_app.domain.card import MeterParameters
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, OperatorName, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, Office, Operator, Role
from vending_app.domain.tariff import Tariff
from vending_app.domain.tariff_file import tariff_of_fields
from vending_app.ports import Entropy, LedgerSetup
from vending_app.services.passwords import SALT_BYTES, Secrets, pin_figures

PRACTICE_UTILITY = 65_535
"""On practice cards, beside keys of their own: real meters and desks refuse them at the header, and vice versa."""


@dataclass(frozen=True, slots=True)
class SampleOffice:
    """The records of an office before its first day; `resources/sample-office.json` describes one."""

    office: Office
    operators: tuple[Operator, ...]
    tariffs: tuple[Tariff, ...]
    supplies: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> SampleOffice:
        """From the parsed JSON of the description. Raises OperatorError tariff-refused."""
        return cls(
            office=Office(**body["office"]),
            operators=tuple(_operator(row) for row in body["operators"]),
            tariffs=tuple(tariff_of_fields(row) for row in body["tariffs"]),
            supplies=tuple(body["supplies"]),
        )

    def as_practice(self) -> SampleOffice:
        """The same office for practice: own books, marked on every print, and cards of no utility that there is."""
        return replace(self, office=replace(self.office, is_practice=True, utility=PRACTICE_UTILITY))

    def as_own(self) -> SampleOffice:
        """The same office for real work: the password of the first day is everybody's, so each chooses his own.

        Raises ValueError without an administrator: nobody else could let anybody in.
        """
        if not any(operator.role is Role.ADMINISTRATOR for operator in self.operators):
            raise ValueError("no administrator")
        return replace(self, operators=tuple(replace(one, must_change=True) for one in self.operators))

    def enter(self, ledger: LedgerSetup, *, password: str, people_secrets: Secrets, entropy: Entropy) -> None:
        """Enter everything into an empty ledger; every operator gets this password, whatever it is."""
        for operator in self.operators:
            figures = pin_figures(operator.role, password)
            hashed = people_secrets.hashed(operator.name, password, salt=entropy(SALT_BYTES))
            ledger.add_operator(replace(operator, pin_figures=figures), hashed)
        for tariff in self.tariffs:
            ledger.add_tariff(tariff)
        for number, row in enumerate(self.supplies, start=1):
            _enter_supply(ledger, row, customer=f"{number:06d}")


def _enter_supply(ledger: LedgerSetup, row: Mapping[str, Any], *, customer: str) -> None:
    meter = Meter(MeterNo(row["meter"]), row["model"], row["constant_imp_per_kwh"], phases=row["phases"])
    ledger.add_supply(
        SupplyNo(row["number"]),
        customer=Customer(customer, row["name"], row["address"], row["phone"]),
        meter=meter,
        tariff=row["tariff"],
        parameters=_parameters(row["parameters"], meter),
        opened_on=date.fromisoformat(row["opened_on"]),
        arrears=Money(row["arrears_minor"]),
        arrears_share_percent=row["arrears_share_percent"],
    )


def _parameters(row: Mapping[str, int], meter: Meter) -> MeterParameters:
    return MeterParameters(
        alarm_1=Energy(row["alarm_1_wh"]),
        alarm_2=Energy(row["alarm_2_wh"]),
        overload_w=row["overload_w"],
        overdraft=Energy(row["overdraft_wh"]),
        hoarding=Energy(row["hoarding_wh"]),
        constant_imp_per_kwh=meter.constant_imp_per_kwh,
        ct_ratio=meter.ct_ratio,
        pt_ratio=meter.pt_ratio,
    )


def _operator(row: Mapping[str, str]) -> Operator:
    return Operator(OperatorName(row["name"]), row["full_name"], Role(row["role"]))
