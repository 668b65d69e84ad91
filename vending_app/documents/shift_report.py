"""X and Z on an 80 mm roll: what a shift came to, what lay in its drawer, and what the books say to that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vending_app.documents.slip import LARGE, LEFT, RIGHT, SMALL, TEXT, Slip
from vending_app.domain.cash import CashMovement
from vending_app.domain.closing import Cell, Closing, ShiftReport
from vending_app.domain.ids import spaced
from vending_app.domain.money import ZERO, Money
from vending_app.domain.sale import Purpose, Sale, TenderKind


@dataclass
class ShiftSlip(Slip):
    """A Z if the report has a closing, else an X. An open blind shift tells no sum that would give the till away."""

    report: ShiftReport
    at: datetime
    """When it is printed."""

    def draw(self) -> bytes:
        """All of it. The same arguments give the same bytes."""
        self.banner(0)
        self.head()
        self.who()
        self.sales()
        self.cash()
        self.till()
        self.interrupted()
        if self.report.closing is not None:
            self.proof(self.report.closing)
        return self.pdf(f"{self._title} {self._number}")

    @property
    def _title(self) -> str:
        return self.words.z_report if self.report.closing else self.words.x_report

    @property
    def _number(self) -> str:
        """`2-000041` of a Z, `Shift 318` of an X."""
        closing, shift = self.report.closing, self.report.shift
        return f"{shift.desk}-{closing.number:06d}" if closing else self.words.shift.format(shift=shift.number)

    @property
    def _is_blind(self) -> bool:
        return self.report.expected is None

    # --- the parts from top to bottom ---

    def who(self) -> None:
        """Which shift, whose, from when to when."""
        shift, words = self.report.shift, self.words
        self.title(self._title, self._number)
        desk = words.desk_alone.format(desk=shift.desk)
        first = words.shift.format(shift=shift.number) if self.report.closing else desk
        self.y = self.pair(LEFT, self.y + 37, first, desk if self.report.closing else "", TEXT)
        self.row(words.cashier, str(shift.operator))
        self.row(words.opened, self.moment(shift.opened_at))
        if shift.closed_at is not None:
            self.row(words.closed, self.moment(shift.closed_at))
        if self.report.closing is None:
            self.row(words.printed_at, self.moment(self.at))

    def sales(self) -> None:
        """By tender with counts, what was taken back, and the energy."""
        words, totals = self.words, self.report.totals
        self.section(words.sales)
        for tender in TenderKind:
            self._cells(words.tender[tender], (c for c in totals.cells if c.tender is tender), hides=tender)
        taken_back = [cell for cell in totals.cells if cell.purpose is Purpose.REVERSAL]
        if taken_back:
            self._cells(words.reversals, taken_back, hides=TenderKind.CASH)
        if not totals.cells:
            self.row(words.nothing, "")
        if not self._is_blind:
            self.row(words.taken_together, str(totals.sold), bold=True)
        self.row(words.energy_sold, f"{totals.energy_sold} {words.kwh}")

    def _cells(self, label: str, cells: Iterable[Cell], *, hides: TenderKind) -> None:
        found = list(cells)
        if found:
            total = sum((cell.total for cell in found), ZERO)
            told = "" if self._is_blind and hides is TenderKind.CASH else str(total)
            self._counted(label, sum(cell.count for cell in found), told)

    def cash(self) -> None:
        """Payments, and cash that came and went without a customer."""
        words, report = self.words, self.report
        if report.paid_in or report.paid_out:
            self.section(words.payments)
            for label, amount in ((words.arrears_paid_in, report.paid_in), (words.refunds_paid_out, -report.paid_out)):
                if amount:
                    self.row(label, "" if self._is_blind else str(amount))
        if report.movements:
            self.section(words.movements)
        for movement in report.movements:
            self._movement(movement)
        acts = report.totals.acts
        for label, kind in ((words.drawer_opened, "drawer"), (words.tenders_corrected, "tender")):
            if acts.get(kind):
                self.row(label, str(acts[kind]))

    def _movement(self, movement: CashMovement) -> None:
        at = f"{self.manner.local(movement.at):%H:%M}"
        amount = movement.amount if movement.kind.is_in else -movement.amount
        self.row(f"{at}  {self.words.cash[movement.kind]}", str(amount))
        if movement.reason:
            self.remark(movement.reason)

    def till(self) -> None:
        """What should lie in the drawer, what was counted, and where it goes."""
        words, shift = self.words, self.report.shift
        self.section(words.drawer)
        self.row(words.float_cash, str(shift.float_cash))
        if self.report.expected is None:
            self.remark(words.blind)
            return
        self.row(words.expected, str(self.report.expected))
        if shift.counted is None:
            return
        self.row(words.counted, str(shift.counted))
        self.y += 44
        self.both(words.difference, signed(shift.counted - self.report.expected), LARGE, bold=True)
        if shift.reason:
            self.remark(shift.reason)
        self.row(words.handed_to if shift.handed_to else words.to_safe, str(shift.handed_to or shift.counted))

    def interrupted(self) -> None:
        """Sales of this shift that wait for their cards."""
        if self.report.open_sales:
            self.section(self.words.interrupted)
        for sale in self.report.open_sales:
            self._waiting(sale)

    def _waiting(self, sale: Sale) -> None:
        signed_for = sale.id in self.report.signed
        self.row(f"{self.manner.local(sale.intent.at):%H:%M}  {sale.amount}", sale.customer_name)
        self.remark(self.words.signed_for if signed_for else self.words.not_signed_for)

    def proof(self, closing: Closing) -> None:
        """What was ever sold, the fingerprint of the books, and a place to sign."""
        words = self.words
        self.section(words.ever_sold)
        self.row("", f"{closing.perpetual} · {closing.perpetual_energy} {words.kwh}")
        self.y += 62
        said = words.books.format(fingerprint=spaced(closing.fingerprint))
        self.sheet.box(LEFT, self.y - 38, RIGHT - LEFT, 56, radius=12, frame=4)
        self.sheet.text(LEFT + 20, self.y, said, LARGE, bold=True)
        self.signature(words.signature)

    def _counted(self, label: str, count: int, amount: str) -> None:
        """Label, how many, amount."""
        self.row(label, amount)
        self.sheet.text_right(RIGHT - 190, self.y, f"{count} ×", SMALL)


def signed(amount: Money) -> str:
    """`+0.50`, `−0.50`, `0.00`: which way a difference goes is seen at once."""
    return f"+{amount}" if amount > ZERO else str(amount)
