"""Vending allowances in the books: each grant a row, and what is left of a desk's newest one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vending_app.domain.allowance import Allowance, Grant, SignedGrant, require_allowed
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.sale import SaleIntent
from vending_app.ledger import people, vended
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind

_NEWEST = "SELECT * FROM allowances WHERE desk = ? ORDER BY number DESC LIMIT 1"
_TOLD_LAST = """
SELECT max(at) FROM journal WHERE desk = ? AND id > (SELECT max(journal) FROM allowances WHERE desk = ?)
"""
"""A clock set back gives no day again. What was told before the newest grant counts for nothing: who grants anew has
looked at the clock."""


def enter(books: Books, signed: SignedGrant, *, at: datetime) -> None:
    """It holds from now on. Raises OperatorError allowance-refused for one that is not newer, desk-unknown."""
    grant = signed.grant
    with books.writing():
        # Two that enter grants for the same desk wait here for each other.
        books.lock_office()
        if books.value("SELECT 1 FROM desks WHERE number = ?", (grant.desk,)) is None:
            raise OperatorError(Code.DESK_UNKNOWN, desk=grant.desk)
        if grant.number <= newest_number(books, grant.desk):
            raise OperatorError(Code.ALLOWANCE_REFUSED, why="old")
        with acting(books, Kind.ALLOWANCE, at=at) as page:
            page.insert("allowances", _row(signed, at))


def newest_number(books: Books, desk: DeskNo) -> int:
    """Of the newest grant of a desk; 0 without one."""
    return int(books.value("SELECT coalesce(max(number), 0) FROM allowances WHERE desk = ?", (desk,)))


def standing(books: Books, desk: DeskNo) -> Allowance | None:
    """None for a desk that was never limited."""
    row = books.one(_NEWEST, (desk,))
    if row is None:
        return None
    signed = _signed_of(row, people.office(books).utility)
    return Allowance(signed, vended.since(books, signed.grant, row["journal"]))


def check(books: Books, intent: SaleIntent, *, is_limited: bool) -> None:
    """What a desk may sell falls with the row of this order, before the card is touched; most desks never were limited.

    Raises OperatorError allowance-over, allowance-spent.
    """
    energy = vended.by(intent) if is_limited else NO_ENERGY
    if energy > NO_ENERGY:
        require(books, intent.desk, energy, at=intent.at)


def require(books: Books, desk: DeskNo, energy: Energy, *, at: datetime) -> None:
    """Asked in the transaction that stores it. Raises OperatorError allowance-over, allowance-spent."""
    allowance = standing(books, desk)
    if allowance is not None:
        newest = books.value(_TOLD_LAST, (desk, desk))
        now = max(at, datetime.fromisoformat(newest)) if newest else at
        require_allowed(allowance, energy, at=now)


def check_allowances(books: Books, *, trusted: bytes | None) -> Iterator[str]:
    """Each grant is newer than the one before; where the office's key is known, it has signed it."""
    last: dict[int, int] = {}
    utility = people.office(books).utility
    for row in books.all("SELECT * FROM allowances ORDER BY journal"):
        if row["number"] <= last.get(row["desk"], 0):
            yield f"allowances: row {row['journal']} is not newer than the one before"
        last[row["desk"]] = row["number"]
        if trusted is not None and not _is_signed(_signed_of(row, utility), trusted):
            yield f"allowances: row {row['journal']} was not signed by this office"


def _is_signed(signed: SignedGrant, trusted: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(trusted).verify(signed.signature, signed.grant.message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _row(signed: SignedGrant, at: datetime) -> Row:
    grant = signed.grant
    return {
        "desk": grant.desk,
        "number": grant.number,
        "energy_wh": grant.energy.wh if grant.energy is not None else None,
        "until": grant.until.isoformat(),
        "granted_at": grant.granted_at.isoformat(),
        "signature": signed.signature,
        "at": time_text(at),
    }


def _signed_of(row: Row, utility: int) -> SignedGrant:
    grant = Grant(
        utility=utility,
        desk=DeskNo(row["desk"]),
        number=row["number"],
        energy=Energy(row["energy_wh"]) if row["energy_wh"] is not None else None,
        until=date.fromisoformat(row["until"]),
        granted_at=datetime.fromisoformat(row["granted_at"]),
    )
    return SignedGrant(grant, bytes(row["signature"]))
