"""What a page may ask about the drawer, what went wrong, and closing: frozen values that cross threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.cash import CashKind
from vending_app.domain.closing import Closing, ClosingKind, Totals
from vending_app.domain.ids import ActId, ApprovalId, OperatorName, ReaderName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment
from vending_app.domain.people import Shift
from vending_app.domain.sale import Sale, TenderKind
from vending_app.services.use_cases import SaleDone

# --- the drawer ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoveCash:
    """Cash in or out without a sale. Answer: CashMovement. Fails with shift-closed, cash-not-there, reason-missing."""

    id: ActId
    kind: CashKind
    amount: Money
    reason: str = ""
    """Needed for everything but cash from and to the safe."""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """Open the drawer without a sale; it is noted. Answer: DrawerOpened. Fails with drawer-missing, printer-failed."""

    reason: str
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class DrawerOpened:
    """It sprang open."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CountCash:
    """What was counted; kept for good. Answer: Counted, which tells only now what was expected."""

    pieces: tuple[tuple[Money, int], ...] = ()
    """Note or coin, and how many."""
    total: Money | None = None
    """Instead of pieces."""


# --- the shift -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowX:
    """The open shift of this desk as it stands. Answer: ShiftReport."""


@dataclass(frozen=True, slots=True)
class ShowZ:
    """A closed shift as its Z told it; the newest of this desk without a number. Answer: ShiftReport."""

    shift: ShiftNo | None = None


@dataclass(frozen=True, slots=True)
class PrintShiftReport:
    """Print the X of the open shift, or the Z of a closed one. Answer: ReportPrinted. Fails with printer-failed."""

    shift: ShiftNo


@dataclass(frozen=True, slots=True)
class ShowShiftReport:
    """The PDF of an X or a Z. Answer: ReportPdf."""

    shift: ShiftNo


@dataclass(frozen=True, slots=True)
class ReportPrinted:
    """An X or a Z came out."""

    title: str
    printer: str


@dataclass(frozen=True, slots=True)
class ReportPdf:
    """An X or a Z to look at."""

    title: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class SignOpenSale:
    """A supervisor answers for an interrupted sale, so that its shift may close. Answer: OpenSales."""

    sale: SaleId
    note: str
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class CloseCountedShift:
    """Close the shift of this desk by its newest count. Answer: ShiftClosed.

    Fails with count-missing, count-outdated, shift-has-open-sales, difference-needs-reason.
    """

    reason: str = ""
    """Why the count differs."""
    hand_to: OperatorName | None = None
    """Who takes the counted drawer over; None brings it to the safe."""


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """A shift is over."""

    shift: Shift
    closing: Closing


@dataclass(frozen=True, slots=True)
class ListOpenSales:
    """Everything that waits for its card, at every desk. Answer: OpenSales."""


@dataclass(frozen=True, slots=True)
class OpenSale:
    """One of them, and for how long it has waited."""

    sale: Sale
    minutes: int
    is_signed: bool
    """Whether a supervisor signed for it in the shift that is open here."""


@dataclass(frozen=True, slots=True)
class OpenSales:
    """Oldest first."""

    sales: tuple[OpenSale, ...]


# --- what went wrong -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindReceipt:
    """The sale of a receipt number. Answer: Sale. Fails with sale-unknown."""

    receipt: str


@dataclass(frozen=True, slots=True)
class VoidSale:
    """Undo an interrupted sale whose card shows that it does not carry it. Answer: Voided.

    In a restored office a card with newer orders is left as it is, and the books alone are told.

    Fails with sale-on-card (it does: finish it, then reverse), sale-in-meter (the meter took it: likewise),
    shift-closed, cash-not-there (money goes back, and from the drawer if it was paid in cash), sale-unknown,
    reason-missing, and as a sale does.
    """

    id: SaleId
    """Of the order that makes sure of it."""
    sale: SaleId
    reason: str
    reader: ReaderName | None = None
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class Voided:
    """A sale is undone, and the card carries the total as it was, or what books that were lost wrote on it since."""

    sale: Sale
    give_back: Money
    """What the customer had paid; nothing of a reversal, and where it was undone before, in books that were lost."""
    done: SaleDone
    """The order that makes sure of it; the sale itself where none was written."""

    @property
    def is_on_card(self) -> bool:
        """Whether an order was written that makes sure of it."""
        return self.done.sale.id != self.sale.id


