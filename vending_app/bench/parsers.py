"""Everything that takes bytes from a card, a reader or the settings of one, to be fuzzed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from vending_app.bench.fuzz import Parser
from vending_app.cardio.apdu import Answer, Apdu, MalformedApdu, NoAnswer
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.classic import data_block, key_dialects_for
from vending_app.cardio.classic_layout import BLOCK, BLOCK_OF, condition, image_of
from vending_app.cardio.desfire.commands import Comm, Command, Generation, Ins, Rights, Version, records_told
from vending_app.cardio.desfire.ev1 import Ev1Channel
from vending_app.cardio.desfire.ev2 import ANSWER_IV, Ev2Channel
from vending_app.cardio.desfire.history import history_of, past_orders
from vending_app.cardio.desfire.keys import CardKey
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.desk import Desk
from vending_app.cardio.dialects import DIALECTS, dialect_for, dialects_for
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.classic import EmulatedClassic
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import CardState
from vending_app.cardio.emulated.faults import Fault
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Link
from vending_app.cardio.totals1_layout import OUTLINE_SIZE, WRITE_BACK_AREA
from vending_app.conformance.cards import AREA, CARD, CODEC, METER, OFFICE, UTILITY, card, order, tool
from vending_app.domain.card import CardHeader, CardKind, CardWrite
from vending_app.domain.errors import OperatorError, VendingError
from vending_app.domain.ids import MeterNo, ReaderName
from vending_app.meter import rules, tool_rules
from vending_app.meter.registers import Registers
from vending_app.ports import ReaderState
from vending_app.settings import parse as parse_settings

OFTEN = 40
"""What costs microseconds gets so many times the inputs of a whole session."""
UID = bytes.fromhex("04112233445566")
HOME = Registers(MeterNo(METER), area=AREA, key_versions=(1,))
ORDER = order("100")
WRITE = CardWrite(
    card=CARD,
    record=CODEC.encode_order(ORDER, card=CARD),
    header=CODEC.encode_header(CardHeader(CardKind.USER, UTILITY, CARD, 1)),
    key_version=1,
)


def parsers() -> list[Parser]:
    """All of them."""
    return [*_images(), *_frames(), *_desfire_answers(), *_files_and_settings(), *_emulators(), *_sessions()]


# --- the card format -------------------------------------------------------------------------------------


def _images() -> Iterator[Parser]:
    written = card(ORDER, order("150", 2))
    _, registers = rules.decide(HOME, CODEC.decode(written.memory))
    written.put(WRITE_BACK_AREA.address, CODEC.encode_write_back(rules.write_back_of(registers), card=CARD))
    seeds = (card().memory, card(ORDER).memory, written.memory, bytes(256), b"\xff" * 256)
    yield Parser("image of a customer's card", seeds, _image, share=OFTEN)
    tools = tuple(tool(kind).memory for kind in CardKind if kind is not CardKind.USER)
    yield Parser("image of a tool card", tools, _image, share=OFTEN)


def _image(raw: bytes) -> object:
    """What the office and the meter make of it, whole and of its beginning, and what a technician is shown."""
    image, begin = CODEC.decode(raw), raw[:OUTLINE_SIZE]
    CODEC.may_become(image, WRITE)
    CODEC.outline(begin)
    CODEC.fields(raw)
    CODEC.fields(begin, uid=raw[:7])
    if image.header is not None and image.tool is not None:
        return tool_rules.decide(HOME, image.header.kind, image.tool)
    return rules.decide(HOME, image)


# --- commands and answers --------------------------------------------------------------------------------


def _frames() -> Iterator[Parser]:
    commands = (Apdu(0xFF, 0xB0, 0, 0, expected=256), Apdu(0x90, 0x3D, 0, 0, bytes(50), 256), Apdu(0xFF, 0xD0, 0, 9))
    yield Parser("command", tuple(each.to_bytes() for each in commands), Apdu.parse, (MalformedApdu,), share=OFTEN)
    answers = (b"\x90\x00", b"\x90\x07", b"\x63\xc2", b"\x69\x83", bytes(256) + b"\x90\x00", b"\x07abc\x90\x00")
    on_bus = (bytes.fromhex("9D04070000009000"), bytes.fromhex("9E0200039000"))
    yield Parser("answer of a memory card", (*answers, *on_bus), _answer, (NoAnswer,), share=OFTEN)
    blocks = (UID.ljust(16, b"\xff") * 15, bytes(240))
    yield Parser("blocks of a Classic", blocks, _blocks, (OperatorError,), share=OFTEN)


def _answer(raw: bytes) -> object:
    answer = Answer.parse(raw)
    said = [(dialect.data(answer, len(raw) - 2), dialect.outcome(answer, raw[:3])) for dialect in DIALECTS.values()]
    return said, [(dialect.tries_left(answer), dialect.bus_tries(answer)) for dialect in DIALECTS.values()]


def _blocks(raw: bytes) -> object:
    numbers = sorted(BLOCK_OF.values())
    image = image_of(raw[:7], {number: raw[BLOCK * at : BLOCK * (at + 1)] for at, number in enumerate(numbers)})
    access = raw[:3].ljust(3, b"\x00")
    told = [condition(access, at) for at in range(4)]
    return image, told, data_block(raw[3] & 0xF0 if len(raw) > 3 else 0, raw[4 : 4 + BLOCK])


# --- what a DESFire card says ----------------------------------------------------------------------------


def _desfire_answers() -> Iterator[Parser]:
    seeds = (bytes(8), bytes(72), *(_proved(data) for data in (b"", bytes(64), bytes(range(55)))))
    for name, channel in (("EV1", _ev1), ("EV2", _ev2)):
        for answered in (Comm.MAC, Comm.FULL):
            feed = partial(_secured, channel, answered)
            title = f"{answered.name} answer of DESFire {name}"
            yield Parser(title, seeds, feed, (Refused,), share=OFTEN)
    yield Parser("version of DESFire", (bytes(28),), _version, share=OFTEN)
    record = history_of(WRITE.record)
    yield Parser("history of DESFire", (record, record * 6, bytes(16) + record), past_orders, share=OFTEN)
    settings = bytes.fromhex("040310FF100000070000060000")
    yield Parser("settings of a DESFire file", (settings, settings[:7]), records_told, share=OFTEN)


def _secured(channel: Callable[[], Ev1Channel | Ev2Channel], answered: Comm, raw: bytes) -> bytes:
    command = Command(Ins.READ_DATA, bytes(7), answered=answered, expected=64)
    session = channel()
    session.request(command)
    return session.answer(command, raw)


def _ev1() -> Ev1Channel:
    return Ev1Channel(CardKey(bytes(range(16))))


def _ev2() -> Ev2Channel:
    return Ev2Channel(CardKey(bytes(range(16))), CardKey(bytes(range(16, 32))), b"abcd")


def _proved(data: bytes) -> bytes:
    """An answer that the card of `_ev2` would give, enciphered if there are data."""
    session = _ev2()
    session.counter += 1
    body = session.enciphered(data, ANSWER_IV) if data else b""
    return body + session.mac(Status.DONE, body)


def _version(raw: bytes) -> object:
    version = Version.parse(raw)
    return Rights.parse(raw[:2]), version and version.generation


# --- files and settings ----------------------------------------------------------------------------------


def _files_and_settings() -> Iterator[Parser]:
    made = CardState.factory(UID, Generation.EV2).to_bytes()
    yield Parser("file of a DESFire card", (made,), CardState.parse, (OperatorError,), share=OFTEN // 4)
    names = (*DIALECTS, "ACS ACR38U", "HID OMNIKEY 3x21", "Identiv uTrust", "ACS ACR39U CCID")
    texts = tuple(name.encode() for name in names)
    yield Parser("dialect and name of a reader", texts, _dialect, (OperatorError,), share=OFTEN)
    settings = (b'{"dialect": "omnikey", "reader": "ACS"}', b'{"desk": 2, "quick_amounts": "1,2,3,4,5"}', b"{}")
    yield Parser("settings of a desk", settings, _settings, (VendingError,), share=OFTEN // 4)
    faults = (b"tear:14:mixed", b"answer-lost:3", b"pull-unchecked", b"flip-data:2:130")
    yield Parser("fault of the command line", faults, lambda raw: Fault.parse(_text(raw)), (ValueError,), share=OFTEN)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _dialect(raw: bytes) -> object:
    name = ReaderName(_text(raw))
    return key_dialects_for(name), dialects_for(name), dialect_for(name, override=_text(raw))


def _settings(raw: bytes) -> object:
    return dialect_for(ReaderName(""), override=parse_settings(raw).dialect)


# --- cards in software, and the office beside one that babbles -------------------------------------------


def _cards() -> dict[str, SoftwareCard]:
    """One of ours of each kind."""
    cards: dict[str, SoftwareCard] = {f"SLE4442 ({name})": EmulatedCard.blank(dialect=name) for name in DIALECTS}
    cards |= {f"Classic ({name})": EmulatedClassic.blank(dialect=name) for name in ("acs", "identiv")}
    cards |= {
        f"DESFire {generation.name}": EmulatedDesfire.factory(UID, generation, entropy=counting())
        for generation in (Generation.EV1, Generation.EV3)
    }
    for each in cards.values():
        readers = BuiltInReaders()
        readers.insert(each)
        with _desk(readers).session(BUILT_IN) as session:
            session.write(WRITE)
            session.verify(WRITE)
    return cards


def _desk(readers: BuiltInReaders | Babbling) -> Desk:
    return Desk(readers, codec=CODEC, vault=OFFICE, entropy=counting())


def _emulators() -> Iterator[Parser]:
    for name, there in _cards().items():
        recorded = Babbling(there)
        _read(recorded, b"")
        yield Parser(f"command to {name}", tuple(recorded.asked), partial(_exchange, there), share=OFTEN // 4)


def _exchange(there: SoftwareCard, raw: bytes) -> bytes:
    """The first byte tells whether it comes to a card that was just powered up."""
    if raw[:1] < b"\x20":
        there.power_off()
    return there.exchange(raw)


def _sessions() -> Iterator[Parser]:
    for name, there in _cards().items():
        recorded = Babbling(there)
        _read(recorded, b"")
        seeds = tuple(bytes([at]) + answer for at, answer in enumerate(recorded.answered))
        yield Parser(f"answer of {name} in a session", seeds, partial(_read, Babbling(there)), (VendingError,))


class Babbling:
    """Implements Readers and Link: a card of ours one of whose answers is something else."""

    def __init__(self, there: SoftwareCard) -> None:
        self._card = there
        self.atr = there.atr
        self.said = b""
        """The number of that answer in one byte, and the answer; empty for a card that behaves."""
        self.asked: list[bytes] = []
        self.answered: list[bytes] = []

    def list(self) -> tuple[ReaderState, ...]:
        return (ReaderState(BUILT_IN, True),)

    @contextmanager
    def connect(self, reader: ReaderName) -> Iterator[Link]:
        self.asked, self.answered = [], []
        self._card.power_off()
        yield self

    def transmit(self, apdu: bytes) -> bytes:
        self.asked.append(apdu)
        answer = self._card.exchange(apdu)
        if self.said and self.said[0] == len(self.answered):
            answer = self.said[1:]
        self.answered.append(answer)
        return answer

    def reconnect(self) -> None:
        self._card.power_off()

    def watch(self, known: tuple[ReaderState, ...], *, timeout_ms: int) -> tuple[ReaderState, ...]:
        return known

    def close(self) -> None:
        """Nothing is held."""


def _read(babbling: Babbling, raw: bytes) -> object:
    babbling.said = raw
    with _desk(babbling).session(BUILT_IN) as session:
        return session.read(), session.history()
