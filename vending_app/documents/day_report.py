"""A day on A4: the figures, what was sold by hour, cashiers, tenders, and what was odd about it (row P1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vending_app.documents.a4 import LARGE, LEFT, PITCH, RIGHT, SMALL, TEXT, A4Paper
from vending_app.documents.bar_picture import draw_bars
from vending_app.documents.sheet import fitting
from vending_app.domain.day import DayOddity, DayReport
from vending_app.domain.money import Money, grouped, nearest_whole
from vending_app.domain.said_report import Bar

Row = tuple[str, ...]


@dataclass
class DayPaper(A4Paper):
    """One day, of all desks or of one."""

    report: DayReport
    at: datetime
    """When it is printed."""

    def draw(self) -> bytes:
        """The whole of it."""
        self.begin_page()
        self.draw_office(self.words.day_report)
        self._title()
        self._sums()
        self._hours()
        self._cashiers()
        self._tenders()
        self._oddities()
        return self.bytes_of(f"{self.words.day_report} {self.report.day.isoformat()}")

    def _title(self) -> None:
        words, report = self.words, self.report
        desk = words.all_desks if report.desk is None else words.desk_alone.format(desk=report.desk)
        state = words.closed_as.format(number=report.number) if report.is_closed else words.still_open
        state = words.never_closed if report.is_by_clock else state
        self.y += 56
        self.sheet.text(LEFT, self.y, f"{self.said_day(report.day)}, {desk}", LARGE, bold=True)
        printed = f"{words.printed_at} {words.moment(self.manner.local(self.at))}"
        self.sheet.text_right(RIGHT, self.y, f"{state} · {printed}", SMALL)
        self.y += 24

    def _sums(self) -> None:
        words, sums = self.words, self.report.sums
        figures = (
            (words.takings, self.said_money(sums.takings)),
            (words.energy_sold, f"{grouped(sums.energy.whole_kwh, digits=0)} {words.kwh}"),
            (words.sales, grouped(sums.sales, digits=0)),
            (words.average_sale, self.said_money(sums.average)),
            (words.arrears_recovered, self.said_money(sums.arrears)),
        )
        self.sheet.rule(LEFT, RIGHT, self.y, 2)
        column = (RIGHT - LEFT) / len(figures)
        for at, (label, value) in enumerate(figures):
            x = LEFT + at * column
            self.sheet.text(x, self.y + 40, label, fitting(label, SMALL, column - 16))
            self.sheet.text(x, self.y + 84, value, fitting(value, 34, column - 16, bold=True), bold=True)
        self.y += 112
        self.sheet.rule(LEFT, RIGHT, self.y, 2)

    def _hours(self) -> None:
        """Bars; the usual hour as a line across its bar. Both without reversals, as closings tell an hour."""
        report = self.report
        self.draw_section(self.words.by_hour)
        if not report.hours:
            self.draw_note(self.words.nothing_sold)
            return
        usual = report.usual_hours or {}
        sold = {hour.hour: hour.sold.minor for hour in report.hours}
        hours = range(min(sold), max(sold) + 1)
        bars = [_hour_bar(hour, sold.get(hour, 0)) for hour in hours]
        told = {f"{hour:02d}": sums.takings.minor for hour, sums in usual.items() if hour in hours}
        draw_bars(self, bars, usual=told)
        if usual:
            self.draw_note(self.words.usual_line)

    def _cashiers(self) -> None:
        words, sums = self.words, self.report.sums
        self.draw_section(words.by_cashier)
        columns = (LEFT, 760, 980, 1260, RIGHT)
        self._row((words.cashier, "", words.sales, words.kwh, words.takings), columns, bold=True)
        for row in self.report.cashiers:
            desk = words.desk_alone.format(desk=row.desk)
            self._row((row.name, desk, str(row.sales), str(row.energy), str(row.takings)), columns)
        self._row((words.total_of_all, "", str(sums.sales), str(sums.energy), str(sums.takings)), columns, bold=True)

    def _tenders(self) -> None:
        self.draw_section(self.words.by_tender)
        for kind, amount in self.report.tenders.items():
            self._row((self.words.tender[kind], str(amount)), (LEFT, RIGHT))
        if self.report.taken_back:
            self._row((self.words.taken_back, str(self.report.taken_back)), (LEFT, RIGHT))
        self._row((self.words.total_of_all, str(self.report.sums.takings)), (LEFT, RIGHT), bold=True)

    def _oddities(self) -> None:
        self.draw_section(self.words.oddities)
        if not self.report.oddities:
            self.draw_note(self.words.nothing_odd)
        columns = (LEFT, 300, 900, RIGHT)
        for odd in self.report.oddities:
            self._row(self._odd(odd), columns)

    def _odd(self, odd: DayOddity) -> Row:
        at = self.manner.local(odd.at)
        when = f"{at:%H:%M}" if at.date() == self.report.day else f"{self.words.day(at)} {at:%H:%M}"
        who = " · ".join(part for part in (odd.receipt, odd.name, odd.approver, odd.reason) if part)
        if odd.meter is not None:
            who = f"{self.words.meter} {odd.meter}: {odd.illegal_cards} / {odd.cover}"
        return when, self.words.oddities_of[odd.kind], who, str(odd.amount) if odd.amount != Money(0) else ""

    # --- lines ------------------------------------------------------------------------------------------

    def _row(self, cells: Row, columns: Sequence[int], *, bold: bool = False) -> None:
        """The first two from their left edge where there are more than two, all others up to their right one."""
        self.room_for(PITCH)
        self.y += PITCH
        texts = 1 if len(cells) == 2 else 3 if len(cells) == 4 else 2
        for at, (cell, x) in enumerate(zip(cells, columns, strict=True)):
            if at < texts:
                room = columns[at + 1] - x - 20 if at + 1 < len(columns) else RIGHT - x
                self.sheet.text(x, self.y, cell, fitting(cell, TEXT, room, bold=bold), bold=bold)
            else:
                self.sheet.text_right(x, self.y, cell, TEXT, bold=bold)


def _hour_bar(hour: int, minor: int) -> Bar:
    return Bar(f"{hour:02d}", minor, grouped(nearest_whole(minor, 100), digits=0), f"{hour:02d}:00: {Money(minor)}")
