"""What a read and a sale take on each chip in each dialect, beside the least, and how long chip and bus are busy.

Chip: the emulated cards count their programming time: an SLE4442 2.5 ms a phase (data sheet of SLE4432/4442), a Classic
and a DESFire card what `cardio/emulated/` says of them, which is an estimate. Bus: an SLE4442 is clocked at 50 kHz, the
most that its data sheet allows, a bit a clock, three control bytes a command. Cards without contacts take 9 bits a byte
at 106 kbit/s, prologue and CRC of three bytes each way, and the frame delay of 1172/fc both ways (ISO/IEC 14443-3 and
-4, fc = 13.56 MHz). What the reader itself and USB take, and the card's own AES, is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vending_app.bench import least_work as least
from vending_app.bench.figure import Figure
from vending_app.bench.flows import SALES, Flow
from vending_app.bench.least_work import Least
from vending_app.bench.world import CASHIER, World, make_world
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.emulated.kinds import KINDS
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Link, Readers
from vending_app.domain.ids import ReaderName
from vending_app.ports import ReaderState
from vending_app.services.counter import Counter
from vending_app.services.use_cases import ReadCard

HEAD, STATUS = 5, 2
"""Bytes of a command before its data, and of an answer behind them."""
CONTACT_HZ, CONTROL_BYTES = 50_000, 3
BIT_RATE, BITS, FRAME_BYTES, FRAME_DELAY_US = 106_000, 9, 3, 86
EXTRA_COMMANDS, EXTRA_BYTES = 1, 0
"""Over the least, in a sale: the code proved by effect; the key of the slot's other sector proved while nothing is
reserved; a card of EV1 asked first whether it knows EV2."""
UNTOLD_COMMANDS, UNTOLD_BYTES = 3, 1
"""Where the reader has no command for the error counter, the card is asked by its bus, and the effect of the code is a
byte that is written and read back."""
NAMES = {
    "sle4442-acs-old": ReaderName("ACS ACR38U"),
    "sle4442-omnikey": ReaderName("HID OMNIKEY 3121"),
    "classic-identiv": ReaderName("Identiv uTrust 4700 F"),
}
TOLD = {
    "read": "read",
    SALES[0].name: "first sale",
    SALES[-1].name: "sale after a write-back",
}
"""What the table has, and its words for it.

