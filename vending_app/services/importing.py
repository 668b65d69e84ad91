"""A table of supplies into the books: every bad row is told, and all of it is entered or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from vending_app.domain.card import MeterParameters
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.importing import COLUMNS, BadRow, Column, Reason, Record, TableRow, columns_meant, understood
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter
from vending_app.ports import Ledger
from vending_app.ports.keeping import Taken
from vending_app.services.keeping_cases import Imported, ImportSupplies


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """Takes tables in. While one is entered no desk sells: it is one transaction."""

    ledger: Ledger
    today: date

    def take(self, asked: ImportSupplies) -> Imported:
        """Check everything; enter it if nothing is wrong and it is no dry run.

        Raises OperatorError table-unreadable for headings that are not ours.
        """
        rows = iter(asked.rows)
        meant = headings_of(next(rows, None), asked.name)
        with self.ledger.setting_up():
            check = _Check(self.ledger.taken(on=self.today))
            records = check.all(rows, meant)
            if not check.bad and not asked.dry_run:
                for record in records:
                    self._enter(record)
        is_entered = not check.bad and not asked.dry_run
        return Imported(check.count, tuple(check.bad), is_entered=is_entered)

    def _enter(self, record: Record) -> None:
        meter, parameters = _meter(record), _parameters(record)
        self.ledger.add_supply(
            SupplyNo(_text(record, "supply")),
            customer=_customer(record),
            meter=meter,
            tariff=_text(record, "tariff"),
            parameters=parameters,
            opened_on=_day(record, "opened_on"),
            arrears=_money(record, "arrears"),
            arrears_share_percent=_whole(record, "share"),
            charged_until=_day(record, "charged_until") if record["charged_until"] else None,
        )


def headings_of(first: TableRow | None, name: str, columns: Sequence[Column] = COLUMNS) -> list[Column | None]:
    """What each column of a file means. Raises OperatorError table-unreadable for headings that are not ours."""
    if first is None:
        raise OperatorError(Code.TABLE_UNREADABLE, file=name, why="it is empty")
    meant, strange, absent = columns_meant(first.cells, columns)
    if strange:
        said = ", ".join(f"“{one}”" for one in strange[:5])
        raise OperatorError(Code.TABLE_UNREADABLE, file=name, why=f"unknown or repeated headings: {said}")
    if absent:
        raise OperatorError(Code.TABLE_UNREADABLE, file=name, why=f"headings are missing: {', '.join(absent)}")
    return meant


@dataclass(slots=True)
class _Check:
    """What rows say of each other and of the books."""

    taken: Taken
    bad: list[BadRow] = field(default_factory=list)
    count: int = 0
    _supplies: dict[str, int] = field(default_factory=dict)
    _meters: dict[str, int] = field(default_factory=dict)
    _customers: dict[str, Customer] = field(default_factory=dict)

    def all(self, rows: Iterable[TableRow], meant: list[Column | None]) -> list[Record]:
        """The rows that are not empty, understood."""
        records = []
        for row in rows:
            if not any(cell.strip() for cell in row.cells):
                continue
            self.count += 1
            record, wrong = understood(row, meant)
            self.bad += wrong
            self._against_others(record, row.number)
            records.append(record)
        return records

    def _against_others(self, record: Record, row: int) -> None:
        supply, meter = str(record["supply"] or ""), str(record["meter"] or "")
        self._once(self._supplies, supply, "Supply number", row)
        self._once(self._meters, meter, "Meter number", row)
        if supply in self.taken.supplies:
            self._tell(row, "Supply number", Reason.IN_BOOKS, supply)
        if meter in self.taken.meters:
            self._tell(row, "Meter number", Reason.METER_USED, meter)
        tariff = str(record["tariff"] or "")
        if tariff and tariff not in self.taken.tariffs:
            self._tell(row, "Tariff", Reason.TARIFF_UNKNOWN, tariff)
        if supply and record["name"]:
            self._same_customer(_customer(record), row)

    def _once(self, seen: dict[str, int], number: str, column: str, row: int) -> None:
        if number and seen.setdefault(number, row) != row:
            self._tell(row, column, Reason.TWICE, f"{number}, as in row {seen[number]}")

    def _same_customer(self, customer: Customer, row: int) -> None:
        known = self.taken.customers.get(customer.number) or self._customers.setdefault(customer.number, customer)
        if known != customer:
            self._tell(row, "Customer number", Reason.CUSTOMER_DIFFERS, f"{customer.number}, {known.name}")

    def _tell(self, row: int, column: str, reason: Reason, value: str) -> None:
        self.bad.append(BadRow(row, column, reason, value))


def _customer(record: Record) -> Customer:
    """Without a number of his own a customer has that of his supply."""
    number = _text(record, "customer") or _text(record, "supply")
    return Customer(number, _text(record, "name"), _text(record, "address"), _text(record, "phone"))


def _meter(record: Record) -> Meter:
    return Meter(
        MeterNo(_text(record, "meter")),
        _text(record, "model"),
        _whole(record, "constant"),
        phases=_whole(record, "phases"),
        ct_ratio=_whole(record, "ct_ratio"),
        pt_ratio=_whole(record, "pt_ratio"),
        initial_reading=_energy(record, "initial"),
    )


def _parameters(record: Record) -> MeterParameters:
    return MeterParameters(
        alarm_1=_energy(record, "alarm_1"),
        alarm_2=_energy(record, "alarm_2"),
        overload_w=_whole(record, "overload_w"),
        overdraft=_energy(record, "overdraft"),
        hoarding=_energy(record, "hoarding"),
        constant_imp_per_kwh=_whole(record, "constant"),
        ct_ratio=_whole(record, "ct_ratio"),
        pt_ratio=_whole(record, "pt_ratio"),
    )


def _text(record: Record, key: str) -> str:
    return str(record[key] or "")


def _whole(record: Record, key: str) -> int:
    value = record[key]
    assert isinstance(value, int), f"{key} is a whole number"
    return value


def _energy(record: Record, key: str) -> Energy:
    value = record[key]
    assert isinstance(value, Energy), f"{key} is energy"
    return value


def _money(record: Record, key: str) -> Money:
    value = record[key]
    assert isinstance(value, Money), f"{key} is money"
    return value


def _day(record: Record, key: str) -> date:
    value = record[key]
    assert isinstance(value, date), f"{key} is a day"
    return value
