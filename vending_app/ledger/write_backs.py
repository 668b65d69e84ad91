"""What meters told: stored once each, and posted as energy that moved from card to meter to use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, SupplyNo
from vending_app.ledger import entries
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text, write_back_of, write_back_text
from vending_app.ledger.entries import Posting, post_entry
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind


def harvest(books: Books, found: WriteBack, *, supply: SupplyNo, card: CardNo, record: bytes, at: datetime) -> bool:
    """Store and post; False if this record of this card is known already."""
    with books.writing():
        books.lock_supply(supply)
        if _is_known(books, supply, card, record):
            return False
        before = last_write_back(books, supply)
        with acting(books, Kind.HARVEST, at=at) as page:
            row = _row(found, supply=supply, card=card, record=record, at=at)
            page.insert("write_backs", row)
            # An older image of the card tells nothing that a newer write-back has not told and posted.
            # After the end nothing moves any more: what was left is carried or settled.
            if _is_alive(books, supply) and (before is None or found.running > before.running):
                moved = _moved(books, supply, found, before)
                post_entry(page, moved)
    return True


def _is_alive(books: Books, supply: SupplyNo) -> bool:
    return books.value("SELECT 1 FROM supplies WHERE number = ? AND state <> 'closed'", (supply,)) is not None


def _is_known(books: Books, supply: SupplyNo, card: CardNo, record: bytes) -> bool:
    known = "SELECT 1 FROM write_backs WHERE supply = ? AND card = ? AND record = ?"
    return books.value(known, (supply, card, record)) is not None


def initial_reading(books: Books, supply: SupplyNo) -> Energy:
    """What the meter's register of use showed when it was installed. Raises OperatorError supply-unknown."""
    reading = "SELECT initial_reading_wh FROM supplies JOIN meters ON meters.number = meter"
    found = books.value(f"{reading} WHERE supplies.number = ?", (supply,))
    if found is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=supply)
    return Energy(found)


def _row(found: WriteBack, *, supply: SupplyNo, card: CardNo, record: bytes, at: datetime) -> Row:
    return {
        "supply": supply,
        "card": card,
        "at": time_text(at),
        "record": record,
        "meter": found.meter,
        "running": found.running,
        "sequence": found.sequence,
        "used_total_wh": found.used_total.wh,
        "remaining_wh": found.remaining.wh,
        "energy_total_wh": found.energy_total.wh,
        "body": write_back_text(found),
    }


def used_before(books: Books, supply: SupplyNo) -> Energy:
    """What the meter's register of use showed last, or when it was installed. Raises OperatorError supply-unknown."""
    last = last_write_back(books, supply)
    return last.used_total if last else initial_reading(books, supply)


def _moved(books: Books, supply: SupplyNo, found: WriteBack, before: WriteBack | None) -> Iterable[Posting]:
    """Card to meter what was newly accepted, meter to use what was newly used; the rest has no explanation."""
    accepted = found.energy_total - (before.energy_total if before else NO_ENERGY)
    used = found.used_total - (before.used_total if before else initial_reading(books, supply))
    in_meter = Energy(entries.balance(books, entries.in_meter(supply))) + accepted - used
    yield entries.energy(entries.on_card(supply), -accepted)
    yield entries.energy(entries.in_meter(supply), accepted - used)
    yield entries.energy(entries.used(supply), used)
    yield entries.energy(entries.in_meter(supply), found.remaining - in_meter)
    yield entries.energy(entries.unexplained(supply), in_meter - found.remaining)


def last_write_back(books: Books, supply: SupplyNo) -> WriteBack | None:
    """The newest by the meter's own running number, not by when its card came by."""
    return next(iter(write_backs(books, supply, limit=1)), None)


def generation_seen(books: Books, supply: SupplyNo) -> int:
    """The newest generation that the meter wrote back on, so it is bound to it; 0 for none."""
    seen = "SELECT max(generation) FROM cards JOIN write_backs ON write_backs.card = number WHERE cards.supply = ?"
    return int(books.value(seen, (supply,)) or 0)


def write_backs(books: Books, supply: SupplyNo, *, limit: int) -> tuple[WriteBack, ...]:
    """Newest first."""
    newest = "SELECT body FROM write_backs WHERE supply = ? ORDER BY running DESC, journal DESC LIMIT ?"
    return tuple(write_back_of(row["body"]) for row in books.all(newest, (supply, limit)))
