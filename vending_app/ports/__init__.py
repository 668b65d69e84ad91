"""What the services need from outside, as Protocols. Adapters implement them; `app.py` joins both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from vending_app.ports.allowing import AllowanceBooks
from vending_app.ports.book_keeping import BookKeeping
from vending_app.ports.cards import CardCodec as CardCodec
from vending_app.ports.cards import CardDesk as CardDesk
from vending_app.ports.cards import CardSession as CardSession
from vending_app.ports.cards import ReaderState as ReaderState
from vending_app.ports.inspecting import DayKeeping, InspectionKeeping
from vending_app.ports.keeping import KeptLedger, SupplyEntry
from vending_app.ports.key_keeping import KeyBooks
from vending_app.ports.key_vault import KeyVault as KeyVault
from vending_app.ports.progress import WriteShare
from vending_app.ports.record_keeping import RecordKeeping
from vending_app.ports.rule_keeping import RuleKeeping
from vending_app.ports.setup_keeping import SetupKeeping
from vending_app.ports.telling import Tell, untold
from vending_app.ports.tool_keeping import ToolKeeping

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from vending_app.domain.card import WriteBack
    from vending_app.domain.card_ahead import CardAhead
    from vending_app.domain.closing import ShiftReport
    from vending_app.domain.day import DayReport
    from vending_app.domain.ids import (
        CardNo,
        DeskNo,
        OperatorName,
        SaleId,
        ShiftNo,
        SupplyNo,
    )
    from vending_app.domain.inspection import RouteStop
    from vending_app.domain.money import Money
    from vending_app.domain.payment import Payment
    from vending_app.domain.people import (
        CardRecord,
        HistoryEntry,
        LoginAttempts,
        Office,
        Operator,
        OperatorChange,
        Shift,
        SupplyFile,
        SupplyLine,
    )
    from vending_app.domain.permissions import Authority
    from vending_app.domain.procedure import Procedure
    from vending_app.domain.report import Report
    from vending_app.domain.said_report import SaidReport
    from vending_app.domain.sale import Sale, SaleIntent
    from vending_app.domain.statement import Statement
    from vending_app.domain.tariff import Tariff
    from vending_app.domain.tool_card import ToolIssue

Clock = Callable[[], datetime]
"""Now, in UTC with a time zone."""

Entropy = Callable[[int], bytes]
"""So many random bytes, fit for keys: a fresh object each time, which its user may overwrite."""

WRITE_STEPS = ("writing", "checking")
Progress = Callable[[str | WriteShare], None]
"""Told each of WRITE_STEPS as it begins, and within the first how far it is, where a chip can tell."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A password hash as the ledger keeps it: `$argon2id$…` text."""

    operator: Operator
    hashed: str
    attempts: LoginAttempts


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """What `verify` found: no problems means that everything adds up and every chain holds."""

    entries: int
    problems: tuple[str, ...]
    money_minor: dict[str, int]
    """Balance per money account."""
    energy_wh: dict[str, int]
    """Balance per energy account."""

    @property
    def is_ok(self) -> bool:
        return not self.problems


OpenBooks = Callable[[], "Ledger"]
"""Opens books; whoever calls it closes them."""


