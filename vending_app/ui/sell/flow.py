"""The sale as it goes: cards come and go, use cases are asked, answers change the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from vending_app.domain.errors import Code, EnvironmentFault, OutcomeUnknown, VendingError
from vending_app.domain.ids import ReaderName, SaleId, SupplyNo
from vending_app.domain.people import Operator, Shift
from vending_app.domain.sale import Purpose, SaleState
from vending_app.domain.verdict import Verdict
from vending_app.ports import ReaderState
from vending_app.ports.progress import WriteShare
from vending_app.services.use_cases import (
    CardReading,
    DeskState,
    FinishSale,
    OpenSupply,
    Printed,
    PrintReceipt,
    ReadCard,
    SaleDone,
    Sell,
    ShowDesk,
    SupplyReading,
)
from vending_app.ui.bridge import DeskBridge, Failed, Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.toast import Note
from vending_app.ui.components.write_strip import CHECKING
from vending_app.ui.sell import telling
from vending_app.ui.sell.form import Form, make_sell
from vending_app.ui.sell.sell_page import SellPage
from vending_app.ui.sell.stage import Stage
from vending_app.ui.sell.stages import SellStages
from vending_app.ui.words import trouble


class SellFlow(SellStages):
    """Signals, besides those of SellStages: said(Note), solved(str), issue_wanted(), details_wanted(CardReading),
    history_wanted(SupplyNo), shift_wanted()."""

    said = Signal(object)
    solved = Signal(str)
    issue_wanted = Signal()
    details_wanted = Signal(object)
    history_wanted = Signal(object)
    shift_wanted = Signal()

    def __init__(
        self, page: SellPage, bridge: DeskBridge, *, new_id: Callable[[], SaleId], clock: DeskClock, parent: QObject
    ) -> None:
        super().__init__(page, bridge, clock=clock, parent=parent)
        self._new_id = new_id
        self._cards_moved = False
        self._left_by: Operator | None = None
        self._connect()
        self.show_empty()

    def _connect(self) -> None:
        self.page.write.connect(self.write)
        self.page.banner_pressed.connect(self._on_banner)
        self.page.next_customer.connect(self._on_next_customer)
        self.bridge.progressed.connect(self._on_progressed)
        self.bridge.card_changed.connect(self._on_card_changed)
        self.bridge.finished.connect(self._on_finished)
        self.bridge.failed.connect(self._on_failed)
        self.bridge.stopped.connect(self._on_stopped)

    # --- what the window asks ---------------------------------------------------------------------------

    @property
    def is_writing(self) -> bool:
        """While a card is written every key but help is off."""
        return self.stage is Stage.WRITING

    @property
    def last_sale(self) -> SaleId | None:
        """What F7 is about: the last sale made here, or the newest of the shift."""
        if self.done is not None:
            return self.done.sale.id
        recent = self.desk.recent if self.desk else ()
        return next((sale.id for sale in recent if sale.receipt), None)

    def begin(self, operator: Operator, shift: Shift | None, *, same_person: bool) -> None:
        """Somebody logged in; the half-typed sale is kept for the one who typed it."""
        is_as_left = (operator, shift) == (self._left_by, self.shift) and not self._cards_moved
        self.operator, self.shift = operator, shift
        if not same_person:
            self._kept = Form()
            self.done = None
            self.doing = None
        stays = same_person and (is_as_left or self.stage in {Stage.DONE, Stage.TORN})
        if not stays:
            self.show_empty()
            self._read_what_is_in()
        self.bridge.submit(ShowDesk())

    def keep(self) -> None:
        """The counter is being locked: remember what is typed."""
        self._cards_moved, self._left_by = False, self.operator
        if self.page.reading is not None:
            self._kept = self.page.form()

    @property
    def is_half_typed(self) -> bool:
        """Whether somebody has begun a sale and not written it."""
        form = self.page.form() if self.page.reading is not None else self._kept
        is_begun = self.stage in {Stage.READY, Stage.TRIAL, Stage.EMPTY, Stage.REFUSED}
        return is_begun and bool(form.amount or form.cash or form.reference)

    def set_shift(self, shift: Shift | None) -> None:
        """The shift was opened or closed."""
        self.shift = shift if shift is None or shift.is_open else None
        if self.stage in {Stage.EMPTY, Stage.READY, Stage.TRIAL, Stage.REFUSED}:
            self.show_empty()
            self._read_what_is_in()
        self.bridge.submit(ShowDesk())

    def read_again(self) -> None:
        """F5."""
        if not self.is_writing:
            self.keep()
            self.page.banner.show_says(telling.READING)
            self.bridge.submit(ReadCard())

    def open_supply(self, supply: SupplyNo) -> None:
        """A trial without the card."""
        self.bridge.submit(OpenSupply(supply))

    def leave(self) -> None:
        """Esc on this page: a trial ends; a finished sale stays until the next card."""
        if self.stage is Stage.TRIAL:
            self.show_empty()
            self._read_what_is_in()

    # --- what a person does -----------------------------------------------------------------------------

    def write(self) -> None:
        """F12: sell, or finish what was interrupted."""
        if self.stage is Stage.FINISH and self.doing is not None and self.page.payment.button.isEnabled():
            self._show_writing(self.doing)
            self.bridge.submit(FinishSale(reader=self.read.reader if self.read else None))
        elif self.stage is Stage.READY and self.may_sell and self.page.offer.is_complete:
            self._sell()

    def _sell(self) -> None:
        read, offer, form = self.read, self.page.offer, self.page.form()
        if read is None or read.reading is None or offer.quote is None:
            return
        command = make_sell(form, offer, sale=self._new_id(), reader=read.reader)
        self._kept = form
        supply = read.reading.supply
        doing = telling.Doing(
            customer=supply.customer.name,
            card=read.card,
            meter=supply.meter.number,
            sequence=supply.sequence + 1,
            money=offer.quote.total,
            energy=offer.quote.energy,
            energy_total=supply.energy_total + offer.quote.energy,
            tender=command.tender.kind if command.tender else form.tender,
            received=command.tender.received if command.tender else offer.quote.total,
            tax=offer.quote.tax,
            at=self.clock.now(),
            sale=command.id,
        )
        self._show_writing(doing)
        self.bridge.submit(command)

    def _on_banner(self) -> None:
        read = self.read
        if self.page.banner.says is telling.NO_SHIFT:
            self.shift_wanted.emit()
        elif read is None:
            return
        elif read.verdict is Verdict.FINISH_SALE:
            self.write()
        elif read.verdict is Verdict.BLANK:
            self.issue_wanted.emit()
        elif read.verdict is Verdict.UNREADABLE:
            self.read_again()
        elif read.verdict is Verdict.WRONG_SUPPLY:
            self.bridge.submit(ReadCard(reader=read.reader))
        elif read.verdict is Verdict.REPLACED and read.record is not None:
            self.open_supply(read.record.supply)
        elif read.verdict in {Verdict.SUPPLY_CLOSED, Verdict.SUPPLY_ENDED} and self.supply is not None:
            self.history_wanted.emit(self.supply)
        else:
            self.details_wanted.emit(read)

    def _on_next_customer(self) -> None:
        """The interrupted sale stays in the books; its card finishes it whenever it comes."""
        self.doing = None
        self._kept = Form()
        self.show_empty()
        self._read_what_is_in()

    # --- cards ------------------------------------------------------------------------------------------

    def _on_card_changed(self, states: tuple[ReaderState, ...]) -> None:
        present = frozenset(state.name for state in states if state.card_present)
        came, gone, self._present = present - self._present, self._present - present, present
        self._cards_moved = self._cards_moved or bool(came or gone)
        if self.operator is None or self.stage in {Stage.WRITING, Stage.STOPPED}:
            return
        if came:
            self._read_card(min(came))
        elif self._has_left():
            self._on_left()

    def _has_left(self) -> bool:
        return self.read is not None and self.read.reader not in self._present

    def _on_left(self) -> None:
        if self.stage in {Stage.READY, Stage.REFUSED}:
            self.keep()
            self.show_empty()
        elif self.stage is Stage.FINISH and self.doing is not None:
            self.read = None
            self._show_torn(OutcomeUnknown(Code.CARD_TORN))

    def _read_what_is_in(self) -> None:
        if self._present and self.operator is not None:
            self._read_card(min(self._present))

    def _read_card(self, reader: ReaderName) -> None:
        expected = self.page.reading.supply.number if self.stage is Stage.TRIAL and self.page.reading else None
        if self.stage is Stage.TRIAL:
            self.keep()
        self.bridge.submit(ReadCard(reader=reader, expected=expected))

    # --- answers ----------------------------------------------------------------------------------------

    def _on_progressed(self, step: str | WriteShare) -> None:
        if self.stage is Stage.WRITING and step == "checking":
            self._checked = True
            self.page.write_card.show_steps(CHECKING)

    def _on_finished(self, done: Finished) -> None:
        answer, asked = done.answer, done.use_case
        if isinstance(answer, CardReading) and isinstance(asked, ReadCard):
            self._on_read(answer)
        elif isinstance(answer, SupplyReading):
            self._show_trial(answer)
        elif isinstance(answer, SaleDone) and isinstance(asked, Sell | FinishSale):
            self._on_sold(answer)
        elif isinstance(answer, Printed):
            self._on_printed(answer)
        elif isinstance(answer, DeskState):
            self._on_desk(answer)

    def _on_read(self, read: CardReading) -> None:
        if self.is_writing or self.operator is None or read.reader not in (self._present or {read.reader}):
            return
        if self.stage is Stage.TORN and read.verdict is not Verdict.FINISH_SALE and self.doing is not None:
            self._say_waiting(self.doing)
        self.solved.emit("reader")
        self._show_read(read)

    def _say_waiting(self, doing: telling.Doing) -> None:
        """Another card came, or the sale turned out to be settled; the books know which."""
        self.bridge.submit(ShowDesk())
        self.doing = None

    def _on_sold(self, done: SaleDone) -> None:
        self.printing = done.sale.id if done.sale.receipt else None
        self._show_done(done)
        self.solved.emit("sale")
        self.bridge.submit(ShowDesk())
        if done.sale.receipt:
            self.bridge.submit(PrintReceipt(done.sale.id))
        if done.sale.intent.purpose is Purpose.REVERSAL:
            line = "Pay it out from the page of the reversal."
            self.said.emit(Note(f"{-done.sale.amount} is due", line, "warn", about="refund", icon="money"))
        if done.voided is not None:
            self.said.emit(telling.give_back_note(done.voided))

    def _on_printed(self, printed: Printed) -> None:
        self.printing, self._printed = None, printed.sale
        if self.done is not None and self.done.sale.id == printed.sale:
            self._show_receipt("printed")
        copy = " as a copy" if printed.copy else ""
        self.said.emit(Note(f"Receipt {printed.receipt} printed{copy}", printed.printer, "ok", about="print"))
        self.bridge.submit(ShowDesk())

    def _on_desk(self, desk: DeskState) -> None:
        self.desk = desk
        self.office = desk.office.name
        self.clock.set_now(desk.now)
        self._show_recent()

    def _on_failed(self, failed: Failed) -> None:
        asked, error = failed.use_case, failed.error
        if isinstance(asked, Sell | FinishSale):
            self._on_not_sold(error)
        elif isinstance(asked, PrintReceipt):
            self._on_not_printed(error)
        elif isinstance(asked, ReadCard):
            self._on_not_read(error)
        elif isinstance(asked, OpenSupply):
            self._say(error, about="supply")

    def _on_not_sold(self, error: VendingError) -> None:
        if error.code is Code.BUG:
            return
        if isinstance(error, OutcomeUnknown):
            self._show_torn(error)
            if self.read is not None and self.read.reader in self._present:
                self._read_card(self.read.reader)
            return
        self._say(error, about="sale")
        form = self._kept
        self.show_empty()
        self._kept = form
        self.bridge.submit(ShowDesk())
        self._read_what_is_in()

    def _on_not_printed(self, error: VendingError) -> None:
        self.printing = None
        self._show_receipt("not printed")
        self._show_recent()
        said = trouble(error)
        self.said.emit(
            Note("Sold, not printed", said.sentence, "warn", about="print", verb="Print", key="F7", icon="printer-fill")
        )
        self.bridge.submit(ShowDesk())

    def _on_not_read(self, error: VendingError) -> None:
        if error.code in {Code.CARD_ABSENT, Code.CARD_REMOVED}:
            if self.stage in {Stage.READY, Stage.REFUSED, Stage.EMPTY}:
                self.show_empty()
            return
        if self.stage in {Stage.EMPTY, Stage.READY, Stage.REFUSED}:
            self.show_empty()
        self._say(error, about="reader")

    def _say(self, error: VendingError, *, about: str) -> None:
        said = trouble(error)
        tone = "bad" if isinstance(error, EnvironmentFault) else "warn"
        self.said.emit(Note(said.sentence, f"{said.remedy}  {said.short}", tone, about=about))

    def _on_stopped(self) -> None:
        self.page.close_entry()
        self.page.banner.show_says(telling.STOPPED)
        self._go(Stage.STOPPED)

    def unprinted_last(self) -> SaleId | None:
        """The last sale if its receipt never came out: F7 prints it at once."""
        recent = self.desk.recent if self.desk else ()
        for sale in recent:
            is_out = sale.is_printed or sale.id == self._printed
            if sale.id == self.last_sale and sale.state is SaleState.POSTED and not is_out:
                return sale.id
        return None
