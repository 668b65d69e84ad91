"""What is in order at this desk and what is not, each with a word for it (row O3)."""

from __future__ import annotations

from vending_app.domain.errors import VendingError
from vending_app.ports import CardDesk, Printer
from vending_app.services.keys_in_use import KeysInUse
from vending_app.services.use_cases import Health


def quick_health(cards: CardDesk, printer: Printer, keys: KeysInUse) -> tuple[Health, ...]:
    """The line at the bottom of the log-in page: what can be told at once. The ledger is open or we were not here."""
    return (reader_health(cards), Health("printer", True, printer.name), Health("ledger", True), *keys_health(keys))


def reader_health(cards: CardDesk) -> Health:
    """Whether there is a reader, or the reason why not."""
    try:
        readers = cards.readers()
    except VendingError as trouble:
        return Health("reader", False, trouble.code.value)
    return Health("reader", bool(readers), ", ".join(reader.name for reader in readers))


def keys_health(keys: KeysInUse) -> tuple[Health, ...]:
    """A key of this desk that is another one than the books tell of; nothing where there is none."""
    try:
        keys.require_ours()
    except VendingError:
        return (Health("keys", False),)
    return ()