class Ledger(
    AllowanceBooks,
    BookKeeping,
    DayKeeping,
    InspectionKeeping,
    KeptLedger,
    KeyBooks,
    RecordKeeping,
    RuleKeeping,
    SetupKeeping,
    ToolKeeping,
    Protocol,
):
    """The books. Every writing method is one transaction, durable when it returns.

    Raises EnvironmentFault ledger-locked, ledger-disk-full, ledger-damaged, ledger-unavailable.
    """

    def elsewhere(self) -> OpenBooks:
        """How another process opens these books, to read them beside this one; pickle can carry it."""

    def acting_as(self, authority: Authority) -> AbstractContextManager[None]:
        """Whatever is written in the block is written by this person's right, asked again in each transaction.

        Every writing method raises OperatorError permission-denied, approval-needed, approval-used, approval-expired,
        approval-other, approval-self by it; without a person only an office that made no sale yet is set up.
        """

    # records
    def office(self) -> Office: ...
    def operators(self) -> tuple[Operator, ...]: ...
    def operator(self, name: OperatorName) -> Operator | None:
        """As he is now: a role may change while he works."""

    def enter_operator(self, operator: Operator, hashed: str, *, at: datetime) -> None:
        """One more operator. Raises OperatorError operator-exists."""

    def change_operator(
        self, operator: Operator, how: OperatorChange, *, at: datetime, hashed: str | None = None
    ) -> None:
        """Write the operator as he is from now on, with another hash if one is given.

        Raises OperatorError operator-unknown; operator-last if nobody were left who could keep operators.
        """

    def secret(self, name: OperatorName) -> StoredSecret | None: ...
    def record_login(self, name: OperatorName, *, succeeded: bool, at: datetime, desk: DeskNo) -> None:
        """Note an attempt; the tenth failure in a row locks the name, unless nobody could unlock it."""

    def find_supplies(self, text: str, *, limit: int = 50, is_waiting: bool = False) -> tuple[SupplyLine, ...]:
        """By part of a name, number, meter, card, address or phone; accents and case ignored. Empty text lists all.

        `is_waiting`: only those that may get their first card.
        """

    def supply(self, number: SupplyNo, *, today: date) -> SupplyFile:
        """Raises OperatorError supply-unknown."""

    def tariff(self, code: str, *, on: date) -> Tariff:
        """The newest of this code valid on that day. Raises OperatorError tariff-missing."""

    def card(self, number: CardNo) -> CardRecord | None: ...
    def new_card_number(self) -> CardNo:
        """A number that no card of this office has had."""

    def note_code_refused(self, card: CardNo, *, at: datetime) -> None:
        """Remember that the chip of this card refused the code that this office computes for it."""

    def code_was_refused(self, card: CardNo) -> bool:
        """Whether that was ever noted, at any desk."""

    def note_tries_spent(self, card: CardNo, spent: int, *, at: datetime) -> None:
        """Of the three tries that a chip has for its code so many are spent, or may be, from now on."""

    def tries_spent(self, card: CardNo) -> int:
        """By what was noted last at any desk; a refused code counts as two. Of `ANY_BLANK` none are, once a blank card
        was entered as spoilt."""

    def note_ahead(self, card: CardNo, found: CardAhead | None, *, at: datetime) -> None:
        """What a card carries beyond the books, once however often it is read; None when it is not ahead any more."""

    # life of a sale
    def reserve(self, intent: SaleIntent) -> Sale:
        """Store the intent, pending. The same id and request returns the sale as it is now.

        Raises OperatorError sale-id-reused, sale-interrupted (another sale of this supply or card is open),
        shift-closed, supply-closed; ledger-busy if another desk sold to this supply since the order was made up;
        card-ahead if the sequence is beyond the next one; allowance-over, allowance-spent at a desk that is held
        to an allowance.
        """

    def mark_in_doubt(self, sale: SaleId, *, reason: str, at: datetime) -> Sale: ...
    def post(self, sale: SaleId, *, at: datetime) -> Sale:
        """Balanced entries and the next receipt number; the card becomes current if it was issued. Once only:
        a posted sale is returned as it is; a voided one raises OperatorError sale-already-resolved."""

    def void(self, sale: SaleId, *, reason: str, at: datetime) -> Sale:
        """Undo a sale that is proven not to be on the card. A voided one is returned as it is."""

    def cancel(self, sale: SaleId, cancellation: SaleIntent) -> Sale:
        """Void, and reserve the order that makes sure of it, in one transaction; the cancellation is answered.

        Raises OperatorError sale-already-resolved, and as reserve."""

    def reissue(self, waiting: SaleId, issue: SaleIntent, *, at: datetime) -> Sale:
        """Settle what waits for a card that is replaced, and reserve the issue, in one transaction; it is answered.

        A reversal is voided, anything else posted. Raises OperatorError sale-already-resolved, and as reserve."""

    def newest_standing(self, supply: SupplyNo) -> Sale | None:
        """The newest posted sale that was not reversed: the one that may be."""

    def sale(self, sale: SaleId) -> Sale | None: ...
    def sale_of_receipt(self, receipt: str) -> Sale | None: ...
    def open_sale(self, *, supply: SupplyNo | None = None, card: CardNo | None = None) -> Sale | None:
        """The undecided sale of a supply or for a card."""

    def open_sales(self) -> tuple[Sale, ...]: ...
    def recent_sales(self, *, shift: ShiftNo, limit: int = 3) -> tuple[Sale, ...]: ...
    def history(self, supply: SupplyNo, *, limit: int = 200) -> tuple[HistoryEntry, ...]: ...
    def mark_printed(self, sale: SaleId, *, at: datetime, is_copy: bool) -> int:
        """Note a print; returns how many copies were printed after the first."""

    # write-backs
    def harvest(self, write_back: WriteBack, *, supply: SupplyNo, card: CardNo, record: bytes, at: datetime) -> bool:
        """Store a write-back once; False if this very one is known already."""

    def last_write_back(self, supply: SupplyNo) -> WriteBack | None: ...
    def write_backs(self, supply: SupplyNo, *, limit: int = 24) -> tuple[WriteBack, ...]:
        """Newest first."""

    # shifts
    def open_shift(self, *, desk: DeskNo, operator: OperatorName, float_cash: Money, at: datetime) -> Shift:
        """Raises OperatorError shift-already-open."""

    def shift(self, *, desk: DeskNo) -> Shift | None:
        """The open shift of a desk."""

    # keeping
    def newest_moment(self) -> datetime | None:
        """When the newest row of the journal was written, at any desk; None while there is none."""

    def verify(self, *, trusted: bytes | None = None) -> LedgerProof:
        """Prove everything; closings must be signed under the `trusted` key if it is given."""

    def close(self) -> None: ...


