"""What is asked when somebody brings a reading of a feeder or a transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vending_app.domain.area_reading import AreaReading, ReadingMark
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.records import Area
from vending_app.services.area_cases import EnterReading
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.phrases import day_and_year
from vending_app.ui.records.record_asks import whole
from vending_app.ui.supply.asks import as_day

NEW_POINT = ""
POINTS_TOLD = 3
KINDS = (
    Option(ReadingMark.READING.value, "A reading", "gauge"),
    Option(ReadingMark.FIRST.value, "First of a new counter", "sparkle", "It may show less than the one before."),
    Option(ReadingMark.LAST.value, "Last of a counter", "arrow-down", "It was taken down."),
    Option(ReadingMark.WITHDRAWN.value, "Withdraw this day", "x", "Nothing was read on it."),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reading as far as it is filled in."""

    area: Area
    today: date
    point: str = ""
    factor: int = 1
    last: AreaReading | None = None


def newest_of(readings: Sequence[AreaReading]) -> dict[str, AreaReading]:
    """By point, the newest that counts."""
    return {reading.point: reading for reading in readings}


def said_reading(reading: AreaReading) -> str:
    """`48 210.50 kWh on 1 Nov 2025`, as it stands on the display."""
    return f"{reading.shown} kWh on {day_and_year(reading.on)}"


def ask_reading_in(area: Area, readings: Sequence[AreaReading], *, today: date) -> Ask:
    """Which counter; where none is known yet, a new one."""
    draft, newest = Draft(area, today), newest_of(readings)
    if not newest:
        return _ask_point(draft)

    def make(filled: Filled) -> Ask:
        last = newest.get(filled.choice)
        if last is None:
            return _ask_point(draft)
        return _ask_shown(Draft(area, today, last.point, last.factor, last))

    known = tuple(Option(point, point, "gauge", said_reading(last)) for point, last in newest.items())
    return Ask(
        title="Reading",
        button="Next",
        icon="gauge",
        make=make,
        facts=_facts(draft),
        choices=(*known, Option(NEW_POINT, "Another counter", "sparkle", "read for the first time")),
        choice="Which counter",
    )


def _facts(draft: Draft) -> tuple[Fact, ...]:
    """One line, so that all kinds of readings have room below it."""
    times = f" × {draft.factor}" if draft.factor != 1 else ""
    if draft.last is not None:
        return (("Until now", f"{draft.last.shown} kWh{times}, {day_and_year(draft.last.on)}", ""),)
    return (("Area", f"{draft.area.name}{times}", ""),)


def _ask_point(draft: Draft) -> Ask:
    """A counter that is read for the first time."""

    def make(filled: Filled) -> Ask:
        if not filled.reference:
            raise OperatorError(Code.RECORD_REFUSED, field="point")
        return _ask_shown(Draft(draft.area, draft.today, filled.reference, whole(filled.reason)))

    return Ask(
        title="Another counter",
        button="Next",
        icon="gauge",
        make=make,
        sentence="At a feeder, or at the transformer. Its name stays the same for every reading.",
        facts=_facts(draft),
        reference="Name or number",
        reference_is=draft.area.transformer,
        reason="Factor of its transformers, such as 40 for 200/5 A",
        reason_is="1",
    )


def _ask_shown(draft: Draft) -> Ask:
    """What it shows, on which morning."""

    def make(filled: Filled) -> Ask | Deed:
        mark = ReadingMark(filled.choice)
        shown = Energy(0) if mark is ReadingMark.WITHDRAWN else Energy(filled.amount.minor * 10)
        on = as_day(filled.reference) or draft.today
        asked = EnterReading(draft.area.code, draft.point, on, shown, draft.factor, mark, filled.reason)
        return Deed(asked, "")

    return Ask(
        title=f"Reading of {draft.point}",
        button="Enter reading",
        icon="gauge",
        make=make,
        facts=_facts(draft),
        choices=KINDS,
        choice="What it is",
        amount="On the display, kWh",
        reference="On the morning of",
        reference_is=draft.today.isoformat(),
        reason="Note; why, if a day is withdrawn",
    )


def said_points(readings: Sequence[AreaReading]) -> tuple[tuple[str, str], ...]:
    """The newest reading of each counter, for the record of an area."""
    newest = list(newest_of(readings).values())
    told = tuple((last.point, said_reading(last)) for last in newest[:POINTS_TOLD])
    more = len(newest) - POINTS_TOLD
    return (*told, ("Other counters", str(more))) if more > 0 else told


def said_kept(asked: EnterReading, readings: Sequence[AreaReading]) -> str:
    """What came of it: how much was delivered since the reading before."""
    of_point = [one for one in readings if one.point == asked.point]
    at = next((at for at, one in enumerate(of_point) if one.on == asked.on and one.mark is asked.mark), 0)
    if at == 0 or asked.mark is ReadingMark.FIRST:
        return "What stood before stays in the books."
    before = of_point[at - 1]
    delivered = of_point[at].register - before.register
    return f"{delivered} kWh since {day_and_year(before.on)}."
