"""Use cases of the counters that feed areas (row P3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vending_app.domain.area_reading import AreaReading, ReadingMark
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.importing import TableRow


@dataclass(frozen=True, slots=True)
class ShowReadings:
    """Those that count, of one area or of all. Answer: Readings."""

    area: str = ""


@dataclass(frozen=True, slots=True)
class Readings:
    """By area, point and day."""

    readings: tuple[AreaReading, ...]


@dataclass(frozen=True, slots=True)
class EnterReading:
    """What a counter showed on the morning of a day; a later one of that day corrects. Answer: Readings of its area.

    Refused: record-refused, area-unknown, reading-lower, reading-too-old; reason-missing for one that is withdrawn.
    """

    area: str
    point: str
    on: date
    shown: Energy = NO_ENERGY
    """On its display; nothing of one that is withdrawn."""
    factor: int = 1
    """Of its current and voltage transformers together."""
    mark: ReadingMark = ReadingMark.READING
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImportReadings:
    """Enter a table of readings. Answer: Imported, with every bad row. Fails with table-unreadable."""

    name: str
    """Of the file, to tell people."""
    rows: Iterable[TableRow]
    """The headings first; read once."""
    dry_run: bool = False
