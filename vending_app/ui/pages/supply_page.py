"""A supply: its whole life on one axis, its balance and cards, and what a technician does with it (rows T1–T3)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo, spaced
from vending_app.domain.people import SupplyState
from vending_app.domain.permissions import Act, may
from vending_app.domain.records import CardAtEnd, MeterChange, Settlement, Stake, StakeFound
from vending_app.services import supply_cases as ask
from vending_app.services.book_cases import ReportPrinted
from vending_app.services.use_cases import SaleDone
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Ask
from vending_app.ui.bridge import Finished
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import RING
from vending_app.ui.components.tag import draw_tag, tag_width
from vending_app.ui.components.toast import Note
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import Ink, text_width
from vending_app.ui.sell import telling
from vending_app.ui.supply import asks, card_asks
from vending_app.ui.supply.life_card import LifeCard
from vending_app.ui.supply.side_cards import BalanceCard, CardsCard, EntriesCard
from vending_app.ui.supply.statement_asks import ask_statement
from vending_app.ui.supply.supply_words import CARD_AT_END, STATES
from vending_app.ui.supply.timeline import timeline_of
from vending_app.ui.theme import Look

SIDE = 336
NARROW_BELOW = 1200
"""The name needs the room more than the words on the buttons of papers."""
TAIL_GAPS = 64
"""Around the tag of the state, and between the buttons."""
LIFE_HIGH, BALANCE_HIGH = 432, 288


class SupplyPage(Page):
    """Signals: asked(use case), said(Note), issue_wanted(SupplyNo) — a supply whose first card comes next."""

    asked = Signal(object)
    said = Signal(object)
    issue_wanted = Signal(object)

    def __init__(self, look: Look, *, new_id: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(look, title="Supply", can_go_back=True, parent=parent)
        self._new_id = new_id
        self.shown: ask.LifeShown | None = None
        self._whole = True
        self._to_sign: SupplyNo | None = None
        """Of what was just done here, until another supply is opened: its slip waits to be signed."""
        self._area = QRectF()
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.life, self.entries = LifeCard(look, self), EntriesCard(look, self)
        self.balance, self.cards = BalanceCard(look, self), CardsCard(look, self)
        self.more = Button(look, "More", icon="list-bullets", parent=self)
        self.parameters = Button(look, "Parameters", icon="sliders-horizontal", parent=self)
        self.meter = Button(look, "Change meter", icon="swap", parent=self)
        self.card = Button(look, "Re-issue card", icon="identification-card", kind=Kind.PRIMARY, parent=self)
        self.slip = Button(look, "Print slip", icon="printer", parent=self)
        self.slip.hide()
        self.statement = Button(look, "Statement", icon="file-text", parent=self)
        self.verbs = (self.slip, self.statement, self.more, self.parameters, self.meter, self.card)
        self.column = ActColumn(look, self)
        self.column.hide()

    def _connect(self) -> None:
        self.life.whole_wanted.connect(self._on_span)
        self.statement.clicked.connect(self._on_statement)
        self.more.clicked.connect(self._on_more)
        self.parameters.clicked.connect(self._on_parameters)
        self.meter.clicked.connect(self._on_meter)
        self.card.clicked.connect(self._on_card)
        self.slip.clicked.connect(self._on_slip)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._on_left)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins: on the slip of what was just done, else on the procedure that is likeliest."""
        if self._to_sign is not None and not self.slip.isHidden():
            return self.slip
        return next((button for button in reversed(self.verbs) if not button.isHidden()), self.back_button)

    @property
    def is_writing(self) -> bool:
        """A card is being written; while somebody is asked to approve it nothing is."""
        deed = self.column.deed
        is_asked = deed is not None and isinstance(deed.request, ask.ReissueCard)
        return is_asked and self.column.approval.isHidden()

    def show_life(self, shown: ask.LifeShown) -> None:
        """Another supply, or this one as it is now."""
        is_other = self.shown is None or self.shown.supply.number != shown.supply.number
        if self._to_sign != shown.supply.number:
            self._to_sign = None
        self.shown = shown
        if is_other or self.column.is_home:
            self._close_column()
        self.set_title(shown.supply.customer.name)
        self.title_tail = tag_width(STATES[shown.supply.state][0]) + TAIL_GAPS
        self.balance.show_life(shown)
        self.cards.show_life(shown)
        self.entries.show_life(shown)
        self.life.show_line(timeline_of(shown, whole=self._whole))
        self._show_verbs(shown)

    def _show_verbs(self, shown: ask.LifeShown) -> None:
        operator, state = self.column.operator, shown.supply.state
        is_alive = state is not SupplyState.CLOSED
        self.more.setVisible(may(operator, Act.RECORDS))
        self.parameters.setVisible(is_alive and may(operator, Act.RECORDS))
        self.meter.setVisible(is_alive and may(operator, Act.METER_CHANGE))
        has_card = shown.supply.card is not None
        may_write = may(operator, Act.REISSUE if has_card else Act.ISSUE)
        self.card.setVisible(state in {SupplyState.OPEN, SupplyState.PREPARED} and may_write)
        self.card.set_words("Re-issue card" if has_card else "Issue card")
        self.slip.setVisible(bool(shown.life.procedures) and may(operator, Act.RECORDS))
        self.lay_out_verbs()

    def lay_out_verbs(self) -> None:
        """In a narrow window the papers are told by their icons."""
        for button, words in ((self.slip, "Print slip"), (self.statement, "Statement")):
            button.set_words("" if self.width() < NARROW_BELOW else words)
            button.setAccessibleName(words)
            button.setToolTip(words)
        super().lay_out_verbs()

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return not self.column.isHidden() and self.column.leave()

    # --- what a person does -----------------------------------------------------------------------------

    def _open(self, made: Ask) -> None:
        self.column.show()
        self._lay_out()
        self.column.open(made)

    def _on_span(self, whole: object) -> None:
        self._whole = bool(whole)
        if self.shown is not None:
            self.life.show_line(timeline_of(self.shown, whole=self._whole))

    def _on_more(self) -> None:
        if self.shown is not None:
            self._open(asks.ask_more(self.shown))

    def _on_statement(self) -> None:
        if self.shown is not None:
            self._open(ask_statement(self.shown))

    def _on_parameters(self) -> None:
        if self.shown is not None:
            self._open(asks.ask_parameters(self.shown))

    def begin_note(self) -> None:
        """Somebody has something to write down."""
        if self.shown is not None and not self.more.isHidden():
            self._open(asks.ask_note(self.shown))

    def _on_slip(self) -> None:
        if self.shown is not None:
            self.asked.emit(ask.PrintSlip(self.shown.supply.number))

    def _on_meter(self) -> None:
        if self.shown is not None:
            self._open(asks.ask_reading(self.shown, title="Change meter"))

    def _on_card(self) -> None:
        if self.shown is None:
            return
        if self.shown.supply.card is None:
            self.issue_wanted.emit(self.shown.supply.number)
        else:
            self._open(card_asks.ask_reissue(self.shown))

    # --- what the desk answers --------------------------------------------------------------------------

    def _on_done(self, done: Finished) -> None:
        answer, shown = done.answer, self.shown
        if shown is None:
            return
        if isinstance(answer, StakeFound) and isinstance(done.use_case, ask.ShowStake):
            if answer.stake is Stake.IMPOSSIBLE:
                # Told where the figures were typed, before a card is looked for.
                self.column.show_trouble(OperatorError(Code.DISPLAY_AHEAD))
                return
            self._open(card_asks.ask_write_card(shown, answer, done.use_case, new_id=self._new_id))
        elif isinstance(answer, ask.Left):
            is_change = self.column.card.title == "Change meter"
            self._open(asks.ask_meter(answer) if is_change else asks.ask_close(answer))
        elif isinstance(answer, ReportPrinted):
            self._on_left()
        else:
            self._on_effect(answer, shown.supply.number)

    def _on_effect(self, answer: object, number: SupplyNo) -> None:
        """It is done: the page shows the supply as it is now, and the toast says what comes next."""
        self._close_column()
        self._to_sign = self._signed_next(answer, number)
        match answer:
            case ask.LifeShown():
                self.show_life(answer)
                self.first.setFocus()
                self.said.emit(Note("Kept", "It stands in the life of the supply.", "ok", about="supply"))
            case SaleDone():
                self.said.emit(Note("Card written", "The one before it is dead now.", "ok", about="supply"))
                if answer.voided is not None:
                    self.said.emit(telling.give_back_note(answer.voided))
                self.asked.emit(ask.ShowLife(number))
            case MeterChange():
                words = f"Supply {spaced(answer.new)} takes over. Issue its card next."
                self.said.emit(Note("Meter changed", words, "ok", about="supply"))
                self._say_card(answer.card)
                self.asked.emit(ask.ShowLife(answer.new))
            case Settlement():
                due = f"{answer.refund} is due; pay it out at a till." if answer.refund.minor > 0 else "Nothing is due."
                self.said.emit(Note("Supply closed", due, "ok", about="supply"))
                self._say_card(answer.card)
                self.asked.emit(ask.ShowLife(number))

    def _signed_next(self, answer: object, number: SupplyNo) -> SupplyNo | None:
        """Of which supply a slip waits now; a note is signed by nobody."""
        if isinstance(answer, MeterChange):
            return answer.new
        if isinstance(answer, ask.LifeShown) and self.shown is not None:
            return number if answer.life.procedures[:1] != self.shown.life.procedures[:1] else None
        return number

    def _say_card(self, card: CardAtEnd) -> None:
        """A card that waits is something to do now."""
        if card in CARD_AT_END:
            title, line, name = CARD_AT_END[card]
            self.said.emit(Note(title, line, name, about="card"))

    def _on_left(self) -> None:
        self._close_column()
        self.first.setFocus()

    def _close_column(self) -> None:
        self.column.go_home()
        self.column.hide()
        self._lay_out()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        self._lay_out()

    def _lay_out(self) -> None:
        area, is_asking = self._area, not self.column.isHidden()
        side = QRectF(area.right() - SIDE, area.top(), SIDE, area.height())
        width = area.width() - SIDE - 16
        life_high = min(LIFE_HIGH, area.height() - 116)
        self.life.setGeometry(QRectF(area.left(), area.top(), width, life_high).toRect())
        top = area.top() + life_high + 16
        self.entries.setGeometry(QRectF(area.left(), top, width, area.bottom() - top).toRect())
        self.column.setGeometry(side.toRect())
        balance = QRectF(side.left(), side.top(), SIDE, BALANCE_HIGH)
        self.balance.setGeometry(balance.toRect())
        self.cards.setGeometry(side.adjusted(0, BALANCE_HIGH + 16, 0, 0).toRect())
        self.balance.setVisible(not is_asking)
        self.cards.setVisible(not is_asking)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        if self.shown is None:
            return
        with Ink(self, self.look) as ink:
            self._draw_head(ink, self.shown)

    def _draw_head(self, ink: Ink, shown: ask.LifeShown) -> None:
        """State, number and address beside the name."""
        supply = shown.supply
        taken = sum(button.width() + 8 for button in self.verbs if not button.isHidden())
        x = RING + 52 + min(text_width(self.title, Face.PAGE_TITLE), self.title_room) + 10
        word, icon, name = STATES[supply.state]
        x += draw_tag(ink, x, RING + 8, word=word, icon=icon, name=name) + 10
        room = QRectF(x, RING, self.width() - taken - x - 16, 40)
        where = f"supply {spaced(supply.number)}   ·   {supply.customer.address}"
        if room.width() > 120:
            ink.text(room, where, colour=ink.t.muted, may_elide=True)
