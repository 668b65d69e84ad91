"""What the acts on one sale want to know, and what exactly is approved. Only words and values."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.domain.ids import ActId, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, SupplyFile
from vending_app.domain.permissions import Act, Grant, grant
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleState, TenderKind
from vending_app.services.book_cases import CorrectTender, PayArrears, PayRefund, ReverseSale, VoidSale
from vending_app.ui.book_words import METER_HAS
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.phrases import clock, day_and_clock
from vending_app.ui.sell.payment_card import TENDER_ICONS
from vending_app.ui.words import TENDERS

NewId = Callable[[], str]
REFERENCE = "Slip, message or cheque number"
LEAVE = "leave"
"""The choice that pays nothing out yet."""


def verbs_of(advice: ReversalAdvice, operator: Operator | None, shift: int | None) -> tuple[Option, ...]:
    """What may be done with a sale by this person in this shift."""
    sale = advice.sale
    is_open = not sale.state.is_final
    stands = sale.state is SaleState.POSTED and sale.intent.purpose is Purpose.SALE and sale.reversed_by is None
    found: list[Option | None] = [
        Option("receipt", "Receipt", "receipt", "look, print a copy") if sale.receipt else None,
        _verb("reverse", "Reverse the sale", "arrow-u-up-left", operator, Act.REVERSAL)
        if stands and advice.refusal is None and shift is not None
        else None,
        _verb("void-reversal", "Void the reversal", "prohibit", operator, Act.VOID)
        if is_open and sale.intent.purpose is Purpose.REVERSAL
        else None,
        _verb("tender", "Correct the way of paying", "swap", operator, Act.TENDER_CORRECTION)
        if stands and sale.intent.shift == shift and sale.finished_elsewhere is None
        else None,
        _verb("refund", "Pay the refund out", "money", operator, Act.REFUND)
        if advice.refund_due and shift is not None
        else None,
        _verb("void", "Void the sale", "prohibit", operator, Act.VOID)
        if is_open and sale.intent.purpose is Purpose.SALE and shift is not None
        else None,
        _verb("sign", "Sign for it", "note-pencil", operator, Act.SIGN_OPEN_SALE)
        if is_open and shift is not None and sale.intent.shift == shift
        else None,
    ]
    return tuple(option for option in found if option is not None)


def _verb(key: str, name: str, icon: str, operator: Operator | None, act: Act) -> Option | None:
    told = grant(operator, act)
    if told is Grant.NO:
        return None
    return Option(key, name, icon, "with an approval" if told is Grant.APPROVAL else "")


def _of(sale: Sale) -> str:
    """`receipt 2-004518 of Amara Okafor over 50.00`."""
    what = f"receipt {sale.receipt}" if sale.receipt else f"the sale of {clock(sale.intent.at)}"
    return f"{what} of {sale.customer_name} over {sale.amount}"


def ask_reverse(advice: ReversalAdvice, new_id: NewId) -> Ask:
    """What the meter may have done, in words; then why, and what becomes of the money."""
    sale = advice.sale
    paid_by = sale.tender.kind if sale.tender else TenderKind.CASH

    def make(filled: Filled) -> Deed:
        pay_by = None if filled.choice == LEAVE else TenderKind(filled.choice)
        refund = ActId(new_id())
        request = ReverseSale(SaleId(new_id()), sale.id, filled.reason, refund=refund, pay_by=pay_by)
        return Deed(request, f"Reverse {_of(sale)}: {filled.reason}.")

    return Ask(
        title="Reverse the sale",
        button="Write the card",
        make=make,
        icon="credit-card",
        sentence=f"{METER_HAS[advice.meter_has]} Put the customer’s card in the reader.",
        facts=_reversal_facts(advice),
        choice="The money",
        choices=_ways_back(paid_by),
        reason="Reason",
    )


def _reversal_facts(advice: ReversalAdvice) -> tuple[Fact, ...]:
    left = advice.remaining
    return (("Left in the meter", f"{left} kWh", ""),) if left is not None else ()


def _ways_back(paid_by: TenderKind) -> tuple[Option, ...]:
    ways = [Option(TenderKind.CASH.value, "Pay it out in cash", "money", "from the drawer")]
    if paid_by is not TenderKind.CASH:
        words = TENDERS[paid_by].lower()
        ways.insert(0, Option(paid_by.value, f"Give it back by {words}", TENDER_ICONS[paid_by], "as it was paid"))
    return (*ways, Option(LEAVE, "Leave it due", "clock-clockwise", "paid out later"))


def ask_void(sale: Sale, new_id: NewId) -> Ask:
    """An interrupted sale whose card does not carry it."""

    def make(filled: Filled) -> Deed:
        request = VoidSale(SaleId(new_id()), sale.id, filled.reason)
        return Deed(request, f"Void {_of(sale)}, interrupted {day_and_clock(sale.intent.at)}: {filled.reason}.")

    return Ask(
        title="Void the interrupted sale",
        button="Write the card",
        make=make,
        icon="credit-card",
        sentence=(
            "Put the customer’s card in the reader. If it does not carry the sale, it gets an order with the total as "
            "it was, and the customer gets his money back. If it does, the sale is finished instead."
        ),
        facts=(("Gives back", str(sale.amount), ""),),
        reason="Reason",
    )


def ask_void_reversal(sale: Sale, new_id: NewId) -> Ask:
    """An interrupted reversal whose card does not carry it: it is given up."""

    def make(filled: Filled) -> Deed:
        request = VoidSale(SaleId(new_id()), sale.id, filled.reason)
        begun = f"the reversal of {sale.customer_name}, interrupted {day_and_clock(sale.intent.at)}"
        return Deed(request, f"Void {begun}: {filled.reason}.")

    return Ask(
        title="Void the interrupted reversal",
        button="Write the card",
        make=make,
        icon="credit-card",
        sentence=(
            "Put the customer’s card in the reader. If it does not carry the reversal, it gets an order with the total "
            "as it was: the sale stands, and no money moves. If it does, the reversal is finished instead."
        ),
        reason="Reason",
    )


def ask_tender(sale: Sale, new_id: NewId) -> Ask:
    """The sale was paid otherwise than booked."""
    booked = sale.tender.kind if sale.tender else TenderKind.CASH

    def make(filled: Filled) -> Deed:
        tender = TenderKind(filled.choice)
        request = CorrectTender(ActId(new_id()), sale.id, tender, filled.reason, filled.reference)
        change = f"from {TENDERS[booked].lower()} to {TENDERS[tender].lower()}"
        return Deed(request, f"Book {_of(sale)} {change}: {filled.reason}.")

    others = [kind for kind in TenderKind if kind is not booked]
    return Ask(
        title="Correct the way of paying",
        button="Correct it",
        make=make,
        icon="swap",
        choice=f"Booked as {TENDERS[booked].lower()}; it was paid with",
        choices=tuple(Option(kind.value, TENDERS[kind], TENDER_ICONS[kind]) for kind in others),
        reference=REFERENCE,
        reason="Reason",
    )


def ask_refund(sale: Sale, due: Money, new_id: NewId) -> Ask:
    """What a reversal left due is paid out."""

    def make(filled: Filled) -> Deed:
        tender = TenderKind(filled.choice)
        supply = sale.intent.order.supply
        request = PayRefund(ActId(new_id()), supply, filled.amount, tender, filled.reference)
        return Deed(request, f"Pay {filled.amount} out to {sale.customer_name}, {TENDERS[tender].lower()}.")

    return Ask(
        title="Pay the refund out",
        button="Pay out",
        make=make,
        icon="money",
        choice="Paid with",
        choices=tuple(Option(kind.value, TENDERS[kind], TENDER_ICONS[kind]) for kind in TenderKind),
        amount="Amount",
        amount_is=due,
        reference="Number, if there is one",
    )


def ask_arrears(supply: SupplyFile, new_id: NewId) -> Ask:
    """A customer pays what he owes, without buying."""
    number: SupplyNo = supply.number

    def make(filled: Filled) -> Deed:
        tender = TenderKind(filled.choice)
        request = PayArrears(ActId(new_id()), number, filled.amount, tender, filled.reference)
        return Deed(request, f"{supply.customer.name} pays {filled.amount}.")

    return Ask(
        title="Pay arrears",
        button="Book the payment",
        make=make,
        icon="money",
        facts=(("Customer", supply.customer.name, ""), ("Owed", str(supply.arrears), "warn")),
        choice="Paid with",
        choices=tuple(Option(kind.value, TENDERS[kind], TENDER_ICONS[kind]) for kind in TenderKind),
        amount="Amount",
        amount_is=supply.arrears,
        reference="Number, if there is one",
    )
