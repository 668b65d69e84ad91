"""The drawer and the shift: opened with a float, moved, counted blind, closed with a Z (row C3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vending_app.domain.cash import CashCount, CashKind, CashMovement, Counted
from vending_app.domain.closing import ClosingKind, ShiftReport
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName, ShiftNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Operator, Shift
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, Drawer, Ledger
from vending_app.ports.book_keeping import Signer
from vending_app.services import book_cases as ask

MINUTE = timedelta(minutes=1)
REASON_NEEDED = frozenset({CashKind.PAID_IN, CashKind.PAID_OUT})


def act_of_movement(command: ask.MoveCash) -> Act:
    """Cash that leaves for anybody but the safe needs somebody's word."""
    return Act.CASH_OVER if command.kind is CashKind.PAID_OUT else Act.CASH


def act_of_closing(command: ask.CloseCountedShift, *, shift: Shift | None, operator: Operator | None) -> Act:
    """Closing for a colleague who is not there is a right of its own, and so is handing the drawer over."""
    if shift is not None and operator is not None and shift.operator != operator.name:
        return Act.CLOSE_OTHER_SHIFT
    return Act.HANDOVER if command.hand_to else Act.SHIFT


@dataclass(frozen=True, slots=True)
class Till:
    """One desk's drawer, in the hands of whoever is logged in."""

    ledger: Ledger
    clock: Clock
    desk: DeskNo
    drawer: Drawer
    signer: Signer
    operator: OperatorName
    is_blind: bool

    def open(self, float_cash: Money) -> Shift:
        """Raises OperatorError amount-not-positive for a float below zero, shift-already-open, handover-…"""
        if float_cash < ZERO:
            raise OperatorError(Code.AMOUNT_NOT_POSITIVE, amount=float_cash)
        return self.ledger.open_shift(desk=self.desk, operator=self.operator, float_cash=float_cash, at=self.clock())

    def move(self, command: ask.MoveCash) -> CashMovement:
        """Raises OperatorError amount-not-positive, reason-missing, shift-closed, cash-not-there."""
        if command.amount <= ZERO:
            raise OperatorError(Code.AMOUNT_NOT_POSITIVE, amount=command.amount)
        if command.kind in REASON_NEEDED:
            require_reason(command.reason)
        movement = CashMovement(
            id=command.id,
            shift=self.shift().number,
            kind=command.kind,
            amount=command.amount,
            reason=command.reason.strip(),
            at=self.clock(),
            operator=self.operator,
        )
        request = f"cash {command.kind.value} minor={command.amount.minor} reason={movement.reason}"
        return self.ledger.move_cash(movement, request=request)

    def open_drawer(self, command: ask.OpenDrawer) -> ask.DrawerOpened:
        """Noted before it opens: nobody opens it unseen. Raises OperatorError drawer-missing, reason-missing."""
        require_reason(command.reason)
        self.drawer.require()
        at = self.clock()
        self.ledger.note_drawer_opened(operator=self.operator, reason=command.reason.strip(), at=at)
        self.drawer.kick()
        return ask.DrawerOpened(at)

    def count(self, command: ask.CountCash) -> Counted:
        """Raises OperatorError count-not-a-number, amount-not-positive, shift-closed."""
        counted = CashCount(command.total) if command.total is not None else CashCount.of_pieces(command.pieces)
        if counted.total < ZERO:
            raise OperatorError(Code.AMOUNT_NOT_POSITIVE, amount=counted.total)
        return self.ledger.count_cash(self.shift().number, counted, at=self.clock())

    def x(self) -> ShiftReport:
        """The open shift as it stands. Raises OperatorError shift-closed."""
        return self.ledger.shift_report(self.shift().number, is_blind=self.is_blind)

    def z(self, command: ask.ShowZ) -> ShiftReport:
        """A closed shift. Raises OperatorError shift-closed if there is none."""
        if command.shift is not None:
            return self.ledger.shift_report(command.shift, is_blind=self.is_blind)
        newest = self.ledger.newest_closing(ClosingKind.SHIFT, desk=self.desk)
        if newest is None:
            raise OperatorError(Code.SHIFT_CLOSED, desk=self.desk)
        return self.ledger.shift_report(ShiftNo(int(newest.period)), is_blind=self.is_blind)

    def close(self, command: ask.CloseCountedShift) -> ask.ShiftClosed:
        """By the newest count. Raises as the use case says, and operator-unknown for a successor nobody knows."""
        if command.hand_to is not None:
            self._require_successor(command.hand_to)
        shift, closing = self.ledger.close_shift(
            self.shift().number,
            operator=self.operator,
            reason=command.reason,
            handed_to=command.hand_to,
            at=self.clock(),
            signer=self.signer,
        )
        return ask.ShiftClosed(shift, closing)

    def sign(self, command: ask.SignOpenSale) -> ask.OpenSales:
        """Raises OperatorError reason-missing, sale-unknown for one that does not wait in this shift."""
        require_reason(command.note)
        self.ledger.sign_open_sale(
            command.sale,
            shift=self.shift().number,
            operator=self.operator,
            note=command.note.strip(),
            at=self.clock(),
        )
        return self.open_sales()

    def open_sales(self) -> ask.OpenSales:
        """Everything that waits, oldest first."""
        shift = self.ledger.shift(desk=self.desk)
        signed = self.ledger.signed_sales(shift.number) if shift else frozenset()
        now = self.clock()
        return ask.OpenSales(
            tuple(
                ask.OpenSale(sale, max(0, (now - sale.intent.at) // MINUTE), sale.id in signed)
                for sale in self.ledger.open_sales()
            )
        )

    def shift(self) -> Shift:
        """The open one. Raises OperatorError shift-closed."""
        shift = self.ledger.shift(desk=self.desk)
        if shift is None:
            raise OperatorError(Code.SHIFT_CLOSED, desk=self.desk)
        return shift

    def _require_successor(self, name: OperatorName) -> None:
        if name == self.operator or all(known.name != name for known in self.ledger.operators()):
            raise OperatorError(Code.HANDOVER_OTHER, operator=name)


def require_reason(text: str) -> None:
    """Raises OperatorError reason-missing."""
    if not text.strip():
        raise OperatorError(Code.REASON_MISSING)
