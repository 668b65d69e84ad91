"""A card from all sides: in words, byte by byte, field by field, and beside the books; mended from them (row T4)."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.card_fields import CardField
from vending_app.domain.ids import ReaderName, masked, spaced
from vending_app.domain.sale import Sale
from vending_app.services.diagnosis_cases import Diagnosis, RepairCard
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Ask, Deed
from vending_app.ui.bridge import Finished
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import RING, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.details.beside_card import BesideCard
from vending_app.ui.details.bytes_view import BytesView
from vending_app.ui.details.diagnosis_words import facts_of, name_of, past_of, place_of, said
from vending_app.ui.details.facts_card import MEANING, FactsCard, FieldsCard
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import text_width
from vending_app.ui.phrases import counted
from vending_app.ui.theme import Look

GAP = 16
RIGHT, RIGHT_NARROW, NARROW_BELOW, LOW_BELOW = 340, 288, 1100, 480
SEGMENTS = 240
BESIDE_HIGH = 220
MOST_BYTES = 500
ORDER_AGAIN, HEADER_AGAIN = "Write the order again", "Write the header again"
LEAVE_IN = ("warn", "credit-card", "Leave the card in until it is written.")


class Part(StrEnum):
    """What is shown of a card beside its facts; all of it where there is room."""

    FIELDS = "Fields"
    BYTES = "Bytes"
    BOOKS = "Books"


class DetailsPage(Page):
    """Signals: asked(use case), support_wanted(Diagnosis) — a file for whoever helps from afar. Esc goes back."""

    asked = Signal(object)
    support_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Card details", can_go_back=True, parent=parent)
        self.found: Diagnosis | None = None
        self.support = Button(look, "Export for support", icon="export", parent=self)
        self.repair = Button(look, ORDER_AGAIN, kind=Kind.PRIMARY, icon="wrench", parent=self)
        self.verbs = (self.support, self.repair)
        self.bytes = BytesView(look, self)
        self.beside = BesideCard(look, self)
        self.fields_card = FieldsCard(look, self)
        columns: list[Column[CardField]] = [
            Column("At", lambda field: f"{field.address:02X}", 48, muted=True),
            Column("Field", lambda field: f"{place_of(field)}, {name_of(field)}", 0, strong=True),
            Column("Says", _says, 142),
        ]
        self.rows: RowsModel[CardField] = RowsModel(columns, self)
        self.table = Table(look, self.rows, name="Fields of the card", parent=self)
        self.table.empty = ("", "", "")
        self.table.shows_focus = True
        self.part = Part.FIELDS
        self.parts = Segmented(look, [Choice(part, part.value) for part in Part], name="What is shown", parent=self)
        self.parts.choose(self.part)
        self._cards: dict[Part, QWidget] = {
            Part.FIELDS: self.fields_card,
            Part.BYTES: self.bytes,
            Part.BOOKS: self.beside,
        }
        self._area, self._is_small = QRectF(), False
        self.column = ActColumn(look, self)
        self.facts = FactsCard(look)
        self.column.add_home(self.facts)
        self._connect()
        self._show_verbs()

    def _connect(self) -> None:
        self.support.clicked.connect(self._on_support)
        self.repair.clicked.connect(self._on_repair)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.bytes.pointed.connect(self.table.selectRow)
        self.parts.chosen.connect(self._on_part)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._show_verbs)

    # --- shown ------------------------------------------------------------------------------------------

    def show_found(self, found: Diagnosis) -> None:
        """Another card, or this one looked at again."""
        self.found = found
        self.column.go_home()
        self._show_words(found)
        self.bytes.show_fields(found.fields)
        self.rows.show_rows(found.fields)
        if found.fields:
            self.table.selectRow(_begin(found.fields))
        self._show_verbs()

    def _show_words(self, found: Diagnosis) -> None:
        """What the card remembers stands below its facts, in a small window below the books."""
        past = past_of(found)
        facts = facts_of(found)
        if past and not self._is_small:
            facts += [("Remembers", counted(len(past), "order", "orders"))]
            facts += [(which, f"{bought}, {on}") for which, bought, on in past]
        whose = found.reading.reading
        self.facts.show_facts(said(found), facts, name=whose.supply.customer.name if whose is not None else "")
        self.beside.show_compared(found, past if self._is_small else ())

    def _show_verbs(self) -> None:
        self.support.setEnabled(self.found is not None)
        self.repair.set_words(HEADER_AGAIN if self.found and self.found.lost_header else ORDER_AGAIN, icon="wrench")
        self.lay_out_verbs()
        self.repair.setEnabled(self.found is not None and self.found.repair is not None and self.column.is_home)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    # --- what a person does -----------------------------------------------------------------------------

    def _on_row(self, *_: object) -> None:
        self.bytes.choose(self.table.currentIndex().row())
        field = self.table.chosen
        self.fields_card.show_meaning(_meant(field) if isinstance(field, CardField) else "")

    def _on_part(self, part: object) -> None:
        self.part = Part(str(part))
        self.lay_out(self._area)

    def _on_support(self) -> None:
        if self.found is not None:
            self.support_wanted.emit(self.found)

    def _on_repair(self) -> None:
        if self.found is None or self.found.repair is None:
            return
        ask = _ask_header if self.found.lost_header else _ask_order
        self.column.open(ask(self.found.repair, self.found.reading.reader))
        self._show_verbs()

    def _on_done(self, done: Finished) -> None:
        if isinstance(done.answer, Diagnosis):
            self.show_found(done.answer)
            self.table.setFocus()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        self._is_small = area.width() < NARROW_BELOW or area.height() < LOW_BELOW
        if self.found is not None:
            self._show_words(self.found)
        right = RIGHT_NARROW if self._is_small else RIGHT
        self.column.setGeometry(area.adjusted(area.width() - right, 0, 0, 0).toRect())
        rest = area.adjusted(0, 0, -right - GAP, 0)
        self.parts.setVisible(self._is_small)
        if self._is_small:
            self._lay_out_one(rest)
        else:
            self._lay_out_all(rest)

    def _lay_out_all(self, area: QRectF) -> None:
        left = min(MOST_BYTES, round((area.width() - GAP) * 0.54))
        upper = area.height() - BESIDE_HIGH - GAP
        self._put(Part.BYTES, QRectF(area.left(), area.top(), left, upper))
        self._put(Part.BOOKS, QRectF(area.left(), area.bottom() - BESIDE_HIGH, left, BESIDE_HIGH))
        self._put(Part.FIELDS, area.adjusted(left + GAP, 0, 0, 0))

    def _lay_out_one(self, area: QRectF) -> None:
        """Where there is no room for all of them."""
        place(self.parts, RING + 52 + text_width(self.title, Face.PAGE_TITLE) + 16, RING, SEGMENTS, 40)
        for part in Part:
            self._put(part, area if part is self.part else QRectF())

    def _put(self, part: Part, area: QRectF) -> None:
        card = self._cards[part]
        card.setGeometry(area.toRect())
        card.setVisible(not area.isEmpty())
        if part is Part.FIELDS:
            self.table.setVisible(not area.isEmpty())
            place_table(self.table, area.adjusted(5, 44, -5, -MEANING))

    def sizeHint(self) -> QSize:
        return QSize(1262, 600)


def _says(field: CardField) -> str:
    if field.value:
        return field.value
    return field.in_hex if len(field.raw) <= 4 else f"{field.raw[:4].hex(' ').upper()} …"


def _meant(field: CardField) -> str:
    """What it is for, as docs/card-format.md says it, without the marks of that document."""
    return field.meaning.replace("`", "").replace("*", "")


def _ask_order(lacks: Sale, reader: ReaderName) -> Ask:
    order = lacks.intent.order
    return Ask(
        title=ORDER_AGAIN,
        button="Write it",
        make=lambda _: Deed(RepairCard(lacks.id, reader), f"Write order {order.sequence} on the card again."),
        icon="wrench",
        sentence="The identical bytes of the newest posted order: nothing is sold by it.",
        facts=(("Order", str(order.sequence), ""), ("Bought in all", f"{order.energy_total} kWh", "")),
        note=LEAVE_IN,
    )


def _ask_header(issue: Sale, reader: ReaderName) -> Ask:
    card, supply = masked(issue.intent.write.card), issue.intent.order.supply
    return Ask(
        title=HEADER_AGAIN,
        button="Write it",
        make=lambda _: Deed(RepairCard(issue.id, reader), f"Write the header of card {card}, supply {supply}, again."),
        icon="wrench",
        sentence="The identical bytes of its issue. The orders on it prove which card it is.",
        facts=(("Card", card, ""), ("Supply", spaced(supply), "")),
        note=LEAVE_IN,
    )


def _begin(fields: tuple[CardField, ...]) -> int:
    """Behind the chip's own bytes, which say nothing."""
    return next((at for at, field in enumerate(fields) if field.place != "chip"), 0)
