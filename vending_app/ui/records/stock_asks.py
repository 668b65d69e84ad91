"""What is asked when blank cards come, are thrown away, or are counted."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.domain.card_stock import CardStock, StockMove, StockVerb
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, spaced
from vending_app.domain.money import Money
from vending_app.domain.verdict import Verdict
from vending_app.services.stock_cases import CountCards, ReceiveCards, RetireCard, SpoilCards
from vending_app.services.use_cases import CardReading, ReadCard
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.phrases import counted, day_and_clock
from vending_app.ui.records.stock_words import said_level

MOVES_TOLD = 5
VERBS = {
    StockVerb.RECEIVE: "Delivered",
    StockVerb.TAKE: "Issued",
    StockVerb.SPOIL: "Spoilt",
    StockVerb.COUNT: "Counted",
}


def ask_stock(stock: CardStock) -> Ask:
    """What happened to the cards; the newest lines of the box above it."""
    steps: dict[str, Callable[[], Ask | Deed]] = {
        "receive": ask_delivery,
        "spoil": ask_spoilt,
        "count": lambda: ask_count(stock),
        "retire": lambda: Deed(ReadCard(), "The card in the reader is read."),
    }
    return Ask(
        title="Blank cards",
        button="Next",
        icon="stack",
        make=lambda filled: steps[filled.choice](),
        sentence=said_level(stock),
        facts=tuple(map(_line, stock.moves[:MOVES_TOLD])),
        choices=(
            Option("receive", "A delivery came", "package"),
            Option("spoil", "Cards were spoilt", "prohibit"),
            Option("count", "The cards were counted", "check-circle"),
            Option("retire", "A card came back", "arrow-u-up-left"),
        ),
        choice="What happened",
    )


def _line(move: StockMove) -> Fact:
    what = f"{VERBS[move.verb]} {move.change:+d}"
    return (day_and_clock(move.at), f"{what}, then {move.level}", "warn" if move.level < 0 else "")


def ask_delivery() -> Ask:
    return Ask(
        title="A delivery of cards",
        button="Enter cards",
        icon="package",
        make=_received,
        amount="Cards",
        reference="Number of the delivery note",
    )


def _received(filled: Filled) -> Deed:
    cards = whole_of(filled.amount)
    return Deed(ReceiveCards(cards, filled.reference), f"A delivery of {counted(cards, 'blank card', 'blank cards')}.")


def ask_spoilt() -> Ask:
    return Ask(
        title="Spoilt cards",
        button="Take them off",
        icon="prohibit",
        make=_spoilt,
        sentence="Blank cards that are thrown away. What was issued is taken off by itself.",
        amount="Cards",
        reason="Reason",
    )


def _spoilt(filled: Filled) -> Deed:
    cards = whole_of(filled.amount)
    said = f"{counted(cards, 'blank card is', 'blank cards are')} taken off: {filled.reason}."
    return Deed(SpoilCards(cards, filled.reason), said)


def ask_count(stock: CardStock) -> Ask:
    """The box is counted without a look at the books; a difference needs a reason."""

    def make(filled: Filled) -> Deed:
        cards = whole_of(filled.amount)
        said = f"The box holds {counted(cards, 'blank card', 'blank cards')}; by the books {stock.here}."
        return Deed(CountCards(cards, filled.reason), said)

    return Ask(
        title="Count the cards",
        button="Keep the count",
        icon="check-circle",
        make=make,
        sentence="How many blank cards lie in the box of this desk.",
        amount="Cards",
        reason="Why it is another number than in the books" if stock.is_counted else "",
    )


def ask_retire(read: CardReading) -> Ask:
    """A card that nobody needs; whoever approves it sees which one will be erased, and in which reader it lies."""
    if read.verdict is Verdict.BLANK:
        return _ask_blank(read)
    return Ask(
        title="Retire a card",
        button="Make it blank",
        icon="arrow-u-up-left",
        make=lambda _: Deed(RetireCard(read.card, read.reader), _said_retired(read)),
        sentence="It is erased and goes back into the box, if its supply has another card that the meter has shown it "
        "took, or is closed. What the meter wrote on it is kept.",
        facts=_facts_of(read),
    )


def _ask_blank(read: CardReading) -> Ask:
    """One that may have been retired and broken off: a card with contacts is like any other blank one."""

    def make(filled: Filled) -> Deed:
        card = "".join(filled.reference.split())
        said = f"The blank card was {spaced(card)}, and goes into the box." if card else _said_retired(read)
        return Deed(RetireCard(CardNo(card) if card else None, read.reader), said)

    return Ask(
        title="Retire a card",
        button="Put it into the box",
        icon="arrow-u-up-left",
        make=make,
        sentence="It is blank already. If it came out while it was made blank, it is counted now. A card with contacts "
        "is like any other in the box: say which number it had.",
        facts=_facts_of(read),
        reference="Number that it had",
    )


def _facts_of(read: CardReading) -> tuple[Fact, ...]:
    if read.card is None:
        what = "blank" if read.verdict is Verdict.BLANK else "not ours"
        return (("Card", what, ""), ("Reader", read.reader, ""))
    owner = read.reading.supply.customer.name if read.reading else ""
    return (("Card", spaced(read.card), ""), ("Was the card of", owner, ""), ("Reader", read.reader, ""))


def _said_retired(read: CardReading) -> str:
    which = f"Card {spaced(read.card)}" if read.card else "A card that has no number any more"
    return f"{which} is erased and becomes a blank one in the box."


def whole_of(amount: Money) -> int:
    """Nobody has half a card. Raises OperatorError amount-not-a-number."""
    if amount.minor % 100:
        raise OperatorError(Code.AMOUNT_NOT_A_NUMBER, text=str(amount))
    return amount.minor // 100
