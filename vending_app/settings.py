"""The settings of one desk, in `settings.json` beside its ledger."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from vending_app.cardio.dialects import DIALECTS, dialect_for
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import ReaderName
from vending_app.domain.money import Money
from vending_app.ledger.url import is_server, masked
from vending_app.services.choices import QUICK_AMOUNTS, DeskChoices
from vending_app.services.desk_settings import YES_NO, amounts_text, check_quick_amounts

BIGGEST_FILE = 64 * 1024
SEALED, PKCS11 = "sealed", "pkcs11"
OF_THE_OFFICE = {"blind_count": "--blind-count", "lock_minutes": "--lock-minutes"}
"""What a desk chose for itself once and two people say for all now, by the options of `office set`: a file that still
has them is read without them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a desk may choose; every field is used."""

    desk: int = 1
    reader: str = ""
    """Part of a reader's name; empty takes the reader with a card in it."""
    dialect: str = ""
    """How the reader is spoken to; empty lets its name and its answers say it."""
    tries_from_books: bool = False
    """Whether codes are presented also where nobody tells the tries: a card that lost two elsewhere would be lost."""
    printer: str = ""
    """Name of an office printer; empty saves receipts in the folder `receipts`."""
    dark: bool = False
    less_motion: bool = False
    quick_amounts: str = amounts_text(QUICK_AMOUNTS)
    """Five amounts of money, with commas between them."""
    drawer: str = ""
    """The cash drawer's device (`/dev/usb/lp0`) or printer port (`tcp:192.0.2.7:9100`); empty for none."""
    ledger: str = field(default="", repr=False)
    """The address of the server with the books, `postgresql://…`; empty keeps them in a file beside this one."""
    backup_folder: str = ""
    """Where backups are kept; empty takes the folder `backups` of the office."""
    backup_copy: str = ""
    """A second folder for each backup, on a stick or a network; empty for none."""
    vault: str = SEALED
    """Where the master keys are: in the `sealed` file beside this one, or in a `pkcs11` token."""
    vault_module: str = ""
    """Path of the token maker's PKCS#11 module."""
    vault_token: str = ""
    """Label of the token."""

    @property
    def choices(self) -> DeskChoices:
        """The part that is chosen on the screen."""
        amounts = _amounts(self.quick_amounts)
        return DeskChoices(
            printer=self.printer,
            reader=self.reader,
            dialect=self.dialect,
            tries_from_books=self.tries_from_books,
            dark=self.dark,
            less_motion=self.less_motion,
            quick_amounts=amounts,
        )

    def with_choices(self, chosen: DeskChoices) -> Settings:
        """The same desk with other choices."""
        return replace(
            self,
            printer=chosen.printer,
            reader=chosen.reader,
            dialect=chosen.dialect,
            tries_from_books=chosen.tries_from_books,
            dark=chosen.dark,
            less_motion=chosen.less_motion,
            quick_amounts=amounts_text(chosen.quick_amounts),
        )


def _amounts(text: str) -> tuple[Money, ...]:
    return tuple(Money.parse(part) for part in text.split(","))


def load(path: Path) -> Settings:
    """The settings, or their defaults without a file. Raises EnvironmentFault settings-damaged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
    return parse(data)


def parse(data: bytes) -> Settings:
    """Total: any bytes give settings or EnvironmentFault settings-damaged."""
    try:
        body = json.loads(data[:BIGGEST_FILE])
        settings = replace(Settings(), **{key: value for key, value in body.items() if key not in OF_THE_OFFICE})
    except (ValueError, TypeError, AttributeError, RecursionError) as cause:
        raise EnvironmentFault(Code.SETTINGS_DAMAGED) from cause
    for key in fields(Settings):
        if type(getattr(settings, key.name)) is not type(key.default):
            raise EnvironmentFault(Code.SETTINGS_DAMAGED, setting=key.name)
    if not 1 <= settings.desk <= 65_535:
        raise EnvironmentFault(Code.SETTINGS_DAMAGED, setting="desk")
    _check_texts(settings)
    return settings


def _check_texts(settings: Settings) -> None:
    for key, value in asdict(settings).items():
        if isinstance(value, str) and not value.isprintable():
            raise EnvironmentFault(Code.SETTINGS_DAMAGED, setting=key)
    for key, check in _CHECKS.items():
        try:
            check(settings)
        except OperatorError as cause:
            raise EnvironmentFault(Code.SETTINGS_DAMAGED, setting=key) from cause


def _check_vault(chosen: Settings) -> None:
    is_whole = chosen.vault == SEALED or (chosen.vault == PKCS11 and chosen.vault_module and chosen.vault_token)
    if not is_whole:
        raise OperatorError(Code.SETTING_REFUSED, setting="vault")


_CHECKS: dict[str, Callable[[Settings], object]] = {
    "quick_amounts": lambda chosen: check_quick_amounts(chosen.choices.quick_amounts),
    "ledger": lambda chosen: _check_address(chosen.ledger),
    "vault": _check_vault,
    "dialect": lambda chosen: dialect_for(ReaderName(""), override=chosen.dialect),
}


def _check_address(address: str) -> None:
    if address and not is_server(address):
        raise OperatorError(Code.SETTING_REFUSED, setting="ledger")


def shown(settings: Settings) -> dict[str, object]:
    """Every setting as it may be printed: an address without its password."""
    return {**asdict(settings), "ledger": masked(settings.ledger)}


def told(settings: Settings) -> dict[str, str]:
    """What the journal tells of a desk, without a password."""
    told = shown(settings).items()
    return {name: YES_NO[value] if isinstance(value, bool) else str(value) for name, value in told}


def save(path: Path, settings: Settings) -> None:
    """Replace the file as a whole. Raises EnvironmentFault file-unreadable."""
    fresh = path.with_name(path.name + ".new")
    try:
        # An address may carry a password.
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(settings), indent=2) + "\n")
        os.replace(fresh, path)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


def changed(settings: Settings, key: str, text: str) -> Settings:
    """The settings with one value from the command line. Raises OperatorError setting-refused."""
    return changed_together(settings, {key: text})


def changed_together(settings: Settings, texts: Mapping[str, str]) -> Settings:
    """The same with several values that hold together only. Raises OperatorError setting-refused for one of them."""
    known = asdict(Settings())
    key = text = ""
    fresh = asdict(settings)
    try:
        for key, text in texts.items():
            fresh[key] = _value(known[key], text)
        return parse(json.dumps(fresh).encode())
    except (KeyError, ValueError, EnvironmentFault) as cause:
        given = {"setting": key, "value": masked(text)} | _known(key, known)
        raise OperatorError(Code.SETTING_REFUSED, **given) from cause


def _known(key: str, usual: Mapping[str, object]) -> dict[str, str]:
    """What there is: settings for a name that is none, else the values of this one, if they can be counted."""
    if key not in usual:
        return {"known": ", ".join(usual)}
    values = (*YES_NO.values(),) if isinstance(usual[key], bool) else _VALUES.get(key, ())
    return {"known": ", ".join(values)} if values else {}


NONE = "none"
"""What people type for what may be left empty."""
_VALUES = {"dialect": (NONE, *DIALECTS), "vault": (SEALED, PKCS11)}


def _value(usual: int | str, text: str) -> object:
    """Of the kind that the usual value has: a number, yes or no, or a text."""
    kind = type(usual)
    if kind is int and not text.isascii():
        raise ValueError(text)
    if usual == "" and text.lower() == NONE:
        return usual
    return _BOOLEANS[text.lower()] if kind is bool else kind(text)


_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
