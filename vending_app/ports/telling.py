"""How far a long work is: told by who does it, shown to who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Tell = Callable[[int, int], None]
"""How many parts of a long work are done, and of how many."""
Part = TypeVar("Part")


def untold(_done: int, _of: int) -> None:
    """For whom does not wait."""


def stage(tell: Tell, since: int, until: int, of: int) -> Tell:
    """For one stage of a work that tells how far itself is: as it goes on, the whole goes from `since` to `until`."""

    def told(done: int, parts: int) -> None:
        tell(since + (until - since) * done // max(parts, 1), of)

    return told


@dataclass(slots=True)
class Tally:
    """How many parts of a whole work are done; its stages count together, so that it never goes back.

    Told at the beginning, whenever another hundredth is done, and at the end.
    """

    tell: Tell
    of: int
    done: int = 0

    def __post_init__(self) -> None:
        self.tell(0, self.of)

    def each(self, parts: Iterable[Part]) -> Iterator[Part]:
        """The parts of one stage one after another; a part is done when the next one is asked for."""
        for part in parts:
            yield part
            self.done += 1
            if self.done * 100 // self.of != (self.done - 1) * 100 // self.of:
                self.tell(self.done, self.of)
