"""The sell page: banner and three columns that keep their places whatever happens."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code
from vending_app.domain.money import Money
from vending_app.domain.sale import TenderKind
from vending_app.services.choices import QUICK_AMOUNTS
from vending_app.services.use_cases import SupplyReading
from vending_app.ui.components.banner import Banner
from vending_app.ui.components.breakdown import Breakdown
from vending_app.ui.pages.page import Content
from vending_app.ui.sell.amount_card import AmountCard
from vending_app.ui.sell.customer_card import CustomerCard
from vending_app.ui.sell.form import Form, Offer, days_lasting, make_offer
from vending_app.ui.sell.meter_card import MeterCard
from vending_app.ui.sell.payment_card import HEIGHT, LOW_HEIGHT, PaymentCard, Stage, Sum
from vending_app.ui.sell.recent_card import RecentCard
from vending_app.ui.sell.telling import at_most, foretold_in_short
from vending_app.ui.sell.write_card import WriteCard
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

NARROW_BELOW = 1100
"""Content width at which the short form begins (a window of 1180 with its rail)."""
LOW_BELOW = 568
"""Content height at which all stands closer together: a desktop that shows everything larger on a small screen."""
GAP, LOW_GAP = 16, 8


class SellPage(Content):
    """Collects what is typed and shows what is answered; decides nothing.

    Signals: edited(), write() — F12 or Enter on cash, banner_pressed(), reprint(), next_customer().
    """

    edited = Signal()
    write = Signal()
    banner_pressed = Signal()
    reprint = Signal()
    next_customer = Signal()

    def __init__(
        self,
        look: Look,
        *,
        currency: str = "€",
        quick: tuple[Money, ...] = QUICK_AMOUNTS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.reading: SupplyReading | None = None
        self.offer = Offer()
        self.may_write = False
        self._build(currency, quick)
        self._connect()

    def _build(self, currency: str, quick: tuple[Money, ...]) -> None:
        look = self.look
        self.banner = Banner(look, self)
        self.customer = CustomerCard(look, self)
        self.meter = MeterCard(look, self)
        self.amount = AmountCard(look, currency=currency, quick=quick, parent=self)
        self.breakdown = Breakdown(look, self)
        self.write_card = WriteCard(look, self)
        self.payment = PaymentCard(look, currency=currency, parent=self)
        self.recent = RecentCard(look, self)
        self.write_card.hide()
        # While a card is written, and after it, a stray Enter must press nothing.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        order = (self.amount.field, self.payment.cash, self.payment.button)
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def _connect(self) -> None:
        self.banner.pressed.connect(self.banner_pressed)
        self.amount.edited.connect(self._on_edited)
        self.amount.forward.connect(self._on_amount_done)
        self.payment.edited.connect(self._on_edited)
        self.payment.forward.connect(self._on_cash_done)
        self.payment.write.connect(self.write)
        self.payment.reprint.connect(self.reprint)
        self.payment.next_customer.connect(self.next_customer)

    # --- the form ---------------------------------------------------------------------------------------

    def form(self) -> Form:
        """What is typed."""
        is_cash = self.payment.chosen_tender is TenderKind.CASH
        text = self.payment.cash.text()
        return Form(
            supply=self.reading.supply.number if self.reading else None,
            unit=self.amount.chosen_unit,
            amount=self.amount.field.text(),
            tender=self.payment.chosen_tender,
            cash=text if is_cash else "",
            reference="" if is_cash else text,
        )

    def fill(self, form: Form) -> None:
        """Put a form back as it was typed."""
        self.amount.set_amount(form.amount, form.unit)
        self.payment.set_form(tender=form.tender, cash=form.cash, reference=form.reference)
        self.show_offer()

    def show_offer(self) -> None:
        """Compute the price of what is typed, and show it everywhere."""
        if self.reading is None:
            self.offer = Offer()
            self._show_no_offer()
            return
        self.offer = make_offer(self.form(), self.reading)
        self._show_parts(self.offer, self.reading)
        cash = self.offer.cash_trouble
        self.payment.cash.set_wrong(trouble(cash).sentence if cash and self.payment.cash.text() else "")
        self.payment.show_sum(self.sum())
        self.payment.set_can_write(self.may_write and self.offer.is_complete)

    def _show_parts(self, offer: Offer, reading: SupplyReading) -> None:
        """The parts of the price and what the meter will do with it, or what is wrong with the amount."""
        quote, wrong = offer.quote, offer.amount_trouble
        said = trouble(wrong) if wrong else None
        is_meter = wrong is not None and wrong.code is Code.AMOUNT_OVER_HOARDING
        self.amount.field.set_wrong(at_most(wrong) if wrong and is_meter else said.sentence if said else "")
        if said is not None:
            empty = said.remedy if is_meter else f"{said.sentence} {said.remedy}"
            self.breakdown.show_none(empty, warning=said.sentence if is_meter else "")
        elif quote is not None:
            foretold = foretold_in_short(offer.foreseen)
            self.breakdown.show_quote(quote, days=days_lasting(reading, quote.energy), foretold=foretold)
        else:
            self.breakdown.show_none()

    def sum(self) -> Sum:
        """The figures of the offer."""
        quote = self.offer.quote
        return Sum(
            total=quote.total if quote else None,
            tax=quote.tax if quote else None,
            tender=self.payment.chosen_tender,
            received=self.offer.received,
            change=self.offer.change,
        )

    def _show_no_offer(self) -> None:
        self.amount.field.set_wrong("")
        self.payment.cash.set_wrong("")
        self.breakdown.show_none("The parts of the price appear here.")
        self.payment.show_sum(Sum())
        self.payment.set_can_write(False)

    # --- stages -----------------------------------------------------------------------------------------

    def open_entry(self, reading: SupplyReading, *, may_write: bool, form: Form) -> None:
        """Ready for an amount; with `may_write` false it is a trial."""
        self.reading, self.may_write = reading, may_write
        self._show_middle(writing=False)
        self.amount.set_open(True)
        last = reading.last_purchase
        self.amount.set_last(last.money if last else None, last.energy if last else None)
        self.payment.show_stage(Stage.OPEN, Sum())
        self.fill(form)
        self.focus_amount()

    def close_entry(self) -> None:
        """Nothing to sell to: everything keeps its place, nothing is on."""
        self.reading, self.may_write = None, False
        self._show_middle(writing=False)
        self.amount.set_last(None, None)
        self.amount.set_open(False)
        self.payment.show_stage(Stage.OFF, Sum())
        self.fill(Form())

    def show_stage(self, stage: Stage, shown: Sum, *, can_finish: bool = False) -> None:
        """Writing, done or torn: the middle becomes the write card."""
        self._show_middle(writing=True)
        self.payment.show_stage(stage, shown, can_finish=can_finish)
        self.lead_to(self)

    def focus_amount(self) -> None:
        """F2."""
        self.lead_to(self.amount.field)
        self.amount.field.selectAll()

    def lead_to(self, widget: QWidget) -> None:
        """Put the cursor there, unless somebody works on another page: a card that goes in takes no field from him."""
        if self.isVisible():
            widget.setFocus()

    def _show_middle(self, *, writing: bool) -> None:
        self.amount.setVisible(not writing)
        self.breakdown.setVisible(not writing)
        self.write_card.setVisible(writing)

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < NARROW_BELOW
        for card in (
            self.customer,
            self.meter,
            self.amount,
            self.breakdown,
            self.write_card,
            self.payment,
            self.recent,
        ):
            if card.is_narrow != narrow:
                card.set_narrow(narrow)
        low = self.height() < LOW_BELOW
        for part in (self.customer, self.payment, self.recent):
            if part.is_low != low:
                part.set_low(low)
        self._lay_out(narrow=narrow, is_low=low)

    def _lay_out(self, *, narrow: bool, is_low: bool) -> None:
        width, height = self.width(), self.height()
        left, right = (272, 272) if narrow else (320, 400)
        middle = width - left - right - 2 * GAP
        if middle > 720:
            left = min(400, left + middle - 720)
            middle = width - left - right - 2 * GAP
        gap = LOW_GAP if is_low else GAP
        top, low = 72 + gap, height - 72 - gap
        customer, payment = (184, LOW_HEIGHT) if is_low else (232, HEIGHT)
        self.banner.setGeometry(0, 0, width, 72)
        self.customer.setGeometry(0, top, left, customer)
        self.meter.setGeometry(0, top + customer + gap, left, low - customer - gap)
        x = left + GAP
        amount = 168 if narrow else 184
        self.amount.setGeometry(x, top, middle, amount)
        self.breakdown.setGeometry(x, top + amount + gap, middle, low - amount - gap)
        self.write_card.setGeometry(x, top, middle, low)
        x += middle + GAP
        self.payment.setGeometry(x, top, right, payment)
        self.recent.setGeometry(x, top + payment + gap, right, low - payment - gap)

    # --- what a person does -----------------------------------------------------------------------------

    def _on_edited(self) -> None:
        self.show_offer()
        self.edited.emit()

    def _on_amount_done(self) -> None:
        if self.offer.quote is not None and self.offer.amount_trouble is None:
            self.payment.cash.setFocus()
            self.payment.cash.selectAll()

    def _on_cash_done(self) -> None:
        self.write.emit()
