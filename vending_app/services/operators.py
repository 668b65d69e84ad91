"""Operators: entered, changed, locked and unlocked by an administrator; each chooses his own secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, OperatorChange, Role
from vending_app.domain.permissions import Act, strengthens
from vending_app.ports import Clock, Entropy, Ledger
from vending_app.services.login import Login
from vending_app.services.passwords import SALT_BYTES, Secrets, check_choice, pin_figures
from vending_app.services.people_cases import (
    AddOperator,
    Approvable,
    ChangeOperator,
    LockOperator,
    OperatorList,
    OperatorShown,
    ResetSecret,
    UnlockOperator,
)

_HOW: Mapping[type, OperatorChange] = {
    AddOperator: OperatorChange.ADD,
    ChangeOperator: OperatorChange.CHANGE,
    ResetSecret: OperatorChange.RESET,
    LockOperator: OperatorChange.LOCK,
    UnlockOperator: OperatorChange.UNLOCK,
}
NAME_LETTERS = 32
FULL_NAME_LETTERS = 80


@dataclass(frozen=True, slots=True)
class Operators:
    """Keeps the operators of the office; asked by an administrator, or by each about his own secret."""

    ledger: Ledger
    clock: Clock
    people_secrets: Secrets
    entropy: Entropy

    def all(self) -> OperatorList:
        """Everybody, the locked too: nobody is ever deleted."""
        return OperatorList(self.ledger.operators(), self.ledger.last_let_in())

    def show(self, name: OperatorName) -> OperatorShown:
        """What was ever changed about one. Raises OperatorError operator-unknown."""
        return OperatorShown(name, self.ledger.operator_changes(name))

    def add(self, asked: AddOperator) -> Operator:
        """Raises OperatorError name-refused, secret-weak, operator-exists."""
        check_names(asked.name, asked.full_name)
        added = Operator(asked.name, asked.full_name, asked.role, must_change=True)
        self._check_secret(added, asked.secret)
        added = replace(added, pin_figures=pin_figures(asked.role, asked.secret))
        self.ledger.enter_operator(added, self._hashed(added, asked.secret), at=self.clock())
        return added

    def change(self, asked: ChangeOperator) -> Operator:
        """What is so already leaves no row. Raises OperatorError name-refused, operator-unknown, operator-last."""
        found = self._known(asked.name)
        changed = replace(
            found,
            full_name=found.full_name if asked.full_name is None else asked.full_name,
            role=asked.role or found.role,
        )
        _check_name(changed.full_name, most=FULL_NAME_LETTERS)
        if changed == found:
            return found
        if needs_other_secret(found.role, changed.role):
            changed = replace(changed, must_change=True)
        return self._keep(changed, OperatorChange.CHANGE)

    def reset(self, asked: ResetSecret) -> Operator:
        """Raises OperatorError operator-unknown, secret-weak."""
        found = self._known(asked.name)
        self._check_secret(found, asked.secret)
        figures = pin_figures(found.role, asked.secret)
        changed = replace(found, must_change=True, pin_figures=figures)
        return self._keep(changed, OperatorChange.RESET, hashed=self._hashed(found, asked.secret))

    def lock(self, name: OperatorName) -> Operator:
        """Raises OperatorError operator-unknown, operator-last."""
        return self._keep(replace(self._known(name), is_active=False), OperatorChange.LOCK)

    def unlock(self, name: OperatorName) -> Operator:
        """Raises OperatorError operator-unknown."""
        return self._keep(replace(self._known(name), is_active=True), OperatorChange.UNLOCK)

    def choose_own(self, operator: Operator, *, old: str, new: str, login: Login) -> Operator:
        """Somebody's own choice. Raises OperatorError login-… for the old secret, secret-weak for the new one."""
        login.log_in(operator.name, old)
        if new == old:
            raise OperatorError(Code.SECRET_WEAK, reason="it is the old one")
        self._check_secret(operator, new)
        changed = replace(operator, must_change=False, pin_figures=pin_figures(operator.role, new))
        return self._keep(changed, OperatorChange.OWN_SECRET, hashed=self._hashed(operator, new))

    def act_of(self, asked: Approvable) -> Act:
        """By which right: more than an administrator has alone where it opens a word that approves."""
        before = self.ledger.operator(asked.name)
        if isinstance(asked, AddOperator):
            before, after = None, Operator(asked.name, asked.full_name, asked.role)
        elif before is None:
            return Act.OPERATORS
        else:
            after = replace(before, role=(asked.role if isinstance(asked, ChangeOperator) else None) or before.role)
        return Act.APPROVERS if strengthens(before, after, _HOW[type(asked)]) else Act.OPERATORS

    def _known(self, name: OperatorName) -> Operator:
        found = self.ledger.operator(name)
        if found is None:
            raise OperatorError(Code.OPERATOR_UNKNOWN, name=name)
        return found

    def _keep(self, changed: Operator, how: OperatorChange, *, hashed: str | None = None) -> Operator:
        self.ledger.change_operator(changed, how, hashed=hashed, at=self.clock())
        return changed

    def _check_secret(self, operator: Operator, secret: str) -> None:
        office = self.ledger.office()
        check_choice(operator, secret, office=office.name, numbers=(office.help_phone, office.tax_number))

    def _hashed(self, operator: Operator, secret: str) -> str:
        return self.people_secrets.hashed(operator.name, secret, salt=self.entropy(SALT_BYTES))


def needs_other_secret(before: Role, after: Role) -> bool:
    """A cashier types a PIN, everybody else a passphrase."""
    return (before is Role.CASHIER) != (after is Role.CASHIER)


def check_names(name: str, full_name: str) -> None:
    """Of somebody new. Raises OperatorError name-refused."""
    _check_name(name, most=NAME_LETTERS, may_have_spaces=False)
    _check_name(full_name, most=FULL_NAME_LETTERS)


def _check_name(name: str, *, most: int, may_have_spaces: bool = True) -> None:
    is_fit = name.isprintable() and name == name.strip() and 0 < len(name) <= most
    if not is_fit or (" " in name and not may_have_spaces):
        raise OperatorError(Code.NAME_REFUSED, name=name)
