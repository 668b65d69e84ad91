"""An emulated DESFire card as a reader sees it: frames, sessions, and the reader's own command for the UID."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.apdu import Answer, Apdu
from vending_app.cardio.desfire.commands import AID_SIZE, Generation, Ins, split
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.desfire.wire import ANSWER_FRAME, CLA
from vending_app.cardio.emulated.desfire.commands import Situation, carry_out, wire_size
from vending_app.cardio.emulated.desfire.files import Staged, TornByte
from vending_app.cardio.emulated.desfire.handshake import KIND_OF, challenge
from vending_app.cardio.emulated.desfire.meter_driver import MeterDriver, image_of
from vending_app.cardio.emulated.desfire.session import CardChannel, Deny
from vending_app.cardio.emulated.desfire.state import CardState, DesfireStore, MemoryDesfire
from vending_app.cardio.emulated.faults import CardLeft, FaultPlan
from vending_app.cardio.emulated.software_card import (
    DONE,
    UNKNOWN_CLASS,
    UNKNOWN_INSTRUCTION,
    Hook,
    SoftwareCard,
)
from vending_app.cardio.totals1_layout import HEADER_AREA
from vending_app.domain.ids import CardNo
from vending_app.ports import Entropy, KeyVault

ANSWER_TO_RESET = bytes.fromhex("3B8180018080")
READER_CLASS, READER_DATA = 0xFF, 0xCA
"""What a reader answers by itself: data about the card without contacts that lies on it."""
WRITES = frozenset({Ins.COMMIT})
"""Before it nothing that was written counts."""
VERSION_FRAMES = ((0, 7), (7, 14), (14, None))
"""Hardware, software, and the rest: a frame for each."""
KEY_VERSION_AT = 12
"""Where a header names the version of its card's keys."""
OLD, NEW = 0x00, 0xFF
"""The mark that a step on the card's memory is done: programmed like a byte."""

Continue = Callable[[bytes], bytes]
"""What the card does with the next frame AF; its answer with status in front."""
BLOCK, BLOCK_US = 32, 2000
"""Memory is programmed in blocks of so many bytes. The time is an estimate: no data sheet at hand tells it."""


