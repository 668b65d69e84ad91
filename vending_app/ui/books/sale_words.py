"""What the page of one sale says: its verdict, its facts, and the card while it is written."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import OperatorError
from vending_app.domain.ids import OperatorName, masked, spaced
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleState
from vending_app.services.book_cases import Reversed, ReverseSale, Voided
from vending_app.ui.book_words import said_what
from vending_app.ui.books.ask import Fact
from vending_app.ui.components.banner import Says
from vending_app.ui.components.reader_picture import Shows
from vending_app.ui.components.write_strip import ALL_DONE, Step
from vending_app.ui.phrases import clock, full_day
from vending_app.ui.sell.write_card import WriteShown
from vending_app.ui.words import TENDERS, trouble

NameOf = Callable[[OperatorName], str]
READING = Says("Looking at the card", "Leave it in the reader.", "accent", "credit-card")
BACK = Says(
    "The card is back",
    "F12 writes exactly what was saved.",
    "warn",
    "clock-counter-clockwise",
    button="Go on",
    key="F12",
)
Note = tuple[str, str, str]


def says_of(advice: ReversalAdvice) -> Says:
    """The line on top of a sale."""
    sale = advice.sale
    if sale.state is SaleState.VOIDED:
        is_reversal = sale.intent.purpose is Purpose.REVERSAL
        then = "The sale stands." if is_reversal else "The money went back."
        return Says("Void", f"It was undone before the card carried it. {then}", "accent", "prohibit")
    if not sale.state.is_final:
        return Says(
            "Interrupted",
            "It waits for its card. Put that card in: it is finished, or voided if the card does not carry it.",
            "warn",
            "clock-counter-clockwise",
            brief="It waits for its card.",
        )
    if sale.reversed_by is not None:
        return Says("Reversed", "A later order took it back.", "accent", "arrow-u-up-left")
    if sale.intent.purpose is not Purpose.SALE:
        words = TAKEN_OFF if sale.intent.carried < NO_ENERGY else _SENTENCES[sale.intent.purpose]
        return Says(said_what(sale), words, "accent", "arrow-u-up-left")
    return Says("Sold", _standing(advice), "ok", "check-circle-fill", brief="Written, checked and booked.")


TAKEN_OFF = "Its supply ended: it took off the card what the card still carried."
_SENTENCES = {
    Purpose.REVERSAL: "It took a sale back by an order with the lower total.",
    Purpose.CANCELLATION: "It made sure of a void by an order with the total as it was.",
    Purpose.ISSUE: "A card was issued; nothing was sold.",
}


def _standing(advice: ReversalAdvice) -> str:
    if advice.refusal is None:
        return "Written, checked and booked. It may be reversed while it is the customer’s newest."
    facts = {"left": advice.remaining} if advice.remaining is not None else {}
    return f"It cannot be reversed. {trouble(OperatorError(advice.refusal, **facts)).sentence}"


def facts_of(advice: ReversalAdvice, name_of: NameOf) -> tuple[Fact, ...]:
    """All that the books know of it."""
    sale = advice.sale
    intent, order, quote = sale.intent, sale.intent.order, sale.intent.quote
    facts: list[Fact] = [
        ("Customer", sale.customer_name, ""),
        ("Made", f"{full_day(intent.at)}, {clock(intent.at)}", ""),
        ("By", f"{sale.operator_name or name_of(intent.operator)}, desk {intent.desk}", ""),
        ("Meter", spaced(order.meter), ""),
        ("Card", f"{masked(intent.write.card)}, order {order.sequence}", ""),
    ]
    if sale.finished_elsewhere is not None:
        facts.append(
            ("Finished", f"at desk {sale.finished_elsewhere}: it counts there, and its way of paying stays", "")
        )
    if quote is not None:
        facts += [("Energy", f"{quote.energy} kWh", ""), ("Total", str(sale.amount), "")]
    if sale.tender is not None:
        facts.append(("Paid with", _paid_with(sale), ""))
    if intent.reason:
        facts.append(("Reason", intent.reason, ""))
    if advice.refund_due:
        facts.append(("Refund due", str(advice.refund_due), "warn"))
    if sale.fingerprint:
        facts.append(("Books", spaced(sale.fingerprint.upper()), ""))
    return tuple(facts)


def _paid_with(sale: Sale) -> str:
    tender = sale.tender
    assert tender is not None, "asked only where something was paid"
    words = TENDERS[tender.kind]
    if tender.reference:
        words += f", {tender.reference}"
    return f"{words}, corrected" if sale.corrected is not None else words


def title_of(sale: Sale) -> str:
    """`Sale 2-004518`, `Interrupted sale`, `Reversal 2-004519`."""
    if sale.receipt:
        return f"{said_what(sale)} {sale.receipt}"
    return said_what(sale) if sale.state.is_final else f"Interrupted {said_what(sale).lower()}"


# --- the card --------------------------------------------------------------------------------------------


def writing_shown(
    sale: Sale, request: object, *, office: str, shows: Shows, steps: tuple[Step, Step, Step]
) -> WriteShown:
    """The card while it is written, or when it came out too early."""
    number = masked(sale.intent.write.card)
    is_reversal = isinstance(request, ReverseSale)
    quote = sale.intent.quote
    waits = shows is Shows.PUT_BACK
    note: Note = (
        ("ok", "shield-check", "Nothing is lost. The same card finishes it, now or when it comes back.")
        if waits
        else ("ok", "shield-check", "It is saved before the card changes. If the card comes out, it finishes it later.")
    )
    return WriteShown(
        title=f"Waiting for card {number}" if waits else f"Writing card {number}",
        remark="",
        shows=shows,
        steps=steps,
        facts=(
            ("Customer", sale.customer_name),
            ("Takes back" if is_reversal else "Voids", f"{quote.energy} kWh, {sale.amount}" if quote else ""),
            ("Order", f"for meter {spaced(sale.intent.order.meter)}"),
        ),
        note=note,
        office=office,
        number=number,
        brief=f"Card {number}",
    )


def done_shown(answer: Voided | Reversed, *, office: str) -> WriteShown:
    """The card after it was written and checked."""
    made = answer.done.sale
    number = masked(made.intent.write.card)
    seconds, rest = divmod(answer.done.milliseconds, 1000)
    return WriteShown(
        title=f"Card {number} written and checked",
        remark=f"{seconds}.{rest // 100} s",
        shows=Shows.TAKE,
        steps=ALL_DONE,
        facts=(
            ("Customer", answer.done.supply.customer.name),
            ("Order", str(made.intent.order.sequence)),
            ("Total on this supply", f"{made.intent.order.energy_total} kWh"),
        ),
        note=("accent", "info", "Tell the customer: put the card in the meter, so that it knows the new total."),
        office=office,
        number=number,
        brief=f"Card {number} written",
    )
