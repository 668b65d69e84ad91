"""The sum at the right edge: total, how it is paid, received, change, button."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vending_app.domain.money import ZERO, Money
from vending_app.domain.sale import TenderKind
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import FigureField
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import CENTRE, RIGHT, Ink, text_width
from vending_app.ui.theme import Look
from vending_app.ui.words import SHORT_TENDERS, TENDERS

TENDER_ICONS = {
    TenderKind.CASH: "money",
    TenderKind.BANK_CARD: "credit-card",
    TenderKind.MOBILE: "device-mobile",
    TenderKind.CHEQUE: "note",
}
AT_COUNTER = (TenderKind.CASH, TenderKind.BANK_CARD, TenderKind.MOBILE)
"""Offered in a sale: a cheque is booked by correcting the way of paying."""
_WRITE = "Write card and print"


class Stage(Enum):
    """What the payment card is for at the moment."""

    OFF = "off"
    OPEN = "open"
    WRITING = "writing"
    DONE = "done"
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class Sum:
    """The figures that stay in their places."""

    total: Money | None = None
    tax: Money | None = None
    tender: TenderKind = TenderKind.CASH
    received: Money | None = None
    change: Money | None = None
    goes_back: bool = False
    """The change is the money of a sale that was voided."""


@dataclass(frozen=True, slots=True)
class Places:
    """Top and height of what stands on the card, stage by stage."""

    total: int
    tender: tuple[int, int]
    cash: tuple[int, int]
    change: tuple[int, int]
    button: tuple[int, int]
    done: tuple[int, int]
    given: tuple[int, int]
    """Of the words and of the figure in the frame of what was done."""
    stays: int
    torn: tuple[int, int]
    note: tuple[int, int]
    next: tuple[int, int]


WIDE = Places(
    43, (127, 40), (175, 48), (231, 64), (303, 56), (133, 128), (20, 54), 266, (133, 56), (197, 48), (255, 40)
)
NARROW = Places(
    37, (117, 40), (165, 48), (221, 64), (303, 56), (133, 128), (20, 54), 266, (133, 56), (197, 48), (255, 40)
)
LOW = Places(19, (88, 36), (130, 40), (176, 44), (228, 48), (88, 108), (9, 39), 200, (88, 40), (132, 44), (182, 40))
"""As the design has them wide and beside the dock; and where everything is larger on the smallest screen."""
HEIGHT, LOW_HEIGHT = 376, 285


class PaymentCard(Surface):
    """376 high, 285 in a low window.

    Signals: edited(), forward() — Enter in the cash field, write(), reprint(), drawer(), next_customer().
    """

    edited = Signal()
    forward = Signal()
    write = Signal()
    reprint = Signal()
    drawer = Signal()
    next_customer = Signal()

    def __init__(self, look: Look, *, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Total to pay", parent=parent)
        self.currency = currency
        self.stage = Stage.OFF
        self.sum = Sum()
        self.can_finish = False
        self.is_low = False
        self._build()
        self._connect()
        self.show_stage(Stage.OFF, Sum())

    def _build(self) -> None:
        look = self.look
        choices = tuple(Choice(kind, TENDERS[kind], TENDER_ICONS[kind]) for kind in AT_COUNTER)
        self.tender = Segmented(look, choices, name="Paid with", parent=self)
        self.cash = FigureField(look, label="Cash received", name="Cash received", face=Face.CASH, parent=self)
        self._buddy = QLabel("&Cash received", self)
        self._buddy.setBuddy(self.cash)
        self._buddy.hide()
        big = Face.CARD_TITLE
        self.button = Button(look, _WRITE, kind=Kind.PRIMARY, icon="credit-card", key="F12", face=big, parent=self)
        self.reprint_button = Button(look, "Reprint", icon="printer", key="F7", parent=self)
        self.drawer_button = Button(look, "Drawer", icon="tray", key="F8", parent=self)
        self.drawer_button.setEnabled(False)
        self.next_button = Button(look, "Serve the next customer first", icon="arrow-right", parent=self)

    def _connect(self) -> None:
        self.tender.chosen.connect(self._on_tender)
        self.cash.edited.connect(self._on_edited)
        self.cash.returnPressed.connect(self.forward)
        self.button.clicked.connect(self.write)
        self.reprint_button.clicked.connect(self.reprint)
        self.drawer_button.clicked.connect(self.drawer)
        self.next_button.clicked.connect(self.next_customer)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def chosen_tender(self) -> TenderKind:
        """How the customer pays."""
        key = self.tender.key
        assert isinstance(key, TenderKind)
        return key

    def set_form(self, *, tender: TenderKind, cash: str, reference: str) -> None:
        """Fill the fields without telling."""
        self.tender.choose(tender)
        self.cash.setText(cash if tender is TenderKind.CASH else reference)
        self._show_tender()

    def show_sum(self, shown: Sum) -> None:
        """Other figures in the same places."""
        self.sum = shown
        self._retitle()
        self.update()

    def show_stage(self, stage: Stage, shown: Sum, *, can_finish: bool = False, can_write: bool = False) -> None:
        """Another stage: what is not for it gives its place to what is."""
        self.stage, self.can_finish = stage, can_finish
        entering = stage in {Stage.OFF, Stage.OPEN}
        for widget in (self.tender, self.cash):
            widget.setVisible(entering)
            widget.setEnabled(stage is Stage.OPEN)
        for button in (self.reprint_button, self.drawer_button):
            button.setVisible(stage is Stage.DONE)
        self.next_button.setVisible(stage is Stage.TORN)
        self.button.setVisible(stage is not Stage.DONE)
        self._name_button(stage)
        self.button.setEnabled(can_write or can_finish)
        self.show_sum(shown)
        self._lay_out()

    def set_can_write(self, can: bool) -> None:
        """Whether F12 is on."""
        self.button.setEnabled(can)

    def set_narrow(self, narrow: bool) -> None:
        super().set_narrow(narrow)
        words = SHORT_TENDERS if narrow else TENDERS
        self.tender.set_choices([Choice(k, words[k], "" if narrow else TENDER_ICONS[k]) for k in AT_COUNTER])
        self._show_tender()
        self._name_button(self.stage)
        self._retitle()
        self.reprint_button.set_words("Reprint", icon="" if narrow else "printer")
        self.drawer_button.set_words("Drawer", icon="" if narrow else "tray")
        self._lay_out()

    def set_low(self, low: bool) -> None:
        """Stand closer together; the total keeps its size."""
        self.is_low = low
        self._lay_out()
        self.update()

    def _name_button(self, stage: Stage) -> None:
        narrow = self.is_narrow
        if stage is Stage.WRITING:
            self.button.set_words("Writing the card", icon="spinner", key="")
        elif stage is Stage.TORN:
            self.button.set_words("Finish sale" if narrow else "Finish interrupted sale", icon="credit-card", key="F12")
        else:
            self.button.set_words("Write and print" if narrow else _WRITE, icon="credit-card", key="F12")

    def _retitle(self) -> None:
        titles = {
            Stage.DONE: "Total paid",
            Stage.TORN: "Total, waiting" if self.is_narrow else "Total, waiting for the card",
        }
        self.set_title(titles.get(self.stage, "Total to pay"), self._remark_text())

    def _remark_text(self) -> str:
        shown = self.sum
        if self.stage in {Stage.DONE, Stage.TORN} and shown.received is not None:
            return f"{TENDERS[shown.tender].lower()} {shown.received}"
        if shown.tax:
            return f"VAT {shown.tax}" if self.is_narrow else f"VAT {shown.tax} in it"
        return ""

    def _show_tender(self) -> None:
        is_cash = self.chosen_tender is TenderKind.CASH
        label = "Received" if self.is_narrow else "Cash received"
        self.cash.keypad_only = is_cash
        self.cash.label = label if is_cash else "Slip number"
        self.cash.setAccessibleName(self.cash.label)
        self.cash.setMaxLength(14 if is_cash else 24)
        self.cash.set_face(Face.CASH if is_cash else Face.STRONG, self.cash.label)

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    @property
    def _places(self) -> Places:
        return LOW if self.is_low else NARROW if self.is_narrow else WIDE

    def _lay_out(self) -> None:
        width, at = self.width() - 2 * PADDING, self._places
        half = (width - 8) / 2
        for widget, x, wide, (top, high) in (
            (self.tender, PADDING, width, at.tender),
            (self.cash, PADDING, width, at.cash),
            (self.button, PADDING, width, at.button),
            (self.reprint_button, PADDING, half, at.button),
            (self.drawer_button, PADDING + half + 8, half, at.button),
            (self.next_button, PADDING, width, at.next),
        ):
            place(widget, x, top, wide, high)

    def draw(self, ink: Ink) -> None:
        self._draw_total(ink)
        if self.stage is Stage.DONE:
            self._draw_done(ink)
        elif self.stage is Stage.TORN:
            self._draw_torn(ink)
        else:
            if self.stage is Stage.WRITING:
                self._draw_paid(ink)
            self._draw_change(ink)

    def _figure(self, ink: Ink, rect: QRectF, money: Money, face: Face, colour: str, *, currency: bool = True) -> None:
        ink.text(rect, str(money), face=face, colour=colour, align=RIGHT)
        if currency:
            left = rect.right() - text_width(str(money), face) - 8
            muted = ink.t.muted if colour == ink.t.text else colour
            sign = QRectF(rect.left(), rect.top() + 1, left - rect.left(), rect.height())
            ink.text(sign, self.currency, face=Face.CURRENCY, colour=muted, align=RIGHT)

    def _draw_total(self, ink: Ink) -> None:
        face = Face.TOTAL_NARROW if self.is_narrow else Face.TOTAL
        total = self.sum.total if self.sum.total is not None else Money(0)
        room = self.width() - 2 * PADDING - 28
        smaller = (face, Face.CHANGE_DONE, Face.TOTAL_NARROW, Face.CHANGE, Face.CHANGE_NARROW, Face.CASH)
        face = next((each for each in smaller if text_width(str(total), each) <= room), Face.CARD_TITLE)
        colour = ink.t.text if self.sum.total is not None else ink.t.muted
        row = QRectF(PADDING, self._places.total, self.width() - 2 * PADDING, 80)
        self._figure(ink, row, total, face, colour)

    def _draw_change(self, ink: Ink) -> None:
        change = self.sum.change
        top, high = self._places.change
        box = QRectF(PADDING, top, self.width() - 2 * PADDING, high)
        owed = change is not None and self.sum.total is not None
        ink.box(box, fill=ink.t.ok_soft if owed else ink.t.sunken)
        muted = ink.t.text if owed else ink.t.muted
        face = Face.STRONG if self.is_narrow else Face.CARD_TITLE
        ink.text(QRectF(box.left() + 16, box.top(), 160, high), "Change due", face=face, colour=muted)
        if change is not None and owed:
            big = Face.CHANGE_NARROW if self.is_narrow else Face.CHANGE
            ink.text(box.adjusted(16, 0, -16, 0), str(change), face=big, colour=ink.t.ok, align=RIGHT)

    def _draw_paid(self, ink: Ink) -> None:
        width, at = self.width() - 2 * PADDING, self._places
        received = str(self.sum.received) if self.sum.received is not None else ""
        rows = (
            (at.tender, "Paid with", TENDERS[self.sum.tender], Face.STRONG),
            (at.cash, "Received" if self.is_narrow else "Cash received", received, Face.CASH),
        )
        for (top, height), label, value, face in rows:
            box = QRectF(PADDING, top, width, height)
            ink.box(box, fill=ink.t.sunken, line=ink.t.line)
            ink.text(box.adjusted(17, 0, -17, 0), label, colour=ink.t.muted)
            ink.text(box.adjusted(17, 0, -17, 0), value, face=face, align=RIGHT)

    def _draw_done(self, ink: Ink) -> None:
        (top, high), (words_at, figure_at) = self._places.done, self._places.given
        frame = QRectF(PADDING, top, self.width() - 2 * PADDING, high)
        ink.box(frame, fill=ink.t.ok_soft, line=ink.t.ok, width=2)
        change = self.sum.change if self.sum.change is not None else Money(0)
        words = "Give back" if self.sum.goes_back else "Give change" if change else "No change to give"
        ink.icon(QRectF(frame.left() + 19, frame.top() + words_at + 1, 22, 22), "money", ink.t.ok)
        ink.text(QRectF(frame.left() + 50, frame.top() + words_at, 220, 24), words, face=Face.NAME, colour=ink.t.ok)
        face = Face.CHANGE if self.is_narrow else Face.CHANGE_DONE
        row = QRectF(frame.left() + 18, frame.top() + figure_at, frame.width() - 36, 64)
        self._figure(ink, row, change, face, ink.t.ok)
        stays = QRectF(PADDING, self._places.stays, frame.width(), 22)
        ink.text(stays, "Stays here until the next card is put in.", face=Face.SMALL, colour=ink.t.muted, align=CENTRE)

    def _draw_torn(self, ink: Ink) -> None:
        box = QRectF(PADDING, self._places.torn[0], self.width() - 2 * PADDING, self._places.torn[1])
        ink.box(box, fill=ink.t.sunken)
        label = "Change, later" if self.is_narrow else "Change due, later"
        ink.text(
            box.adjusted(16, 0, -16, 0),
            label,
            face=Face.STRONG if self.is_narrow else Face.CARD_TITLE,
            colour=ink.t.muted,
        )
        change = self.sum.change if self.sum.change is not None else Money(0)
        face = Face.CHANGE_NARROW if self.is_narrow else Face.CHANGE
        ink.text(box.adjusted(16, 0, -16, 0), str(change), face=face, colour=ink.t.muted, align=RIGHT)
        note = QRectF(PADDING, self._places.note[0], box.width(), self._places.note[1])
        ink.box(note, fill=ink.t.warn_soft)
        ink.icon(QRectF(note.left() + 17, note.top() + 13, 22, 22), "hand-palm", ink.t.warn)
        room = note.adjusted(52, 0, -8, 0)
        ink.paragraph(room, self._yet(), face=Face.SMALL if self.is_narrow else Face.BODY)

    def _yet(self) -> str:
        """What becomes of the money while its card is away."""
        total = self.sum.total if self.sum.total is not None else ZERO
        if total < ZERO:
            return "Pay nothing out yet."
        return "Keep the money. Give no change yet." if total else "Nothing is paid for this."

    # --- what a person does -----------------------------------------------------------------------------

    def _on_tender(self, _key: object) -> None:
        self.cash.clear()
        self._show_tender()
        self.cash.setFocus()
        self.edited.emit()

    def _on_edited(self, _text: str) -> None:
        self.edited.emit()
