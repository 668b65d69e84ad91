"""What can happen to a card in a reader, as a plan: at which command or byte, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """When the card leaves."""

    PULL_BEFORE = "pull-before"
    """Before the command numbered `at` reaches it."""
    ANSWER_LOST = "answer-lost"
    """After the command numbered `at` was carried out, before its answer came through."""
    TEAR = "tear"
    """While the byte (of a chip that programs blocks, the block) numbered `at` is programmed; the next is not begun."""
    PULL_UNWRITTEN = "pull-unwritten"
    """Before the writing command numbered `at` reaches it: of the first one nothing was written."""
    PULL_UNCHECKED = "pull-unchecked"
    """After all was written, before it is read back."""


class Residue(StrEnum):
    """What a torn byte holds."""

    OLD = "old"
    ERASED = "erased"
    """FF."""
    MIXED = "mixed"
    """Old AND new: written without having been erased."""

    def of(self, old: int, new: int) -> int:
        """The byte that is left."""
        return {Residue.OLD: old, Residue.ERASED: 0xFF, Residue.MIXED: old & new}[self]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `at` counts from 1, from the moment it is armed."""

    kind: FaultKind
    at: int = 1
    residue: Residue = Residue.OLD

    @classmethod
    def parse(cls, text: str) -> Fault:
        """`tear:14:mixed`, `answer-lost:3`, `pull-unchecked`. Raises ValueError for anything else."""
        parts = text.split(":")
        kind, at, residue = [*parts, "1", Residue.OLD][:3] if len(parts) != 2 else [*parts, Residue.OLD]
        if len(parts) > 3 or not (at.isascii() and at.isdigit()) or not int(at):
            raise ValueError(text)
        return cls(FaultKind(kind), int(at), Residue(residue))


class CardLeft(Exception):
    """The card lost power in the middle of a command: there is no answer."""


class FaultPlan:
    """Counts commands and bytes, and strikes once."""

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._apdus = 0
        self._writes = 0
        self._bytes = 0

    def arm(self, fault: Fault | None) -> None:
        """Start counting for this fault; None disarms."""
        self._fault, self._apdus, self._writes, self._bytes = fault, 0, 0, 0

    def before_apdu(self, *, is_write: bool) -> None:
        """Raises CardLeft if this command is not to arrive."""
        self._apdus += 1
        self._strike(FaultKind.PULL_BEFORE, self._apdus)
        if is_write:
            self._writes += 1
            self._strike(FaultKind.PULL_UNWRITTEN, self._writes)
        elif self._writes:
            self._strike(FaultKind.PULL_UNCHECKED, 1)

    def after_apdu(self) -> None:
        """Raises CardLeft if this answer is to be lost."""
        self._strike(FaultKind.ANSWER_LOST, self._apdus)

    def torn_byte(self, old: int, new: int) -> int | None:
        """What the byte now being programmed is left with, or None if it is programmed whole."""
        torn = self.torn_block(bytes([old]), bytes([new]))
        return torn[0] if torn is not None else None

    def torn_block(self, old: bytes, new: bytes) -> bytes | None:
        """The same for bytes that are programmed together: they count as one, and are torn as one."""
        self._bytes += 1
        fault = self._fault
        if fault is None or fault.kind is not FaultKind.TEAR or fault.at != self._bytes:
            return None
        self._fault = None
        return bytes(fault.residue.of(was, now) for was, now in zip(old, new, strict=True))

    def _strike(self, kind: FaultKind, count: int) -> None:
        if self._fault is not None and self._fault.kind is kind and self._fault.at == count:
            self._fault = None
            raise CardLeft
