"""Who is at the counter: a secret checked against its hash, with a delay that doubles after failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.people import LoginAttempts, Operator, OperatorChange
from vending_app.domain.permissions import Act, Authority
from vending_app.ports import Clock, Entropy, Ledger, StoredSecret
from vending_app.services.passwords import NOBODY, SALT_BYTES, Secrets, is_keyed

FREE_FAILURES = 3
"""So many slips of the finger cost no waiting."""
FIRST_DELAY_S = 2
LONGEST_DELAY_S = 900
"""Of who is needed (the last administrator), whom nobody could unlock; everybody else is locked after ten failures."""


@dataclass(frozen=True, slots=True)
class Login:
    """Checks secrets; one per desk."""

    ledger: Ledger
    clock: Clock
    desk: DeskNo
    people_secrets: Secrets
    entropy: Entropy

    def log_in(self, name: OperatorName, secret: str) -> Operator:
        """The operator.

        Raises OperatorError login-refused; login-locked, or login-wait (seconds), before any hash is computed.
        """
        stored = self.ledger.secret(name)
        now = self.clock()
        if stored is None:
            self.people_secrets.match(name, secret, NOBODY)
            raise OperatorError(Code.LOGIN_REFUSED, name=name)
        if not stored.operator.is_active:
            raise OperatorError(Code.LOGIN_LOCKED, name=name)
        wait = seconds_to_wait(stored.attempts, now=now)
        if wait:
            raise OperatorError(Code.LOGIN_WAIT, seconds=wait)
        self._check(stored, secret, now)
        return stored.operator

    def _check(self, stored: StoredSecret, secret: str, now: datetime) -> None:
        name = stored.operator.name
        succeeded = self.people_secrets.match(name, secret, stored.hashed)
        self.ledger.record_login(name, succeeded=succeeded, at=now, desk=self.desk)
        if not succeeded:
            raise OperatorError(Code.LOGIN_REFUSED, name=name)
        if not is_keyed(stored.hashed):
            self._key_again(stored.operator, secret, now)

    def _key_again(self, operator: Operator, secret: str, now: datetime) -> None:
        """A hash of the first version is made anew with the vault's key, now that the secret is at hand."""
        hashed = self.people_secrets.hashed(operator.name, secret, salt=self.entropy(SALT_BYTES))
        with self.ledger.acting_as(Authority(operator.name, Act.SECRET)):
            self.ledger.change_operator(operator, OperatorChange.REKEY, hashed=hashed, at=now)


def seconds_to_wait(attempts: LoginAttempts, *, now: datetime) -> int:
    """How long until the next try: nothing for the first failures, then 2, 4, 8 … seconds, at most a quarter hour."""
    if attempts.failures < FREE_FAILURES or attempts.last_at is None:
        return 0
    delay: int = min(FIRST_DELAY_S * 2 ** (attempts.failures - FREE_FAILURES), LONGEST_DELAY_S)
    left = attempts.last_at + timedelta(seconds=delay) - now
    # A clock set back must not lock anybody out for longer than the delay itself.
    seconds: int = -(-left // timedelta(seconds=1))
    return max(0, min(delay, seconds))
