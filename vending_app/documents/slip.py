"""What all papers on an 80 mm roll share: the office on top, rows, sums and rules.

Measures are dots of a 203 dpi printer: 640 across, 576 of them printed, black only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from vending_app.documents.logo import draw_logo
from vending_app.documents.sheet import Sheet, fitting, width, wrapped
from vending_app.documents.words import ENGLISH, Words
from vending_app.domain.people import Office

PAPER, LEFT, RIGHT = 640, 32, 608
INNER = RIGHT - LEFT
TEXT, SMALL, LARGE = 24.0, 22.0, 28.5
PITCH = 34.4
GAP = 16


@dataclass(frozen=True, slots=True)
class Manner:
    """How papers speak: in which words, and in which zone they tell times; by default the machine's own."""

    words: Words = ENGLISH
    zone: tzinfo | None = None

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


@dataclass
class Slip:
    """A paper in the making; `y` is where the next thing begins."""

    manner: Manner
    office: Office
    sheet: Sheet = field(default_factory=lambda: Sheet(PAPER), kw_only=True)
    y: float = field(default=0, kw_only=True)
    is_specimen: bool = field(default=False, kw_only=True)
    """Whether nobody was given this paper."""

    @property
    def words(self) -> Words:
        return self.manner.words

    def moment(self, at: datetime) -> str:
        """`14 Nov 2025, 10:42`."""
        return self.words.moment(self.manner.local(at))

    def pdf(self, subject: str) -> bytes:
        """The paper, cut below what stands on it."""
        return self.sheet.pdf(self.y + 40, title=subject, author=self.office.name)

    # --- the parts from top to bottom ---

    def banner(self, copy: int) -> None:
        """COPY and PRACTICE, reversed out across the paper: nobody mistakes them."""
        said = [self.words.practice] if self.office.is_practice else []
        if self.is_specimen:
            said.append(self.words.specimen)
        if copy:
            said.append(self.words.copy)
        self.y = 40
        if not said:
            return
        text = "  ·  ".join(said)
        self.sheet.box(0, 24, PAPER, 68)
        size = fitting(text, 44, INNER, bold=True)
        self.sheet.text((PAPER - width(text, size, bold=True)) / 2, 74, text, size, bold=True, white=True)
        self.y = 116

    def head(self) -> None:
        """Who sells."""
        top = self.y
        left = LEFT + draw_logo(self.sheet, LEFT, top, self.office.logo) + 24
        size = fitting(self.office.name, 36.5, RIGHT - left, bold=True, least=28)
        baseline = top + 35
        for line in wrapped(self.office.name, size, RIGHT - left, bold=True):
            self.sheet.text(left, baseline, line, size, bold=True)
            baseline += size * 1.16
        baseline = max(top + 68, baseline - size * 1.16 + 33)
        tax = self.words.tax_number.format(number=self.office.tax_number) if self.office.tax_number else ""
        self.y = self.pair(left, baseline, self.office.address, tax, SMALL)
        self.y = max(self.y + 33, top + 101)
        self.sheet.rule(LEFT, RIGHT, self.y, 4)

    def title(self, text: str, number: str) -> None:
        """What this paper is, and its number."""
        self.y += 40
        size = fitting(number, 31, INNER - width(text, 31, bold=True) - GAP, bold=True)
        self.sheet.text(LEFT, self.y, text, 31, bold=True)
        self.sheet.text_right(RIGHT, self.y, number, size, bold=True)

    # --- what the parts are made of ---

    def section(self, text: str) -> None:
        """A dashed line and what comes below it."""
        self.y += 21
        self.dashes()
        self.y += 38
        self.sheet.text(LEFT, self.y, text, TEXT, bold=True)

    def signature(self, label: str) -> None:
        """A line to sign on, with who signs below it."""
        self.y += 110
        self.sheet.rule(LEFT, RIGHT, self.y, 2)
        self.y += 30
        self.sheet.text(LEFT, self.y, label, SMALL)

    def dashes(self) -> None:
        """A dashed line across."""
        self.sheet.rule(LEFT, RIGHT, self.y, 2, dashes=True)

    def both(self, label: str, value: str, size: float, *, bold: bool = False) -> None:
        """Label left and value right, on one line of any size."""
        self.sheet.text(LEFT, self.y, label, size, bold=bold)
        self.sheet.text_right(RIGHT, self.y, value, size, bold=bold)

    def row(self, label: str, value: str, *, bold: bool = False) -> None:
        """Label left, value right; a value that is too long goes on over further lines."""
        self.y += PITCH
        self.sheet.text(LEFT, self.y, label, TEXT, bold=bold)
        room = INNER - width(label, TEXT, bold=bold) - GAP
        lines = wrapped(value, TEXT, room, bold=bold)
        for number, line in enumerate(lines):
            self.y += 30 if number else 0
            self.sheet.text_right(RIGHT, self.y, line, TEXT, bold=bold)

    def remark(self, text: str) -> None:
        """Small lines under a row: a reason in somebody's words."""
        for line in wrapped(text, SMALL, INNER - 24):
            self.y += 29
            self.sheet.text(LEFT + 24, self.y, line, SMALL)

    def centred(self, lines: Sequence[str]) -> None:
        """The office's own lines, whatever their script; an empty one is a gap."""
        for line in lines:
            for part in wrapped(line, TEXT, INNER):
                self.y += PITCH
                self.sheet.text((PAPER - width(part, TEXT)) / 2, self.y, part, TEXT)

    def pair(self, left: float, y: float, first: str, second: str, size: float) -> float:
        """Two texts at both ends of a line, or below each other if they do not fit; returns the last baseline."""
        together = width(first, size) + width(second, size) + GAP
        if together <= RIGHT - left:
            self.sheet.text(left, y, first, size)
            self.sheet.text_right(RIGHT, y, second, size)
            return y
        lines = [*wrapped(first, size, RIGHT - left), *wrapped(second, size, RIGHT - left)]
        for number, line in enumerate(lines):
            self.sheet.text(left, y + number * 30, line, size)
        return y + (len(lines) - 1) * 30
