"""PostgreSQL's troubles in our words; what is not known here is a bug and stays what it is."""

from __future__ import annotations

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.ledger.postgres_wire import AnswerLate, ServerError, ServerLost

_CODES = {
    "57014": Code.LEDGER_SERVER_SLOW,  # a statement took longer than statement_timeout
    "25P03": Code.LEDGER_SERVER_SLOW,  # this desk stood still inside a transaction
    "55P03": Code.LEDGER_BUSY,  # another desk held a row longer than lock_timeout
    "40001": Code.LEDGER_BUSY,
    "40P01": Code.LEDGER_BUSY,
    "53100": Code.LEDGER_DISK_FULL,
    "25006": Code.LEDGER_UNAVAILABLE,  # a standby, which only reads
    "58030": Code.LEDGER_UNAVAILABLE,  # its disk
    "XX001": Code.LEDGER_DAMAGED,
    "XX002": Code.LEDGER_DAMAGED,
    "3D000": Code.LEDGER_MISSING,  # no such database
    "3F000": Code.LEDGER_MISSING,  # no such schema
    "42P01": Code.LEDGER_MISSING,  # no such table
    "22023": Code.LEDGER_MISSING,  # no such role
    "42501": Code.LEDGER_SERVER_REFUSED,
}
_CLASSES = {
    "08": Code.LEDGER_SERVER_GONE,
    "28": Code.LEDGER_SERVER_REFUSED,
    "53": Code.LEDGER_UNAVAILABLE,  # no memory, no connection left
    "57": Code.LEDGER_SERVER_GONE,  # it is stopping, or starting
}

INTEGRITY = "23"
"""The class of errors with which the database refuses a row: a key, a check, a trigger."""

RACES = frozenset({"open_sales_pkey", "write_backs_supply_card_record_key", "journal_desk_number_key", "receipts"})
"""Keys that two may reach for at once although each held its supply: one card before two supplies, two programs at one
desk of which one writes at once."""


def fault(cause: ServerError | ServerLost, where: str) -> EnvironmentFault | None:
    """The trouble in our words; None if it is not the surroundings' fault but a bug."""
    if isinstance(cause, ServerLost):
        code = Code.LEDGER_SERVER_SLOW if isinstance(cause, AnswerLate) else Code.LEDGER_SERVER_GONE
        return EnvironmentFault(code, server=where)
    found = _CODES.get(cause.sqlstate) or _CLASSES.get(cause.sqlstate[:2])
    if cause.sqlstate == "23505" and cause.constraint in RACES:
        found = Code.LEDGER_BUSY
    return EnvironmentFault(found, server=where, reason=cause.sqlstate) if found else None


def fault_of_connecting(text: str, where: str) -> EnvironmentFault:
    """Why there is no connection. The driver tells it as a text only; it names no password."""
    is_refusal = "FATAL:" in text and not any(passing in text for passing in _PASSING)
    return EnvironmentFault(Code.LEDGER_SERVER_REFUSED if is_refusal else Code.LEDGER_SERVER_GONE, server=where)


_PASSING = ("starting up", "shutting down", "recovery", "too many", "remaining connection slots", "terminating")
"""Refusals that pass by themselves."""
