"""Which card lies in which reader, for a desk that has more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import ReaderName
from vending_app.domain.permissions import Act
from vending_app.services.reader_cases import InReader, LookInReaders, ReadersLooked
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    return {LookInReaders: (Act.LOOK, lambda _, __: _look(counter))}


def _look(counter: Counter) -> ReadersLooked:
    readers = counter.outside.cards.readers()
    return ReadersLooked(
        tuple(_look_in(counter, each.name) if each.card_present else InReader(each.name) for each in readers)
    )


def _look_in(counter: Counter, name: ReaderName) -> InReader:
    """One card that cannot be read hides no other."""
    try:
        with counter.session(name) as session:
            return InReader(name, counter.reading.read(session))
    except VendingError as trouble:
        return InReader(name, trouble=trouble)
