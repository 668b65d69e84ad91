"""Who is at the counter: a secret checked against its hash, with a delay that doubles after failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.people import LoginAttempts, Operator
from vending_app.ports import Clock, Ledger
from vending_app.services.passwords import matches

FREE_FAILURES = 3
"""So many slips of the finger cost no waiting."""
FIRST_DELAY_S = 2
LONGEST_DELAY_S = 900
"""A lock without end would let anybody lock out a colleague (OWASP Authentication Cheat Sheet)."""

# A hash of nothing anybody can type: an unknown name costs the same time as a wrong secret.
_NOBODY = "$argon2id$v=19$m=47104,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@dataclass(frozen=True, slots=True)
class Login:
    """Checks secrets; one per desk."""

    ledger: Ledger
    clock: Clock
    desk: DeskNo

    def log_in(self, name: OperatorName, secret: str) -> Operator:
        """The operator. Raises OperatorError login-refused, or login-wait (seconds) before any hash is computed."""
        stored = self.ledger.secret(name)
        now = self.clock()
        if stored is None:
            matches(secret, _NOBODY)
            raise OperatorError(Code.LOGIN_REFUSED, name=name)
        wait = seconds_to_wait(stored.attempts, now=now)
        if wait:
            raise OperatorError(Code.LOGIN_WAIT, seconds=wait)
        succeeded = matches(secret, stored.hashed)
        self.ledger.record_login(name, succeeded=succeeded, at=now, desk=self.desk)
        if not succeeded:
            raise OperatorError(Code.LOGIN_REFUSED, name=name)
        return stored.operator


def seconds_to_wait(attempts: LoginAttempts, *, now: datetime) -> int:
    """How long until the next try: nothing for the first failures, then 2, 4, 8 … seconds, at most a quarter hour."""
    if attempts.failures < FREE_FAILURES or attempts.last_at is None:
        return 0
    delay: int = min(FIRST_DELAY_S * 2 ** (attempts.failures - FREE_FAILURES), LONGEST_DELAY_S)
    left = attempts.last_at + timedelta(seconds=delay) - now
    # A clock set back must not lock anybody out for longer than the delay itself.
    seconds: int = -(-left // timedelta(seconds=1))
    return max(0, min(delay, seconds))
