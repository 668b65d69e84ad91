"""What can happen to a card in a reader, as a plan: at which command or byte, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

STATUS_SIZE = 2


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
    LIE = "lie"
    """The command numbered `at` of those that program something is answered as if done, and nothing is stored."""
    FLIP_DATA = "flip-data"
    """The data of the answer to the command numbered `at` has one wrong bit: number `bit`, from the first byte on."""
    FLIP_STATUS = "flip-status"
    """Its status has: number `bit`, from the lowest on."""
    SHORT = "short"
    """The last byte of its data is missing."""
    CUT = "cut"
    """All but the first byte of its answer is missing, the status too."""
    SWAP_OURS = "swap-ours"
    """From the command numbered `at` on another card of ours lies there, and nobody noticed."""
    SWAP_BLANK = "swap-blank"
    """The same with a blank card."""
    RESET_OURS = "reset-ours"
    """Command `at` is carried out and not answered: the card was reset, it says, and another of ours lies there."""
    HANG = "hang"
    """The command numbered `at` is carried out, and never answered."""
    UNPLUG = "unplug"
    """The reader goes with its answer."""
    SERVICE_KILLED = "service-killed"
    """The service that speaks to the reader dies with its answer."""


UNNOTICED = frozenset({FaultKind.SWAP_OURS, FaultKind.SWAP_BLANK})
SWAPS = UNNOTICED | {FaultKind.RESET_OURS}
"""Another card lies there from then on."""
FLIPS = frozenset({FaultKind.FLIP_DATA, FaultKind.FLIP_STATUS})
OF_THE_READER = frozenset({FaultKind.HANG, FaultKind.UNPLUG, FaultKind.SERVICE_KILLED, FaultKind.RESET_OURS})
"""The reader tells of it; the card is as good as before."""


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
    bit: int = 0
    """Which one is wrong, from 0 on; of a shorter answer counted round and round."""

    @classmethod
    def parse(cls, text: str) -> Fault:
        """`tear:14:mixed`, `flip-data:2:130`, `answer-lost:3`, `pull-unchecked`. Raises ValueError for others."""
        name, *rest = text.split(":")
        kind, at, more = FaultKind(name), _number(rest[0]) if rest else 1, rest[1:]
        if len(more) > 1 or not at:
            raise ValueError(text)
        if kind in FLIPS:
            return cls(kind, at, bit=_number(more[0]) if more else 0)
        return cls(kind, at, Residue(more[0]) if more else Residue.OLD)


def _number(text: str) -> int:
    """Raises ValueError for anything but plain figures."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


class CardLeft(Exception):
    """The card lost power in the middle of a command: there is no answer."""


class ReaderFailed(Exception):
    """What is between us and the card failed in the middle of a command, in this way."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind.value)
        self.kind = kind


class FaultPlan:
    """Counts commands and bytes, and strikes once."""

    def __init__(self) -> None:
        self.arm(None)

    def arm(self, fault: Fault | None) -> None:
        """Start counting for this fault; None disarms."""
        self._fault = fault
        self._apdus = self._writes = self._bytes = 0
        self._programs = False
        self.with_data: dict[int, int] = {}
        """The numbers of the commands so far whose answers carry data, and how many bytes."""
        self.programming = 0
        """Commands so far that programmed something."""
        self.is_lying = False
        """Whether what is programmed now is not stored."""
        self.is_swapped = False

    @property
    def is_over(self) -> bool:
        """Whether it has struck, or nothing was planned."""
        return self._fault is None

    def before_apdu(self, *, is_write: bool) -> None:
        """Raises CardLeft if this command is not to arrive."""
        self._apdus += 1
        self._programs = self.is_lying = False
        if self._fault is not None and self._fault.kind in UNNOTICED and self._fault.at == self._apdus:
            self._fault, self.is_swapped = None, True
        self._strike(FaultKind.PULL_BEFORE, self._apdus)
        if is_write:
            self._writes += 1
            self._strike(FaultKind.PULL_UNWRITTEN, self._writes)
        elif self._writes:
            self._strike(FaultKind.PULL_UNCHECKED, 1)

    def after_apdu(self, answer: bytes) -> bytes:
        """The answer as it comes through. Raises CardLeft if it is lost, ReaderFailed if that is what was planned."""
        self._strike(FaultKind.ANSWER_LOST, self._apdus)
        if len(answer) > STATUS_SIZE:
            self.with_data[self._apdus] = len(answer) - STATUS_SIZE
        fault = self._fault
        if fault is None or fault.at != self._apdus:
            return answer
        if fault.kind in OF_THE_READER:
            self._fault, self.is_swapped = None, fault.kind in SWAPS
            raise ReaderFailed(fault.kind)
        if fault.kind in GARBLED:
            self._fault = None
            return GARBLED[fault.kind](answer, fault.bit)
        return answer

    def torn_byte(self, old: int, new: int) -> int | None:
        """What the byte now being programmed is left with, or None if it is programmed whole."""
        torn = self.torn_block(bytes([old]), bytes([new]))
        return torn[0] if torn is not None else None

    def torn_block(self, old: bytes, new: bytes) -> bytes | None:
        """The same for bytes that are programmed together: they count as one, and are torn as one."""
        self._bytes += 1
        self._note_programming()
        fault = self._fault
        if fault is None or fault.kind is not FaultKind.TEAR or fault.at != self._bytes:
            return None
        self._fault = None
        return bytes(fault.residue.of(was, now) for was, now in zip(old, new, strict=True))

    def _note_programming(self) -> None:
        self.programming += not self._programs
        self._programs = True
        fault = self._fault
        if fault is not None and fault.kind is FaultKind.LIE and fault.at == self.programming:
            self._fault, self.is_lying = None, True

    def _strike(self, kind: FaultKind, count: int) -> None:
        if self._fault is not None and self._fault.kind is kind and self._fault.at == count:
            self._fault = None
            raise CardLeft


def _data_flipped(answer: bytes, bit: int) -> bytes:
    """An answer without data has nothing to flip."""
    data, status = bytearray(answer[:-STATUS_SIZE]), answer[-STATUS_SIZE:]
    if data:
        data[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(data) + status


def _status_flipped(answer: bytes, bit: int) -> bytes:
    status = int.from_bytes(answer[-STATUS_SIZE:], "big") ^ 1 << bit % (8 * STATUS_SIZE)
    return answer[:-STATUS_SIZE] + status.to_bytes(STATUS_SIZE, "big")


GARBLED: dict[FaultKind, Callable[[bytes, int], bytes]] = {
    FaultKind.FLIP_DATA: _data_flipped,
    FaultKind.FLIP_STATUS: _status_flipped,
    FaultKind.SHORT: lambda answer, _: answer[: -STATUS_SIZE - 1] + answer[-STATUS_SIZE:],
    FaultKind.CUT: lambda answer, _: answer[:1],
}
"""What comes through of an answer, which ends with its status of two bytes."""
