"""A customer's statement on A4: who, what he owed, every line, what he owes; the head of the table on every page.

Measures are dots of 203 to the inch, as on the roll: 1678 across, 2374 down, black only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from vending_app.documents.sheet import Sheet, fitting, pdf_of, width, wrapped
from vending_app.documents.slip import Manner, draw_logo
from vending_app.documents.words import Words
from vending_app.domain.ids import spaced
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Office
from vending_app.domain.statement import LineOf, Statement, StatementLine

PAPER, HIGH, LEFT, RIGHT = 1678, 2374, 120, 1558
TOP, BOTTOM = 110, 2374 - 190
TEXT, SMALL, LARGE, TITLE = 25.0, 22.0, 30.0, 44.0
PITCH, UNDER = 40, 30
"""From one line of the table to the next, and to a second text below its first."""
WHAT, WHAT_WIDE = 316, 590
ENERGY, PAID, OWED, BALANCE = 1040, 1216, 1386, RIGHT
"""Right edges of the figures."""


@dataclass
class StatementPaper:
    """One statement; the same arguments give the same bytes."""

    manner: Manner
    office: Office
    statement: Statement
    at: datetime
    """When it is printed."""
    pages: list[Sheet] = field(default_factory=list)
    y: float = 0

    def draw(self) -> bytes:
        """All pages, numbered once it is known how many there are."""
        self._first_page()
        self._table()
        self._end()
        for number, sheet in enumerate(self.pages, start=1):
            self._foot(sheet, number)
        supply = spaced(self.statement.supply.number)
        return pdf_of(self.pages, HIGH, title=f"{self.words.statement} {supply}", author=self.office.name)

    @property
    def words(self) -> Words:
        return self.manner.words

    @property
    def sheet(self) -> Sheet:
        """The page that is being filled."""
        return self.pages[-1]

    # --- the parts from top to bottom ---

    def _first_page(self) -> None:
        self._begin_page()
        self._office()
        self._who()
        self._sums()

    def _begin_page(self) -> None:
        self.pages.append(Sheet(PAPER))
        self.y = TOP
        if self.office.is_practice:
            said = self.words.practice
            self.sheet.box(0, 30, PAPER, 60)
            self.sheet.text((PAPER - width(said, 38, bold=True)) / 2, 74, said, 38, bold=True, white=True)
            self.y = TOP + 20

    def _office(self) -> None:
        """Who sells, and what this paper is."""
        top, words = self.y, self.words
        draw_logo(self.sheet, LEFT, top)
        title = width(words.statement, TITLE, bold=True)
        room = RIGHT - LEFT - 112 - title - 40
        size = fitting(self.office.name, 36, room, bold=True, least=26)
        y = top + 34
        for line in wrapped(self.office.name, size, room, bold=True):
            self.sheet.text(LEFT + 112, y, line, size, bold=True)
            y += size * 1.2
        tax = words.tax_number.format(number=self.office.tax_number) if self.office.tax_number else ""
        said = " · ".join(part for part in (self.office.address, tax) if part)
        for line in wrapped(said, SMALL, room):
            self.sheet.text(LEFT + 112, y, line, SMALL)
            y += UNDER
        self.sheet.text_right(RIGHT, top + 40, words.statement, TITLE, bold=True)
        self.y = max(y + 4, top + 104)
        self.sheet.rule(LEFT, RIGHT, self.y, 4)

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
            (words.period, f"{self._day(self.statement.since)} \N{EN DASH} {self._day(self.statement.until)}"),
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
            (words.owed_before.format(day=self._day(made.since)), self._money(made.opening)),
            (words.bought, f"{made.bought} {words.kwh}"),
            (words.paid_in_all, self._money(made.paid)),
            (words.owed_on.format(day=self._day(made.until)), self._money(made.closing)),
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
        self._begin_page()
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
        self.sheet.text(LEFT, self.y, self._day(day), TEXT)
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
            yield words.due_to_him.format(amount=self._money(line.due))
        if line.text:
            yield from wrapped(line.text, SMALL, WHAT_WIDE - 24)

    def _end(self) -> None:
        """What it comes to."""
        made, words = self.statement, self.words
        rows = [(words.closing_balance.format(day=self._day(made.until)), self._money(made.closing))]
        if made.due > ZERO:
            rows.append((words.due_balance, self._money(made.due)))
        if self.y + 100 + 50 * len(rows) > BOTTOM:
            self._next_page(made.closing)
        self.y += 26
        self.sheet.rule(LEFT, RIGHT, self.y, 3)
        sums = words.in_all.format(energy=made.bought, paid=self._money(made.paid), taken=self._money(made.taken_off))
        self.y += 42
        self.sheet.text(LEFT, self.y, sums, fitting(sums, TEXT, RIGHT - LEFT))
        for label, value in rows:
            self.y += 50
            self.sheet.text(LEFT, self.y, label, LARGE, bold=True)
            self.sheet.text_right(RIGHT, self.y, value, LARGE, bold=True)

    def _foot(self, sheet: Sheet, number: int) -> None:
        y = HIGH - 84
        said = self.words.help.format(hours=self.office.help_hours)
        help_line = f"{said}   {self.office.help_phone}" if self.office.help_phone else self.office.name
        page = self.words.page.format(number=number, count=len(self.pages))
        sheet.rule(LEFT, RIGHT, y - 34, 2)
        sheet.text(LEFT, y, help_line, fitting(help_line, SMALL, RIGHT - LEFT - 260))
        sheet.text_right(RIGHT, y, page, SMALL)

    def _day(self, on: date) -> str:
        return f"{self.words.day(on)} {on.year}"

    def _money(self, amount: Money) -> str:
        return f"{self.office.currency} {amount}".strip()


def _signed(amount: Money) -> str:
    """`+5.00` owed more, `−10.00` taken off; nothing where nothing changed."""
    if not amount:
        return ""
    return f"+{amount}" if amount > ZERO else str(amount)
