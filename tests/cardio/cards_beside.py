"""Cards in software whose keys are in another process, so that only what a desk keeps of them can be found in this one.

python -m tests.cardio.cards_beside KIND FILE SESSIONS
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vending_app.cardio.desfire import ev1, ev2
from vending_app.cardio.desfire.keys import CardKey
from vending_app.cardio.emulated.desfire import handshake
from vending_app.cardio.emulated.kinds import KINDS, Hooks
from vending_app.cardio.link import Link
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState

BESIDE = ReaderName("Beside")
POWER_OFF = b""
LENGTH = 2


class CardsBeside:
    """Implements Readers: one, with one card."""

    def __init__(self, kind: str, folder: Path) -> None:
        words = (kind, str(folder / kind), str(folder / f"{kind}.sessions"))
        command = [sys.executable, "-m", "tests.cardio.cards_beside", *words]
        environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0
        )

    def list(self) -> tuple[ReaderState, ...]:
        return (ReaderState(BESIDE, True),)

    @contextmanager
    def connect(self, reader: ReaderName) -> Iterator[Link]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        link = _BesideLink(self._process.stdin, self._process.stdout)
        link.reconnect()
        try:
            yield link
        finally:
            link.reconnect()

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        return self.list()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class _BesideLink:
    """Implements Link; what it sends is not copied on its way out of this process."""

    def __init__(self, to_card: IO[bytes], from_card: IO[bytes]) -> None:
        self._to, self._from = to_card, from_card
        self.atr = b""

    def transmit(self, apdu: bytes) -> bytes:
        self._to.write(len(apdu).to_bytes(LENGTH, "big"))
        self._to.write(apdu)
        return _framed(self._from)

    def reconnect(self) -> None:
        self.atr = self.transmit(POWER_OFF)


def _framed(stream: IO[bytes]) -> bytes:
    size, content = int.from_bytes(stream.read(LENGTH), "big"), b""
    while len(content) < size:
        content += stream.read(size - len(content))
    return content


def main() -> None:
    kind, file, sessions = sys.argv[1:]
    _note_sessions(Path(sessions))
    KINDS[kind].make_blank(Path(file))
    card = KINDS[kind].open(Path(file), Hooks(entropy=os.urandom))
    with os.fdopen(0, "rb", buffering=0) as to_card, os.fdopen(1, "wb", buffering=0) as from_card:
        while head := to_card.read(LENGTH):
            size, apdu = int.from_bytes(head, "big"), b""
            while len(apdu) < size:
                apdu += to_card.read(size - len(apdu))
            if not apdu:
                card.power_off()
            answer = card.exchange(apdu) if apdu else card.atr
            from_card.write(len(answer).to_bytes(LENGTH, "big") + answer)


def _note_sessions(file: Path) -> None:
    """Every session key that the card agrees on is written down, and both random numbers that it is made of."""
    file.touch()
    of_ev1, of_ev2 = ev1.session_key, ev2.session_keys

    def note(*keys: bytes | bytearray) -> None:
        with file.open("a") as told:
            told.writelines(key.hex() + "\n" for key in keys)

    def noted_ev1(a: bytes, b: bytes, **kind: object) -> CardKey:
        made = of_ev1(a, b, **kind)  # type: ignore[arg-type]
        note(a, b, made.secret)
        return made

    def noted_ev2(key: CardKey, a: bytes, b: bytes) -> tuple[CardKey, CardKey]:
        made = of_ev2(key, a, b)
        note(a, b, *(each.secret for each in made))
        return made

    handshake.__dict__.update(session_key=noted_ev1, session_keys=noted_ev2)


if __name__ == "__main__":
    main()
