"""Books at which the right person does each thing: tests of the rules of money need not name him each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vending_app.domain.card import WriteBack
from vending_app.domain.card_ahead import CardAhead
from vending_app.domain.cash import CashCount, CashMovement, Counted
from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.ids import ApprovalId, CardNo, DeskNo, OperatorName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment, PaymentKind, TenderCorrection
from vending_app.domain.people import Operator, OperatorChange, Role, Shift
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.domain.restoring import PaperReceipt, Reentry
from vending_app.domain.sale import Purpose, Sale, SaleIntent
from vending_app.ledger import DeskLedger
from vending_app.ports.book_keeping import Signer

ANA = OperatorName("cashier")
STAFF = {
    Role.SUPERVISOR: Operator(OperatorName("supervisor"), "Sam Keller", Role.SUPERVISOR),
    Role.TECHNICIAN: Operator(OperatorName("technician"), "Petra Lind", Role.TECHNICIAN),
    Role.ADMINISTRATOR: Operator(OperatorName("administrator"), "Ada Vogel", Role.ADMINISTRATOR),
}
_BY = {
    Act.ISSUE: Role.TECHNICIAN,
    Act.REISSUE: Role.TECHNICIAN,
    Act.VOID: Role.SUPERVISOR,
    Act.REVERSAL: Role.SUPERVISOR,
    Act.REFUND: Role.SUPERVISOR,
    Act.TENDER_CORRECTION: Role.SUPERVISOR,
    Act.CLOSE_DAY: Role.SUPERVISOR,
    Act.OPERATORS: Role.ADMINISTRATOR,
    Act.IMPORT: Role.ADMINISTRATOR,
    Act.REENTER: Role.SUPERVISOR,
}


_RESERVES = {
    Purpose.SALE: Act.SELL,
    Purpose.ISSUE: Act.ISSUE,
    Purpose.REVERSAL: Act.REVERSAL,
    Purpose.CANCELLATION: Act.VOID,
}


class OfficeKey:
    """`ports.Signer` without a vault."""

    def __init__(self, seed: bytes = bytes(range(32))) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def signing_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


SIGNER = OfficeKey()


def an_approval(act: Act, *, at: datetime, approval_id: str = "a" * 32) -> Approval:
    """The supervisor's word for the cashier."""
    until = at + timedelta(minutes=2)
    supervisor = STAFF[Role.SUPERVISOR].name
    return Approval(ApprovalId(approval_id), act, supervisor, ANA, bytes(32), at=at, until=until)


class AtWork(DeskLedger):
    """The books, and for each method somebody whose role allows it."""

    @contextmanager
    def by_right(self, act: Act) -> Iterator[None]:
        """Whoever may do this alone, unless the test named somebody."""
        if self._books.authority is not None:
            yield
            return
        name = STAFF[_BY[act]].name if act in _BY else ANA
        with self.acting_as(Authority(name, act)):
            yield

    def reserve(self, intent: SaleIntent) -> Sale:
        with self.by_right(_RESERVES[intent.purpose]):
            return super().reserve(intent)

    def mark_in_doubt(self, sale: SaleId, *, reason: str, at: datetime) -> Sale:
        with self.by_right(Act.FINISH):
            return super().mark_in_doubt(sale, reason=reason, at=at)

    def post(self, sale: SaleId, *, at: datetime) -> Sale:
        with self.by_right(Act.FINISH):
            return super().post(sale, at=at)

    def void(self, sale: SaleId, *, reason: str, at: datetime) -> Sale:
        with self.by_right(Act.VOID):
            return super().void(sale, reason=reason, at=at)

    def harvest(self, write_back: WriteBack, *, supply: SupplyNo, card: CardNo, record: bytes, at: datetime) -> bool:
        with self.by_right(Act.LOOK):
            return super().harvest(write_back, supply=supply, card=card, record=record, at=at)

    def note_code_refused(self, card: CardNo, *, at: datetime) -> None:
        with self.by_right(Act.LOOK):
            super().note_code_refused(card, at=at)

    def note_tries_spent(self, card: CardNo, spent: int, *, at: datetime) -> None:
        with self.by_right(Act.LOOK):
            super().note_tries_spent(card, spent, at=at)

    def note_ahead(self, card: CardNo, found: CardAhead | None, *, at: datetime) -> None:
        with self.by_right(Act.LOOK):
            super().note_ahead(card, found, at=at)

    def open_shift(self, *, desk: DeskNo, operator: OperatorName, float_cash: Money, at: datetime) -> Shift:
        with self.by_right(Act.SHIFT):
            return super().open_shift(desk=desk, operator=operator, float_cash=float_cash, at=at)

    def cancel(self, sale: SaleId, cancellation: SaleIntent) -> Sale:
        with self.by_right(Act.VOID):
            return super().cancel(sale, cancellation)

    def reissue(self, waiting: SaleId, issue: SaleIntent, *, at: datetime) -> Sale:
        with self.by_right(Act.REISSUE):
            return super().reissue(waiting, issue, at=at)

    def move_cash(self, movement: CashMovement, *, request: str) -> CashMovement:
        with self.by_right(Act.CASH):
            return super().move_cash(movement, request=request)

    def count_cash(self, shift: ShiftNo, counted: CashCount, *, at: datetime) -> Counted:
        with self.by_right(Act.SHIFT):
            return super().count_cash(shift, counted, at=at)

    def pay(self, payment: Payment, *, request: str) -> Payment:
        with self.by_right(Act.SELL if payment.kind is PaymentKind.ARREARS else Act.REFUND):
            return super().pay(payment, request=request)

    def correct_tender(self, correction: TenderCorrection, *, request: str) -> Sale:
        with self.by_right(Act.TENDER_CORRECTION):
            return super().correct_tender(correction, request=request)

    def close_shift(
        self,
        shift: ShiftNo,
        *,
        operator: OperatorName = ANA,
        reason: str = "",
        handed_to: OperatorName | None = None,
        at: datetime,
        signer: Signer = SIGNER,
    ) -> tuple[Shift, Closing]:
        with self.by_right(Act.SHIFT):
            return super().close_shift(
                shift, operator=operator, reason=reason, handed_to=handed_to, at=at, signer=signer
            )

    def close_period(
        self,
        kind: ClosingKind,
        period: str,
        *,
        operator: OperatorName = STAFF[Role.SUPERVISOR].name,
        at: datetime,
        signer: Signer = SIGNER,
    ) -> Closing:
        with self.by_right(Act.CLOSE_DAY):
            return super().close_period(kind, period, operator=operator, at=at, signer=signer)

    def note_drawer_opened(self, *, operator: OperatorName, reason: str, at: datetime) -> None:
        with self.by_right(Act.DRAWER):
            super().note_drawer_opened(operator=operator, reason=reason, at=at)

    def mark_printed(self, sale: SaleId, *, at: datetime, is_copy: bool) -> int:
        with self.by_right(Act.PRINT):
            return super().mark_printed(sale, at=at, is_copy=is_copy)

    def end_restoration(self, papers: Iterable[PaperReceipt], *, at: datetime) -> tuple[PaperReceipt, ...]:
        with self.by_right(Act.REENTER):
            return super().end_restoration(papers, at=at)

    def reenter(self, entry: Reentry, *, at: datetime) -> Sale:
        with self.by_right(Act.REENTER):
            return super().reenter(entry, at=at)

    def change_operator(
        self, operator: Operator, how: OperatorChange, *, at: datetime, hashed: str | None = None
    ) -> None:
        with self.by_right(Act.OPERATORS):
            super().change_operator(operator, how, at=at, hashed=hashed)
