"""Verbs about backups: backup now, list, verify, restore, key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vending_app import app, kept, office_books, office_files, settings
from vending_app.commands.common import Verb, verb
from vending_app.commands.output import say
from vending_app.domain.keeping import StoredBackup
from vending_app.keeping.backups import BackupFolder
from vending_app.keeping.recovery_key import RecoveryKey

file_type = click.Path(path_type=Path)


@click.group("backup")
def backup() -> None:
    """Sealed copies of the office, readable with the recovery key only."""


@backup.command("now")
@verb
def backup_now(call: Verb) -> None:
    """Make a backup now. Needs no secret: it is sealed to the public half of the recovery key."""
    made = _folder(call).make()
    answer = {
        **_shape(made.stored),
        "copied_to": str(made.copied_to) if made.copied_to else None,
        "copy_problem": made.copy_trouble.code.value if made.copy_trouble else None,
        "removed": made.removed,
    }
    lines = [f"Backed up and read back: {made.stored.path} ({made.stored.size} bytes)."]
    lines += [f"A second one: {made.copied_to}."] if made.copied_to else []
    lines += ["The second folder could not be written; the first backup stands."] if made.copy_trouble else []
    say(answer, "\n".join(lines), as_json=call.as_json)


@backup.command("list")
@verb
def backup_list(call: Verb) -> None:
    """List the backups, newest first."""
    found = _folder(call).all()
    lines = "\n".join(
        f"{b.name.made_at:%Y-%m-%d %H:%M:%S} UTC  desk {b.name.desk}  {b.size:>12}  {b.path}" for b in found
    )
    say({"backups": [_shape(one) for one in found]}, lines or "There is no backup yet.", as_json=call.as_json)


@backup.command("verify")
@click.argument("file", type=file_type)
@click.option("--key", type=file_type, help="File with the recovery key: proves the content too.")
@verb
def backup_verify(call: Verb, *, file: Path, key: Path | None) -> None:
    """Read a backup whole; with the key, also open it and prove what is in it."""
    found = kept.verify(file, RecoveryKey.load(key) if key else None)
    answer = {"ok": True, "made_at": found.made_at.isoformat(), "desk": found.desk, "opened": found.is_opened}
    how = "its content was opened and proven" if found.is_opened else "its bytes are those that were written"
    say(answer, f"The backup of {found.made_at:%Y-%m-%d %H:%M} UTC is whole: {how}.", as_json=call.as_json)


@backup.command("restore")
@click.argument("file", type=file_type)
@click.option("--key", type=file_type, required=True, help="File with the recovery key.")
@click.option("--to", "target", type=file_type, required=True, help="Folder of the restored office.")
@click.option("--move-aside", is_flag=True, help="Rename a folder that is there already; nothing is written over.")
@verb
def backup_restore(call: Verb, *, file: Path, key: Path, target: Path, move_aside: bool) -> None:
    """Make an office of a backup. It sells nothing until its last receipts were compared: restore status."""
    found = kept.restore(file, RecoveryKey.load(key), target, move_aside=move_aside)
    answer = {"to": str(target), "files": list(found.names), "made_at": found.head["made_at"]}
    is_dump = kept.DUMP in found.names
    dump = [f"Its books are for a server: pg_restore --dbname=… {target / kept.DUMP}"] if is_dump else []
    lines = [
        f"The office of {found.head['made_at']} is in {target}.",
        *dump,
        "It sells nothing until the last receipts were compared: vending-app restore status.",
    ]
    say(answer, "\n".join(lines), as_json=call.as_json)


@backup.command("key")
@click.option("--to", "target", type=file_type, help="Write the key into this new file instead of showing it.")
@verb
def backup_key(call: Verb, *, target: Path | None) -> None:
    """Make the recovery key of an office that has none; it is shown or written this once."""
    with office_books.open_books(call.data) as books:
        name = books.office().name
    answer, lines = give_key(office_files.Files(call.data), office=name, target=target)
    say(answer, "\n".join(lines), as_json=call.as_json)


def give_key(files: office_files.Files, *, office: str, target: Path | None) -> tuple[dict[str, Any], list[str]]:
    """The one time the private half is shown, or written where the administrator says."""
    key = kept.new_recovery_key(files)
    if target is not None:
        kept.save_recovery_sheet(target, kept.recovery_sheet(key, office=office))
    # Last, so that no backup is ever sealed to a key that nobody got.
    key.public.save(files.recovery)
    where = f"The recovery key is in {target}. Keep it apart from this machine."
    if target is not None:
        return {"recovery_key_file": str(target)}, [where]
    return {"recovery_key": key.text}, ["The recovery key, shown this once. Keep it apart from this machine:", key.text]


def _folder(call: Verb) -> BackupFolder:
    files = office_files.Files(call.data)
    chosen = settings.load(files.settings)
    with office_books.open_books(call.data):
        return app.backup_folder(files, chosen)


def _shape(stored: StoredBackup) -> dict[str, object]:
    name = stored.name
    return {
        "file": str(stored.path),
        "made_at": name.made_at.isoformat(),
        "desk": name.desk,
        "fingerprint": name.fingerprint,
        "bytes": stored.size,
    }
