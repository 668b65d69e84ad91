"""The receipt on an 80 mm roll: energy first because that is what is bought, then money, then what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vending_app.documents.sheet import fitting, width, wrapped
from vending_app.documents.slip import GAP, INNER, LARGE, LEFT, PITCH, RIGHT, SMALL, TEXT, Slip
from vending_app.documents.words import Words, rate
from vending_app.domain.card import WriteBack
from vending_app.domain.ids import masked, spaced
from vending_app.domain.people import SupplyFile
from vending_app.domain.quote import Quote, QuoteLine
from vending_app.domain.sale import Purpose, Sale
from vending_app.domain.tariff import LineKind

DETAIL_RIGHT = 472
DAYS_TOLD_MAX = 400
"""Beyond a year the use of one month says nothing."""


@dataclass
class Receipt(Slip):
    """The receipt of a sale, or of a reversal with its sums below zero."""

    sale: Sale
    quote: Quote
    supply: SupplyFile
    last: WriteBack | None
    lasts_days: int
    takes_back: str
    """Number of the receipt that a reversal takes back."""

    def draw(self, copy: int) -> bytes:
        """All of it; `copy` 0 is the first print. The same arguments give the same bytes."""
        self.banner(copy)
        self.head()
        self.above()
        self.who()
        self.energy()
        self.money()
        self.meter()
        self.what_to_do()
        self.foot()
        self.below()
        return self.pdf(self.words.subject.format(receipt=self.sale.receipt or ""))

    @property
    def _is_reversal(self) -> bool:
        return self.sale.intent.purpose is Purpose.REVERSAL

    # --- the parts from top to bottom ---

    def above(self) -> None:
        """What the office says to everybody, before it says what this is."""
        if self.office.above:
            self.y += 8
            self.centred(self.office.above)
            self.y += 22
            self.dashes()

    def below(self) -> None:
        """What the office says last: a law, a hotline, a greeting."""
        if self.office.below:
            self.y += 24
            self.dashes()
            self.y += 10
            self.centred(self.office.below)

    def who(self) -> None:
        """Which sale, to whom, for which meter and card."""
        intent = self.sale.intent
        cashier = self.sale.operator_name or intent.operator
        self.title(self.words.reversal if self._is_reversal else self.words.receipt, self.sale.receipt or "")
        desk = self.words.desk.format(desk=intent.desk, cashier=cashier)
        self.y = self.pair(LEFT, self.y + 37, self.moment(intent.at), desk, TEXT) + 20
        self.dashes()
        self.y += 39 - PITCH
        self.row(self.words.customer, self.sale.customer_name or self.supply.customer.name)
        self.row(self.words.meter, spaced(intent.order.meter))
        self.row(self.words.card, masked(intent.write.card))
        self.row(self.words.order, str(intent.order.sequence))
        if self.takes_back:
            self.row(self.words.takes_back, self.takes_back, bold=True)
        if intent.reason:
            self.row(self.words.reason, intent.reason)

    def energy(self) -> None:
        """The black block: what was bought."""
        top = self.y + 26
        self.sheet.box(LEFT, top, INNER, 120, radius=16)
        right, baseline = RIGHT - 29, top + 88
        unit = width(self.words.kwh, 31, bold=True)
        self.sheet.text_right(right, baseline, self.words.kwh, 31, bold=True, white=True)
        said = self.words.taken_back if self._is_reversal else self.words.energy_bought
        label = max(width(said, 25, bold=True), 160)
        room = INNER - 58 - unit - 14 - label - 20
        size = fitting(str(self.quote.energy), 72, room, bold=True)
        at = right - unit - 14
        self.sheet.text_right(at, baseline, str(self.quote.energy), size, bold=True, white=True)
        days = self._days()
        self.sheet.text(LEFT + 29, top + (53 if days else 72), said, 25, bold=True, white=True)
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
        self.dashes()

    def _tender(self) -> None:
        tender = self.sale.tender
        if tender is None:
            return
        self.y += 50
        self.both(self.words.tender[tender.kind], str(tender.received), LARGE)
        if tender.reference:
            self.row(self.words.reference, tender.reference)
        if self.sale.change:
            self.y += 40
            self.both(self.words.change, str(self.sale.change), LARGE, bold=True)

    def meter(self) -> None:
        """What the card and the meter hold."""
        kwh = self.words.kwh
        self.y += 40 - PITCH
        self.row(self.words.bought_in_all, f"{self.sale.intent.order.energy_total} {kwh}")
        if self.last is None:
            return
        day = self.words.day(self.manner.local(self.last.meter_time))
        self.row(self.words.left_in_meter.format(day=day), f"{self.last.remaining} {kwh}")
        alarm = self.supply.parameters.alarm_1
        if self.last.remaining < alarm:
            self.row(self.words.below_alarm, f"{alarm} {kwh}", bold=True)

    def what_to_do(self) -> None:
        """Framed, because it is the one thing left to do."""
        top = self.y + 26
        self.sheet.box(LEFT, top, INNER, 122, radius=16, frame=4)
        self._meter_picture(top)
        left, room = 163, RIGHT - 20 - 163
        size = fitting(self.words.put_card, 29.5, room, bold=True)
        self.sheet.text(left, top + 50, self.words.put_card, size, bold=True)
        waits = self.words.wait_for_less if self._is_reversal else self.words.wait_for_credit
        self.sheet.text(left, top + 87, waits, fitting(waits, SMALL, room))
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
        if self.sale.fingerprint:
            baseline += 34
            said = self.words.books.format(fingerprint=spaced(self.sale.fingerprint.upper()))
            self.sheet.text(left, baseline + 80, said, SMALL, bold=True)
        self.y = max(top + wide, baseline + 84)

    def _price_line(self, line: QuoteLine) -> None:
        """Name, arithmetic, amount; the arithmetic goes under its row where the name is long."""
        self.y += PITCH
        name, detail = self._name(line), self._detail(line)
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

    def _detail(self, line: QuoteLine) -> str:
        # What is owed after a reversal is another sum than after its sale.
        is_told = not (self._is_reversal and line.kind is LineKind.ARREARS)
        return _DETAILS[line.kind](self.words, line) if is_told else ""

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
