"""Readings of feeders and transformers: one by one, or a table of them, all or nothing (row P3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from vending_app.domain.area_reading import (
    LONGEST_NOTE,
    LONGEST_POINT,
    MOST_FACTOR,
    AreaReading,
    ReadingMark,
    require_recent,
    require_rising,
    standing,
)
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.importing import MOST_READING, READING_COLUMNS, BadRow, Reason, Record, understood
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, Ledger
from vending_app.services import area_cases as ask
from vending_app.services.importing import headings_of
from vending_app.services.keeping_cases import Imported
from vending_app.services.till import require_reason
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


@dataclass(frozen=True, slots=True)
class AreaDesk:
    """Whoever brings readings."""

    ledger: Ledger
    clock: Clock

    def show(self, area: str) -> ask.Readings:
        return ask.Readings(self.ledger.area_readings(area))

    def enter(self, command: ask.EnterReading) -> ask.Readings:
        """Raises OperatorError as the use case says."""
        point, note = command.point.strip(), command.note.strip()
        _require(0 < len(point) <= LONGEST_POINT, "point")
        _require(len(note) <= LONGEST_NOTE, "note")
        _require(command.on <= self._today(), "day")
        _require(1 <= command.factor <= MOST_FACTOR, "factor")
        _require(NO_ENERGY <= command.shown <= MOST_READING, "reading")
        if command.mark is ReadingMark.WITHDRAWN:
            require_reason(note)
        else:
            # What is too old and stands in the books can still be withdrawn.
            require_recent(command.on, today=self._today(), began=self.ledger.books_began())
        register = Energy(command.shown.wh * command.factor)
        reading = AreaReading(command.area, point, command.on, register, command.mark, command.factor, note)
        self.ledger.enter_readings([reading], at=self.clock())
        return self.show(command.area)

    def take(self, asked: ask.ImportReadings) -> Imported:
        """Check everything; enter it if nothing is wrong and it is no dry run.

        Raises OperatorError table-unreadable for headings that are not ours.
        """
        rows = iter(asked.rows)
        meant = headings_of(next(rows, None), asked.name, READING_COLUMNS)
        areas = {area.code for area in self.ledger.areas()}
        check = _Check(areas, self._today(), self.ledger.books_began())
        for known in self.ledger.area_readings():
            check.known[known.area, known.point].append(known)
        for row in rows:
            if any(cell.strip() for cell in row.cells):
                record, wrong = understood(row, meant, READING_COLUMNS)
                check.take(record, wrong, row.number)
        is_entered = not check.bad and not asked.dry_run
        if is_entered:
            self.ledger.enter_readings(check.readings, at=self.clock())
        return Imported(check.count, tuple(check.bad), is_entered=is_entered)

    def _today(self) -> date:
        return self.clock().astimezone().date()


def _require(is_right: bool, field: str) -> None:
    if not is_right:
        raise OperatorError(Code.RECORD_REFUSED, field=field)


@dataclass(slots=True)
class _Check:
    """What rows say of each other and of the books."""

    areas: set[str]
    today: date
    began: date
    known: defaultdict[tuple[str, str], list[AreaReading]] = field(default_factory=lambda: defaultdict(list))
    """What counts already, by area and point."""
    readings: list[AreaReading] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    count: int = 0

    def take(self, record: Record, wrong: list[BadRow], row: int) -> None:
        self.count += 1
        wrong = [*wrong, *self._against_books(record, row)]
        self.bad += wrong
        if not wrong:
            self._place(_reading(record), row)

    def _against_books(self, record: Record, row: int) -> list[BadRow]:
        area, on = record["area"], record["on"]
        found = []
        if isinstance(area, str) and area not in self.areas:
            found.append(BadRow(row, "Area", Reason.AREA_UNKNOWN, area))
        reason = self._wrong_day(on) if isinstance(on, date) else None
        if reason is not None:
            found.append(BadRow(row, "Day", reason, str(on)))
        return found

    def _wrong_day(self, on: date) -> Reason | None:
        if on > self.today:
            return Reason.NOT_YET
        try:
            require_recent(on, today=self.today, began=self.began)
        except OperatorError:
            return Reason.TOO_OLD
        return None

    def _place(self, reading: AreaReading, row: int) -> None:
        """Among those of its point; the row that makes its register go back is the bad one."""
        here = self.known[reading.area, reading.point]
        try:
            require_rising(standing([*here, reading]))
        except OperatorError:
            self.bad.append(BadRow(row, "Reading (kWh)", Reason.LOWER, reading.shown.plain))
            return
        here.append(reading)
        self.readings.append(reading)


def _reading(record: Record) -> AreaReading:
    on, shown, factor = record["on"], record["shown"], record["factor"]
    assert isinstance(on, date), "a day is a date"
    assert isinstance(shown, Energy), "a reading is energy"
    assert isinstance(factor, int), "a factor is a whole number"
    mark, register = ReadingMark(str(record["mark"])), Energy(shown.wh * factor)
    return AreaReading(str(record["area"]), str(record["point"]), on, register, mark, factor, str(record["note"]))


def verbs(counter: Counter) -> VerbTable:
    """For each verb the act that must be permitted, and who does it."""
    desk = AreaDesk(counter.outside.ledger, counter.outside.clock)
    return {
        ask.ShowReadings: (Act.LOOK, lambda asked, _: desk.show(asked.area)),
        ask.EnterReading: (Act.READINGS, lambda asked, _: desk.enter(asked)),
        ask.ImportReadings: (Act.READINGS, lambda asked, _: desk.take(asked)),
    }
