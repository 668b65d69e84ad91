"""The ledger as the services see it: one object, each method a line into the room that knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from vending_app.domain.card import MeterParameters, WriteBack
from vending_app.domain.card_ahead import CardAhead
from vending_app.domain.cash import CashCount, CashMovement, Counted
from vending_app.domain.closing import Closing, ClosingKind, ShiftReport, Totals
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, DeskNo, OperatorName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.keeping import ChainHead
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment, TenderCorrection
from vending_app.domain.people import (
    CardRecord,
    Customer,
    HistoryEntry,
    Meter,
    Office,
    Operator,
    OperatorChange,
    Shift,
    SupplyFile,
    SupplyLine,
    SupplyState,
)
from vending_app.domain.permissions import Authority
from vending_app.domain.restoring import PaperReceipt, ReceiptFinding, Reentry, Restoration
from vending_app.domain.sale import Sale, SaleIntent
from vending_app.domain.tariff import Tariff
from vending_app.ledger import (
    card_tries,
    cards_ahead,
    closings,
    drawer,
    journal,
    operators,
    payments,
    people,
    reserving,
    running,
    sale_reading,
    sales,
    search,
    shifts,
    supplies,
    write_backs,
)
from vending_app.ledger.books import Books, Store
from vending_app.ledger.key_ledger import KeyLedger
from vending_app.ledger.record_desk import RecordDesk
from vending_app.ledger.rule_ledger import RuleLedger
from vending_app.ledger.setup_desk import SetupDesk
from vending_app.ledger.supervisor_desk import SupervisorDesk
from vending_app.ledger.tool_ledger import ToolLedger
from vending_app.ports import LedgerProof, OpenBooks, StoredSecret
from vending_app.ports.book_keeping import SaleProof, Signer
from vending_app.ports.keeping import BooksToExport, Taken
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.ledger import export, keeping, proof, sale_proof, setup
else:
    export = WhenNeeded("vending_app.ledger.export")
    keeping = WhenNeeded("vending_app.ledger.keeping")
    proof = WhenNeeded("vending_app.ledger.proof")
    sale_proof = WhenNeeded("vending_app.ledger.sale_proof")
    setup = WhenNeeded("vending_app.ledger.setup")


class DeskLedger(SupervisorDesk, RecordDesk, ToolLedger, SetupDesk, RuleLedger, KeyLedger):
    """`ports.Ledger` and `ports.LedgerSetup` as one desk, in whichever store; for one thread at a time."""

    def __init__(self, books: Books, store: Store) -> None:
        self._books, self._store = books, store

    @classmethod
    def create(cls, store: Store, *, office: Office, desk: DeskNo, at: datetime) -> Self:
        """New books with an office and this desk. Raises EnvironmentFault ledger-exists, ledger-…"""
        with store.founding(desk) as books:
            setup.found_office(books, office, at=at)
        return cls(books, store)

    @classmethod
    def open(cls, store: Store, *, desk: DeskNo) -> Self:
        """Books that exist.

        Raises EnvironmentFault ledger-missing, ledger-newer, ledger-damaged, sqlite-too-old, ledger-…, desk-unknown.
        """
        with ExitStack() as unless_it_may:
            books = unless_it_may.enter_context(closing(store.open(desk)))
            if not setup.has_desk(books, desk):
                raise EnvironmentFault(Code.DESK_UNKNOWN, desk=desk)
            unless_it_may.pop_all()
        return cls(books, store)

    @classmethod
    def enter_desk(cls, store: Store, desk: DeskNo) -> None:
        """Let one more desk write in these books. Raises as open."""
        with closing(cls(store.open(desk), store)) as ledger:
            if not setup.has_desk(ledger._books, desk):
                ledger.add_desk(desk, name=f"Desk {desk}")

    def elsewhere(self) -> OpenBooks:
        return partial(DeskLedger.open, self._store, desk=self._books.desk)

    # --- who ---

    @contextmanager
    def acting_as(self, authority: Authority) -> Iterator[None]:
        """See ports.Ledger."""
        before, self._books.authority = self._books.authority, authority
        try:
            yield
        finally:
            self._books.authority = before

    # --- records ---

    def operators(self) -> tuple[Operator, ...]:
        return operators.operators(self._books)

    def operator(self, name: OperatorName) -> Operator | None:
        return operators.operator(self._books, name)

    def enter_operator(self, operator: Operator, hashed: str, *, at: datetime) -> None:
        operators.add(self._books, operator, hashed=hashed, at=at)

    def change_operator(
        self, operator: Operator, how: OperatorChange, *, at: datetime, hashed: str | None = None
    ) -> None:
        operators.change(self._books, operator, how, hashed=hashed, at=at)

    def secret(self, name: OperatorName) -> StoredSecret | None:
        return people.secret(self._books, name)

    def record_login(self, name: OperatorName, *, succeeded: bool, at: datetime, desk: DeskNo) -> None:
        assert desk == self._books.desk, "a desk notes its own logins"
        people.record_login(self._books, name, succeeded=succeeded, at=at)

    def find_supplies(self, text: str, *, limit: int = 50, is_waiting: bool = False) -> tuple[SupplyLine, ...]:
        return search.find_supplies(self._books, text, limit=limit, is_waiting=is_waiting)

    def supply(self, number: SupplyNo, *, today: date) -> SupplyFile:
        return supplies.supply(self._books, number, today=today)

    def tariff(self, code: str, *, on: date) -> Tariff:
        return supplies.tariff(self._books, code, on=on)

    def card(self, number: CardNo) -> CardRecord | None:
        return supplies.card(self._books, number)

    def new_card_number(self) -> CardNo:
        return supplies.new_card_number(self._books)

    def note_code_refused(self, card: CardNo, *, at: datetime) -> None:
        card_tries.refuse(self._books, card, at=at)

    def code_was_refused(self, card: CardNo) -> bool:
        return card_tries.was_refused(self._books, card)

    def note_tries_spent(self, card: CardNo, spent: int, *, at: datetime) -> None:
        card_tries.spend(self._books, card, spent, at=at)

    def tries_spent(self, card: CardNo) -> int:
        return card_tries.spent(self._books, card)

    def note_ahead(self, card: CardNo, found: CardAhead | None, *, at: datetime) -> None:
        cards_ahead.note(self._books, card, found, at=at)

    # --- life of a sale ---

    def reserve(self, intent: SaleIntent) -> Sale:
        return reserving.reserve(self._books, intent)

    def mark_in_doubt(self, sale: SaleId, *, reason: str, at: datetime) -> Sale:
        return sales.mark_in_doubt(self._books, sale, reason=reason, at=at)

    def post(self, sale: SaleId, *, at: datetime) -> Sale:
        return sales.post(self._books, sale, at=at)

    def void(self, sale: SaleId, *, reason: str, at: datetime) -> Sale:
        return sales.void(self._books, sale, reason=reason, at=at)

    def cancel(self, sale: SaleId, cancellation: SaleIntent) -> Sale:
        return sales.cancel(self._books, sale, cancellation)

    def reissue(self, waiting: SaleId, issue: SaleIntent, *, at: datetime) -> Sale:
        return sales.reissue(self._books, waiting, issue, at=at)

    def newest_standing(self, supply: SupplyNo) -> Sale | None:
        return reserving.newest_standing(self._books, supply)

    def correct_tender(self, correction: TenderCorrection, *, request: str) -> Sale:
        return payments.correct_tender(self._books, correction, request=request)

    def pay(self, payment: Payment, *, request: str) -> Payment:
        return payments.pay(self._books, payment, request=request)

    def refund_due(self, supply: SupplyNo) -> Money:
        return payments.refund_due(self._books, supply)

    def sale(self, sale: SaleId) -> Sale | None:
        return sale_reading.sale(self._books, sale)

    def sale_of_receipt(self, receipt: str) -> Sale | None:
        return sale_reading.sale_of_receipt(self._books, receipt)

    def open_sale(self, *, supply: SupplyNo | None = None, card: CardNo | None = None) -> Sale | None:
        return sale_reading.open_sale(self._books, supply=supply, card=card)

    def open_sales(self) -> tuple[Sale, ...]:
        return sale_reading.open_sales(self._books)

    def recent_sales(self, *, shift: ShiftNo, limit: int = 3) -> tuple[Sale, ...]:
        return sale_reading.recent_sales(self._books, shift=shift, limit=limit)

    def history(self, supply: SupplyNo, *, limit: int = 200) -> tuple[HistoryEntry, ...]:
        return supplies.history(self._books, supply, limit=limit)

    def mark_printed(self, sale: SaleId, *, at: datetime, is_copy: bool) -> int:
        return people.mark_printed(self._books, sale, at=at, is_copy=is_copy)

    # --- write-backs ---

    def harvest(self, write_back: WriteBack, *, supply: SupplyNo, card: CardNo, record: bytes, at: datetime) -> bool:
        return write_backs.harvest(self._books, write_back, supply=supply, card=card, record=record, at=at)

    def last_write_back(self, supply: SupplyNo) -> WriteBack | None:
        return write_backs.last_write_back(self._books, supply)

    def write_backs(self, supply: SupplyNo, *, limit: int = 24) -> tuple[WriteBack, ...]:
        return write_backs.write_backs(self._books, supply, limit=limit)

    # --- shifts ---

    def open_shift(self, *, desk: DeskNo, operator: OperatorName, float_cash: Money, at: datetime) -> Shift:
        return shifts.open_shift(self._books, desk=desk, operator=operator, float_cash=float_cash, at=at)

    def move_cash(self, movement: CashMovement, *, request: str) -> CashMovement:
        return drawer.move(self._books, movement, request=request)

    def note_drawer_opened(self, *, operator: OperatorName, reason: str, at: datetime) -> None:
        drawer.note_opened(self._books, operator=operator, reason=reason, at=at)

    def count_cash(self, shift: ShiftNo, counted: CashCount, *, at: datetime) -> Counted:
        return drawer.count(self._books, shift, counted, at=at)

    def sign_open_sale(self, sale: SaleId, *, shift: ShiftNo, operator: OperatorName, note: str, at: datetime) -> None:
        shifts.sign_open_sale(self._books, sale, shift_no=shift, operator=operator, note=note, at=at)

    def signed_sales(self, shift: ShiftNo) -> frozenset[str]:
        return shifts.signed_sales(self._books, shift)

    def close_shift(
        self,
        shift: ShiftNo,
        *,
        operator: OperatorName,
        reason: str,
        handed_to: OperatorName | None,
        at: datetime,
        signer: Signer,
    ) -> tuple[Shift, Closing]:
        return shifts.close_shift(
            self._books, shift, operator=operator, reason=reason, handed_to=handed_to, at=at, signer=signer
        )

    def shift_report(self, shift: ShiftNo, *, is_blind: bool) -> ShiftReport:
        with self._books.reading():
            return shifts.report(self._books, shift, is_blind=is_blind)

    def handed_over(self, *, desk: DeskNo) -> Shift | None:
        return shifts.handed_over(self._books, desk=desk)

    # --- closings ---

    def close_period(
        self, kind: ClosingKind, period: str, *, operator: OperatorName, at: datetime, signer: Signer
    ) -> Closing:
        return closings.close_period(self._books, kind, period, operator=operator, at=at, signer=signer)

    def day_to_close(self, *, today: date) -> date | None:
        with self._books.reading():
            oldest = next(running.open_days_of(self._books, today=today)).day
        return oldest if oldest <= today else None

    def oldest_left(self, kind: ClosingKind) -> str:
        return closings.oldest_left(self._books, kind)

    def closing(self, kind: ClosingKind, period: str, *, desk: DeskNo | None = None) -> Closing | None:
        return closings.closing(self._books, kind, period, desk=desk or closings.OFFICE)

    def newest_closing(self, kind: ClosingKind, *, desk: DeskNo | None = None) -> Closing | None:
        return closings.newest(self._books, kind, desk=desk or closings.OFFICE)

    def closings(self, kind: ClosingKind, *, limit: int = 50) -> tuple[Closing, ...]:
        return closings.closings(self._books, kind, limit=limit)

    def period_totals(self, kind: ClosingKind, period: str, *, today: date) -> tuple[Totals, bool]:
        with self._books.reading():
            return running.period_totals(self._books, kind, period, today=today)

    def proof_of(self, sale: SaleId) -> SaleProof:
        with self._books.reading():
            return sale_proof.proof_of(self._books, sale)

    # --- shifts, read ---

    def shift(self, *, desk: DeskNo) -> Shift | None:
        return shifts.shift(self._books, desk=desk)

    # --- keeping ---

    def newest_moment(self) -> datetime | None:
        return journal.newest_moment(self._books)

    def taken(self, *, on: date) -> Taken:
        return export.taken(self._books, on=on)

    def exporting(self) -> AbstractContextManager[BooksToExport]:
        return export.exporting(self._books)

    def knows(self, heads: Iterable[ChainHead]) -> bool:
        return keeping.knows(self._books, heads)

    def check_receipt(self, paper: PaperReceipt) -> ReceiptFinding:
        return keeping.check_receipt(self._books, paper)

    def note_restored(self, *, backup: str, made_at: datetime, at: datetime, is_older: bool) -> None:
        keeping.note_restored(self._books, backup=backup, made_at=made_at, at=at, is_older=is_older)

    def restoration(self) -> Restoration | None:
        return keeping.restoration(self._books)

    def last_restoration_ended(self) -> datetime | None:
        return keeping.last_ended(self._books)

    def end_restoration(self, papers: Iterable[PaperReceipt], *, at: datetime) -> tuple[PaperReceipt, ...]:
        return keeping.end_restoration(self._books, papers, at=at)

    def reenter(self, entry: Reentry, *, at: datetime) -> Sale:
        return keeping.reenter(self._books, entry, at=at)

    def verify(self, *, trusted: bytes | None = None) -> LedgerProof:
        return proof.prove(self._books, trusted=trusted)

    def close(self) -> None:
        self._books.close()

    # --- setting up ---

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Everything added in the block is one transaction: all of an office, or nothing."""
        with self._books.writing():
            yield

    def set_office(self, office: Office) -> None:
        setup.set_office(self._books, office)

    def add_desk(self, number: DeskNo, *, name: str) -> None:
        setup.add_desk(self._books, number, name=name)

    def add_operator(self, operator: Operator, hashed: str) -> None:
        """One of the first; later ones come through `enter_operator`."""
        operators.add(self._books, operator, hashed=hashed, at=journal.last_time(self._books))

    def add_tariff(self, tariff: Tariff) -> None:
        setup.add_tariff(self._books, tariff)

    def add_customer(self, customer: Customer) -> None:
        setup.add_customer(self._books, customer)

    def add_meter(self, meter: Meter) -> None:
        setup.add_meter(self._books, meter)

    def add_supply(
        self,
        number: SupplyNo,
        *,
        customer: Customer,
        meter: Meter,
        tariff: str,
        parameters: MeterParameters,
        opened_on: date,
        arrears: Money,
        arrears_share_percent: int,
        charged_until: date | None = None,
        state: SupplyState = SupplyState.OPEN,
    ) -> None:
        """A supply with its customer and meter, and what he owed before these books began."""
        setup.add_supply(
            self._books,
            number,
            customer=customer,
            meter=meter,
            tariff=tariff,
            parameters=parameters,
            opened_on=opened_on,
            arrears=arrears,
            arrears_share_percent=arrears_share_percent,
            charged_until=charged_until,
            state=state,
        )
