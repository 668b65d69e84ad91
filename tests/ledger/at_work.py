"""Books at which the right person does each thing: tests of the rules of money need not name him each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from vending_app.domain.card import WriteBack
from vending_app.domain.ids import ApprovalId, CardNo, DeskNo, OperatorName, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, OperatorChange, Role, Shift
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.domain.sale import Purpose, Sale, SaleIntent
from vending_app.ledger import SqliteLedger

ANA = OperatorName("cashier")
STAFF = {
    Role.SUPERVISOR: Operator(OperatorName("supervisor"), "Sam Keller", Role.SUPERVISOR),
    Role.TECHNICIAN: Operator(OperatorName("technician"), "Petra Lind", Role.TECHNICIAN),
    Role.ADMINISTRATOR: Operator(OperatorName("administrator"), "Ada Vogel", Role.ADMINISTRATOR),
}
_BY = {
    Act.ISSUE: Role.TECHNICIAN,
    Act.VOID: Role.SUPERVISOR,
    Act.OPERATORS: Role.ADMINISTRATOR,
    Act.IMPORT: Role.ADMINISTRATOR,
}


def an_approval(act: Act, *, at: datetime, approval_id: str = "a" * 32) -> Approval:
    """The supervisor's word for the cashier."""
    until = at + timedelta(minutes=2)
    supervisor = STAFF[Role.SUPERVISOR].name
    return Approval(ApprovalId(approval_id), act, supervisor, ANA, bytes(32), at=at, until=until)


class AtWork(SqliteLedger):
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
        with self.by_right(Act.ISSUE if intent.purpose is Purpose.ISSUE else Act.SELL):
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

    def open_shift(self, *, desk: DeskNo, operator: OperatorName, float_cash: Money, at: datetime) -> Shift:
        with self.by_right(Act.SHIFT):
            return super().open_shift(desk=desk, operator=operator, float_cash=float_cash, at=at)

    def close_shift(self, shift: ShiftNo, *, counted: Money, at: datetime) -> Shift:
        with self.by_right(Act.SHIFT):
            return super().close_shift(shift, counted=counted, at=at)

    def mark_printed(self, sale: SaleId, *, at: datetime, is_copy: bool) -> int:
        with self.by_right(Act.PRINT):
            return super().mark_printed(sale, at=at, is_copy=is_copy)

    def change_operator(
        self, operator: Operator, how: OperatorChange, *, at: datetime, hashed: str | None = None
    ) -> None:
        with self.by_right(Act.OPERATORS):
            super().change_operator(operator, how, at=at, hashed=hashed)
