"""Tool cards: which are out, what they brought back, issuing another one, and reading one in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.card import CardKind
from vending_app.domain.errors import VendingError
from vending_app.domain.field_reading import FieldReading
from vending_app.domain.ids import CardNo, SaleId, spaced
from vending_app.domain.people import Operator
from vending_app.domain.permissions import may
from vending_app.domain.tool_card import ToolCard
from vending_app.services.tool_cases import (
    IssueToolCard,
    ListToolCards,
    PrintToolSlip,
    ReadToolCard,
    ShowToolCard,
    ToolCards,
    ToolIssued,
    ToolRead,
)
from vending_app.services.tool_verbs import ACTS
from vending_app.services.use_cases import CardReading
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Deed
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import Surface
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import counted, day_and_month, local
from vending_app.ui.reader_words import ReaderLine
from vending_app.ui.theme import Look
from vending_app.ui.tools.tool_asks import ask_tool_card
from vending_app.ui.tools.tool_card_facts import NOTHING_IN, ToolCardFacts
from vending_app.ui.tools.tool_words import (
    OUTCOMES,
    PURPOSES,
    STATES,
    flag_of,
    named_by,
    purpose,
    read_line,
    what_lies_there,
)
from vending_app.ui.words import trouble

READINGS_SHARE = 0.5
NARROW_BELOW, SMALL_BELOW = 1100, 1000
CARRIER, LAST_DAY, METERS = 3, 4, 5
SUPPLY, LEFT, FLAGS = 1, 4, 5


class ToolsPage(Page):
    """Signals: asked(use case), writing_changed(bool) — a card is being written or read in, or no more;
    details_wanted() — of whatever card lies in the reader."""

    asked = Signal(object)
    details_wanted = Signal()
    writing_changed = Signal(object)

    def __init__(self, look: Look, *, new_id: Callable[[], SaleId], parent: QWidget | None = None) -> None:
        super().__init__(look, title="Tool cards", parent=parent)
        self._new_id = new_id
        self.operator: Operator | None = None
        self.cards: ToolCards | None = None
        self.shown: ToolRead | None = None
        self._done_with: CardNo | None = None
        """The card in the reader of which the note tells what came of it."""
        self._issue_for: tuple[CardKind, str] | None = None
        """The card that is wanted, and the area it is for."""
        self._wanted: int | None = None
        """The card on which the list opens once it is there."""
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.read = Button(look, "Read in", kind=Kind.PRIMARY, icon="download-simple", key="F12", parent=self)
        self.issues: dict[CardKind, Button] = {
            kind: Button(look, word, icon=icon, parent=self)
            for kind, (word, icon) in reversed(PURPOSES.items())
            if kind is not CardKind.KEY  # once in years, from page Keys
        }
        self.details = Button(look, "", icon="magnifying-glass", parent=self)
        self.details.setAccessibleName("Details of the card in the reader")
        self.details.setToolTip("Details of the card in the reader")
        self.slip = Button(look, "Print slip", icon="printer", parent=self)
        self.slip.hide()
        self.verbs = (self.details, self.slip, *self.issues.values(), self.read)
        self.list_card = Surface(look, title="Cards", parent=self)
        columns: list[Column[ToolCard]] = [
            Column("No.", lambda row: str(row.number), 56, strong=True),
            Column("Purpose", lambda row: purpose(row.draft.kind), 140),
            Column("Area or meter", lambda row: named_by(row.draft.mandate)),
            Column("Carried by", lambda row: row.carrier_name, 150, muted=True),
            Column("Last day", lambda row: day_and_month(row.draft.mandate.expires_on), 96),
            Column("Meters", lambda row: str(row.meters), 76, right=True),
            Column("State", self._said_state, 132, mark=self._mark_state),
        ]
        self.model = RowsModel(columns, self)
        self.table = Table(look, self.model, name="Tool cards", parent=self)
        self.table.empty = ("", "", "")
        self.table.shows_focus = True
        self._build_readings()
        self.column = ActColumn(look, self)
        self.facts = ToolCardFacts(look)
        self.column.add_home(self.facts)
        QWidget.setTabOrder(self.read, self.table)
        QWidget.setTabOrder(self.table, self.readings)

    def _build_readings(self) -> None:
        self.readings_card = Surface(self.look, title="What came in", parent=self)
        columns: list[Column[FieldReading]] = [
            Column("Meter", lambda row: spaced(row.meter), 150, strong=True),
            Column("Supply", lambda row: spaced(row.supply) if row.supply else "none", 106),
            Column("Customer", lambda row: row.customer),
            Column("Used", lambda row: str(row.used) if row.used is not None else "", 100, right=True),
            Column("Left", lambda row: str(row.write_back.remaining), 108, right=True),
            Column("Meter says", flag_of, 104, muted=True),
            Column("In the books", lambda row: OUTCOMES[row.outcome][0], 136, mark=_mark_outcome),
        ]
        self.readings_model = RowsModel(columns, self)
        self.readings = Table(self.look, self.readings_model, name="What came in", parent=self)
        self.readings.empty = ("clipboard-text", "Nothing came in yet", "Read the card in when it is back.")

    def _connect(self) -> None:
        self.read.clicked.connect(self.read_in)
        self.slip.clicked.connect(self._on_slip)
        self.details.clicked.connect(self.details_wanted)
        for button in self.issues.values():
            button.clicked.connect(self._on_issue)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.opened.connect(lambda _: self.readings.setFocus())
        self.column.asked.connect(self._on_asked)
        self.column.done.connect(self._on_done)
        self.column.failed.connect(self._on_failed)
        self.column.left.connect(self.table.setFocus)
        self.column.moved.connect(self._on_moved)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    @property
    def is_writing(self) -> bool:
        """A card is being written or read in; while somebody is asked to approve it nothing is."""
        deed = self.column.deed
        is_asked = deed is not None and isinstance(deed.request, IssueToolCard | ReadToolCard)
        return is_asked and self.column.approval.isHidden()

    def show_operator(self, operator: Operator | None) -> None:
        """Only what this person may issue."""
        self.operator = operator
        for kind, button in self.issues.items():
            button.setVisible(may(operator, ACTS[kind]))
        self.lay_out_verbs()

    def begin_issue(self, kind: CardKind, area: str = "") -> None:
        """A card, once the list that was just asked for is there."""
        self._issue_for = (kind, area)

    def begin(self) -> None:
        """Ask anew which cards are out."""
        self._issue_for = None
        self.column.go_home()
        self.facts.show_note(NOTHING_IN)
        self.asked.emit(ListToolCards())

    def show_cards(self, cards: ToolCards) -> None:
        """The list; the cursor stays on its card."""
        chosen = self.table.chosen
        wanted = self._wanted or (chosen.number if isinstance(chosen, ToolCard) else None)
        self.cards, self._wanted = cards, None
        self.facts.names = {each.name: each.full_name for each in cards.carriers}
        self.model.show_rows(cards.cards)
        self.table.empty = ("clipboard-text", "No tool card was issued yet", self._first_step)
        out = sum(STATES[card.state(self._today)][0] == "out" for card in cards.cards)
        self.set_title("Tool cards", _said_out(out) if cards.cards else "")
        at = next((at for at, card in enumerate(cards.cards) if card.number == wanted), 0)
        if cards.cards:
            self.table.selectRow(at)
        self._on_row()
        if self._issue_for is not None and self.operator is not None and not self.is_writing:
            (kind, area), self._issue_for = self._issue_for, None
            me = self.operator.name
            self.column.open(ask_tool_card(cards, kind, me=me, new_id=self._new_id, area=area))

    @property
    def _first_step(self) -> str:
        if self.cards is not None and not self.cards.areas:
            return "Enter an area first: page Supplies, Stock."
        return "Check card, in the row above, writes the first one."

    def show_read_card(self, read: ToolRead) -> None:
        """What came in under the chosen card; an answer about another one came too late."""
        chosen = self.table.chosen
        if isinstance(chosen, ToolCard) and chosen.number == read.card.number:
            self._show(read)

    def show_card_in(self, read: CardReading | None) -> None:
        """A card went in: say what it is, if it is one of these."""
        if read is None or read.image.header is None:
            self._done_with = None
            return
        words = what_lies_there(read.image)
        is_news = read.image.header.card != self._done_with
        if words is not None and is_news and self.column.is_home and not self.is_writing:
            self.facts.show_note(("accent", "clipboard-text", f"In the reader: {words}. F12 reads it in."))

    def show_readers(self, lines: Sequence[ReaderLine]) -> None:
        """Which card lies in which reader, where there are two."""
        self.facts.show_readers(lines)

    def _show(self, read: ToolRead | None) -> None:
        self.shown = read
        self.readings_model.show_rows(read.readings if read else ())
        count = counted(len(read.readings), "record", "records") if read and read.readings else ""
        self.readings_card.set_title("What came in", count)
        self.facts.show_card(read.card if read else None)
        self.slip.setVisible(read is not None and read.card.is_written)
        self.lay_out_verbs()

    @property
    def _today(self) -> date:
        assert self.cards is not None, "rows come with the list"
        return local(self.cards.now).date()

    def _said_state(self, row: ToolCard) -> str:
        return STATES[row.state(self._today)][0]

    def _mark_state(self, row: ToolCard) -> tuple[str, str]:
        _, icon, tone = STATES[row.state(self._today)]
        return icon, tone

    # --- what a person does -----------------------------------------------------------------------------

    def read_in(self) -> None:
        """F12."""
        if self.is_writing or not self.column.is_home:
            return
        self.facts.show_note(("accent", "clock-clockwise", "Reading the card in. Leave it in the reader."))
        self.column.submit(Deed(ReadToolCard(), ""))

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.column.leave()

    def _on_issue(self) -> None:
        sender = self.sender()
        kind = next((kind for kind, button in self.issues.items() if button is sender), CardKind.CHECK)
        if self.cards is None or self.operator is None or self.is_writing:
            return
        if kind is not CardKind.CLEAR and not self.cards.areas:
            self.column.go_home()
            self.facts.show_note(("warn", "map-pin", "No area has a code of one to eight letters. Enter one first."))
            return
        self.column.open(ask_tool_card(self.cards, kind, me=self.operator.name, new_id=self._new_id))

    def _on_slip(self) -> None:
        """For whoever carries the chosen card to sign, now or again."""
        if self.shown is not None:
            self.asked.emit(PrintToolSlip(self.shown.card.number))

    def _on_row(self, *_: object) -> None:
        chosen = self.table.chosen
        if not isinstance(chosen, ToolCard):
            self._show(None)
            return
        if self.shown is None or self.shown.card != chosen:
            self._show(ToolRead(chosen, ()))
            self.asked.emit(ShowToolCard(chosen.number))

    def _on_moved(self) -> None:
        self.writing_changed.emit(self.is_writing)

    def _on_asked(self, use_case: object) -> None:
        self.asked.emit(use_case)
        self.writing_changed.emit(self.is_writing)

    def _on_done(self, done: Finished) -> None:
        answer = done.answer
        if isinstance(answer, ToolIssued):
            self._told(answer.card, f"{purpose(answer.card.draft.kind)} {answer.card.number} is written and checked.")
        elif isinstance(answer, ToolRead):
            self._told(answer.card, read_line(answer))
        self.writing_changed.emit(self.is_writing)

    def _told(self, card: ToolCard, words: str) -> None:
        self.column.go_home()
        self.facts.show_note(("ok", "check-circle-fill", words))
        self._wanted, self.shown, self._done_with = card.number, None, card.draft.write.card
        self.asked.emit(ListToolCards())
        self.table.setFocus()

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.use_case, ReadToolCard):
            self.facts.show_note(_refused(failed.error))
        self.writing_changed.emit(self.is_writing)

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        narrow = area.width() < NARROW_BELOW
        right = 336 if narrow else 376
        left = area.adjusted(0, 0, -right - 16, 0)
        low = round(left.height() * READINGS_SHARE)
        upper = left.adjusted(0, 0, 0, -low - 16)
        lower = QRectF(left.left(), left.bottom() - low, left.width(), low)
        self.list_card.setGeometry(upper.toRect())
        place_table(self.table, upper.adjusted(5, 44, -5, -5))
        self.readings_card.setGeometry(lower.toRect())
        place_table(self.readings, lower.adjusted(5, 44, -5, -5))
        small = area.width() < SMALL_BELOW
        hidden = ((self.table, CARRIER, narrow), (self.table, LAST_DAY, small), (self.table, METERS, small))
        told = ((self.readings, SUPPLY, narrow), (self.readings, FLAGS, narrow), (self.readings, LEFT, small))
        for table, column, is_hidden in (*hidden, *told):
            table.setColumnHidden(column, is_hidden)
        self.column.setGeometry(area.adjusted(area.width() - right, 0, 0, 0).toRect())


def _said_out(out: int) -> str:
    return f"{counted(out, 'card is', 'cards are')} out" if out else "none is out"


def _mark_outcome(row: FieldReading) -> tuple[str, str]:
    _, icon, tone = OUTCOMES[row.outcome]
    return icon, tone


def _refused(error: VendingError) -> tuple[str, str, str]:
    said = trouble(error)
    return "bad", "warning-circle-fill", f"{said.sentence} {said.remedy}"
