"""The cases of the fault campaign: every command, every programmed byte, every durable step of every flow, broken once.

Every flow is broken twice in the same place as well, and the sale at each step of what a desk does after a first fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vending_app.bench.flows import FLOWS, Flow
from vending_app.cardio.emulated.faults import FLIPS, STATUS_SIZE, SWAPS, Fault, FaultKind, Residue

AT_COMMANDS = (
    FaultKind.PULL_BEFORE,
    FaultKind.ANSWER_LOST,
    FaultKind.CUT,
    FaultKind.SWAP_OURS,
    FaultKind.SWAP_BLANK,
    FaultKind.RESET_OURS,
    FaultKind.HANG,
    FaultKind.UNPLUG,
    FaultKind.SERVICE_KILLED,
)
STRETCH = 16
"""One bit is lost in each so many bytes of an answer."""
TURN_STEP, ANSWER_STEP = 7, 5
TURNS = {flow.name: number for number, flow in enumerate(FLOWS)}
MAY_GO_ON = SWAPS | FLIPS | {FaultKind.LIE, FaultKind.SHORT, FaultKind.CUT}
"""After these a flow may come to its end: nothing that mattered was hit."""
REPEATED = frozenset({FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST, FaultKind.TEAR})
"""What may strike again in the same place."""


class KillAt(StrEnum):
    """Where the process dies."""

    APDU = "kill-apdu"
    BYTE = "kill-byte"
    STEP = "kill-step"


@dataclass(frozen=True, slots=True)
class Case:
    """One break of one flow."""

    flow: Flow
    fault: Fault | None = None
    kill: KillAt | None = None
    at: int = 0
    again: Fault | None = None
    """What strikes while the desk recovers."""

    @property
    def kind(self) -> str:
        """The row of the table it belongs to."""
        if self.kill is not None:
            return self.kill.value
        assert self.fault is not None, "a case is a fault or a kill"
        if self.again is None:
            return _told(self.fault)
        twice = "twice" if self.again == self.fault else f"then {_told(self.again)}"
        return f"{_told(self.fault)}, {twice}"

    @property
    def title(self) -> str:
        then = f", then {self.again.at}" if self.again is not None else ""
        bit = f" bit {self.fault.bit}" if self.fault is not None and self.fault.kind in FLIPS else ""
        return f"{self.flow.name}: {self.kind} {self.at}{bit}{then}"


def _told(fault: Fault) -> str:
    return f"{fault.kind.value}-{fault.residue.value}" if fault.kind is FaultKind.TEAR else fault.kind.value


class Verdict(StrEnum):
    """How a case ended."""

    RIGHT = "right"
    LOST = "lost"
    DOUBLED = "doubled"
    STUCK = "stuck"
    PUT_ASIDE = "put-aside"
    """Torn twice in a row while its code was presented: refused with its last try kept, and nothing was paid;
    or broken while it was made blank again, when nobody needed it any more, and refused since then."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, how it ended, and what can be compared with another run of it."""

    case: Case
    verdict: Verdict
    detail: str
    image: bytes = b""
    first: str = ""
    """What the desk was told at the break."""

    @property
    def is_right(self) -> bool:
        """Whether nobody has lost anything."""
        return self.verdict in {Verdict.RIGHT, Verdict.PUT_ASIDE}


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a flow is when nothing breaks."""

    apdus: int
    with_data: Mapping[int, int]
    """The commands whose answers carry data, and how many bytes."""
    programming: int
    """Commands that program something."""
    bytes_programmed: int
    """Of the whole chip: main memory, error counter, code."""
    steps: int = 0


def enumerate_cases(flow: Flow, extent: Extent) -> Iterator[Case]:
    """Every boundary and every byte, once."""
    yield from (Case(flow, fault, at=fault.at) for fault in enumerate_faults(extent))
    yield from (Case(flow, fault, at=fault.at) for fault in enumerate_flips(extent, turn=TURNS.get(flow.name, 0)))
    ends = {KillAt.APDU: extent.apdus, KillAt.BYTE: extent.bytes_programmed, KillAt.STEP: extent.steps}
    for kill, last in ends.items():
        yield from (Case(flow, kill=kill, at=at) for at in range(1, last + 1))


def enumerate_twice(flow: Flow, extent: Extent) -> Iterator[Case]:
    """The card leaves in the same place again when the flow is finished."""
    for fault in enumerate_faults(extent):
        if fault.kind in REPEATED:
            yield Case(flow, fault, at=fault.at, again=fault)


def enumerate_faults(extent: Extent) -> Iterator[Fault]:
    """What can happen to the card and its reader."""
    for at in range(1, extent.apdus + 1):
        yield from (Fault(kind, at) for kind in AT_COMMANDS)
    yield from (Fault(FaultKind.SHORT, at) for at in extent.with_data)
    yield from (Fault(FaultKind.LIE, at) for at in range(1, extent.programming + 1))
    for at in range(1, extent.bytes_programmed + 1):
        yield from (Fault(FaultKind.TEAR, at, residue) for residue in Residue)


def enumerate_flips(extent: Extent, *, turn: int) -> Iterator[Fault]:
    """A wrong bit in each stretch of all data that is told, and in each status.

    Which one it is differs by flow (its `turn`) and by answer, in steps by which all flows together meet every byte of
    a card that is read whole, and is the same each time.
    """
    for number, (at, size) in enumerate(extent.with_data.items()):
        for begin in range(0, size, STRETCH):
            byte = begin + (TURN_STEP * turn + ANSWER_STEP * number) % min(STRETCH, size - begin)
            yield Fault(FaultKind.FLIP_DATA, at, bit=8 * byte + (turn + number + begin // STRETCH) % 8)
    for at in range(1, extent.apdus + 1):
        yield Fault(FaultKind.FLIP_STATUS, at, bit=(at + TURN_STEP * turn) % (8 * STATUS_SIZE))


def breaks(extent: Extent, *, every: int) -> Iterator[Fault]:
    """What takes a card out: at each command, and at every so many-th byte."""
    for at in range(1, extent.apdus + 1):
        yield Fault(FaultKind.PULL_BEFORE, at)
        yield Fault(FaultKind.ANSWER_LOST, at)
    for at in range(1, extent.bytes_programmed + 1, every):
        yield Fault(FaultKind.TEAR, at, Residue.MIXED)


def table(outcomes: Sequence[Outcome]) -> list[tuple[str, int, int, int, int]]:
    """Rows of kind, cases, lost, doubled, stuck; the last row sums."""
    kinds = sorted({outcome.case.kind for outcome in outcomes})
    rows = [(kind, *_counts([o for o in outcomes if o.case.kind == kind])) for kind in kinds]
    return [*rows, ("all", *_counts(outcomes))]


def put_aside(outcomes: Sequence[Outcome]) -> int:
    """How many cards must be exchanged; nothing was paid on them."""
    return sum(outcome.verdict is Verdict.PUT_ASIDE for outcome in outcomes)


def _counts(outcomes: Sequence[Outcome]) -> tuple[int, int, int, int]:
    def count(verdict: Verdict) -> int:
        return sum(outcome.verdict is verdict for outcome in outcomes)

    return len(outcomes), count(Verdict.LOST), count(Verdict.DOUBLED), count(Verdict.STUCK)