@dataclass(frozen=True, slots=True)
class ShowReversal:
    """Whether a posted sale may be reversed, and what the meter may have done. Answer: ReversalAdvice."""

    sale: SaleId


@dataclass(frozen=True, slots=True)
class ReverseSale:
    """Take a posted sale back by a new order with the lower total. Answer: Reversed.

    Fails with reversal-not-newest, reversal-too-late, reversal-used, card-wrong-supply, reason-missing, and as a sale.
    Asked again with the same id (and `refund`) it is finished and paid once: card-swapped with another card in the
    reader, sale-voided if it was undone since. If its card does not carry it, it is refused as if it were begun now;
    books-restored if these come from a copy.
    """

    id: SaleId
    sale: SaleId
    reason: str
    refund: ActId
    """Of the payment that gives the money back."""
    pay_by: TenderKind | None = TenderKind.CASH
    """None leaves the money due to the customer."""
    reader: ReaderName | None = None
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class Reversed:
    """A sale is taken back."""

    done: SaleDone
    refund: Payment | None
    """None while the money is still due."""
    due: Money


@dataclass(frozen=True, slots=True)
class PayRefund:
    """Pay out what a reversal left due. Answer: Payment.

    Fails with payment-too-much, cash-not-there, shift-closed, books-restored.
    """

    id: ActId
    supply: SupplyNo
    amount: Money
    tender: TenderKind = TenderKind.CASH
    reference: str = ""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class PayArrears:
    """A customer pays what he owes, without buying. Answer: Payment.

    Fails with payment-too-much, shift-closed, books-restored.
    """

    id: ActId
    supply: SupplyNo
    amount: Money
    tender: TenderKind = TenderKind.CASH
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PrintPayment:
    """Print the slip of a payment. Answer: ReportPrinted. Fails with printer-failed: the payment stands."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class CorrectTender:
    """A sale of this shift was paid otherwise than booked. Answer: Sale.

    Fails with correction-too-late, correction-elsewhere, tender-same, sale-unknown, reason-missing,
    tender-needs-reference.
    """

    id: ActId
    sale: SaleId
    tender: TenderKind
    reason: str
    reference: str = ""
    approval: ApprovalId | None = None


# --- closing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """Close a day, a month or a year. Answer: Closing.

    Fails with period-closed, period-part-open, period-has-open-shift, period-empty, period-not-over, period-not-a-date.
    """

    kind: ClosingKind
    period: str = ""
    """`2026-11-25`, `2026-11` or `2026`; empty closes today, or the newest month or year that is over."""


@dataclass(frozen=True, slots=True)
class ListClosings:
    """Answer: Closings."""

    kind: ClosingKind


@dataclass(frozen=True, slots=True)
class Closings:
    """Newest first, and what of this kind may be closed now."""

    kind: ClosingKind
    closings: tuple[Closing, ...]
    closable: str
    """The period that would be closed; empty if none is open."""


@dataclass(frozen=True, slots=True)
class ShowPeriod:
    """What a day, month or year comes to, closed or not. Answer: PeriodTotals. Fails with period-not-a-date."""

    kind: ClosingKind
    period: str = ""
    """Empty for the one that runs."""


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """A period and what it comes to."""

    period: str
    totals: Totals
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ProveSale:
    """A file by which a stranger checks one sale. Answer: SaleProof. Fails with sale-unknown, sale-not-closed."""

    sale: SaleId


Approvable = MoveCash | OpenDrawer | SignOpenSale | VoidSale | ReverseSale | PayRefund | CorrectTender
"""What may need somebody's approval, given in its field `approval`."""
