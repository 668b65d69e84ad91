"""The folder of one office: which file is where, and what is read and written there as plain text."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vending_app import backing_up, settings
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.vaults import Vault

RESOURCES = Path(__file__).parent.parent / "resources"


def default_data() -> Path:
    """Where an office lives when nobody says otherwise (XDG Base Directory)."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "vending-app"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one office."""

    data: Path

    @property
    def ledger(self) -> Path:
        return self.data / "ledger.sqlite3"

    @property
    def vault(self) -> Path:
        return self.data / "vault.sealed"

    @property
    def settings(self) -> Path:
        return self.data / "settings.json"

    @property
    def signing_key(self) -> Path:
        """The public key of the office, in hexadecimal: it is published."""
        return self.data / "signing.pub"

    @property
    def receipts(self) -> Path:
        return self.data / "receipts"

    @property
    def recovery(self) -> Path:
        return self.data / backing_up.RECOVERY

    @property
    def is_office(self) -> bool:
        """Whether there are books: a file, or a server in the settings. Raises EnvironmentFault settings-damaged."""
        return self.ledger.exists() or bool(settings.load(self.settings).ledger)


def sample_description() -> Mapping[str, Any]:
    """The office that `init --sample` and the practice counter start from."""
    return read_description(RESOURCES / "sample-office.json")


def read_description(path: Path) -> Mapping[str, Any]:
    """A description of an office. Raises EnvironmentFault file-unreadable."""
    try:
        body = json.loads(path.read_bytes())
    except (OSError, ValueError) as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
    if not isinstance(body, dict):
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path))
    return body


def publish_key(files: Files, vault: Vault) -> None:
    """Write the public key beside the books, once, for verbs that open no vault.

    Raises EnvironmentFault signing-key-differs: books and vault are not of one office, or somebody changed the file.
    """
    found = published_key(files.data)
    if found is None:
        write_text(files.signing_key, vault.signing_key.hex())
    elif found != vault.signing_key:
        raise EnvironmentFault(Code.SIGNING_KEY_DIFFERS, path=str(files.signing_key))


def published_key(data: Path) -> bytes | None:
    """The public key beside the books; None if there is none. Raises EnvironmentFault file-unreadable."""
    path = Files(data).signing_key
    try:
        return bytes.fromhex(path.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


def write_text(path: Path, text: str) -> None:
    """Raises EnvironmentFault file-unreadable."""
    try:
        path.write_text(text)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


def make_folder(path: Path) -> None:
    """For this user alone: names, addresses and hashes lie in it. Raises EnvironmentFault file-unreadable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
