"""A proof in shares: each is a question about the books that nobody else's answer is needed for.

Large books are shared out to processes of their own, because Python computes on one core at a time. They read a later
state than the one that the proof is about, which is harmless: a share about rows of the journal ends with the newest
row of that state, rows are only added, and every other share is true of any state or of none.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from vending_app.domain.errors import EnvironmentFault
from vending_app.ledger.books import Books

MOST_PROBLEMS = 50
"""A report is read by a person; what comes after fifty sentences is mostly their consequence."""


class Ends(NamedTuple):
    """What a stretch of a desk's chain begins after and ends with, as its rows say."""

    first_number: int
    first_previous: bytes
    last_number: int
    last_hash: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What one share of a proof found."""

    problems: tuple[str, ...] = ()
    entries: int = 0
    strays: Mapping[str, int] = field(default_factory=dict)
    """By table, how many rows no journal row brought."""
    accounts: Mapping[str, Counter[str]] = field(default_factory=dict)
    """By commodity, what was posted to each account."""
    ends: Mapping[int, Ends] = field(default_factory=dict)
    """By desk, the stretch of its chain."""
    is_chained: bool = True
    """Whether each row of these stretches follows from the one before, under its own hash."""


Share = Callable[[Books], Found]
"""Something that `functools.partial` can carry to another process."""


def work_off(
    books: Books, shares: Sequence[Share], *, opening: Callable[[], Books] | None, helpers: int
) -> Iterator[tuple[int, Found]]:
    """What each share found, with its place, as soon as it is there; by so many processes, if they can open books."""
    if opening is None or helpers < 2:
        yield from ((place, _tried(books, share)) for place, share in enumerate(shares))
        return
    # Started anew, not forked: a window's threads and an open database do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(helpers, len(shares)), mp_context=context) as pool:
        asked = {pool.submit(_in_a_process_of_its_own, opening, share): place for place, share in enumerate(shares)}
        while asked:
            for answer in wait(asked, return_when=FIRST_COMPLETED).done:
                # Taken out, so that what was added up already is not kept.
                place = asked.pop(answer)
                yield place, _tried(books, shares[place]) if _is_lost(answer) else answer.result()


def _is_lost(answer: Future[Found]) -> bool:
    """Whether the process that was asked is gone."""
    return isinstance(answer.exception(), BrokenProcessPool)


def _in_a_process_of_its_own(opening: Callable[[], Books], share: Share) -> Found:
    try:
        with closing(opening()) as books, books.reading():
            return _tried(books, share)
    except EnvironmentFault as cause:
        return Found(problems=(f"the books cannot be read: {cause}",))


def _tried(books: Books, share: Share) -> Found:
    try:
        return share(books)
    except books.unreadable as cause:
        return Found(problems=(f"the books cannot be read: {cause}",))
