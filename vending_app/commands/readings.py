"""Verbs of the counters that feed areas: vending-app reading list, add, withdraw, import."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.exchange import tell_imported
from vending_app.commands.output import say
from vending_app.commands.shapes import Shape
from vending_app.domain.area_reading import AreaReading, ReadingMark
from vending_app.domain.energy import Energy
from vending_app.domain.people import Role
from vending_app.keeping.tables import read_table
from vending_app.services.area_cases import EnterReading, ImportReadings, Readings, ShowReadings

WHERE = (
    click.argument("area"),
    click.argument("point"),
    click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The morning of this day."),
)


@click.group("reading")
def reading() -> None:
    """What the counters at feeders and transformers show."""


@reading.command("list")
@click.argument("area", default="")
@operator_option(Role.SUPERVISOR)
@verb
def list_verb(call: Verb, *, area: str, operator: str) -> None:
    """Those that count, of AREA or of all."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ShowReadings(area))
    _tell(call, found)


@reading.command("add")
@WHERE[0]
@WHERE[1]
@WHERE[2]
@click.option("--kwh", "shown", required=True, help="As it stands on the display.")
@click.option("--factor", default=1, show_default=True, help="Of its current and voltage transformers together.")
@click.option("--first", "mark", flag_value=ReadingMark.FIRST, type=ReadingMark, help="Of a counter that is new there.")
@click.option("--last", "mark", flag_value=ReadingMark.LAST, type=ReadingMark, help="Of one that was taken down.")
@click.option("--note", default="")
@operator_option(Role.SUPERVISOR)
@verb
def add(
    call: Verb, *, area: str, point: str, on: date, shown: str, factor: int, mark: ReadingMark | None, note: str,
    operator: str,
) -> None:  # fmt: skip
    """Enter the reading of POINT that feeds AREA; of the same day a later one corrects."""
    kind = mark or ReadingMark.READING
    _enter(call, EnterReading(area, point, _day(on), Energy.parse(shown), factor, kind, note), operator)


@reading.command("withdraw")
@WHERE[0]
@WHERE[1]
@WHERE[2]
@click.option("--reason", required=True, help="Why, in a few words.")
@operator_option(Role.SUPERVISOR)
@verb
def withdraw(call: Verb, *, area: str, point: str, on: date, reason: str, operator: str) -> None:
    """What was entered for this day counts no more."""
    _enter(call, EnterReading(area, point, _day(on), mark=ReadingMark.WITHDRAWN, note=reason), operator)


@reading.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what is wrong, and enter nothing.")
@operator_option(Role.SUPERVISOR)
@verb
def import_verb(call: Verb, *, file: Path, dry_run: bool, operator: str) -> None:
    """Enter readings from CSV or Excel: all of the file, or nothing."""
    with at_work(call, operator=operator) as counter:
        done = counter.do(ImportReadings(file.name, read_table(file), dry_run=dry_run))
    tell_imported(call, done)


def _enter(call: Verb, asked: EnterReading, operator: str) -> None:
    with at_work(call, operator=operator) as counter:
        found = counter.do(asked)
    _tell(call, found)


def _day(on: date) -> date:
    """click makes a moment of it."""
    return date(on.year, on.month, on.day)


def _tell(call: Verb, found: object) -> None:
    assert isinstance(found, Readings)
    lines = "\n".join(map(_line, found.readings))
    say({"readings": list(map(_shape, found.readings))}, lines or "No reading is entered.", as_json=call.as_json)


def _line(of: AreaReading) -> str:
    mark = "" if of.mark is ReadingMark.READING else of.mark.value
    return f"{of.area:<8} {of.point:<20} {of.on.isoformat()} {of.register.plain:>14} kWh  {mark:<6}{of.note}".rstrip()


def _shape(of: AreaReading) -> Shape:
    return {
        "area": of.area,
        "point": of.point,
        "on": of.on.isoformat(),
        "shown_wh": of.shown.wh,
        "factor": of.factor,
        "reading_wh": of.register.wh,
        "kind": of.mark.value,
        "note": of.note,
    }
