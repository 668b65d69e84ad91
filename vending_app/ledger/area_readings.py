"""Readings of feeders and transformers in the books: entered once each; a later one corrects, the earlier one stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from vending_app.domain.area_reading import AreaReading, ReadingMark, require_rising, standing
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind

_COLUMNS = "SELECT area, point, on_day, mark, reading_wh, factor, note FROM area_readings"


def enter(books: Books, readings: Sequence[AreaReading], *, at: datetime) -> None:
    """All of them or none.

    Raises OperatorError area-unknown, reading-lower; record-refused for a day without a reading to withdraw.
    """
    with books.writing():
        # Two desks that enter readings of the same point wait here for each other.
        books.lock_office()
        for reading in readings:
            if books.value("SELECT 1 FROM areas WHERE code = ?", (reading.area,)) is None:
                raise OperatorError(Code.AREA_UNKNOWN, area=reading.area)
            _require_withdrawable(books, reading)
            with acting(books, Kind.AREA_READING, at=at) as page:
                page.insert("area_readings", _row(reading, at))
        # A table may bring the readings of a point in any order: what counts is what stands at its end.
        for area, point in {(reading.area, reading.point) for reading in readings}:
            require_rising(standing(_of_point(books, area, point)))


def _require_withdrawable(books: Books, reading: AreaReading) -> None:
    if reading.mark is ReadingMark.WITHDRAWN:
        counting = standing(_of_point(books, reading.area, reading.point))
        if all(one.on != reading.on for one in counting):
            raise OperatorError(Code.RECORD_REFUSED, field="day")


def _row(reading: AreaReading, at: datetime) -> Row:
    return {
        "area": reading.area,
        "point": reading.point,
        "on_day": reading.on.isoformat(),
        "mark": reading.mark.value,
        "reading_wh": reading.register.wh,
        "factor": reading.factor,
        "note": reading.note,
        "at": time_text(at),
    }


def _of_point(books: Books, area: str, point: str) -> list[AreaReading]:
    """As they were entered."""
    return list(map(_reading, books.all(f"{_COLUMNS} WHERE area = ? AND point = ? ORDER BY journal", (area, point))))


def counting(books: Books, area: str = "") -> dict[tuple[str, str], tuple[AreaReading, ...]]:
    """By area and point, those that count, oldest first; of one area, or of all."""
    where, values = ("WHERE area = ?", (area,)) if area else ("", ())
    found: dict[tuple[str, str], list[AreaReading]] = defaultdict(list)
    for row in books.all(f"{_COLUMNS} {where} ORDER BY area, point, journal", values):
        reading = _reading(row)
        found[reading.area, reading.point].append(reading)
    return {key: kept for key, entered in found.items() if (kept := standing(entered))}


def books_began(books: Books) -> date:
    """The day on which the office was founded, in the machine's time zone."""
    at = books.value("SELECT at FROM journal ORDER BY id LIMIT 1")
    assert at is not None, "an office is founded before readings are entered"
    return datetime.fromisoformat(at).astimezone().date()


def _reading(row: Row) -> AreaReading:
    return AreaReading(
        area=row["area"],
        point=row["point"],
        on=date.fromisoformat(row["on_day"]),
        register=Energy(row["reading_wh"]),
        mark=ReadingMark(row["mark"]),
        factor=row["factor"],
        note=row["note"],
    )
