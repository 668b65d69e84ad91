"""What a DESFire card in software remembers without power, and the file that it is kept in.

The file is JSON: applications with keys and files, everything as hexadecimal text. It holds only what was committed;
what is staged is lost with the power, as on a real card.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from vending_app.cardio.desfire.commands import AID_SIZE, PICC, Comm, FileKind, Generation, Rights
from vending_app.cardio.desfire.keys import KEY_SIZE, UID_SIZE, CardKey, KeyKind, factory_picc_key
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError

FACTORY_SETTINGS = 0x0F
"""Of the card's own level: anybody may list and make applications, and the key may be changed."""
FORMAT = "DESFire 1"


@dataclass(slots=True)
class StoredFile:
    """One file. `data` is what was committed: of a cyclic file all records, oldest first."""

    kind: FileKind
    comm: Comm
    rights: Rights
    size: int
    records: int = 0
    data: bytes = b""


@dataclass(slots=True)
class Application:
    """One application, or the level of the card itself."""

    settings: int
    keys: list[CardKey]
    files: dict[int, StoredFile] = field(default_factory=dict)


@dataclass(slots=True)
class CardState:
    """A whole card. The level of the card itself is the application 000000."""

    uid: bytes
    generation: Generation
    applications: dict[bytes, Application]

    @classmethod
    def factory(cls, uid: bytes, generation: Generation) -> CardState:
        """As it is delivered: one DES key of zeros, nothing else."""
        return cls(uid, generation, {PICC: Application(FACTORY_SETTINGS, [factory_picc_key()])})

    def to_bytes(self) -> bytes:
        """The content of its file."""
        applications = {aid.hex(): _application_out(application) for aid, application in self.applications.items()}
        whole = {
            "format": FORMAT,
            "uid": self.uid.hex(),
            "generation": self.generation.name,
            "applications": applications,
        }
        return json.dumps(whole, indent=1).encode()

    @classmethod
    def parse(cls, content: bytes) -> CardState:
        """Raises OperatorError image-damaged for what no such card wrote."""
        try:
            found = _card_in(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise OperatorError(Code.IMAGE_DAMAGED, size=len(content)) from None
        return found


class DesfireStore(Protocol):
    """Where a card is kept."""

    def load(self) -> CardState:
        """A copy: changing it changes nothing until it is saved."""

    def save(self, state: CardState) -> None:
        """All of it or nothing."""


class MemoryDesfire:
    """A card that lives as long as the program."""

    def __init__(self, state: CardState) -> None:
        self._content = state.to_bytes()

    def load(self) -> CardState:
        return CardState.parse(self._content)

    def save(self, state: CardState) -> None:
        self._content = state.to_bytes()


class FileDesfire:
    """A card in a file. Raises OperatorError image-damaged if it is no card, EnvironmentFault file-unreadable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.load()

    @classmethod
    def factory(cls, path: Path, uid: bytes, generation: Generation) -> FileDesfire:
        """Put a new card into a file, whatever it held. Raises EnvironmentFault file-unreadable."""
        try:
            path.write_bytes(CardState.factory(uid, generation).to_bytes())
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=path.name, why=cause.strerror) from cause
        return cls(path)

    def load(self) -> CardState:
        try:
            content = self._path.read_bytes()
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=self._path.name, why=cause.strerror) from cause
        return CardState.parse(content)

    def save(self, state: CardState) -> None:
        draft = self._path.with_name(self._path.name + ".new")
        draft.write_bytes(state.to_bytes())
        os.replace(draft, self._path)


def _application_out(application: Application) -> dict[str, Any]:
    keys = [{"kind": key.kind.name, "version": key.version, "secret": key.secret.hex()} for key in application.keys]
    files = {str(number): _file_out(file) for number, file in application.files.items()}
    return {"settings": application.settings, "keys": keys, "files": files}


def _file_out(file: StoredFile) -> dict[str, Any]:
    return {
        "kind": file.kind.name,
        "comm": file.comm.name,
        "rights": file.rights.to_bytes().hex(),
        "size": file.size,
        "records": file.records,
        "data": file.data.hex(),
    }


def _card_in(told: Any) -> CardState:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is no card."""
    uid = bytes.fromhex(told["uid"])
    applications = {bytes.fromhex(aid): _application_in(one) for aid, one in told["applications"].items()}
    is_whole = told["format"] == FORMAT and len(uid) == UID_SIZE and PICC in applications
    if not is_whole or any(len(aid) != AID_SIZE for aid in applications):
        raise ValueError(told["format"])
    return CardState(uid, Generation[told["generation"]], applications)


def _application_in(told: Any) -> Application:
    keys = [_key_in(one) for one in told["keys"]]
    if not keys:
        raise ValueError("without a key")
    files = {_number(int(number), 31): _file_in(one) for number, one in told["files"].items()}
    return Application(_number(told["settings"], 0xFF), keys, files)


def _key_in(told: Any) -> CardKey:
    secret = bytes.fromhex(told["secret"])
    if len(secret) != KEY_SIZE:
        raise ValueError("its size")
    return CardKey(secret, kind=KeyKind[told["kind"]], version=_number(told["version"], 0xFF))


def _file_in(told: Any) -> StoredFile:
    size, records = _number(told["size"], 0xFFFFFF), _number(told["records"], 0xFFFFFF)
    kind, data = FileKind[told["kind"]], bytes.fromhex(told["data"])
    is_whole = size > 0 and (len(data) % size == 0 if kind is FileKind.CYCLIC else len(data) == size)
    if not is_whole:
        raise ValueError("its size")
    rights = Rights.parse(bytes.fromhex(told["rights"]))
    return StoredFile(kind, Comm[told["comm"]], rights, size, records, data)


def _number(value: Any, most: int) -> int:
    if not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(value)
    return value
