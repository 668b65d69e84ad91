"""Vending allowances: granted and signed by the office, entered in the books of the desk that is held to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vending_app.domain.allowance import MOST, Allowance, Grant, SignedGrant
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, KeyVault, Ledger
from vending_app.services import allowance_cases as ask
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


@dataclass(frozen=True, slots=True)
class AllowanceDesk:
    """Whoever answers for what desks may sell."""

    ledger: Ledger
    vault: KeyVault
    clock: Clock
    desk: DeskNo

    def show(self, desk: DeskNo | None) -> ask.AllowanceShown:
        wanted = self.desk if desk is None else desk
        return ask.AllowanceShown(wanted, self.ledger.allowance(wanted))

    def list(self) -> ask.AllowancesShown:
        return ask.AllowancesShown(tuple(self.show(desk.number) for desk in self.ledger.desks()))

    def grant(self, command: ask.GrantAllowance) -> ask.AllowanceShown:
        """Raises as the use case says."""
        now = self.clock().astimezone().replace(microsecond=0)
        if command.energy is not None and not NO_ENERGY <= command.energy <= MOST:
            raise OperatorError(Code.ALLOWANCE_AMOUNT, most=MOST)
        if command.until < now.date():
            raise OperatorError(Code.ALLOWANCE_DAY, until=command.until)
        grant = Grant(
            utility=self.ledger.office().utility,
            desk=command.desk,
            number=command.number or self.ledger.newest_grant(command.desk) + 1,
            energy=command.energy,
            until=command.until,
            granted_at=now,
        )
        signed = SignedGrant(grant, self.vault.sign(grant.message))
        if command.number is not None:
            return ask.AllowanceShown(command.desk, Allowance(signed, NO_ENERGY))
        return self._enter(signed)

    def take(self, command: ask.TakeGrant) -> ask.AllowanceShown:
        """Raises as the use case says."""
        grant = command.signed.grant
        if grant.utility != self.ledger.office().utility:
            raise OperatorError(Code.ALLOWANCE_REFUSED, why="utility")
        if not self.vault.has_signed(grant.message, command.signed.signature):
            raise OperatorError(Code.ALLOWANCE_REFUSED, why="signature")
        return self._enter(command.signed)

    def _enter(self, signed: SignedGrant) -> ask.AllowanceShown:
        self.ledger.enter_grant(signed, at=self.clock())
        return self.show(signed.grant.desk)


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowAllowance: (Act.LOOK, lambda asked, _: _desk(counter).show(asked.desk)),
        ask.ListAllowances: (Act.LOOK, lambda _, __: _desk(counter).list()),
        ask.GrantAllowance: (Act.ALLOWANCE, lambda asked, _: _desk(counter).grant(asked)),
        ask.TakeGrant: (Act.ALLOWANCE, lambda asked, _: _desk(counter).take(asked)),
    }


def _desk(counter: Counter) -> AllowanceDesk:
    out = counter.outside
    return AllowanceDesk(out.ledger, out.vault, out.clock, out.desk)
