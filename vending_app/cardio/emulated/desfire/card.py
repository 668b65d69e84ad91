"""An emulated DESFire card as a reader sees it: frames, sessions, faults; and the reader's own command for the UID.

It is used as `emulated.card.EmulatedCard` is: built-in reader and virtual PC/SC reader hold either.
"""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.apdu import Answer, Apdu, MalformedApdu
from vending_app.cardio.desfire.commands import AID_SIZE, Generation, Ins, split
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.desfire.wire import ANSWER_FRAME, CLA
from vending_app.cardio.emulated.card import DONE, UNKNOWN_CLASS, UNKNOWN_INSTRUCTION, WRONG_LENGTH
from vending_app.cardio.emulated.desfire.commands import FOR_FILES, Situation, carry_out, wire_size
from vending_app.cardio.emulated.desfire.files import Staged, TornByte
from vending_app.cardio.emulated.desfire.handshake import KIND_OF, challenge
from vending_app.cardio.emulated.desfire.session import CardChannel, Deny
from vending_app.cardio.emulated.desfire.state import CardState, DesfireStore, MemoryDesfire
from vending_app.cardio.emulated.faults import CardLeft, Fault, FaultPlan
from vending_app.ports import Entropy

ANSWER_TO_RESET = bytes.fromhex("3B8180018080")
READER_CLASS, READER_DATA = 0xFF, 0xCA
"""What a reader answers by itself: data about the card without contacts that lies on it."""
VERSION_FRAMES = ((0, 7), (7, 14), (14, None))
"""Hardware, software, and the rest: a frame for each."""
OLD, NEW = 0x00, 0xFF
"""The mark that a step on the card's memory is done: programmed like a byte."""

Continue = Callable[[bytes], bytes]
"""What the card does with the next frame AF; its answer with status in front."""


class EmulatedDesfire:
    """A card in software. `is_out` says that a fault threw it out; `put_back` before it can be used again.

    `entropy` gives the card's random numbers. `on_apdu` is called with the number of each command before it is carried
    out, `on_byte` with the number of each byte after it was programmed, steps on the memory counted as bytes.
    """

    atr = ANSWER_TO_RESET

    def __init__(
        self,
        store: DesfireStore,
        *,
        entropy: Entropy,
        on_apdu: Callable[[int], None] | None = None,
        on_byte: Callable[[int], None] | None = None,
    ) -> None:
        self._store = store
        self._entropy = entropy
        self._on_apdu = on_apdu
        self._on_byte = on_byte
        self._next: Continue | None = None
        self._here = self._powered_up()
        self.faults = FaultPlan()
        self.apdus = self.bytes_programmed = 0
        self.is_out = False

    @classmethod
    def factory(cls, uid: bytes, generation: Generation, *, entropy: Entropy) -> EmulatedDesfire:
        """A new card in memory."""
        return cls(MemoryDesfire(CardState.factory(uid, generation)), entropy=entropy)

    # what a hand does

    def arm(self, fault: Fault | None) -> None:
        """Plan a fault; it counts from now on. None takes the plan back."""
        self.faults.arm(fault)

    def put_back(self) -> None:
        """Insert the card again after it was out."""
        self.is_out = False
        self.power_off()

    # what a reader does

    def power_off(self) -> None:
        """Everything volatile is lost: the application chosen, the session, what was staged."""
        self._next, self._here = None, self._powered_up()

    def exchange(self, apdu: bytes) -> bytes:
        """Carry out one command; empty if the card left before its answer, as real readers report it."""
        if self.is_out:
            return b""
        self.apdus += 1
        if self._on_apdu is not None:
            self._on_apdu(self.apdus)
        try:
            self.faults.before_apdu(is_write=apdu[1:2] != b"" and apdu[1] in (*FOR_FILES, Ins.COMMIT))
            answer = self._answer(apdu)
            self.faults.after_apdu()
        except CardLeft:
            self.is_out = True
            self.power_off()
            return b""
        return answer.to_bytes()

    # figures

    @property
    def state(self) -> CardState:
        """What the card remembers without power."""
        return self._store.load()

    @property
    def all_bytes_programmed(self) -> int:
        """As many places as a card can be torn at."""
        return self.bytes_programmed

    def reset_counters(self) -> None:
        """Start counting commands and bytes again."""
        self.apdus = self.bytes_programmed = 0

    # memory

    def _powered_up(self) -> Situation:
        return Situation(self._store.load(), Staged(), self._program, self._step, self._keep)

    def _program(self, old: int, new: int) -> int:
        torn = self.faults.torn_byte(old, new)
        if torn is not None:
            raise TornByte(torn)
        self._count()
        return new

    def _keep(self) -> None:
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
        self.bytes_programmed += 1
        if self._on_byte is not None:
            self._on_byte(self.bytes_programmed)

    # frames

    def _answer(self, raw: bytes) -> Answer:
        try:
            apdu = Apdu.parse(raw)
        except MalformedApdu:
            return WRONG_LENGTH
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
