"""What the acts of a shift want to know, and what exactly is approved. Only words and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vending_app.domain.cash import CashKind, Counted
from vending_app.domain.ids import ActId, OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act, may
from vending_app.services.book_cases import CloseCountedShift, MoveCash, OpenDrawer, OpenSale, SignOpenSale
from vending_app.ui.book_words import CASH_KINDS, said_age, signed
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.components.toast import Note
from vending_app.ui.phrases import counted as number_of
from vending_app.ui.phrases import day_and_clock
from vending_app.ui.words import ROLES

SAFE = Option("", "To the safe", "lock-simple", is_chosen=True)
BLIND = ("accent", "info", "What should lie in the drawer is told after the count.")


def said_cash_over(most: Money) -> Note:
    """More lies in the drawer than the office wants there; nobody is stopped."""
    return Note("Bring cash to the safe", f"The drawer holds more than {most}.", "warn", about="cash-over")


def note_cash_over(most: Money) -> tuple[str, str, str]:
    """What the open shift says while its drawer holds more than the office wants."""
    return "warn", "warning-fill", f"More than {most} lies in the drawer. Bring some to the safe: Cash in or out."


def ask_cash(new_id: Callable[[], str]) -> Ask:
    """Cash in or out without a sale."""

    def make(filled: Filled) -> Deed:
        kind = CashKind(filled.choice)
        request = MoveCash(ActId(new_id()), kind, filled.amount, filled.reason)
        name, _, _ = CASH_KINDS[kind]
        return Deed(request, f"{name}: {filled.amount}. {filled.reason}".rstrip(". ") + ".")

    return Ask(
        title="Cash in or out",
        button="Book it",
        make=make,
        icon="arrows-left-right",
        choice="What happens",
        choices=tuple(Option(kind.value, name, icon, note) for kind, (name, note, icon) in CASH_KINDS.items()),
        amount="Amount",
        reason="Reason",
    )


def ask_drawer() -> Ask:
    """The drawer opened without a sale; noted before it springs open."""
    return Ask(
        title="Open the drawer",
        button="Open the drawer",
        make=lambda filled: Deed(OpenDrawer(filled.reason), f"Open the drawer without a sale: {filled.reason}."),
        sentence="It is noted in the books who opened it, when and why.",
        icon="tray",
        reason="Reason",
    )


def ask_sign(waiting: OpenSale) -> Ask:
    """Somebody answers for an interrupted sale, so that the shift may close."""
    sale = waiting.sale
    what = f"{sale.amount} of {sale.customer_name}, interrupted {day_and_clock(sale.intent.at)}"
    return Ask(
        title="Sign for an interrupted sale",
        button="Sign for it",
        make=lambda filled: Deed(SignOpenSale(sale.id, filled.reason), f"Let the shift close with the sale of {what}."),
        sentence="The shift may close; the sale waits on for its card.",
        icon="note-pencil",
        facts=(
            ("Customer", sale.customer_name, ""),
            ("Sale", str(sale.amount), ""),
            ("Waits", f"for {said_age(waiting.minutes)}", "warn"),
        ),
        reason="Note",
    )


def ask_close(counted: Counted, people: Sequence[Operator], me: Operator | None) -> Ask:
    """After the count: what was expected, why it differs, and where the cash goes."""
    difference = counted.difference
    facts: tuple[Fact, ...] = (
        ("Counted", str(counted.counted), ""),
        ("Expected", str(counted.expected), ""),
        ("Difference", signed(difference), "bad" if difference else "ok"),
        *((("Counted already", number_of(counted.times, "time", "times"), ""),) if counted.times > 1 else ()),
    )
    return Ask(
        title="Close the shift",
        button="Close the shift",
        make=lambda filled: _close(filled, people),
        icon="lock-simple",
        facts=facts,
        choice="Where the cash goes",
        choices=(SAFE, *_successors(people, me)),
        reason="Why it differs" if difference else "",
        back="Count again",
        note=("ok", "shield-check", "The count adds up.") if not difference else ("", "", ""),
    )


def _successors(people: Sequence[Operator], me: Operator | None) -> tuple[Option, ...]:
    others = [each for each in people if may(each, Act.SHIFT) and (me is None or each.name != me.name)]
    return tuple(Option(each.name, f"To {each.full_name}", "handshake", ROLES[each.role]) for each in others)


def _close(filled: Filled, people: Sequence[Operator]) -> Deed:
    hand_to = OperatorName(filled.choice) if filled.choice else None
    name = next((each.full_name for each in people if each.name == hand_to), "")
    where = f"and hand the drawer to {name}" if name else "and bring the cash to the safe"
    return Deed(CloseCountedShift(filled.reason, hand_to), f"Close the shift {where}.")
