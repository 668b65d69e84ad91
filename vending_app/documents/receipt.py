"""The receipt on an 80 mm roll: energy first because that is what is bought, then money, then what to do.

Measures are dots of a 203 dpi printer: 640 across, 576 of them printed, black only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from vending_app.documents.sheet import Sheet, fitting, width, wrapped
from vending_app.documents.words import ENGLISH, Words, rate
from vending_app.domain.card import WriteBack
from vending_app.domain.ids import masked, spaced
from vending_app.domain.people import Office, SupplyFile
from vending_app.domain.quote import Quote, QuoteLine
from vending_app.domain.sale import Sale
from vending_app.domain.tariff import LineKind

PAPER, LEFT, RIGHT = 640, 32, 608
INNER = RIGHT - LEFT
TEXT, SMALL, LARGE = 24.0, 22.0, 28.5
PITCH = 34.4
DETAIL_RIGHT = 472
GAP = 16
"""A meter tells its last month's use; how long it was is not told."""
DAYS_TOLD_MAX = 400
"""Beyond a year the use of one month says nothing."""


@dataclass(frozen=True, slots=True)
class ReceiptMaker:
    """`ports.PaperMaker`. Times are shown in `zone`, by default the machine's own."""

    words: Words = ENGLISH
    zone: tzinfo | None = None

    def receipt(
        self,
        sale: Sale,
        *,
        office: Office,
        supply: SupplyFile,
        last: WriteBack | None,
        lasts_days: int | None,
        copy: int,
    ) -> bytes:
        """The receipt of a sale; `copy` 0 is the first print. The same arguments give the same bytes."""
        assert sale.intent.quote is not None, "only what was paid for has a receipt"
        paper = _Paper(self, sale, sale.intent.quote, office, supply, last, lasts_days or 0)
        paper.banner(copy)
        paper.head()
        paper.who()
        paper.energy()
        paper.money()
        paper.meter()
        paper.what_to_do()
        paper.foot()
        title = self.words.subject.format(receipt=sale.receipt or "")
        return paper.sheet.pdf(paper.y + 40, title=title, author=office.name)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


