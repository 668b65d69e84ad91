"""What the services need of the books beside sales: the drawer, payments, closings, and who signs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from vending_app.domain.cash import CashCount, CashMovement, Counted
    from vending_app.domain.closing import Closing, ClosingKind, ShiftReport, Totals
    from vending_app.domain.ids import DeskNo, OperatorName, SaleId, ShiftNo, SupplyNo
    from vending_app.domain.money import Money
    from vending_app.domain.payment import Payment, TenderCorrection
    from vending_app.domain.people import Shift
    from vending_app.domain.sale import Sale


class Signer(Protocol):
    """Whoever answers for the books: every KeyVault does."""

    @property
    def signing_key(self) -> bytes:
        """The 32-byte Ed25519 public key of this office. Raises EnvironmentFault key-version-unknown, vault-locked."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of the office (RFC 8032). Raises as signing_key."""


@dataclass(frozen=True, slots=True)
class SaleProof:
    """One sale and its way up to a signed closing, as canonical JSON (docs/books.md)."""

    sale: SaleId
    text: str


class BookKeeping(Protocol):
    """The part of `ports.Ledger` that keeps cash and closes periods."""

    def correct_tender(self, correction: TenderCorrection, *, request: str) -> Sale:
        """Raises OperatorError sale-unknown, correction-too-late, tender-same, shift-closed, sale-id-reused."""

    # money without energy
    def pay(self, payment: Payment, *, request: str) -> Payment:
        """Post it and give it its number; the same id again gives back the first.

        Raises OperatorError books-restored, shift-closed, supply-unknown, payment-too-much, cash-not-there,
        sale-id-reused."""

    def refund_due(self, supply: SupplyNo) -> Money:
        """What reversals owe the customer."""

    def move_cash(self, movement: CashMovement, *, request: str) -> CashMovement:
        """Raises OperatorError shift-closed, cash-not-there, sale-id-reused."""

    def note_drawer_opened(self, *, operator: OperatorName, reason: str, at: datetime) -> None: ...
    def count_cash(self, shift: ShiftNo, counted: CashCount, *, at: datetime) -> Counted:
        """Store a count and tell what was expected. Raises OperatorError shift-closed."""

    def sign_open_sale(self, sale: SaleId, *, shift: ShiftNo, operator: OperatorName, note: str, at: datetime) -> None:
        """Raises OperatorError sale-unknown."""

    def signed_sales(self, shift: ShiftNo) -> frozenset[str]:
        """The ids of the interrupted sales of a shift that were signed for."""

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
        """Close by the newest count, with the Z. Raises OperatorError shift-closed, count-missing, count-outdated,
        shift-has-open-sales, difference-needs-reason."""

    def shift_report(self, shift: ShiftNo, *, is_blind: bool) -> ShiftReport:
        """The X of an open shift, or the Z of a closed one; `is_blind` leaves out what an open till should hold."""

    def handed_over(self, *, desk: DeskNo) -> Shift | None:
        """The closed shift whose counted cash waits in the drawer for its next cashier."""

    # closings
    def close_period(
        self, kind: ClosingKind, period: str, *, operator: OperatorName, at: datetime, signer: Signer
    ) -> Closing:
        """Close a day, month or year up to its last midnight.

        Raises OperatorError period-closed, period-part-open, period-has-open-shift, period-empty.
        """

    def day_to_close(self, *, today: date) -> date | None:
        """The oldest day on which something was booked that no closing covers, or today; None if today is closed."""

    def oldest_left(self, kind: ClosingKind) -> str:
        """The first month (year) of which days (months) are closed that no closing adds up; empty if there is none."""

    def closing(self, kind: ClosingKind, period: str, *, desk: DeskNo | None = None) -> Closing | None: ...
    def newest_closing(self, kind: ClosingKind, *, desk: DeskNo | None = None) -> Closing | None: ...
    def closings(self, kind: ClosingKind, *, limit: int = 50) -> tuple[Closing, ...]:
        """Newest first."""

    def period_totals(self, kind: ClosingKind, period: str, *, today: date) -> tuple[Totals, bool]:
        """What a day, month or year comes to, and whether it is closed; `today` is the day that runs."""

    def proof_of(self, sale: SaleId) -> SaleProof:
        """What a third party needs to check one sale. Raises OperatorError sale-unknown, sale-not-closed."""
