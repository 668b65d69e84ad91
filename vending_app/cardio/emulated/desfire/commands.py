"""What a DESFire card in software does with a command, once it knows who sent it: rights, and the effect.

A command is a header of fixed size and data behind it. Every effect on what the card remembers is one step: it has
happened or it has not, except bytes written in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vending_app.cardio.desfire.commands import (
    AID_SIZE,
    FREE,
    KEYS_OF_AES,
    KEYS_OF_DES,
    PICC,
    Comm,
    FileKind,
    Generation,
    Ins,
    Rights,
)
from vending_app.cardio.desfire.keys import KEY_SIZE, CardKey, KeyKind, crc32, factory_application_key
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.emulated.desfire import files
from vending_app.cardio.emulated.desfire.session import CRC_SIZE, CardChannel, Deny, NoChannel, Received
from vending_app.cardio.emulated.desfire.state import Application, CardState, StoredFile

LAYERS = {
    Generation.EV1: ((0x01, 0x00), (0x01, 0x04)),
    Generation.EV2: ((0x12, 0x00), (0x02, 0x01)),
    Generation.EV3: ((0x33, 0x00), (0x03, 0x00)),
}
"""Versions of hardware and software."""
VENDOR = bytes.fromhex("040101")
STORAGE_8_KB, PROTOCOL = 0x1A, 0x05
BATCH = bytes.fromhex("BA4519E3204913")
"""Five bytes, week and year, as of a card that was recorded."""
MASTER = 0
MOST_KEYS = 14
MOST_FILES = 32
ONLY_MASTER_LISTS, ONLY_MASTER_CREATES, KEY_CHANGEABLE = 0x02, 0x04, 0x01
"""Bits of the key settings; the first two say so by being off."""
CHANGE_BY_SAME_KEY, NO_CHANGE = 0xE, 0xF
CREATED = {
    Ins.CREATE_STANDARD: FileKind.STANDARD,
    Ins.CREATE_BACKUP: FileKind.BACKUP,
    Ins.CREATE_CYCLIC: FileKind.CYCLIC,
}
KINDS_OF_PICC = {KEYS_OF_AES: KeyKind.AES, KEYS_OF_DES: KeyKind.DES}
"""By the number with which the key of the card itself is changed."""
FOR_FILES = frozenset({Ins.WRITE_DATA, Ins.WRITE_RECORD})


@dataclass(slots=True)
class Situation:
    """Where the card stands: its memory, the application chosen, who is there, and what was staged."""

    state: CardState
    staged: files.Staged
    program: files.Program
    save: Callable[[], None]
    """Make the memory as it is now the lasting one, as one step that a card may leave in."""
    keep: Callable[[], None]
    """The same behind a byte that was programmed, which is the step."""
    aid: bytes = PICC
    key_in_use: int | None = None
    channel: CardChannel | None = None

    @property
    def application(self) -> Application:
        return self.state.applications[self.aid]

    @property
    def messages(self) -> CardChannel:
        return self.channel or NoChannel()

    def log_out(self) -> None:
        """The session and what was staged are gone."""
        self.key_in_use, self.channel = None, None
        self.staged.drop()

    # what a command may do

    def require_master(self, *, unless: int = 0) -> None:
        """Unless this bit of the key settings lets anybody. Raises Deny authentication."""
        if not self.application.settings & unless and self.key_in_use != MASTER:
            raise Deny(Status.AUTHENTICATION)

    def file(self, number: int) -> StoredFile:
        """Raises Deny no-file."""
        if number not in self.application.files:
            raise Deny(Status.NO_FILE)
        return self.application.files[number]

    def comm(self, file: StoredFile, *allowed: int) -> Comm:
        """How data go if one of these rights is free or belongs to the key in use. Raises Deny permission, …"""
        if self.key_in_use is not None and self.key_in_use in allowed:
            return file.comm
        if FREE in allowed:
            return Comm.PLAIN
        raise Deny(Status.AUTHENTICATION if self.key_in_use is None else Status.PERMISSION)

    def key(self, number: int) -> CardKey:
        """Raises Deny no-such-key."""
        if number >= len(self.application.keys):
            raise Deny(Status.NO_SUCH_KEY)
        return self.application.keys[number]


def carry_out(here: Situation, ins: int, body: bytes) -> bytes:
    """The data of the answer, sealed. Raises Deny."""
    command = COMMANDS.get(ins)
    if command is None:
        raise Deny(Status.ILLEGAL_COMMAND)
    return command(here, ins, body)


def wire_size(here: Situation, ins: int, body: bytes) -> int:
    """How many bytes a command has that began with `body`: data for a file may come in several frames.

    Raises Deny as the command itself would.
    """
    if ins not in FOR_FILES or len(body) < _PLACE:
        return len(body)
    file = here.file(body[0])
    sent = here.comm(file, file.rights.write, file.rights.both)
    return _PLACE + here.messages.wire_size(_int3(body[4:7]), sent)


_PLACE = 7
"""File number, offset and length."""


def _int3(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _opened(
    here: Situation, ins: int, body: bytes, header: int, *, sent: Comm = Comm.MAC, size: int = 0, trailer: int = 0
) -> bytes:
    """The data behind the header. Raises Deny length, integrity."""
    if len(body) < header:
        raise Deny(Status.LENGTH)
    return here.messages.open(
        Received(ins, body[:header], body[header:], sent, size, trailer, is_for_file=ins in FOR_FILES)
    )


def _plain(header: int, act: Callable[[Situation, bytes], bytes]) -> Callable[[Situation, int, bytes], bytes]:
    """A command that has a header only, and answers plain data."""

    def command(here: Situation, ins: int, body: bytes) -> bytes:
        _opened(here, ins, body, header)
        return here.messages.seal(act(here, body[:header]), Comm.MAC)

    return command


# the card and its applications


def _create_application(here: Situation, header: bytes) -> bytes:
    aid, settings, count = header[:AID_SIZE], header[3], header[4]
    if here.aid != PICC:
        raise Deny(Status.PERMISSION)
    here.require_master(unless=ONLY_MASTER_CREATES)
    if aid in here.state.applications:
        raise Deny(Status.DUPLICATE)
    if not count & KEYS_OF_AES or not 0 < count & 0x3F <= MOST_KEYS:
        raise Deny(Status.PARAMETER)
    keys = [factory_application_key() for _ in range(count & 0x3F)]
    here.state.applications[aid] = Application(settings, keys)
    here.save()
    return b""


def _delete_application(here: Situation, header: bytes) -> bytes:
    if header == PICC or here.aid != PICC:
        raise Deny(Status.PERMISSION)
    here.require_master()
    if header not in here.state.applications:
        raise Deny(Status.NO_APPLICATION)
    del here.state.applications[header]
    here.save()
    return b""


def _format(here: Situation, _: bytes) -> bytes:
    if here.aid != PICC:
        raise Deny(Status.PERMISSION)
    here.require_master()
    here.state.applications = {PICC: here.application}
    here.save()
    return b""


def _application_ids(here: Situation, _: bytes) -> bytes:
    if here.aid != PICC:
        raise Deny(Status.PERMISSION)
    here.require_master(unless=ONLY_MASTER_LISTS)
    return b"".join(aid for aid in here.state.applications if aid != PICC)


def _key_version(here: Situation, header: bytes) -> bytes:
    return bytes([here.key(header[0]).version])


def _uid(here: Situation, ins: int, body: bytes) -> bytes:
    if here.channel is None:
        raise Deny(Status.AUTHENTICATION)
    _opened(here, ins, body, 0)
    return here.messages.seal(here.state.uid, Comm.FULL)


def _change_key(here: Situation, ins: int, body: bytes) -> bytes:
    if not body:
        raise Deny(Status.LENGTH)
    number = body[0] & 0x0F
    old, is_own = here.key(number), number == here.key_in_use
    _require_change(here, number)
    if here.aid == PICC and body[0] not in KINDS_OF_PICC:
        raise Deny(Status.PARAMETER)
    kind = KINDS_OF_PICC[body[0]] if here.aid == PICC else KeyKind.AES
    told = 1 if kind is KeyKind.AES else 0
    trailer = 0 if is_own else CRC_SIZE
    data = _opened(here, ins, body, 1, sent=Comm.FULL, size=KEY_SIZE + told, trailer=trailer)
    secret, version = data[:KEY_SIZE], data[KEY_SIZE] if told else 0
    if not is_own:
        secret = bytes(new ^ before for new, before in zip(secret, old.secret, strict=True))
        if crc32(secret) != data[KEY_SIZE + told :]:
            raise Deny(Status.INTEGRITY)
    answer = b"" if is_own else here.messages.seal(b"", Comm.MAC)
    here.application.keys[number] = CardKey(secret, kind=kind, version=version)
    here.save()
    if is_own:
        here.log_out()
    return answer


def _require_change(here: Situation, number: int) -> None:
    """Raises Deny authentication, permission."""
    if here.key_in_use is None:
        raise Deny(Status.AUTHENTICATION)
    settings = here.application.settings
    by = settings >> 4
    is_allowed = {CHANGE_BY_SAME_KEY: here.key_in_use == number, NO_CHANGE: False}.get(by, here.key_in_use == by)
    if number == MASTER:
        is_allowed = here.key_in_use == MASTER and bool(settings & KEY_CHANGEABLE)
    if not is_allowed:
        raise Deny(Status.PERMISSION)


def _version(here: Situation, _: bytes) -> bytes:
    """Maker, type, subtype, major and minor version, storage, protocol: of hardware and software; UID, batch."""
    hardware, software = LAYERS[here.state.generation]
    layers = (VENDOR + bytes([*layer, STORAGE_8_KB, PROTOCOL]) for layer in (hardware, software))
    return b"".join(layers) + here.state.uid + BATCH


# files


def _file_ids(here: Situation, _: bytes) -> bytes:
    here.require_master(unless=ONLY_MASTER_LISTS)
    return bytes(sorted(here.application.files))


def _file_settings(here: Situation, header: bytes) -> bytes:
    here.require_master(unless=ONLY_MASTER_LISTS)
    file = here.file(header[0])
    told = bytes([file.kind, file.comm]) + file.rights.to_bytes() + file.size.to_bytes(3, "little")
    if file.kind is not FileKind.CYCLIC:
        return told
    there = len(file.data) // file.size
    return told + file.records.to_bytes(3, "little") + there.to_bytes(3, "little")


def _create_file(here: Situation, ins: int, body: bytes) -> bytes:
    kind = CREATED[Ins(ins)]
    header = 10 if kind is FileKind.CYCLIC else 7
    _opened(here, ins, body, header)
    if here.aid == PICC:
        raise Deny(Status.PERMISSION)
    here.require_master(unless=ONLY_MASTER_CREATES)
    if body[0] in here.application.files:
        raise Deny(Status.DUPLICATE)
    here.application.files[body[0]] = _new_file(kind, body[:header])
    here.save()
    return here.messages.seal(b"", Comm.MAC)


def _new_file(kind: FileKind, header: bytes) -> StoredFile:
    """Raises Deny parameter."""
    size, records = _int3(header[4:7]), _int3(header[7:10])
    is_sound = header[0] < MOST_FILES and header[1] in set(Comm) and size > 0
    if not is_sound or (kind is FileKind.CYCLIC and records < 2):
        raise Deny(Status.PARAMETER)
    data = b"" if kind is FileKind.CYCLIC else bytes(size)
    return StoredFile(kind, Comm(header[1]), Rights.parse(header[2:4]), size, records, data)


def _delete_file(here: Situation, header: bytes) -> bytes:
    here.require_master(unless=ONLY_MASTER_CREATES)
    here.file(header[0])
    del here.application.files[header[0]]
    here.save()
    return b""


def _read(here: Situation, ins: int, body: bytes) -> bytes:
    if len(body) < _PLACE:
        raise Deny(Status.LENGTH)
    file = here.file(body[0])
    answered = here.comm(file, file.rights.read, file.rights.both)
    _opened(here, ins, body, _PLACE, sent=Comm.PLAIN if answered is Comm.PLAIN else Comm.MAC)
    if (file.kind is FileKind.CYCLIC) is (ins == Ins.READ_DATA):
        raise Deny(Status.PARAMETER)
    taken = files.read_records if ins == Ins.READ_RECORDS else files.read
    return here.messages.seal(taken(file, _int3(body[1:4]), _int3(body[4:7])), answered)


def _write(here: Situation, ins: int, body: bytes) -> bytes:
    if len(body) < _PLACE:
        raise Deny(Status.LENGTH)
    number, offset, size = body[0], _int3(body[1:4]), _int3(body[4:7])
    file = here.file(number)
    sent = here.comm(file, file.rights.write, file.rights.both)
    data = _opened(here, ins, body, _PLACE, sent=sent, size=size)
    if (file.kind is FileKind.CYCLIC) is (ins == Ins.WRITE_DATA) or not data:
        raise Deny(Status.PARAMETER)
    if file.kind is FileKind.STANDARD:
        files.write_in_place(file, offset, data, here.program, here.keep)
    else:
        files.write(file, here.staged.mirror(number, file), offset, data, here.program)
    return here.messages.seal(b"", Comm.PLAIN if sent is Comm.PLAIN else Comm.MAC)


def _commit(here: Situation, _: bytes) -> bytes:
    if here.staged.is_empty:
        raise Deny(Status.NO_CHANGES)
    here.staged.take_effect(here.application.files)
    here.save()
    return b""


def _abort(here: Situation, _: bytes) -> bytes:
    if here.staged.is_empty:
        raise Deny(Status.NO_CHANGES)
    here.staged.drop()
    return b""


COMMANDS: dict[int, Callable[[Situation, int, bytes], bytes]] = {
    Ins.CREATE_APPLICATION: _plain(5, _create_application),
    Ins.DELETE_APPLICATION: _plain(AID_SIZE, _delete_application),
    Ins.FORMAT: _plain(0, _format),
    Ins.GET_VERSION: _plain(0, _version),
    Ins.APPLICATION_IDS: _plain(0, _application_ids),
    Ins.GET_KEY_VERSION: _plain(1, _key_version),
    Ins.GET_UID: _uid,
    Ins.CHANGE_KEY: _change_key,
    Ins.FILE_IDS: _plain(0, _file_ids),
    Ins.FILE_SETTINGS: _plain(1, _file_settings),
    Ins.CREATE_STANDARD: _create_file,
    Ins.CREATE_BACKUP: _create_file,
    Ins.CREATE_CYCLIC: _create_file,
    Ins.DELETE_FILE: _plain(1, _delete_file),
    Ins.READ_DATA: _read,
    Ins.READ_RECORDS: _read,
    Ins.WRITE_DATA: _write,
    Ins.WRITE_RECORD: _write,
    Ins.COMMIT: _plain(0, _commit),
    Ins.ABORT: _plain(0, _abort),
}
