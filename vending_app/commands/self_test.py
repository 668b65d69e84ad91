"""The verb selftest: what is in order at this desk, what is not, and the remedy for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from vending_app import app, desk_choices, office_books, office_files, settings
from vending_app.commands.common import (
    HOW_KEYS_ARE_COMPARED,
    KEYS_NOT_COMPARED,
    Verb,
    keys_option,
    may_open_keys,
    vault_passphrase,
    verb,
)
from vending_app.commands.output import REFUSED, say
from vending_app.domain.errors import Code, EnvironmentFault, VendingError
from vending_app.keeping.recovery_key import PublicHalf
from vending_app.services.backups import TOO_OLD, age_text
from vending_app.ui.phrases import counted
from vending_app.ui.words import trouble

LEAST_FREE_MIB = 500
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this program was written is wrong."""
FONT_FILES = ("Inter", "NotoSans-Regular", "NotoSansArabic", "NotoSansCJK")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".local/share/fonts"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the self-test."""

    check: str
    ok: bool | None
    """None where it was not looked at."""
    detail: str
    remedy: str


MARKS = {True: "ok  ", False: "NOT ", None: "–   "}


@click.command("selftest")
@keys_option
@verb
def selftest(call: Verb, *, asks_keys: bool) -> None:
    """Check the PC/SC service, readers, fonts, ledger, disk, clock, printer and backups, and the keys of this desk.

    The keys are looked at where VENDING_VAULT_PASSPHRASE is given.
    """
    findings = [_run(name, check, call.data) for name, check in CHECKS.items()]
    findings.append(_run("keys", _keys, call.data) if may_open_keys(asks=asks_keys) else UNSEEN_KEYS)
    lines = [f"{MARKS[f.ok]} {f.check:<8} {f.detail}{'. ' + f.remedy if f.remedy else ''}" for f in findings]
    answer = {"ok": all(f.ok is not False for f in findings), "checks": [asdict(f) for f in findings]}
    say(answer, "\n".join(lines), as_json=call.as_json)
    if not answer["ok"]:
        raise SystemExit(REFUSED)


def _run(name: str, check: Callable[[Path], str], data: Path) -> Finding:
    try:
        return Finding(name, ok=True, detail=check(data), remedy="")
    except VendingError as fault:
        words = trouble(fault)
        return Finding(name, ok=False, detail=words.sentence.rstrip("."), remedy=words.remedy)


def _service(data: Path) -> str:
    return f"running, {len(app.pcsc_states())} readers"


def _readers(data: Path) -> str:
    found = app.pcsc_states()
    if not found:
        raise EnvironmentFault(Code.READER_NONE)
    return ", ".join(state.name for state in found)


def _fonts(data: Path) -> str:
    present = {file for folder in FONT_FOLDERS for _, _, files in os.walk(folder) for file in files}
    missing = [font for font in FONT_FILES if not any(file.startswith(font) for file in present)]
    if missing:
        raise EnvironmentFault(Code.FONT_MISSING, fonts=", ".join(missing))
    return "Latin, Arabic and CJK"


def _ledger(data: Path) -> str:
    with office_books.open_books(data) as ledger:
        proof = ledger.verify()
    if not proof.is_ok:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, why=proof.problems[0])
    return f"{proof.entries} entries add up"


def _keys(data: Path) -> str:
    with (
        office_books.open_books(data) as ledger,
        app.open_keys(data, ledger, passphrase=vault_passphrase) as keys,
    ):
        keys.require_ours()
        return f"{counted(len(keys.vault.held), 'version', 'versions')} held, none is another than the books tell of"


def _disk(data: Path) -> str:
    folder = next(p for p in (data, *data.resolve().parents) if p.exists())
    free_mib = shutil.disk_usage(folder).free // 2**20
    if free_mib < LEAST_FREE_MIB:
        raise EnvironmentFault(Code.LEDGER_DISK_FULL, free_mib=free_mib)
    return f"{free_mib} MiB free"


def _clock(data: Path) -> str:
    now = app.now()
    if now < EARLIEST:
        raise EnvironmentFault(Code.CLOCK_WRONG, now=now.isoformat(timespec="minutes"))
    return now.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def _backup(data: Path) -> str:
    """The age of the newest backup; without one only an office that is younger than that is in order."""
    files = office_files.Files(data)
    chosen = settings.load(files.settings)
    PublicHalf.load(files.recovery)
    folder = app.backup_folder(files, chosen)
    newest = folder.newest_of_office()
    with office_books.open_books(data) as ledger:
        written_at = ledger.newest_moment()
    made_at = newest.name.made_at if newest else _office_since(data)
    if written_at is not None and written_at > made_at and app.now() - made_at > TOO_OLD:
        raise EnvironmentFault(Code.BACKUP_FAILED, path=str(folder.folder), reason="the newest is too old")
    return f"{age_text(app.now() - made_at)}, {newest.path}" if newest else "the first comes with the first shift"


def _office_since(data: Path) -> datetime:
    """When its sealed keys were made, or keys in a token first opened. Raises EnvironmentFault vault-missing."""
    files = office_files.Files(data)
    since = files.vault if settings.load(files.settings).vault == settings.SEALED else files.signing_key
    try:
        return datetime.fromtimestamp(since.stat().st_mtime, UTC)
    except OSError as cause:
        raise EnvironmentFault(Code.VAULT_MISSING, path=str(data)) from cause


def _printer(data: Path) -> str:
    return desk_choices.printer_state(office_files.Files(data), settings.load(office_files.Files(data).settings))


CHECKS: dict[str, Callable[[Path], str]] = {
    "service": _service,
    "readers": _readers,
    "fonts": _fonts,
    "ledger": _ledger,
    "disk": _disk,
    "clock": _clock,
    "printer": _printer,
    "backup": _backup,
}
"""What nobody has to open the keys for."""
UNSEEN_KEYS = Finding("keys", None, KEYS_NOT_COMPARED, HOW_KEYS_ARE_COMPARED)
