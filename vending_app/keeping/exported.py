"""The books as open files: each table as CSV for people and JSON lines for programs, with a manifest and a README."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from vending_app import __version__
from vending_app.domain.keeping import fingerprint
from vending_app.keeping.manifest import heads_json
from vending_app.keeping.restoring import new_folder
from vending_app.ports.keeping import BooksToExport, Exported, TableToExport

MANIFEST, README = "manifest.json", "README.txt"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula, which could send the table elsewhere."""

README_TEXT = """\
The books of {office}, exported {at}

Every table is here twice, with the same rows in the same order:
  <table>.csv    for a spreadsheet: UTF-8, commas, the first row names the columns
  <table>.jsonl  for a program: one JSON object a line, exactly as the books have it

Money is in minor units ({currency} cents: columns ending in _minor, and postings.amount where commodity is money).
Energy is in watt-hours (columns ending in _wh, and postings.amount where commodity is energy).
Times are UTC (ISO 8601), bytes are hexadecimal, an empty cell of a CSV is no value.
A text of a CSV that begins with = + - @ has an apostrophe before it, so that no spreadsheet takes it for a formula;
the JSON has it as it is.
The secrets of operators are left out.

manifest.json has the schema version, the number of rows and the SHA-256 of every file, and where the journal of each
desk ended (desk, number, hash). docs/ledger-schema.md of the program says what each table and column means.
"""


@dataclass(frozen=True, slots=True)
class ExportFolder:
    """`ports.keeping.ExportTarget`: a new folder."""

    folder: Path
    clock: Callable[[], datetime]

    def take(self, books: BooksToExport) -> Exported:
        """Raises OperatorError folder-taken, EnvironmentFault backup-failed."""
        at = self.clock().isoformat(timespec="seconds")
        with new_folder(self.folder) as making:
            files = {name: told for table in books.tables for name, told in _written(making, table).items()}
            told = README_TEXT.format(office=books.office.name, at=at, currency=books.office.currency).encode()
            (making / README).write_bytes(told)
            manifest = {
                "at": at,
                "files": files,
                "fingerprint": fingerprint(books.heads),
                "heads": heads_json(books.heads),
                "program": __version__,
                "schema": books.schema,
            }
            (making / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        rows = {name.removesuffix(".csv"): int(one["rows"]) for name, one in files.items() if name.endswith(".csv")}
        return Exported(self.folder, rows, fingerprint(books.heads))


class _Hashed:
    """A file whose hash is known when it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.hashed = file, hashlib.sha256()

    def write(self, text: str) -> int:
        data = text.encode()
        self.hashed.update(data)
        return self._file.write(data)


def _written(folder: Path, table: TableToExport) -> dict[str, dict[str, Any]]:
    """Both files of a table in one passage of its rows."""
    count = 0
    with ExitStack() as stack:
        names = (f"{table.name}.csv", f"{table.name}.jsonl")
        sheet, lines = (_Hashed(stack.enter_context((folder / name).open("xb"))) for name in names)
        writer = csv.writer(sheet, lineterminator="\r\n")
        writer.writerow(table.columns)
        for row in table.rows:
            count += 1
            writer.writerow([_cell(value) for value in row])
            lines.write(_line(dict(zip(table.columns, row, strict=True))))
    return {
        name: {"rows": count, "sha256": file.hashed.hexdigest()}
        for name, file in zip(names, (sheet, lines), strict=True)
    }


def _cell(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _line(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, default=bytes.hex, separators=(",", ":")) + "\n"
