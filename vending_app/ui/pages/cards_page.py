"""Issuing a card: choose a supply without one, confirm, write the blank card in the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.errors import OutcomeUnknown, VendingError
from vending_app.domain.ids import SaleId, SupplyNo, masked, spaced
from vending_app.domain.people import SupplyLine
from vending_app.domain.verdict import Verdict
from vending_app.ports.progress import WriteShare
from vending_app.services.stock_cases import ShowCardStock
from vending_app.services.use_cases import CardReading, FindSupplies, Found, IssueCard, SaleDone
from vending_app.ui.components.banner import Banner, Says
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import TextField
from vending_app.ui.components.reader_lines import ReaderLines
from vending_app.ui.components.reader_picture import Shows
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table
from vending_app.ui.components.write_strip import ALL_DONE, BROKEN, CHECKING, RUNNING, Step
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Content
from vending_app.ui.phrases import counted
from vending_app.ui.reader_words import ReaderLine
from vending_app.ui.records.stock_strip import HEIGHT as STRIP
from vending_app.ui.records.stock_strip import StockStrip
from vending_app.ui.sell import telling
from vending_app.ui.sell.write_card import WriteCard, WriteShown
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

CHOOSE = Says("Issue a card", "Choose a supply that has none yet, then put a blank card in.", "accent", "sparkle")
SPENT = frozenset({Verdict.REPLACED, Verdict.SUPPLY_CLOSED})
"""What a card says that nobody may need any more; whether that is so the desk looks again."""
OPEN_STEPS = (Step.OPEN, Step.OPEN, Step.OPEN)


class CardsPage(Content):
    """Signals: asked(object) — FindSupplies, ShowCardStock or IssueCard; writing_changed(bool); retire_wanted(object):
    a CardReading of a card that nobody needs.
    """

    asked = Signal(object)
    writing_changed = Signal(object)
    retire_wanted = Signal(object)

    def __init__(self, look: Look, *, new_id: Callable[[], SaleId], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self._new_id = look, new_id
        self.office = ""
        self.blank_in: CardReading | None = None
        self.spent: CardReading | None = None
        """A card in the reader that can be made blank again."""
        self.is_writing = False
        self.stays = False
        self._has_more = False
        self.unfinished: SupplyNo | None = None
        self.asked_for: SupplyLine | None = None
        self.issued: int | None = None
        """How many cards of a batch were issued; None outside of one."""
        self._build()
        self._connect()
        self._show_choice()

    def _build(self) -> None:
        look = self.look
        self.banner = Banner(look, self)
        self.list_card = Surface(look, title="Supplies without a card", parent=self)
        self.field = TextField(name="Find", hint="Part of a name, number or address", parent=self)
        self._buddy = QLabel("&Find", self)
        self._buddy.setBuddy(self.field)
        self._buddy.hide()
        columns: list[Column[SupplyLine]] = [
            Column("Customer", lambda row: row.customer, strong=True),
            Column("Address", lambda row: row.address),
            Column("Supply", lambda row: spaced(row.number), 110),
            Column("Meter", lambda row: spaced(row.meter), 150, muted=True),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Supplies without a card", parent=self)
        self.table.empty = ("identification-card", "Every supply has its card", "")
        self.strip = StockStrip(look, self)
        self.readers = ReaderLines(look, parent=self)
        self.write_card = WriteCard(look, self)
        self.button = Button(
            look,
            "Issue card",
            kind=Kind.PRIMARY,
            icon="identification-card",
            key="F12",
            face=Face.CARD_TITLE,
            parent=self,
        )
        self.batch = Button(look, "Batch", icon="list-bullets", face=Face.CARD_TITLE, parent=self)
        for one, other in ((self.field, self.table), (self.table, self.batch), (self.batch, self.button)):
            QWidget.setTabOrder(one, other)

    def _connect(self) -> None:
        self.field.textEdited.connect(self._on_typed)
        self.field.returnPressed.connect(self.table.setFocus)
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.button.clicked.connect(self.issue)
        self.banner.pressed.connect(self._on_banner)
        self.batch.clicked.connect(self.turn_batch)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.field

    def begin(self) -> None:
        """Fresh list, cursor in the field."""
        if self.is_writing:
            return
        self.stays = False
        self.field.setFocus()
        self._show_choice()
        self.look_again()
        self.asked.emit(ShowCardStock())

    def look_again(self) -> None:
        """Who waits for a card now."""
        self.asked.emit(FindSupplies(self.field.text().strip(), is_waiting=True))

    def look_for(self, number: SupplyNo) -> None:
        """A supply whose card comes next."""
        self.field.setText(number)
        self.look_again()

    def show_found(self, found: Found) -> None:
        """Those that wait for their first card."""
        if found.text != self.field.text().strip():
            return
        self.model.show_rows(found.supplies)
        if found.supplies:
            self.table.selectRow(0)
        self._has_more = found.has_more
        self._show_count()
        self._show_choice()

    def show_read(self, read: CardReading | None) -> None:
        """What lies in the reader; None when nothing does."""
        # Done and torn stay on the page when the card comes out; the next card that goes in ends them.
        self.stays = self.stays and read is None
        self.unfinished = _interrupted_issue(read)
        self.blank_in = read if read is not None and read.verdict is Verdict.BLANK else None
        self.spent = read if read is not None and read.verdict in SPENT else None
        if not self.is_writing:
            self._show_choice(read)
            if self.issued is not None:
                self.issue()

    def show_readers(self, lines: Sequence[ReaderLine]) -> None:
        """Which card lies in which reader, where there are two."""
        self.readers.show_lines(lines)
        self._lay_out()

    def show_done(self, done: SaleDone) -> None:
        """The card is this supply's card now; that stays until the next card is put in."""
        self.stays = True
        self._end_writing()
        if self.issued is not None:
            self.issued += 1
        is_first = done.supply.buys_first
        self.banner.show_says(telling.ISSUED_FIRST if is_first else telling.ISSUED)
        facts = (
            ("Customer", done.supply.customer.name),
            ("Meter", spaced(done.supply.meter.number)),
            ("Total on this supply", f"{done.supply.energy_total} kWh"),
        )
        number = masked(done.sale.intent.write.card)
        words = telling.FIRST_NEXT if is_first else telling.CARRIED_NEXT
        note = ("accent", "info", words)
        shown = WriteShown(f"Card {number} issued", "", Shows.TAKE, ALL_DONE, facts, note, self.office, number)
        self.write_card.show_write(shown)
        self.blank_in = None
        self.button.setEnabled(False)

    def show_failed(self, error: VendingError) -> None:
        """Refused, or torn."""
        self._end_writing()
        if isinstance(error, OutcomeUnknown):
            self.stays = True
            self.banner.show_says(telling.torn_says(error))
            self._show_write(Shows.PUT_BACK, BROKEN, "Waiting for the card", "Put the same card back and press F12.")
            self.button.setEnabled(False)
            return
        said = trouble(error)
        self.banner.show_says(Says("Not issued", f"{said.sentence} {said.remedy}", "bad", "warning-circle-fill"))
        self.button.setEnabled(self.blank_in is not None)

    def show_progress(self, step: str | WriteShare) -> None:
        """How far the making of the card is; then it is compared."""
        if not self.is_writing:
            return
        if isinstance(step, WriteShare):
            self.write_card.show_share(step.done, step.of)
        elif step == "checking":
            self.write_card.show_steps(CHECKING)

    def _show_choice(self, read: CardReading | None = None) -> None:
        if self.stays:
            return
        row = self.chosen
        if self.blank_in is not None and row is not None:
            says = Says("Blank card", f"F12 makes it the card of {row.customer}.", "accent", "sparkle")
        elif read is not None and self.blank_in is None:
            says = telling.verdict_says(read, opened=None, may_issue=False, may_sell=True)
            says = replace(says, button="Retire card" if self.spent else "", key="")
        else:
            says = CHOOSE
        self.banner.show_says(says)
        shows = Shows.WRITING if self.blank_in is not None else Shows.EMPTY
        self._show_write(shows, OPEN_STEPS, "New card", "The card’s number is given when it is written.")
        self.button.setEnabled(self.unfinished is not None or (self.blank_in is not None and row is not None))

    def _show_write(self, shows: Shows, steps: tuple[Step, Step, Step], title: str, note: str) -> None:
        row = self.asked_for if self.is_writing else self.chosen
        facts = (
            ("Customer", row.customer if row else "none chosen"),
            ("Supply", spaced(row.number) if row else ""),
            ("Meter", spaced(row.meter) if row else ""),
        )
        words = ("ok" if self.is_writing else "accent", "shield-check" if self.is_writing else "info", note)
        self.write_card.show_write(WriteShown(title, "", shows, steps, facts, words, self.office, "••••"))

    @property
    def chosen(self) -> SupplyLine | None:
        """The supply that gets the card."""
        row = self.table.chosen
        return row if isinstance(row, SupplyLine) else None

    # --- what a person does -----------------------------------------------------------------------------

    def turn_batch(self) -> None:
        """For a new estate: every blank card that is put in becomes the card of the next supply of the list."""
        if self.is_writing:
            return
        if self.issued is None:
            self.issued = 0
            self.batch.set_words("Stop")
            self._show_count()
            self.issue()
            return
        count, self.issued = self.issued, None
        self.batch.set_words("Batch")
        self._show_count()
        self.stays = False
        self._show_choice()
        done, left = counted(count, "card was", "cards were"), counted(self._left, "supply waits", "supplies wait")
        left = f"more than {left}" if self._has_more else left
        self.banner.show_says(Says("Batch ended", f"{done} issued; {left}.", "ok", "check-circle-fill"))

    @property
    def _left(self) -> int:
        return len(self.model.rows)

    def _show_count(self) -> None:
        left = f"{self._left}{'+' if self._has_more else ''}"
        done = f"{self.issued} issued, {left} to go" if self.issued is not None else left
        self.list_card.set_title("Supplies without a card", done)

    def issue(self) -> None:
        """F12."""
        row = self.chosen
        number = self.unfinished or (row.number if row else None)
        if number is None or self.is_writing or not self.button.isEnabled():
            return
        self.is_writing, self.asked_for = True, row
        for widget in (self.field, self.table, self.button):
            widget.setEnabled(False)
        self.banner.show_says(telling.WRITING)
        note = "The issue is already saved. If the card comes out too early, the same card finishes it."
        self._show_write(Shows.WRITING, RUNNING, "Writing the new card", note)
        self.writing_changed.emit(True)
        self.asked.emit(IssueCard(self._new_id(), number, reader=self.blank_in.reader if self.blank_in else None))

    def _end_writing(self) -> None:
        self.is_writing = False
        for widget in (self.field, self.table):
            widget.setEnabled(True)
        self.writing_changed.emit(False)

    def _on_banner(self) -> None:
        if self.spent is not None and not self.is_writing:
            self.retire_wanted.emit(self.spent)

    def _on_typed(self, _text: str) -> None:
        self.look_again()

    def _on_row(self, *_: object) -> None:
        if not self.is_writing:
            self._show_choice()

    def _on_opened(self, _row: object) -> None:
        self.button.setFocus()

    # --- places -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width, height = self.width(), self.height()
        right = 354 if width < 1100 else 510
        left = width - right - 16
        self.banner.setGeometry(0, 0, width, 72)
        self.list_card.setGeometry(0, 88, left, height - 88)
        place(self.field, PADDING, 132, left - 2 * PADDING, 40)
        told = self.readers.wanted_height
        place(self.table, 5, 180, left - 10, height - 180 - 82 - STRIP - told)
        self.readers.setGeometry(PADDING, height - PADDING - 61 - STRIP - told, left - 2 * PADDING, told)
        self.strip.setGeometry(PADDING, height - PADDING - 56 - STRIP - 5, left - 2 * PADDING, STRIP)
        wide = 190 if left > 560 else 150
        place(self.batch, PADDING, height - PADDING - 56, wide, 56)
        place(self.button, PADDING + wide + 8, height - PADDING - 56, left - 2 * PADDING - wide - 8, 56)
        self.write_card.setGeometry(QRectF(left + 16, 88, right, height - 88).toRect())


def _interrupted_issue(read: CardReading | None) -> SupplyNo | None:
    """The supply whose card this was going to be, if its issue was broken off."""
    sale = read.open_sale if read is not None else None
    return sale.intent.order.supply if sale is not None and sale.intent.write.issues_card else None
