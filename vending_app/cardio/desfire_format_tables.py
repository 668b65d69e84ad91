"""The generated parts of docs/card-format.md about DESFire: keys, files, and a meter's dialogue frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat

from vending_app.cardio.chip import Means
from vending_app.cardio.derivation import derive
from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.commands import FREE, KEYS_OF_AES, NEVER, PICC, FileKind, FilePlan, Generation
from vending_app.cardio.desfire.ev2 import session_keys
from vending_app.cardio.desfire.history import history_of
from vending_app.cardio.desfire.keys import CardKey
from vending_app.cardio.desfire.plan import (
    AID,
    FILES,
    HEADER_FILE,
    HISTORY,
    HISTORY_KEPT,
    KEY_NAMES,
    ORDER_FILE,
    SETTINGS,
    SYSTEM,
    TOOL_FILE,
    WRITE_BACK_FILE,
    CardKeys,
    KeyNo,
)
from vending_app.cardio.desfire_chip import DesfireChip
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import CardState, MemoryDesfire
from vending_app.cardio.format_text import (
    EXAMPLE_MASTER,
    EXAMPLE_VERSION,
    as_hex,
    block,
    kdf_input,
    record_table,
    table,
)
from vending_app.cardio.refused import Trust
from vending_app.cardio.totals1 import Totals1, order_from, write_back_from
from vending_app.cardio.totals1_layout import SAMPLES
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKeyName, CardKind, CardWrite
from vending_app.domain.ids import CardNo, ReaderName

EXAMPLE_UID = bytes.fromhex("04782E21801D80")
NUMBER_A, NUMBER_B, NUMBER_TI = bytes(range(0xA0, 0xB0)), bytes(range(0xB0, 0xC0)), bytes(range(0xC0, 0xC4))
"""What meter and card draw in the example."""
_HOLDERS = {
    CardKeyName.CARD: "office: deletes the application, so that the card can be issued anew",
    CardKeyName.APPLICATION: "office: makes files, changes keys, writes the header",
    CardKeyName.OFFICE: "office: reads all, writes orders and history",
    CardKeyName.METER: "office and meters: reads order and write-back, writes the write-back",
}
_KINDS = {FileKind.STANDARD: "standard", FileKind.BACKUP: "backup", FileKind.CYCLIC: "cyclic"}
_CONTENTS = {0: "header", 1: "order, with state byte", 2: "write-back", 3: "history", 4: "tool card, 0x30–0xEF"}
_COMM = {0: "plain", 1: "MAC", 3: "full"}


def keys_table() -> str:
    """Who has which key."""
    rows = [f"| card, 0 | `{CardKeyName.CARD.value}` | `{as_hex(PICC)}` | {_HOLDERS[CardKeyName.CARD]} |"]
    rows += [
        f"| application, {number.value} | `{name.value}` | `{as_hex(AID)}` | {_HOLDERS[name]} |"
        for number, name in KEY_NAMES.items()
    ]
    return table("| key | label of its master | application in its diversification | who has it, and for what |", rows)


def files_table() -> str:
    """The files, and the data of the command that makes each."""
    heads = "| file | kind | content | bytes | data travel | read | write | both | change | command and its data |"
    return table(heads, (_file_row(plan) for plan in (*FILES, TOOL_FILE)))


def _file_row(plan: FilePlan) -> str:
    rights = plan.rights
    who = " | ".join(_right(right) for right in (rights.read, rights.write, rights.both, rights.change))
    size = f"{plan.size} × {plan.records}" if plan.records else f"{plan.size}"
    create = plan.create()
    told = f"`{create.ins:02X}` `{as_hex(create.header)}`"
    comm = _COMM[plan.comm]
    return f"| {plan.number} | {_KINDS[plan.kind]} | {_CONTENTS[plan.number]} | {size} | {comm} | {who} | {told} |"


def _right(right: int) -> str:
    return {FREE: "anybody", NEVER: "nobody"}.get(right, f"key {right}")


def application_line() -> str:
    """How the application is made."""
    made = AID + bytes([SETTINGS, len(KeyNo) | KEYS_OF_AES])
    return block(
        f"CreateApplication   CA {as_hex(made)}",
        f"history             {HISTORY_KEPT} records are kept; one more is spare, as the chip wants it",
    )


def history_table() -> str:
    return record_table(HISTORY)


def diversification() -> str:
    """From master key to the keys of one card."""
    version = bytes([EXAMPLE_VERSION])
    lines = [f"UID                      {as_hex(EXAMPLE_UID)}"]
    for name, aid in ((CardKeyName.CARD, PICC), *((name, AID) for name in KEY_NAMES.values())):
        label, message = name.value.encode(), b"\x01" + EXAMPLE_UID + aid + SYSTEM
        key = _vault().card_key(name, message[1:], key_version=EXAMPLE_VERSION)
        lines += [
            "",
            f"KDF input                {as_hex(kdf_input(label, version))}",
            f"{name.value:<24} {as_hex(derive(EXAMPLE_MASTER, label, version))}",
            f"message under the CMAC   {as_hex(message)}",
            f"key of this card         {as_hex(key)}",
        ]
    return block(*lines)


def dialogue() -> str:
    """A meter reads an order and writes back, on a card of EV2."""
    example = Issued()
    enc, mac = session_keys(example.key, NUMBER_A, NUMBER_B)
    said = example.played()
    return block(
        f"RndA of the meter   {as_hex(NUMBER_A)}",
        f"RndB of the card    {as_hex(NUMBER_B)}",
        f"TI                  {as_hex(NUMBER_TI)}",
        f"SesAuthENCKey       {as_hex(enc.secret)}",
        f"SesAuthMACKey       {as_hex(mac.secret)}",
        f"order               {as_hex(example.write.record)}",
        f"its history record  {as_hex(history_of(example.write.record))}",
        f"write-back          {as_hex(example.write_back)}",
        *said,
    )


class Issued:
    """The card of the worked example, as a DESFire card; and the meter's key to it."""

    def __init__(self) -> None:
        self._vault = _vault()
        header, order, write_back = (sample.values for sample in SAMPLES)
        number, utility = CardNo(header.figures["card"]), header.numbers["utility"]
        codec = Totals1(self._vault, utility=utility)
        self.write = CardWrite(
            number,
            codec.encode_order(order_from(order), card=number),
            codec.encode_header(CardHeader(CardKind.USER, utility, number, EXAMPLE_VERSION)),
            EXAMPLE_VERSION,
        )
        self.write_back = codec.encode_write_back(write_back_from(write_back), card=number)
        self._store = MemoryDesfire(CardState.factory(EXAMPLE_UID, Generation.EV2))
        means = Means(ReaderName(""), (), codec, self._vault, _repeated, Trust(None))
        chip = DesfireChip(_Loud(EmulatedDesfire(self._store, entropy=_repeated)), means)
        chip.identify()
        chip.stage(codec.decode(chip.read()), self.write)

    @property
    def key(self) -> CardKey:
        with CardKeys(self._vault, EXAMPLE_UID).of(KeyNo.METER, EXAMPLE_VERSION) as key:
            return CardKey(bytes(key.secret))

    def played(self) -> Iterator[str]:
        """Title, frames sent and received."""
        drawn = iter((NUMBER_B, NUMBER_TI))
        wire = _Loud(EmulatedDesfire(self._store, entropy=lambda _: next(drawn)))
        meter = Desfire(wire, lambda _: NUMBER_A)
        yield from wire.said("select", lambda: meter.select(AID))
        yield from wire.said("header, read by anybody", lambda: meter.run(HEADER_FILE.read(is_free=True)))
        yield from wire.said("AuthenticateEV2First with key 2", lambda: meter.authenticate(KeyNo.METER, self.key))
        yield from wire.said("order", lambda: meter.run(ORDER_FILE.read()))
        yield from wire.said("write-back", lambda: meter.run(WRITE_BACK_FILE.write(self.write_back)))
        yield from wire.said("CommitTransaction", meter.commit)


class _Loud:
    """Implements Link: a card whose every frame is told."""

    def __init__(self, card: EmulatedDesfire) -> None:
        self._card = card
        self._frames: list[str] = []
        self.atr = card.atr

    def transmit(self, apdu: bytes) -> bytes:
        answer = self._card.exchange(apdu)
        self._frames += [f"  > {as_hex(apdu)}", f"  < {as_hex(answer)}"]
        return answer

    def reconnect(self) -> None:
        self._card.power_off()

    def said(self, title: str, act: Callable[[], object]) -> list[str]:
        """What goes to and fro meanwhile."""
        self._frames = []
        act()
        return ["", title, *self._frames]


def _vault() -> SealedVault:
    return SealedVault({EXAMPLE_VERSION: bytearray(EXAMPLE_MASTER)})


def _repeated(size: int) -> bytes:
    """For a card of which nobody sees the random numbers."""
    return bytes(repeat(0x11, size))


DESFIRE_PARTS = {
    "desfire-keys": keys_table,
    "desfire-application": application_line,
    "desfire-files": files_table,
    "desfire-history": history_table,
    "desfire-diversification": diversification,
    "desfire-dialogue": dialogue,
}
