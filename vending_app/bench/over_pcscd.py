"""Cases of the campaign over a real pcscd, and their agreement with the built-in reader, case by case."""

from __future__ import annotations

import itertools
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from vending_app.bench.cases import Case, Outcome
from vending_app.bench.faults import Stage, run_case
from vending_app.bench.private_pcscd import PrivatePcscd, private_pcscd
from vending_app.cardio.emulated.faults import FaultKind
from vending_app.cardio.emulated.kinds import PLAIN
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.emulated.vpcd import serve
from vending_app.cardio.link import Link
from vending_app.cardio.pcsc import PcscReaders
from vending_app.cardio.watchdog import Bounds
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

HERE = "127.0.0.1"
SLOTS = 2
"""The virtual reader has two, each with its own port: one is emptied while the other is in use."""
LOOK_MS = 250
PATIENCE_LOOKS = 40
"""Ten seconds: pcscd looks for cards every 0.4 s."""


BOUNDS = Bounds(answer_ms=1_500, connect_ms=4_000)
"""A card that hangs costs both: its answer is waited for, and then the release of the card."""


class NoCardSeen(Exception):
    """The service did not notice a card within ten seconds."""


class OneSlot:
    """Implements Readers: one slot of the virtual reader, as if it were all there is."""

    def __init__(self, readers: PcscReaders, slot: int) -> None:
        self._readers = readers
        self._ending = f" {slot:02X}"

    def list(self) -> tuple[ReaderState, ...]:
        return self._mine(self._readers.list())

    def connect(self, reader: ReaderName) -> AbstractContextManager[Link]:
        return self._readers.connect(reader)

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        """Returns also when only the other slot changed."""
        by_name = {state.name: state for state in known}
        whole = tuple(by_name.get(state.name, state) for state in self._readers.list())
        return self._mine(self._readers.watch(whole, timeout_ms=timeout_ms))

    def close(self) -> None:
        """What is behind it belongs to somebody else."""

    def _mine(self, states: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
        return tuple(state for state in states if state.name.endswith(self._ending))


class Slot:
    """One slot, and the hand that puts a card in and takes it out."""

    def __init__(self, readers: OneSlot, port: int) -> None:
        self.readers = readers
        self._port = port
        self._stop = Event()
        self._hand: Thread | None = None

    def put_in(self, card: SoftwareCard) -> None:
        """Returns when the service has seen it, and before that seen the slot empty: else a swap would go unnoticed."""
        self.empty()
        self._stop = Event()
        self._hand = Thread(target=serve, args=(HERE, self._port, card, self._stop), daemon=True)
        self._hand.start()
        self._wait(is_present=True)

    def take_out(self) -> None:
        """Begin to; `empty` waits for the end."""
        self._stop.set()

    def empty(self) -> None:
        """Wait until the card taken out is seen gone."""
        if self._hand is not None:
            self._hand.join()
            self._hand = None
        self._wait(is_present=False)

    def _wait(self, *, is_present: bool) -> None:
        """Until the service sees a card, or none. Raises NoCardSeen."""
        states = self.readers.list()
        for _ in range(PATIENCE_LOOKS):
            if any(state.card_present for state in states) == is_present and states:
                return
            states = self.readers.watch(states, timeout_ms=LOOK_MS)
        raise NoCardSeen


class VirtualReader:
    """A transport of the campaign: cards enter and leave the slots of a real pcscd's reader by turns."""

    def __init__(self, service: PrivatePcscd) -> None:
        self._service = service
        self._readers = PcscReaders(BOUNDS)
        self._slots = [Slot(OneSlot(self._readers, at), service.port + at) for at in range(SLOTS)]
        self._turns = itertools.cycle(self._slots)
        self._service_is_changing = Lock()

    @contextmanager
    def __call__(self, card: SoftwareCard) -> Iterator[OneSlot]:
        """The slot that was emptied first, with the card in; its removal goes on while the other slot is used."""
        slot = next(self._turns)
        slot.put_in(card)
        card.on_reader_failed = self._fail
        try:
            yield slot.readers
        finally:
            card.let_go()
            slot.take_out()
            self._mend()

    def _fail(self, kind: FaultKind) -> None:
        """In the middle of a command. A service that is started without it has lost its reader."""
        if kind is FaultKind.HANG:
            return
        # The desk hears of it at once, and must not mend what is not broken yet.
        with self._service_is_changing:
            self._service.kill()
            if kind is FaultKind.UNPLUG:
                self._service.start(with_reader=False)

    def _mend(self) -> None:
        with self._service_is_changing:
            if not self._service.has_reader:
                self._service.kill()
                self._service.start()

    def close(self) -> None:
        """Wait until every card is out, and let go of the service."""
        for slot in self._slots:
            slot.empty()
        self._readers.close()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case on both readers."""

    built_in: Outcome
    pcscd: Outcome

    @property
    def agrees(self) -> bool:
        """Same verdict and the same 256 bytes on the card, down to the last MAC."""
        return (self.built_in.verdict, self.built_in.image) == (self.pcscd.verdict, self.pcscd.image)


def spread(cases: Sequence[Case], count: int) -> list[Case]:
    """So many of the cases that one reader can play, evenly over all flows, kinds and places.

    Not RESET_OURS, a reset in the middle of a command: nobody here can make one. Of pcscd 1.9.9 another program's
    SCardReconnect and SCardDisconnect with SCARD_RESET_CARD wait until the transaction that holds the card ends, and
    its SCardEndTransaction is refused with SCARD_E_SHARING_VIOLATION; a driver, so the virtual reader too, tells the
    service of a card that is there or not, never of a reset. What came between two transactions is told when the next
    begins, as SCARD_W_RESET_CARD. Windows itself resets a card that is held for long; there the built-in reader stands
    for it.
    """
    playable = [case for case in cases if case.fault is not None and case.again is None]
    playable = [case for case in playable if case.fault and case.fault.kind is not FaultKind.RESET_OURS]
    count = min(count, len(playable))
    return [playable[at * len(playable) // count] for at in range(count)]


def compare(folder: Path, cases: Sequence[Case], *, stacks: int, chip: str = PLAIN) -> list[Comparison]:
    """Play the cases on both; each stack is a process with a pcscd of its own. Needs root."""
    shares = [Share(folder / f"stack-{at}", cases[at::stacks], chip) for at in range(stacks)]
    children = [share.start() for share in shares]
    results: list[Comparison] = []
    for child, share in zip(children, shares, strict=True):
        if child.wait():
            raise NoCardSeen(f"a stack ended with {child.returncode}")
        results += share.played()
    return results


@dataclass(frozen=True, slots=True)
class Share:
    """The cases of one stack, handed over in a file and brought back in another."""

    folder: Path
    cases: Sequence[Case]
    chip: str

    def start(self) -> subprocess.Popen[bytes]:
        """Play them in a process that enters namespaces of its own."""
        self.folder.mkdir(parents=True)
        (self.folder / "cases").write_bytes(pickle.dumps((self.chip, list(self.cases))))
        return subprocess.Popen([sys.executable, "-m", "vending_app.bench.share_of_pcscd", self.folder])

    def played(self) -> list[Comparison]:
        found: list[Comparison] = pickle.loads((self.folder / "outcomes").read_bytes())
        return found


def play(folder: Path) -> None:
    """The other process: play every case on the built-in reader and on this stack's pcscd."""
    chip, cases = pickle.loads((folder / "cases").read_bytes())
    with private_pcscd() as service:
        reader = VirtualReader(service)
        stage = Stage(folder / "stage", chip)
        played = [Comparison(run_case(stage, case), run_case(stage, case, transport=reader)) for case in cases]
        reader.close()
    (folder / "outcomes").write_bytes(pickle.dumps(played))