class EmulatedDesfire(SoftwareCard):
    """A card in software. `entropy` gives its random numbers, and those of a meter that it lies in.

    `on_byte` is called with the number of each byte after it was programmed; a step on the memory counts as one.
    """

    atr = ANSWER_TO_RESET

    def __init__(
        self,
        store: DesfireStore,
        *,
        entropy: Entropy,
        wait: Hook | None = None,
        on_apdu: Hook | None = None,
        on_byte: Hook | None = None,
    ) -> None:
        super().__init__(FaultPlan(), on_apdu=on_apdu)
        self._store = store
        self._entropy = entropy
        self._wait = wait
        self._on_byte = on_byte
        self._next: Continue | None = None
        self._standing: Situation | None = None
        self._meter = MeterDriver(self, entropy)
        self._bytes = self._busy_us = 0

    @classmethod
    def factory(cls, uid: bytes, generation: Generation, *, entropy: Entropy) -> EmulatedDesfire:
        """A new card in memory."""
        return cls(MemoryDesfire(CardState.factory(uid, generation)), entropy=entropy)

    def power_off(self) -> None:
        """Everything volatile is lost: the application chosen, the session, what was staged."""
        super().power_off()
        self._next = self._standing = None

    @property
    def writes(self) -> frozenset[int]:
        return WRITES

    @property
    def state(self) -> CardState:
        """What the card remembers without power."""
        return self._store.load()

    # what a meter does

    @property
    def tries(self) -> int | None:
        return None

    def image_for(self, vault: KeyVault) -> bytes:
        """Anybody reads the header; the rest is for who has the meter's key of the version that it names."""
        shut = image_of(self.state, is_opened=False)
        version = HEADER_AREA.of(shut)[KEY_VERSION_AT]
        return self.image if self._meter.knows(vault, self._here.state.uid, version) else shut

    def opens(self, vault: KeyVault, *, card: CardNo, key_version: int) -> bool:
        return self._meter.opens(vault, self._here.state.uid, key_version)

    def put(self, address: int, data: bytes) -> None:
        self._meter.put(address, data)

    # figures

    @property
    def image(self) -> bytes:
        """As whoever has all of its keys would read it."""
        return image_of(self.state)

    @property
    def bytes_programmed(self) -> int:
        return self._bytes

    @property
    def all_bytes_programmed(self) -> int:
        return self._bytes

    @property
    def busy_us(self) -> int:
        return self._busy_us

    def reset_counters(self) -> None:
        self.apdus = self._bytes = self._busy_us = 0

    # memory

    @property
    def _here(self) -> Situation:
        """What is remembered without power is read when the first command comes."""
        if self._standing is None:
            self._standing = Situation(self._store.load(), Staged(), self._program, self._step, self._keep)
        return self._standing

    def _program(self, old: int, new: int) -> int:
        torn = self.faults.torn_byte(old, new)
        if torn is not None:
            raise TornByte(torn)
        self._count()
        return old if self.faults.is_lying else new

    def _keep(self) -> None:
        if self.faults.is_lying:
            self._here.state = self._store.load()
        else:
            self._store.save(self._here.state)

    def _step(self) -> None:
        """A card that leaves during it has done it, or has not begun."""
        torn = self.faults.torn_byte(OLD, NEW)
        if torn == OLD:
            raise CardLeft
        self._keep()
        self._count()
        if torn is not None:
            raise CardLeft

    def _count(self) -> None:
        """Bytes of a block are programmed together, so that the first of them takes its time."""
        if self._bytes % BLOCK == 0:
            self._busy_us += BLOCK_US
            if self._wait is not None:
                self._wait(BLOCK_US)
        self._bytes += 1
        if self._on_byte is not None:
            self._on_byte(self._bytes)

    # frames

    def _carry_out(self, apdu: Apdu) -> Answer:
        if apdu.cla == READER_CLASS:
            return self._of_the_reader(apdu)
        if apdu.cla != CLA:
            return UNKNOWN_CLASS
        try:
            native = self._frame(apdu.ins, apdu.data)
        except Deny as denied:
            self._next = None
            self._here.log_out()
            native = bytes([denied.status])
        return Answer(native[1:], 0x9100 | native[0])

    def _of_the_reader(self, apdu: Apdu) -> Answer:
        if apdu.ins != READER_DATA or (apdu.p1, apdu.p2) != (0, 0):
            return UNKNOWN_INSTRUCTION
        return Answer(self._here.state.uid, DONE.sw)

    def _frame(self, ins: int, data: bytes) -> bytes:
        """One frame, status in front. Raises Deny."""
        continued, self._next = self._next, None
        if ins == Ins.MORE:
            if continued is None:
                raise Deny(Status.ILLEGAL_COMMAND)
            return continued(data)
        if continued is not None:
            # Anything else in the middle of a command aborts both.
            raise Deny(Status.ABORTED)
        if ins in KIND_OF:
            return self._begin_handshake(Ins(ins), data)
        if ins == Ins.SELECT:
            return self._select(data)
        return self._collect(ins, data)

    def _collect(self, ins: int, body: bytes) -> bytes:
        """Data for a file may come in several frames; nothing is done before they are all there."""
        if len(body) < wire_size(self._here, ins, body):
            self._next = lambda more: self._collect(ins, body + more)
            return bytes([Status.MORE])
        answer = carry_out(self._here, ins, body)
        if ins == Ins.GET_VERSION:
            return self._hand_out([answer[at:end] for at, end in VERSION_FRAMES])
        return self._hand_out(list(split(answer, ANSWER_FRAME)))

    def _hand_out(self, pieces: list[bytes]) -> bytes:
        first, *rest = pieces
        if not rest:
            return bytes([Status.DONE]) + first
        self._next = lambda _: self._hand_out(rest)
        return bytes([Status.MORE]) + first

    # what is answered in an order of its own

    def _select(self, aid: bytes) -> bytes:
        self._here.log_out()
        if len(aid) != AID_SIZE:
            raise Deny(Status.LENGTH)
        if aid not in self._here.state.applications:
            raise Deny(Status.NO_APPLICATION)
        self._here.aid = aid
        return bytes([Status.DONE])

    def _begin_handshake(self, ins: Ins, data: bytes) -> bytes:
        if not data:
            raise Deny(Status.LENGTH)
        number, before = data[0], self._here.channel
        key = self._here.key(number)
        begun = challenge(ins, key, self._entropy, generation=self._here.state.generation, before=before)
        if ins != Ins.AUTHENTICATE_EV2_NON_FIRST:
            self._here.log_out()
        self._here.key_in_use, self._here.channel = None, None

        def complete(token: bytes) -> bytes:
            proof, channel = begun.complete(token)
            return self._logged_in(number, proof, channel)

        self._next = complete
        return bytes([Status.MORE]) + begun.secret

    def _logged_in(self, number: int, proof: bytes, channel: CardChannel) -> bytes:
        self._here.key_in_use, self._here.channel = number, channel
        return bytes([Status.DONE]) + proof
