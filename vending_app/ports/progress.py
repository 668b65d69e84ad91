"""How far the writing of a card is: what is told while a person waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Told = Callable[[int, int], None]
"""How many of how many steps of a long write are done."""


@dataclass(frozen=True, slots=True)
class WriteShare:
    """How far the writing of a card has come that takes many commands: one that is made, or made blank."""

    done: int
    of: int


def told_to(progress: Callable[[WriteShare], None]) -> Told:
    """For a session that writes."""
    return lambda done, of: progress(WriteShare(done, of))


def nobody_told(done: int, of: int) -> None:
    """For callers that show no steps."""
