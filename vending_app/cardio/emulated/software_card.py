"""What every card in software has in common: a hand puts it in and takes it out, faults befall it, it is counted.

The built-in reader and the virtual PC/SC reader hold the same cards.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event

from vending_app.cardio.apdu import SW_DONE, Answer, Apdu, MalformedApdu
from vending_app.cardio.emulated.faults import CardLeft, Fault, FaultKind, FaultPlan, ReaderFailed
from vending_app.domain.ids import CardNo
from vending_app.ports import KeyVault

NOT_SELECTED = Answer(b"", 0x6985)
WRONG_LENGTH = Answer(b"", 0x6700)
UNKNOWN_INSTRUCTION = Answer(b"", 0x6D00)
UNKNOWN_CLASS = Answer(b"", 0x6E00)
DONE = Answer(b"", SW_DONE)
MEMORY_CARD_CLASS = 0xFF

Hook = Callable[[int], None]


class SoftwareCard(ABC):
    """A card in a reader. `is_out` says that a fault threw it out; `put_back` before it can be used again.

    `on_apdu` is called with the number of each command before it is carried out: a campaign may kill the process there.
    """

    atr = b""

    def __init__(self, faults: FaultPlan, *, on_apdu: Hook | None = None) -> None:
        self.faults = faults
        self._on_apdu = on_apdu
        self.apdus = 0
        self.is_out = False
        self.stand_in: SoftwareCard | None = None
        """The card that a swap puts in its place."""
        self.on_reader_failed: Callable[[FaultKind], None] | None = None
        """Told when the reader is to fail, before the command ends without an answer."""
        self._let_go = Event()

    # what a hand does

    def arm(self, fault: Fault | None) -> None:
        """Plan a fault; it counts from now on. None takes the plan back."""
        self.faults.arm(fault)

    def put_back(self) -> None:
        """Insert the card again after it was out."""
        self.is_out = False
        self.power_off()

    def let_go(self) -> None:
        """Take a card that hangs out of the reader: whoever waits for its answer gets none."""
        self._let_go.set()

    # what a reader does

    def power_off(self) -> None:
        """Everything volatile is lost, also of the card that was put in this one's place."""
        if self.stand_in is not None:
            self.stand_in.power_off()

    def exchange(self, apdu: bytes) -> bytes:
        """Carry out one command; empty if the card left before its answer, as real readers report it."""
        if self.is_out:
            return b""
        self.apdus += 1
        if self._on_apdu is not None:
            self._on_apdu(self.apdus)
        try:
            self.faults.before_apdu(is_write=apdu[1] in self.writes if len(apdu) > 1 else False)
            if self.faults.is_swapped and self.stand_in is not None:
                return self.stand_in.exchange(apdu)
            return self.faults.after_apdu(self._parsed(apdu).to_bytes())
        except CardLeft:
            self.is_out = True
            self.power_off()
        except ReaderFailed as failed:
            self._fail_with_reader(failed.kind)
        return b""

    def _fail_with_reader(self, kind: FaultKind) -> None:
        if self.on_reader_failed is not None:
            self.on_reader_failed(kind)
        if kind is FaultKind.HANG:
            self._let_go.wait()

    def _parsed(self, raw: bytes) -> Answer:
        try:
            return self._carry_out(Apdu.parse(raw))
        except MalformedApdu:
            return WRONG_LENGTH

    @property
    @abstractmethod
    def writes(self) -> frozenset[int]:
        """Instructions that program something of the card's contents."""

    @abstractmethod
    def _carry_out(self, apdu: Apdu) -> Answer:
        """What the reader answers. Raises CardLeft."""

    # what a meter does

    @property
    @abstractmethod
    def tries(self) -> int | None:
        """How many wrong codes the chip still forgives; None for a chip that forgives any number."""

    def image_for(self, vault: KeyVault) -> bytes:
        """The image, FF where a meter with these keys may not read; a memory card hides nothing. Raises CardLeft."""
        return self.image

    @abstractmethod
    def opens(self, vault: KeyVault, *, card: CardNo, key_version: int) -> bool:
        """Present this card's own code or keys, once, as a meter's chip driver does. Raises CardLeft."""

    @abstractmethod
    def put(self, address: int, data: bytes) -> None:
        """Program what of these bytes of the image differs, in rising order, on an open chip. Raises CardLeft."""

    # figures

    @property
    @abstractmethod
    def image(self) -> bytes:
        """The 256 bytes of Totals 1, as they would be read."""

    @property
    @abstractmethod
    def bytes_programmed(self) -> int:
        """Of what the image shows."""

    @property
    @abstractmethod
    def all_bytes_programmed(self) -> int:
        """As many places as a card can be torn at, keys and counters too."""

    @property
    @abstractmethod
    def busy_us(self) -> int:
        """Programming time so far, in microseconds of the chip."""

    @abstractmethod
    def reset_counters(self) -> None:
        """Start counting commands, bytes and time again."""
