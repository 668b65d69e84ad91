"""The part of the ledger that keeps records: each method a line into the room that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.ledger import supplies, write_backs
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from vending_app.domain.area_reading import AreaReading
    from vending_app.domain.card import WriteBack
    from vending_app.domain.card_stock import CardStock
    from vending_app.domain.energy import Energy
    from vending_app.domain.ids import CardNo, JournalRow, MeterNo, SaleId, SupplyNo
    from vending_app.domain.people import CardRecord, Customer, Meter, SupplyLine
    from vending_app.domain.procedure import Procedure
    from vending_app.domain.record_lines import RecordKind, RecordLine
    from vending_app.domain.records import (
        Area,
        EnergyLeft,
        FinalReading,
        MeterChange,
        RecordChange,
        Settlement,
        Subject,
        SupplyLife,
        Terms,
    )
    from vending_app.domain.sale import Sale, SaleIntent
    from vending_app.domain.statement import Statement
    from vending_app.ledger import (
        area_readings,
        card_retirements,
        card_stock,
        cards_ahead,
        life,
        meter_changes,
        procedures,
        record_search,
        records,
        repairs,
        statement,
    )
    from vending_app.ledger.books import Books
    from vending_app.ledger.meter_changes import Price
else:
    area_readings = WhenNeeded("vending_app.ledger.area_readings")
    card_retirements = WhenNeeded("vending_app.ledger.card_retirements")
    card_stock = WhenNeeded("vending_app.ledger.card_stock")
    cards_ahead = WhenNeeded("vending_app.ledger.cards_ahead")
    life = WhenNeeded("vending_app.ledger.life")
    meter_changes = WhenNeeded("vending_app.ledger.meter_changes")
    procedures = WhenNeeded("vending_app.ledger.procedures")
    record_search = WhenNeeded("vending_app.ledger.record_search")
    repairs = WhenNeeded("vending_app.ledger.repairs")
    records = WhenNeeded("vending_app.ledger.records")
    statement = WhenNeeded("vending_app.ledger.statement")


class RecordDesk:
    """`ports.record_keeping.RecordKeeping`."""

    _books: Books

    def enter_customer(self, customer: Customer, *, reason: str, at: datetime) -> Customer:
        return records.enter_customer(self._books, customer, reason=reason, at=at)

    def customer(self, number: str) -> Customer:
        return records.customer(self._books, number)

    def enter_area(self, area: Area, *, reason: str, at: datetime) -> None:
        records.enter_area(self._books, area, reason=reason, at=at)

    def areas(self) -> tuple[Area, ...]:
        return records.areas(self._books)

    def enter_readings(self, readings: Sequence[AreaReading], *, at: datetime) -> None:
        area_readings.enter(self._books, readings, at=at)

    def area_readings(self, area: str = "") -> tuple[AreaReading, ...]:
        return tuple(reading for kept in area_readings.counting(self._books, area).values() for reading in kept)

    def books_began(self) -> date:
        return area_readings.books_began(self._books)

    def enter_meter(self, meter: Meter, *, reason: str, at: datetime) -> None:
        records.enter_meter(self._books, meter, reason=reason, at=at)

    def return_meter(self, number: MeterNo, reading: Energy, *, reason: str, at: datetime) -> None:
        records.return_meter(self._books, number, reading, reason=reason, at=at)

    def newest_order(self, supply: SupplyNo) -> Sale | None:
        return repairs.newest_order(self._books, supply)

    def knows_order(self, supply: SupplyNo, *, sequence: int, energy_total: Energy) -> bool:
        return cards_ahead.knows_order(self._books, supply, sequence=sequence, energy_total=energy_total)

    def issue_of(self, card: CardNo) -> Sale | None:
        return repairs.issue_of(self._books, card)

    def note_repair(self, sale: SaleId, card: CardNo, *, at: datetime) -> None:
        repairs.note(self._books, sale, card, at=at)

    def find_records(self, kind: RecordKind, text: str, *, limit: int) -> tuple[RecordLine, ...]:
        return record_search.find(self._books, kind, text, limit=limit)

    def record_line(self, kind: RecordKind, key: str) -> RecordLine:
        return record_search.line(self._books, kind, key)

    def supplies_of(self, found: RecordLine, *, limit: int) -> tuple[SupplyLine, ...]:
        return record_search.supplies_of(self._books, found, limit=limit)

    def retire_card(self, card: CardNo, *, chip: str, uid: bytes, at: datetime) -> None:
        card_retirements.retire(self._books, card, chip=chip, uid=uid, at=at)

    def receive_retired(self, card: CardNo, *, at: datetime) -> None:
        card_retirements.receive(self._books, card, at=at)

    def torn_retirement(self, *, chip: str, uid: bytes) -> CardRecord | None:
        return card_retirements.torn(self._books, chip=chip, uid=uid)

    def card_stock(self, *, limit: int) -> CardStock:
        return card_stock.stock(self._books, limit=limit)

    def receive_cards(self, count: int, *, reference: str, at: datetime) -> None:
        card_stock.receive(self._books, count, reference=reference, at=at)

    def spoil_cards(self, count: int, *, reason: str, at: datetime) -> None:
        card_stock.spoil(self._books, count, reason=reason, at=at)

    def count_cards(self, counted: int, *, reason: str, at: datetime) -> None:
        card_stock.count(self._books, counted, reason=reason, at=at)

    def tariffs(self, *, on: date) -> tuple[tuple[str, str], ...]:
        return supplies.tariffs(self._books, on=on)

    def stock(self) -> tuple[Meter, ...]:
        return records.stock(self._books)

    def enter_supply(
        self, number: SupplyNo | None, meter: MeterNo, terms: Terms, *, opened_on: date, reason: str, at: datetime
    ) -> SupplyNo:
        return records.enter_supply(self._books, number, meter, terms, opened_on=opened_on, reason=reason, at=at)

    def terms(self, number: SupplyNo) -> Terms:
        return records.terms_of(self._books, number)

    def change_terms(
        self,
        number: SupplyNo,
        terms: Terms,
        *,
        reason: str,
        at: datetime,
        shown: Terms | None = None,
        newcomer: Customer | None = None,
    ) -> None:
        records.change_terms(self._books, number, terms, reason=reason, at=at, shown=shown, newcomer=newcomer)

    def note_supply(self, number: SupplyNo, text: str, *, at: datetime) -> None:
        records.note_supply(self._books, number, text, at=at)

    def record_changes(self, subject: Subject, key: str) -> tuple[RecordChange, ...]:
        return records.changes(self._books, subject, key)

    def life(self, supply: SupplyNo) -> SupplyLife:
        return life.life(self._books, supply)

    def procedure(self, supply: SupplyNo, row: JournalRow | None, *, today: date) -> Procedure:
        return procedures.procedure(self._books, supply, row, today=today)

    def totals_after(self, supply: SupplyNo, last: WriteBack | None) -> tuple[Energy, ...]:
        return supplies.totals_after(self._books, supply, last)

    def statement(
        self, number: SupplyNo, *, since: tuple[date, datetime], until: tuple[date, datetime], after: int = 0
    ) -> Statement:
        return statement.statement(self._books, number, since=since, until=until, after=after)

    def left_of(self, supply: SupplyNo, reading: FinalReading) -> EnergyLeft:
        with self._books.reading():
            return meter_changes.left_of(self._books, supply, reading)

    def generation_seen(self, supply: SupplyNo) -> int:
        with self._books.reading():
            return write_backs.generation_seen(self._books, supply)

    def change_meter(
        self,
        old: SupplyNo,
        new_meter: MeterNo,
        reading: FinalReading,
        *,
        price: Price,
        reason: str,
        at: datetime,
        ending: SaleIntent | None = None,
    ) -> MeterChange:
        return meter_changes.change_meter(
            self._books, old, new_meter, reading, price=price, reason=reason, at=at, ending=ending
        )

    def settle(
        self,
        supply: SupplyNo,
        reading: FinalReading,
        *,
        price: Price,
        reason: str,
        at: datetime,
        ending: SaleIntent | None = None,
    ) -> Settlement:
        return meter_changes.settle(self._books, supply, reading, price=price, reason=reason, at=at, ending=ending)