The first sale after an issue writes a whole slot that is still erased; each later one goes over the order before the
last, and writes what differs: fewer bytes, in more runs.
"""
BEGIN, END = "<!-- bench cards -->", "<!-- end of bench cards -->"


@dataclass(frozen=True, slots=True)
class CardWork:
    """A read or a sale on one kind of card."""

    chip: str
    """The name of its kind."""
    what: str
    commands: int
    moved: int
    """Bytes of data, both ways."""
    programmed: int
    """Bytes, of a Classic blocks."""
    chip_us: int
    bus_us: int
    least: Least


def card_work(folder: Path, *, flows: Sequence[Flow] = SALES) -> list[CardWork]:
    """A read and these sales on every kind of card."""
    return [work for chip in sorted(KINDS) for work in _of(chip, folder / chip, flows)]


def _of(chip: str, folder: Path, flows: Sequence[Flow]) -> Iterator[CardWork]:
    for number, flow in enumerate(flows):
        world = make_world(folder / str(number), chip=chip)
        flow.prepare(world)
        if not number:
            yield _measured(world, "read", _read)
        yield _measured(world, flow.name, flow.act)


def _read(counter: Counter) -> None:
    counter.operator = CASHIER
    counter.do(ReadCard())


def _measured(world: World, what: str, act: Callable[[Counter], None]) -> CardWork:
    card, before = world.card(), world.card().image
    readers = _overheard(card, world.chip)
    with world.open(readers) as counter:
        card.reset_counters()
        act(counter)
    programmed = card.all_bytes_programmed if world.chip.startswith("classic") else card.bytes_programmed
    needed = _least(world.chip, before, card.image)
    return CardWork(world.chip, what, card.apdus, readers.moved, programmed, card.busy_us, readers.bus_us, needed)


def _least(chip: str, before: bytes, after: bytes) -> Least:
    is_read = before == after
    if chip.startswith("desfire"):
        return least.desfire_read() if is_read else least.desfire_sale()
    if chip.startswith("classic"):
        return least.classic_read() if is_read else least.classic_sale(before, after)
    dialect = chip.removeprefix("sle4442").removeprefix("-") or "acs"
    return least.memory_read(dialect) if is_read else least.memory_sale(dialect, before, after)


# --- what is heard on the way ----------------------------------------------------------------------------


class _Overheard:
    """Implements Readers: adds up what goes over the link."""

    def __init__(self, readers: Readers, *, is_contact: bool) -> None:
        self._readers = readers
        self._is_contact = is_contact
        self.moved = self.bus_us = 0

    def list(self) -> tuple[ReaderState, ...]:
        return self._readers.list()

    @contextmanager
    def connect(self, reader: ReaderName) -> Iterator[Link]:
        with self._readers.connect(reader) as link:
            yield _OverheardLink(link, self)

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        return self._readers.watch(known, timeout_ms=timeout_ms)

    def close(self) -> None:
        """The readers are closed by whoever made them."""

    def note(self, command: bytes, answer: bytes) -> None:
        data = max(0, len(command) - HEAD) + max(0, len(answer) - STATUS)
        self.moved += data
        if self._is_contact:
            self.bus_us += (CONTROL_BYTES + data) * 8 * 1_000_000 // CONTACT_HZ
        else:
            carried = len(command) + len(answer) + 2 * FRAME_BYTES
            self.bus_us += carried * BITS * 1_000_000 // BIT_RATE + 2 * FRAME_DELAY_US


class _OverheardLink:
    """Implements Link."""

    def __init__(self, link: Link, ear: _Overheard) -> None:
        self._link = link
        self._ear = ear

    @property
    def atr(self) -> bytes:
        return self._link.atr

    def transmit(self, apdu: bytes) -> bytes:
        answer = self._link.transmit(apdu)
        self._ear.note(apdu, answer)
        return answer

    def reconnect(self) -> None:
        self._link.reconnect()


def _overheard(card: SoftwareCard, chip: str) -> _Overheard:
    """In a reader of its own family, whose name says how it is spoken to."""
    readers = BuiltInReaders((NAMES.get(chip, BUILT_IN),))
    readers.insert(card)
    return _Overheard(readers, is_contact=card.tries is not None)


# --- what is told of it ----------------------------------------------------------------------------------


def figures(works: Sequence[CardWork]) -> list[Figure]:
    """Of sales: commands and bytes over the least."""
    return [figure for work in works if work.what != "read" for figure in _figures(work)]


def _figures(work: CardWork) -> list[Figure]:
    title, needed = f"{work.what} on {work.chip}", work.least
    is_untold = work.chip == "sle4442-omnikey"
    commands, programmed = (UNTOLD_COMMANDS, UNTOLD_BYTES) if is_untold else (EXTRA_COMMANDS, EXTRA_BYTES)
    return [
        Figure(
            f"{title}: commands over the least", str(work.commands), str(needed.commands),
            (work.commands - needed.commands) * 1000, commands * 1000,
        ),
        Figure(
            f"{title}: {_unit(work)} over the least", str(work.programmed), str(needed.programmed),
            (work.programmed - needed.programmed) * 1000, programmed * 1000,
        ),
    ]  # fmt: skip


def _unit(work: CardWork) -> str:
    return "blocks" if work.chip.startswith("classic") else "bytes"


def table(works: Sequence[CardWork]) -> str:
    """Read, first and everyday sale of each kind of card, for the README: Markdown."""
    head = "| card and reader | | commands | least | bytes moved | programmed | least | chip | bus |"
    rows = [
        f"| `{work.chip}` | {TOLD[work.what]} | {work.commands} | {work.least.commands} | {work.moved} |"
        f" {_programmed(work, work.programmed)} | {_programmed(work, work.least.programmed)} |"
        f" {_ms(work.chip_us)} | {_ms(work.bus_us)} |"
        for work in works
        if work.what in TOLD
    ]
    return "\n".join([head, "|---|---|---|---|---|---|---|---|---|", *rows])


def _programmed(work: CardWork, count: int) -> str:
    return f"{count} {_unit(work)}" if count else "–"


def _ms(microseconds: int) -> str:
    return f"{(microseconds + 500) // 1000} ms" if microseconds else "–"