@dataclass
class _Paper:
    """One receipt in the making; `y` is where the next thing begins."""

    maker: ReceiptMaker
    sale: Sale
    quote: Quote
    office: Office
    supply: SupplyFile
    last: WriteBack | None
    lasts_days: int
    sheet: Sheet = field(default_factory=lambda: Sheet(PAPER))
    y: float = 0

    @property
    def words(self) -> Words:
        return self.maker.words

    # --- the parts from top to bottom ---

    def banner(self, copy: int) -> None:
        """COPY and PRACTICE, reversed out across the paper: nobody mistakes them."""
        said = [self.words.practice] if self.office.is_practice else []
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
        top, left = self.y, 136
        self._logo(top)
        size = fitting(self.office.name, 36.5, RIGHT - left, bold=True, least=28)
        baseline = top + 35
        for line in wrapped(self.office.name, size, RIGHT - left, bold=True):
            self.sheet.text(left, baseline, line, size, bold=True)
            baseline += size * 1.16
        baseline = max(top + 68, baseline - size * 1.16 + 33)
        tax = self.words.tax_number.format(number=self.office.tax_number) if self.office.tax_number else ""
        self.y = self._pair(left, baseline, self.office.address, tax, SMALL)
        self.y = max(self.y + 33, top + 101)
        self.sheet.rule(LEFT, RIGHT, self.y, 4)

    def _logo(self, top: float) -> None:
        self.sheet.box(LEFT, top, 80, 80, radius=16)
        bolt = [(44, 13), (22, 45), (37, 45), (33, 67), (57, 33), (41, 33)]
        self.sheet.polygon([(LEFT + x, top + y) for x, y in bolt], white=True)

    def who(self) -> None:
        """Which sale, to whom, for which meter and card."""
        intent = self.sale.intent
        cashier = self.sale.operator_name or intent.operator
        self.y += 40
        self.sheet.text(LEFT, self.y, self.words.receipt, 31, bold=True)
        self.sheet.text_right(RIGHT, self.y, self.sale.receipt or "", 31, bold=True)
        desk = self.words.desk.format(desk=intent.desk, cashier=cashier)
        when = self.words.moment(self.maker.local(intent.at))
        self.y = self._pair(LEFT, self.y + 37, when, desk, TEXT) + 20
        self._dashes()
        self.y += 39 - PITCH
        self._row(self.words.customer, self.sale.customer_name or self.supply.customer.name)
        self._row(self.words.meter, spaced(intent.order.meter))
        self._row(self.words.card, masked(intent.write.card))
        self._row(self.words.order, str(intent.order.sequence))

    def energy(self) -> None:
        """The black block: what was bought."""
        top = self.y + 26
        self.sheet.box(LEFT, top, INNER, 120, radius=16)
        right, baseline = RIGHT - 29, top + 88
        unit = width(self.words.kwh, 31, bold=True)
        self.sheet.text_right(right, baseline, self.words.kwh, 31, bold=True, white=True)
        label = max(width(self.words.energy_bought, 25, bold=True), 160)
        room = INNER - 58 - unit - 14 - label - 20
        size = fitting(str(self.quote.energy), 72, room, bold=True)
        at = right - unit - 14
        self.sheet.text_right(at, baseline, str(self.quote.energy), size, bold=True, white=True)
        days = self._days()
        self.sheet.text(LEFT + 29, top + (53 if days else 72), self.words.energy_bought, 25, bold=True, white=True)
        if days:
            self.sheet.text(LEFT + 29, top + 87, self.words.days(days), SMALL, white=True)
        self.y = top + 120

    def _days(self) -> int:
        """For how long it lasts at this meter's use; 0 where nobody would believe the figure."""
        return self.lasts_days if self.lasts_days <= DAYS_TOLD_MAX else 0

    def money(self) -> None:
        """The lines, what they come to, what was handed over and what went back."""
        self.y += 44 - PITCH
        for line in self.quote.lines:
            self._price_line(line)
        self.y += 21
        self.sheet.rule(LEFT, RIGHT, self.y, 4)
        self.y += 65
        total = f"{self.office.currency} {self.quote.total}"
        size = fitting(total, 65, INNER - width(self.words.total, 36, bold=True) - GAP, bold=True)
        self.sheet.text(LEFT, self.y, self.words.total, 36, bold=True)
        self.sheet.text_right(RIGHT, self.y, total, size, bold=True)
        self._tender()
        self.y += 21
        self._dashes()

    def _tender(self) -> None:
        tender = self.sale.intent.tender
        if tender is None:
            return
        self.y += 50
        self._both(self.words.tender[tender.kind], str(tender.received), LARGE)
        if tender.reference:
            self._row(self.words.reference, tender.reference)
        if self.sale.change:
            self.y += 40
            self._both(self.words.change, str(self.sale.change), LARGE, bold=True)

    def meter(self) -> None:
        """What the card and the meter hold."""
        kwh = self.words.kwh
        self.y += 40 - PITCH
        self._row(self.words.bought_in_all, f"{self.sale.intent.order.energy_total} {kwh}")
        if self.last is None:
            return
        day = self.words.day(self.maker.local(self.last.meter_time))
        self._row(self.words.left_in_meter.format(day=day), f"{self.last.remaining} {kwh}")
        alarm = self.supply.parameters.alarm_1
        if self.last.remaining < alarm:
            self._row(self.words.below_alarm, f"{alarm} {kwh}", bold=True)

    def what_to_do(self) -> None:
        """Framed, because it is the one thing left to do."""
        top = self.y + 26
        self.sheet.box(LEFT, top, INNER, 122, radius=16, frame=4)
        self._meter_picture(top)
        left, room = 163, RIGHT - 20 - 163
        size = fitting(self.words.put_card, 29.5, room, bold=True)
        self.sheet.text(left, top + 50, self.words.put_card, size, bold=True)
        size = fitting(self.words.wait_for_credit, SMALL, room)
        self.sheet.text(left, top + 87, self.words.wait_for_credit, size)
        self.y = top + 122

    def _meter_picture(self, top: float) -> None:
        """A meter with its display, and a card in its slot."""
        self.sheet.box(LEFT + 25, top + 16, 84, 63, radius=12, frame=4)
        self.sheet.box(LEFT + 42, top + 30, 50, 17, frame=3)
        self.sheet.box(LEFT + 43, top + 58, 48, 46, white=True)
        self.sheet.box(LEFT + 46, top + 61, 42, 40, radius=7)
        self.sheet.box(LEFT + 53, top + 79, 14, 10, radius=2, white=True)

    def foot(self) -> None:
        """Where to ask, and the number for those who ask."""
        top = self.y + 32
        receipt = self.sale.receipt or ""
        wide = self.sheet.qr(LEFT, top, receipt or self.sale.id, most=168)
        left = LEFT + wide + 32
        hours = self.words.help.format(hours=self.office.help_hours)
        baseline = top + 26
        for line in wrapped(hours, SMALL, RIGHT - left):
            self.sheet.text(left, baseline, line, SMALL)
            baseline += 29
        size = fitting(self.office.help_phone, 42, RIGHT - left, bold=True)
        baseline += 21
        self.sheet.text(left, baseline, self.office.help_phone, size, bold=True)
        self.sheet.text(left, baseline + 46, self.words.keep, SMALL)
        self.sheet.text(left, baseline + 80, receipt, SMALL)
        self.y = max(top + wide, baseline + 84)

    # --- what the parts are made of ---

    def _dashes(self) -> None:
        self.sheet.rule(LEFT, RIGHT, self.y, 2, dashes=True)

    def _both(self, label: str, value: str, size: float, *, bold: bool = False) -> None:
        self.sheet.text(LEFT, self.y, label, size, bold=bold)
        self.sheet.text_right(RIGHT, self.y, value, size, bold=bold)

    def _row(self, label: str, value: str, *, bold: bool = False) -> None:
        """Label left, value right; a value that is too long goes on over further lines."""
        self.y += PITCH
        self.sheet.text(LEFT, self.y, label, TEXT, bold=bold)
        room = INNER - width(label, TEXT, bold=bold) - GAP
        lines = wrapped(value, TEXT, room, bold=bold)
        for number, line in enumerate(lines):
            self.y += 30 if number else 0
            self.sheet.text_right(RIGHT, self.y, line, TEXT, bold=bold)

    def _pair(self, left: float, y: float, first: str, second: str, size: float) -> float:
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

    def _price_line(self, line: QuoteLine) -> None:
        """Name, arithmetic, amount; the arithmetic goes under its row where the name is long."""
        self.y += PITCH
        name, detail = self._name(line), _DETAILS[line.kind](self.words, line)
        self.sheet.text_right(RIGHT, self.y, str(line.amount), TEXT)
        room = INNER - width(str(line.amount), TEXT) - GAP
        fits = width(name, TEXT) + GAP + width(detail, SMALL) <= DETAIL_RIGHT - LEFT
        if fits:
            self.sheet.text(LEFT, self.y, name, TEXT)
            self.sheet.text_right(DETAIL_RIGHT, self.y, detail, SMALL)
            return
        for number, part in enumerate(wrapped(name, TEXT, room)):
            self.y += 30 if number else 0
            self.sheet.text(LEFT, self.y, part, TEXT)
        self.y += 28
        self.sheet.text_right(DETAIL_RIGHT, self.y, detail, SMALL)

    def _name(self, line: QuoteLine) -> str:
        is_tax = line.kind is LineKind.TAX
        return f"{line.name} {rate(line.rate_basis_points)}" if is_tax else line.name


def _per_kwh(_: Words, line: QuoteLine) -> str:
    return f"{line.energy} × {line.price}"


_DETAILS: dict[LineKind, Callable[[Words, QuoteLine], str]] = {
    LineKind.FIXED: lambda _, line: f"{line.months} × {line.unit}",
    LineKind.ARREARS: lambda words, line: words.still_owed.format(owed=line.unit),
    LineKind.STEP: _per_kwh,
    LineKind.LEVY: _per_kwh,
    LineKind.TAX: lambda words, line: words.taxed.format(base=line.base),
    LineKind.ROUNDING: lambda _, line: "",
}
