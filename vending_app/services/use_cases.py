"""What a page may ask of the counter, and what it gets back: frozen values that cross threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vending_app.domain.card import CardImage, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.foreseen import Foreseen
from vending_app.domain.ids import CardNo, DeskNo, OperatorName, ReaderName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import (
    LOCK_MINUTES,
    CardRecord,
    HistoryEntry,
    Office,
    Operator,
    Shift,
    SupplyFile,
    SupplyLine,
)
from vending_app.domain.quote import Buyer
from vending_app.domain.sale import Sale, Tender
from vending_app.domain.tariff import Tariff
from vending_app.domain.verdict import Verdict
from vending_app.ports import LedgerProof
from vending_app.services.choices import ChangeSettings, DeskSettings, ShowSettings
from vending_app.services.foretelling import Preview
from vending_app.services.people_cases import Approved, OperatorList, PeopleUseCase

# --- what is asked ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Welcome:
    """Before anybody logs in. Answer: Greeting."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """Answer: Session. Fails with login-refused, login-wait, login-locked."""

    name: OperatorName
    secret: str

    def __repr__(self) -> str:
        return f"LogIn(name={self.name!r})"


@dataclass(frozen=True, slots=True)
class LogOut:
    """Answer: Greeting."""


@dataclass(frozen=True, slots=True)
class OpenShift:
    """Answer: Shift."""

    float_cash: Money


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Answer: CardReading. Fails with card-absent, reader-…"""

    reader: ReaderName | None = None
    expected: SupplyNo | None = None


@dataclass(frozen=True, slots=True)
class OpenSupply:
    """Show a supply without its card: for a trial quote and its history. Answer: SupplyReading."""

    supply: SupplyNo


@dataclass(frozen=True, slots=True)
class Offered:
    """What the customer was told that he pays and gets."""

    total: Money
    energy: Energy


@dataclass(frozen=True, slots=True)
class Sell:
    """Sell to the card in the reader. Exactly one of `amount` and `energy` is given. Answer: SaleDone.

    `supply` None sells to whichever customer's card is in; `tender` None is exact cash. What was `offered` is what is
    sold: refused with price-changed where new prices, another month or another desk made it something else meanwhile.
    Asked again with the same id it is finished: card-swapped with another card in the reader, sale-voided if it was
    undone since.
    """

    id: SaleId
    supply: SupplyNo | None = None
    tender: Tender | None = None
    amount: Money | None = None
    energy: Energy | None = None
    reader: ReaderName | None = None
    offered: Offered | None = None


@dataclass(frozen=True, slots=True)
class FinishSale:
    """Finish the undecided sale of the card in the reader. Answer: SaleDone."""

    reader: ReaderName | None = None


@dataclass(frozen=True, slots=True)
class IssueCard:
    """Make the blank card in the reader this supply's card. Answer: SaleDone (without amount).

    Fails with card-not-blank, supply-has-card, supply-closed; allowance-over, allowance-spent for what was typed of the
    meter before.
    """

    id: SaleId
    supply: SupplyNo
    reader: ReaderName | None = None


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """Print, or print a copy. Answer: Printed. Fails with printer-failed: the sale stands."""

    sale: SaleId


@dataclass(frozen=True, slots=True)
class ShowReceipt:
    """The PDF for the preview; nothing is noted. Answer: ReceiptPdf."""

    sale: SaleId


@dataclass(frozen=True, slots=True)
class FindSupplies:
    """Answer: Found."""

    text: str
    is_waiting: bool = False
    """Only supplies that may get their first card."""


@dataclass(frozen=True, slots=True)
class ShowHistory:
    """Answer: History."""

    supply: SupplyNo


@dataclass(frozen=True, slots=True)
class ShowDesk:
    """The state of the desk for rail, status bar and recent sales. Answer: DeskState."""


@dataclass(frozen=True, slots=True)
class ShowShiftSales:
    """All sales of a shift, for the shift page. Answer: ShiftSales."""

    shift: ShiftNo


@dataclass(frozen=True, slots=True)
class Recover:
    """Settle whatever is undecided for the card in the reader. Answer: Recovered."""

    reader: ReaderName | None = None


@dataclass(frozen=True, slots=True)
class VerifyLedger:
    """Answer: LedgerProof."""


UseCase = (
    Welcome
    | LogIn
    | LogOut
    | OpenShift
    | ReadCard
    | OpenSupply
    | Sell
    | FinishSale
    | IssueCard
    | PrintReceipt
    | ShowReceipt
    | FindSupplies
    | ShowHistory
    | ShowDesk
    | ShowShiftSales
    | ShowSettings
    | ChangeSettings
    | Recover
    | VerifyLedger
    | PeopleUseCase
)

