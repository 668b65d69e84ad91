"""Verbs for tables that come in and files that go out: import, export."""

from __future__ import annotations

from pathlib import Path

import click

from vending_app import app
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import REFUSED, say
from vending_app.domain.importing import BadRow
from vending_app.domain.people import Role
from vending_app.keeping.exported import ExportFolder
from vending_app.keeping.tables import read_table
from vending_app.ports.keeping import Exported
from vending_app.services.keeping_cases import ExportBooks, Imported, ImportSupplies
from vending_app.ui.keeping_words import REASONS

LINES_SHOWN = 200
"""Of bad rows, for a person; the JSON has all."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what is wrong, and enter nothing.")
@click.option("--operator", default="admin", show_default=True, help="Who does it.")
@verb
def import_verb(call: Verb, *, file: Path, dry_run: bool, operator: str) -> None:
    """Enter customers, meters, supplies and opening arrears from CSV or Excel: all of the file, or nothing."""
    with at_work(call, operator=operator) as counter:
        done = counter.do(ImportSupplies(file.name, read_table(file), dry_run=dry_run))
    tell_imported(call, done)


def tell_imported(call: Verb, done: object) -> None:
    """What became of a table; exits with what is refused if a row of it is bad."""
    assert isinstance(done, Imported)
    answer = {
        "rows": done.rows,
        "entered": done.is_entered,
        "bad": [{"row": b.row, "column": b.column, "reason": b.reason.value, "value": b.value} for b in done.bad],
    }
    lines = [_line(bad) for bad in done.bad[:LINES_SHOWN]]
    if len(done.bad) > LINES_SHOWN:
        lines.append(f"… and {len(done.bad) - LINES_SHOWN} more; --json lists all.")
    say(answer, "\n".join([*lines, _sum(done)]), as_json=call.as_json)
    if done.bad:
        raise SystemExit(REFUSED)


def _line(bad: BadRow) -> str:
    value = f" “{bad.value}”" if bad.value else ""
    return f"Row {bad.row}, {bad.column}: {REASONS[bad.reason]}{value}."


def _sum(done: Imported) -> str:
    if done.bad:
        return f"{len({bad.row for bad in done.bad})} of {done.rows} rows cannot be taken. Nothing was entered."
    return f"{done.rows} rows are entered." if done.is_entered else f"{done.rows} rows can be entered as they are."


@click.command("export")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="A new folder.")
@operator_option(Role.SUPERVISOR)
@verb
def export(call: Verb, *, target: Path, operator: str) -> None:
    """Give away every table as CSV and JSON lines, with a manifest; secrets are left out."""
    with at_work(call, operator=operator) as counter:
        done = counter.do(ExportBooks(ExportFolder(target, app.now)))
    assert isinstance(done, Exported)
    answer = {"to": str(done.folder), "rows": dict(done.rows), "fingerprint": done.fingerprint}
    line = f"{sum(done.rows.values())} rows of {len(done.rows)} tables are in {done.folder}."
    say(answer, line, as_json=call.as_json)
