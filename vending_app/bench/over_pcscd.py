"""Cases of the campaign over a real pcscd, and their agreement with the built-in reader, case by case."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from vending_app.bench.faults import Case, Outcome, Stage, run_case
from vending_app.bench.private_pcscd import private_pcscd
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.vpcd import serve
from vending_app.cardio.pcsc import PcscReaders

HERE = "127.0.0.1"
LOOK_MS = 250
PATIENCE_LOOKS = 40
"""Ten seconds: pcscd looks for cards every 0.4 s."""


class NoCardSeen(Exception):
    """The service did not notice a card within ten seconds."""


@dataclass(frozen=True, slots=True)
class VirtualReader:
    """A transport of the campaign: cards enter and leave the virtual reader of a real pcscd."""

    port: int
    readers: PcscReaders

    @contextmanager
    def __call__(self, card: EmulatedCard) -> Iterator[PcscReaders]:
        """The readers, with the card in; gone again afterwards, and seen gone, else a swap would go unnoticed."""
        stop = Event()
        hand = Thread(target=serve, args=(HERE, self.port, card, stop), daemon=True)
        hand.start()
        try:
            self.wait(is_present=True)
            yield self.readers
        finally:
            stop.set()
            hand.join()
            self.wait(is_present=False)

    def wait(self, *, is_present: bool) -> None:
        """Until the service sees a card, or none. Raises NoCardSeen."""
        states = self.readers.list()
        for _ in range(PATIENCE_LOOKS):
            if any(state.card_present for state in states) == is_present and states:
                return
            states = self.readers.watch(states, timeout_ms=LOOK_MS)
        raise NoCardSeen


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
    """So many of the cases that one reader can play, evenly over all flows, kinds and places."""
    playable = [case for case in cases if case.fault is not None and not case.is_twice]
    count = min(count, len(playable))
    return [playable[at * len(playable) // count] for at in range(count)]


def compare(folder: Path, cases: Sequence[Case], *, stacks: int) -> list[Comparison]:
    """Play the cases on both; each stack is a process with a pcscd of its own. Needs root."""
    shares = [Share(folder / f"stack-{at}", cases[at::stacks]) for at in range(stacks)]
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

    def start(self) -> subprocess.Popen[bytes]:
        """Play them in a process that enters namespaces of its own."""
        self.folder.mkdir(parents=True)
        (self.folder / "cases").write_bytes(pickle.dumps(list(self.cases)))
        return subprocess.Popen([sys.executable, "-m", "vending_app.bench.share_of_pcscd", self.folder])

    def played(self) -> list[Comparison]:
        found: list[Comparison] = pickle.loads((self.folder / "outcomes").read_bytes())
        return found


def play(folder: Path) -> None:
    """The other process: play every case on the built-in reader and on this stack's pcscd."""
    cases: list[Case] = pickle.loads((folder / "cases").read_bytes())
    with private_pcscd() as service:
        readers = PcscReaders()
        reader = VirtualReader(service.port, readers)
        stage = Stage(folder / "stage")
        played = [Comparison(run_case(stage, case), run_case(stage, case, transport=reader)) for case in cases]
        readers.close()
    (folder / "outcomes").write_bytes(pickle.dumps(played))
