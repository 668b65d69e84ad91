"""Which reader is meant."""

from __future__ import annotations

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import ReaderName
from vending_app.domain.reader_names import without_place
from vending_app.ports import CardDesk, ReaderState


def choose_reader(cards: CardDesk, wanted: str) -> ReaderName:
    """The reader meant by a part of its name; without a name the one with a card in it, or the only one.

    Raises EnvironmentFault reader-none, OperatorError reader-unknown, reader-ambiguous.
    """
    readers = cards.readers()
    if not readers:
        raise EnvironmentFault(Code.READER_NONE)
    fitting = readers_meant(readers, wanted)
    if not fitting:
        raise OperatorError(Code.READER_UNKNOWN, wanted=wanted, readers=", ".join(r.name for r in readers))
    if len(fitting) > 1:
        fitting = tuple(r for r in fitting if r.card_present) or fitting
    if len(fitting) > 1 and (wanted or any(r.card_present for r in fitting)):
        raise OperatorError(Code.READER_AMBIGUOUS, wanted=wanted, readers=", ".join(r.name for r in fitting))
    return fitting[0].name


def readers_meant(readers: tuple[ReaderState, ...], wanted: str) -> tuple[ReaderState, ...]:
    """The readers of this name, else all with it in their names; every reader for an empty one.

    A reader that is gone may be back under another number: then one of the same name but for that is meant.
    """
    exact = tuple(r for r in readers if r.name == wanted)
    found = exact or tuple(r for r in readers if wanted.lower() in r.name.lower())
    return found or tuple(r for r in readers if without_place(r.name) == without_place(wanted))
