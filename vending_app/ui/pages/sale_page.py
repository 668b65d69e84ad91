"""One sale: all its facts, and what may be done with it, at the same place and with the same card."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OutcomeUnknown
from vending_app.domain.ids import OperatorName, SaleId
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Operator
from vending_app.domain.reversal import ReversalAdvice
from vending_app.ports.progress import WriteShare
from vending_app.services.book_cases import (
    OpenSale,
    PrintPayment,
    Reversed,
    ReverseSale,
    ShowReversal,
    Voided,
    VoidSale,
)
from vending_app.services.use_cases import DeskState, PrintReceipt
from vending_app.ui.books import sale_words
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Ask, Deed
from vending_app.ui.books.sale_asks import ask_refund, ask_reverse, ask_tender, ask_void, ask_void_reversal, verbs_of
from vending_app.ui.books.shift_asks import ask_sign
from vending_app.ui.books.shift_cards import FactsCard
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.banner import Banner, Says
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.pick_list import PickList
from vending_app.ui.components.reader_picture import Shows
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.components.write_strip import BROKEN, BROKEN_CHECKING, CHECKING, RUNNING, Step
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.sell import telling
from vending_app.ui.sell.write_card import WriteCard
from vending_app.ui.theme import Look

BANNER, GIVE = 72, 128
OPEN_STEPS = (Step.OPEN, Step.OPEN, Step.OPEN)


class VerbsCard(Surface):
    """What may be done, by arrow key and Enter. Signals: wanted(str)."""

    wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="What can be done", parent=parent)
        self.list = PickList(look, name="What can be done", parent=self)
        self.list.opened.connect(self._on_opened)
        self.list.clicked.connect(self._on_opened)

    def resizeEvent(self, event: object) -> None:
        self.list.setGeometry(5, 48, self.width() - 10, self.height() - 56)

    def draw(self, ink: Ink) -> None:
        self.list.setVisible(bool(self.list.options.rows))
        if not self.list.options.rows:
            area = QRectF(0, 44, self.width(), 190)
            draw_empty(ink, area, icon="receipt", title="Nothing is to be done", step="It stands as it is.")

    def _on_opened(self, _row: object) -> None:
        self.wanted.emit(self.list.key)


class GiveCard(Surface):
    """The money that goes over the counter now, as large as change."""

    money = ZERO
    words = ""

    def show_money(self, words: str, money: Money) -> None:
        """What to do with how much."""
        self.words, self.money = words, money
        self.setAccessibleName(f"{words} {money}")
        self.update()

    def draw(self, ink: Ink) -> None:
        ink.box(QRectF(self.rect()), fill=ink.t.ok_soft, line=ink.t.ok, width=2, radius=10)
        ink.icon(QRectF(20, 22, 22, 22), "money", ink.t.ok)
        ink.text(QRectF(52, 21, self.width() - 70, 24), self.words, face=Face.NAME, colour=ink.t.ok)
        row = QRectF(PADDING, 52, self.width() - 2 * PADDING, 66)
        ink.text(row, str(self.money), face=Face.CHANGE_DONE, colour=ink.t.ok, align=RIGHT)


class SalePage(Page):
    """Signals: asked(use case), receipt_wanted(SaleId), writing_changed(bool)."""

    asked = Signal(object)
    receipt_wanted = Signal(object)
    writing_changed = Signal(object)

    def __init__(
        self, look: Look, *, new_id: Callable[[], str], clock: DeskClock, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, title="Sale", can_go_back=True, parent=parent)
        self._new_id, self._clock = new_id, clock
        self.office = ""
        self.advice: ReversalAdvice | None = None
        self.desk: DeskState | None = None
        self.people: tuple[Operator, ...] = ()
        self.is_writing = False
        self.torn: Deed | None = None
        """What waits for its card to come back."""
        self._writes: Deed | None = None
        self._checked = False
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.banner = Banner(look, self)
        self.facts = FactsCard(look, title="The sale", parent=self)
        self.give = GiveCard(look, parent=self)
        self.give.hide()
        self.column = ActColumn(look, self)
        self.menu, self.write_card = VerbsCard(look), WriteCard(look)
        for home in (self.menu, self.write_card):
            self.column.add_home(home)

    def _connect(self) -> None:
        self.menu.wanted.connect(self._on_verb)
        self.banner.pressed.connect(self.write)
        self.column.asked.connect(self._on_asked)
        self.column.done.connect(self._on_done)
        self.column.failed.connect(self._on_failed)
        self.column.left.connect(self._on_left)

    # --- shown ------------------------------------------------------------------------------------------

    def show_people(self, operator: Operator | None, people: Sequence[Operator]) -> None:
        """Who is at work, and who is known here."""
        self.people = tuple(people)
        self.column.show_people(operator, people)

    def show_sale(self, advice: ReversalAdvice) -> None:
        """Another sale, or the same as it is now."""
        self._show_facts(advice)
        self.give.hide()
        self.torn = self._writes = None
        self.banner.show_says(sale_words.says_of(advice))
        shift = self.desk.shift.number if self.desk and self.desk.shift else None
        self.menu.list.show_options(verbs_of(advice, self.column.operator, shift))
        self.column.go_home(self.menu)
        self.menu.update()
        self._lay_out_left()

    def _show_facts(self, advice: ReversalAdvice) -> None:
        self.advice = advice
        self.set_title(sale_words.title_of(advice.sale), advice.sale.customer_name)
        self.facts.show_facts(sale_words.facts_of(advice, self._name))

    def _name(self, name: OperatorName) -> str:
        return next((each.full_name for each in self.people if each.name == name), str(name))

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.menu.list

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        if self.is_writing:
            return True
        return self.column.leave()

    def show_readers(self, present: bool, /) -> None:
        """A card came or went."""
        if self.torn is None or self.is_writing:
            return
        if present:
            self.banner.show_says(sale_words.BACK)
            self._show_card(self.torn, Shows.WRITING, OPEN_STEPS)
        else:
            self._show_torn(OutcomeUnknown(Code.CARD_TORN))

    def show_progress(self, step: str | WriteShare) -> None:
        """The desk writes, then checks."""
        if not self.is_writing or self._writes is None or isinstance(step, WriteShare):
            return
        self._checked = step == "checking"
        self.banner.show_says(telling.WRITING)
        self._show_card(self._writes, Shows.WRITING, CHECKING if self._checked else RUNNING)

    def _show_card(self, deed: Deed, shows: Shows, steps: tuple[Step, Step, Step]) -> None:
        assert self.advice is not None, "a sale is shown"
        shown = sale_words.writing_shown(self.advice.sale, deed.request, office=self.office, shows=shows, steps=steps)
        self.write_card.show_write(shown)
        for home in (self.menu, self.column.card, self.column.approval):
            home.hide()
        self.write_card.show()

    # --- what a person does -----------------------------------------------------------------------------

    def write(self) -> None:
        """F12: what was torn is written again, exactly."""
        if self.torn is not None and self.banner.says is sale_words.BACK:
            self.column.submit(self.torn)

    def _on_verb(self, key: str) -> None:
        if self.advice is None:
            return
        if key == "receipt":
            self.receipt_wanted.emit(self.advice.sale.id)
        else:
            self.column.open(self._ask(key, self.advice))

    def _ask(self, key: str, advice: ReversalAdvice) -> Ask:
        sale = advice.sale
        asks: dict[str, Callable[[], Ask]] = {
            "reverse": lambda: ask_reverse(advice, self._new_id),
            "tender": lambda: ask_tender(sale, self._new_id),
            "refund": lambda: ask_refund(sale, advice.refund_due, self._new_id),
            "void": lambda: ask_void(sale, self._new_id),
            "void-reversal": lambda: ask_void_reversal(sale, self._new_id),
            "sign": lambda: ask_sign(OpenSale(sale, self._waited(), is_signed=False)),
        }
        return asks[key]()

    def _waited(self) -> int:
        assert self.advice is not None, "a sale is shown"
        return max(0, int((self._clock.now() - self.advice.sale.intent.at).total_seconds()) // 60)

    # --- what the desk is asked and answers -------------------------------------------------------------

    def _on_asked(self, request: object) -> None:
        if isinstance(request, VoidSale | ReverseSale):
            self._writes, self._checked = self.column.deed, False
            self._set_writing(True)
            self.banner.show_says(sale_words.READING)
        self.asked.emit(request)

    def _set_writing(self, writing: bool, /) -> None:
        if writing != self.is_writing:
            self.is_writing = writing
            self.writing_changed.emit(writing)

    def refuse(self, failed: Failed) -> None:
        """Whatever was asked here was refused: the card rests, then the column says why."""
        self._set_writing(False)
        if failed.error.code is Code.SALE_VOIDED:
            # No card is waited for any more.
            self.torn = None
        if self.advice is not None and not isinstance(failed.error, OutcomeUnknown):
            torn = OutcomeUnknown(Code.CARD_TORN) if self.torn else None
            self._rest(telling.torn_says(torn) if torn else sale_words.says_of(self.advice))
        self.column.refuse(failed)

    def _rest(self, stands: Says) -> None:
        """Nothing is written any more."""
        self.banner.show_says(stands)
        if not self.write_card.isHidden():
            self.write_card.hide()
            self.column.card.show()

    def _on_failed(self, failed: Failed) -> None:
        if isinstance(failed.error, OutcomeUnknown) and self._writes is not None:
            self.torn = self._writes
            self._show_torn(failed.error)

    def _show_torn(self, error: OutcomeUnknown) -> None:
        assert self.torn is not None, "something was torn"
        self.banner.show_says(telling.torn_says(error))
        self._show_card(self.torn, Shows.PUT_BACK, BROKEN_CHECKING if self._checked else BROKEN)

    def _on_done(self, done: Finished) -> None:
        answer = done.answer
        self._set_writing(False)
        if isinstance(answer, Reversed) or (isinstance(answer, Voided) and answer.is_on_card):
            self._show_written(answer)
        elif self.advice is not None:
            self._rest(sale_words.says_of(self.advice))
            self.asked.emit(ShowReversal(self.advice.sale.id))

    def _show_written(self, answer: Voided | Reversed) -> None:
        self.torn = self._writes = None
        self.banner.show_says(telling.ISSUED if isinstance(answer, Voided) else telling.DONE)
        self.write_card.show_write(sale_words.done_shown(answer, office=self.office))
        self.column.go_home(self.write_card)
        self.back_button.setFocus()
        if isinstance(answer, Voided):
            # A reversal had paid nothing out yet.
            if answer.give_back > ZERO:
                self._show_give("Give the money back", answer.give_back)
            return
        self._show_refund(answer)
        self.asked.emit(PrintReceipt(answer.done.sale.id))

    def _show_refund(self, answer: Reversed) -> None:
        if answer.refund is None:
            self._show_give("Stays due to the customer", answer.due)
            return
        is_cash = answer.refund.tender.value == "cash"
        self._show_give("Pay out in cash" if is_cash else "Give back as it was paid", answer.refund.amount)
        self.asked.emit(PrintPayment(answer.refund))

    def _show_give(self, words: str, money: Money) -> None:
        self.give.show_money(words, money)
        self.give.show()
        self._lay_out_left()

    def _on_left(self) -> None:
        if self.advice is not None:
            self.show_sale(self.advice)
        self.first.setFocus()

    def wanted_again(self) -> SaleId | None:
        """The sale whose page this is."""
        return self.advice.sale.id if self.advice is not None else None

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        right = 354 if area.width() < 1100 else 510
        self.banner.setGeometry(QRectF(area.left(), area.top(), area.width(), BANNER).toRect())
        below = area.adjusted(0, BANNER + 16, 0, 0)
        self._left = below.adjusted(0, 0, -right - 16, 0)
        self.column.setGeometry(below.adjusted(below.width() - right, 0, 0, 0).toRect())
        self._lay_out_left()

    _left = QRectF()

    def _lay_out_left(self) -> None:
        left, taken = self._left, 0 if self.give.isHidden() else GIVE + 16
        self.facts.setGeometry(left.adjusted(0, 0, 0, -taken).toRect())
        self.give.setGeometry(QRectF(left.left(), left.bottom() - GIVE, left.width(), GIVE).toRect())
