"""The route of an inspection on A4: by area the meters, why, and room for registers and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from vending_app.documents.a4 import BOTTOM, LARGE, LEFT, RIGHT, SMALL, TEXT, A4Paper
from vending_app.documents.sheet import fitting, width, wrapped
from vending_app.domain.ids import spaced
from vending_app.domain.inspection import Outcome, RouteStop

WHY = 4
"""Lines of its reason at most; what is longer still ends in an ellipsis."""
TO_WHY, LINE, TO_REGISTERS, TO_NEXT, TO_RULE = 72, 28, 50, 48, 36
"""From one part of a stop to the next."""
SEEN = 2
"""Lines to write on."""
REGISTER, INSPECTOR = 260.0, 430.0
"""How long a line is that a register, or a name, is written on."""
BOX, TOP = 24.0, 44
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


@dataclass
class RouteSheet(A4Paper):
    """One route; the most urgent first within each area."""

    stops: Sequence[RouteStop]
    on: date

    def draw(self) -> bytes:
        """The whole of it."""
        self.begin_page()
        self.draw_office(self.words.route_sheet)
        self.y += 50
        said = self.words.route_meter if len(self.stops) == 1 else self.words.route_meters
        self.sheet.text(LEFT, self.y, said.format(count=len(self.stops), day=self.said_day(self.on)), TEXT)
        inspector = f"{self.words.inspector}:"
        self.sheet.text(RIGHT - INSPECTOR - 14 - width(inspector, TEXT), self.y, inspector, TEXT)
        self.sheet.rule(RIGHT - INSPECTOR, RIGHT, self.y + 4, 1)
        self.y += 24
        ordered = sorted(self.stops, key=lambda stop: (stop.area, -stop.priority, stop.supply))
        for area, stops in groupby(ordered, key=lambda stop: stop.area):
            first, *others = stops
            self._area(area or self.words.no_area, above=_height(first))
            for stop in (first, *others):
                self._stop(stop)
        return self.bytes_of(self.words.route_sheet)

    def _room_for(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self.begin_page()

    def _area(self, area: str, *, above: float) -> None:
        """Never at the foot of a page without the first of its stops."""
        self._room_for(above + 80)
        self.y += 56
        self.sheet.text(LEFT, self.y, area, fitting(area, LARGE, RIGHT - LEFT, bold=True), bold=True)
        self.y += 16
        self.sheet.rule(LEFT, RIGHT, self.y, 3)

    def _stop(self, stop: RouteStop) -> None:
        self._room_for(_height(stop))
        top = self.y + TOP
        meter = f"{self.words.meter} {spaced(stop.meter)}"
        taken = width(meter, TEXT, bold=True)
        name, *more = wrapped(stop.customer, LARGE, RIGHT - LEFT - taken - 40, bold=True)
        self.sheet.text(LEFT, top, f"{name} {ELLIPSIS}" if more else name, LARGE, bold=True)
        self.sheet.text_right(RIGHT, top, meter, TEXT, bold=True)
        weight = self._weight(stop)
        room = RIGHT - LEFT - width(weight, TEXT) - 40
        self.sheet.text(LEFT, top + 36, stop.address, fitting(stop.address, TEXT, room))
        self.sheet.text_right(RIGHT, top + 36, weight, TEXT)
        y = top + TO_WHY
        for line in _reason(stop):
            self.sheet.text(LEFT, y, line, SMALL)
            y += LINE
        y += TO_REGISTERS - LINE
        self._registers(y, stop)
        self._outcomes(y + TO_NEXT)
        y += 2 * TO_NEXT
        seen = f"{self.words.seen}:"
        self.sheet.text(LEFT, y, seen, TEXT)
        self.sheet.rule(LEFT + width(seen, TEXT) + 14, RIGHT, y + 4, 1)
        for _ in range(SEEN - 1):
            y += TO_NEXT
            self.sheet.rule(LEFT, RIGHT, y + 4, 1)
        self.y = y + TO_RULE
        self.sheet.rule(LEFT, RIGHT, self.y, 4)

    def _weight(self, stop: RouteStop) -> str:
        """Its points, and the money at stake where that is known."""
        points = self.words.priority.format(points=stop.priority)
        at_stake = self.words.at_stake.format(amount=self.said_money(stop.at_stake))
        return f"{at_stake}, {points}" if stop.at_stake else points

    def _registers(self, y: float, stop: RouteStop) -> None:
        """What the meter shows, each with a line to write it on."""
        last = f" ({self.words.before} {stop.used})" if stop.used is not None else ""
        x = float(LEFT)
        for said in (f"{self.words.register_of_use}{last}:", f"{self.words.register_left}:"):
            self.sheet.text(x, y, said, TEXT)
            x += width(said, TEXT) + 14
            self.sheet.rule(x, x + REGISTER, y + 4, 1)
            self.sheet.text(x + REGISTER + 12, y, "kWh", TEXT)
            x += REGISTER + 12 + width("kWh", TEXT) + 56

    def _outcomes(self, y: float) -> None:
        """A box to tick for each."""
        words = [self.words.outcomes[outcome] for outcome in Outcome]
        size = min(TEXT, SMALL)
        gap = (RIGHT - LEFT - sum(width(word, size) + BOX + 10 for word in words)) / max(1, len(words) - 1)
        x = float(LEFT)
        for word in words:
            self.sheet.box(x, y - 20, BOX, BOX, frame=2)
            self.sheet.text(x + BOX + 10, y, word, size)
            x += BOX + 10 + width(word, size) + max(6.0, gap)


def _reason(stop: RouteStop) -> list[str]:
    """Its lines; never none, so that stops without a word are as high as those with one."""
    lines = wrapped(stop.why, SMALL, RIGHT - LEFT)
    if len(lines) <= WHY:
        return lines
    shown = wrapped(stop.why, SMALL, RIGHT - LEFT - width(ELLIPSIS, SMALL))[:WHY]
    return [*shown[:-1], f"{shown[-1]}{ELLIPSIS}"]


def _height(stop: RouteStop) -> float:
    """From the rule above it to its own."""
    why = (len(_reason(stop)) - 1) * LINE
    return TOP + TO_WHY + why + TO_REGISTERS + (1 + SEEN) * TO_NEXT + TO_RULE
