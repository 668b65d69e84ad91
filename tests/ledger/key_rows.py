"""Rows about keys, by the administrator with the supervisor's word."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import count

from tests.ledger.at_work import STAFF
from vending_app.domain.ids import ApprovalId
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.ledger import DeskLedger

_WORDS = count(1)


def by_two(ledger: DeskLedger, *, at: datetime) -> AbstractContextManager[None]:
    administrator, supervisor = STAFF[Role.ADMINISTRATOR].name, STAFF[Role.SUPERVISOR].name
    word = Approval(
        ApprovalId(f"{next(_WORDS):032x}"),
        Act.KEYS,
        supervisor,
        administrator,
        bytes(32),
        at=at,
        until=at + timedelta(minutes=2),
    )
    return ledger.acting_as(Authority(administrator, Act.KEYS, word))


def an_event(deed: KeyDeed, version: int, check_value: str, *, at: datetime) -> KeyEvent:
    return KeyEvent(deed, version, check_value, (), "", at)


def tell(ledger: DeskLedger, deed: KeyDeed, version: int, check_value: str, *, at: datetime) -> None:
    with by_two(ledger, at=at):
        ledger.tell_of_key(an_event(deed, version, check_value, at=at))
