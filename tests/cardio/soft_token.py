"""A token in software (SoftHSM 2) in a folder of the test's own, and a module that makes it behave as hardware can."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass

from vending_app.cardio.token_vault import LABEL, TokenVault

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((path for path in MODULES if Path(path).exists()), MODULES[0])
PIN, SO_PIN, TOKEN = "314159", "27182818", "vending office"


@dataclass(frozen=True, slots=True)
class SoftToken:
    """One initialised token; `module` is SoftHSM or what stands before it."""

    folder: Path
    module: str = MODULE
    label: str = TOKEN
    pin: str = PIN

    def create(self) -> TokenVault:
        return TokenVault.create(self.module, self.label, self.pin)

    def open(self, pin: str = "") -> TokenVault:
        return TokenVault.open(self.module, self.label, pin or self.pin)

    def import_master(self, version: int, key: bytes, *, sensitive: bool = True, extractable: bool = False) -> None:
        """Put a master in from outside, as only a test does: its value is known."""
        library = pkcs11.lib(self.module)
        session = library.get_token(token_label=self.label).open(rw=True, user_pin=self.pin)
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.AES,
                Attribute.VALUE: key,
                Attribute.LABEL: LABEL,
                Attribute.ID: bytes([version]),
                Attribute.TOKEN: True,
                Attribute.PRIVATE: True,
                Attribute.SENSITIVE: sensitive,
                Attribute.EXTRACTABLE: extractable,
                Attribute.SIGN: True,
            }
        )
        library.finalize()

    def pull_out(self) -> None:
        """What SoftHSM sees when its token goes away."""
        (self.folder / "tokens").rename(self.folder / "pulled out")


@contextmanager
def soft_token(folder: Path) -> Iterator[SoftToken]:
    """A fresh token; SoftHSM reads its environment whenever it is started."""
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    try:
        init_token(TOKEN)
        yield SoftToken(folder)
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before


def init_token(label: str) -> None:
    """One more token of this label."""
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN]
    subprocess.run(command, check=True, capture_output=True)
