"""Papers of A4: the head with who sells, a table whose columns are told on every page, the foot with its number.

Measures are dots of 203 to the inch, as on the roll: 1678 across, 2374 down, black only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from vending_app.documents.logo import draw_logo
from vending_app.documents.sheet import Sheet, fitting, pdf_of, width, wrapped
from vending_app.documents.slip import Manner
from vending_app.documents.words import Words
from vending_app.domain.money import Money
from vending_app.domain.people import Office

PAPER, HIGH, LEFT, RIGHT = 1678, 2374, 120, 1558
TOP, BOTTOM = 110, 2374 - 190
TEXT, SMALL, LARGE, TITLE = 25.0, 22.0, 30.0, 44.0
CHART = 260
"""How high a picture is."""
PITCH, UNDER = 40, 30
"""From one line of a table to the next, and to a second text below its first."""


@dataclass
class A4Paper:
    """Pages that are filled from the top; the same arguments give the same bytes."""

    manner: Manner
    office: Office
    pages: list[Sheet] = field(default_factory=list, kw_only=True)
    y: float = field(default=0, kw_only=True)

    @property
    def words(self) -> Words:
        return self.manner.words

    @property
    def sheet(self) -> Sheet:
        """The page that is being filled."""
        return self.pages[-1]

    def begin_page(self) -> None:
        self.pages.append(Sheet(PAPER))
        self.y = TOP
        if self.office.is_practice:
            said = self.words.practice
            self.sheet.box(0, 30, PAPER, 60)
            self.sheet.text((PAPER - width(said, 38, bold=True)) / 2, 74, said, 38, bold=True, white=True)
            self.y = TOP + 20

    def draw_office(self, title: str) -> None:
        """Who sells, and what this paper is."""
        top, words = self.y, self.words
        left = LEFT + draw_logo(self.sheet, LEFT, top, self.office.logo) + 32
        taken = width(title, TITLE, bold=True)
        room = RIGHT - left - taken - 40
        size = fitting(self.office.name, 36, room, bold=True, least=26)
        y = top + 34
        for line in wrapped(self.office.name, size, room, bold=True):
            self.sheet.text(left, y, line, size, bold=True)
            y += size * 1.2
        tax = words.tax_number.format(number=self.office.tax_number) if self.office.tax_number else ""
        said = " · ".join(part for part in (self.office.address, tax) if part)
        for line in wrapped(said, SMALL, room):
            self.sheet.text(left, y, line, SMALL)
            y += UNDER
        self.sheet.text_right(RIGHT, top + 40, title, TITLE, bold=True)
        self.y = max(y + 4, top + 104)
        self.sheet.rule(LEFT, RIGHT, self.y, 4)

    def room_for(self, height: float) -> None:
        """A new page where this one has no room."""
        if self.y + height > BOTTOM:
            self.begin_page()

    def draw_section(self, title: str) -> None:
        """A part of the paper begins; never at the foot of a page."""
        self.room_for(180)
        self.y += 64
        self.sheet.text(LEFT, self.y, title, LARGE, bold=True)
        self.y += 14
        self.sheet.rule(LEFT, RIGHT, self.y, 2)

    def draw_note(self, said: str) -> None:
        """A sentence by itself, over as many lines as it needs."""
        lines = wrapped(said, SMALL, RIGHT - LEFT)
        self.room_for(PITCH + UNDER * (len(lines) - 1))
        self.y += PITCH - UNDER
        for line in lines:
            self.y += UNDER
            self.sheet.text(LEFT, self.y, line, SMALL)

    def bytes_of(self, title: str) -> bytes:
        """All pages, numbered now that it is known how many there are."""
        for number, sheet in enumerate(self.pages, start=1):
            self._foot(sheet, number)
        return pdf_of(self.pages, HIGH, title=title, author=self.office.name)

    def _foot(self, sheet: Sheet, number: int) -> None:
        y = HIGH - 84
        said = self.words.help.format(hours=self.office.help_hours)
        help_line = f"{said}   {self.office.help_phone}" if self.office.help_phone else self.office.name
        page = self.words.page.format(number=number, count=len(self.pages))
        sheet.rule(LEFT, RIGHT, y - 34, 2)
        sheet.text(LEFT, y, help_line, fitting(help_line, SMALL, RIGHT - LEFT - 260))
        sheet.text_right(RIGHT, y, page, SMALL)

    def said_day(self, on: date) -> str:
        return f"{self.words.day(on)} {on.year}"

    def said_money(self, amount: Money) -> str:
        return f"{self.office.currency} {amount}".strip()
