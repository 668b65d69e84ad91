"""The stages of a sale and how the page shows each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import ReaderName, SaleId, SupplyNo
from vending_app.domain.people import Operator, Shift
from vending_app.domain.permissions import Act, may
from vending_app.domain.sale import Purpose
from vending_app.domain.verdict import Verdict
from vending_app.services.use_cases import (
    CardReading,
    DeskState,
    SaleDone,
    ShowDesk,
    SupplyReading,
)
from vending_app.ui.bridge import DeskBridge
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.write_strip import BROKEN, BROKEN_CHECKING
from vending_app.ui.phrases import local
from vending_app.ui.sell import telling
from vending_app.ui.sell.customer_card import LastBought
from vending_app.ui.sell.form import Form
from vending_app.ui.sell.payment_card import Stage as PayStage
from vending_app.ui.sell.sell_page import SellPage
from vending_app.ui.sell.stage import Stage


class SellStages(QObject):
    """Where the counter stands, and how each stage is shown; SellFlow decides which comes next.

    Signals: stage_changed(Stage).
    """

    stage_changed = Signal(object)

    def __init__(self, page: SellPage, bridge: DeskBridge, *, clock: DeskClock, parent: QObject) -> None:
        super().__init__(parent)
        self.page, self.bridge, self.clock = page, bridge, clock
        self.stage = Stage.EMPTY
        self.office = ""
        self.operator: Operator | None = None
        self.shift: Shift | None = None
        self.desk: DeskState | None = None
        self.read: CardReading | None = None
        self.done: SaleDone | None = None
        self.doing: telling.Doing | None = None
        self.printing: SaleId | None = None
        self._present: frozenset[ReaderName] = frozenset()
        self._kept = Form()
        self._checked = False
        self._supply: SupplyNo | None = None
        self._printed: SaleId | None = None
        """The last receipt that came out; the books may be asked a moment later."""

    @property
    def supply(self) -> SupplyNo | None:
        """The supply that is on the page."""
        return self._supply

    @property
    def may_sell(self) -> bool:
        """Whether this person may sell, and has a shift."""
        return may(self.operator, Act.SELL) and self.shift is not None

    # --- stages -----------------------------------------------------------------------------------------

    def show_empty(self) -> None:
        """No card."""
        self.read = self._supply = None
        self.page.close_entry()
        self.page.customer.show_customer(None)
        self.page.meter.show_meter(None)
        waits_for_shift = may(self.operator, Act.SELL) and self.shift is None
        self.page.banner.show_says(telling.NO_SHIFT if waits_for_shift else telling.WAITING)
        self._go(Stage.EMPTY)

    def _go(self, stage: Stage) -> None:
        self.stage = stage
        self.stage_changed.emit(stage)

    def _show_trial(self, reading: SupplyReading) -> None:
        self.read = None
        self._show_people(reading)
        form = self._kept if self._kept.supply == reading.supply.number else Form()
        self.page.open_entry(reading, may_write=False, form=form)
        self.page.banner.show_says(telling.trial_says(reading))
        self._go(Stage.TRIAL)

    def _show_people(self, reading: SupplyReading) -> None:
        read = self.read
        self._supply = reading.supply.number
        state = read.record.state if read and read.record else None
        shown = telling.customer_of_reading(reading, card=read.card if read else None, state=state)
        self.page.customer.show_customer(shown)
        self.page.meter.show_meter(telling.meter_of(reading), is_new_supply=reading.write_back is None)

    def _show_read(self, read: CardReading) -> None:
        opened = self.page.reading if self.stage is Stage.TRIAL else None
        self.read = read
        waits = read.open_sale
        if read.verdict is Verdict.FINISH_SALE and waits is not None and waits.intent.purpose is not Purpose.ISSUE:
            self._show_finish(read)
            return
        may_issue = may(self.operator, Act.ISSUE)
        says = telling.verdict_says(read, opened=opened, may_issue=may_issue, may_sell=may(self.operator, Act.SELL))
        if read.verdict.may_sell and read.reading is not None:
            self._show_ready(read.reading)
        else:
            self._show_refused(read)
        if self.stage is Stage.READY and may(self.operator, Act.SELL) and self.shift is None:
            says = telling.NO_SHIFT
        self.page.banner.show_says(says)
        if self.stage is Stage.REFUSED and says.button:
            self.page.lead_to(self.page.banner.button)

    def _show_ready(self, reading: SupplyReading) -> None:
        self.done = None
        self._show_people(reading)
        form = self._kept if self._kept.supply == reading.supply.number else Form()
        self._kept = Form()
        self.page.open_entry(reading, may_write=self.may_sell, form=form)
        self._go(Stage.READY)

    def _show_refused(self, read: CardReading) -> None:
        self.done = None
        self.page.close_entry()
        if read.reading is not None:
            self._show_people(read.reading)
        else:
            self._supply = None
            self.page.customer.show_customer(None, step="This card is nobody’s.")
            self.page.meter.show_meter(None)
        self._go(Stage.REFUSED)

    def _show_finish(self, read: CardReading) -> None:
        assert read.open_sale is not None, "a sale to finish"
        self.done = None
        self.doing = telling.doing_of(read.open_sale)
        if read.reading is not None:
            self.page.reading = None
            self._show_people(read.reading)
        says = telling.verdict_says(read, opened=None, may_issue=False, may_sell=True)
        # The filled button stands once: at the sum, where F12 is pressed.
        self.page.banner.show_says(telling.without_button(says))
        shown = telling.torn_shown(self.doing, office=self.office, since=self.clock.now())
        self.page.write_card.show_write(telling.card_is_back(shown))
        self.page.show_stage(PayStage.TORN, self.doing.sum, can_finish=may(self.operator, Act.FINISH))
        self.page.lead_to(self.page.payment.button)
        self._go(Stage.FINISH)

    def _show_writing(self, doing: telling.Doing) -> None:
        self.doing, self._checked = doing, False
        self.page.banner.show_says(telling.WRITING)
        self.page.write_card.show_write(telling.writing_shown(doing, office=self.office))
        self.page.show_stage(PayStage.WRITING, doing.sum)
        self._go(Stage.WRITING)

    def _show_done(self, done: SaleDone) -> None:
        self.done, self.doing = done, None
        self._supply = done.supply.number
        self._kept = Form()
        sale, today = done.sale, local(self.clock.now()).date()
        energy = sale.intent.quote.energy if sale.intent.quote else done.supply.energy_total
        last = LastBought(sale.intent.at, sale.amount, energy)
        card = sale.intent.write.card
        customer = telling.customer_of(done.supply, card=card, state=None, last=last, today=today)
        self.page.customer.show_customer(customer)
        self.page.banner.show_says(telling.DONE)
        self._show_receipt("printing")
        self.page.show_stage(PayStage.DONE, telling.sum_of(done))
        self._go(Stage.DONE)

    def _show_receipt(self, state: str) -> None:
        if self.done is None:
            return
        receipt = f"{self.done.sale.receipt}, {state}" if self.done.sale.receipt else state
        today = local(self.clock.now()).date()
        self.page.write_card.show_write(telling.done_shown(self.done, office=self.office, receipt=receipt, today=today))

    def _show_torn(self, error: VendingError) -> None:
        assert self.doing is not None, "only what was being written can be torn"
        self.page.banner.show_says(telling.torn_says(error))
        steps = BROKEN_CHECKING if self._checked else BROKEN
        shown = telling.torn_shown(self.doing, office=self.office, since=self.clock.now(), steps=steps)
        self.page.write_card.show_write(shown)
        self.page.show_stage(PayStage.TORN, self.doing.sum)
        self._go(Stage.TORN)
        self.bridge.submit(ShowDesk())

    def _show_recent(self) -> None:
        if self.desk is not None:
            in_shift = self.desk.shift.sales if self.desk.shift else 0
            self.page.recent.show_sales(self.desk.recent, in_shift=in_shift, printing=self.printing)
