"""What the technician's desk needs of the books: records, meter changes, settlements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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
    from vending_app.domain.returned import Worth
    from vending_app.domain.sale import Sale, SaleIntent
    from vending_app.domain.statement import Statement


class RecordKeeping(Protocol):
    """Every change stands in the journal with what was before; nothing is overwritten unseen."""

    def enter_customer(self, customer: Customer, *, reason: str, at: datetime) -> Customer:
        """A new customer (an empty number lets the books choose one), or a correction of a known one."""

    def customer(self, number: str) -> Customer:
        """Raises OperatorError customer-unknown."""

    def enter_area(self, area: Area, *, reason: str, at: datetime) -> None: ...
    def areas(self) -> tuple[Area, ...]: ...
    def enter_readings(self, readings: Sequence[AreaReading], *, at: datetime) -> None:
        """All or none; a later one of the same point and day corrects. Raises OperatorError area-unknown,
        reading-lower; record-refused where nothing is withdrawn."""

    def area_readings(self, area: str = "") -> tuple[AreaReading, ...]:
        """Those that count, of one area or of all: by area, point and day."""

    def books_began(self) -> date:
        """The day of their first row."""

    def enter_meter(self, meter: Meter, *, reason: str, at: datetime) -> None:
        """Into stock. Raises OperatorError meter-installed."""

    def return_meter(self, number: MeterNo, reading: Energy, *, reason: str, at: datetime) -> None:
        """A removed meter lies in stock again and begins at what it shows. Raises OperatorError meter-unknown,
        meter-not-removed."""

    def newest_order(self, supply: SupplyNo) -> Sale | None:
        """Whatever brought the newest posted order of a supply; None before its first card."""

    def knows_order(self, supply: SupplyNo, *, sequence: int, energy_total: Energy) -> bool:
        """Whether these books ever made this order for a supply, whatever became of it."""

    def issue_of(self, card: CardNo) -> Sale | None:
        """What made a card, with the bytes of its header; None for a card that the books do not know."""

    def note_repair(self, sale: SaleId, card: CardNo, *, at: datetime) -> None:
        """That the order of a posted sale is written on its card again, before that is done."""

    def find_records(self, kind: RecordKind, text: str, *, limit: int) -> tuple[RecordLine, ...]:
        """Records that have every typed word somewhere, or the first ones; of cards the newest."""

    def record_line(self, kind: RecordKind, key: str) -> RecordLine:
        """One record. Raises OperatorError customer-unknown, meter-unknown, card-unknown, area-unknown."""

    def supplies_of(self, found: RecordLine, *, limit: int) -> tuple[SupplyLine, ...]:
        """Those that a record has or had: the living first; of an area the first that were entered."""

    def retire_card(self, card: CardNo, *, chip: str, uid: bytes, at: datetime) -> None:
        """It will be made blank; told once, repeating it is harmless. `uid` is empty for a chip without one.

        Raises OperatorError card-unknown, card-in-use, sale-interrupted.
        """

    def receive_retired(self, card: CardNo, *, at: datetime) -> None:
        """It is blank and lies in the box of this desk. Told once: a card that was exchanged meanwhile comes twice."""

    def torn_retirement(self, *, chip: str, uid: bytes) -> CardRecord | None:
        """The card that this blank one was before this desk retired it, if the box did not count it yet.

        Of a chip without a number it is taken to be the one that this desk retired last.
        """

    def card_stock(self, *, limit: int) -> CardStock:
        """Blank cards of this desk, with its newest lines."""

    def receive_cards(self, count: int, *, reference: str, at: datetime) -> None:
        """Delivered to this desk."""

    def spoil_cards(self, count: int, *, reason: str, at: datetime) -> None:
        """Thrown away."""

    def count_cards(self, counted: int, *, reason: str, at: datetime) -> None:
        """So many lie there; what differs stands in the line."""

    def tariffs(self, *, on: date) -> tuple[tuple[str, str], ...]:
        """Code and name of every tariff that holds on that day, by code."""

    def stock(self) -> tuple[Meter, ...]:
        """Meters that wait to be installed."""

    def enter_supply(
        self, number: SupplyNo | None, meter: MeterNo, terms: Terms, *, opened_on: date, reason: str, at: datetime
    ) -> SupplyNo:
        """On a meter from stock; None lets the books choose a number. It opens with its first card.

        Raises OperatorError meter-unknown, meter-installed, customer-unknown, tariff-missing, area-unknown.
        """

    def terms(self, number: SupplyNo) -> Terms:
        """As they stand. Raises OperatorError supply-unknown."""

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
        """A newcomer is entered as its customer in the same transaction.

        Raises OperatorError supply-unknown, supply-closed, customer-unknown, customer-owes, customer-is-owed,
        sale-interrupted, tariff-missing; record-changed if they are not any more what was `shown`.
        """

    def note_supply(self, number: SupplyNo, text: str, *, at: datetime) -> None: ...
    def record_changes(self, subject: Subject, key: str) -> tuple[RecordChange, ...]:
        """Of one record, oldest first."""

    def life(self, supply: SupplyNo) -> SupplyLife:
        """Everything that ever happened to a supply, across every table. Raises OperatorError supply-unknown."""

    def procedure(self, supply: SupplyNo, row: JournalRow | None, *, today: date) -> Procedure:
        """What that row tells of a supply, or its newest procedure. Raises OperatorError procedure-unknown for a row
        that tells none of it, and supply-unknown."""

    def totals_after(self, supply: SupplyNo, last: WriteBack | None) -> tuple[Energy, ...]:
        """The energy totals of all orders, whatever became of them, that the meter had not seen by then."""

    def statement(
        self, number: SupplyNo, *, since: tuple[date, datetime], until: tuple[date, datetime], after: int = 0
    ) -> Statement:
        """Of a period of whole days: the first with the moment at which it begins, the last with that at which it
        ends; of the first only what stands behind row `after` of the journal. Raises OperatorError supply-unknown."""

    def left_of(self, supply: SupplyNo, reading: FinalReading) -> EnergyLeft:
        """What card and meter still hold by this reading. Raises OperatorError reading-behind."""

    def generation_seen(self, supply: SupplyNo) -> int:
        """The newest card generation that the meter is known to have seen; 0 for none."""

    def change_meter(
        self,
        old: SupplyNo,
        new_meter: MeterNo,
        reading: FinalReading,
        *,
        price: Callable[[Energy], Worth],
        reason: str,
        at: datetime,
        ending: SaleIntent | None = None,
    ) -> MeterChange:
        """End a supply with its meter and begin the one that takes over; `ending` is its last order, reserved with it.

        Raises OperatorError books-restored, supply-closed, sale-interrupted, reading-behind, meter-unknown,
        meter-installed.
        """

    def settle(
        self,
        supply: SupplyNo,
        reading: FinalReading,
        *,
        price: Callable[[Energy], Worth],
        reason: str,
        at: datetime,
        ending: SaleIntent | None = None,
    ) -> Settlement:
        """Close a supply; `ending` is its last order, reserved with it.

        Raises OperatorError books-restored, supply-closed, sale-interrupted, reading-behind, ledger-busy.
        """
