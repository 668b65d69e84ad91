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

STOP, WHY = 300, 2
"""Height of a stop, and lines of its reason at most."""
BOX = 24.0


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
        count = self.words.route_meters.format(count=len(self.stops), day=self.said_day(self.on))
        self.sheet.text(LEFT, self.y, count, TEXT)
        self.sheet.text(RIGHT - 620, self.y, f"{self.words.inspector}: {'_' * 30}", TEXT)
        self.y += 24
        ordered = sorted(self.stops, key=lambda stop: (stop.area, -stop.priority, stop.supply))
        for area, stops in groupby(ordered, key=lambda stop: stop.area):
            self._area(area or self.words.no_area)
            for stop in stops:
                self._stop(stop)
        return self.bytes_of(self.words.route_sheet)

    def _room_for(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self.begin_page()

    def _area(self, area: str) -> None:
        self._room_for(STOP + 80)
        self.y += 56
        self.sheet.text(LEFT, self.y, area, fitting(area, LARGE, RIGHT - LEFT, bold=True), bold=True)
        self.y += 16
        self.sheet.rule(LEFT, RIGHT, self.y, 3)

    def _stop(self, stop: RouteStop) -> None:
        self._room_for(STOP)
        top = self.y + 44
        meter = f"{self.words.meter} {spaced(stop.meter)}"
        taken = width(meter, TEXT, bold=True)
        name, *more = wrapped(stop.customer, LARGE, RIGHT - LEFT - taken - 40, bold=True)
        self.sheet.text(LEFT, top, f"{name} \N{HORIZONTAL ELLIPSIS}" if more else name, LARGE, bold=True)
        self.sheet.text_right(RIGHT, top, meter, TEXT, bold=True)
        weight = self._weight(stop)
        room = RIGHT - LEFT - width(weight, TEXT) - 40
        self.sheet.text(LEFT, top + 36, stop.address, fitting(stop.address, TEXT, room))
        self.sheet.text_right(RIGHT, top + 36, weight, TEXT)
        y = top + 72
        for line in wrapped(stop.why, SMALL, RIGHT - LEFT)[:WHY]:
            self.sheet.text(LEFT, y, line, SMALL)
            y += 28
        self._registers(top + 146, stop)
        self._outcomes(top + 190)
        self.sheet.text(LEFT, top + 236, f"{self.words.seen}: {'_' * 86}", TEXT)
        self.y = top + 256
        self.sheet.rule(LEFT, RIGHT, self.y, 1)

    def _weight(self, stop: RouteStop) -> str:
        """Its points, and the money at stake where that is known."""
        points = self.words.priority.format(points=stop.priority)
        at_stake = self.words.at_stake.format(amount=self.said_money(stop.at_stake))
        return f"{at_stake}, {points}" if stop.at_stake else points

    def _registers(self, y: float, stop: RouteStop) -> None:
        last = f" ({self.words.before} {stop.used})" if stop.used is not None else ""
        said = f"{self.words.register_of_use}{last}: {'_' * 16} kWh    {self.words.register_left}: {'_' * 14} kWh"
        self.sheet.text(LEFT, y, said, fitting(said, TEXT, RIGHT - LEFT))

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
