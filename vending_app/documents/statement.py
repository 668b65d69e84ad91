"""A customer's statement on A4: who, what he owed, every line, what he owes; the head of the table on every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from vending_app.documents.a4 import BOTTOM, LARGE, LEFT, PITCH, RIGHT, SMALL, TEXT, UNDER, A4Paper
from vending_app.documents.bar_picture import draw_bars
from vending_app.documents.sheet import fitting, width, wrapped
from vending_app.domain.energy import Energy
from vending_app.domain.ids import spaced
from vending_app.domain.money import ZERO, Money, grouped
from vending_app.domain.said_report import Bar
from vending_app.domain.statement import LineOf, Statement, StatementLine

WHAT, WHAT_WIDE = 316, 590
ENERGY, PAID, OWED, BALANCE = 1040, 1216, 1386, RIGHT
"""Right edges of the figures."""
LOW_CHART = 150
"""Half a picture of a report, so that the table begins on the first page."""
FEWEST, MOST_MONTHS = 2, 13
"""A year in whole months and the one that runs, as a statement usually tells them."""


@dataclass
class StatementPaper(A4Paper):
    """One statement."""

    statement: Statement
    at: datetime
    """When it is printed."""

    def draw(self) -> bytes:
        """The whole of it."""
        self._first_page()
        self._table()
        self._end()
        return self.bytes_of(f"{self.words.statement} {spaced(self.statement.supply.number)}")

    # --- the parts from top to bottom ---

    def _first_page(self) -> None:
        self.begin_page()
        self.draw_office(self.words.statement)
        self._who()
        self._sums()
        self._picture()

    def _who(self) -> None:
        """The customer at the left, as in a window envelope; supply and period at the right."""
        of, words = self.statement.supply, self.words
        middle, top = 900, self.y + 56
        y = top
        for line in wrapped(of.customer.name, LARGE, middle - LEFT - 40, bold=True):
            self.sheet.text(LEFT, y, line, LARGE, bold=True)
            y += 38
        for line in wrapped(of.customer.address, TEXT, middle - LEFT - 40):
            self.sheet.text(LEFT, y, line, TEXT)
            y += 34
        facts = (
            (words.period, f"{self.said_day(self.statement.since)} \N{EN DASH} {self.said_day(self.statement.until)}"),
            (words.supply, spaced(of.number)),
            (words.meter, spaced(of.meter.number)),
            (words.customer_number, of.customer.number),
            (words.printed_at, words.moment(self.manner.local(self.at))),
        )
        right = top
        for label, value in facts:
            self.sheet.text(middle, right, label, TEXT)
            room = RIGHT - middle - width(label, TEXT) - 20
            self.sheet.text_right(RIGHT, right, value, fitting(value, TEXT, room))
            right += 36
        self.y = max(y, right) + 8

    def _sums(self) -> None:
        """The four figures that matter, and the agreement."""
        made, words = self.statement, self.words
        self.sheet.rule(LEFT, RIGHT, self.y, 2)
        figures = (
            (words.owed_before.format(day=self.said_day(made.since)), self.said_money(made.opening)),
            (words.bought, f"{made.bought} {words.kwh}"),
            (words.paid_in_all, self.said_money(made.paid)),
            (words.owed_on.format(day=self.said_day(made.until)), self.said_money(made.closing)),
        )
        column = (RIGHT - LEFT) / len(figures)
        for at, (label, value) in enumerate(figures):
            x = LEFT + at * column
            self.sheet.text(x, self.y + 40, label, fitting(label, SMALL, column - 20))
            self.sheet.text(x, self.y + 84, value, fitting(value, 34, column - 20, bold=True), bold=True)
        self.y += 112
        self.sheet.rule(LEFT, RIGHT, self.y, 2)
        if made.agreed_percent:
            self.y += 42
            self.sheet.text(LEFT, self.y, words.agreement.format(percent=made.agreed_percent), TEXT)
        self.y += 54

    def _picture(self) -> None:
        """What was bought in each month of the period, the newest that have room; one alone compares nothing."""
        months = self._months()
        if len(months) < FEWEST or not self.statement.bought:
            return
        self.sheet.text(LEFT, self.y, self.words.bought_by_month, SMALL, bold=True)
        self.y += 8
        bars = [_bar(self._month(month, is_first=not at), energy) for at, (month, energy) in enumerate(months)]
        draw_bars(self, bars, high=LOW_CHART)
        self.y += 48

    def _months(self) -> list[tuple[date, Energy]]:
        """The first day of each, oldest first, with what was bought in it less what was taken back."""
        bought: Counter[date] = Counter()
        for line in self.statement.lines:
            bought[self.manner.local(line.at).date().replace(day=1)] += line.energy.wh
        first, last = (day.year * 12 + day.month - 1 for day in (self.statement.since, self.statement.until))
        months = [date(at // 12, at % 12 + 1, 1) for at in range(max(first, last - MOST_MONTHS + 1), last + 1)]
        return [(month, Energy(bought[month])) for month in months]

    def _month(self, month: date, *, is_first: bool) -> str:
        """`Feb`; the first one and each January with their year."""
        name = self.words.months[month.month - 1]
        return f"{name} {month.year}" if is_first or month.month == 1 else name

    # --- the table ---

    def _table(self) -> None:
        owed = self.statement.opening
        self._head()
        self._balance(self.words.opening_balance, owed)
        if not self.statement.lines:
            self.y += PITCH
            self.sheet.text(WHAT, self.y, self.words.nothing_happened, TEXT)
        for line in self.statement.lines:
            below = list(self._below(line))
            if self.y + PITCH + UNDER * len(below) > BOTTOM:
                self._next_page(owed)
            owed = owed + line.arrears
            self._line(line, below, owed)

    def _head(self) -> None:
        """What the columns are; on every page."""
        words = self.words
        self.sheet.text(LEFT, self.y, words.date_column, SMALL, bold=True)
        self.sheet.text(WHAT, self.y, words.what, SMALL, bold=True)
        heads = ((ENERGY, words.kwh), (PAID, words.paid_column), (OWED, words.owed_column), (BALANCE, words.balance))
        for right, label in heads:
            self.sheet.text_right(right, self.y, label, SMALL, bold=True)
        self.y += 16
        self.sheet.rule(LEFT, RIGHT, self.y, 3)

    def _next_page(self, owed: Money) -> None:
        """The paper goes on: whose it is, the head of the table, and what was owed so far."""
        self.sheet.text_right(RIGHT, BOTTOM + 42, self.words.goes_on, SMALL)
        self.begin_page()
        of = self.statement.supply
        whose = f"{self.words.statement}   {spaced(of.number)}"
        self.y += 30
        self.sheet.text(LEFT, self.y, whose, LARGE, bold=True)
        name, *more = wrapped(of.customer.name, TEXT, RIGHT - LEFT - width(whose, LARGE, bold=True) - 80)
        self.sheet.text_right(RIGHT, self.y, f"{name} \N{HORIZONTAL ELLIPSIS}" if more else name, TEXT)
        self.y += 60
        self._head()
        self._balance(self.words.carried_forward, owed)

    def _balance(self, label: str, owed: Money) -> None:
        self.y += PITCH
        self.sheet.text(WHAT, self.y, label, TEXT, bold=True)
        self.sheet.text_right(BALANCE, self.y, str(owed), TEXT, bold=True)

    def _line(self, line: StatementLine, below: list[str], owed: Money) -> None:
        self.y += PITCH
        day = self.manner.local(line.at).date()
        self.sheet.text(LEFT, self.y, self.said_day(day), TEXT)
        said = f"{self.words.lines_of[line.of]} {line.document}".strip()
        self.sheet.text(WHAT, self.y, said, fitting(said, TEXT, WHAT_WIDE))
        figures = (
            (ENERGY, str(line.energy) if line.energy else ""),
            (PAID, str(line.paid) if line.paid else ""),
            (OWED, _signed(line.arrears)),
            (BALANCE, str(owed)),
        )
        for right, figure in figures:
            self.sheet.text_right(right, self.y, figure, TEXT)
        for text in below:
            self.y += UNDER
            self.sheet.text(WHAT + 24, self.y, text, SMALL)

    def _below(self, line: StatementLine) -> Iterator[str]:
        """What a line says in small below itself: registers, what is due, a reason."""
        words = self.words
        if line.used is not None and line.remaining is not None:
            yield words.registers.format(used=line.used, remaining=line.remaining)
        if line.of is LineOf.ISSUE and line.arrears > ZERO:
            yield words.its_fee
        if line.due > ZERO:
            yield words.due_to_him.format(amount=self.said_money(line.due))
        if line.text:
            yield from wrapped(line.text, SMALL, WHAT_WIDE - 24)

    def _end(self) -> None:
        """What it comes to."""
        made, words = self.statement, self.words
        rows = [(words.closing_balance.format(day=self.said_day(made.until)), self.said_money(made.closing))]
        if made.due > ZERO:
            rows.append((words.due_balance, self.said_money(made.due)))
        if self.y + 100 + 50 * len(rows) > BOTTOM:
            self._next_page(made.closing)
        self.y += 26
        self.sheet.rule(LEFT, RIGHT, self.y, 3)
        sums = words.in_all.format(
            energy=made.bought, paid=self.said_money(made.paid), taken=self.said_money(made.taken_off)
        )
        self.y += 42
        self.sheet.text(LEFT, self.y, sums, fitting(sums, TEXT, RIGHT - LEFT))
        for label, value in rows:
            self.y += 50
            self.sheet.text(LEFT, self.y, label, LARGE, bold=True)
            self.sheet.text_right(RIGHT, self.y, value, LARGE, bold=True)


def _bar(label: str, energy: Energy) -> Bar:
    whole = grouped(energy.whole_kwh, digits=0) if energy else ""
    return Bar(label, energy.wh, whole, f"{label}: {energy}")


def _signed(amount: Money) -> str:
    """`+5.00` owed more, `−10.00` taken off; nothing where nothing changed."""
    if not amount:
        return ""
    return f"+{amount}" if amount > ZERO else str(amount)
