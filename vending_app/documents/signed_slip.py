"""What all slips share that are signed: when and by whom it was done, by whose word, a meter's limits, the foot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vending_app.documents.sheet import fitting, width
from vending_app.documents.slip import GAP, INNER, LEFT, RIGHT, SMALL, TEXT, Slip
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, spaced
from vending_app.domain.tool_card import Limits


@dataclass
class SignedSlip(Slip):
    """A paper with lines to sign on."""

    def done(self, at: datetime, desk: DeskNo, operator: str, approver: str) -> None:
        """When, at which desk, by whom, by whose word; a dashed line parts it from what was done."""
        words = self.words
        by = words.desk.format(desk=desk, cashier=operator) if operator else words.desk_alone.format(desk=desk)
        self.y = self.pair(LEFT, self.y + 37, self.moment(at), by, TEXT)
        if approver:
            self.row(words.approved_by, approver)
        self.y += 20
        self.dashes()
        self.y += 5

    def limits(self, limits: Limits) -> None:
        """Every limit that a meter is told."""
        for label, value in self.limits_told(limits):
            self.row(label, value)

    def limits_told(self, limits: Limits) -> list[tuple[str, str]]:
        """Label and value of each."""
        words = self.words
        power = words.kw.format(power=f"{limits.overload_w // 10 / 100:.2f}") if limits.overload_w else words.no_limit
        hoarding = self.kwh(limits.hoarding) if limits.hoarding else words.no_limit
        return [
            (words.power_limit, power),
            (words.alarm_level, self.kwh(limits.alarm_1)),
            (words.trip_level, self.kwh(limits.alarm_2)),
            (words.overdraft, self.kwh(limits.overdraft)),
            (words.hoarding, hoarding),
        ]

    def sum(self, label: str, value: str) -> None:
        """The one figure that matters."""
        self.y += 21
        self.sheet.rule(LEFT, RIGHT, self.y, 4)
        self.y += 54
        size = fitting(value, 46, INNER - width(label, 29, bold=True) - GAP, bold=True)
        self.sheet.text(LEFT, self.y, label, 29, bold=True)
        self.sheet.text_right(RIGHT, self.y, value, size, bold=True)

    def foot(self, fingerprint: str) -> None:
        """Where it stands in the books, and that the paper is worth keeping."""
        self.y += 44
        if fingerprint:
            said = self.words.books.format(fingerprint=spaced(fingerprint.upper()))
            self.sheet.text(LEFT, self.y, said, SMALL, bold=True)
            self.y += 34
        self.sheet.text(LEFT, self.y, self.words.keep_slip, TEXT)

    def kwh(self, energy: Energy) -> str:
        return f"{energy} {self.words.kwh}"

    def whole_day(self, on: date) -> str:
        """`14 Nov 2025`."""
        return f"{self.words.day(on)} {on.year}"