# --- what is answered ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Health:
    """One line of the log-in page's bottom and of the self-test."""

    name: str
    """A key of words.HEALTH: reader, printer, ledger, keys, backup, fonts, disk, clock."""
    is_ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the log-in page shows."""

    office: Office
    desk: DeskNo
    operators: tuple[Operator, ...]
    health: tuple[Health, ...]
    now: datetime
    practice_pin: str = ""
    """Shown on the practice counter only."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who works at the desk now."""

    operator: Operator
    """`must_change` says that he chooses his own secret first: everything else is refused until then."""
    shift: Shift | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What the write-backs say of a meter's use, up to the newest one."""

    since: datetime | None
    """Time of the write-back before the newest; None if there is only one."""
    used: Energy
    """Used between the two."""
    days: int
    per_day: Energy | None
    """None if there is nothing to compute it from."""
    days_left: int | None
    months: tuple[tuple[date, Energy], ...]
    """First day of month and use, oldest first, at most 12."""
    trips: int
    """Overload and low-credit trips since `since`."""
    tampering: int
    """Cover and illegal-card events since `since`."""


@dataclass(frozen=True, slots=True)
class SupplyReading:
    """A supply as the sell page shows it."""

    supply: SupplyFile
    tariff: Tariff
    buyer: Buyer
    """What `domain.quote` needs besides the tariff: the page computes the live breakdown with it."""
    write_back: WriteBack | None
    """The newest known."""
    usage: Usage | None
    last_purchase: HistoryEntry | None
    sell_at_most: Energy | None
    """What the hoarding limit still allows by the last write-back; None if there is no limit."""
    preview: Preview | None = None
    """The reference meter of this supply, to be asked beforehand."""

    def foretold(self, energy: Energy) -> Foreseen | None:
        """What the meter will do with this purchase; None where nobody can say."""
        return self.preview.of(energy) if self.preview is not None else None


@dataclass(frozen=True, slots=True)
class CardReading:
    """A card as the counter sees it."""

    reader: ReaderName
    verdict: Verdict
    image: CardImage
    record: CardRecord | None
    reading: SupplyReading | None
    """None for a card that is nobody's."""
    open_sale: Sale | None
    chip: str = ""
    """What it was recognised as; empty for a card that nobody can read."""
    dialect: str = ""
    replaced_by: CardNo | None = None

    @property
    def card(self) -> CardNo | None:
        return self.image.header.card if self.image.header else None


@dataclass(frozen=True, slots=True)
class SaleDone:
    """A posted sale or issue."""

    sale: Sale
    supply: SupplyFile
    """As it stands after the sale."""
    write_back: WriteBack | None
    milliseconds: int
    """From the first touch of the card to the posted entry."""
    was_repeated: bool = False
    """True if this id had been done before and nothing was written now."""
    foreseen: Foreseen | None = None
    """What the meter will do with this card; None where nobody can say."""
    voided: Sale | None = None
    """Of a cancellation, and of a re-issue that settled one: the sale whose money goes back, if that was not done."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What recovery settled; empty if nothing was open for this card."""

    resolved: tuple[Sale, ...]
    waiting: tuple[Sale, ...]
    """Still undecided, for other cards."""
    voided: tuple[Sale, ...] = ()
    """Sales whose cancellation was settled now: their money goes back, if that was not done."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A receipt came out."""

    sale: SaleId
    receipt: str
    copy: int
    printer: str


@dataclass(frozen=True, slots=True)
class ReceiptPdf:
    """A receipt to look at."""

    sale: SaleId
    receipt: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """Search results, and for which text."""

    text: str
    supplies: tuple[SupplyLine, ...]
    has_more: bool = False
    """True if more were found than are shown."""
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The life of a supply, newest first."""

    supply: SupplyFile
    entries: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class DeskState:
    """What rail, status bar and recent sales show."""

    office: Office
    desk: DeskNo
    now: datetime
    operator: Operator | None
    shift: Shift | None
    recent: tuple[Sale, ...]
    open_sales: tuple[Sale, ...]
    printer: str
    ledger_is_ok: bool = True
    has_drawer: bool = False
    handed_over: Shift | None = None
    """The shift before, if its counted drawer waits for the next cashier."""
    cash_over: Money = ZERO
    """The office's limit, while the drawer holds more than that: some of it belongs in the safe."""
    lock_minutes: int = LOCK_MINUTES
    """Without a touch, until the window locks itself; 0 never."""


@dataclass(frozen=True, slots=True)
class ShiftSales:
    """The sales of a shift, newest first, whatever became of them."""

    shift: ShiftNo
    sales: tuple[Sale, ...]


Answer = (
    Greeting
    | Session
    | Shift
    | CardReading
    | SupplyReading
    | SaleDone
    | Recovered
    | Printed
    | ReceiptPdf
    | Found
    | History
    | DeskState
    | ShiftSales
    | DeskSettings
    | LedgerProof
    | Approved
    | Operator
    | OperatorList
)