class LedgerSetup(SupplyEntry, Protocol):
    """What is entered into a new ledger before its first day."""

    def add_operator(self, operator: Operator, hashed: str) -> None: ...
    def add_tariff(self, tariff: Tariff) -> None: ...


class PaperMaker(Protocol):
    """Documents as PDF."""

    def receipt(
        self,
        sale: Sale,
        *,
        office: Office,
        supply: SupplyFile,
        last: WriteBack | None,
        lasts_days: int | None,
        copy: int,
        takes_back: str = "",
    ) -> bytes:
        """The 80 mm receipt; `copy` 0 is the first print, more says COPY on it.

        `last` is the newest write-back before the sale, `lasts_days` how long the energy lasts at the use until then.
        A reversal's sums are below zero; `takes_back` is the number of the receipt that it takes back.
        """

    def specimen(self, *, office: Office) -> bytes:
        """A receipt that nobody was given, with what this office says on all of them."""

    def check_logo(self, png: bytes) -> None:
        """Raises OperatorError logo-refused for what does not decode to a picture of at most 64 KiB."""

    def shift_report(self, report: ShiftReport, *, office: Office, at: datetime) -> bytes:
        """An X, or the Z with its number, fingerprint and perpetual total; `at` is when it is printed."""

    def payment_slip(self, payment: Payment, *, office: Office, supply: SupplyFile) -> bytes:
        """What a customer paid without buying, or was paid back."""

    def procedure_slip(self, procedure: Procedure, *, office: Office) -> bytes:
        """What a technician did, for him and the customer to sign."""

    def tool_slip(self, issue: ToolIssue, *, office: Office) -> bytes:
        """What an inspector carries out, for him and whoever hands it to him to sign."""

    def statement(self, statement: Statement, *, office: Office, at: datetime) -> bytes:
        """What a customer owed, bought and paid, on A4; `at` is when it is printed."""

    def day_report(self, report: DayReport, *, office: Office, at: datetime) -> bytes:
        """A day of the office or of one desk, on A4; `at` is when it is printed."""

    def report(self, said: SaidReport, *, office: Office, at: datetime, tell: Tell = untold) -> bytes:
        """Any report, on A4; `at` is when it is printed."""

    def report_csv(self, report: Report, captions: Mapping[str, str], tell: Tell = untold) -> bytes:
        """Its tables as CSV; captions for tables, columns and words."""

    def report_xlsx(self, report: Report, captions: Mapping[str, str], tell: Tell = untold) -> bytes:
        """Its tables as sheets of Excel."""

    def route_sheet(self, stops: Sequence[RouteStop], *, office: Office, on: date) -> bytes:
        """The route of an inspection, on A4, by area."""


class Printer(Protocol):
    """Where paper comes out."""

    @property
    def name(self) -> str: ...

    def print_pdf(self, pdf: bytes, *, title: str) -> None:
        """Raises EnvironmentFault printer-failed."""


class Drawer(Protocol):
    """The lock of a cash drawer."""

    @property
    def is_there(self) -> bool:
        """Whether this desk has one that can be opened."""

    def require(self) -> None:
        """Raises OperatorError drawer-missing."""

    def kick(self) -> None:
        """Open it. Raises OperatorError drawer-missing, EnvironmentFault printer-failed."""
